//! SQL of guest children.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::soon;
use crate::access::{TenantRead, TenantTx};
use crate::platform::http::{SortKey, Sorted, listed};
use crate::platform::ids::{ChildId, DemandId};
use crate::residence::model::{CONSENT_ENDS_SOON, GuestAnswer, GuestState, Home};

/// A guest child.
#[derive(Debug, Clone)]
pub struct GuestRow {
    /// The demand.
    pub demand_id: DemandId,
    /// Its reference code.
    pub reference_code: Option<String>,
    /// The child.
    pub child_id: ChildId,
    /// Its first name.
    pub first_name: Option<String>,
    /// Its last name.
    pub last_name: Option<String>,
    /// Where the consent stands.
    pub state: GuestState,
    /// Name of the home municipality.
    pub home_name: Option<String>,
    /// Its address on one line.
    pub home_address: Option<String>,
    /// Its e-mail address.
    pub home_email: Option<String>,
    /// When it was asked.
    pub asked_on: Option<NaiveDate>,
    /// When it answered.
    pub answered_on: Option<NaiveDate>,
    /// First day of its consent.
    pub valid_from: Option<NaiveDate>,
    /// First day without it.
    pub valid_until: Option<NaiveDate>,
    /// Whether it bears its part of the costs.
    pub costs_agreed: Option<bool>,
    /// Its file number.
    pub home_file_number: Option<String>,
    /// A note of the office.
    pub note: Option<String>,
    /// Until when the office decides about a consent that does not hold any more while a contract stands.
    pub decide_by: Option<NaiveDate>,
    /// When the child was noted as a guest.
    pub created_at: DateTime<Utc>,
    /// Its version.
    pub version: i32,
    /// By what it is sorted in a list.
    pub sort_key: Option<String>,
    /// How many there are from here on.
    pub total: i64,
}

listed!(GuestRow, demand_id.0);

/// What the list of guests can be sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(in crate::residence) enum GuestSort {
    /// When the child was noted as a guest.
    #[default]
    Noted,
    /// The child as it is named: first name, then the initial.
    Child,
    /// The home municipality's name.
    Home,
    /// When it was asked.
    Asked,
    /// The first day without its consent.
    Until,
    /// Until when the office decides.
    Decide,
}

impl SortKey for GuestSort {}

/// What the list of guests is narrowed to, and its order.
#[derive(Default)]
pub(in crate::residence) struct GuestFilter {
    pub demand: Option<DemandId>,
    pub state: Option<GuestState>,
    /// Only consents that end soon, or have ended, while the child is still meant to be here.
    pub ending: bool,
    /// Only consents that were withdrawn or ended while a contract stands, not decided.
    pub lapsed: bool,
    /// What the child's name or the reference code begins with, in small letters.
    pub q: Option<String>,
    pub order: Sorted<GuestSort>,
}

/// Guests of demands that did not end without a place, in the order asked for.
pub(in crate::residence) async fn guests(
    tx: &mut TenantRead,
    filter: &GuestFilter,
) -> Result<Vec<GuestRow>, sqlx::Error> {
    let (tenant, restricted_too) = (tx.tenant_id(), tx.is_administrator());
    let soon = soon(tx.today(), CONSENT_ENDS_SOON);
    let order = &filter.order;
    sqlx::query_as!(
        GuestRow,
        r#"SELECT g.demand_id AS "demand_id: DemandId", d.reference_code, g.child_id AS "child_id: ChildId", c.first_name, c.last_name,
                  g.state AS "state: GuestState", g.home_name, g.home_address, g.home_email, g.asked_on, g.answered_on, g.valid_from,
                  g.valid_until, g.costs_agreed, g.home_file_number, g.note,
                  l.decide_by AS "decide_by?", g.created_at, g.version, s.key AS sort_key, count(*) OVER () AS "total!"
             FROM guest_case g
             JOIN care_demand d ON d.tenant_id = g.tenant_id AND d.id = g.demand_id
             JOIN child c ON c.tenant_id = g.tenant_id AND c.id = g.child_id
             LEFT JOIN guest_lapse l ON l.tenant_id = g.tenant_id AND l.demand_id = g.demand_id AND l.decision IS NULL
            CROSS JOIN LATERAL (SELECT CASE $6::text
                 WHEN 'child' THEN lower(concat_ws(' ', c.first_name, c.last_name))
                 WHEN 'home' THEN lower(g.home_name)
                 WHEN 'asked' THEN g.asked_on::text
                 WHEN 'until' THEN CASE WHEN g.state = 'granted' THEN g.valid_until::text END
                 WHEN 'decide' THEN l.decide_by::text
                 ELSE to_char(g.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') END) s (key)
            WHERE g.tenant_id = $1 AND ($2::uuid IS NULL OR g.demand_id = $2) AND ($3::text IS NULL OR g.state = $3)
              AND ($2::uuid IS NOT NULL OR (($8::bool OR c.restricted_at IS NULL)
                   AND d.state NOT IN ('withdrawn', 'expired', 'not_entitled', 'moved_away', 'superseded')))
              AND (NOT $4::bool OR g.state = 'granted' AND g.valid_until <= $5 AND NOT EXISTS (
                     SELECT 1 FROM care_contract k
                      WHERE k.tenant_id = g.tenant_id AND k.demand_id = g.demand_id AND k.care_until <= g.valid_until)
                   AND NOT EXISTS (SELECT 1 FROM guest_lapse e
                      WHERE e.tenant_id = g.tenant_id AND e.demand_id = g.demand_id AND e.lapses_on = g.valid_until))
              AND (NOT $10::bool OR l.id IS NOT NULL)
              AND ($13::text IS NULL OR lower(d.reference_code) ^@ $13 OR lower(c.last_name) ^@ $13
                   OR lower(concat_ws(' ', c.first_name, c.last_name)) ^@ $13)
              AND app.comes_after(s.key, g.demand_id, $7, $11, $12)
            ORDER BY CASE WHEN NOT $7 THEN s.key END COLLATE "de-x-icu", CASE WHEN $7 THEN s.key END COLLATE "de-x-icu" DESC NULLS LAST, g.demand_id
            LIMIT $9"#,
        tenant.0,
        filter.demand.map(|d| d.0),
        filter.state as _,
        filter.ending,
        soon,
        order.by as _,
        order.downwards,
        restricted_too,
        order.limit + 1,
        filter.lapsed,
        order.last_key.as_deref(),
        order.last_id,
        filter.q.as_deref()
    )
    .fetch_all(tx.conn())
    .await
}

/// The guest of a demand.
pub(in crate::residence) async fn guest(
    tx: &mut TenantRead,
    demand: DemandId,
) -> Result<Option<GuestRow>, sqlx::Error> {
    let filter = GuestFilter {
        demand: Some(demand),
        ..GuestFilter::default()
    };
    Ok(guests(tx, &filter).await?.pop())
}

pub(in crate::residence) async fn insert_guests(
    tx: &mut TenantTx,
    all: &[(DemandId, ChildId)],
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let (demands, children): (Vec<_>, Vec<_>) = all.iter().map(|(demand, child)| (demand.0, child.0)).unzip();
    sqlx::query!(
        "INSERT INTO guest_case (tenant_id, demand_id, child_id, state, created_at)
         SELECT $1, r.demand_id, r.child_id, 'open', $4 FROM unnest($2::uuid[], $3::uuid[]) AS r (demand_id, child_id)
         ON CONFLICT (tenant_id, demand_id) DO NOTHING",
        tenant.0,
        &demands,
        &children,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::residence) async fn delete_guest(tx: &mut TenantTx, demand: DemandId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM guest_case WHERE tenant_id = $1 AND demand_id = $2",
        tenant.0,
        demand.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::residence) async fn set_home(
    tx: &mut TenantTx,
    demand: DemandId,
    home: &Home,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE guest_case
            SET home_name = $3, home_address = $4, home_email = $5, version = version + 1
          WHERE tenant_id = $1 AND demand_id = $2",
        tenant.0,
        demand.0,
        home.name,
        home.address,
        home.email
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::residence) async fn set_asked(
    tx: &mut TenantTx,
    demand: DemandId,
    state: GuestState,
    on: NaiveDate,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE guest_case SET state = $3, asked_on = $4, version = version + 1 WHERE tenant_id = $1 AND demand_id = $2",
        tenant.0,
        demand.0,
        state as _,
        on
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::residence) async fn set_answer(
    tx: &mut TenantTx,
    demand: DemandId,
    answer: &GuestAnswer,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let state = if answer.granted {
        GuestState::Granted
    } else {
        GuestState::Refused
    };
    sqlx::query!(
        "UPDATE guest_case
            SET state = $3, answered_on = $4, valid_from = $5, valid_until = $6, costs_agreed = $7, home_file_number = $8, note = $9,
                version = version + 1
          WHERE tenant_id = $1 AND demand_id = $2",
        tenant.0,
        demand.0,
        state as _,
        answer.answered_on,
        answer.valid_from,
        answer.valid_until,
        answer.costs_agreed,
        answer.file_number,
        answer.note
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// What the letter to the home municipality says.
pub(in crate::residence) struct LetterRow {
    pub child_id: ChildId,
    pub reference_code: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub birth: Option<NaiveDate>,
    pub home_name: Option<String>,
    pub home_address: Option<String>,
    pub care_type: Option<String>,
    pub care_from: Option<NaiveDate>,
    pub hours_per_week: Option<i32>,
}

pub(in crate::residence) async fn letter(
    tx: &mut TenantRead,
    demand: DemandId,
) -> Result<Option<LetterRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        LetterRow,
        r#"SELECT g.child_id AS "child_id: ChildId", d.reference_code, c.first_name, c.last_name,
                  COALESCE(c.birth_date, c.expected_birth_date) AS birth, g.home_name, g.home_address, d.care_type,
                  d.desired_start AS care_from, d.hours_per_week
             FROM guest_case g
             JOIN care_demand d ON d.tenant_id = g.tenant_id AND d.id = g.demand_id
             JOIN child c ON c.tenant_id = g.tenant_id AND c.id = g.child_id
            WHERE g.tenant_id = $1 AND g.demand_id = $2"#,
        tenant.0,
        demand.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// Demands whose home municipality refused.
pub(in crate::residence) async fn refused(tx: &mut TenantRead) -> Result<HashSet<DemandId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let demands = sqlx::query_scalar!(
        r#"SELECT demand_id AS "id: DemandId" FROM guest_case WHERE tenant_id = $1 AND state = 'refused'"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(demands.into_iter().collect())
}

/// Notes that the office was reminded of consents that end soon; answers how many are new to it, and the first of their ends.
pub(in crate::residence) async fn remind_of_ends(tx: &mut TenantTx) -> Result<Option<(i64, NaiveDate)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let soon = soon(tx.today(), CONSENT_ENDS_SOON);
    let row = sqlx::query!(
        r#"WITH due AS (
             UPDATE guest_case g
                SET reminded_of = g.valid_until
               FROM care_demand d
              WHERE g.tenant_id = $1 AND d.tenant_id = g.tenant_id AND d.id = g.demand_id AND g.state = 'granted' AND g.valid_until <= $2
                AND g.reminded_of IS DISTINCT FROM g.valid_until
                AND NOT EXISTS (SELECT 1 FROM guest_lapse l
                                 WHERE l.tenant_id = g.tenant_id AND l.demand_id = g.demand_id AND l.lapses_on = g.valid_until)
                AND d.state NOT IN ('withdrawn', 'expired', 'not_entitled', 'moved_away', 'superseded')
                AND NOT EXISTS (SELECT 1 FROM care_contract k
                                 WHERE k.tenant_id = g.tenant_id AND k.demand_id = g.demand_id AND k.care_until <= g.valid_until)
             RETURNING g.valid_until
           )
           SELECT count(*) AS "count!", min(valid_until) AS first FROM due"#,
        tenant.0,
        soon
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(row.first.map(|first| (row.count, first)))
}
