//! The words of a notice and of its templates, with gaps that are filled in. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::{Fields, Invalid};

/// The texts of a notice or of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "Ihr Antrag auf einen Betreuungsplatz", "decision": "Ihr Antrag vom {asserted_on} wird abgelehnt.",
    "reasons": "Nach § 24 SGB VIII …", "remedy": "Gegen diesen Bescheid kann innerhalb eines Monats Widerspruch erhoben werden.",
    "objection_months": 1}))]
pub struct NoticeText {
    /// What it is about, at most 200 characters.
    pub title: String,
    /// What is decided, at most 4,000 characters.
    pub decision: String,
    /// On which facts and law (§ 35 SGB X), at most 20,000 characters.
    pub reasons: String,
    /// How and until when one can object, and where (§ 36 SGB X), at most 4,000 characters.
    pub remedy: String,
    /// Months to object in, 1 to 12.
    #[schema(minimum = 1, maximum = 12)]
    pub objection_months: i32,
}

/// What a template may name; it is filled in when a notice is drafted.
pub const GAPS: [&str; 15] = [
    "child",
    "birth_date",
    "reference_code",
    "asserted_on",
    "due_on",
    "desired_start",
    "facility",
    "care_from",
    "fee_from",
    "licence_from",
    "licence_until",
    "licence_places",
    "facility_address",
    "office",
    "office_address",
];

impl NoticeText {
    /// The same with blanks trimmed, or what is wrong with it.
    pub fn checked(self) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        let checked = Self {
            title: text(&mut fields, &self.title, "/title", 200),
            decision: text(&mut fields, &self.decision, "/decision", 4_000),
            reasons: text(&mut fields, &self.reasons, "/reasons", 20_000),
            remedy: text(&mut fields, &self.remedy, "/remedy", 4_000),
            objection_months: self.objection_months,
        };
        fields.check(
            (1..=12).contains(&self.objection_months),
            "/objection_months",
            "out_of_range",
        );
        fields.finish()?;
        Ok(checked)
    }

    /// Refuses a template that names what nobody can fill in.
    pub fn check_gaps(&self) -> Result<(), Invalid> {
        let mut fields = Fields::new();
        for (pointer, text) in self.texts() {
            let unknown = named(text).find(|name| !GAPS.contains(name));
            if let Some(name) = unknown {
                fields.fault(pointer, "unknown_gap", format!("{{{name}}} is not known"));
            }
        }
        fields.finish()
    }

    /// Refuses a text in which something is left to be written by hand.
    pub fn check_complete(&self) -> Result<(), Invalid> {
        let mut fields = Fields::new();
        for (pointer, text) in self.texts() {
            fields.check(!text.contains('[') && named(text).next().is_none(), pointer, "open_gap");
        }
        fields.finish()
    }

    /// The template with values put in; what is not known stays to be seen and written by hand.
    pub fn filled(self, value: impl Fn(&str) -> Option<String>) -> Self {
        let fill = |text: String| {
            let mut filled = String::with_capacity(text.len());
            let mut rest = text.as_str();
            while let Some((before, name, after)) = next_gap(rest) {
                filled.push_str(before);
                filled.push_str(&value(name).unwrap_or_else(|| format!("[{name}]")));
                rest = after;
            }
            filled.push_str(rest);
            filled
        };
        Self {
            title: fill(self.title),
            decision: fill(self.decision),
            reasons: fill(self.reasons),
            remedy: fill(self.remedy),
            objection_months: self.objection_months,
        }
    }

    fn texts(&self) -> [(&'static str, &str); 4] {
        [
            ("/title", &self.title),
            ("/decision", &self.decision),
            ("/reasons", &self.reasons),
            ("/remedy", &self.remedy),
        ]
    }
}

pub(super) fn text(fields: &mut Fields, value: &str, pointer: &str, max: usize) -> String {
    let value = fields.text(value, pointer, max).replace("\r\n", "\n");
    fields.check(!value.chars().any(|c| c.is_control() && c != '\n'), pointer, "invalid");
    value
}

/// What stands before the next `{name}`, its name, and what stands after it.
fn next_gap(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

fn named(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, name, after) = next_gap(rest)?;
        rest = after;
        Some(name)
    })
}
