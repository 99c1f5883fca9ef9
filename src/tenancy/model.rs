//! What a municipality is and what it sets for itself. Pure.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::retention::Retention;
use crate::platform::fields::{Fields, Invalid};

/// How places are given in this municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AllocationMode {
    /// Facilities decide.
    Decentral,
    /// The office allocates.
    Central,
    /// Facilities rank, one algorithm matches.
    Coordinated,
}

/// What every municipality sets for itself; one version of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"earliest_application_days_before_birth": 180, "earliest_start_age_months": 2, "notice_period_months": 6,
    "max_preferences": 5, "ranking": true, "allocation_mode": "decentral", "key_date": "02-01", "offer_window_days": 10,
    "parallel_offers": false, "followup_automatic": false, "earliest_contract_months": 12, "renewal_interval_months": null, "answer_clock_days": 42,
    "receipt_clock_days": 30, "kita_year_start": "08-01", "residency_required": true, "confirm_automatically": true,
    "second_factor_required_for_staff": false, "stale_after_days": 45, "default_language": "de", "languages": ["de", "en"]}))]
pub struct Settings {
    /// A demand can be sent this many days before birth at the earliest.
    pub earliest_application_days_before_birth: i32,
    /// Care starts at this age in months at the earliest.
    pub earliest_start_age_months: i32,
    /// Months between the demand and the start that the law gives the municipality.
    pub notice_period_months: i32,
    /// Most facility preferences a child.
    pub max_preferences: i32,
    /// Whether parents rank their preferences.
    pub ranking: bool,
    /// How places are given.
    pub allocation_mode: AllocationMode,
    /// Month and day (`MM-DD`) until which demands of a round count as simultaneous and can be changed; `null`: none.
    pub key_date: Option<String>,
    /// Days to answer an offer.
    pub offer_window_days: i32,
    /// Whether a child may have several open offers.
    pub parallel_offers: bool,
    /// Whether a place that a family does not take is offered to the next of the follow-up list by itself; otherwise a person does.
    #[serde(default)]
    pub followup_automatic: bool,
    /// A contract is made this many months before care starts at the earliest.
    pub earliest_contract_months: i32,
    /// Months after which a demand must be renewed; `null`: never.
    pub renewal_interval_months: Option<i32>,
    /// Days in which a facility answers a preference.
    pub answer_clock_days: i32,
    /// Days in which the receipt of a demand is confirmed.
    pub receipt_clock_days: i32,
    /// Month and day (`MM-DD`) on which the Kita year begins.
    pub kita_year_start: String,
    /// Whether a demand can be sent only by families whose postal code is not known to lie in another district.
    pub residency_required: bool,
    /// Whether a demand is confirmed by rule, without a clerk.
    pub confirm_automatically: bool,
    /// Whether staff must show a second factor.
    pub second_factor_required_for_staff: bool,
    /// Days after the account was made in which it can be set up.
    #[serde(default = "second_factor_grace")]
    pub second_factor_grace_days: i32,
    /// A capacity figure older than this many days is shown as stale.
    pub stale_after_days: i32,
    /// Language where nothing else is known.
    pub default_language: String,
    /// Languages offered.
    pub languages: Vec<String>,
    /// For how long what is kept.
    #[serde(default)]
    pub retention: Retention,
    /// What comes after the place: contracts, follow-up care, swaps.
    #[serde(default)]
    pub after: After,
}

/// What a municipality sets for contracts and the time after them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = AfterSettings, example = json!({"contract_notice_months": 3, "signature_reminder_days": 7, "followup_months_ahead": 10,
    "swap_answer_days": 14, "school_key_day": null, "guest_consent": "noted"}))]
pub struct After {
    /// Whole months of notice of a contract where its words say nothing else.
    pub contract_notice_months: i32,
    /// A missing signature is asked for again after so many days, three times at most.
    pub signature_reminder_days: i32,
    /// Follow-up care is prepared so many months before a place ends with the child's age.
    pub followup_months_ahead: i32,
    /// Families and facilities have so many days to answer to a swap of places.
    pub swap_answer_days: i32,
    /// Month and day (`MM-DD`) by which a child must be six to begin school with the next Kita year; `null`: as in the federal state.
    pub school_key_day: Option<String>,
    /// Whether a contract of a guest child needs the consent of its home municipality before anybody signs.
    pub guest_consent: GuestConsent,
}

/// What the consent of a guest child's home municipality is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "noted")]
pub enum GuestConsent {
    /// No contract is signed without it.
    Required,
    /// It is noted for the settlement of costs and stops nothing.
    Noted,
}

impl Default for After {
    fn default() -> Self {
        Self {
            contract_notice_months: 3,
            signature_reminder_days: 7,
            followup_months_ahead: 10,
            swap_answer_days: 14,
            school_key_day: None,
            guest_consent: GuestConsent::Noted,
        }
    }
}

impl After {
    fn ranges(&self) -> [(&'static str, i32, i32, i32); 4] {
        [
            (
                "/settings/after/contract_notice_months",
                self.contract_notice_months,
                0,
                12,
            ),
            (
                "/settings/after/signature_reminder_days",
                self.signature_reminder_days,
                1,
                60,
            ),
            (
                "/settings/after/followup_months_ahead",
                self.followup_months_ahead,
                1,
                24,
            ),
            ("/settings/after/swap_answer_days", self.swap_answer_days, 3, 60),
        ]
    }
}

/// What holds where nothing else was said.
fn second_factor_grace() -> i32 {
    14
}

impl Settings {
    /// Defaults by federal state: notice periods and the start of the Kita year hang on it.
    pub fn for_state(federal_state: &str, language: &str) -> Self {
        let notice_period_months = match federal_state {
            "BY" | "BE" => 3,
            _ => 6,
        };
        Self {
            earliest_application_days_before_birth: 180,
            earliest_start_age_months: 2,
            notice_period_months,
            max_preferences: 5,
            ranking: true,
            allocation_mode: AllocationMode::Decentral,
            key_date: None,
            offer_window_days: 10,
            parallel_offers: false,
            followup_automatic: false,
            earliest_contract_months: 12,
            renewal_interval_months: None,
            answer_clock_days: 42,
            receipt_clock_days: 30,
            kita_year_start: if federal_state == "BY" { "09-01" } else { "08-01" }.into(),
            residency_required: false,
            confirm_automatically: true,
            second_factor_required_for_staff: true,
            second_factor_grace_days: second_factor_grace(),
            stale_after_days: 45,
            default_language: if language.is_empty() { "de" } else { language }.into(),
            languages: vec!["de".into(), "en".into()],
            retention: Retention::default(),
            after: After::default(),
        }
    }

    /// Refuses values that no municipality can mean.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut fields = Fields::new();
        let ranges = [
            (
                "/settings/earliest_application_days_before_birth",
                self.earliest_application_days_before_birth,
                0,
                300,
            ),
            (
                "/settings/earliest_start_age_months",
                self.earliest_start_age_months,
                0,
                36,
            ),
            ("/settings/notice_period_months", self.notice_period_months, 0, 24),
            ("/settings/max_preferences", self.max_preferences, 1, 20),
            ("/settings/offer_window_days", self.offer_window_days, 1, 90),
            (
                "/settings/earliest_contract_months",
                self.earliest_contract_months,
                0,
                36,
            ),
            (
                "/settings/renewal_interval_months",
                self.renewal_interval_months.unwrap_or(1),
                1,
                36,
            ),
            ("/settings/answer_clock_days", self.answer_clock_days, 1, 365),
            ("/settings/receipt_clock_days", self.receipt_clock_days, 1, 90),
            ("/settings/stale_after_days", self.stale_after_days, 1, 365),
            (
                "/settings/second_factor_grace_days",
                self.second_factor_grace_days,
                0,
                90,
            ),
        ];
        for (pointer, value, low, high) in ranges.into_iter().chain(self.after.ranges()) {
            fields.check((low..=high).contains(&value), pointer, "out_of_range");
        }
        fields.check(
            month_day(&self.kita_year_start).is_some(),
            "/settings/kita_year_start",
            "invalid",
        );
        fields.check(
            self.key_date.as_deref().is_none_or(|d| month_day(d).is_some()),
            "/settings/key_date",
            "invalid",
        );
        let school_key_day = self.after.school_key_day.as_deref();
        fields.check(
            school_key_day.is_none_or(|d| month_day(d).is_some()),
            "/settings/after/school_key_day",
            "invalid",
        );
        fields.check(
            self.languages.iter().all(|l| ["de", "en"].contains(&l.as_str())),
            "/settings/languages",
            "unknown",
        );
        fields.check(
            self.languages.contains(&self.default_language),
            "/settings/default_language",
            "unknown",
        );
        self.retention.check(&mut fields);
        fields.finish()
    }

    /// The next key date on or after a day, if the municipality has one.
    pub fn next_key_date(&self, from: NaiveDate) -> Option<NaiveDate> {
        let (month, day) = month_day(self.key_date.as_deref()?)?;
        (0..2)
            .filter_map(|ahead| NaiveDate::from_ymd_opt(from.year() + ahead, month, day))
            .find(|d| *d >= from)
    }
}

/// Month and day of `MM-DD`; 29 February is none, because most years lack it.
pub(super) fn month_day(text: &str) -> Option<(u32, u32)> {
    let (month, day) = text.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    (text.len() == 5)
        .then(|| NaiveDate::from_ymd_opt(2027, month, day))?
        .map(|d| (d.month(), d.day()))
}

/// A municipality to be made.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"slug": "musterstadt", "name": "Stadt Musterstadt", "ags": "14713000", "ars": "147130000000",
    "federal_state": "SN", "language": "de"}))]
pub struct NewTenant {
    /// Name in addresses: lower case letters, digits, hyphens.
    #[arg(long)]
    pub slug: String,
    /// Name for people.
    #[arg(long)]
    pub name: String,
    /// Official municipality key, 8 digits (5 for a district).
    #[arg(long)]
    pub ags: String,
    /// Official regional key, 12 digits (5 for a district).
    #[arg(long)]
    pub ars: String,
    /// Federal state, two letters, for example `SN`.
    #[arg(long)]
    pub federal_state: String,
    /// Default language.
    #[arg(long, default_value = "de")]
    #[serde(default = "german")]
    pub language: String,
}

fn german() -> String {
    "de".into()
}

/// Federal states by the first two digits of the official key.
const STATES: [(&str, &str); 16] = [
    ("01", "SH"),
    ("02", "HH"),
    ("03", "NI"),
    ("04", "HB"),
    ("05", "NW"),
    ("06", "HE"),
    ("07", "RP"),
    ("08", "BW"),
    ("09", "BY"),
    ("10", "SL"),
    ("11", "BE"),
    ("12", "BB"),
    ("13", "MV"),
    ("14", "SN"),
    ("15", "ST"),
    ("16", "TH"),
];

impl NewTenant {
    /// The same with blanks trimmed, or what is wrong with it.
    pub fn checked(self) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        let name = fields.text(&self.name, "/name", 200).to_owned();
        let digits =
            |text: &str, lengths: [usize; 2]| lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        fields.check(crate::platform::db::is_slug(&self.slug), "/slug", "invalid");
        fields.check(digits(&self.ags, [5, 8]), "/ags", "invalid");
        fields.check(digits(&self.ars, [5, 12]), "/ars", "invalid");
        let state = STATES
            .iter()
            .find(|(key, _)| self.ags.starts_with(key))
            .map(|(_, state)| *state);
        fields.check(
            state == Some(self.federal_state.as_str()),
            "/federal_state",
            "does_not_fit_ags",
        );
        fields.check(["de", "en"].contains(&self.language.as_str()), "/language", "unknown");
        fields.finish()?;
        Ok(Self { name, ..self })
    }
}

/// A legal page as a new tenant gets it: headings to fill in, marked as a draft.
pub(super) struct FirstPage {
    pub kind: &'static str,
    pub language: &'static str,
    pub title: &'static str,
    pub body: String,
}

pub(super) fn first_legal_pages(name: &str) -> Vec<FirstPage> {
    let page = |kind, language, title, body: &str| FirstPage {
        kind,
        language,
        title,
        body: body.replace("{name}", name),
    };
    vec![
        page("imprint", "de", "Impressum", include_str!("texts/imprint.de.md")),
        page("imprint", "en", "Legal notice", include_str!("texts/imprint.en.md")),
        page("privacy", "de", "Datenschutz", include_str!("texts/privacy.de.md")),
        page("privacy", "en", "Privacy", include_str!("texts/privacy.en.md")),
        page(
            "accessibility",
            "de",
            "Erklärung zur Barrierefreiheit",
            include_str!("texts/accessibility.de.md"),
        ),
        page(
            "accessibility",
            "en",
            "Accessibility statement",
            include_str!("texts/accessibility.en.md"),
        ),
        page(
            "plain_language",
            "de",
            "Leichte Sprache",
            include_str!("texts/plain_language.de.md"),
        ),
    ]
}

/// A page that the law, or good manners, asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LegalKind {
    /// Who answers for the pages (Impressum).
    Imprint,
    /// Privacy.
    Privacy,
    /// How accessible the pages are.
    Accessibility,
    /// The pages in plain language.
    PlainLanguage,
}

impl LegalKind {
    /// The name in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Imprint => "imprint",
            Self::Privacy => "privacy",
            Self::Accessibility => "accessibility",
            Self::PlainLanguage => "plain_language",
        }
    }

    /// The page of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Imprint, Self::Privacy, Self::Accessibility, Self::PlainLanguage]
            .into_iter()
            .find(|k| k.as_str() == name)
    }
}

/// A municipality's look and contact after an edit.
pub(super) struct Profile {
    pub office_name: String,
    pub primary_color: String,
    pub contact_email: String,
    pub contact_phone: String,
    pub contact_address: String,
    pub feedback_email: String,
    pub sender_name: String,
    pub sender_address: Option<String>,
    pub official_header: bool,
}

/// Whether white text can be read on a colour `#rrggbb` (WCAG 2: 4.5 to 1); `None` when it is no colour.
pub(super) fn may_be_read_on(color: &str) -> Option<bool> {
    let digits = color.strip_prefix('#').filter(|d| d.len() == 6 && d.is_ascii())?;
    let mut light = 0.0;
    for (at, weight) in [(0, 0.2126), (2, 0.7152), (4, 0.0722)] {
        let channel = f64::from(u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?) / 255.0;
        light += weight
            * if channel <= 0.04045 {
                channel / 12.92
            } else {
                ((channel + 0.055) / 1.055).powf(2.4)
            };
    }
    Some(1.05 / (light + 0.05) >= 4.5)
}

/// What can be wrong with a municipality's own matters.
#[derive(Debug, thiserror::Error)]
pub enum TenancyError {
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The slug, or the host name, belongs to another tenant.
    #[error("this slug or host name is taken")]
    Taken,
    /// No registry is configured (`KITAPLATZ_OPS_DATABASE_URL`).
    #[error("the operator's database URL is not set")]
    NoRegistry,
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] crate::platform::http::Stale),
    /// There is no such page, day or logo.
    #[error("missing")]
    Missing,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(slug: &str, ags: &str, state: &str) -> NewTenant {
        NewTenant {
            slug: slug.into(),
            name: " Stadt Leipzig ".into(),
            ags: ags.into(),
            ars: "147130000000".into(),
            federal_state: state.into(),
            language: "de".into(),
        }
    }

    #[test]
    fn a_tenant_needs_keys_that_fit_its_state() {
        assert_eq!(
            new("leipzig", "14713000", "SN").checked().unwrap().name,
            "Stadt Leipzig"
        );
        for (slug, ags, state) in [
            ("leipzig", "14713000", "BY"),
            ("api", "14713000", "SN"),
            ("L", "14713000", "SN"),
            ("leipzig", "1471", "SN"),
        ] {
            assert!(new(slug, ags, state).checked().is_err(), "{slug} {ags} {state}");
        }
    }

    #[test]
    fn defaults_are_valid_and_follow_the_state() {
        for (_, state) in STATES {
            Settings::for_state(state, "de").check().unwrap();
        }
        assert_eq!(Settings::for_state("BY", "de").notice_period_months, 3);
        assert_eq!(Settings::for_state("BY", "de").kita_year_start, "09-01");
        assert_eq!(Settings::for_state("NW", "de").notice_period_months, 6);
    }

    #[test]
    fn white_text_is_readable_on_the_colour_of_a_municipality() {
        assert_eq!(may_be_read_on("#1d4f91"), Some(true));
        assert_eq!(may_be_read_on("#767676"), Some(true));
        assert_eq!(may_be_read_on("#777777"), Some(false));
        assert_eq!(may_be_read_on("#ffff00"), Some(false));
        for bad in ["1d4f91", "#1d4f9", "#1d4f9g", "#€€", ""] {
            assert_eq!(may_be_read_on(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_next_key_date_is_today_or_later() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        let settings = Settings {
            key_date: Some("02-01".into()),
            ..Settings::for_state("SN", "de")
        };
        assert_eq!(settings.next_key_date(day(2027, 2, 1)), Some(day(2027, 2, 1)));
        assert_eq!(settings.next_key_date(day(2027, 2, 2)), Some(day(2028, 2, 1)));
        assert!(
            Settings {
                key_date: Some("02-30".into()),
                ..settings
            }
            .check()
            .is_err()
        );
    }
}
