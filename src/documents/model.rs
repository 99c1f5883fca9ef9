//! What stands in each document.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::{Value, json};

use crate::platform::dates;
use crate::platform::week::WeekTimes;
use crate::tenancy::Contact;

/// A document cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// This installation was built without the typesetter.
    #[error("documents are off on this installation")]
    Off,
    /// The typesetter refused; the words are for the log.
    #[error("a document could not be set: {0}")]
    Failed(String),
}

/// The bytes of a PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf(pub Vec<u8>);

/// Who writes, when, in which language; from [`super::letterhead`].
#[derive(Debug, Clone)]
pub struct Letterhead {
    pub(super) language: &'static str,
    pub(super) tenant: String,
    pub(super) contact: Contact,
    pub(super) today: NaiveDate,
    pub(super) at: DateTime<Utc>,
}

/// The language of the templates that is nearest to one asked for.
pub(super) fn known_language(language: &str) -> &'static str {
    if language == "en" { "en" } else { "de" }
}

impl Letterhead {
    #[cfg(feature = "pdf")]
    pub(super) fn values(&self) -> Value {
        let contact = &self.contact;
        let lines = |texts: [&str; 3]| {
            texts
                .into_iter()
                .filter(|t| !t.is_empty())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let sender = lines([&contact.office, &contact.address, ""]).join(" · ");
        json!({
            "language": self.language, "tenant": self.tenant, "office": contact.office, "sender": sender,
            "color": if contact.color.is_empty() { "#1d4f91" } else { &contact.color },
            "foot": lines([&contact.office, &contact.phone, &contact.email]),
            "address": Value::Array(Vec::new()),
            "facts": [[self.say("Datum", "Date"), dates::date(self.today, self.language)]],
        })
    }

    /// The same sheet with another one who writes: a contract is the provider's paper, a list is the facility's, and neither is the office's.
    pub fn of(self, provider: Option<&str>, facility: &str, address: &str) -> Self {
        let place = [facility, address].into_iter().filter(|text| !text.is_empty());
        let (name, below) = match provider {
            Some(provider) => (provider, place.collect::<Vec<_>>().join(" · ")),
            None => (facility, address.to_owned()),
        };
        Self {
            tenant: name.to_owned(),
            contact: Contact {
                office: below,
                color: self.contact.color,
                ..Contact::default()
            },
            ..self
        }
    }

    pub(super) fn say(&self, german: &'static str, english: &'static str) -> &'static str {
        if self.language == "en" { english } else { german }
    }

    pub(super) fn date(&self, day: NaiveDate) -> String {
        dates::date(day, self.language)
    }

    pub(super) fn facts(&self, more: Option<(&str, &str)>) -> Value {
        let today = json!([self.say("Datum", "Date"), self.date(self.today)]);
        let mut all = vec![today];
        all.extend(more.map(|(label, value)| json!([label, value])));
        Value::Array(all)
    }

    pub(super) fn window(&self, window: Option<(NaiveTime, NaiveTime)>) -> Option<String> {
        window.map(|(from, to)| dates::window(from, to, self.language))
    }

    /// The times of a day of the week.
    pub(super) fn on_day(&self, window: Option<(NaiveTime, NaiveTime)>) -> String {
        let none = self.say("kommt nicht", "does not come");
        self.window(window).unwrap_or_else(|| none.to_owned())
    }

    /// Hours a week; where the times of a week are not whole hours it says so.
    pub(super) fn hours(&self, hours: i32, week: Option<&WeekTimes>) -> String {
        match week.map(WeekTimes::minutes).filter(|minutes| minutes % 60 != 0) {
            Some(minutes) => {
                let begun = self.say("die angefangene Stunde zählt ganz", "a begun hour counts whole");
                format!("{hours} ({}:{:02} h, {begun})", minutes / 60, minutes % 60)
            }
            None => hours.to_string(),
        }
    }
}

/// The receipt of a care demand, for the family itself.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// Name and address of the family, a line each; empty where the address is protected.
    pub address: Vec<String>,
    /// Reference code of the demand.
    pub reference_code: String,
    /// When it arrived.
    pub submitted_at: DateTime<Utc>,
    /// The child's name; `None` for an unborn child without one.
    pub child: Option<String>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// Expected date of birth.
    pub expected_birth_date: Option<NaiveDate>,
    /// `nursery`, `kindergarten`, `after_school` or `mixed_age`.
    pub care_type: String,
    /// Wished start.
    pub desired_start: NaiveDate,
    /// Latest start.
    pub latest_start: Option<NaiveDate>,
    /// Hours a week.
    pub hours_per_week: i32,
    /// Time of day.
    pub window: Option<(NaiveTime, NaiveTime)>,
    /// Whether the legal claim was asserted.
    pub legal_claim: bool,
    /// When the claim is due.
    pub legal_due_on: Option<NaiveDate>,
    /// What the parents say of siblings who look for places too: `required`, `preferred` or `independent`.
    pub siblings: Option<&'static str>,
    /// Names of the wished facilities in order.
    pub facilities: Vec<String>,
}

impl Receipt {
    pub(super) fn values(&self, head: &Letterhead) -> Value {
        json!({
            "address": self.address,
            "facts": head.facts(Some((head.say("Vorgangsnummer", "Reference code"), &self.reference_code))),
            "reference_code": self.reference_code, "submitted_at": dates::moment(self.submitted_at, head.language),
            "child": self.child.as_deref().unwrap_or(head.say("erwartetes Kind", "expected child")),
            "birth_date": self.birth_date.map(|d| head.date(d)),
            "expected_birth_date": self.expected_birth_date.filter(|_| self.birth_date.is_none()).map(|d| head.date(d)),
            "care_type": self.care_type, "desired_start": head.date(self.desired_start),
            "latest_start": self.latest_start.map(|d| head.date(d)), "hours_per_week": self.hours_per_week.to_string(),
            "window": head.window(self.window), "legal_claim": self.legal_claim,
            "legal_due_on": self.legal_due_on.map(|d| dates::day(d, head.language)), "siblings": self.siblings, "facilities": self.facilities,
        })
    }
}

/// A letter.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Language that it is in.
    pub language: String,
    /// Name and address, a line each.
    pub address: Vec<String>,
    /// Reference code of the matter, if there is one.
    pub reference_code: Option<String>,
    /// What it is about.
    pub subject: String,
    /// The words.
    pub paragraphs: Vec<String>,
}

impl Letter {
    pub(super) fn values(&self, head: &Letterhead) -> Value {
        let label = head.say("Vorgangsnummer", "Reference code");
        json!({
            "language": head.language, "address": self.address, "facts": head.facts(self.reference_code.as_deref().map(|code| (label, code))),
            "subject": self.subject, "paragraphs": self.paragraphs,
        })
    }
}

/// Letters as one file, each in its own language and with its own numbers of pages.
pub(super) fn letters(all: &[Letter], head: &Letterhead) -> Value {
    let of = |letter: &Letter| {
        let head = Letterhead {
            language: known_language(&letter.language),
            ..head.clone()
        };
        letter.values(&head)
    };
    json!({ "letters": all.iter().map(of).collect::<Vec<_>>() })
}
