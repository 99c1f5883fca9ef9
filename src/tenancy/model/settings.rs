//! What a municipality sets for itself. Pure.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::After;
use crate::platform::fields::{Fields, Invalid};
use crate::tenancy::retention::Retention;

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
    /// Days after the deadline of an offer in which the place of a family without an account is kept: its letter may have come in time and
    /// not be opened. Only an answer that arrived by the deadline counts. Days, too, that its demand runs out later. 0: none.
    #[serde(default = "letter_grace")]
    pub letter_grace_days: i32,
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
            letter_grace_days: letter_grace(),
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
            ("/settings/letter_grace_days", self.letter_grace_days, 0, 30),
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

/// What holds where nothing else was said.
fn second_factor_grace() -> i32 {
    14
}

/// The same: a letter that is thrown in on the last evening is opened after a weekend.
fn letter_grace() -> i32 {
    3
}

/// Month and day of `MM-DD`; 29 February is none, because most years lack it.
pub(in crate::tenancy) fn month_day(text: &str) -> Option<(u32, u32)> {
    let (month, day) = text.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    (text.len() == 5)
        .then(|| NaiveDate::from_ymd_opt(2027, month, day))?
        .map(|d| (d.month(), d.day()))
}

#[cfg(test)]
mod tests {
    use super::super::founding::STATES;
    use super::*;

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
