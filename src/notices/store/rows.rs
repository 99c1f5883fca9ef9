//! Notices as they are found and listed.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use crate::access::TenantRead;
use crate::documents::FeeSums;
use crate::notices::model::{NoticeKind, NoticeState, NoticeText, ObjectionOutcome};
use crate::platform::http::{SortKey, Sorted, listed};
use crate::platform::ids::{AccountId, ChildId, DemandId, FacilityId, FeeId, NoticeId};

/// A notice with the names around it.
#[derive(Debug, Clone)]
pub struct NoticeRow {
    /// The notice.
    pub id: NoticeId,
    /// About this demand, or the fee of a contract that came of it; none for a licence.
    pub demand_id: Option<DemandId>,
    /// For this child.
    pub child_id: Option<ChildId>,
    /// About this fee.
    pub fee_id: Option<FeeId>,
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
    /// The assigned facility, or the childminder whose licence it is about.
    pub facility_id: Option<FacilityId>,
    /// Its name.
    pub facility_name: Option<String>,
    /// First day of care.
    pub care_from: Option<NaiveDate>,
    /// First day of the licence.
    pub licence_from: Option<NaiveDate>,
    /// Last day of the licence.
    pub licence_until: Option<NaiveDate>,
    /// Children at the same time.
    pub licence_places: Option<i32>,
    /// Contracts in all.
    pub licence_total: Option<i32>,
    /// The calculation of a fee.
    pub sums: Option<Json<FeeSums>>,
    /// File number of the notice from which it takes over.
    pub replaces: Option<String>,
    /// File number of the posted notice that took over from it.
    pub replaced_by: Option<String>,
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
    /// By what it is sorted in a list.
    pub sort_key: Option<String>,
    /// How many there are from here on.
    pub total: i64,
}

listed!(NoticeRow, id.0);

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

/// The notice of a fee, as far as its fee shows it.
#[derive(Debug, Clone)]
pub struct FeeNoticeRow {
    /// The notice.
    pub id: NoticeId,
    /// The fee.
    pub fee_id: FeeId,
    /// Its file number.
    pub file_number: String,
    /// Where it stands.
    pub state: NoticeState,
    /// When it was posted.
    pub posted_on: Option<NaiveDate>,
    /// When it counts as served.
    pub served_on: Option<NaiveDate>,
    /// Last day to object.
    pub objection_until: Option<NaiveDate>,
    /// File number of the posted notice that took over from it.
    pub replaced_by: Option<String>,
    /// Its version.
    pub version: i32,
}

/// The notices of fees.
pub(in crate::notices) async fn of_fees(tx: &mut TenantRead, fees: &[FeeId]) -> Result<Vec<FeeNoticeRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        FeeNoticeRow,
        r#"SELECT n.id AS "id: NoticeId", n.fee_id AS "fee_id!: FeeId", n.file_number, n.state AS "state: NoticeState", n.posted_on, n.served_on,
                  n.objection_until,
                  (SELECT r.file_number FROM notice r
                    WHERE r.tenant_id = n.tenant_id AND r.replaces_id = n.id AND r.posted_on IS NOT NULL
                    ORDER BY r.posted_on DESC, r.id LIMIT 1) AS replaced_by, n.version
             FROM notice n
            WHERE n.tenant_id = $1 AND n.fee_id = ANY($2)"#,
        tenant.0,
        fees as _
    )
    .fetch_all(tx.conn())
    .await
}

/// The notice of a fee.
pub(in crate::notices) async fn of_fee(tx: &mut TenantRead, fee: FeeId) -> Result<Option<NoticeId>, sqlx::Error> {
    Ok(of_fees(tx, &[fee]).await?.pop().map(|row| row.id))
}

/// What a list of notices can be sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(in crate::notices) enum NoticeSort {
    /// The last day to object; what has none comes last.
    #[default]
    Until,
    /// The child as it is named: first name, then the initial; or the childminder.
    Child,
    /// The file number.
    File,
    /// The day on which it was posted.
    Posted,
}

impl SortKey for NoticeSort {}

/// Which notices, and in which order.
#[derive(Debug, Default, Clone)]
pub(in crate::notices) struct Filter {
    pub id: Option<NoticeId>,
    pub demand: Option<DemandId>,
    pub child: Option<ChildId>,
    pub fees: Option<Vec<FeeId>>,
    pub kinds: Option<Vec<String>>,
    pub states: Option<Vec<String>>,
    pub q: Option<String>,
    pub order: Sorted<NoticeSort>,
}

/// Notices in the order asked for; staff does not see those of restricted data.
pub(in crate::notices) async fn list(tx: &mut TenantRead, filter: &Filter) -> Result<Vec<NoticeRow>, sqlx::Error> {
    let (tenant, order) = (tx.tenant_id(), &filter.order);
    let sees_restricted = tx.sees_restricted() || tx.scope().own().is_some();
    sqlx::query_as!(
        NoticeRow,
        r#"SELECT n.id AS "id: NoticeId", n.demand_id AS "demand_id: DemandId", d.child_id AS "child_id?: ChildId", n.fee_id AS "fee_id: FeeId",
                  c.first_name, c.last_name, d.reference_code, n.kind AS "kind: NoticeKind", n.state AS "state: NoticeState", n.file_number,
                  t.version AS "template_version?", n.facility_id AS "facility_id: FacilityId", f.name AS "facility_name?", n.care_from,
                  n.licence_from, n.licence_until, n.licence_places, n.licence_total, n.sums AS "sums: Json<FeeSums>",
                  o.file_number AS "replaces?",
                  (SELECT r.file_number FROM notice r
                    WHERE r.tenant_id = n.tenant_id AND r.replaces_id = n.id AND r.posted_on IS NOT NULL
                    ORDER BY r.posted_on DESC, r.id LIMIT 1) AS replaced_by,
                  n.title, n.decision, n.reasons, n.remedy, n.objection_months, n.drafted_by AS "drafted_by: AccountId",
                  COALESCE(w.display_name, w.email) AS "drafted_by_name!", n.drafted_at, n.edited_by AS "edited_by: AccountId",
                  COALESCE(p.display_name, p.email) AS approved_by_name, n.approved_at, n.posted_on, n.served_on, n.objection_until,
                  n.objected_on, n.objection_note, n.decided_on, n.outcome AS "outcome: ObjectionOutcome", n.outcome_note, n.version,
                  s.key AS sort_key, count(*) OVER () AS "total!"
             FROM notice n
             LEFT JOIN care_demand d ON d.tenant_id = n.tenant_id AND d.id = n.demand_id
             LEFT JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
             JOIN account w ON w.tenant_id = n.tenant_id AND w.id = n.drafted_by
             LEFT JOIN account p ON p.tenant_id = n.tenant_id AND p.id = n.approved_by
             LEFT JOIN notice o ON o.tenant_id = n.tenant_id AND o.id = n.replaces_id
             LEFT JOIN notice_template t ON t.tenant_id = n.tenant_id AND t.id = n.template_id
             LEFT JOIN facility f ON f.tenant_id = n.tenant_id AND f.id = n.facility_id
            CROSS JOIN LATERAL (SELECT CASE $7::text
                 WHEN 'child' THEN lower(COALESCE(NULLIF(concat_ws(' ', c.first_name, c.last_name), ''), f.name, ''))
                 WHEN 'file' THEN lower(n.file_number)
                 WHEN 'posted' THEN n.posted_on::text
                 ELSE n.objection_until::text END) s (key)
            WHERE n.tenant_id = $1
              AND ($2::uuid IS NULL OR n.id = $2)
              AND ($3::uuid IS NULL OR n.demand_id = $3)
              AND ($4::uuid IS NULL OR d.child_id = $4)
              AND ($5::text[] IS NULL OR n.state = ANY($5))
              AND ($6::text IS NULL OR lower(n.file_number) ^@ $6 OR lower(d.reference_code) ^@ $6 OR lower(c.last_name) ^@ $6
                   OR lower(concat_ws(' ', c.first_name, c.last_name)) ^@ $6
                   OR (d.id IS NULL AND lower(f.name) ^@ $6))
              AND ($12 OR c.restricted_at IS NULL)
              AND ($13::uuid[] IS NULL OR n.fee_id = ANY($13))
              AND ($14::text[] IS NULL OR n.kind = ANY($14))
              AND app.comes_after(s.key, n.id, $8, $9, $10)
            ORDER BY CASE WHEN NOT $8 THEN s.key END COLLATE "de-x-icu", CASE WHEN $8 THEN s.key END COLLATE "de-x-icu" DESC NULLS LAST, n.id
            LIMIT $11"#,
        tenant.0,
        filter.id.map(|id| id.0),
        filter.demand.map(|id| id.0),
        filter.child.map(|id| id.0),
        filter.states.as_deref(),
        filter.q.as_deref(),
        order.by as _,
        order.downwards,
        order.last_key.as_deref(),
        order.last_id,
        order.limit + 1,
        sees_restricted,
        filter.fees.as_deref() as _,
        filter.kinds.as_deref()
    )
    .fetch_all(tx.conn())
    .await
}
