//! A change of a care contract as a document: what holds until when, what holds from then on, and who has signed.

use chrono::{NaiveDate, NaiveTime, Weekday};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::contract::SignatureLine;
use super::model::Letterhead;
use crate::platform::week::{self, WeekTimes};

/// Terms that a change can touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsDraft {
    /// Hours a week.
    pub hours_per_week: i32,
    /// Time of day.
    pub window: Option<(NaiveTime, NaiveTime)>,
    /// The times of each day; `None`: the same on every day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week: Option<WeekTimes>,
    /// The last day of care.
    pub last_day: NaiveDate,
    /// Name of the group, where the change names one.
    pub group: Option<String>,
}

/// What a change says. Once it is sent this is kept as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmendmentDraft {
    /// Its number among the changes of the contract.
    pub number: i32,
    /// The child's name; `None` for an unborn child without one.
    pub child: Option<String>,
    /// Names of the guardians.
    pub guardians: Vec<String>,
    /// Name of the facility.
    pub facility: String,
    /// Name of the provider, if known.
    pub provider: Option<String>,
    /// First day of care by the contract.
    pub care_from: NaiveDate,
    /// First day on which the change holds.
    pub valid_from: NaiveDate,
    /// What was agreed before.
    pub before: TermsDraft,
    /// What is agreed from then on.
    pub after: TermsDraft,
    /// What else is agreed.
    pub note: Option<String>,
}

/// A change with its signatures.
#[derive(Debug, Clone)]
pub struct AmendmentPaper {
    /// What it says.
    pub draft: AmendmentDraft,
    /// Whether the facility has sent it.
    pub sent: bool,
    /// Whether it was let be.
    pub withdrawn: bool,
    /// Who has signed, in order.
    pub signatures: Vec<SignatureLine>,
    /// Guardians whose signature is missing.
    pub missing: Vec<String>,
}

impl AmendmentPaper {
    pub(super) fn values(&self, head: &Letterhead) -> Value {
        let draft = &self.draft;
        let (before, after) = (&draft.before, &draft.after);
        let row = |de: &'static str, en: &'static str, before: String, after: String| json!({"what": head.say(de, en), "changed": before != after, "before": before, "after": after});
        let window = |terms: &TermsDraft| head.window(terms.window).unwrap_or_else(|| "–".to_owned());
        let hours = |terms: &TermsDraft| head.hours(terms.hours_per_week, terms.week.as_ref());
        let day = |terms: &TermsDraft| head.date(terms.last_day);
        let mut rows = vec![row("Stunden in der Woche", "Hours a week", hours(before), hours(after))];
        // As soon as one side has its own times on some day, both are compared day by day.
        if before.week.is_some() || after.week.is_some() {
            let on = |terms: &TermsDraft, day: Weekday| match terms.week {
                Some(week) => head.on_day(week.on(day)),
                None => window(terms),
            };
            let of_day = |day| {
                row(
                    week::name(day, "de"),
                    week::name(day, "en"),
                    on(before, day),
                    on(after, day),
                )
            };
            rows.extend(week::DAYS.map(of_day));
        } else {
            rows.push(row("Betreuungszeit", "Time of day", window(before), window(after)));
        }
        rows.push(row("Ende (letzter Tag)", "End (last day)", day(before), day(after)));
        if let Some(group) = &after.group {
            let was = before.group.clone().unwrap_or_else(|| "–".to_owned());
            rows.push(row("Gruppe", "Group", was, group.clone()));
        }
        let signatures = self
            .signatures
            .iter()
            .map(|s| json!({"by_provider": s.by_provider, "name": s.name, "on": head.date(s.signed_on), "way": s.way}));
        json!({
            "facts": head.facts(None), "number": draft.number.to_string(),
            "child": draft.child.as_deref().unwrap_or(head.say("erwartetes Kind", "expected child")),
            "guardians": draft.guardians, "facility": draft.facility, "provider": draft.provider,
            "care_from": head.date(draft.care_from), "valid_from": head.date(draft.valid_from), "rows": rows, "note": draft.note,
            "sent": self.sent, "withdrawn": self.withdrawn, "missing": self.missing, "signatures": signatures.collect::<Vec<_>>(),
        })
    }
}

/// A made-up change.
#[cfg(test)]
pub(super) fn example() -> AmendmentPaper {
    let day = |text: &str| text.parse().unwrap();
    let terms = |hours, group: Option<&str>| TermsDraft {
        hours_per_week: hours,
        window: None,
        week: None,
        last_day: day("2033-07-31"),
        group: group.map(str::to_owned),
    };
    AmendmentPaper {
        draft: AmendmentDraft {
            number: 1,
            child: Some("Mia Großmann".into()),
            guardians: vec!["Jana Großmann".into()],
            facility: "Kita #Löwenzahn".into(),
            provider: None,
            care_from: day("2027-08-01"),
            valid_from: day("2028-03-01"),
            before: terms(40, None),
            after: terms(25, Some("Igel")),
            note: Some("= kein Mittagessen".into()),
        },
        sent: true,
        withdrawn: false,
        signatures: Vec::new(),
        missing: vec!["Jana Großmann".into()],
    }
}
