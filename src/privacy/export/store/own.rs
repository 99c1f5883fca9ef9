//! Who has an account, and what is stored about a childminder and the own place. What somebody wrote is about others and stands in their copies.

use super::{Tables, person};
use crate::access::TenantRead;
use crate::platform::ids::{AccountId, FacilityId};

/// The account with its roles, what was sent to it, and the own doing in short: when and what, not to whom.
pub(in crate::privacy::export) async fn own(
    tx: &mut TenantRead,
    account: AccountId,
    to: &mut Tables,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    person::account(tx, account, to).await?;
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,token_hash,payload,created_by}'::text[] AS "row!"
               FROM account_token t
               WHERE t.tenant_id = $1 AND t.account_id = $2
               ORDER BY t.created_at"#,
        tenant.0,
        account as _
    );
    to.insert("account_token", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,created_by}'::text[] || jsonb_build_object('facility', f.name, 'provider', p.name) AS "row!"
               FROM membership t
               LEFT JOIN facility f ON f.tenant_id = t.tenant_id AND f.id = t.facility_id
               LEFT JOIN provider p ON p.tenant_id = t.tenant_id AND p.id = t.provider_id
               WHERE t.tenant_id = $1 AND t.account_id = $2
               ORDER BY t.created_at"#,
        tenant.0,
        account as _
    );
    to.insert("membership", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id}'::text[] AS "row!"
               FROM saved_views t
               WHERE t.tenant_id = $1 AND t.account_id = $2"#,
        tenant.0,
        account as _
    );
    to.insert("saved_views", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,recorded_by,account_id,guardian_id}'::text[] AS "row!"
               FROM mandate t
               WHERE t.tenant_id = $1 AND t.account_id = $2
               ORDER BY t.created_at"#,
        tenant.0,
        account as _
    );
    to.insert("mandate", rows.fetch_all(tx.conn()).await?);
    // Of these two only what is listed: the rest, and what comes to be there, may be about a family.
    let rows = sqlx::query_scalar!(
        r#"SELECT jsonb_build_object('id', t.id, 'account_id', t.account_id, 'kind', t.kind, 'channel', t.channel, 'language', t.language,
                                     'to_address', t.to_address, 'state', t.state, 'created_at', t.created_at, 'sent_at', t.sent_at,
                                     'printed_at', t.printed_at) AS "row!"
             FROM notification t
            WHERE t.tenant_id = $1 AND t.account_id = $2
            ORDER BY t.created_at"#,
        tenant.0,
        account as _
    );
    to.insert("notification", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT jsonb_build_object('id', t.id, 'at', t.at, 'action', t.action, 'role', t.role, 'outcome', t.outcome, 'code', t.code) AS "row!"
             FROM audit_event t
            WHERE t.tenant_id = $1 AND t.actor_id = $2
            ORDER BY t.at, t.id"#,
        tenant.0,
        account as _
    );
    to.insert("audit_event", rows.fetch_all(tx.conn()).await?);
    Ok(())
}

/// The place that a childminder is: what is entered and published of it, days without care, the licence.
pub(in crate::privacy::export) async fn childminder(
    tx: &mut TenantRead,
    own: &[FacilityId],
    to: &mut Tables,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,search_text,source_id,source_hash}'::text[] AS "row!"
               FROM facility t
               WHERE t.tenant_id = $1 AND t.id = ANY($2)"#,
        tenant.0,
        own as _
    );
    to.insert("facility", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id}'::text[] AS "row!"
               FROM childminder_licence t
               WHERE t.tenant_id = $1 AND t.facility_id = ANY($2)"#,
        tenant.0,
        own as _
    );
    to.insert("childminder_licence", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,drafted_by,edited_by,approved_by,issued_by,demand_id,care_from,fee_id,sums}'::text[] AS "row!"
               FROM notice t
               WHERE t.tenant_id = $1 AND t.posted_on IS NOT NULL AND t.demand_id IS NULL AND t.facility_id = ANY($2)
               ORDER BY t.posted_on"#,
        tenant.0,
        own as _
    );
    to.insert("notice", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id}'::text[] AS "row!"
               FROM capacity t
               WHERE t.tenant_id = $1 AND t.facility_id = ANY($2)
               ORDER BY t.from_month, t.age_band"#,
        tenant.0,
        own as _
    );
    to.insert("capacity", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id}'::text[] AS "row!"
               FROM capacity_closure t
               WHERE t.tenant_id = $1 AND t.facility_id = ANY($2)
               ORDER BY t.valid_from"#,
        tenant.0,
        own as _
    );
    to.insert("capacity_closure", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id}'::text[] AS "row!"
               FROM closing_day t
               WHERE t.tenant_id = $1 AND t.facility_id = ANY($2)
               ORDER BY t.day"#,
        tenant.0,
        own as _
    );
    to.insert("closing_day", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id}'::text[] AS "row!"
               FROM childminder_absence t
               WHERE t.tenant_id = $1 AND t.facility_id = ANY($2)
               ORDER BY t.from_on"#,
        tenant.0,
        own as _
    );
    to.insert("childminder_absence", rows.fetch_all(tx.conn()).await?);
    // Neither the child nor the other childminder: that and when, and on which side this one was.
    let rows = sqlx::query_scalar!(
        r#"SELECT jsonb_build_object('arranged_at', t.arranged_at, 'from_on', a.from_on, 'to_on', a.to_on,
                                     'role', CASE WHEN a.facility_id = ANY($2) THEN 'away' ELSE 'substitute' END) AS "row!"
               FROM substitution t
               JOIN childminder_absence a ON a.tenant_id = t.tenant_id AND a.id = t.absence_id
               WHERE t.tenant_id = $1 AND (a.facility_id = ANY($2) OR t.substitute_id = ANY($2))
               ORDER BY a.from_on, t.arranged_at"#,
        tenant.0,
        own as _
    );
    to.insert("substitution", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,version,children_version}'::text[] AS "row!"
               FROM survey_entry t
               WHERE t.tenant_id = $1 AND t.facility_id = ANY($2) AND t.entry IS NOT NULL
               ORDER BY t.key_date"#,
        tenant.0,
        own as _
    );
    to.insert("survey_entry", rows.fetch_all(tx.conn()).await?);
    Ok(())
}
