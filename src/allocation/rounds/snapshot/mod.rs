//! The freeze: from demands, wishes and places to cases, pools and the canonical instance. Pure.
//!
//! A demand is a child of the instance, its wishes are pools: the facility's places in the age band that the child has on its first day.
//! Names of families and children are random ones of this round. A wish that cannot be met (no such places, capacity unknown, no place
//! for the whole stay, refused by the facility) stays with the case and out of the instance.

mod cases;
mod hours;
mod instance;
mod kept;
mod parts;
mod places;
mod starts;
mod stored;
mod ways;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::NewRound;
use crate::demands::{Entrant, ScoreLine, ScoredPreference};
use crate::facilities::{AgeBand, SchoolEntries};
use crate::platform::ids::{ChildId, DemandId, FacilityId, PreferenceId};

pub use cases::{Asked, Taken, take};
pub use hours::{GroupHours, PlacesOfHours, TakenHours, long_care};
pub use instance::{Frozen, canonical, parts_of};
pub use kept::{KeptParts, is_for_kept_seat, with_kept_seats};
pub use parts::pool_of;
pub use places::{Kept, Places, Site, fits, kept_at};
pub use starts::PlacesFrom;
pub use stored::Wishes;
pub use ways::{Way, ranked};

/// Why a wish is no candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Exclusion {
    /// The facility takes no children.
    Closed,
    /// The facility refused the child.
    Refused,
    /// The child lives elsewhere, and its home municipality refused the consent without which there is no contract.
    Residence,
    /// It has no places for the child's age.
    Age,
    /// It never said how many places it has.
    CapacityUnknown,
    /// No group has as many hours of care as the family needs.
    Hours,
    /// No place is free for the whole stay, not even for this child alone.
    Stay,
}

/// A wish as it was frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseWish {
    /// The preference.
    pub preference_id: PreferenceId,
    /// The facility.
    pub facility_id: FacilityId,
    /// Its places for this child in the instance; `None` when it is no candidate.
    pub pool: Option<String>,
    /// Why it is none.
    pub excluded: Option<Exclusion>,
    /// Compared from left to right, larger goes first; rank and points come first.
    pub priority: Vec<i64>,
    /// Points.
    pub points: i32,
    /// How they came about; wishes with the same breakdown share it.
    pub lines: Arc<[ScoreLine]>,
    /// The ways to it, the best first; empty where there is but one, as wished.
    pub ways: Vec<Way>,
}

impl CaseWish {
    /// The way to it by a part of the pool; `None` where there is but one.
    pub fn way(&self, part: Option<&str>) -> Option<&Way> {
        let named = part.and_then(|part| self.ways.iter().find(|way| way.part == part));
        named.or(self.ways.first())
    }
}

/// Places of the round under the name that the instance has for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundPool {
    /// Name in the instance.
    pub name: String,
    /// The facility.
    pub facility_id: FacilityId,
    /// The band.
    pub band: AgeBand,
    /// Places, those included that come free in the course of the Kita year and that somebody wishes then.
    pub cap: u32,
    /// How many of them are free from which month on; empty where all are from the first day on.
    pub starts: Vec<PlacesFrom>,
    /// How many of them have care of how many hours, the longest first; empty where nobody said when groups are open.
    pub hours: Vec<PlacesOfHours>,
}

/// All that a freeze is made of.
pub struct Sources {
    /// The round.
    pub round: NewRound,
    /// When school begins.
    pub entries: SchoolEntries,
    /// Who takes part.
    pub entrants: Vec<Entrant>,
    /// Their wishes, by demand and in the parents' order.
    pub wishes: Vec<ScoredPreference>,
    /// Of those, guests who cannot have a contract here.
    pub no_residence: HashSet<DemandId>,
    /// Children who are siblings.
    pub siblings: Vec<(ChildId, ChildId)>,
    /// The facilities.
    pub sites: BTreeMap<FacilityId, Site>,
}

#[cfg(test)]
mod tests;
