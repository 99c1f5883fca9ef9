//! SQL of the lists: the office's contracts, a family's notices, the receivables of a month.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use super::ContractRow;
use crate::access::TenantRead;
use crate::fees::model::{Period, Relief};
use crate::platform::http::{SortKey, Sorted, listed};
use crate::platform::ids::{ChildId, ContractId, DemandId, FacilityId, FeeId};

/// A contract in the office's list of fees.
pub(in crate::fees) struct ListedRow {
    pub contract_id: ContractId,
    pub demand_id: DemandId,
    pub child_id: ChildId,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub birth: NaiveDate,
    pub facility_id: FacilityId,
    pub facility_name: String,
    pub care_from: NaiveDate,
    pub care_until: NaiveDate,
    pub hours_per_week: i32,
    pub changes: Json<Vec<(NaiveDate, i32)>>,
    pub reliefs: Json<Vec<Relief>>,
    pub older_siblings: i64,
    pub sort_key: Option<String>,
    pub total: i64,
}

listed!(ListedRow, contract_id.0);

impl ListedRow {
    /// The terms on which a fee depends.
    pub fn terms(&self) -> ContractRow {
        ContractRow {
            id: self.contract_id,
            demand_id: self.demand_id,
            child_id: self.child_id,
            facility_id: self.facility_id,
            birth: self.birth,
            care_from: self.care_from,
            care_until: self.care_until,
            hours_per_week: self.hours_per_week,
            changes: self.changes.clone(),
            reliefs: self.reliefs.clone(),
        }
    }
}

/// What the office's list of fees can be sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(in crate::fees) enum FeeSort {
    /// The first day of care.
    #[default]
    Start,
    /// The child as it is named: first name, then the initial.
    Child,
    /// The facility's name.
    Facility,
    /// Hours a week as they began.
    Hours,
}

impl SortKey for FeeSort {}

/// What the office's list is narrowed to, and its order.
#[derive(Default)]
pub(in crate::fees) struct Filter {
    pub without_notice: bool,
    pub facility: Option<FacilityId>,
    /// What the child's name begins with, in small letters.
    pub q: Option<String>,
    pub order: Sorted<FeeSort>,
}

/// Contracts of the tenant in the order asked for, with how many older siblings are in care on it; without those of restricted data.
pub(in crate::fees) async fn listed(tx: &mut TenantRead, filter: &Filter) -> Result<Vec<ListedRow>, sqlx::Error> {
    let (tenant, order) = (tx.tenant_id(), &filter.order);
    let (today, sees_restricted) = (tx.today(), tx.sees_restricted());
    sqlx::query_as!(
        ListedRow,
        r#"SELECT k.id AS "contract_id: ContractId", k.demand_id AS "demand_id: DemandId", k.child_id AS "child_id: ChildId",
                  c.first_name, c.last_name, coalesce(c.birth_date, c.expected_birth_date) AS "birth!",
                  k.facility_id AS "facility_id: FacilityId", f.name AS facility_name, k.care_from, k.care_until,
                  k.hours_per_week,
                  (SELECT coalesce(json_agg(json_build_array(v.valid_from, v.hours_per_week) ORDER BY v.number), '[]')
                     FROM contract_amendment v
                    WHERE v.tenant_id = k.tenant_id AND v.contract_id = k.id AND v.state = 'signed_by_provider'
                  ) AS "changes!: Json<Vec<(NaiveDate, i32)>>",
                  (SELECT coalesce(json_agg(json_build_object('from_month', r.from_month, 'until_month', r.until_month, 'reason', r.reason,
                                                              'percent', r.percent) ORDER BY r.from_month), '[]')
                     FROM fee_relief r
                    WHERE r.tenant_id = k.tenant_id AND r.contract_id = k.id AND r.revoked_at IS NULL
                  ) AS "reliefs!: Json<Vec<Relief>>", (
                      SELECT count(DISTINCT o.child_id)
                        FROM sibling_link s
                        JOIN care_contract o ON o.tenant_id = s.tenant_id AND o.state <> 'terminated'
                                            AND o.child_id = CASE WHEN s.child_id = k.child_id THEN s.sibling_id ELSE s.child_id END
                        JOIN child b ON b.tenant_id = o.tenant_id AND b.id = o.child_id
                       WHERE s.tenant_id = k.tenant_id AND (s.child_id = k.child_id OR s.sibling_id = k.child_id)
                         AND o.care_from <= greatest(k.care_from, $5::date) AND o.care_until > greatest(k.care_from, $5::date)
                         AND coalesce(b.birth_date, b.expected_birth_date) < coalesce(c.birth_date, c.expected_birth_date)
                  ) AS "older_siblings!", x.key AS sort_key, count(*) OVER () AS "total!"
             FROM care_contract k
             JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
             JOIN facility f ON f.tenant_id = k.tenant_id AND f.id = k.facility_id
            CROSS JOIN LATERAL (SELECT CASE $3::text
                 WHEN 'child' THEN lower(concat_ws(' ', c.first_name, c.last_name))
                 WHEN 'facility' THEN lower(f.name)
                 WHEN 'hours' THEN lpad(k.hours_per_week::text, 3, '0')
                 ELSE k.care_from::text END) x (key)
            WHERE k.tenant_id = $1 AND k.state <> 'terminated' AND k.care_until > $5::date AND ($11 OR c.restricted_at IS NULL)
              AND (NOT $2 OR NOT EXISTS (SELECT 1
                                           FROM fee_assessment a
                                          WHERE a.tenant_id = k.tenant_id AND a.contract_id = k.id AND a.state = 'issued'))
              AND ($9::uuid IS NULL OR k.facility_id = $9)
              AND ($10::text IS NULL OR lower(c.last_name) ^@ $10 OR lower(concat_ws(' ', c.first_name, c.last_name)) ^@ $10)
              AND app.comes_after(x.key, k.id, $4, $6, $7)
            ORDER BY CASE WHEN NOT $4 THEN x.key END COLLATE "de-x-icu", CASE WHEN $4 THEN x.key END COLLATE "de-x-icu" DESC NULLS LAST, k.id
            LIMIT $8"#,
        tenant.0,
        filter.without_notice,
        order.by as _,
        order.downwards,
        today,
        order.last_key.as_deref(),
        order.last_id,
        order.limit + 1,
        filter.facility as _,
        filter.q.as_deref(),
        sees_restricted
    )
    .fetch_all(tx.conn())
    .await
}

/// Notices of the children of whom an account has custody today, the newest first.
pub(in crate::fees) struct OwnRow {
    pub id: FeeId,
    pub contract_id: ContractId,
    pub child_id: ChildId,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub facility_name: String,
}

pub(in crate::fees) async fn own(
    tx: &mut TenantRead,
    account: uuid::Uuid,
    id: Option<FeeId>,
) -> Result<Vec<OwnRow>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_as!(
        OwnRow,
        r#"SELECT a.id AS "id: FeeId", a.contract_id AS "contract_id: ContractId", a.child_id AS "child_id: ChildId", c.first_name,
                  c.last_name, f.name AS facility_name
             FROM fee_assessment a
             JOIN care_contract k ON k.tenant_id = a.tenant_id AND k.id = a.contract_id
             JOIN facility f ON f.tenant_id = k.tenant_id AND f.id = k.facility_id
             JOIN child c ON c.tenant_id = a.tenant_id AND c.id = a.child_id
            WHERE a.tenant_id = $1 AND a.state = 'issued' AND ($4::uuid IS NULL OR a.id = $4)
              AND EXISTS (SELECT 1
                            FROM custody u
                            JOIN guardian g ON g.tenant_id = u.tenant_id AND g.id = u.guardian_id
                           WHERE u.tenant_id = a.tenant_id AND u.child_id = a.child_id AND g.account_id = $2
                             AND u.valid_from <= $3 AND (u.valid_to IS NULL OR u.valid_to > $3))
            ORDER BY a.issued_at DESC, a.id"#,
        tenant.0,
        account,
        today,
        id.map(|id| id.0)
    )
    .fetch_all(tx.conn())
    .await
}

/// A line of the receivables of a month.
pub(in crate::fees) struct ReceivableRow {
    pub child_id: ChildId,
    pub periods: Json<Vec<Period>>,
    pub file_year: i32,
    pub file_serial: i32,
    pub reference_code: Option<String>,
    pub facility_name: String,
    pub debtors: Vec<String>,
}

/// The notice that holds for each contract in a month: the last one issued that reaches it.
pub(in crate::fees) async fn holding_in(
    tx: &mut TenantRead,
    month: NaiveDate,
) -> Result<Vec<ReceivableRow>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_as!(
        ReceivableRow,
        r#"SELECT DISTINCT ON (a.contract_id) a.child_id AS "child_id: ChildId",
                  a.periods AS "periods: Json<Vec<Period>>", a.file_year AS "file_year!", a.file_serial AS "file_serial!",
                  d.reference_code, f.name AS facility_name, (
                      SELECT coalesce(array_agg(g.last_name || ', ' || g.first_name ORDER BY g.last_name, g.first_name), '{}')
                        FROM custody u
                        JOIN guardian g ON g.tenant_id = u.tenant_id AND g.id = u.guardian_id
                       WHERE u.tenant_id = a.tenant_id AND u.child_id = a.child_id AND u.valid_from <= $3
                         AND (u.valid_to IS NULL OR u.valid_to > $3)
                  ) AS "debtors!"
             FROM fee_assessment a
             JOIN care_contract k ON k.tenant_id = a.tenant_id AND k.id = a.contract_id
             JOIN care_demand d ON d.tenant_id = k.tenant_id AND d.id = k.demand_id
             JOIN facility f ON f.tenant_id = k.tenant_id AND f.id = k.facility_id
            WHERE a.tenant_id = $1 AND a.state = 'issued' AND a.from_month <= $2 AND k.care_until > $2
              AND NOT (k.state = 'terminated' AND k.began_on IS NULL)
            ORDER BY a.contract_id, a.issued_at DESC, a.file_year DESC, a.file_serial DESC"#,
        tenant.0,
        month,
        today
    )
    .fetch_all(tx.conn())
    .await
}
