//! What the steps of a contract write.

use chrono::NaiveDate;
use sqlx::types::Json;

use crate::access::{TenantRead, TenantTx};
use crate::contracts::model::{CareTimes, ContractState, NoticeBy, TermsChange};
use crate::documents::ContractDraft;
use crate::notifications::Told;
use crate::platform::ids::{ContractId, ContractTemplateId, OfferId, PreferenceId};

/// Locks a contract until the transaction ends.
pub async fn lock(tx: &mut TenantTx, id: ContractId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "SELECT version FROM care_contract WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await
    .map(|_| ())
}

/// Writes a state. Care that begins has its first day noted.
pub async fn set_state(tx: &mut TenantTx, id: ContractId, state: ContractState) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE care_contract
            SET state = $3, began_on = CASE WHEN $3 = 'active' THEN care_from ELSE began_on END, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        state.as_str()
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Writes the terms of a draft.
pub async fn put_terms(
    tx: &mut TenantTx,
    id: ContractId,
    terms: &TermsChange,
    times: &CareTimes,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE care_contract
            SET care_from = $3, hours_per_week = $4, window_from = $5, window_to = $6, settling_in_weeks = $7, note = $8, week = $9,
                version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        terms.care_from,
        times.hours_per_week,
        times.window_from,
        times.window_to,
        terms.settling_in_weeks,
        terms.note,
        times.week as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Writes that it was sent, with all that it says.
pub async fn set_sent(
    tx: &mut TenantTx,
    id: ContractId,
    template: Option<ContractTemplateId>,
    document: &ContractDraft,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE care_contract
            SET state = 'sent', template_id = $3, notice_months = $4, document = $5, sent_at = $6, reminders = 0, reminded_on = NULL,
                notice_to = $7, notice_not_last_months = $8, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        template.map(|t| t.0),
        document.notice_months,
        Json(document) as _,
        now,
        document.notice_to as _,
        document.notice_not_last_months
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Writes that it is a draft again.
pub async fn set_recalled(tx: &mut TenantTx, id: ContractId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE care_contract
            SET state = 'drafted', template_id = NULL, document = NULL, sent_at = NULL, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// A notice that was given.
pub struct GivenNotice<'a> {
    pub by: NoticeBy,
    pub reason: Option<&'a str>,
    /// When and how it arrived on paper.
    pub told: Option<Told>,
    pub state: ContractState,
    /// The new first day without care; `None`: care never begins.
    pub until: Option<NaiveDate>,
}

/// Writes who gave notice and when it ends.
pub async fn set_notice(tx: &mut TenantTx, id: ContractId, notice: &GivenNotice<'_>) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let account = tx.account().map(|a| a.id.0);
    sqlx::query!(
        "UPDATE care_contract
            SET notice_by = $3, notice_at = $4, notice_account = $5, notice_reason = $6, state = $7,
                care_until = COALESCE($8, care_until), notice_received_on = $9, notice_told_by = $10, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        notice.by as _,
        now,
        account,
        notice.reason,
        notice.state.as_str(),
        notice.until,
        notice.told.map(|told| told.on),
        notice.told.map(|told| told.by.as_str())
    )
    .execute(tx.conn())
    .await?;
    super::drop_open_amendment(tx, id).await
}

/// The wish that an accepted offer fulfils.
pub async fn preference_of(tx: &mut TenantRead, offer: OfferId) -> Result<PreferenceId, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT preference_id AS "preference_id: PreferenceId" FROM place_offer WHERE tenant_id = $1 AND id = $2"#,
        tenant.0,
        offer.0
    )
    .fetch_one(tx.conn())
    .await
}

/// Contracts whose first or last day has passed without a note of it.
pub async fn due(tx: &mut TenantRead, after: Option<ContractId>, limit: i64) -> Result<Vec<ContractId>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_scalar!(
        r#"SELECT id AS "id: ContractId"
             FROM care_contract
            WHERE tenant_id = $1
              AND ((state = 'signed_by_provider' AND care_from <= $2)
                   OR (state IN ('drafted', 'sent', 'signed_by_guardians', 'signed_by_provider', 'active') AND care_until <= $2))
              AND ($4::uuid IS NULL OR id > $4)
            ORDER BY id
            LIMIT $3"#,
        tenant.0,
        today,
        limit,
        after.map(|a| a.0)
    )
    .fetch_all(tx.conn())
    .await
}

/// Contracts for which a signature of the guardians is missing since a day, of the contract itself or of a change, and which nobody was
/// reminded of since then; three times at most. Restricted data are kept and not worked with.
pub async fn unsigned(
    tx: &mut TenantRead,
    since: NaiveDate,
    after: Option<ContractId>,
    limit: i64,
) -> Result<Vec<ContractId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT k.id AS "id: ContractId"
             FROM care_contract k
             JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
             LEFT JOIN contract_amendment a ON a.tenant_id = k.tenant_id AND a.contract_id = k.id AND a.state = 'sent'
                                            AND k.state IN ('signed_by_provider', 'active')
            WHERE k.tenant_id = $1 AND k.reminders < 3 AND c.restricted_at IS NULL
              AND (k.state = 'sent' OR a.id IS NOT NULL)
              AND (COALESCE(a.sent_at, k.sent_at) AT TIME ZONE 'Europe/Berlin')::date <= $2
              AND (k.reminded_on IS NULL OR k.reminded_on <= $2)
              AND ($4::uuid IS NULL OR k.id > $4)
            ORDER BY k.id
            LIMIT $3"#,
        tenant.0,
        since,
        limit,
        after.map(|a| a.0)
    )
    .fetch_all(tx.conn())
    .await
}

/// Writes on which day the proof of protection against measles was shown to who acts, or that it was not.
pub async fn set_measles_proof(
    tx: &mut TenantTx,
    id: ContractId,
    shown_on: Option<NaiveDate>,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let by = tx.account().map(|a| a.id.0).filter(|_| shown_on.is_some());
    sqlx::query!(
        "UPDATE care_contract SET measles_shown_on = $3, measles_seen_by = $4 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        shown_on,
        by
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Writes that the guardians were reminded.
pub async fn set_reminded(tx: &mut TenantTx, id: ContractId) -> Result<(), sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query!(
        "UPDATE care_contract SET reminders = reminders + 1, reminded_on = $3 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        today
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
