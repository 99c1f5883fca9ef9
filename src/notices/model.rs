//! Notices: their states, when they count as served, until when somebody can object, and what may stand in them. Pure.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::{Fields, Invalid};
use crate::platform::ids::{DemandId, FacilityId};

/// What a notice decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "refusal")]
pub enum NoticeKind {
    /// The asserted claim cannot be met.
    Refusal,
    /// A place is assigned.
    Assignment,
}

impl NoticeKind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Refusal, Self::Assignment];

    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refusal => "refusal",
            Self::Assignment => "assignment",
        }
    }
}

/// Where a notice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "drafted")]
pub enum NoticeState {
    /// It is written.
    Drafted,
    /// A second person approved it.
    Approved,
    /// It was posted.
    Issued,
    /// It counts as served.
    Served,
    /// The time to object is over.
    Final,
    /// Somebody objected.
    Objected,
    /// The objection was decided.
    Decided,
}

impl NoticeState {
    /// All of them in the order of the field.
    pub const ALL: [Self; 7] = [
        Self::Drafted,
        Self::Approved,
        Self::Issued,
        Self::Served,
        Self::Final,
        Self::Objected,
        Self::Decided,
    ];

    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Approved => "approved",
            Self::Issued => "issued",
            Self::Served => "served",
            Self::Final => "final",
            Self::Objected => "objected",
            Self::Decided => "decided",
        }
    }

    /// Whether the family has it.
    pub fn is_out(self) -> bool {
        !matches!(self, Self::Drafted | Self::Approved)
    }
}

/// How an objection was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "upheld")]
pub enum ObjectionOutcome {
    /// The notice stands.
    Upheld,
    /// The family was right.
    Granted,
    /// The family was right in part.
    Partly,
}

/// A step that the state of the notice does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a notice that is {} cannot be {step}", .state.as_str())]
pub struct WrongState {
    state: NoticeState,
    step: &'static str,
}

/// A notice in one of its states; every step consumes it.
#[derive(Debug, PartialEq, Eq)]
pub struct Notice(NoticeState);

impl Notice {
    /// The notice in the state that the database holds.
    pub fn in_state(state: NoticeState) -> Self {
        Self(state)
    }

    fn step(self, from: &[NoticeState], to: NoticeState, step: &'static str) -> Result<NoticeState, WrongState> {
        if from.contains(&self.0) {
            Ok(to)
        } else {
            Err(WrongState { state: self.0, step })
        }
    }

    /// Its words are changed, or it is thrown away.
    pub fn edit(self) -> Result<NoticeState, WrongState> {
        self.step(&[NoticeState::Drafted], NoticeState::Drafted, "changed")
    }

    /// A second person approves it.
    pub fn approve(self) -> Result<NoticeState, WrongState> {
        self.step(&[NoticeState::Drafted], NoticeState::Approved, "approved")
    }

    /// It goes back to who writes it.
    pub fn give_back(self) -> Result<NoticeState, WrongState> {
        self.step(&[NoticeState::Approved], NoticeState::Drafted, "given back")
    }

    /// It is posted.
    pub fn issue(self) -> Result<NoticeState, WrongState> {
        self.step(&[NoticeState::Approved], NoticeState::Issued, "posted")
    }

    /// The family proved that it came later.
    pub fn serve_later(self) -> Result<NoticeState, WrongState> {
        use NoticeState::{Final, Issued, Served};
        self.step(&[Issued, Served, Final], Issued, "served later")
    }

    /// Somebody objects; too late is decided too.
    pub fn object(self) -> Result<NoticeState, WrongState> {
        use NoticeState::{Final, Issued, Objected, Served};
        self.step(&[Issued, Served, Final], Objected, "objected to")
    }

    /// The objection is decided.
    pub fn decide(self) -> Result<NoticeState, WrongState> {
        self.step(&[NoticeState::Objected], NoticeState::Decided, "decided")
    }
}

/// Where a posted notice without objection stands on a day.
pub fn state_on(today: NaiveDate, served_on: NaiveDate, objection_until: NaiveDate) -> NoticeState {
    if today > objection_until {
        NoticeState::Final
    } else if today >= served_on {
        NoticeState::Served
    } else {
        NoticeState::Issued
    }
}

/// The day on which a notice counts as served: the fourth after posting (§ 37 Abs. 2 SGB X), also on a Sunday or holiday, for this is
/// no time to act in but a day that the law sets.
pub fn served_on(posted_on: NaiveDate) -> NaiveDate {
    posted_on.checked_add_days(Days::new(4)).unwrap_or(NaiveDate::MAX)
}

/// Last day to object: so many months after the service, on the day of the same number or the month's last (§ 188 Abs. 2 and 3 BGB); not
/// on a Saturday, Sunday, holiday or closing day, but on the next day that is none. Holidays of a single state or town stand among the
/// closing days.
pub fn objection_until(served_on: NaiveDate, months: u32, closed: &BTreeSet<NaiveDate>) -> NaiveDate {
    let mut day = served_on
        .checked_add_months(Months::new(months))
        .unwrap_or(NaiveDate::MAX);
    let rests = |day: NaiveDate| {
        matches!(day.weekday(), Weekday::Sat | Weekday::Sun) || is_holiday(day) || closed.contains(&day)
    };
    while day < NaiveDate::MAX && rests(day) {
        day = day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
    }
    day
}

/// Whether a day is a holiday in all of Germany.
fn is_holiday(day: NaiveDate) -> bool {
    // Days after Easter: Good Friday, Easter Monday, Ascension, Whit Monday.
    let after_easter = easter(day.year()).map(|easter| (day - easter).num_days());
    matches!((day.month(), day.day()), (1 | 5, 1) | (10, 3) | (12, 25 | 26))
        || matches!(after_easter, Some(-2 | 1 | 39 | 50))
}

/// Easter Sunday of the Gregorian calendar, by the rule of Meeus, Jones and Butcher.
fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year.rem_euclid(19), year.div_euclid(100), year.rem_euclid(100));
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let l = (32 + 2 * e + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    NaiveDate::from_ymd_opt(year, month.unsigned_abs(), day.unsigned_abs())
}

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
pub const GAPS: [&str; 10] = [
    "child",
    "birth_date",
    "reference_code",
    "asserted_on",
    "due_on",
    "desired_start",
    "facility",
    "care_from",
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

fn text(fields: &mut Fields, value: &str, pointer: &str, max: usize) -> String {
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

/// A notice to be drafted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"demand_id": "7c0f4a52-9d0e-4a5b-a6a1-0d6f6a1b2c3d", "kind": "assignment", "file_number": null,
    "facility_id": "6f2f3c1e-0b1a-4d0e-9a58-3d0c8f6f3b11", "care_from": "2027-09-01"}))]
pub struct NewNotice {
    /// About this demand, whose family asserted the legal claim.
    pub demand_id: DemandId,
    /// What it decides.
    pub kind: NoticeKind,
    /// The office's own file number, at most 60 characters; the next one of the year when left out.
    #[serde(default)]
    #[schema(max_length = 60)]
    pub file_number: Option<String>,
    /// The assigned facility; for an assignment only.
    #[serde(default)]
    pub facility_id: Option<FacilityId>,
    /// First day of care; for an assignment only.
    #[serde(default)]
    pub care_from: Option<NaiveDate>,
}

impl NewNotice {
    /// What is wrong with it.
    pub fn check(&self, today: NaiveDate) -> Result<(), Invalid> {
        let mut fields = Fields::new();
        match self.kind {
            NoticeKind::Assignment => {
                fields.check(self.facility_id.is_some(), "/facility_id", "required");
                fields.check(self.care_from.is_some(), "/care_from", "required");
                let latest = today.checked_add_months(Months::new(36)).unwrap_or(NaiveDate::MAX);
                fields.check(self.care_from.is_none_or(|d| d <= latest), "/care_from", "too_late");
                fields.check(self.care_from.is_none_or(|d| d >= today), "/care_from", "in_past");
            }
            NoticeKind::Refusal => {
                fields.check(self.facility_id.is_none(), "/facility_id", "not_wanted");
                fields.check(self.care_from.is_none(), "/care_from", "not_wanted");
            }
        }
        if let Some(number) = &self.file_number {
            text(&mut fields, number, "/file_number", 60);
        }
        fields.finish()
    }
}

/// When it was posted: not before it was approved, and not to come.
pub fn check_posted(posted_on: NaiveDate, approved_on: NaiveDate, today: NaiveDate) -> Result<(), Invalid> {
    let mut fields = Fields::new();
    fields.check(posted_on >= approved_on, "/posted_on", "too_early");
    fields.check(posted_on <= today, "/posted_on", "in_future");
    fields.finish()
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
