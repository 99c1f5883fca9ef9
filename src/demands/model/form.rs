//! What a family fills in, what of it can be right, and when it may still change it.

use chrono::{Months, NaiveDate, NaiveTime};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use super::words::DemandState;
use crate::facilities::CareType;
use crate::platform::fields::{Fields, Invalid};
use crate::platform::ids::{CriterionId, FacilityId};

/// A time of day as people write it: `HH:MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, example = "07:30", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
pub struct TimeOfDay(pub NaiveTime);

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0.format("%H:%M"))
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        NaiveTime::parse_from_str(&text, "%H:%M")
            .ok()
            .filter(|_| text.len() == 5)
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("a time of day is written HH:MM"))
    }
}

/// A criterion that the family claims, or no longer claims.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"criterion_id": "6f2f3c1e-0b1a-4d0e-9a58-3d0c8f6f3b11", "claimed": true}))]
pub struct FactChange {
    /// The criterion.
    pub criterion_id: CriterionId,
    /// Whether it is claimed.
    pub claimed: bool,
    /// The number, where one is asked: 0 to 1000.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1000)]
    pub number: Option<i32>,
}

/// Changes to a demand: what is left out stays, `null` empties. A draft may be incomplete.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"care_type": "nursery", "desired_start": "2027-08-01", "latest_start": "2027-11-01", "hours_per_week": 40,
    "window_from": "07:30", "window_to": "16:00", "legal_claim": true}))]
pub struct DemandChange {
    /// Kind of care.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<CareType>)]
    pub care_type: Option<Option<CareType>>,
    /// Wished first day.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<NaiveDate>)]
    pub desired_start: Option<Option<NaiveDate>>,
    /// Latest first day.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<NaiveDate>)]
    pub latest_start: Option<Option<NaiveDate>>,
    /// Hours a week, 1 to 60.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i32>)]
    pub hours_per_week: Option<Option<i32>>,
    /// Fewest hours a week that are enough, at most `hours_per_week`; `null`: nothing is said.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i32>)]
    pub least_hours: Option<Option<i32>>,
    /// What goes first in an allocation round when not all is to be had: the wished times at another facility (`true`), or the facility,
    /// later or with fewer hours.
    #[serde(default)]
    pub times_first: Option<bool>,
    /// An order of the family's own instead: each wished facility twice, as wished and further down later or with fewer hours, and as wished
    /// in the order of the wishes. `null`, any `times_first` and other wishes end it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Vec<FacilityId>>, max_items = 100)]
    pub ways: Option<Option<Vec<FacilityId>>>,
    /// Care from this time of day, `HH:MM`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<TimeOfDay>)]
    pub window_from: Option<Option<TimeOfDay>>,
    /// Care until this time of day, `HH:MM`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<TimeOfDay>)]
    pub window_to: Option<Option<TimeOfDay>>,
    /// The tick for the legal claim (§ 24 SGB VIII).
    #[serde(default)]
    pub legal_claim: Option<bool>,
    /// Criteria that are claimed or no longer claimed; others stay.
    #[serde(default)]
    pub facts: Option<Vec<FactChange>>,
}

/// Tells a field that is `null` from one that is left out.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// What is wished.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// Kind of care.
    pub care_type: Option<CareType>,
    /// Wished first day.
    pub desired_start: Option<NaiveDate>,
    /// Latest first day.
    pub latest_start: Option<NaiveDate>,
    /// Hours a week.
    pub hours_per_week: Option<i32>,
    /// Fewest hours a week that are enough.
    pub least_hours: Option<i32>,
    /// Whether the wished times go before the order of the facilities.
    pub times_first: bool,
    /// The family's own order of the ways to its wishes.
    pub ways: Option<Vec<FacilityId>>,
    /// Care from.
    pub window_from: Option<NaiveTime>,
    /// Care until.
    pub window_to: Option<NaiveTime>,
    /// The tick for the legal claim.
    pub legal_claim: bool,
}

impl Wish {
    /// This wish with the changes, or what cannot be right. Gaps are no faults: a draft grows.
    pub fn changed(self, change: &DemandChange, today: NaiveDate) -> Result<Self, Invalid> {
        let before = self.clone();
        let wish = Self {
            care_type: change.care_type.unwrap_or(self.care_type),
            desired_start: change.desired_start.unwrap_or(self.desired_start),
            latest_start: change.latest_start.unwrap_or(self.latest_start),
            hours_per_week: change.hours_per_week.unwrap_or(self.hours_per_week),
            least_hours: change.least_hours.unwrap_or(self.least_hours),
            times_first: change.times_first.unwrap_or(self.times_first),
            ways: match &change.ways {
                Some(ways) => ways.clone(),
                None => self.ways.filter(|_| change.times_first.is_none()),
            },
            window_from: change.window_from.map_or(self.window_from, |t| t.map(|t| t.0)),
            window_to: change.window_to.map_or(self.window_to, |t| t.map(|t| t.0)),
            legal_claim: change.legal_claim.unwrap_or(self.legal_claim),
        };
        let mut fields = Fields::new();
        let dates = [
            (wish.desired_start, before.desired_start, "/desired_start"),
            (wish.latest_start, before.latest_start, "/latest_start"),
        ];
        // What nobody can mean: long past (paper may lie for a while), or beyond any childhood.
        let (low, high) = (
            today.checked_sub_months(Months::new(12)),
            today.checked_add_months(Months::new(12 * 12)),
        );
        for (now, before, pointer) in dates {
            if let Some(day) = now
                && Some(day) != before
            {
                fields.check(low.is_none_or(|low| day >= low), pointer, "too_early");
                fields.check(high.is_none_or(|high| day <= high), pointer, "too_late");
            }
        }
        fields.check(
            wish.latest_start.is_none() || wish.latest_start >= wish.desired_start,
            "/latest_start",
            "too_early",
        );
        fields.check(
            wish.hours_per_week.is_none_or(|h| (1..=60).contains(&h)),
            "/hours_per_week",
            "out_of_range",
        );
        if let Some(least) = wish.least_hours {
            let fits = least >= 1 && wish.hours_per_week.is_some_and(|most| least <= most);
            fields.check(fits, "/least_hours", "out_of_range");
        }
        if let (Some(from), Some(to)) = (wish.window_from, wish.window_to) {
            fields.check(to > from, "/window_to", "too_early");
        }
        fields.finish()?;
        Ok(wish)
    }
}

impl DemandChange {
    /// Refuses what can no longer change after the demand was sent.
    pub fn check_after_sending(&self) -> Result<(), Invalid> {
        let mut fields = Fields::new();
        let locked = [
            (self.care_type.is_some(), "/care_type"),
            (self.legal_claim.is_some(), "/legal_claim"),
        ];
        for (named, pointer) in locked {
            fields.check(!named, pointer, "locked");
        }
        fields.check(self.desired_start != Some(None), "/desired_start", "required");
        fields.finish()
    }

    /// Whether it says nothing but when care shall begin. That can move after the key date too, as long as nobody has decided by it.
    pub fn is_of_start_only(&self) -> bool {
        let rest = (
            self.care_type.is_none(),
            self.hours_per_week.is_none(),
            self.least_hours.is_none(),
        );
        let times = (
            self.times_first.is_none() && self.ways.is_none(),
            self.window_from.is_none(),
            self.window_to.is_none(),
        );
        let others = self.legal_claim.is_none() && self.facts.is_none();
        self.desired_start.is_some() && others && rest == (true, true, true) && times == (true, true, true)
    }
}

/// What bounds the first day of care.
#[derive(Debug, Clone, Copy)]
pub struct StartRules {
    /// Born, or expected, on.
    pub birth: Option<NaiveDate>,
    /// Age in months at which care can begin.
    pub start_age_months: i32,
}

/// Refuses a first day of care that is past, or on which the child is too young.
pub fn check_start(start: NaiveDate, rules: StartRules, on: NaiveDate) -> Result<(), Invalid> {
    let mut fields = Fields::new();
    let months = Months::new(rules.start_age_months.unsigned_abs());
    let old_enough = rules.birth.and_then(|b| b.checked_add_months(months));
    let earliest = old_enough.map_or(on, |day| day.max(on));
    if start < earliest {
        fields.fault("/desired_start", "too_early", format!("not before {earliest}"));
    }
    fields.finish()
}

/// Until when the municipality owes a place once the start moves: a later one is waited for; of an earlier one it hears only now, so that
/// its notice period begins anew, but what it owed already stays owed.
pub fn due_after_move(due: NaiveDate, was: NaiveDate, start: NaiveDate, notice_ends: NaiveDate) -> NaiveDate {
    if start >= was {
        due.max(start)
    } else {
        notice_ends.max(start).min(due)
    }
}

/// Whether the family may change a demand in this state on this day; `until` is the key date after which it may not.
pub fn is_editable(state: DemandState, until: Option<NaiveDate>, today: NaiveDate) -> bool {
    match state {
        DemandState::Draft => true,
        DemandState::Submitted | DemandState::Confirmed => until.is_none_or(|until| today <= until),
        _ => false,
    }
}

/// Letters and digits that nobody takes for another one, on paper or over the telephone.
const ALPHABET: &[u8] = b"CDFGHJKMNPQRTVWXY34679";

/// A reference code like `CKFH-7N3W` from random bytes; `None` when there were too few that fall evenly on the alphabet.
pub fn reference_code(random: &[u8]) -> Option<String> {
    let even = u8::try_from(256 / ALPHABET.len() * ALPHABET.len()).unwrap_or(u8::MAX);
    let letters: Vec<u8> = random
        .iter()
        .filter(|byte| **byte < even)
        .filter_map(|byte| ALPHABET.get(usize::from(*byte) % ALPHABET.len()).copied())
        .take(8)
        .collect();
    let text = String::from_utf8(letters).ok().filter(|text| text.len() == 8)?;
    let (front, back) = text.split_at(4);
    Some(format!("{front}-{back}"))
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;
