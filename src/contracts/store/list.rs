//! Contracts as every view of them reads them, narrowed and sorted.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use crate::access::TenantRead;
use crate::contracts::model::{ContractState, NoticeBy};
use crate::documents::ContractDraft;
use crate::platform::http::{Direction, SortKey, Sorted, listed};
use crate::platform::ids::{ChildId, ContractId, DemandId, FacilityId, OfferId, ProviderId};
use crate::platform::week::WeekTimes;
use crate::tenancy::NoticeTo;

/// A contract with the words that every view of it needs.
pub struct ContractRow {
    /// The contract.
    pub id: ContractId,
    /// The accepted offer that takes the place.
    pub offer_id: OfferId,
    /// The demand that it covers.
    pub demand_id: DemandId,
    /// The child.
    pub child_id: ChildId,
    /// Where.
    pub facility_id: FacilityId,
    /// Name of the facility.
    pub facility_name: String,
    /// Name of the provider, if known.
    pub provider_name: Option<String>,
    /// The child's first name.
    pub child_first_name: Option<String>,
    /// The child's last name.
    pub child_last_name: Option<String>,
    /// Where it stands.
    pub state: ContractState,
    /// First day of care.
    pub care_from: NaiveDate,
    /// First day on which the place is free again.
    pub care_until: NaiveDate,
    /// Hours a week, as they are agreed for today.
    pub hours_per_week: i32,
    /// Care from this time of day.
    pub window_from: Option<NaiveTime>,
    /// Care until this time of day.
    pub window_to: Option<NaiveTime>,
    /// The times of each day; `None`: the same on every day.
    pub week: Option<WeekTimes>,
    /// Weeks of settling-in.
    pub settling_in_weeks: i32,
    /// What else is agreed.
    pub note: Option<String>,
    /// The provider, if known.
    pub provider_id: Option<ProviderId>,
    /// Months of notice: the municipality's, and fixed by the words when it was sent.
    pub notice_months: Option<i32>,
    /// To the end of what.
    pub notice_to: NoticeTo,
    /// Months before the agreed end in which nobody leaves by notice.
    pub notice_not_last_months: i32,
    /// All that it says, fixed when it was sent.
    pub document: Option<Json<ContractDraft>>,
    /// When it was sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// Who gave notice.
    pub notice_by: Option<NoticeBy>,
    /// When.
    pub notice_at: Option<DateTime<Utc>>,
    /// On which day it arrived on paper.
    pub notice_received_on: Option<NaiveDate>,
    /// Why.
    pub notice_reason: Option<String>,
    /// On which day the proof of protection against measles was shown.
    pub measles_shown_on: Option<NaiveDate>,
    /// Who saw it; the family does not read that.
    pub measles_seen_by: Option<String>,
    /// When it was drafted.
    pub created_at: DateTime<Utc>,
    /// Counts its changes.
    pub version: i32,
    /// By what it is sorted in a list.
    pub sort_key: Option<String>,
    /// How many there are from here on.
    pub total: i64,
}

listed!(ContractRow, id.0);

/// What a list of contracts can be sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(in crate::contracts) enum ContractSort {
    /// When it was drafted, the latest first.
    #[default]
    Created,
    /// The child as it is named: first name, then the initial.
    Child,
    /// How far it has come.
    State,
    /// The first day of care.
    Start,
    /// The facility's name.
    Facility,
    /// The provider's name.
    Provider,
}

impl SortKey for ContractSort {
    fn natural(self) -> Direction {
        match self {
            Self::Created => Direction::Desc,
            _ => Direction::Asc,
        }
    }
}

/// What a list is narrowed to, and its order.
#[derive(Default)]
pub(in crate::contracts) struct Filter {
    pub id: Option<ContractId>,
    pub facility: Option<FacilityId>,
    pub state: Option<ContractState>,
    pub measles_missing: bool,
    /// What the child's name begins with, in small letters.
    pub q: Option<String>,
    pub order: Sorted<ContractSort>,
}

/// Contracts within the scope in the order asked for: own means of a child in whose custody the account is today. The office does not see those of
/// restricted data; the system does, for their days come all the same.
pub(in crate::contracts) async fn list(tx: &mut TenantRead, filter: &Filter) -> Result<Vec<ContractRow>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let (account, facilities) = tx.scope().as_filter();
    let order = &filter.order;
    let is_system = tx.is_system();
    sqlx::query_as!(
        ContractRow,
        r#"SELECT k.id AS "id: ContractId", k.offer_id AS "offer_id: OfferId", k.demand_id AS "demand_id: DemandId",
                  k.child_id AS "child_id: ChildId", k.facility_id AS "facility_id: FacilityId", f.name AS facility_name,
                  p.name AS "provider_name?", c.first_name AS child_first_name, c.last_name AS child_last_name,
                  k.state AS "state: ContractState", k.care_from, k.care_until,
                  (SELECT t.hours_per_week FROM app.terms_on(k.tenant_id, k.id, $4) t) AS "hours_per_week!",
                  (SELECT t.window_from FROM app.terms_on(k.tenant_id, k.id, $4) t) AS window_from,
                  (SELECT t.window_to FROM app.terms_on(k.tenant_id, k.id, $4) t) AS window_to,
                  (SELECT t.week FROM app.terms_on(k.tenant_id, k.id, $4) t) AS "week: WeekTimes",
                  k.settling_in_weeks, k.note, f.provider_id AS "provider_id: ProviderId", k.notice_months,
                  k.notice_to AS "notice_to: NoticeTo", k.notice_not_last_months, k.document AS "document: Json<ContractDraft>", k.sent_at, k.notice_by AS "notice_by: NoticeBy", k.notice_at,
                  k.notice_received_on, k.notice_reason, k.measles_shown_on,
                  CASE WHEN $3::uuid IS NULL THEN
                      (SELECT a.display_name FROM account a WHERE a.tenant_id = k.tenant_id AND a.id = k.measles_seen_by) END AS measles_seen_by,
                  k.created_at, k.version, s.key AS sort_key, count(*) OVER () AS "total!"
             FROM care_contract k
             JOIN facility f ON f.tenant_id = k.tenant_id AND f.id = k.facility_id
             LEFT JOIN provider p ON p.tenant_id = f.tenant_id AND p.id = f.provider_id
             JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
            CROSS JOIN LATERAL (SELECT CASE $8::text
                 WHEN 'child' THEN lower(concat_ws(' ', c.first_name, c.last_name))
                 WHEN 'state' THEN
                      array_position('{drafted,sent,signed_by_guardians,signed_by_provider,active,terminated,ended}'::text[], k.state)::text
                 WHEN 'start' THEN k.care_from::text
                 WHEN 'facility' THEN lower(f.name)
                 WHEN 'provider' THEN lower(p.name)
                 ELSE to_char(k.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') END) s (key)
            WHERE k.tenant_id = $1
              AND ($2::uuid[] IS NULL OR k.facility_id = ANY($2))
              AND ($3::uuid IS NULL OR EXISTS (
                       SELECT 1
                         FROM custody u
                         JOIN guardian g ON g.tenant_id = u.tenant_id AND g.id = u.guardian_id
                        WHERE u.tenant_id = k.tenant_id AND u.child_id = k.child_id AND (g.account_id = $3 OR g.id = $3)
                          AND u.valid_from <= $4 AND (u.valid_to IS NULL OR u.valid_to > $4)))
              AND ($3::uuid IS NOT NULL OR $13 OR c.restricted_at IS NULL)
              AND ($5::uuid IS NULL OR k.id = $5)
              AND ($6::uuid IS NULL OR k.facility_id = $6)
              AND ($7::text IS NULL OR k.state = $7)
              -- Who is a year old when care begins, or today, must have shown it (§ 20(8) IfSG).
              AND (NOT $15 OR (k.measles_shown_on IS NULL AND k.state IN ('signed_by_provider', 'active')
                               AND (c.birth_date + interval '1 year')::date <= greatest(k.care_from, $4)))
              AND ($14::text IS NULL OR lower(c.last_name) ^@ $14 OR lower(concat_ws(' ', c.first_name, c.last_name)) ^@ $14)
              AND app.comes_after(s.key, k.id, $9, $10, $11)
            ORDER BY CASE WHEN NOT $9 THEN s.key END COLLATE "de-x-icu", CASE WHEN $9 THEN s.key END COLLATE "de-x-icu" DESC NULLS LAST, k.id
            LIMIT $12"#,
        tenant.0,
        facilities.as_deref(),
        account,
        today,
        filter.id.map(|id| id.0),
        filter.facility.map(|id| id.0),
        filter.state.map(ContractState::as_str),
        order.by as _,
        order.downwards,
        order.last_key.as_deref(),
        order.last_id,
        order.limit + 1,
        is_system,
        filter.q.as_deref(),
        filter.measles_missing
    )
    .fetch_all(tx.conn())
    .await
}
