//! Contracts that end as a former rule of school entry had it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::TenantRead;
use crate::contracts::model::ContractState;
use crate::platform::http::{SortKey, Sorted, listed};
use crate::platform::ids::{ChildId, ContractId, FacilityId, OfferId};
use crate::tenancy::{FormerRule, SchoolRule};

/// The rules by which contracts were made, and the one by which they are looked at.
pub struct Rules {
    /// Those that held before.
    pub former: Vec<FormerRule>,
    /// The one that holds today.
    pub today: SchoolRule,
    /// The one that would hold, or holds.
    pub by: SchoolRule,
}

/// A contract whose end is the usual one by another rule.
#[derive(Clone)]
pub struct OtherEndRow {
    pub contract_id: ContractId,
    pub version: i32,
    /// The accepted offer that takes the place.
    pub offer_id: OfferId,
    pub child_id: ChildId,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub facility_id: FacilityId,
    pub facility_name: String,
    pub state: ContractState,
    pub care_from: NaiveDate,
    /// Since when its terms hold, as they were agreed last.
    pub valid_from: NaiveDate,
    pub care_until: NaiveDate,
    pub usual_until: NaiveDate,
    pub change_open: bool,
    pub sort_key: Option<String>,
    pub total: i64,
}

listed!(OtherEndRow, contract_id.0);

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OtherEnds {
    /// Children with such a contract.
    pub children: i64,
    /// Their contracts.
    pub contracts: i64,
    /// Contracts whose end was agreed for the child alone, though the rules differ for it.
    pub individual: i64,
}

/// What the list of them can be sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum EndSort {
    /// The facility's name.
    #[default]
    Facility,
    /// The child as it is named: first name, then the initial.
    Child,
    /// The first day of care.
    Start,
    /// The last day of care, as it is agreed.
    Last,
    /// The last day of care by the rule.
    Next,
}

impl SortKey for EndSort {}

/// Which of them, and in which order.
pub struct EndFilter {
    pub ids: Option<Vec<ContractId>>,
    pub order: Sorted<EndSort>,
}

impl Rules {
    fn numbers(&self) -> (Vec<i32>, Vec<i32>, Vec<Option<NaiveDate>>) {
        let held = self.former.iter().map(|f| (f.rule, Some(f.until)));
        let all: Vec<_> = held.chain([(self.today, None)]).collect();
        let six_by = all.iter().map(|(rule, _)| rule.six_by_number()).collect();
        let begins = all.iter().map(|(rule, _)| rule.begins_number()).collect();
        (six_by, begins, all.into_iter().map(|(_, until)| until).collect())
    }
}

/// Those of a page and one more.
pub async fn other_ends(
    tx: &mut TenantRead,
    rules: &Rules,
    filter: &EndFilter,
) -> Result<Vec<OtherEndRow>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let (six_by, begins, until) = rules.numbers();
    let ids: Option<Vec<uuid::Uuid>> = filter.ids.as_ref().map(|all| all.iter().map(|id| id.0).collect());
    let order = &filter.order;
    sqlx::query_as!(
        OtherEndRow,
        r#"SELECT k.id AS "contract_id: ContractId", k.version, k.offer_id AS "offer_id: OfferId", k.child_id AS "child_id: ChildId",
                  c.first_name, c.last_name, k.facility_id AS "facility_id: FacilityId", f.name AS facility_name, k.state AS "state: ContractState", k.care_from,
                  COALESCE(a.valid_from, k.care_from) AS "valid_from!", k.care_until, e.usual_until AS "usual_until!",
                  COALESCE(a.change_open, false) AS "change_open!", s.key AS sort_key, count(*) OVER () AS "total!"
             FROM app.other_ends($1, $2, $3, $4, $5, $6, $7) e
             JOIN care_contract k ON k.tenant_id = $1 AND k.id = e.contract_id
             JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
             JOIN facility f ON f.tenant_id = k.tenant_id AND f.id = k.facility_id
             LEFT JOIN LATERAL (
                  SELECT max(m.valid_from) FILTER (WHERE m.state = 'signed_by_provider') AS valid_from,
                         bool_or(m.state IN ('drafted', 'sent', 'signed_by_guardians')) AS change_open
                    FROM contract_amendment m
                   WHERE m.tenant_id = k.tenant_id AND m.contract_id = k.id) a ON true
            CROSS JOIN LATERAL (SELECT CASE $9::text
                 WHEN 'child' THEN lower(concat_ws(' ', c.first_name, c.last_name))
                 WHEN 'start' THEN k.care_from::text
                 WHEN 'last' THEN k.care_until::text
                 WHEN 'next' THEN e.usual_until::text
                 ELSE lower(f.name) END) s (key)
            WHERE e.usual AND ($8::uuid[] IS NULL OR k.id = ANY($8))
              AND app.comes_after(s.key, k.id, $10, $11, $12)
            ORDER BY CASE WHEN NOT $10 THEN s.key END COLLATE "de-x-icu", CASE WHEN $10 THEN s.key END COLLATE "de-x-icu" DESC NULLS LAST, k.id
            LIMIT $13"#,
        tenant.0,
        today,
        &six_by,
        &begins,
        &until as &[Option<NaiveDate>],
        rules.by.six_by_number(),
        rules.by.begins_number(),
        ids.as_deref(),
        order.by as _,
        order.downwards,
        order.last_key.as_deref(),
        order.last_id,
        order.limit + 1
    )
    .fetch_all(tx.conn())
    .await
}

/// How many there are in all.
pub async fn count_other_ends(tx: &mut TenantRead, rules: &Rules) -> Result<OtherEnds, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let (six_by, begins, until) = rules.numbers();
    // Under one and the same rule only a birth that moved makes a difference, and most children need not be looked at.
    let is_one_rule = rules.former.is_empty() && rules.by == rules.today;
    sqlx::query_as!(
        OtherEnds,
        r#"SELECT count(DISTINCT child_id) FILTER (WHERE usual) AS "children!", count(*) FILTER (WHERE usual) AS "contracts!",
                  count(*) FILTER (WHERE NOT usual) AS "individual!"
             FROM app.other_ends($1, $2, $3, $4, $5, $6, $7)
            WHERE NOT $8 OR child_id IN (SELECT id FROM child WHERE tenant_id = $1 AND former_birth IS NOT NULL)"#,
        tenant.0,
        today,
        &six_by,
        &begins,
        &until as &[Option<NaiveDate>],
        rules.by.six_by_number(),
        rules.by.begins_number(),
        is_one_rule
    )
    .fetch_one(tx.conn())
    .await
}

/// Whether all of these are contracts here, of children whose data are not restricted.
pub async fn all_here(tx: &mut TenantRead, ids: &[ContractId]) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
    sqlx::query_scalar!(
        r#"SELECT NOT EXISTS (
                  SELECT 1
                    FROM unnest($2::uuid[]) AS w (id)
                   WHERE NOT EXISTS (
                         SELECT 1
                           FROM care_contract k
                           JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
                          WHERE k.tenant_id = $1 AND k.id = w.id AND c.restricted_at IS NULL)) AS "all!""#,
        tenant.0,
        &ids
    )
    .fetch_one(tx.conn())
    .await
}
