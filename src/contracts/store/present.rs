//! The places that children have by contract, and leaving them for another.

use chrono::NaiveDate;

use super::drop_open_amendment;
use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{ChildId, ContractId, DemandId, FacilityId, OfferId};

/// A place that a child has by contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresentPlace {
    /// The contract.
    pub contract_id: ContractId,
    /// The accepted offer that takes the place.
    pub offer_id: OfferId,
    /// The demand that it covers.
    pub demand_id: DemandId,
    /// Where.
    pub facility_id: FacilityId,
    /// Its name.
    pub facility_name: String,
    /// First day of care.
    pub care_from: NaiveDate,
    /// First day on which the place is free again.
    pub care_until: NaiveDate,
}

/// The places that a child has by contract on some day of a time.
pub async fn present_places(
    tx: &mut TenantRead,
    child: ChildId,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<PresentPlace>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        PresentPlace,
        r#"SELECT k.id AS "contract_id: ContractId", k.offer_id AS "offer_id: OfferId", k.demand_id AS "demand_id: DemandId",
                  k.facility_id AS "facility_id: FacilityId", f.name AS facility_name, k.care_from, k.care_until
             FROM care_contract k
             JOIN facility f ON f.tenant_id = k.tenant_id AND f.id = k.facility_id
            WHERE k.tenant_id = $1 AND k.child_id = $2 AND k.state <> 'terminated' AND k.care_from < $4 AND k.care_until > $3
            ORDER BY k.facility_id, k.id"#,
        tenant.0,
        child.0,
        from,
        until
    )
    .fetch_all(tx.conn())
    .await
}

/// Locks the contract of an accepted offer; whether no signature binds anybody: there is none, or nothing came of it.
pub async fn lock_unsigned(tx: &mut TenantTx, offer: OfferId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    let state = sqlx::query_scalar!(
        "SELECT state FROM care_contract WHERE tenant_id = $1 AND offer_id = $2 FOR UPDATE",
        tenant.0,
        offer.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(state.is_some_and(|state| matches!(state.as_str(), "drafted" | "sent" | "terminated")))
}

/// Ends a contract on a day, or before it began, because the child goes elsewhere.
pub async fn leave_on(tx: &mut TenantTx, id: ContractId, day: NaiveDate) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE care_contract
            SET state = CASE WHEN care_from < $3 THEN state ELSE 'terminated' END,
                care_until = CASE WHEN care_from < $3 THEN $3 ELSE care_until END,
                notice_by = 'transfer', notice_at = $4, notice_account = NULL, notice_reason = NULL, notice_received_on = NULL,
                notice_told_by = NULL, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        day,
        now
    )
    .execute(tx.conn())
    .await?;
    drop_open_amendment(tx, id).await
}
