//! The own person and the children in custody, and what is recorded of them.

use super::{Subject, Tables};
use crate::access::TenantRead;
use crate::platform::ids::AccountId;

/// An account with its sessions.
pub(super) async fn account(tx: &mut TenantRead, account: AccountId, to: &mut Tables) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,password_hash,totp_secret,totp_last_step,recovery_codes}'::text[] AS "row!"
               FROM account t
               WHERE t.tenant_id = $1 AND t.id = $2"#,
        tenant.0,
        account as _
    );
    to.insert("account", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,token_hash,mandate_id}'::text[] AS "row!"
               FROM session t
               WHERE t.tenant_id = $1 AND t.account_id = $2
               ORDER BY t.created_at"#,
        tenant.0,
        account as _
    );
    to.insert("session", rows.fetch_all(tx.conn()).await?);
    Ok(())
}

/// The own account, name, household and sessions. Of custody that ended stands here that it was, not of whom.
pub(in crate::privacy::export) async fn person(
    tx: &mut TenantRead,
    of: &Subject,
    to: &mut Tables,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    account(tx, of.account, to).await?;
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id}'::text[] AS "row!"
               FROM guardian t
               WHERE t.tenant_id = $1 AND (t.account_id = $2 OR t.id = $2)"#,
        tenant.0,
        of.account as _
    );
    to.insert("guardian", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,case_worker,case_worker_since}'::text[] AS "row!"
               FROM household t
               JOIN guardian g ON g.tenant_id = t.tenant_id AND g.household_id = t.id
               WHERE t.tenant_id = $1 AND (g.account_id = $2 OR g.id = $2)"#,
        tenant.0,
        of.account as _
    );
    to.insert("household", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,token_hash,email,payload}'::text[] AS "row!"
               FROM account_token t
               WHERE t.tenant_id = $1 AND (t.account_id = $2 OR t.created_by = $2)
               ORDER BY t.created_at"#,
        tenant.0,
        of.account as _
    );
    to.insert("account_token", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id}'::text[]
               || jsonb_build_object('child_id', CASE WHEN t.child_id = ANY($3) THEN t.child_id END) AS "row!"
               FROM custody t
               WHERE t.tenant_id = $1 AND t.guardian_id = $2
               ORDER BY t.valid_from"#,
        tenant.0,
        of.guardian as _,
        &of.children as _
    );
    to.insert("custody", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,changed_by}'::text[]
               || jsonb_build_object('child_id', CASE WHEN t.child_id = ANY($3) THEN t.child_id END) AS "row!"
               FROM custody_change t
               WHERE t.tenant_id = $1 AND t.guardian_id = $2
               ORDER BY t.at"#,
        tenant.0,
        of.guardian as _,
        &of.children as _
    );
    to.insert("custody_change", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,recorded_by,account_id}'::text[] AS "row!"
               FROM mandate t
               WHERE t.tenant_id = $1 AND t.guardian_id = $2
               ORDER BY t.created_at"#,
        tenant.0,
        of.guardian as _
    );
    to.insert("mandate", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id}'::text[] AS "row!"
               FROM mandate_child t
               JOIN mandate m ON m.tenant_id = t.tenant_id AND m.id = t.mandate_id
               WHERE t.tenant_id = $1 AND m.guardian_id = $2 AND t.child_id = ANY($3)"#,
        tenant.0,
        of.guardian as _,
        &of.children as _
    );
    to.insert("mandate_child", rows.fetch_all(tx.conn()).await?);
    Ok(())
}

/// The children in custody.
pub(in crate::privacy::export) async fn children(
    tx: &mut TenantRead,
    of: &Subject,
    to: &mut Tables,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,household_id}'::text[] AS "row!"
               FROM child t
               WHERE t.tenant_id = $1 AND t.id = ANY($2)
               ORDER BY t.created_at"#,
        tenant.0,
        &of.children as _
    );
    to.insert("child", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id}'::text[] AS "row!"
               FROM sibling_link t
               WHERE t.tenant_id = $1 AND t.child_id = ANY($2) AND t.sibling_id = ANY($2)"#,
        tenant.0,
        &of.children as _
    );
    to.insert("sibling_link", rows.fetch_all(tx.conn()).await?);
    Ok(())
}

/// Messages, and what the audit says of the own doing and about the children. Of an event stands here what happened, not to whom else.
pub(in crate::privacy::export) async fn records(
    tx: &mut TenantRead,
    of: &Subject,
    to: &mut Tables,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,message_id}'::text[] || jsonb_build_object('context', t.context - 'token') AS "row!"
             FROM notification t
            WHERE t.tenant_id = $1 AND (t.account_id = $2 OR t.guardian_id = $3)
            ORDER BY t.created_at"#,
        tenant.0,
        of.account as _,
        of.guardian as _
    );
    to.insert("notification", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,actor_id,object_id,child_ids,request_id,on_behalf_of}'::text[] AS "row!"
             FROM audit_event t
            WHERE t.tenant_id = $1
              AND t.id IN (SELECT o.id FROM audit_event o WHERE o.tenant_id = $1 AND o.actor_id = $2
                           UNION SELECT c.event_id FROM audit_child c WHERE c.tenant_id = $1 AND c.child_id = ANY($3))
            ORDER BY t.at, t.id"#,
        tenant.0,
        of.account as _,
        &of.children as _
    );
    to.insert("audit_event", rows.fetch_all(tx.conn()).await?);
    Ok(())
}
