//! Cases about which a named person decides.

use crate::access::{TenantRead, TenantTx};
use crate::allocation::rounds::proposal::Flag;
use crate::platform::ids::{AccountId, CaseId, ChildId, RoundId};

/// How many cases of a round wait for a person's decision.
pub(in crate::allocation::rounds) async fn undecided(tx: &mut TenantRead, round: RoundId) -> Result<i64, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM case_proposal WHERE tenant_id = $1 AND round_id = $2 AND weight >= $3 AND decided_by IS NULL"#,
        tenant.0,
        round.0,
        Flag::LAST_DECIDED.weight()
    )
    .fetch_one(tx.conn())
    .await
}

/// A case that is to be decided about.
pub(in crate::allocation::rounds) struct Flagged {
    pub id: CaseId,
    pub child_id: ChildId,
    pub flags: Vec<String>,
}

/// These cases of a round, as far as there are such.
pub(in crate::allocation::rounds) async fn flagged(
    tx: &mut TenantRead,
    round: RoundId,
    cases: &[CaseId],
) -> Result<Vec<Flagged>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Flagged,
        r#"SELECT c.id AS "id: CaseId", c.child_id AS "child_id: ChildId", p.flags
             FROM case_proposal p
             JOIN round_case c ON c.tenant_id = p.tenant_id AND c.id = p.case_id
            WHERE p.tenant_id = $1 AND p.round_id = $2 AND p.case_id = ANY($3)"#,
        tenant.0,
        round.0,
        cases as _
    )
    .fetch_all(tx.conn())
    .await
}

/// Notes who decided about what is proposed to these cases, or takes that back (`by` empty).
pub(in crate::allocation::rounds) async fn decide(
    tx: &mut TenantTx,
    round: RoundId,
    cases: &[CaseId],
    by: Option<AccountId>,
    note: Option<&str>,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE case_proposal
            SET decided_by = $4, decided_at = CASE WHEN $4::uuid IS NOT NULL THEN $6::timestamptz END, decision_note = $5
          WHERE tenant_id = $1 AND round_id = $2 AND case_id = ANY($3)",
        tenant.0,
        round.0,
        cases as _,
        by.map(|account| account.0),
        note,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
