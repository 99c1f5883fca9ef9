//! Decisions on school entry, and the contracts that follow them.

use chrono::{DateTime, NaiveDate, Utc};

use super::PresentPlace;
use crate::access::{TenantRead, TenantTx};
use crate::contracts::school::{NewSchoolEntry, SchoolEntryKind};
use crate::platform::ids::{ChildId, ContractId, DemandId, FacilityId, OfferId, random_uuid};

/// A decision as it was recorded.
pub struct SchoolDecisionRow {
    /// What was decided.
    pub kind: SchoolEntryKind,
    /// The first day of school.
    pub entry_on: NaiveDate,
    /// The day of the decision.
    pub decided_on: NaiveDate,
    /// Who decided, or where it stands.
    pub note: Option<String>,
    /// Who recorded it, if a person did.
    pub recorded_by: Option<String>,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// The decision that counts for a child: the last one that was recorded.
pub async fn school_decision(tx: &mut TenantRead, child: ChildId) -> Result<Option<SchoolDecisionRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        SchoolDecisionRow,
        r#"SELECT d.kind AS "kind: SchoolEntryKind", d.entry_on, d.decided_on, d.note, a.display_name AS "recorded_by?", d.recorded_at
             FROM school_entry_decision d
             LEFT JOIN account a ON a.tenant_id = d.tenant_id AND a.id = d.recorded_by
            WHERE d.tenant_id = $1 AND d.child_id = $2
            ORDER BY d.number DESC
            LIMIT 1"#,
        tenant.0,
        child.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// Writes a decision.
pub async fn add_school_decision(
    tx: &mut TenantTx,
    child: ChildId,
    new: &NewSchoolEntry,
    entry_on: NaiveDate,
    note: Option<&str>,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let account = tx.account().map(|a| a.id.0);
    sqlx::query!(
        "INSERT INTO school_entry_decision (tenant_id, id, child_id, number, kind, entry_on, decided_on, note, recorded_by, recorded_at)
         SELECT $1, $2, $3, count(*) + 1, $4, $5, $6, $7, $8, $9
           FROM school_entry_decision
          WHERE tenant_id = $1 AND child_id = $3",
        tenant.0,
        random_uuid(),
        child.0,
        new.kind as _,
        entry_on,
        new.decided_on,
        note,
        account,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Places that a child has by contracts without notice beyond a day.
pub async fn places_beyond(
    tx: &mut TenantRead,
    child: ChildId,
    day: NaiveDate,
) -> Result<Vec<PresentPlace>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        PresentPlace,
        r#"SELECT k.id AS "contract_id: ContractId", k.offer_id AS "offer_id: OfferId", k.demand_id AS "demand_id: DemandId",
                  k.facility_id AS "facility_id: FacilityId", f.name AS facility_name, k.care_from, k.care_until
             FROM care_contract k
             JOIN facility f ON f.tenant_id = k.tenant_id AND f.id = k.facility_id
            WHERE k.tenant_id = $1 AND k.child_id = $2 AND k.state IN ('signed_by_provider', 'active') AND k.notice_by IS NULL
              AND k.care_from < $3 AND k.care_until >= $3
            ORDER BY k.facility_id, k.id"#,
        tenant.0,
        child.0,
        day
    )
    .fetch_all(tx.conn())
    .await
}
