//! Demands as an allocation round takes them: who takes part, and in which order each wish stands.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use super::criteria::{EvidenceState, Line, Outcome};
use super::model::{DemandState, PreferenceState, SaidOfSiblings, SiblingAnswer};
use super::store;
use crate::access::TenantRead;
use crate::platform::ids::{ChildId, CriteriaSetId, DemandId, FacilityId, PreferenceId};

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
    /// The child has a place, and the family wishes another one.
    pub transfer: bool,
    /// Latest first day that the family would take.
    pub latest_start: Option<NaiveDate>,
    /// Wished hours a week.
    pub hours_per_week: Option<i32>,
    /// Fewest hours a week that are enough; `None`: nothing was said.
    pub least_hours: Option<i32>,
    /// Whether the wished times go before the order of the facilities.
    pub times_first: bool,
    /// The family's own order of the ways to its wishes: each facility as wished and, further down, later or with fewer hours.
    pub ways: Option<Vec<FacilityId>>,
    /// What its parents said of placing siblings together; `None`: nothing.
    pub siblings: Option<SiblingAnswer>,
    /// When they did.
    pub siblings_said_at: Option<DateTime<Utc>>,
}

impl Entrant {
    /// What its parents said of placing siblings together.
    pub fn said_of_siblings(&self) -> Option<SaidOfSiblings> {
        let (answer, at) = self.siblings.zip(self.siblings_said_at)?;
        Some(SaidOfSiblings { answer, at })
    }
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceState>,
    /// Why it does not count although it was claimed or told from the data; `null` when it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_counted: Option<Outcome>,
    /// The number that was said, where one is asked; `null` elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<i32>,
}

impl ScoreLine {
    /// What people are told of a rule; nothing of one that does not hold.
    pub(super) fn of(line: Line) -> Option<Self> {
        (line.outcome != Outcome::DoesNotHold).then(|| Self {
            code: line.code,
            points: line.points,
            evidence: line.evidence,
            not_counted: Some(line.outcome).filter(|o| *o != Outcome::Counted),
            number: line.number,
        })
    }
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
    /// Compared from left to right, larger goes first; the first two are rank and points. Equally long at one facility.
    pub priority: Vec<i64>,
    /// Points.
    pub points: i32,
    /// How they came about; wishes with the same breakdown share it.
    pub lines: Arc<[ScoreLine]>,
    /// Kept seats that the child may take.
    pub reserves: Vec<String>,
    /// The set that made it; `None` where none holds.
    pub set_id: Option<CriteriaSetId>,
}

/// Seats that a set keeps in every facility where it holds.
#[derive(Debug, Clone)]
pub struct KeptSeats {
    /// The set.
    pub set_id: CriteriaSetId,
    /// For whom.
    pub kind: String,
    /// How many.
    pub seats: i32,
    /// In each group of the age band, and not once for the band.
    pub per_group: bool,
}

/// A wish that waits at a facility, or rests, or was refused there, with what a vacancy asks of it.
#[derive(Debug, Clone)]
pub struct WaitingWish {
    /// The wish with its place in the order.
    pub wish: ScoredPreference,
    /// The child.
    pub child_id: ChildId,
    /// The child's first name, if it is born.
    pub first_name: Option<String>,
    /// The child's last name, if known.
    pub last_name: Option<String>,
    /// Date of birth, or the expected one.
    pub birth: NaiveDate,
    /// The demand's reference code.
    pub reference_code: Option<String>,
    /// The demand's state.
    pub demand_state: DemandState,
    /// Wished first day.
    pub desired_start: NaiveDate,
    /// Latest first day.
    pub latest_start: Option<NaiveDate>,
    /// Hours a week.
    pub hours_per_week: Option<i32>,
    /// Care from this time of day.
    pub window_from: Option<NaiveTime>,
    /// Care until this time of day.
    pub window_to: Option<NaiveTime>,
    /// Whether the legal claim was asserted.
    pub legal_claim: bool,
    /// When the demand was sent.
    pub submitted_at: DateTime<Utc>,
}

/// The wishes at a facility for which a vacancy there may be something, in no order.
pub async fn waiting_at(tx: &mut TenantRead, facility: FacilityId) -> Result<Vec<WaitingWish>, sqlx::Error> {
    store::waiting_at(tx, facility).await
}

/// The demands that a round takes, ordered by demand.
pub async fn entrants(tx: &mut TenantRead, which: &Entrants) -> Result<Vec<Entrant>, sqlx::Error> {
    store::entrants(tx, which).await
}

/// The seats that the sets of the municipality keep. Groups are not known here.
pub async fn kept_seats(tx: &mut TenantRead) -> Result<Vec<KeptSeats>, sqlx::Error> {
    store::kept_seats(tx).await
}

/// A set in words: owner, name, number and id, so that a record names the very version.
pub async fn set_names(tx: &mut TenantRead, sets: &[CriteriaSetId]) -> Result<Vec<String>, sqlx::Error> {
    store::set_names(tx, sets).await
}

/// All wishes of these demands that have not ended (or were refused by the facility), by demand and then in the parents' order; `None` while
/// the points of one of them are not those of today, so that no order mixes what two sets counted.
pub async fn scored_preferences(
    tx: &mut TenantRead,
    which: &Entrants,
) -> Result<Option<Vec<ScoredPreference>>, sqlx::Error> {
    store::scored_preferences(tx, which).await
}
