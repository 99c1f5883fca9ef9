//! SQL of this slice.

use chrono::{DateTime, Utc};

use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{ChildId, GuardianId, random_uuid};

/// A guardian of a child: with an account, with a code, or with neither.
#[derive(Debug, Clone)]
pub struct Access {
    /// The guardian.
    pub guardian_id: GuardianId,
    /// First and last name.
    pub name: String,
    /// Whether the guardian has an account.
    pub has_account: bool,
    /// When the code that holds was issued.
    pub issued_at: Option<DateTime<Utc>>,
    /// Until when it holds.
    pub expires_at: Option<DateTime<Utc>>,
    /// When a code was used, if one was.
    pub used_at: Option<DateTime<Utc>>,
}

pub(super) async fn access(tx: &mut TenantRead, child: ChildId) -> Result<Vec<Access>, sqlx::Error> {
    let (tenant, today, now) = (tx.tenant_id(), tx.today(), tx.now());
    sqlx::query_as!(
        Access,
        r#"SELECT g.id AS "guardian_id: GuardianId", g.first_name || ' ' || g.last_name AS "name!",
                  g.account_id IS NOT NULL AS "has_account!", k.created_at AS "issued_at?", k.expires_at AS "expires_at?",
                  (SELECT max(u.used_at) FROM claim_code u WHERE u.tenant_id = g.tenant_id AND u.guardian_id = g.id) AS used_at
             FROM custody c
             JOIN guardian g ON g.tenant_id = c.tenant_id AND g.id = c.guardian_id
             LEFT JOIN claim_code k ON k.tenant_id = g.tenant_id AND k.guardian_id = g.id AND k.used_at IS NULL
                                   AND k.revoked_at IS NULL AND k.expires_at > $4
            WHERE c.tenant_id = $1 AND c.child_id = $2 AND c.valid_from <= $3 AND (c.valid_to IS NULL OR c.valid_to > $3)
            ORDER BY c.valid_from, g.id"#,
        tenant.0,
        child as _,
        today,
        now
    )
    .fetch_all(tx.conn())
    .await
}

/// Takes back what was issued before and not used.
pub(super) async fn revoke(tx: &mut TenantTx, guardians: &[GuardianId]) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE claim_code SET revoked_at = $3
          WHERE tenant_id = $1 AND guardian_id = ANY($2) AND used_at IS NULL AND revoked_at IS NULL",
        tenant.0,
        guardians as _,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Notes the hashes of new codes, one a guardian.
pub(super) async fn insert(
    tx: &mut TenantTx,
    guardians: &[GuardianId],
    hashes: &[Vec<u8>],
    expires_at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let ids: Vec<_> = guardians.iter().map(|_| random_uuid()).collect();
    sqlx::query!(
        "INSERT INTO claim_code (tenant_id, id, guardian_id, code_hash, created_at, expires_at)
         SELECT $1, n.*, $5, $6 FROM unnest($2::uuid[], $3::uuid[], $4::bytea[]) AS n",
        tenant.0,
        &ids,
        guardians as _,
        hashes,
        now,
        expires_at
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Uses a code up: of many who show it at the same moment one gets the guardian.
pub(super) async fn redeem(tx: &mut TenantTx, hash: &[u8]) -> Result<Option<GuardianId>, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query_scalar!(
        r#"UPDATE claim_code SET used_at = $3
            WHERE tenant_id = $1 AND code_hash = $2 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $3
            RETURNING guardian_id AS "guardian_id: GuardianId""#,
        tenant.0,
        hash,
        now
    )
    .fetch_optional(tx.conn())
    .await
}

/// How far the codes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Guardians without an account whose child has an open demand, or to whom a letter with a code was assigned.
    pub without_account: i64,
    /// Those of them whose child has an open demand and who have no code that holds.
    pub without_code: i64,
    /// Those of them who are in a file of letters that was not set yet.
    pub in_batch: i64,
    /// Guardians who came in with a code.
    pub claimed: i64,
}

pub(super) async fn progress(tx: &mut TenantRead) -> Result<Progress, sqlx::Error> {
    let (tenant, today, now) = (tx.tenant_id(), tx.today(), tx.now());
    sqlx::query_as!(
        Progress,
        r#"SELECT count(*) AS "without_account!",
                  count(*) FILTER (WHERE known.open AND NOT EXISTS (
                    SELECT 1 FROM claim_code k
                     WHERE k.tenant_id = $1 AND k.guardian_id = g.id AND k.used_at IS NULL AND k.revoked_at IS NULL
                       AND k.expires_at > $3)) AS "without_code!",
                  count(*) FILTER (WHERE EXISTS (
                    SELECT 1 FROM claim_batch_member m JOIN claim_batch b ON b.tenant_id = m.tenant_id AND b.id = m.batch_id
                     WHERE m.tenant_id = $1 AND m.guardian_id = g.id AND b.written_at IS NULL)) AS "in_batch!",
                  (SELECT count(DISTINCT guardian_id) FROM claim_code WHERE tenant_id = $1 AND used_at IS NOT NULL) AS "claimed!"
             FROM guardian g
            CROSS JOIN LATERAL (
              SELECT bool_or(d.state IN ('submitted', 'confirmed', 'in_allocation', 'offer_pending', 'covered')) AS open,
                     bool_or(EXISTS (SELECT 1 FROM claim_batch_member m
                                      WHERE m.tenant_id = d.tenant_id AND m.guardian_id = g.id AND m.demand_id = d.id)) AS in_file
                FROM custody c
                JOIN care_demand d ON d.tenant_id = c.tenant_id AND d.child_id = c.child_id
               WHERE c.tenant_id = g.tenant_id AND c.guardian_id = g.id
                 AND c.valid_from <= $2 AND (c.valid_to IS NULL OR c.valid_to > $2)) known
            WHERE g.tenant_id = $1 AND g.account_id IS NULL AND (known.open OR known.in_file)"#,
        tenant.0,
        today,
        now
    )
    .fetch_one(tx.conn())
    .await
}
