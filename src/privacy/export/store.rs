//! SQL of the family's copy: one literal query a table, which leaves out what is about somebody else or secret.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::access::TenantRead;
use crate::platform::ids::{AccountId, ChildId, GuardianId};

/// Rows by table.
pub(super) type Tables = BTreeMap<&'static str, Vec<Value>>;

/// Whose copy it is.
pub(super) struct Subject {
    /// The account; of a guardian without one the guardian's own id, which is no account's.
    pub account: AccountId,
    pub guardian: Option<GuardianId>,
    pub children: Vec<ChildId>,
}

/// The guardian behind an account, with the children in custody today.
pub(super) async fn subject(tx: &mut TenantRead, account: AccountId) -> Result<Subject, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let guardian = sqlx::query_scalar!(
        r#"SELECT id AS "id: GuardianId" FROM guardian WHERE tenant_id = $1 AND (account_id = $2 OR id = $2)"#,
        tenant.0,
        account as _
    )
    .fetch_optional(tx.conn())
    .await?;
    let children = sqlx::query_scalar!(
        r#"SELECT DISTINCT child_id AS "child_id: ChildId"
             FROM custody
            WHERE tenant_id = $1 AND guardian_id = $2 AND valid_from <= $3 AND (valid_to IS NULL OR valid_to > $3)"#,
        tenant.0,
        guardian as _,
        today
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(Subject {
        account,
        guardian,
        children,
    })
}

/// What decides whether the office may hand a copy to a guardian.
pub(super) struct Applicant {
    pub has_account: bool,
    pub address_protected: bool,
    pub case_worker: Option<AccountId>,
}

/// A guardian who asks at the counter.
pub(super) async fn applicant(tx: &mut TenantRead, id: GuardianId) -> Result<Option<Applicant>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Applicant,
        r#"SELECT g.account_id IS NOT NULL AS "has_account!", COALESCE(h.address_protected, false) AS "address_protected!",
                  h.case_worker AS "case_worker: AccountId"
             FROM guardian g
             LEFT JOIN household h ON h.tenant_id = g.tenant_id AND h.id = g.household_id
            WHERE g.tenant_id = $1 AND g.id = $2"#,
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await
}

/// The own account, name, household and sessions. Of custody that ended stands here that it was, not of whom.
pub(super) async fn person(tx: &mut TenantRead, of: &Subject, to: &mut Tables) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,password_hash,totp_secret,totp_last_step,recovery_codes}'::text[] AS "row!"
               FROM account t
               WHERE t.tenant_id = $1 AND t.id = $2"#,
        tenant.0,
        of.account as _
    );
    to.insert("account", rows.fetch_all(tx.conn()).await?);
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,token_hash,mandate_id}'::text[] AS "row!"
               FROM session t
               WHERE t.tenant_id = $1 AND t.account_id = $2
               ORDER BY t.created_at"#,
        tenant.0,
        of.account as _
    );
    to.insert("session", rows.fetch_all(tx.conn()).await?);
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
pub(super) async fn children(tx: &mut TenantRead, of: &Subject, to: &mut Tables) -> Result<(), sqlx::Error> {
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

/// Demands, what was answered, wishes, points, history.
pub(super) async fn demands(tx: &mut TenantRead, of: &Subject, to: &mut Tables) -> Result<(), sqlx::Error> {
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
pub(super) async fn places(tx: &mut TenantRead, of: &Subject, to: &mut Tables) -> Result<(), sqlx::Error> {
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
        r#"SELECT to_jsonb(t) - '{tenant_id,notice_account}'::text[] AS "row!"
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
pub(super) async fn contracts(tx: &mut TenantRead, of: &Subject, to: &mut Tables) -> Result<(), sqlx::Error> {
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
        r#"SELECT to_jsonb(t) - '{tenant_id,token_hash}'::text[] AS "row!"
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

/// What the office and facilities did with a demand: notices that were posted, the register, appointments, notes.
pub(super) async fn office(tx: &mut TenantRead, of: &Subject, to: &mut Tables) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) - '{tenant_id,drafted_by,edited_by,approved_by,issued_by}'::text[] AS "row!"
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
pub(super) async fn decisions(tx: &mut TenantRead, of: &Subject, to: &mut Tables) -> Result<(), sqlx::Error> {
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
        r#"SELECT to_jsonb(t) - '{tenant_id}'::text[] AS "row!"
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
        r#"SELECT to_jsonb(t) - '{tenant_id,list,decided_by}'::text[] AS "row!"
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

/// Messages, and what the audit says of the own doing and about the children. Of an event stands here what happened, not to whom else.
pub(super) async fn records(tx: &mut TenantRead, of: &Subject, to: &mut Tables) -> Result<(), sqlx::Error> {
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
              AND (t.actor_id = $2 OR t.id IN (SELECT c.event_id FROM audit_child c WHERE c.tenant_id = $1 AND c.child_id = ANY($3)))
            ORDER BY t.at, t.id"#,
        tenant.0,
        of.account as _,
        &of.children as _
    );
    to.insert("audit_event", rows.fetch_all(tx.conn()).await?);
    Ok(())
}
