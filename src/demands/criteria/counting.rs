//! Counting: the set in force over the facts of a demand, for one demand at once or for all by batches.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike, Months, NaiveDate};

use super::model::{Derived, Fact, Facts, Moment, RuleSet, Score, SetState, Source, score};
use super::store::{self, AnswerInput, DemandInput, NewScore, PlaceInput, PreferenceInput, SetRow};
use crate::access::{TenantRead, TenantTx};
use crate::demands::DemandError;
use crate::facilities::{self, AgeBand, SchoolEntries, age_band_on};
use crate::platform::clock::berlin_date;
use crate::platform::ids::{ChildId, DemandId, FacilityId, ProviderId};
use crate::tenancy::{self, Settings};

/// So many demands are counted in one transaction of the job.
const BATCH: i64 = 100;

/// Counts the preferences of a demand anew, after its facts or their evidence changed.
pub async fn recompute_points(tx: &mut TenantTx, demand: DemandId) -> Result<(), DemandError> {
    let open = store::lock_open(tx, &[demand]).await?;
    Ok(count(tx, &open).await?)
}

/// Counts a child's and its siblings' demands anew, after a link or a place of one of them changed.
pub async fn recompute_points_of_siblings(tx: &mut TenantTx, child: ChildId) -> Result<(), DemandError> {
    let demands = store::demands_of_siblings(tx, child).await?;
    let open = store::lock_open(tx, &demands).await?;
    Ok(count(tx, &open).await?)
}

/// Counts the next batch of demands that were not counted today; whether there was one.
pub(super) async fn count_batch(tx: &mut TenantTx) -> Result<bool, sqlx::Error> {
    let open = store::lock_uncounted(tx, BATCH).await?;
    count(tx, &open).await?;
    Ok(!open.is_empty())
}

/// Counts locked demands.
async fn count(tx: &mut TenantTx, demands: &[DemandId]) -> Result<(), sqlx::Error> {
    if demands.is_empty() {
        return Ok(());
    }
    let (sets, settings) = (store::published(tx).await?, tenancy::settings(tx).await?);
    let entries = facilities::school_entries(tx).await?;
    let today = tx.today();
    let mut scores = Vec::new();
    for (known, preferences) in load(tx, demands, |demand| moment(demand, &settings, today)).await? {
        for preference in preferences {
            scores.extend(known.score(&preference, &sets, &entries));
        }
    }
    store::keep_scores(tx, demands, &scores).await?;
    store::note_counted(tx, demands).await
}

/// Everything that is known of these demands, each with its preferences.
pub(super) async fn load(
    tx: &mut TenantRead,
    demands: &[DemandId],
    moment: impl Fn(&DemandInput) -> Moment,
) -> Result<Vec<(Known, Vec<PreferenceInput>)>, sqlx::Error> {
    let mut answers: HashMap<DemandId, Vec<AnswerInput>> = HashMap::new();
    for answer in store::answer_inputs(tx, demands).await? {
        answers.entry(answer.demand_id).or_default().push(answer);
    }
    let mut places: HashMap<DemandId, Vec<PlaceInput>> = HashMap::new();
    for place in store::place_inputs(tx, demands).await? {
        places.entry(place.demand_id).or_default().push(place);
    }
    let mut preferences: HashMap<DemandId, Vec<PreferenceInput>> = HashMap::new();
    for preference in store::preference_inputs(tx, demands).await? {
        preferences.entry(preference.demand_id).or_default().push(preference);
    }
    let known = store::demand_inputs(tx, demands).await?.into_iter().map(|demand| {
        let preferences = preferences.remove(&demand.id).unwrap_or_default();
        let known = Known {
            moment: moment(&demand),
            places: places.remove(&demand.id).unwrap_or_default(),
            answers: answers.remove(&demand.id).unwrap_or_default(),
            demand,
        };
        (known, preferences)
    });
    Ok(known.collect())
}

/// The key date after sending counts while it lies ahead, so that all children of a round are counted by one set; else today.
pub(super) fn moment(demand: &DemandInput, settings: &Settings, today: NaiveDate) -> Moment {
    let sent = demand.submitted_at.map_or(today, berlin_date);
    let key_date = settings.next_key_date(sent).filter(|day| *day > today);
    Moment {
        today,
        counts_on: key_date.unwrap_or(today),
    }
}

/// The set that holds at a provider's facilities on a day: the provider's own, else the municipality's.
pub(super) fn in_force(
    sets: &[(SetRow, RuleSet)],
    provider: Option<ProviderId>,
    day: NaiveDate,
) -> Option<&(SetRow, RuleSet)> {
    let of = |owner: Option<ProviderId>| {
        sets.iter()
            .filter(|(set, _)| set.provider_id == owner && set.state == SetState::Published)
            .filter(|(set, _)| set.valid_from.is_some_and(|from| from <= day))
            .max_by_key(|(set, _)| set.valid_from)
    };
    provider.and_then(|id| of(Some(id))).or_else(|| of(None))
}

/// A demand with everything that is known of it.
pub(super) struct Known {
    demand: DemandInput,
    answers: Vec<AnswerInput>,
    places: Vec<PlaceInput>,
    moment: Moment,
}

impl Known {
    fn score(
        &self,
        preference: &PreferenceInput,
        sets: &[(SetRow, RuleSet)],
        entries: &SchoolEntries,
    ) -> Option<NewScore> {
        let day = self.moment.counts_on;
        let (set, rules) = in_force(sets, preference.provider_id, day)?;
        let counted = self.by(rules, preference.facility_id, entries);
        Some(NewScore::of(preference.id, set.id, day, counted))
    }

    /// What these rules make of it at a facility.
    pub(super) fn by(&self, rules: &RuleSet, facility: FacilityId, entries: &SchoolEntries) -> Score {
        score(rules, &self.facts(), &self.derived(facility, entries))
    }

    pub(super) fn demand(&self) -> DemandId {
        self.demand.id
    }

    pub(super) fn facts(&self) -> Facts {
        let fact = |a: &AnswerInput| Fact {
            claimed: a.claimed,
            number: a.number,
            evidence: a.evidence,
            valid_until: a.valid_until,
        };
        let answers: BTreeMap<String, Fact> = self.answers.iter().map(|a| (a.code.clone(), fact(a))).collect();
        Facts {
            answers,
            birth: self.demand.birth,
            submitted_at: self.demand.submitted_at,
            moment: self.moment,
        }
    }

    fn start(&self) -> NaiveDate {
        self.demand
            .desired_start
            .unwrap_or(self.moment.today)
            .max(self.moment.today)
    }

    /// What the data tell at a facility.
    pub(super) fn derived(&self, facility: FacilityId, entries: &SchoolEntries) -> Derived {
        let start = self.start();
        let runs_on = |p: &&PlaceInput, day| !p.ended && p.care_until > day;
        let (own, siblings): (Vec<_>, Vec<_>) = self.places.iter().partition(|p| p.own);
        let mut holds = BTreeSet::new();
        let mut note = |source, it_holds: bool| {
            if it_holds {
                holds.insert(source);
            }
        };
        let there: Vec<_> = siblings.iter().filter(|p| p.facility_id == facility).collect();
        note(Source::SiblingThere, there.iter().any(|p| runs_on(p, start)));
        note(Source::SiblingEarlier, there.iter().any(|p| !runs_on(p, start)));
        note(Source::WasHere, own.iter().any(|p| p.facility_id == facility));
        note(Source::MainResidence, self.demand.lives_here);
        let without = !own.iter().any(|p| runs_on(p, self.moment.today));
        note(Source::NoPlaceYet, without);
        let Some(birth) = self.demand.birth else {
            return Derived { holds, age_years: None };
        };
        let school = entries.of(self.demand.child_id, birth);
        let soon = start < school
            && start
                .checked_add_months(Months::new(12))
                .is_some_and(|year| school <= year);
        note(Source::SchoolEntrySoon, soon);
        note(Source::PreschoolWithoutPlace, soon && without);
        let band = |day| age_band_on(birth, day, school);
        let nursery = own
            .iter()
            .any(|p| runs_on(p, self.moment.today) && band(p.care_from) == AgeBand::Under3);
        note(Source::FollowUp, nursery && band(start) == AgeBand::Over3);
        let years = whole_years(birth, start);
        note(Source::Age3Or4, (3..5).contains(&years));
        note(Source::Age5OrOlder, years >= 5);
        Derived {
            holds,
            age_years: Some(years),
        }
    }
}

fn whole_years(birth: NaiveDate, day: NaiveDate) -> i32 {
    let years = day.year() - birth.year();
    years - i32::from((day.month(), day.day()) < (birth.month(), birth.day()))
}

#[cfg(test)]
#[path = "counting_tests.rs"]
mod tests;
