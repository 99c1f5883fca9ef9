//! SQL of this slice.

use chrono::{DateTime, NaiveDate, Utc};

use super::model::{Ender, NewMandate};
use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{AccountId, ChildId, GuardianId, MandateId};

/// A mandate with the names that people need to tell it from others.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub id: MandateId,
    pub guardian_id: GuardianId,
    pub guardian_name: String,
    pub guardian_account: Option<AccountId>,
    pub name: String,
    pub email: String,
    pub may_act: bool,
    pub valid_from: NaiveDate,
    pub valid_until: NaiveDate,
    pub on_paper: bool,
    pub accepted_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub ended_by: Option<Ender>,
    pub child_ids: Vec<ChildId>,
    pub child_names: Vec<String>,
    pub version: i32,
}

/// Whose mandates.
#[derive(Debug, Clone, Default)]
pub(super) struct Which {
    pub id: Option<MandateId>,
    /// Given by the guardian of this account.
    pub given_by: Option<AccountId>,
    /// About this child.
    pub child: Option<ChildId>,
    /// Taken on by this account, or offered to its confirmed address.
    pub taken_by: Option<AccountId>,
}

/// Mandates, the newest first. Children who were deleted since are not named.
pub(super) async fn list(tx: &mut TenantRead, which: &Which) -> Result<Vec<Row>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Row,
        r#"SELECT m.id AS "id: MandateId", m.guardian_id AS "guardian_id: GuardianId", g.first_name || ' ' || g.last_name AS "guardian_name!",
                  g.account_id AS "guardian_account: AccountId", m.name, m.email, m.may_act, m.valid_from, m.valid_until,
                  m.recorded_by IS NOT NULL AS "on_paper!", m.accepted_at, m.ended_at,
                  m.ended_by AS "ended_by: Ender", m.version,
                  COALESCE(array_agg(c.id ORDER BY c.id) FILTER (WHERE c.id IS NOT NULL), '{}') AS "child_ids!: Vec<ChildId>",
                  COALESCE(array_agg(COALESCE(c.first_name, '') ORDER BY c.id) FILTER (WHERE c.id IS NOT NULL), '{}') AS "child_names!"
             FROM mandate m
             JOIN guardian g ON g.tenant_id = m.tenant_id AND g.id = m.guardian_id
             LEFT JOIN mandate_child k ON k.tenant_id = m.tenant_id AND k.mandate_id = m.id
             LEFT JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
            WHERE m.tenant_id = $1
              AND ($2::uuid IS NULL OR m.id = $2)
              AND ($3::uuid IS NULL OR g.account_id = $3)
              AND ($4::uuid IS NULL OR EXISTS (
                    SELECT 1 FROM mandate_child x WHERE x.tenant_id = m.tenant_id AND x.mandate_id = m.id AND x.child_id = $4))
              AND ($5::uuid IS NULL OR m.account_id = $5 OR (m.account_id IS NULL AND m.email = (
                    SELECT a.email FROM account a WHERE a.tenant_id = m.tenant_id AND a.id = $5 AND a.email_confirmed_at IS NOT NULL)))
            GROUP BY m.tenant_id, m.id, g.tenant_id, g.id
            ORDER BY m.created_at DESC, m.id"#,
        tenant.0,
        which.id as _,
        which.given_by as _,
        which.child as _,
        which.taken_by as _
    )
    .fetch_all(tx.conn())
    .await
}

/// Locks a mandate: ending and accepting come one after the other.
pub(super) async fn lock(tx: &mut TenantTx, id: MandateId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "SELECT id FROM mandate WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await
    .map(|_| ())
}

/// The guardian behind an account.
pub(super) async fn guardian_of(tx: &mut TenantRead, account: AccountId) -> Result<Option<GuardianId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT id AS "id: GuardianId" FROM guardian WHERE tenant_id = $1 AND account_id = $2"#,
        tenant.0,
        account as _
    )
    .fetch_optional(tx.conn())
    .await
}

/// Those of these children of whom the guardian has custody today and whose data are not restricted.
pub(super) async fn in_custody(
    tx: &mut TenantRead,
    guardian: GuardianId,
    children: &[ChildId],
) -> Result<Vec<ChildId>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_scalar!(
        r#"SELECT DISTINCT c.child_id AS "id: ChildId"
             FROM custody c
             JOIN child k ON k.tenant_id = c.tenant_id AND k.id = c.child_id
            WHERE c.tenant_id = $1 AND c.guardian_id = $2 AND c.child_id = ANY($3) AND k.restricted_at IS NULL
              AND c.valid_from <= $4 AND (c.valid_to IS NULL OR c.valid_to > $4)"#,
        tenant.0,
        guardian as _,
        children as _,
        today
    )
    .fetch_all(tx.conn())
    .await
}

/// Writes a mandate that holds from today on, once it is accepted.
pub(super) async fn insert(
    tx: &mut TenantTx,
    guardian: GuardianId,
    new: &NewMandate,
    recorded_by: Option<AccountId>,
) -> Result<MandateId, sqlx::Error> {
    let (tenant, now, today, id) = (tx.tenant_id(), tx.now(), tx.today(), MandateId::new());
    sqlx::query!(
        "INSERT INTO mandate (tenant_id, id, guardian_id, name, email, may_act, valid_from, valid_until, recorded_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        tenant.0,
        id as _,
        guardian as _,
        new.name,
        new.email,
        new.may_act,
        today,
        new.valid_until,
        recorded_by as _,
        now
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "INSERT INTO mandate_child (tenant_id, mandate_id, child_id) SELECT $1, $2, child FROM unnest($3::uuid[]) AS child",
        tenant.0,
        id as _,
        &new.child_ids as _
    )
    .execute(tx.conn())
    .await?;
    Ok(id)
}

/// The account takes the mandate on.
pub(super) async fn accept(tx: &mut TenantTx, id: MandateId, account: AccountId) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE mandate SET account_id = $3, accepted_at = $4, version = version + 1 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _,
        account as _,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Ends a mandate; sessions that act by it are refused from their next request on.
pub(super) async fn end(tx: &mut TenantTx, id: MandateId, by: Ender) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE mandate SET ended_at = $3, ended_by = $4, version = version + 1 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _,
        now,
        by.as_str()
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// From now on the own session acts by this mandate, or by none.
pub(super) async fn set_acting(tx: &mut TenantTx, mandate: Option<MandateId>) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let session = tx.account().map(|account| account.session);
    sqlx::query!(
        "UPDATE session SET mandate_id = $3 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        session as _,
        mandate as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
