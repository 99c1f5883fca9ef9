//! Demands as an allocation round takes them: who takes part, and in which order each wish stands.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::model::PreferenceState;
use super::store;
use crate::access::TenantRead;
use crate::platform::ids::{ChildId, DemandId, FacilityId, PreferenceId};

/// Which demands a round takes: confirmed ones (or those still waiting from a round before) that were sent in time and want a place in
/// its year.
#[derive(Debug, Clone, Copy)]
pub struct Entrants {
    /// Sent before this instant.
    pub sent_before: DateTime<Utc>,
    /// First day of care at the earliest.
    pub from: NaiveDate,
    /// Wished first day before this day.
    pub until: NaiveDate,
}

/// A demand that takes part.
#[derive(Debug, Clone)]
pub struct Entrant {
    /// The demand.
    pub demand_id: DemandId,
    /// Its child.
    pub child_id: ChildId,
    /// Date of birth, or the expected one.
    pub birth: NaiveDate,
    /// Wished first day.
    pub desired_start: NaiveDate,
    /// Whether the legal claim was asserted.
    pub legal_claim: bool,
}

/// What a criterion gave to a wish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ScoreLineBody)]
pub struct ScoreLine {
    /// Code of the criterion.
    pub code: String,
    /// Its points; 0 when it does not count.
    pub points: i32,
    /// State of the evidence; `null` where none is needed.
    pub evidence: Option<String>,
    /// Why it does not count although it is claimed; `null` when it counts.
    pub not_counted: Option<String>,
}

/// A wish with its place in the order of its facility.
#[derive(Debug, Clone)]
pub struct ScoredPreference {
    /// The wish.
    pub id: PreferenceId,
    /// Its demand.
    pub demand_id: DemandId,
    /// The facility.
    pub facility_id: FacilityId,
    /// Its state.
    pub state: PreferenceState,
    /// Compared from left to right, larger goes first; the first two are rank and points.
    pub priority: Vec<i64>,
    /// Points.
    pub points: i32,
    /// How they came about.
    pub lines: Vec<ScoreLine>,
    /// Kept seats that the child may take.
    pub reserves: Vec<String>,
    /// The criteria that made it.
    pub criteria: String,
}

/// The demands that a round takes, ordered by demand.
pub async fn entrants(tx: &mut TenantRead, which: &Entrants) -> Result<Vec<Entrant>, sqlx::Error> {
    store::entrants(tx, which).await
}

/// All wishes of these demands that have not ended (or were refused by the facility), by demand and then in the parents' order.
pub async fn scored_preferences(tx: &mut TenantRead, which: &Entrants) -> Result<Vec<ScoredPreference>, sqlx::Error> {
    store::scored_preferences(tx, which).await
}
