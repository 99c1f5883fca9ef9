//! What the family is shown beside the demand's own fields. Offers and contracts stand below this module; their rows are read here.

use chrono::{DateTime, NaiveDate, Utc};

use crate::access::TenantRead;
use crate::demands::knows_reasons;
use crate::demands::model::{PreferenceState, RefuseReason};
use crate::notifications::ToldBy;
use crate::platform::ids::{CriterionId, DemandId, FacilityId, OfferId, PreferenceId};

/// A preference as its family sees it.
#[derive(Debug, Clone)]
pub(in crate::demands) struct ShownPreference {
    pub id: PreferenceId,
    pub facility_id: FacilityId,
    pub facility_name: String,
    pub age_from_months: Option<i32>,
    pub age_to_months: Option<i32>,
    pub rank: i32,
    pub state: PreferenceState,
    pub state_since: DateTime<Utc>,
    pub answer_due_on: Option<NaiveDate>,
    pub refuse_reason: Option<RefuseReason>,
    pub note: Option<String>,
    pub offer_id: Option<OfferId>,
    pub deadline_on: Option<NaiveDate>,
    pub care_from: Option<NaiveDate>,
}

/// A claimed criterion.
#[derive(Debug, Clone)]
pub(in crate::demands) struct ShownFact {
    pub criterion_id: CriterionId,
    pub claimed: bool,
    pub number: Option<i32>,
    pub evidence_state: String,
}

/// A line of the history.
#[derive(Debug, Clone)]
pub(in crate::demands) struct ShownEvent {
    pub at: DateTime<Utc>,
    pub kind: String,
    pub preference_id: Option<PreferenceId>,
    pub facility_name: Option<String>,
    pub from_state: Option<String>,
    pub to_state: String,
    pub reason: Option<String>,
    pub told_on: Option<NaiveDate>,
    pub told_by: Option<ToldBy>,
}

/// The preferences in the family's order; the newest offer of each that was sent.
pub(in crate::demands) async fn preferences(
    tx: &mut TenantRead,
    demand: DemandId,
) -> Result<Vec<ShownPreference>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        ShownPreference,
        r#"SELECT p.id AS "id: PreferenceId", p.facility_id AS "facility_id: FacilityId", f.name AS facility_name,
                  f.age_from_months, f.age_to_months, p.rank, p.state AS "state: PreferenceState", p.state_since,
                  CASE WHEN p.answered_at IS NULL THEN p.answer_due_on END AS answer_due_on,
                  p.refuse_reason AS "refuse_reason: RefuseReason", p.note, o.id AS "offer_id?: OfferId",
                  o.deadline_on AS "deadline_on?", o.care_from AS "care_from?"
             FROM facility_preference p
             JOIN facility f ON f.tenant_id = p.tenant_id AND f.id = p.facility_id
             LEFT JOIN LATERAL (SELECT x.id, x.deadline_on, x.care_from
                                  FROM place_offer x
                                 WHERE x.tenant_id = p.tenant_id AND x.preference_id = p.id AND x.state <> 'drafted'
                                 ORDER BY x.created_at DESC
                                 LIMIT 1) o ON true
            WHERE p.tenant_id = $1 AND p.demand_id = $2
            ORDER BY p.rank"#,
        tenant.0,
        demand as _
    )
    .fetch_all(tx.conn())
    .await
}

/// The answered criteria, confidential ones only for whom they are.
pub(in crate::demands) async fn facts(tx: &mut TenantRead, demand: DemandId) -> Result<Vec<ShownFact>, sqlx::Error> {
    let (tenant, all) = (tx.tenant_id(), knows_reasons(tx));
    sqlx::query_as!(
        ShownFact,
        r#"SELECT f.criterion_id AS "criterion_id: CriterionId", f.claimed, f.number, f.evidence_state
             FROM demand_fact f
             JOIN criterion c ON c.tenant_id = f.tenant_id AND c.id = f.criterion_id
            WHERE f.tenant_id = $1 AND f.demand_id = $2 AND ($3 OR NOT c.confidential)
            ORDER BY c.position, c.code"#,
        tenant.0,
        demand as _,
        all
    )
    .fetch_all(tx.conn())
    .await
}

pub(in crate::demands) async fn history(tx: &mut TenantRead, demand: DemandId) -> Result<Vec<ShownEvent>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        ShownEvent,
        r#"SELECT e.at, e.kind, e.preference_id AS "preference_id: PreferenceId", f.name AS "facility_name?", e.from_state,
                  e.to_state, e.reason, e.told_on, e.told_by AS "told_by: ToldBy"
             FROM demand_event e
             LEFT JOIN facility_preference p ON p.tenant_id = e.tenant_id AND p.id = e.preference_id
             LEFT JOIN facility f ON f.tenant_id = p.tenant_id AND f.id = p.facility_id
            WHERE e.tenant_id = $1 AND e.demand_id = $2
            ORDER BY e.at, e.preference_id NULLS FIRST, e.id"#,
        tenant.0,
        demand as _
    )
    .fetch_all(tx.conn())
    .await
}
