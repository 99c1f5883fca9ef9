//! SQL of this slice.

mod amendments;
mod rule_change;
mod school;
mod signing;
mod steps;

pub(super) use amendments::{
    AmendmentRow, amendments, drop_open_amendment, first_terms, move_drafted_end, put_amendment, set_amendment_sent,
    set_amendment_state, set_care_until,
};
pub(super) use rule_change::{EndFilter, OtherEndRow, OtherEnds, Rules, all_here, count_other_ends, other_ends};
pub use school::SchoolDecisionRow;
pub(super) use school::{add_school_decision, places_beyond, school_decision};
pub(super) use signing::{
    Code, SignatureRow, add_code, add_signature, codes_since, drop_codes, fitting_code, old_codes_gone, signatures,
    tries_of_code, void_codes,
};

pub(super) use steps::{
    GivenNotice, due, lock, preference_of, put_terms, set_measles_proof, set_notice, set_recalled, set_reminded,
    set_sent, set_state, unsigned,
};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use super::model::{ContractState, NewContract, NoticeBy};
use crate::access::{Scope, TenantRead, TenantTx};
use crate::documents::ContractDraft;
use crate::platform::http::{Direction, Place, SortKey, Sorted};
use crate::platform::ids::{ChildId, ContractId, DemandId, FacilityId, OfferId, ProviderId};
use crate::platform::week::WeekTimes;
use crate::tenancy::{NoticeRule, NoticeTo};

pub(super) async fn insert(
    tx: &mut TenantTx,
    id: ContractId,
    new: &NewContract,
    notice: &NoticeRule,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO care_contract (tenant_id, id, offer_id, demand_id, child_id, facility_id, state, care_from, care_until,
                                    hours_per_week, window_from, window_to, created_at, notice_months, notice_to, notice_not_last_months,
                                    week)
         VALUES ($1, $2, $3, $4, $5, $6, 'drafted', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        tenant.0,
        id.0,
        new.offer_id.0,
        new.demand_id.0,
        new.child_id.0,
        new.facility_id.0,
        new.care_from,
        new.care_until,
        new.hours_per_week,
        new.window_from,
        new.window_to,
        now,
        notice.months,
        notice.to as _,
        notice.not_last_months,
        new.week as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Contracts that were agreed elsewhere, with the same times on every day.
pub(super) async fn insert_agreed(
    tx: &mut TenantTx,
    all: &[NewContract],
    notice: &NoticeRule,
) -> Result<(), sqlx::Error> {
    let (tenant, now, today) = (tx.tenant_id(), tx.now(), tx.today());
    let ids: Vec<_> = all.iter().map(|_| ContractId::new().0).collect();
    let offers: Vec<_> = all.iter().map(|c| c.offer_id.0).collect();
    let demands: Vec<_> = all.iter().map(|c| c.demand_id.0).collect();
    let children: Vec<_> = all.iter().map(|c| c.child_id.0).collect();
    let facilities: Vec<_> = all.iter().map(|c| c.facility_id.0).collect();
    let from: Vec<_> = all.iter().map(|c| c.care_from).collect();
    let until: Vec<_> = all.iter().map(|c| c.care_until).collect();
    let hours: Vec<_> = all.iter().map(|c| c.hours_per_week).collect();
    let comes: Vec<_> = all.iter().map(|c| c.window_from).collect();
    let goes: Vec<_> = all.iter().map(|c| c.window_to).collect();
    sqlx::query!(
        "INSERT INTO care_contract (tenant_id, id, offer_id, demand_id, child_id, facility_id, state, care_from, care_until,
                                    hours_per_week, created_at, notice_months, began_on, window_from, window_to, notice_to,
                                    notice_not_last_months)
         SELECT $1, r.id, r.offer_id, r.demand_id, r.child_id, r.facility_id,
                CASE WHEN r.care_from <= $12 THEN 'active' ELSE 'signed_by_provider' END, r.care_from, r.care_until, r.hours, $10, $11,
                CASE WHEN r.care_from <= $12 THEN r.care_from END, r.comes, r.goes, $15, $16
           FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::date[], $8::date[], $9::int[], $13::time[],
                       $14::time[])
                AS r (id, offer_id, demand_id, child_id, facility_id, care_from, care_until, hours, comes, goes)",
        tenant.0,
        &ids,
        &offers,
        &demands,
        &children,
        &facilities,
        &from,
        &until,
        &hours,
        now,
        notice.months,
        today,
        &comes as &[Option<NaiveTime>],
        &goes as &[Option<NaiveTime>],
        notice.to as _,
        notice.not_last_months
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// A place that a child has by contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresentPlace {
    /// The contract.
    pub contract_id: ContractId,
    /// The accepted offer that takes the place.
    pub offer_id: OfferId,
    /// The demand that it covers.
    pub demand_id: DemandId,
    /// Where.
    pub facility_id: FacilityId,
    /// Its name.
    pub facility_name: String,
    /// First day of care.
    pub care_from: NaiveDate,
    /// First day on which the place is free again.
    pub care_until: NaiveDate,
}

pub(super) async fn present_places(
    tx: &mut TenantRead,
    child: ChildId,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<PresentPlace>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        PresentPlace,
        r#"SELECT k.id AS "contract_id: ContractId", k.offer_id AS "offer_id: OfferId", k.demand_id AS "demand_id: DemandId",
                  k.facility_id AS "facility_id: FacilityId", f.name AS facility_name, k.care_from, k.care_until
             FROM care_contract k
             JOIN facility f ON f.tenant_id = k.tenant_id AND f.id = k.facility_id
            WHERE k.tenant_id = $1 AND k.child_id = $2 AND k.state <> 'terminated' AND k.care_from < $4 AND k.care_until > $3
            ORDER BY k.facility_id, k.id"#,
        tenant.0,
        child.0,
        from,
        until
    )
    .fetch_all(tx.conn())
    .await
}

/// Locks the contract of an accepted offer; whether no signature binds anybody: there is none, or nothing came of it.
pub(super) async fn lock_unsigned(tx: &mut TenantTx, offer: OfferId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    let state = sqlx::query_scalar!(
        "SELECT state FROM care_contract WHERE tenant_id = $1 AND offer_id = $2 FOR UPDATE",
        tenant.0,
        offer.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(state.is_some_and(|state| matches!(state.as_str(), "drafted" | "sent" | "terminated")))
}

/// Ends a contract on a day, or before it began, because the child goes elsewhere.
pub(super) async fn leave_on(tx: &mut TenantTx, id: ContractId, day: NaiveDate) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE care_contract
            SET state = CASE WHEN care_from < $3 THEN state ELSE 'terminated' END,
                care_until = CASE WHEN care_from < $3 THEN $3 ELSE care_until END,
                notice_by = 'transfer', notice_at = $4, notice_account = NULL, notice_reason = NULL, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        day,
        now
    )
    .execute(tx.conn())
    .await?;
    drop_open_amendment(tx, id).await
}

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

impl ContractRow {
    /// Where it stands in the list.
    pub(super) fn place(&self) -> Place {
        Place {
            key: self.sort_key.clone(),
            id: self.id.0,
            total: self.total,
        }
    }
}

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
pub(super) struct Filter {
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
pub(super) async fn list(tx: &mut TenantRead, filter: &Filter) -> Result<Vec<ContractRow>, sqlx::Error> {
    let (tenant, today, scope) = (tx.tenant_id(), tx.today(), tx.scope().clone());
    let account = scope.own().map(|a| a.0);
    let facilities: Option<Vec<uuid::Uuid>> = match &scope {
        Scope::Own(_) => None,
        other => other.facilities().map(|all| all.iter().map(|f| f.0).collect()),
    };
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
                  k.notice_reason, k.measles_shown_on,
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
