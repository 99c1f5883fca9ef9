//! What the office, facilities and rounds did with a demand.

use super::{Subject, Tables};
use crate::access::TenantRead;

/// What the office and facilities did with a demand: notices that were posted, the register, appointments, notes.
pub(in crate::privacy::export) async fn office(
    tx: &mut TenantRead,
    of: &Subject,
    to: &mut Tables,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,drafted_by,edited_by,approved_by,issued_by,licence_from,licence_until,licence_places,licence_total}'::text[] AS "row!"
               FROM notice t
               JOIN care_demand d ON d.tenant_id = t.tenant_id AND d.id = t.demand_id
               WHERE t.tenant_id = $1 AND t.posted_on IS NOT NULL AND d.child_id = ANY($2)
               ORDER BY t.posted_on"#,
        tenant.0,
        &of.children as _
    );
    to.insert("notice", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,checked_by}'::text[] AS "row!"
               FROM register_check t
               JOIN care_demand d ON d.tenant_id = t.tenant_id AND d.id = t.demand_id
               WHERE t.tenant_id = $1 AND d.child_id = ANY($2)
               ORDER BY t.at"#,
        tenant.0,
        &of.children as _
    );
    to.insert("register_check", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,planned_by}'::text[] AS "row!"
               FROM facility_visit t
               JOIN facility_preference p ON p.tenant_id = t.tenant_id AND p.id = t.preference_id
               JOIN care_demand d ON d.tenant_id = p.tenant_id AND d.id = p.demand_id
               WHERE t.tenant_id = $1 AND d.child_id = ANY($2)
               ORDER BY t.starts_at"#,
        tenant.0,
        &of.children as _
    );
    to.insert("facility_visit", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,written_by}'::text[] AS "row!"
               FROM preference_note t
               JOIN facility_preference p ON p.tenant_id = t.tenant_id AND p.id = t.preference_id
               JOIN care_demand d ON d.tenant_id = p.tenant_id AND d.id = p.demand_id
               WHERE t.tenant_id = $1 AND d.child_id = ANY($2)
               ORDER BY t.written_at"#,
        tenant.0,
        &of.children as _
    );
    to.insert("preference_note", rows.fetch_all(tx.conn()).await?);
    Ok(())
}

/// What rounds and follow-up lists decided. The text of a record names the staff; what it says of the child stands in these tables.
pub(in crate::privacy::export) async fn decisions(
    tx: &mut TenantRead,
    of: &Subject,
    to: &mut Tables,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id}'::text[] AS "row!"
               FROM round_case t
               WHERE t.tenant_id = $1 AND t.child_id = ANY($2)"#,
        tenant.0,
        &of.children as _
    );
    to.insert("round_case", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,decided_by}'::text[] AS "row!"
               FROM case_proposal t
               JOIN round_case c ON c.tenant_id = t.tenant_id AND c.id = t.case_id
               WHERE t.tenant_id = $1 AND c.child_id = ANY($2)"#,
        tenant.0,
        &of.children as _
    );
    to.insert("case_proposal", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id}'::text[] AS "row!"
               FROM case_improvement t
               JOIN round_case c ON c.tenant_id = t.tenant_id AND c.id = t.case_id
               WHERE t.tenant_id = $1 AND c.child_id = ANY($2)"#,
        tenant.0,
        &of.children as _
    );
    to.insert("case_improvement", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id}'::text[] AS "row!"
               FROM case_chance t
               JOIN round_case c ON c.tenant_id = t.tenant_id AND c.id = t.case_id
               WHERE t.tenant_id = $1 AND c.child_id = ANY($2)"#,
        tenant.0,
        &of.children as _
    );
    to.insert("case_chance", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,proposed_by,approved_by,withdrawn_by}'::text[] AS "row!"
               FROM allocation_deviation t
               JOIN round_case c ON c.tenant_id = t.tenant_id AND c.id = t.case_id
               WHERE t.tenant_id = $1 AND c.child_id = ANY($2)
               ORDER BY t.proposed_at"#,
        tenant.0,
        &of.children as _
    );
    to.insert("allocation_deviation", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,body}'::text[] AS "row!"
               FROM decision_record t
               JOIN round_case c ON c.tenant_id = t.tenant_id AND c.id = t.case_id
               WHERE t.tenant_id = $1 AND c.child_id = ANY($2)
               ORDER BY t.at"#,
        tenant.0,
        &of.children as _
    );
    to.insert("decision_record", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,list,decided_by,goes_with}'::text[] AS "row!"
               FROM followup_decision t
               JOIN place_offer o ON o.tenant_id = t.tenant_id AND o.id = t.offer_id
               WHERE t.tenant_id = $1 AND o.child_id = ANY($2)
               ORDER BY t.at"#,
        tenant.0,
        &of.children as _
    );
    to.insert("followup_decision", rows.fetch_all(tx.conn()).await?);
    Ok(())
}
