//! What a report shows. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::allocation::rounds::groups::{CriterionGroup, FacilityGroup, Group, KeptSeats, Unserved};

/// All that a run shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoundReport)]
pub struct Report {
    /// The figures of the run.
    pub figures: Figures,
    /// Children with their first wish, their second, and so on.
    pub rank_histogram: Vec<u64>,
    /// Children whose legal claim is asserted and who get no place, by age band.
    pub unserved_claims: BTreeMap<String, u64>,
    /// Families with several children in the round.
    pub siblings: Siblings,
    /// Cases in which the draw decided, all else being equal.
    pub lottery_decided: u64,
    /// Cases with something to look at, by what it is; the same case may stand under several.
    pub flags: BTreeMap<String, u64>,
    /// What must hold in every run, and whether it does.
    pub invariants: Vec<Invariant>,
    /// The same demands by the habit of serving first wishes first.
    pub first_preference_first: Figures,
    /// By provider; without a name where none is known.
    pub by_provider: Vec<Group>,
    /// By district of the facility; for first wishes that of the facility wished first.
    pub by_district: Vec<Group>,
    /// By criterion that counts for the child at one of its wishes; a child may stand under several.
    #[serde(default)]
    pub by_criterion: Vec<CriterionGroup>,
    /// By facility, for the map.
    #[serde(default)]
    pub by_facility: Vec<FacilityGroup>,
    /// Seats that are kept for children of a type, and how many of them such children have.
    #[serde(default)]
    pub kept_seats: Vec<KeptSeats>,
    /// Children without a place by district and month.
    #[serde(default)]
    pub unserved: Vec<Unserved>,
    /// The difference to the run before.
    pub against_run: Option<Difference>,
    /// The difference to what families held at the end of the steps of a coordinated round; `number` is that of the last step.
    #[serde(default)]
    pub against_steps: Option<Difference>,
    /// The figures of the last released round.
    pub against_round: Option<LastRound>,
}

/// Figures of an allocation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoundFigures)]
pub struct Figures {
    /// Children who took part.
    pub children: u64,
    /// Children with a place.
    pub placed: u64,
    /// Children without one.
    pub unplaced: u64,
    /// Children who wished another place than they have, and keep theirs.
    #[serde(default)]
    pub keeping: u64,
    /// Children with the wish that their parents put first, whether or not siblings were placed together by it.
    pub first_wish: u64,
    /// Children who would have a better claim to a place that another one has.
    pub justified_envy: u64,
    /// Places that a wishing child could still take.
    pub wasted_seats: u64,
    /// Families whose claim no allocation grants.
    pub exceptions: u64,
}

/// What became of siblings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoundSiblings)]
pub struct Siblings {
    /// Families with several children in the round.
    pub families: u64,
    /// All of them at one facility.
    pub together: u64,
    /// Not all at one facility.
    pub split: u64,
}

/// Something that must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoundInvariant)]
pub struct Invariant {
    /// Stable name.
    pub name: String,
    /// Whether it does.
    pub holds: bool,
}

/// What another run says about the same children.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoundDifference)]
pub struct Difference {
    /// Number of the run before.
    pub number: i32,
    /// Have a place now and had none.
    pub gained: u64,
    /// Had a place and have none now.
    pub lost: u64,
    /// Have one that they like better.
    pub better: u64,
    /// Have one that they like less.
    pub worse: u64,
    /// Nothing changed.
    pub same: u64,
}

/// The last released round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoundBefore)]
pub struct LastRound {
    /// Its name.
    pub name: String,
    /// Its figures.
    pub figures: Figures,
}
