//! Writing a notice, and every step that it takes afterwards.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use crate::access::{TenantRead, TenantTx};
use crate::documents::FeeSums;
use crate::notices::model::{LicenceTerms, NoticeKind, NoticeState, NoticeText, ObjectionOutcome};
use crate::platform::ids::{AccountId, DemandId, FacilityId, FeeId, NoticeId, NoticeTemplateId};

/// What a draft begins with.
pub(in crate::notices) struct Draft<'a> {
    pub id: NoticeId,
    pub demand_id: Option<DemandId>,
    pub kind: NoticeKind,
    pub file_number: &'a str,
    pub template_id: Option<NoticeTemplateId>,
    pub facility_id: Option<FacilityId>,
    pub care_from: Option<NaiveDate>,
    pub licence: LicenceTerms,
    pub fee: Option<FeeDraft<'a>>,
    pub text: &'a NoticeText,
    pub by: AccountId,
}

/// What a notice of a fee has beside the others.
#[derive(Clone, Copy)]
pub(in crate::notices) struct FeeDraft<'a> {
    pub id: FeeId,
    pub sums: &'a FeeSums,
    pub replaces: Option<NoticeId>,
}

/// Adds a draft; answers whether its file number was free.
pub(in crate::notices) async fn insert(tx: &mut TenantTx, draft: &Draft<'_>) -> Result<bool, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let added = sqlx::query!(
        "INSERT INTO notice (tenant_id, id, demand_id, kind, state, file_number, template_id, facility_id, care_from, title, decision, reasons,
                             remedy, objection_months, drafted_by, drafted_at, edited_by, licence_from, licence_until, licence_places,
                             licence_total, fee_id, sums, replaces_id)
         VALUES ($1, $2, $3, $4, 'drafted', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $14, $16, $17, $18, $19, $20, $21, $22)
         ON CONFLICT (tenant_id, file_number) DO NOTHING",
        tenant.0,
        draft.id.0,
        draft.demand_id.map(|d| d.0),
        draft.kind.as_str(),
        draft.file_number,
        draft.template_id.map(|t| t.0),
        draft.facility_id.map(|f| f.0),
        draft.care_from,
        draft.text.title,
        draft.text.decision,
        draft.text.reasons,
        draft.text.remedy,
        draft.text.objection_months,
        draft.by.0,
        now,
        draft.licence.from,
        draft.licence.until,
        draft.licence.places,
        draft.licence.total,
        draft.fee.map(|fee| fee.id.0),
        draft.fee.map(|fee| Json(fee.sums)) as _,
        draft.fee.and_then(|fee| fee.replaces).map(|n| n.0)
    )
    .execute(tx.conn())
    .await?;
    Ok(added.rows_affected() == 1)
}

/// Locks a notice until the transaction ends; answers whether it is there.
pub(in crate::notices) async fn lock(tx: &mut TenantTx, id: NoticeId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query_scalar!(
        "SELECT version FROM notice WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.is_some())
}

pub(in crate::notices) async fn set_text(
    tx: &mut TenantTx,
    id: NoticeId,
    text: &NoticeText,
    by: AccountId,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE notice
            SET title = $3, decision = $4, reasons = $5, remedy = $6, objection_months = $7, edited_by = $8, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        text.title,
        text.decision,
        text.reasons,
        text.remedy,
        text.objection_months,
        by.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::notices) async fn delete(tx: &mut TenantTx, id: NoticeId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!("DELETE FROM notice WHERE tenant_id = $1 AND id = $2", tenant.0, id.0)
        .execute(tx.conn())
        .await
        .map(|_| ())
}

/// Notes who approved it, or with `None` that it went back to who writes it.
pub(in crate::notices) async fn set_approved(
    tx: &mut TenantTx,
    id: NoticeId,
    by: Option<AccountId>,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE notice
            SET state = CASE WHEN $3::uuid IS NULL THEN 'drafted' ELSE 'approved' END, approved_by = $3,
                approved_at = CASE WHEN $3::uuid IS NOT NULL THEN $4::timestamptz END, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        by.map(|b| b.0),
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// When a notice was posted, counts as served, and can be objected to.
pub(in crate::notices) struct Service {
    pub state: NoticeState,
    pub posted_on: NaiveDate,
    pub served_on: NaiveDate,
    pub objection_until: NaiveDate,
}

pub(in crate::notices) async fn set_service(
    tx: &mut TenantTx,
    id: NoticeId,
    service: &Service,
    by: AccountId,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE notice
            SET state = $3, posted_on = $4, served_on = $5, objection_until = $6, issued_by = COALESCE(issued_by, $7), version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        service.state.as_str(),
        service.posted_on,
        service.served_on,
        service.objection_until,
        by.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::notices) async fn set_objected(
    tx: &mut TenantTx,
    id: NoticeId,
    on: NaiveDate,
    note: Option<&str>,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE notice
            SET state = 'objected', objected_on = $3, objection_note = $4, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        on,
        note
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::notices) async fn set_decided(
    tx: &mut TenantTx,
    id: NoticeId,
    on: NaiveDate,
    outcome: ObjectionOutcome,
    note: Option<&str>,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE notice
            SET state = 'decided', decided_on = $3, outcome = $4, outcome_note = $5, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        on,
        outcome as _,
        note
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Moves what was posted on by the calendar: served from its day on, final when the time to object is over.
pub(in crate::notices) async fn move_on(tx: &mut TenantTx) -> Result<u64, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let moved = sqlx::query!(
        "UPDATE notice
            SET state = CASE WHEN objection_until < $2 THEN 'final' ELSE 'served' END, version = version + 1
          WHERE tenant_id = $1
            AND ((state = 'issued' AND served_on <= $2) OR (state = 'served' AND objection_until < $2))",
        tenant.0,
        today
    )
    .execute(tx.conn())
    .await?;
    Ok(moved.rows_affected())
}

/// How many notices on licences had their last word before a day, and since when the oldest is there. The last word is the last day of the
/// licence, the end of the time to object, or the decision of an objection.
pub async fn forgettable_licences(
    tx: &mut TenantRead,
    before: NaiveDate,
) -> Result<(i64, Option<DateTime<Utc>>), sqlx::Error> {
    let tenant = tx.tenant_id();
    let found = sqlx::query!(
        r#"SELECT count(*) AS "count!", min(drafted_at) AS since
             FROM notice
            WHERE tenant_id = $1 AND kind IN ('licence_grant', 'licence_refusal', 'licence_end')
              AND GREATEST((drafted_at AT TIME ZONE 'Europe/Berlin')::date, licence_until, objection_until, objected_on, decided_on) < $2"#,
        tenant.0,
        before
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((found.count, found.since))
}

/// Deletes at most so many of them.
pub async fn forget_licences(tx: &mut TenantTx, before: NaiveDate, n: i64) -> Result<i64, sqlx::Error> {
    let tenant = tx.tenant_id();
    let done = sqlx::query!(
        "DELETE FROM notice
          WHERE tenant_id = $1 AND id IN (
                SELECT id FROM notice
                 WHERE tenant_id = $1 AND kind IN ('licence_grant', 'licence_refusal', 'licence_end')
                   AND GREATEST((drafted_at AT TIME ZONE 'Europe/Berlin')::date, licence_until, objection_until, objected_on, decided_on) < $2
                 LIMIT $3)",
        tenant.0,
        before,
        n
    )
    .execute(tx.conn())
    .await?;
    Ok(i64::try_from(done.rows_affected()).unwrap_or(i64::MAX))
}
