//! A care contract as a document: its parties, its terms, its words, and who has signed.

use chrono::{Days, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::model::Letterhead;
use crate::platform::week::{self, WeekTimes};
use crate::tenancy::{NoticeRule, NoticeTo};

/// What a contract says. Once it is sent this is kept as it stands, whatever becomes of names and addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractDraft {
    /// The day on which the family accepted the offer.
    pub accepted_on: NaiveDate,
    /// The child's name; `None` for an unborn child without one.
    pub child: Option<String>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// Expected date of birth.
    pub expected_birth_date: Option<NaiveDate>,
    /// Names of the guardians.
    pub guardians: Vec<String>,
    /// Name of the facility.
    pub facility: String,
    /// Its address on one line.
    pub facility_address: String,
    /// Name of the provider, if known.
    pub provider: Option<String>,
    /// First day of care.
    pub care_from: NaiveDate,
    /// First day on which the place is free again.
    pub care_until: NaiveDate,
    /// Hours a week.
    pub hours_per_week: i32,
    /// Time of day.
    pub window: Option<(NaiveTime, NaiveTime)>,
    /// The times of each day; `None`: the same on every day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week: Option<WeekTimes>,
    /// Weeks of settling-in.
    pub settling_in_weeks: i32,
    /// What else is agreed.
    pub note: Option<String>,
    /// Months of notice.
    pub notice_months: i32,
    /// To the end of what.
    #[serde(default)]
    pub notice_to: NoticeTo,
    /// Months before the agreed end in which nobody leaves by notice.
    #[serde(default)]
    pub notice_not_last_months: i32,
    /// Name and number of the provider's words; `None`: the usual ones.
    pub version: Option<String>,
    /// The words.
    pub text: Vec<TextBlock>,
}

impl ContractDraft {
    /// The period of notice.
    pub fn notice(&self) -> NoticeRule {
        NoticeRule {
            months: self.notice_months,
            to: self.notice_to,
            not_last_months: self.notice_not_last_months,
        }
    }
}

/// Each weekday with its times.
fn week_rows(week: &WeekTimes, head: &Letterhead) -> Vec<[String; 2]> {
    let row = |(day, window)| [week::name(day, head.language).to_owned(), head.on_day(window)];
    week.days().map(row).collect()
}

/// A piece of a contract's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TextBlock {
    /// A heading.
    Heading {
        /// Its words.
        text: String,
    },
    /// A heading below another.
    Subheading {
        /// Its words.
        text: String,
    },
    /// A paragraph.
    Paragraph {
        /// Its words.
        text: String,
    },
    /// A list.
    List {
        /// Its items.
        items: Vec<String>,
    },
}

/// A signature as the document shows it.
#[derive(Debug, Clone)]
pub struct SignatureLine {
    /// Whether it is that of the provider.
    pub by_provider: bool,
    /// Who signed.
    pub name: String,
    /// The day.
    pub signed_on: NaiveDate,
    /// `code`, `second_factor`, `paper` or `account`.
    pub way: &'static str,
}

/// A contract with its signatures.
#[derive(Debug, Clone)]
pub struct ContractPaper {
    /// What it says.
    pub draft: ContractDraft,
    /// Whether the facility has sent it; before it is a draft that may change.
    pub sent: bool,
    /// Who has signed, in order.
    pub signatures: Vec<SignatureLine>,
    /// Guardians whose signature is missing.
    pub missing: Vec<String>,
    /// The last day of care, after notice was given.
    pub ends_on: Option<NaiveDate>,
    /// Whether it was let be before care began.
    pub withdrawn: bool,
}

impl ContractPaper {
    pub(super) fn values(&self, head: &Letterhead) -> Value {
        let draft = &self.draft;
        // People read the last day of care; we keep the first day after it.
        let last = draft
            .care_until
            .checked_sub_days(Days::new(1))
            .unwrap_or(draft.care_until);
        let signatures = self
            .signatures
            .iter()
            .map(|s| json!({"by_provider": s.by_provider, "name": s.name, "on": head.date(s.signed_on), "way": s.way}));
        let label = head.say("Vertragstext", "Words of the contract");
        json!({
            "accepted_on": head.date(draft.accepted_on),
            "facts": head.facts(draft.version.as_deref().map(|version| (label, version))),
            "child": draft.child.as_deref().unwrap_or(head.say("erwartetes Kind", "expected child")),
            "birth_date": draft.birth_date.map(|d| head.date(d)),
            "expected_birth_date": draft.expected_birth_date.filter(|_| draft.birth_date.is_none()).map(|d| head.date(d)),
            "guardians": draft.guardians, "facility": draft.facility, "facility_address": draft.facility_address,
            "provider": draft.provider, "care_from": head.date(draft.care_from), "care_to": head.date(last),
            "hours_per_week": head.hours(draft.hours_per_week, draft.week.as_ref()), "window": head.window(draft.window).filter(|_| draft.week.is_none()),
            "week": draft.week.map(|week| week_rows(&week, head)),
            "settling_in_weeks": draft.settling_in_weeks.to_string(), "notice": draft.notice().says(head.say("de", "en") == "de"),
            "note": draft.note, "text": draft.text, "sent": self.sent, "missing": self.missing,
            "signatures": signatures.collect::<Vec<_>>(), "ends_on": self.ends_on.map(|d| head.date(d)), "withdrawn": self.withdrawn,
        })
    }
}
