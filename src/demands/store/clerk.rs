//! What the office notes on a demand. It is no sign of life of the family: the clock after which a demand must be renewed goes on.

use chrono::NaiveDate;

use crate::access::TenantTx;
use crate::platform::ids::{CriterionId, DemandId};

/// A criterion that the family answered.
pub(in crate::demands) struct AnsweredRow {
    pub claimed: bool,
    pub title: String,
}

pub(in crate::demands) async fn set_register_mismatch(
    tx: &mut TenantTx,
    id: DemandId,
    differs: bool,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE care_demand SET register_mismatch = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _,
        differs
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The family's answer to a criterion. The demand should be locked.
pub(in crate::demands) async fn answered(
    tx: &mut TenantTx,
    demand: DemandId,
    criterion: CriterionId,
) -> Result<Option<AnsweredRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        AnsweredRow,
        "SELECT f.claimed, c.title_de AS title
           FROM demand_fact f
           JOIN criterion c ON c.tenant_id = f.tenant_id AND c.id = f.criterion_id
          WHERE f.tenant_id = $1 AND f.demand_id = $2 AND f.criterion_id = $3",
        tenant.0,
        demand as _,
        criterion as _
    )
    .fetch_optional(tx.conn())
    .await
}

/// Writes who saw evidence today, and what came of it; the demand gets a new version.
pub(in crate::demands) async fn save_evidence(
    tx: &mut TenantTx,
    demand: DemandId,
    criterion: CriterionId,
    state: &str,
    valid_until: Option<NaiveDate>,
) -> Result<(), sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let by = tx.account().map(|account| account.id);
    sqlx::query!(
        "UPDATE demand_fact
            SET evidence_state = $4, seen_on = $5, seen_by = $6, valid_until = $7
          WHERE tenant_id = $1 AND demand_id = $2 AND criterion_id = $3",
        tenant.0,
        demand as _,
        criterion as _,
        state,
        today,
        by as _,
        valid_until
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "UPDATE care_demand SET version = version + 1 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        demand as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The names of the facilities that a demand wishes now, the dearest first.
pub(in crate::demands) async fn wished_names(tx: &mut TenantTx, demand: DemandId) -> Result<Vec<String>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT f.name
           FROM facility_preference p
           JOIN facility f ON f.tenant_id = p.tenant_id AND f.id = p.facility_id
          WHERE p.tenant_id = $1 AND p.demand_id = $2
            AND p.state NOT IN ('refused', 'declined', 'withdrawn', 'offer_expired', 'covered_elsewhere')
          ORDER BY p.rank",
        tenant.0,
        demand as _
    )
    .fetch_all(tx.conn())
    .await
}
