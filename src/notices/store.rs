//! SQL of this slice.

use chrono::{DateTime, NaiveDate, Utc};

use super::model::{NoticeKind, NoticeState, NoticeText, ObjectionOutcome};
use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{AccountId, ChildId, DemandId, FacilityId, NoticeId, NoticeTemplateId};

/// A version of a template.
pub(super) struct TemplateRow {
    pub id: NoticeTemplateId,
    pub kind: NoticeKind,
    pub version: i32,
    pub title: String,
    pub decision: String,
    pub reasons: String,
    pub remedy: String,
    pub objection_months: i32,
    pub created_at: DateTime<Utc>,
    pub created_by: String,
}

impl TemplateRow {
    /// Its words.
    pub fn text(&self) -> NoticeText {
        NoticeText {
            title: self.title.clone(),
            decision: self.decision.clone(),
            reasons: self.reasons.clone(),
            remedy: self.remedy.clone(),
            objection_months: self.objection_months,
        }
    }
}

/// All versions of all templates, the newest of each kind first.
pub(super) async fn templates(tx: &mut TenantRead) -> Result<Vec<TemplateRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        TemplateRow,
        r#"SELECT t.id AS "id: NoticeTemplateId", t.kind AS "kind: NoticeKind", t.version, t.title, t.decision, t.reasons, t.remedy,
                  t.objection_months, t.created_at, COALESCE(a.display_name, a.email) AS "created_by!"
             FROM notice_template t
             JOIN account a ON a.tenant_id = t.tenant_id AND a.id = t.created_by
            WHERE t.tenant_id = $1
            ORDER BY t.kind DESC, t.version DESC"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}

/// Adds the next version of a kind. Two at once: the second finds the number taken and is told.
pub(super) async fn add_template(
    tx: &mut TenantTx,
    id: NoticeTemplateId,
    kind: NoticeKind,
    text: &NoticeText,
    by: AccountId,
) -> Result<i32, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query_scalar!(
        "INSERT INTO notice_template (tenant_id, id, kind, version, title, decision, reasons, remedy, objection_months, created_by, created_at)
         SELECT $1, $2, $3, COALESCE(max(version), 0) + 1, $4, $5, $6, $7, $8, $9, $10
           FROM notice_template
          WHERE tenant_id = $1 AND kind = $3
         RETURNING version",
        tenant.0,
        id.0,
        kind.as_str(),
        text.title,
        text.decision,
        text.reasons,
        text.remedy,
        text.objection_months,
        by.0,
        now
    )
    .fetch_one(tx.conn())
    .await
}

/// The next number of a year; it is given back when the transaction fails, so that none is missing.
pub(super) async fn next_number(tx: &mut TenantTx, year: i32) -> Result<i32, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "INSERT INTO notice_number (tenant_id, year, last) VALUES ($1, $2, 1)
         ON CONFLICT (tenant_id, year) DO UPDATE SET last = notice_number.last + 1
         RETURNING last",
        tenant.0,
        year
    )
    .fetch_one(tx.conn())
    .await
}

/// What a draft begins with.
pub(super) struct Draft<'a> {
    pub id: NoticeId,
    pub demand_id: DemandId,
    pub kind: NoticeKind,
    pub file_number: &'a str,
    pub template_id: Option<NoticeTemplateId>,
    pub facility_id: Option<FacilityId>,
    pub care_from: Option<NaiveDate>,
    pub text: &'a NoticeText,
    pub by: AccountId,
}

/// Adds a draft; answers whether its file number was free.
pub(super) async fn insert(tx: &mut TenantTx, draft: &Draft<'_>) -> Result<bool, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let added = sqlx::query!(
        "INSERT INTO notice (tenant_id, id, demand_id, kind, state, file_number, template_id, facility_id, care_from, title, decision, reasons,
                             remedy, objection_months, drafted_by, drafted_at, edited_by)
         VALUES ($1, $2, $3, $4, 'drafted', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $14)
         ON CONFLICT (tenant_id, file_number) DO NOTHING",
        tenant.0,
        draft.id.0,
        draft.demand_id.0,
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
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(added.rows_affected() == 1)
}

/// A notice with the names around it.
#[derive(Debug, Clone)]
pub struct NoticeRow {
    /// The notice.
    pub id: NoticeId,
    /// About this demand.
    pub demand_id: DemandId,
    /// For this child.
    pub child_id: ChildId,
    /// First name, once it is born.
    pub first_name: Option<String>,
    /// Last name, once it is born.
    pub last_name: Option<String>,
    /// What the family calls the demand by.
    pub reference_code: Option<String>,
    /// What it decides.
    pub kind: NoticeKind,
    /// Where it stands.
    pub state: NoticeState,
    /// Its file number.
    pub file_number: String,
    /// Version of the template; none for the text that comes with the software.
    pub template_version: Option<i32>,
    /// The assigned facility.
    pub facility_id: Option<FacilityId>,
    /// Its name.
    pub facility_name: Option<String>,
    /// First day of care.
    pub care_from: Option<NaiveDate>,
    /// What it is about.
    pub title: String,
    /// What is decided.
    pub decision: String,
    /// Why.
    pub reasons: String,
    /// How one can object.
    pub remedy: String,
    /// Months to object in.
    pub objection_months: i32,
    /// Who wrote it.
    pub drafted_by: AccountId,
    /// Their name.
    pub drafted_by_name: String,
    /// When.
    pub drafted_at: DateTime<Utc>,
    /// Who changed it last.
    pub edited_by: AccountId,
    /// Who approved it.
    pub approved_by_name: Option<String>,
    /// When.
    pub approved_at: Option<DateTime<Utc>>,
    /// When it was posted.
    pub posted_on: Option<NaiveDate>,
    /// When it counts as served.
    pub served_on: Option<NaiveDate>,
    /// Last day to object.
    pub objection_until: Option<NaiveDate>,
    /// When somebody objected.
    pub objected_on: Option<NaiveDate>,
    /// What the office noted with it.
    pub objection_note: Option<String>,
    /// When that was decided.
    pub decided_on: Option<NaiveDate>,
    /// How.
    pub outcome: Option<ObjectionOutcome>,
    /// What the office noted with it.
    pub outcome_note: Option<String>,
    /// Its version.
    pub version: i32,
}

impl NoticeRow {
    /// Its words.
    pub fn text(&self) -> NoticeText {
        NoticeText {
            title: self.title.clone(),
            decision: self.decision.clone(),
            reasons: self.reasons.clone(),
            remedy: self.remedy.clone(),
            objection_months: self.objection_months,
        }
    }
}

/// Which notices.
#[derive(Debug, Default, Clone)]
pub(super) struct Filter {
    pub id: Option<NoticeId>,
    pub demand: Option<DemandId>,
    pub child: Option<ChildId>,
    pub states: Option<Vec<String>>,
    pub q: Option<String>,
    /// Deadline and id of the last row of the page before.
    pub after: Option<(NaiveDate, NoticeId)>,
    pub limit: i64,
}

/// What has no deadline yet stands behind all that has one.
pub(super) const NO_DEADLINE: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// Notices by the last day to object.
pub(super) async fn list(tx: &mut TenantRead, filter: &Filter) -> Result<Vec<NoticeRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        NoticeRow,
        r#"SELECT n.id AS "id: NoticeId", n.demand_id AS "demand_id: DemandId", d.child_id AS "child_id: ChildId", c.first_name, c.last_name,
                  d.reference_code, n.kind AS "kind: NoticeKind", n.state AS "state: NoticeState", n.file_number,
                  t.version AS "template_version?", n.facility_id AS "facility_id: FacilityId", f.name AS "facility_name?", n.care_from,
                  n.title, n.decision, n.reasons, n.remedy, n.objection_months, n.drafted_by AS "drafted_by: AccountId",
                  COALESCE(w.display_name, w.email) AS "drafted_by_name!", n.drafted_at, n.edited_by AS "edited_by: AccountId",
                  COALESCE(p.display_name, p.email) AS approved_by_name, n.approved_at, n.posted_on, n.served_on, n.objection_until,
                  n.objected_on, n.objection_note, n.decided_on, n.outcome AS "outcome: ObjectionOutcome", n.outcome_note, n.version
             FROM notice n
             JOIN care_demand d ON d.tenant_id = n.tenant_id AND d.id = n.demand_id
             JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
             JOIN account w ON w.tenant_id = n.tenant_id AND w.id = n.drafted_by
             LEFT JOIN account p ON p.tenant_id = n.tenant_id AND p.id = n.approved_by
             LEFT JOIN notice_template t ON t.tenant_id = n.tenant_id AND t.id = n.template_id
             LEFT JOIN facility f ON f.tenant_id = n.tenant_id AND f.id = n.facility_id
            WHERE n.tenant_id = $1
              AND ($2::uuid IS NULL OR n.id = $2)
              AND ($3::uuid IS NULL OR n.demand_id = $3)
              AND ($4::uuid IS NULL OR d.child_id = $4)
              AND ($5::text[] IS NULL OR n.state = ANY($5))
              AND ($6::text IS NULL OR lower(n.file_number) ^@ $6 OR lower(d.reference_code) ^@ $6 OR lower(c.last_name) ^@ $6
                   OR lower(concat_ws(' ', c.first_name, c.last_name)) ^@ $6)
              AND ($7::date IS NULL OR (COALESCE(n.objection_until, $9), n.id) > ($7, $8::uuid))
            ORDER BY COALESCE(n.objection_until, $9), n.id
            LIMIT $10"#,
        tenant.0,
        filter.id.map(|id| id.0),
        filter.demand.map(|id| id.0),
        filter.child.map(|id| id.0),
        filter.states.as_deref(),
        filter.q.as_deref(),
        filter.after.map(|a| a.0),
        filter.after.map(|a| a.1.0),
        NO_DEADLINE,
        filter.limit
    )
    .fetch_all(tx.conn())
    .await
}

/// Locks a notice until the transaction ends; answers whether it is there.
pub(super) async fn lock(tx: &mut TenantTx, id: NoticeId) -> Result<bool, sqlx::Error> {
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

pub(super) async fn set_text(
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

pub(super) async fn delete(tx: &mut TenantTx, id: NoticeId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!("DELETE FROM notice WHERE tenant_id = $1 AND id = $2", tenant.0, id.0)
        .execute(tx.conn())
        .await
        .map(|_| ())
}

/// Notes who approved it, or with `None` that it went back to who writes it.
pub(super) async fn set_approved(tx: &mut TenantTx, id: NoticeId, by: Option<AccountId>) -> Result<(), sqlx::Error> {
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
pub(super) struct Service {
    pub state: NoticeState,
    pub posted_on: NaiveDate,
    pub served_on: NaiveDate,
    pub objection_until: NaiveDate,
}

pub(super) async fn set_service(
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

pub(super) async fn set_objected(
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

pub(super) async fn set_decided(
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
pub(super) async fn move_on(tx: &mut TenantTx) -> Result<u64, sqlx::Error> {
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
