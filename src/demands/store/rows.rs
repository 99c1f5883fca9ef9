//! Demands and preferences as rows. Whoever changes a preference locks its demand first, so one demand changes in one place at a time.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use crate::access::{TenantRead, TenantTx};
use crate::demands::model::{CareDemand, DemandState, FacilityPreference, PreferenceState};
use crate::platform::ids::{ChildId, DemandId, FacilityId, PreferenceId};

/// A care demand.
#[derive(Debug, Clone)]
pub struct DemandRow {
    /// The demand.
    pub id: DemandId,
    /// For this child.
    pub child_id: ChildId,
    /// What the family calls it by, from the day it was sent.
    pub reference_code: Option<String>,
    /// Its state.
    pub state: DemandState,
    /// `nursery`, `kindergarten`, `after_school` or `mixed_age`.
    pub care_type: Option<String>,
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
    /// The family's own order of the ways to its wishes: each facility as wished and, further down, later or with fewer hours.
    pub ways: Option<Vec<FacilityId>>,
    /// Care from this time of day.
    pub window_from: Option<NaiveTime>,
    /// Care until this time of day.
    pub window_to: Option<NaiveTime>,
    /// Whether the tick for the legal claim stands.
    pub legal_claim: bool,
    /// When the claim was asserted.
    pub legal_claim_asserted_at: Option<DateTime<Utc>>,
    /// Until when the municipality owes a place.
    pub legal_due_on: Option<NaiveDate>,
    /// The child has a place, and the family wishes another one.
    pub transfer: bool,
    /// Whether the register knows other data; never blocks anything.
    pub register_mismatch: bool,
    /// When it was sent.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Its version.
    pub version: i32,
}

impl DemandRow {
    /// The state machine at its state.
    pub fn machine(&self) -> CareDemand {
        CareDemand::in_state(self.state)
    }
}

/// A facility preference with what its demand says about the wished care.
#[derive(Debug, Clone)]
pub struct PreferenceRow {
    /// The preference.
    pub id: PreferenceId,
    /// Its demand.
    pub demand_id: DemandId,
    /// The child.
    pub child_id: ChildId,
    /// The wished facility.
    pub facility_id: FacilityId,
    /// The parents' rank, from 1; facilities do not see it.
    pub rank: i32,
    /// Its state.
    pub state: PreferenceState,
    /// Where it was before it was paused or offered.
    pub came_from: Option<PreferenceState>,
    /// Its version.
    pub version: i32,
    /// The demand's state.
    pub demand_state: DemandState,
    /// The demand's reference code.
    pub reference_code: Option<String>,
    /// The demand's care type.
    pub care_type: Option<String>,
    /// The demand's wished first day.
    pub desired_start: Option<NaiveDate>,
    /// The demand's latest first day.
    pub latest_start: Option<NaiveDate>,
    /// The demand's hours a week.
    pub hours_per_week: Option<i32>,
    /// The demand's care window.
    pub window_from: Option<NaiveTime>,
    /// The demand's care window.
    pub window_to: Option<NaiveTime>,
    /// The child's date of birth.
    pub birth_date: Option<NaiveDate>,
    /// The unborn child's expected date of birth.
    pub expected_birth_date: Option<NaiveDate>,
}

impl PreferenceRow {
    /// The state machine at its state.
    pub fn machine(&self) -> Result<FacilityPreference, sqlx::Error> {
        FacilityPreference::in_state(self.state, self.came_from)
            .ok_or_else(|| sqlx::Error::Decode("a paused or offered preference without its origin".into()))
    }
}

/// A demand, locked until the transaction ends.
pub(in crate::demands) async fn demand_for_update(
    tx: &mut TenantTx,
    id: DemandId,
) -> Result<Option<DemandRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        DemandRow,
        r#"SELECT id AS "id: DemandId", child_id AS "child_id: ChildId", reference_code, state AS "state: DemandState",
                  care_type, desired_start, latest_start, hours_per_week, least_hours, times_first, ways AS "ways: Vec<FacilityId>",
                  window_from, window_to, legal_claim,
                  legal_claim_asserted_at, legal_due_on, transfer, register_mismatch, submitted_at, updated_at, version
             FROM care_demand
            WHERE tenant_id = $1 AND id = $2
              FOR UPDATE"#,
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await
}

/// A preference as it is now, without a lock.
pub(in crate::demands) async fn preference(
    tx: &mut TenantRead,
    id: PreferenceId,
) -> Result<Option<PreferenceRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        PreferenceRow,
        r#"SELECT p.id AS "id: PreferenceId", p.demand_id AS "demand_id: DemandId", d.child_id AS "child_id: ChildId",
                  p.facility_id AS "facility_id: FacilityId", p.rank, p.state AS "state: PreferenceState",
                  CASE p.state WHEN 'paused' THEN p.paused_from WHEN 'offered' THEN p.offered_from END
                      AS "came_from: PreferenceState",
                  p.version, d.state AS "demand_state: DemandState", d.reference_code, d.care_type, d.desired_start,
                  d.latest_start, d.hours_per_week, d.window_from, d.window_to, c.birth_date, c.expected_birth_date
             FROM facility_preference p
             JOIN care_demand d ON d.tenant_id = p.tenant_id AND d.id = p.demand_id
             JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
            WHERE p.tenant_id = $1 AND p.id = $2"#,
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await
}

/// A preference after its demand was locked until the transaction ends.
pub(in crate::demands) async fn preference_for_update(
    tx: &mut TenantTx,
    id: PreferenceId,
) -> Result<Option<PreferenceRow>, sqlx::Error> {
    let Some(found) = preference(tx, id).await? else {
        return Ok(None);
    };
    // Read again behind the lock: it may have changed while this transaction waited.
    demand_for_update(tx, found.demand_id).await?;
    preference(tx, id).await
}

/// All preferences of a demand in the parents' order; the demand should be locked when they are to be changed.
pub(in crate::demands) async fn preferences_of(
    tx: &mut TenantRead,
    demand: DemandId,
) -> Result<Vec<PreferenceRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        PreferenceRow,
        r#"SELECT p.id AS "id: PreferenceId", p.demand_id AS "demand_id: DemandId", d.child_id AS "child_id: ChildId",
                  p.facility_id AS "facility_id: FacilityId", p.rank, p.state AS "state: PreferenceState",
                  CASE p.state WHEN 'paused' THEN p.paused_from WHEN 'offered' THEN p.offered_from END
                      AS "came_from: PreferenceState",
                  p.version, d.state AS "demand_state: DemandState", d.reference_code, d.care_type, d.desired_start,
                  d.latest_start, d.hours_per_week, d.window_from, d.window_to, c.birth_date, c.expected_birth_date
             FROM facility_preference p
             JOIN care_demand d ON d.tenant_id = p.tenant_id AND d.id = p.demand_id
             JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
            WHERE p.tenant_id = $1 AND p.demand_id = $2
            ORDER BY p.rank"#,
        tenant.0,
        demand as _
    )
    .fetch_all(tx.conn())
    .await
}
