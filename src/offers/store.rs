//! SQL of this slice.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{DeclineReason, OfferState, PlaceOffer};
use crate::access::{TenantRead, TenantTx};
use crate::contracts::{CareTimes, NewContract};
use crate::platform::http::{Direction, SortKey, Sorted, listed};
use crate::platform::ids::{ChildId, ContractId, DemandId, FacilityId, OfferId, PreferenceId};
use crate::platform::week::WeekTimes;
use crate::tenancy;

/// An offer to be written.
pub(super) struct Draft {
    pub id: OfferId,
    pub demand_id: DemandId,
    pub preference_id: PreferenceId,
    pub facility_id: FacilityId,
    pub child_id: ChildId,
    pub care_from: NaiveDate,
    pub care_until: NaiveDate,
    pub times: CareTimes,
    pub deadline_on: NaiveDate,
    pub expires_at: DateTime<Utc>,
}

/// An offer with the words that every view of it needs.
#[derive(Debug, Clone)]
pub struct OfferRow {
    pub(super) id: OfferId,
    pub(super) facility_id: FacilityId,
    pub(super) facility_name: String,
    pub(super) preference_id: PreferenceId,
    pub(super) demand_id: DemandId,
    pub(super) child_id: ChildId,
    pub(super) child_first_name: Option<String>,
    pub(super) child_last_name: Option<String>,
    pub(super) state: OfferState,
    pub(super) care_from: NaiveDate,
    pub(super) care_until: NaiveDate,
    pub(super) hours_per_week: i32,
    pub(super) window_from: Option<NaiveTime>,
    pub(super) window_to: Option<NaiveTime>,
    pub(super) week: Option<WeekTimes>,
    pub(super) deadline_on: NaiveDate,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) sent_at: Option<DateTime<Utc>>,
    pub(super) viewed_at: Option<DateTime<Utc>>,
    pub(super) answered_at: Option<DateTime<Utc>>,
    pub(super) decline_reason: Option<DeclineReason>,
    pub(super) revoke_reason: Option<String>,
    pub(super) contract_id: Option<ContractId>,
    pub(super) present_facility: Option<String>,
    pub(super) better_than: Option<String>,
    pub(super) has_account: bool,
    pub(super) letter_until: Option<NaiveDate>,
    pub(super) version: i32,
    pub(super) sort_key: Option<String>,
    pub(super) total: i64,
}

listed!(OfferRow, id.0);

impl OfferRow {
    /// The offer.
    pub fn id(&self) -> OfferId {
        self.id
    }

    /// The state machine at its state.
    pub(super) fn machine(&self) -> PlaceOffer {
        PlaceOffer::in_state(self.state, self.expires_at)
    }
}

pub(super) async fn insert(tx: &mut TenantTx, new: &Draft, state: &PlaceOffer) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let by = tx.account().map(|a| a.id.0);
    sqlx::query!(
        "INSERT INTO place_offer (tenant_id, id, demand_id, preference_id, facility_id, child_id, state, care_from, care_until,
                                  hours_per_week, window_from, window_to, week, deadline_on, expires_at, sent_at, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $17, $13, $14, $15, $16, $15)",
        tenant.0,
        new.id.0,
        new.demand_id.0,
        new.preference_id.0,
        new.facility_id.0,
        new.child_id.0,
        state.state().as_str(),
        new.care_from,
        new.care_until,
        new.times.hours_per_week,
        new.times.window_from,
        new.times.window_to,
        new.deadline_on,
        new.expires_at,
        now,
        by,
        new.times.week as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The accepted offers behind contracts of another system.
pub(super) async fn insert_accepted(tx: &mut TenantTx, all: &[NewContract]) -> Result<(), sqlx::Error> {
    let (tenant, now, today) = (tx.tenant_id(), tx.now(), tx.today());
    let by = tx.account().map(|a| a.id.0);
    let ids: Vec<_> = all.iter().map(|c| c.offer_id.0).collect();
    let demands: Vec<_> = all.iter().map(|c| c.demand_id.0).collect();
    let from: Vec<_> = all.iter().map(|c| c.care_from).collect();
    let until: Vec<_> = all.iter().map(|c| c.care_until).collect();
    let hours: Vec<_> = all.iter().map(|c| c.hours_per_week).collect();
    let comes: Vec<_> = all.iter().map(|c| c.window_from).collect();
    let goes: Vec<_> = all.iter().map(|c| c.window_to).collect();
    sqlx::query!(
        "INSERT INTO place_offer (tenant_id, id, demand_id, preference_id, facility_id, child_id, state, care_from, care_until,
                                  hours_per_week, window_from, window_to, deadline_on, expires_at, sent_at, answered_at, created_by,
                                  created_at)
         SELECT $1, r.id, r.demand_id, p.id, p.facility_id, d.child_id, 'accepted', r.care_from, r.care_until, r.hours, r.comes, r.goes,
                $7, $8, $8, $8, $9, $8
           FROM unnest($2::uuid[], $3::uuid[], $4::date[], $5::date[], $6::int[], $10::time[], $11::time[])
                AS r (id, demand_id, care_from, care_until, hours, comes, goes)
           JOIN care_demand d ON d.tenant_id = $1 AND d.id = r.demand_id
           JOIN facility_preference p ON p.tenant_id = $1 AND p.demand_id = r.demand_id",
        tenant.0,
        &ids,
        &demands,
        &from,
        &until,
        &hours,
        today,
        now,
        by,
        &comes as &[Option<NaiveTime>],
        &goes as &[Option<NaiveTime>]
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Whether an offer to the child is open, by anybody.
pub(super) async fn child_has_open_offer(tx: &mut TenantRead, child: ChildId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1
                            FROM place_offer
                           WHERE tenant_id = $1 AND child_id = $2 AND state IN ('sent', 'viewed')) AS "open!""#,
        tenant.0,
        child.0
    )
    .fetch_one(tx.conn())
    .await
}

/// What a list of offers can be sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(super) enum OfferSort {
    /// When it was sent, the latest first.
    #[default]
    Sent,
    /// The child as it is named: first name, then the initial.
    Child,
    /// How far it has come.
    State,
    /// The last day to answer.
    Deadline,
    /// The first day of care.
    Start,
    /// Hours a week.
    Hours,
    /// When the family saw it.
    Viewed,
    /// The facility's name.
    Facility,
}

impl SortKey for OfferSort {
    fn natural(self) -> Direction {
        match self {
            Self::Sent => Direction::Desc,
            _ => Direction::Asc,
        }
    }
}

/// What a list is narrowed to, and its order.
#[derive(Default)]
pub(super) struct Filter {
    pub id: Option<OfferId>,
    pub facility: Option<FacilityId>,
    /// `None`: whatever the state.
    pub states: Option<Vec<&'static str>>,
    /// What the child's name begins with, in small letters.
    pub q: Option<String>,
    pub order: Sorted<OfferSort>,
}

/// Offers within the scope in the order asked for: own means of a child in whose custody the account is today. Staff does not see those of
/// restricted data.
pub(super) async fn list(tx: &mut TenantRead, filter: &Filter) -> Result<Vec<OfferRow>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let (account, facilities) = tx.scope().as_filter();
    let (order, sees_restricted, now) = (&filter.order, tx.sees_restricted(), tx.now());
    let grace = tenancy::settings(tx).await?.letter_grace_days;
    sqlx::query_as!(
        OfferRow,
        r#"SELECT o.id AS "id: OfferId", o.facility_id AS "facility_id: FacilityId", f.name AS facility_name,
                  o.preference_id AS "preference_id: PreferenceId", o.demand_id AS "demand_id: DemandId",
                  o.child_id AS "child_id: ChildId", c.first_name AS child_first_name, c.last_name AS child_last_name,
                  o.state AS "state: OfferState", o.care_from, o.care_until, o.hours_per_week, o.window_from, o.window_to,
                  o.week AS "week: WeekTimes", o.deadline_on, o.expires_at, o.sent_at, o.viewed_at, o.answered_at,
                  o.decline_reason AS "decline_reason: DeclineReason", o.revoke_reason, k.id AS "contract_id?: ContractId",
                  -- Only the family sees where else the child has a place.
                  CASE WHEN $3::uuid IS NOT NULL AND o.state IN ('sent', 'viewed') THEN (
                      SELECT string_agg(y.name, ', ' ORDER BY x.care_from)
                        FROM care_contract x
                        JOIN facility y ON y.tenant_id = x.tenant_id AND y.id = x.facility_id
                       WHERE x.tenant_id = o.tenant_id AND x.child_id = o.child_id AND x.state <> 'terminated'
                         AND x.care_from < o.care_until AND x.care_until > o.care_from) END AS present_facility,
                  CASE WHEN $3::uuid IS NOT NULL THEN (
                      SELECT y.name
                        FROM case_improvement i
                        JOIN place_offer x ON x.tenant_id = i.tenant_id AND x.id = i.kept_offer_id
                        JOIN facility y ON y.tenant_id = x.tenant_id AND y.id = x.facility_id
                       WHERE i.tenant_id = o.tenant_id AND i.offer_id = o.id) END AS better_than,
                  app.has_account(o.tenant_id, o.child_id, $4) AS "has_account!",
                  CASE WHEN o.state IN ('sent', 'viewed') AND o.expires_at <= $15 AND o.deadline_on + $16::int >= $4
                            AND NOT app.has_account(o.tenant_id, o.child_id, $4)
                       THEN o.deadline_on + $16::int END AS letter_until,
                  o.version, s.key AS sort_key, count(*) OVER () AS "total!"
             FROM place_offer o
             JOIN facility f ON f.tenant_id = o.tenant_id AND f.id = o.facility_id
             JOIN child c ON c.tenant_id = o.tenant_id AND c.id = o.child_id
             LEFT JOIN care_contract k ON k.tenant_id = o.tenant_id AND k.offer_id = o.id
            CROSS JOIN LATERAL (SELECT CASE $8::text
                 WHEN 'child' THEN lower(concat_ws(' ', c.first_name, c.last_name))
                 WHEN 'state' THEN array_position('{drafted,sent,viewed,accepted,declined,expired,revoked}'::text[], o.state)::text
                 WHEN 'deadline' THEN o.deadline_on::text
                 WHEN 'start' THEN o.care_from::text
                 WHEN 'hours' THEN lpad(o.hours_per_week::text, 3, '0')
                 WHEN 'viewed' THEN to_char(o.viewed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')
                 WHEN 'facility' THEN lower(f.name)
                 ELSE to_char(COALESCE(o.sent_at, o.created_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') END) s (key)
            WHERE o.tenant_id = $1
              AND ($2::uuid[] IS NULL OR o.facility_id = ANY($2))
              AND ($3::uuid IS NULL OR (o.state <> 'drafted' AND EXISTS (
                       SELECT 1
                         FROM custody u
                         JOIN guardian g ON g.tenant_id = u.tenant_id AND g.id = u.guardian_id
                        WHERE u.tenant_id = o.tenant_id AND u.child_id = o.child_id AND (g.account_id = $3 OR g.id = $3)
                          AND u.valid_from <= $4 AND (u.valid_to IS NULL OR u.valid_to > $4))))
              AND ($3::uuid IS NOT NULL OR $14 OR c.restricted_at IS NULL)
              AND ($5::uuid IS NULL OR o.id = $5)
              AND ($6::uuid IS NULL OR o.facility_id = $6)
              AND ($7::text[] IS NULL OR o.state = ANY($7))
              AND ($13::text IS NULL OR lower(c.last_name) ^@ $13 OR lower(concat_ws(' ', c.first_name, c.last_name)) ^@ $13)
              AND app.comes_after(s.key, o.id, $9, $10, $11)
            ORDER BY CASE WHEN NOT $9 THEN s.key END COLLATE "de-x-icu", CASE WHEN $9 THEN s.key END COLLATE "de-x-icu" DESC NULLS LAST, o.id
            LIMIT $12"#,
        tenant.0,
        facilities.as_deref(),
        account,
        today,
        filter.id.map(|id| id.0),
        filter.facility.map(|id| id.0),
        filter.states.as_deref() as Option<&[&str]>,
        order.by as _,
        order.downwards,
        order.last_key.as_deref(),
        order.last_id,
        order.limit + 1,
        filter.q.as_deref(),
        sees_restricted,
        now,
        grace
    )
    .fetch_all(tx.conn())
    .await
}

/// Locks an offer until the transaction ends; its facility's places and its demand are locked before it.
pub(super) async fn lock(tx: &mut TenantTx, id: OfferId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT version FROM place_offer WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await
    .map(|_| ())
}

/// The family has seen it. No new version: it says nothing else than before, and the other guardian may be about to answer.
pub(super) async fn set_viewed(tx: &mut TenantTx, id: OfferId, to: &PlaceOffer) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE place_offer SET state = $3, viewed_at = COALESCE(viewed_at, $4) WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        to.state().as_str(),
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Writes how an offer ended.
pub(super) async fn set_ended(
    tx: &mut TenantTx,
    id: OfferId,
    to: &PlaceOffer,
    declined: Option<DeclineReason>,
    revoked: Option<&str>,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE place_offer
            SET state = $3, decline_reason = $4, revoke_reason = $5, version = version + 1,
                answered_at = CASE WHEN $3 IN ('accepted', 'declined') THEN $6::timestamptz END
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        to.state().as_str(),
        declined.map(DeclineReason::as_str),
        revoked,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Open offers whose deadline has passed, in the order of their deadlines, after one; those of families without an account after the days
/// in which their letter may still be opened.
pub(super) async fn overdue(
    tx: &mut TenantRead,
    after: Option<(DateTime<Utc>, OfferId)>,
    limit: i64,
) -> Result<Vec<(DateTime<Utc>, OfferId)>, sqlx::Error> {
    let (tenant, now, today, (at, id)) = (tx.tenant_id(), tx.now(), tx.today(), after.unzip());
    let grace = tenancy::settings(tx).await?.letter_grace_days;
    let rows = sqlx::query!(
        r#"SELECT expires_at, id AS "id: OfferId"
             FROM place_offer
            WHERE tenant_id = $1 AND state IN ('sent', 'viewed') AND expires_at <= $2
              AND (deadline_on + $7::int < $6 OR app.has_account(tenant_id, child_id, $6))
              AND ($3::timestamptz IS NULL OR (expires_at, id) > ($3, $4))
            ORDER BY expires_at, id
            LIMIT $5"#,
        tenant.0,
        now,
        at,
        id.map(|id| id.0),
        limit,
        today,
        grace
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.expires_at, row.id)).collect())
}

/// Claims open offers whose deadline is at most two days ahead and of which nobody was reminded. Offers sent less than a day ago need none.
pub(super) async fn claim_reminders(tx: &mut TenantTx, last_day: NaiveDate) -> Result<Vec<OfferId>, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query_scalar!(
        r#"UPDATE place_offer
              SET reminded_at = $2
            WHERE tenant_id = $1 AND state IN ('sent', 'viewed') AND reminded_at IS NULL
              AND expires_at > $2 AND deadline_on <= $3 AND sent_at <= $2 - interval '1 day'
            RETURNING id AS "id: OfferId""#,
        tenant.0,
        now,
        last_day
    )
    .fetch_all(tx.conn())
    .await
}

/// Open offers whose preference is no longer offered, of a demand or of all, after one.
pub(super) async fn without_ground(
    tx: &mut TenantRead,
    demand: Option<DemandId>,
    after: Option<OfferId>,
    limit: i64,
) -> Result<Vec<OfferId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT o.id AS "id: OfferId"
             FROM place_offer o
             JOIN facility_preference p ON p.tenant_id = o.tenant_id AND p.id = o.preference_id
            WHERE o.tenant_id = $1 AND ($2::uuid IS NULL OR o.demand_id = $2) AND o.state IN ('sent', 'viewed') AND p.state <> 'offered'
              AND ($3::uuid IS NULL OR o.id > $3)
            ORDER BY o.id
            LIMIT $4"#,
        tenant.0,
        demand.map(|demand| demand.0),
        after.map(|after| after.0),
        limit
    )
    .fetch_all(tx.conn())
    .await
}
