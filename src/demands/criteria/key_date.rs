//! The criteria of a round are those that were in force on its key date, whatever came into force since.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::counting::{in_force, load, moment};
use super::model::{RuleSet, Score};
use super::store::{self, SetRow};
use crate::access::TenantRead;
use crate::demands::scored::{ScoreLine, ScoredPreference};
use crate::demands::store::level;
use crate::facilities;
use crate::platform::ids::{CriteriaSetId, DemandId, FacilityId};
use crate::tenancy;

/// Counts anew, and keeps nowhere, the wishes whose points are of another set than the one that was in force on a day: only the set is that
/// day's, what is known of the families is today's. Where none was in force yet, the points stay.
pub async fn by_sets_of(
    tx: &mut TenantRead,
    mut wishes: Vec<ScoredPreference>,
    day: NaiveDate,
) -> Result<Vec<ScoredPreference>, sqlx::Error> {
    let sets = store::published(tx).await?;
    let providers = store::providers_of_facilities(tx).await?;
    let at = |(facility, provider): &(FacilityId, _)| Some((*facility, in_force(&sets, *provider, day)?));
    let held: HashMap<FacilityId, &(SetRow, RuleSet)> = providers.iter().filter_map(at).collect();
    let other = |wish: &ScoredPreference| {
        let held = held.get(&wish.facility_id)?;
        (wish.set_id != Some(held.0.id)).then_some(*held)
    };
    let mut demands: Vec<DemandId> = wishes
        .iter()
        .filter(|w| other(w).is_some())
        .map(|w| w.demand_id)
        .collect();
    demands.dedup();
    if demands.is_empty() {
        return Ok(wishes);
    }
    let (settings, entries, today) = (
        tenancy::settings(tx).await?,
        facilities::school_entries(tx).await?,
        tx.today(),
    );
    let known = load(tx, &demands, |demand| moment(demand, &settings, today)).await?;
    let known: HashMap<DemandId, _> = known.into_iter().map(|(known, _)| (known.demand(), known)).collect();
    for wish in &mut wishes {
        if let (Some((set, rules)), Some(known)) = (other(wish), known.get(&wish.demand_id)) {
            put(wish, set.id, known.by(rules, wish.facility_id, &entries));
        }
    }
    level(&mut wishes);
    Ok(wishes)
}

fn put(wish: &mut ScoredPreference, set: CriteriaSetId, score: Score) {
    wish.set_id = Some(set);
    wish.priority = score.priority();
    wish.points = score.points;
    wish.reserves = score.reserves.iter().map(|kind| kind.as_str().to_owned()).collect();
    wish.lines = score.lines.into_iter().filter_map(ScoreLine::of).collect();
}
