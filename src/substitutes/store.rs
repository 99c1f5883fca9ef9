//! SQL of this slice.

use chrono::NaiveDate;

use super::model::{AbsenceReason, NewAbsence};
use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{AbsenceId, ChildId, ContractId, DemandId, FacilityId};

/// A childminder is away.
pub(super) struct AbsenceRow {
    pub id: AbsenceId,
    pub facility_id: FacilityId,
    pub from_on: NaiveDate,
    pub to_on: NaiveDate,
    pub reason: AbsenceReason,
}

/// One absence, which nobody else changes until the end of the transaction.
pub(super) async fn absence_for_update(tx: &mut TenantTx, id: AbsenceId) -> Result<Option<AbsenceRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        AbsenceRow,
        r#"SELECT id AS "id: AbsenceId", facility_id AS "facility_id: FacilityId", from_on, to_on, reason AS "reason: AbsenceReason"
             FROM childminder_absence
            WHERE tenant_id = $1 AND id = $2
              FOR UPDATE"#,
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// The absences of a facility that are not over on a day, the next first.
pub(super) async fn absences(
    tx: &mut TenantRead,
    facility: FacilityId,
    from: NaiveDate,
) -> Result<Vec<AbsenceRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        AbsenceRow,
        r#"SELECT id AS "id: AbsenceId", facility_id AS "facility_id: FacilityId", from_on, to_on, reason AS "reason: AbsenceReason"
             FROM childminder_absence
            WHERE tenant_id = $1 AND facility_id = $2 AND to_on >= $3
            ORDER BY from_on"#,
        tenant.0,
        facility.0,
        from
    )
    .fetch_all(tx.conn())
    .await
}

/// Notes an absence.
pub(super) async fn insert(
    tx: &mut TenantTx,
    id: AbsenceId,
    facility: FacilityId,
    new: &NewAbsence,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO childminder_absence (tenant_id, id, facility_id, from_on, to_on, reason, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        tenant.0,
        id.0,
        facility.0,
        new.from_on,
        new.to_on,
        new.reason as _,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Takes an absence back; of one that has begun the days that are over stay.
pub(super) async fn end(tx: &mut TenantTx, id: AbsenceId) -> Result<(), sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query!(
        "UPDATE childminder_absence SET to_on = $3::date - 1 WHERE tenant_id = $1 AND id = $2 AND from_on < $3 AND to_on >= $3",
        tenant.0,
        id.0,
        today
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM childminder_absence WHERE tenant_id = $1 AND id = $2 AND from_on >= $3",
        tenant.0,
        id.0,
        today
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Forgets absences that ended before a day; answers how many.
pub(super) async fn forget(tx: &mut TenantTx, before: NaiveDate) -> Result<u64, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM childminder_absence WHERE tenant_id = $1 AND to_on < $2",
        tenant.0,
        before
    )
    .execute(tx.conn())
    .await
    .map(|done| done.rows_affected())
}

/// Who looks after a child while its childminder is away.
pub(super) struct CoverRow {
    pub absence_id: AbsenceId,
    pub contract_id: ContractId,
    pub substitute_id: FacilityId,
    pub substitute_name: String,
    pub facility_name: String,
    pub child_id: ChildId,
    /// Not said of restricted children.
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub from_on: NaiveDate,
    pub to_on: NaiveDate,
}

/// Which arrangements.
pub(super) enum Covers {
    /// Of this absence.
    Of(AbsenceId),
    /// Of children who come to this facility on days from one to another.
    At(FacilityId, NaiveDate, NaiveDate),
}

/// What is arranged, by day and child.
pub(super) async fn covers(tx: &mut TenantRead, which: &Covers) -> Result<Vec<CoverRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let (of, at, from, to) = match which {
        Covers::Of(absence) => (Some(absence.0), None, None, None),
        Covers::At(facility, from, to) => (None, Some(facility.0), Some(*from), Some(*to)),
    };
    sqlx::query_as!(
        CoverRow,
        r#"SELECT s.absence_id AS "absence_id: AbsenceId", s.contract_id AS "contract_id: ContractId",
                  s.substitute_id AS "substitute_id: FacilityId", u.name AS substitute_name,
                  f.name AS facility_name, c.id AS "child_id: ChildId", CASE WHEN c.restricted_at IS NULL THEN c.first_name END AS first_name,
                  CASE WHEN c.restricted_at IS NULL THEN c.last_name END AS last_name, a.from_on, a.to_on
             FROM substitution s
             JOIN childminder_absence a ON a.tenant_id = s.tenant_id AND a.id = s.absence_id
             JOIN care_contract k ON k.tenant_id = s.tenant_id AND k.id = s.contract_id
             JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
             JOIN facility u ON u.tenant_id = s.tenant_id AND u.id = s.substitute_id
             JOIN facility f ON f.tenant_id = a.tenant_id AND f.id = a.facility_id
            WHERE s.tenant_id = $1 AND ($2::uuid IS NULL OR s.absence_id = $2)
              AND ($3::uuid IS NULL OR (s.substitute_id = $3 AND a.to_on >= $4 AND a.from_on <= $5))
            ORDER BY a.from_on, c.first_name, c.last_name, s.contract_id"#,
        tenant.0,
        of,
        at,
        from,
        to
    )
    .fetch_all(tx.conn())
    .await
}

/// Gives a child to a substitute for the days of an absence.
pub(super) async fn put_cover(
    tx: &mut TenantTx,
    absence: AbsenceId,
    contract: ContractId,
    substitute: FacilityId,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO substitution (tenant_id, absence_id, contract_id, substitute_id, arranged_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, absence_id, contract_id) DO UPDATE SET substitute_id = $4, arranged_at = $5",
        tenant.0,
        absence.0,
        contract.0,
        substitute.0,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Takes that back.
pub(super) async fn drop_cover(tx: &mut TenantTx, absence: AbsenceId, contract: ContractId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM substitution WHERE tenant_id = $1 AND absence_id = $2 AND contract_id = $3",
        tenant.0,
        absence.0,
        contract.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Whom a childminder named to look after the children, if that one is open.
pub(super) async fn standing(tx: &mut TenantRead, facility: FacilityId) -> Result<Option<FacilityId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT f.id AS "id: FacilityId"
             FROM capacity_basis b
             JOIN facility f ON f.tenant_id = b.tenant_id AND f.id = b.substitute_id
            WHERE b.tenant_id = $1 AND b.facility_id = $2 AND f.state = 'open'"#,
        tenant.0,
        facility.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// Whose contract it is.
pub(super) struct OfContract {
    pub child_id: ChildId,
    pub demand_id: DemandId,
    /// Not said of restricted children.
    pub first_name: Option<String>,
    pub last_name: Option<String>,
}

/// The child of a contract.
pub(super) async fn of_contract(tx: &mut TenantRead, id: ContractId) -> Result<Option<OfContract>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        OfContract,
        r#"SELECT c.id AS "child_id: ChildId", k.demand_id AS "demand_id: DemandId",
                  CASE WHEN c.restricted_at IS NULL THEN c.first_name END AS first_name,
                  CASE WHEN c.restricted_at IS NULL THEN c.last_name END AS last_name
             FROM care_contract k
             JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
            WHERE k.tenant_id = $1 AND k.id = $2"#,
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await
}
