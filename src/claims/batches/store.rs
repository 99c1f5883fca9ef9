//! SQL of this slice.

use chrono::{DateTime, Utc};

use super::NewBatch;
use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{ChildId, ClaimBatchId, GuardianId};

/// A file of letters.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The file.
    pub id: ClaimBatchId,
    /// Whether only families of an import are in it.
    pub only_imported: bool,
    /// When it was put together.
    pub created_at: DateTime<Utc>,
    /// When its letters were last set.
    pub written_at: Option<DateTime<Utc>>,
    /// How many are in it.
    pub letters: i64,
    /// How many of them have an account by now.
    pub claimed: i64,
}

pub(super) async fn insert(tx: &mut TenantTx, id: ClaimBatchId, only_imported: bool) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO claim_batch (tenant_id, id, only_imported, created_at) VALUES ($1, $2, $3, $4)",
        tenant.0,
        id.0,
        only_imported,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Takes the next families into a file: without account, without a code that holds, and in no file that still waits to be set.
pub(super) async fn fill(tx: &mut TenantTx, id: ClaimBatchId, new: NewBatch) -> Result<Vec<ChildId>, sqlx::Error> {
    let (tenant, today, now) = (tx.tenant_id(), tx.today(), tx.now());
    sqlx::query_scalar!(
        r#"WITH open AS (
             SELECT DISTINCT ON (g.id) g.id AS guardian_id, d.id AS demand_id, d.child_id, d.submitted_at
               FROM guardian g
               JOIN custody c ON c.tenant_id = g.tenant_id AND c.guardian_id = g.id
               JOIN care_demand d ON d.tenant_id = c.tenant_id AND d.child_id = c.child_id
              WHERE g.tenant_id = $1 AND g.account_id IS NULL AND c.valid_from <= $2 AND (c.valid_to IS NULL OR c.valid_to > $2)
                AND d.state IN ('submitted', 'confirmed', 'in_allocation', 'offer_pending', 'covered')
                AND (NOT $5 OR EXISTS (SELECT 1 FROM imported_demand i WHERE i.tenant_id = d.tenant_id AND i.demand_id = d.id))
                AND NOT EXISTS (SELECT 1 FROM claim_code k
                                 WHERE k.tenant_id = g.tenant_id AND k.guardian_id = g.id AND k.used_at IS NULL
                                   AND k.revoked_at IS NULL AND k.expires_at > $3)
                AND NOT EXISTS (SELECT 1 FROM claim_batch_member m JOIN claim_batch b ON b.tenant_id = m.tenant_id AND b.id = m.batch_id
                                 WHERE m.tenant_id = g.tenant_id AND m.guardian_id = g.id AND b.written_at IS NULL)
              ORDER BY g.id, d.submitted_at),
           chosen AS (
             INSERT INTO claim_batch_member (tenant_id, batch_id, guardian_id, demand_id)
             SELECT $1, $4, guardian_id, demand_id FROM open ORDER BY submitted_at, guardian_id LIMIT $6
             RETURNING guardian_id)
           SELECT o.child_id AS "child_id!: ChildId" FROM open o JOIN chosen USING (guardian_id)"#,
        tenant.0,
        today,
        now,
        id.0,
        new.only_imported,
        new.letters
    )
    .fetch_all(tx.conn())
    .await
}

/// Notes that the letters of a file are set now, and locks it; `None`: there is no such file.
pub(super) async fn set_written(tx: &mut TenantTx, id: ClaimBatchId) -> Result<Option<()>, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let done = sqlx::query!(
        "UPDATE claim_batch SET written_at = $3 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok((done.rows_affected() > 0).then_some(()))
}

/// Somebody who gets a letter.
pub(super) struct Person {
    pub guardian_id: GuardianId,
    pub child_id: ChildId,
    pub name: String,
    pub language: String,
    pub street: Option<String>,
    pub place: Option<String>,
    pub address_protected: bool,
    pub reference_code: String,
}

/// Who of a file has custody and no account today, sorted as the post wants it: by postal code, street and house.
pub(super) async fn people(tx: &mut TenantRead, id: ClaimBatchId) -> Result<Vec<Person>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_as!(
        Person,
        r#"SELECT g.id AS "guardian_id: GuardianId", d.child_id AS "child_id: ChildId", g.first_name || ' ' || g.last_name AS "name!",
                  g.language, h.street || ' ' || h.house_number AS street, h.postal_code || ' ' || h.city AS place,
                  COALESCE(h.address_protected, false) AS "address_protected!", d.reference_code AS "reference_code!"
             FROM claim_batch_member m
             JOIN guardian g ON g.tenant_id = m.tenant_id AND g.id = m.guardian_id
             JOIN care_demand d ON d.tenant_id = m.tenant_id AND d.id = m.demand_id
             LEFT JOIN household h ON h.tenant_id = g.tenant_id AND h.id = g.household_id
            WHERE m.tenant_id = $1 AND m.batch_id = $2 AND g.account_id IS NULL
              AND EXISTS (SELECT 1 FROM custody c
                           WHERE c.tenant_id = m.tenant_id AND c.guardian_id = g.id AND c.child_id = d.child_id
                             AND c.valid_from <= $3 AND (c.valid_to IS NULL OR c.valid_to > $3))
            ORDER BY h.address_protected NULLS LAST, h.postal_code, h.street, h.house_number, g.last_name, g.id"#,
        tenant.0,
        id.0,
        today
    )
    .fetch_all(tx.conn())
    .await
}

/// One file, or the newest two hundred.
pub(super) async fn list(tx: &mut TenantRead, only: Option<ClaimBatchId>) -> Result<Vec<Batch>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Batch,
        r#"SELECT b.id AS "id: ClaimBatchId", b.only_imported, b.created_at, b.written_at, m.letters AS "letters!", m.claimed AS "claimed!"
             FROM claim_batch b
            CROSS JOIN LATERAL (
              SELECT count(*) AS letters, count(g.account_id) AS claimed
                FROM claim_batch_member n JOIN guardian g ON g.tenant_id = n.tenant_id AND g.id = n.guardian_id
               WHERE n.tenant_id = b.tenant_id AND n.batch_id = b.id) m
            WHERE b.tenant_id = $1 AND ($2::uuid IS NULL OR b.id = $2)
            ORDER BY b.created_at DESC, b.id
            LIMIT 200"#,
        tenant.0,
        only.map(|id| id.0)
    )
    .fetch_all(tx.conn())
    .await
}
