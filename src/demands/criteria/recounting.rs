//! Wishes counted anew by other sets, side by side: a set is tried on the same demands, and nothing is kept.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::counting::{Known, in_force, load};
use super::model::{Moment, RuleSet, SetState, score};
use super::store::{self, PreferenceInput, SetRow};
use crate::access::TenantRead;
use crate::facilities::{self, SchoolEntries};
use crate::platform::ids::{CriteriaSetId, DemandId, FacilityId, PreferenceId, ProviderId};

/// A set in words.
#[derive(Debug, Clone)]
pub struct SetBrief {
    /// The set.
    pub id: CriteriaSetId,
    /// Its name.
    pub name: String,
    /// Its version.
    pub number: i32,
    /// Whose it is; `None`: the municipality's.
    pub provider_name: Option<String>,
    /// Whether it can still be changed.
    pub state: SetState,
}

/// What a set makes of a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recounted {
    /// Compared from left to right, larger goes first; equally long at one facility.
    pub priority: Vec<i64>,
    /// Points.
    pub points: i32,
    /// Kept seats that the child may take.
    pub reserves: Vec<String>,
    /// The set that made it; `None` where none holds.
    pub set_id: Option<CriteriaSetId>,
}

/// Everything that is known of some demands, to be counted by any set. Pure from here on.
pub struct Recounting {
    demands: Vec<(Known, Vec<PreferenceInput>)>,
    sets: Vec<(SetRow, RuleSet)>,
    entries: SchoolEntries,
    on: NaiveDate,
}

/// Reads what is known of these demands and all sets, drafts too. Evidence and sets are judged by this day.
pub async fn recounting(tx: &mut TenantRead, demands: &[DemandId], on: NaiveDate) -> Result<Recounting, sqlx::Error> {
    let moment = Moment {
        today: on,
        counts_on: on,
    };
    Ok(Recounting {
        demands: load(tx, demands, |_| moment).await?,
        sets: store::whole(tx, |set| set.state != SetState::Withdrawn).await?,
        entries: facilities::school_entries(tx).await?,
        on,
    })
}

impl Recounting {
    /// A set by its id, unless it was withdrawn.
    pub fn set(&self, id: CriteriaSetId) -> Option<SetBrief> {
        let (row, _) = self.sets.iter().find(|(row, _)| row.id == id)?;
        Some(SetBrief {
            id: row.id,
            name: row.name.clone(),
            number: row.number,
            provider_name: row.provider_name.clone(),
            state: row.state,
        })
    }

    /// Counts all wishes as if this set held: the municipality's everywhere but where a provider has its own, a provider's at that
    /// provider's facilities.
    pub fn counted(&self, choice: CriteriaSetId) -> HashMap<PreferenceId, Recounted> {
        let mut all = HashMap::new();
        let mut longest: HashMap<FacilityId, usize> = HashMap::new();
        let mut at: Vec<(PreferenceId, FacilityId)> = Vec::new();
        for (known, preferences) in &self.demands {
            let facts = known.facts();
            for wish in preferences {
                let counted = match self.holds(choice, wish.provider_id) {
                    Some((set, rules)) => {
                        let derived = known.derived(wish.facility_id, &self.entries);
                        Recounted::of(set.id, score(rules, &facts, &derived))
                    }
                    None => Recounted::none(),
                };
                let longest = longest.entry(wish.facility_id).or_default();
                *longest = (*longest).max(counted.priority.len());
                at.push((wish.id, wish.facility_id));
                all.insert(wish.id, counted);
            }
        }
        for (id, facility) in at {
            if let Some(counted) = all.get_mut(&id) {
                counted.priority.resize(longest[&facility], -i64::MAX);
            }
        }
        all
    }

    /// The set that holds at a provider's facilities when one is tried.
    fn holds(&self, choice: CriteriaSetId, provider: Option<ProviderId>) -> Option<&(SetRow, RuleSet)> {
        let tried = self.sets.iter().find(|(row, _)| row.id == choice);
        let force = in_force(&self.sets, provider, self.on);
        match tried {
            Some(tried) if tried.0.provider_id.is_some() && tried.0.provider_id == provider => Some(tried),
            Some(tried) if tried.0.provider_id.is_none() => {
                force.filter(|(row, _)| row.provider_id.is_some()).or(Some(tried))
            }
            _ => force,
        }
    }
}

impl Recounted {
    fn of(set: CriteriaSetId, score: super::model::Score) -> Self {
        Self {
            priority: score.priority(),
            points: score.points,
            reserves: score.reserves.iter().map(|kind| kind.as_str().to_owned()).collect(),
            set_id: Some(set),
        }
    }

    /// Where no set holds all are equal, and the draw decides.
    fn none() -> Self {
        Self {
            priority: vec![0, 0],
            points: 0,
            reserves: Vec::new(),
            set_id: None,
        }
    }
}
