//! What the office plans: name, dates, procedure and rules of a round.

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::demands::SiblingAnswer;
use crate::platform::fields::{Fields, Invalid};

/// By which procedure a round places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "central")]
pub enum RoundMode {
    /// One run over all demands.
    Central,
    /// Providers propose, one run matches.
    Coordinated,
}

/// How children of one family who are in the same round are placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum SiblingRule {
    /// Each by its own wishes.
    Independent,
    /// Together where all of them wish, or else each by its own wishes.
    #[default]
    Preferred,
    /// Together or not at all.
    Required,
}

impl From<SiblingAnswer> for SiblingRule {
    fn from(answer: SiblingAnswer) -> Self {
        match answer {
            SiblingAnswer::Independent => Self::Independent,
            SiblingAnswer::Preferred => Self::Preferred,
            SiblingAnswer::Required => Self::Required,
        }
    }
}

impl SiblingRule {
    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Independent => "independent",
            Self::Preferred => "preferred",
            Self::Required => "required",
        }
    }
}

/// To whom a place goes that comes back after the release.
///
/// To improve is the default: the office promised the best wish that one's claim reaches, and a place that nobody signed for is no reason
/// to give a child with a smaller claim the better one. Once a contract is signed the child is left alone whatever the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AfterRelease {
    /// To whoever has the largest claim, also to a child with a place and no signed contract that likes this one better: it keeps what it
    /// has until it accepts, and then its place goes on.
    #[default]
    KeepOrImprove,
    /// To children who still wait.
    FillOnly,
}

/// What a round sets for itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"age_bands": ["under3", "over3"], "offer_days": 10, "siblings": "preferred", "after_release": "keep_or_improve",
    "draw_source": "Ziehung 6 aus 49 vom 6. März 2027, Zahlen aufsteigend mit Bindestrich", "draw_on": "2027-03-06"}))]
pub struct RoundConfig {
    /// Children of these bands at the start of care take part.
    #[schema(min_items = 1)]
    pub age_bands: Vec<crate::facilities::AgeBand>,
    /// Days to answer an offer, 1 to 90; left out: as the municipality sets it.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 90)]
    pub offer_days: Option<i32>,
    /// How children of one family are placed whose parents have not said it themselves.
    #[serde(default)]
    pub siblings: SiblingRule,
    /// To whom a place goes that comes back after the release.
    #[serde(default)]
    pub after_release: AfterRelease,
    /// The public draw that gives the seed, named in advance so that anybody can look it up.
    #[schema(min_length = 1, max_length = 500)]
    pub draw_source: String,
    /// Its day, after the freeze; before it no seed is entered.
    pub draw_on: NaiveDate,
}

/// A round as the office plans it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Kita-Jahr 2027/28", "mode": "central", "key_date": "2027-02-15", "start_on": "2027-08-01",
    "config": {"age_bands": ["under3", "over3"], "offer_days": 10, "siblings": "preferred", "after_release": "keep_or_improve",
        "draw_source": "Ziehung 6 aus 49 vom 6. März 2027, Zahlen aufsteigend mit Bindestrich", "draw_on": "2027-03-06"}}))]
pub struct NewRound {
    /// Name for people, at most 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// The procedure.
    pub mode: RoundMode,
    /// Last day until whose end demands count, all as if they came at once.
    pub key_date: NaiveDate,
    /// First day of care at the earliest.
    pub start_on: NaiveDate,
    /// What it sets for itself.
    pub config: RoundConfig,
}

impl NewRound {
    /// The same with blanks trimmed, or what is wrong. `today` is the day on which it is planned.
    pub fn checked(mut self, today: NaiveDate) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        self.name = fields.text(&self.name, "/name", 200).to_owned();
        let source = fields.text(&self.config.draw_source, "/config/draw_source", 500);
        self.config.draw_source = source.to_owned();
        fields.check(!self.config.age_bands.is_empty(), "/config/age_bands", "required");
        self.config.age_bands.sort_unstable();
        self.config.age_bands.dedup();
        let days = self.config.offer_days.unwrap_or(1);
        fields.check((1..=90).contains(&days), "/config/offer_days", "out_of_range");
        fields.check(self.start_on > self.key_date, "/start_on", "before_key_date");
        fields.check(self.start_on > today, "/start_on", "too_early");
        let latest = today.checked_add_months(Months::new(24));
        fields.check(latest.is_some_and(|day| self.start_on <= day), "/start_on", "too_late");
        // A draw that was known when the list was made proves nothing.
        fields.check(
            self.config.draw_on > self.key_date,
            "/config/draw_on",
            "before_key_date",
        );
        fields.check(self.config.draw_on > today, "/config/draw_on", "too_early");
        fields.check(self.config.draw_on < self.start_on, "/config/draw_on", "too_late");
        fields.finish()?;
        Ok(self)
    }

    /// First day after the year for which places are given.
    pub fn ends_on(&self) -> NaiveDate {
        year_after(self.start_on)
    }
}

/// The day a year later.
pub fn year_after(day: NaiveDate) -> NaiveDate {
    day.checked_add_months(Months::new(12)).unwrap_or(NaiveDate::MAX)
}

/// The first day after the key date.
pub fn day_after(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX)
}
