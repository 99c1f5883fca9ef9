//! SQL of this slice.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;
use sqlx::types::Json;

use super::Answerer;
use super::model::SwapState;
use crate::access::{TenantRead, TenantTx};
use crate::offers::SwapMove;
use crate::platform::ids::{ChildId, ContractId, DemandId, FacilityId, PreferenceId, SwapId, SwapPartId};
use crate::platform::week::WeekTimes;
use crate::tenancy;

/// A facility that a child wishes more than its own.
#[derive(Debug, Clone, Deserialize)]
pub struct SwapWish {
    /// The facility.
    pub facility_id: FacilityId,
    /// Its name.
    pub name: String,
    /// The preference.
    pub preference_id: PreferenceId,
}

/// A child with a place that looks for another one.
#[derive(Debug, Clone)]
pub struct WisherRow {
    /// Its contract.
    pub contract_id: ContractId,
    /// The child.
    pub child_id: ChildId,
    /// Its first name.
    pub first_name: Option<String>,
    /// Its last name.
    pub last_name: Option<String>,
    /// Its date of birth.
    pub birth: NaiveDate,
    /// Where it is.
    pub facility_id: FacilityId,
    /// Its name.
    pub facility_name: String,
    /// First day of care there.
    pub care_from: NaiveDate,
    /// Its wishes, the dearest first.
    pub wishes: Json<Vec<SwapWish>>,
}

/// Children with an agreed place that reaches beyond a day and an open wish to change, who are in no open swap. In the order of their contracts.
pub(super) async fn wishers(tx: &mut TenantRead, day: NaiveDate) -> Result<Vec<WisherRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        WisherRow,
        r#"SELECT k.id AS "contract_id: ContractId", k.child_id AS "child_id: ChildId", c.first_name, c.last_name,
                  COALESCE(c.birth_date, c.expected_birth_date) AS "birth!", k.facility_id AS "facility_id: FacilityId",
                  f.name AS facility_name, k.care_from, wish.list AS "wishes!: Json<Vec<SwapWish>>"
             FROM care_demand d
             JOIN care_contract k ON k.tenant_id = d.tenant_id AND k.child_id = d.child_id
                  AND k.state IN ('signed_by_provider', 'active') AND k.notice_by IS NULL AND k.care_until > $2
             JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id AND c.restricted_at IS NULL
             JOIN facility f ON f.tenant_id = k.tenant_id AND f.id = k.facility_id
            CROSS JOIN LATERAL (
                  SELECT json_agg(json_build_object('facility_id', p.facility_id, 'name', n.name, 'preference_id', p.id)
                                  ORDER BY p.rank) AS list
                    FROM facility_preference p
                    JOIN facility n ON n.tenant_id = p.tenant_id AND n.id = p.facility_id AND n.state = 'open'
                   WHERE p.tenant_id = d.tenant_id AND p.demand_id = d.id
                     AND p.state IN ('received', 'under_review', 'invited', 'waitlisted')) wish
            WHERE d.tenant_id = $1 AND d.transfer AND d.state IN ('confirmed', 'in_allocation') AND wish.list IS NOT NULL
              AND NOT EXISTS (SELECT 1
                                FROM place_swap_part q
                                JOIN place_swap s ON s.tenant_id = q.tenant_id AND s.id = q.swap_id
                               WHERE q.tenant_id = k.tenant_id AND q.contract_id = k.id AND s.state = 'open')
            ORDER BY k.id"#,
        tenant.0,
        day
    )
    .fetch_all(tx.conn())
    .await
}

/// Locks contracts for a proposal; `false`: one of them is in an open swap.
pub(super) async fn lock_free(tx: &mut TenantTx, contracts: &[ContractId]) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "SELECT id FROM care_contract WHERE tenant_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE",
        tenant.0,
        contracts as _
    )
    .fetch_all(tx.conn())
    .await?;
    sqlx::query_scalar!(
        r#"SELECT NOT EXISTS (SELECT 1
                                FROM place_swap_part q
                                JOIN place_swap s ON s.tenant_id = q.tenant_id AND s.id = q.swap_id
                               WHERE q.tenant_id = $1 AND q.contract_id = ANY($2) AND s.state = 'open') AS "free!""#,
        tenant.0,
        contracts as _
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn insert(
    tx: &mut TenantTx,
    id: SwapId,
    swap_on: NaiveDate,
    deadline_on: NaiveDate,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let account = tx.account().map(|a| a.id.0);
    sqlx::query!(
        "INSERT INTO place_swap (tenant_id, id, state, swap_on, deadline_on, proposed_by, created_at)
         VALUES ($1, $2, 'open', $3, $4, $5, $6)",
        tenant.0,
        id.0,
        swap_on,
        deadline_on,
        account,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn insert_part(
    tx: &mut TenantTx,
    swap: SwapId,
    position: i32,
    row: &WisherRow,
    wish: &SwapWish,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO place_swap_part (tenant_id, id, swap_id, position, contract_id, child_id, preference_id, from_facility_id, to_facility_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        tenant.0,
        SwapPartId::new().0,
        swap.0,
        position,
        row.contract_id.0,
        row.child_id.0,
        wish.preference_id.0,
        row.facility_id.0,
        wish.facility_id.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// One child's part of a swap.
#[derive(Debug, Clone)]
pub struct PartRow {
    /// The part.
    pub id: SwapPartId,
    /// Its swap.
    pub swap_id: SwapId,
    /// Where the swap stands.
    pub state: SwapState,
    /// From this day on.
    pub swap_on: NaiveDate,
    /// The last day of answering.
    pub deadline_on: NaiveDate,
    /// When it was proposed.
    pub created_at: DateTime<Utc>,
    /// How many children are in it.
    pub children: i64,
    /// How many answers are missing, of all sides.
    pub missing: i64,
    /// The contract that would end.
    pub contract_id: ContractId,
    /// The child.
    pub child_id: ChildId,
    /// Its first name.
    pub first_name: Option<String>,
    /// Its last name.
    pub last_name: Option<String>,
    /// Its date of birth.
    pub birth: NaiveDate,
    /// The wish that would be granted.
    pub preference_id: PreferenceId,
    /// The demand of the wish.
    pub demand_id: DemandId,
    /// Hours a week on the day of the swap.
    pub hours_per_week: i32,
    /// Care from this time of day.
    pub window_from: Option<NaiveTime>,
    /// Care until this time of day.
    pub window_to: Option<NaiveTime>,
    /// The times of each day; `None`: the same on every day.
    pub week: Option<WeekTimes>,
    /// Where the child is.
    pub from_facility: String,
    /// Where it would come.
    pub to_facility_id: FacilityId,
    /// Its name.
    pub to_facility: String,
    /// The family's answer.
    pub family_answer: Option<bool>,
    /// The receiving facility's answer.
    pub site_answer: Option<bool>,
    /// Whether a guardian with custody has an account.
    pub has_account: bool,
    /// After the deadline: until when the office can still enter the answer of a family without an account, which arrived in time and lay
    /// unopened.
    pub letter_until: Option<NaiveDate>,
}

impl PartRow {
    /// What would be done for this child.
    pub fn as_move(&self) -> SwapMove {
        SwapMove {
            contract_id: self.contract_id,
            preference_id: self.preference_id,
            hours_per_week: self.hours_per_week,
            window: self.window_from.zip(self.window_to),
            week: self.week,
        }
    }
}

/// What a list is narrowed to.
#[derive(Default)]
pub(super) struct Filter {
    pub swap: Option<SwapId>,
    pub part: Option<SwapPartId>,
}

/// Parts within the scope, the newest swaps first: of an own child, of children that come to a facility in reach, or all.
pub(super) async fn parts(tx: &mut TenantRead, filter: &Filter) -> Result<Vec<PartRow>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let (account, facilities) = tx.scope().as_filter();
    let grace = tenancy::settings(tx).await?.letter_grace_days;
    sqlx::query_as!(
        PartRow,
        r#"SELECT q.id AS "id: SwapPartId", q.swap_id AS "swap_id: SwapId", s.state AS "state: SwapState", s.swap_on, s.deadline_on,
                  s.created_at, q.contract_id AS "contract_id: ContractId", q.child_id AS "child_id: ChildId", c.first_name, c.last_name,
                  COALESCE(c.birth_date, c.expected_birth_date) AS "birth!", q.preference_id AS "preference_id: PreferenceId",
                  p.demand_id AS "demand_id: DemandId", t.hours_per_week AS "hours_per_week!", t.window_from, t.window_to,
                  t.week AS "week: WeekTimes",
                  f.name AS from_facility, q.to_facility_id AS "to_facility_id: FacilityId", g.name AS to_facility,
                  q.family_answer, q.site_answer, app.has_account(q.tenant_id, q.child_id, $4) AS "has_account!",
                  -- Never so long that the day of the swap passes.
                  CASE WHEN s.state = 'open' AND s.deadline_on < $4 AND least(s.deadline_on + $8::int, s.swap_on - 1) >= $4
                            AND q.family_answer IS NULL AND NOT app.has_account(q.tenant_id, q.child_id, $4)
                       THEN least(s.deadline_on + $8::int, s.swap_on - 1) END AS letter_until,
                  (SELECT count(*) FROM place_swap_part x WHERE x.tenant_id = s.tenant_id AND x.swap_id = s.id) AS "children!",
                  (SELECT count(*) FILTER (WHERE x.family_answer IS NULL) + count(*) FILTER (WHERE x.site_answer IS NULL)
                     FROM place_swap_part x
                    WHERE x.tenant_id = s.tenant_id AND x.swap_id = s.id) AS "missing!"
             FROM place_swap_part q
             JOIN place_swap s ON s.tenant_id = q.tenant_id AND s.id = q.swap_id
             JOIN child c ON c.tenant_id = q.tenant_id AND c.id = q.child_id
             JOIN facility_preference p ON p.tenant_id = q.tenant_id AND p.id = q.preference_id
             JOIN facility f ON f.tenant_id = q.tenant_id AND f.id = q.from_facility_id
             JOIN facility g ON g.tenant_id = q.tenant_id AND g.id = q.to_facility_id
            CROSS JOIN LATERAL app.terms_on(q.tenant_id, q.contract_id, s.swap_on) t
            WHERE q.tenant_id = $1
              AND ($2::uuid[] IS NULL OR q.to_facility_id = ANY($2))
              AND ($3::uuid IS NULL OR EXISTS (
                       SELECT 1
                         FROM custody u
                         JOIN guardian h ON h.tenant_id = u.tenant_id AND h.id = u.guardian_id
                        WHERE u.tenant_id = q.tenant_id AND u.child_id = q.child_id AND h.account_id = $3
                          AND u.valid_from <= $4 AND (u.valid_to IS NULL OR u.valid_to > $4)))
              AND ($3::uuid IS NOT NULL OR c.restricted_at IS NULL)
              AND ($5::uuid IS NULL OR q.swap_id = $5)
              AND ($6::uuid IS NULL OR q.id = $6)
              AND (s.state = 'open' OR s.created_at > $7)
            ORDER BY s.created_at DESC, s.id, q.position
            LIMIT 600"#,
        tenant.0,
        facilities.as_deref(),
        account,
        today,
        filter.swap.map(|s| s.0),
        filter.part.map(|p| p.0),
        tx.now() - chrono::Duration::days(365),
        grace
    )
    .fetch_all(tx.conn())
    .await
}

/// Locks a swap; `false`: it is not open.
pub(super) async fn lock(tx: &mut TenantTx, id: SwapId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT state = 'open' AS "open!" FROM place_swap WHERE tenant_id = $1 AND id = $2 FOR UPDATE"#,
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await
    .map(|open| open == Some(true))
}

pub(super) async fn set_answer(tx: &mut TenantTx, id: SwapPartId, who: Answerer, yes: bool) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let account = tx.account().map(|a| a.id.0);
    let family = who == Answerer::Family;
    sqlx::query!(
        "UPDATE place_swap_part
            SET family_answer = CASE WHEN $3 THEN $4 ELSE family_answer END,
                family_at = CASE WHEN $3 THEN $5::timestamptz ELSE family_at END,
                site_answer = CASE WHEN $3 THEN site_answer ELSE $4 END,
                site_at = CASE WHEN $3 THEN site_at ELSE $5::timestamptz END,
                site_account = CASE WHEN $3 THEN site_account ELSE $6::uuid END
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        family,
        yes,
        now,
        account
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn all_said_yes(tx: &mut TenantTx, swap: SwapId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT COALESCE(bool_and(COALESCE(family_answer, false) AND COALESCE(site_answer, false)), false) AS "all!"
             FROM place_swap_part
            WHERE tenant_id = $1 AND swap_id = $2"#,
        tenant.0,
        swap.0
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn end(tx: &mut TenantTx, id: SwapId, state: SwapState) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE place_swap SET state = $3, ended_at = $4 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        state as _,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Open swaps whose last day of answering is over and to which not all have said yes, after one.
pub(super) async fn overdue(
    tx: &mut TenantRead,
    after: Option<SwapId>,
    limit: i64,
) -> Result<Vec<SwapId>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let grace = tenancy::settings(tx).await?.letter_grace_days;
    sqlx::query_scalar!(
        r#"SELECT s.id AS "id: SwapId"
             FROM place_swap s
            WHERE s.tenant_id = $1 AND s.state = 'open' AND s.deadline_on < $2
              AND EXISTS (SELECT 1 FROM place_swap_part p
                           WHERE p.tenant_id = s.tenant_id AND p.swap_id = s.id
                             AND (p.family_answer IS DISTINCT FROM true OR p.site_answer IS DISTINCT FROM true))
              AND (least(s.deadline_on + $5::int, s.swap_on - 1) < $2 OR NOT EXISTS (
                   SELECT 1 FROM place_swap_part p
                    WHERE p.tenant_id = s.tenant_id AND p.swap_id = s.id AND p.family_answer IS NULL
                      AND NOT app.has_account(p.tenant_id, p.child_id, $2)))
              AND ($3::uuid IS NULL OR s.id > $3)
            ORDER BY s.id
            LIMIT $4"#,
        tenant.0,
        today,
        after.map(|after| after.0),
        limit,
        grace
    )
    .fetch_all(tx.conn())
    .await
}

/// Open swaps to which all have said yes, after one.
pub(super) async fn agreed(tx: &mut TenantRead, after: Option<SwapId>, limit: i64) -> Result<Vec<SwapId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT s.id AS "id: SwapId"
             FROM place_swap s
            WHERE s.tenant_id = $1 AND s.state = 'open'
              AND NOT EXISTS (SELECT 1 FROM place_swap_part p
                               WHERE p.tenant_id = s.tenant_id AND p.swap_id = s.id
                                 AND (p.family_answer IS DISTINCT FROM true OR p.site_answer IS DISTINCT FROM true))
              AND ($2::uuid IS NULL OR s.id > $2)
            ORDER BY s.id
            LIMIT $3"#,
        tenant.0,
        after.map(|after| after.0),
        limit
    )
    .fetch_all(tx.conn())
    .await
}
