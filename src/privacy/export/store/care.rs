//! Demands, and the places and contracts that came of them.

use super::{Subject, Tables};
use crate::access::TenantRead;

/// Demands, what was answered, wishes, points, history.
pub(in crate::privacy::export) async fn demands(
    tx: &mut TenantRead,
    of: &Subject,
    to: &mut Tables,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,created_by}'::text[] AS "row!"
               FROM care_demand t
               WHERE t.tenant_id = $1 AND t.child_id = ANY($2)
               ORDER BY t.created_at"#,
        tenant.0,
        &of.children as _
    );
    to.insert("care_demand", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,seen_by}'::text[] AS "row!"
               FROM demand_fact t
               JOIN care_demand d ON d.tenant_id = t.tenant_id AND d.id = t.demand_id
               WHERE t.tenant_id = $1 AND d.child_id = ANY($2)"#,
        tenant.0,
        &of.children as _
    );
    to.insert("demand_fact", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id}'::text[] AS "row!"
               FROM facility_preference t
               JOIN care_demand d ON d.tenant_id = t.tenant_id AND d.id = t.demand_id
               WHERE t.tenant_id = $1 AND d.child_id = ANY($2)
               ORDER BY t.demand_id, t.rank"#,
        tenant.0,
        &of.children as _
    );
    to.insert("facility_preference", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,lines_key}'::text[] AS "row!"
               FROM preference_score t
               JOIN facility_preference p ON p.tenant_id = t.tenant_id AND p.id = t.preference_id
               JOIN care_demand d ON d.tenant_id = p.tenant_id AND d.id = p.demand_id
               WHERE t.tenant_id = $1 AND d.child_id = ANY($2)"#,
        tenant.0,
        &of.children as _
    );
    to.insert("preference_score", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,actor_id}'::text[] AS "row!"
               FROM demand_event t
               JOIN care_demand d ON d.tenant_id = t.tenant_id AND d.id = t.demand_id
               WHERE t.tenant_id = $1 AND d.child_id = ANY($2)
               ORDER BY t.at"#,
        tenant.0,
        &of.children as _
    );
    to.insert("demand_event", rows.fetch_all(tx.conn()).await?);
    Ok(())
}

/// Offers, contracts, and the places that both take.
pub(in crate::privacy::export) async fn places(
    tx: &mut TenantRead,
    of: &Subject,
    to: &mut Tables,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,created_by}'::text[] AS "row!"
               FROM place_offer t
               WHERE t.tenant_id = $1 AND t.child_id = ANY($2)
               ORDER BY t.created_at"#,
        tenant.0,
        &of.children as _
    );
    to.insert("place_offer", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,notice_account,measles_seen_by}'::text[] AS "row!"
               FROM care_contract t
               WHERE t.tenant_id = $1 AND t.child_id = ANY($2)
               ORDER BY t.created_at"#,
        tenant.0,
        &of.children as _
    );
    to.insert("care_contract", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id}'::text[] AS "row!"
               FROM occupancy t
               WHERE t.tenant_id = $1 AND t.child_id = ANY($2)
               ORDER BY t.from_month"#,
        tenant.0,
        &of.children as _
    );
    to.insert("occupancy", rows.fetch_all(tx.conn()).await?);
    Ok(())
}

/// What became of a contract: who signed, in which group the child is, what is owed.
pub(in crate::privacy::export) async fn contracts(
    tx: &mut TenantRead,
    of: &Subject,
    to: &mut Tables,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,account_id,guardian_id}'::text[] AS "row!"
               FROM contract_signature t
               JOIN care_contract k ON k.tenant_id = t.tenant_id AND k.id = t.contract_id
               WHERE t.tenant_id = $1 AND k.child_id = ANY($2)
               ORDER BY t.at"#,
        tenant.0,
        &of.children as _
    );
    to.insert("contract_signature", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,created_by}'::text[] AS "row!"
               FROM contract_amendment t
               JOIN care_contract k ON k.tenant_id = t.tenant_id AND k.id = t.contract_id
               WHERE t.tenant_id = $1 AND k.child_id = ANY($2)
               ORDER BY t.contract_id, t.number"#,
        tenant.0,
        &of.children as _
    );
    to.insert("contract_amendment", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id}'::text[] AS "row!"
               FROM followup_demand t
               WHERE t.tenant_id = $1 AND t.child_id = ANY($2)
               ORDER BY t.created_at"#,
        tenant.0,
        &of.children as _
    );
    to.insert("followup_demand", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,recorded_by}'::text[] AS "row!"
               FROM school_entry_decision t
               WHERE t.tenant_id = $1 AND t.child_id = ANY($2)
               ORDER BY t.recorded_at"#,
        tenant.0,
        &of.children as _
    );
    to.insert("school_entry_decision", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,reminded_of}'::text[] AS "row!"
               FROM guest_case t
               WHERE t.tenant_id = $1 AND t.child_id = ANY($2)
               ORDER BY t.created_at"#,
        tenant.0,
        &of.children as _
    );
    to.insert("guest_case", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,noted_by,decided_by}'::text[] AS "row!"
               FROM guest_lapse t
               WHERE t.tenant_id = $1 AND t.child_id = ANY($2)
               ORDER BY t.noted_at"#,
        tenant.0,
        &of.children as _
    );
    to.insert("guest_lapse", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT (to_jsonb(t) - 'tenant_id') || jsonb_build_object('from_on', a.from_on, 'to_on', a.to_on) AS "row!"
               FROM substitution t
               JOIN childminder_absence a ON a.tenant_id = t.tenant_id AND a.id = t.absence_id
               JOIN care_contract k ON k.tenant_id = t.tenant_id AND k.id = t.contract_id
               WHERE t.tenant_id = $1 AND k.child_id = ANY($2)
               ORDER BY a.from_on"#,
        tenant.0,
        &of.children as _
    );
    to.insert("substitution", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,seen_by}'::text[] AS "row!"
               FROM move_in t
               WHERE t.tenant_id = $1 AND t.child_id = ANY($2)
               ORDER BY t.created_at"#,
        tenant.0,
        &of.children as _
    );
    to.insert("move_in", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,site_account}'::text[] AS "row!"
               FROM place_swap_part t
               WHERE t.tenant_id = $1 AND t.child_id = ANY($2)
               ORDER BY t.id"#,
        tenant.0,
        &of.children as _
    );
    to.insert("place_swap_part", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,created_by}'::text[] AS "row!"
               FROM group_placement t
               WHERE t.tenant_id = $1 AND t.child_id = ANY($2)
               ORDER BY t.valid_from"#,
        tenant.0,
        &of.children as _
    );
    to.insert("group_placement", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,drafted_by,issued_by}'::text[] AS "row!"
               FROM fee_assessment t
               WHERE t.tenant_id = $1 AND t.child_id = ANY($2)
               ORDER BY t.drafted_at"#,
        tenant.0,
        &of.children as _
    );
    to.insert("fee_assessment", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,decided_by,ended_by}'::text[] AS "row!"
               FROM fee_relief t
               WHERE t.tenant_id = $1 AND t.child_id = ANY($2)
               ORDER BY t.decided_at"#,
        tenant.0,
        &of.children as _
    );
    to.insert("fee_relief", rows.fetch_all(tx.conn()).await?);
    Ok(())
}
