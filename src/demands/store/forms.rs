//! What the family writes: the demand's fields, facts, and the list of preferences.

use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::access::{TenantRead, TenantTx};
use crate::demands::model::{DemandState, FactChange, Wish};
use crate::demands::store::rows::DemandRow;
use crate::facilities::CareType;
use crate::platform::ids::{AccountId, ChildId, DemandId, FacilityId, PreferenceId};

/// A demand as it is now, without a lock.
pub(in crate::demands) async fn demand(tx: &mut TenantRead, id: DemandId) -> Result<Option<DemandRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        DemandRow,
        r#"SELECT id AS "id: DemandId", child_id AS "child_id: ChildId", reference_code, state AS "state: DemandState",
                  care_type, desired_start, latest_start, hours_per_week, least_hours, times_first, ways AS "ways: Vec<FacilityId>",
                  window_from, window_to, legal_claim,
                  legal_claim_asserted_at, legal_due_on, transfer, register_mismatch, submitted_at, updated_at, version
             FROM care_demand
            WHERE tenant_id = $1 AND id = $2"#,
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await
}

/// The demands of the children of whom this account has custody today, newest first.
pub(in crate::demands) async fn demands_of(
    tx: &mut TenantRead,
    account: AccountId,
) -> Result<Vec<DemandId>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_scalar!(
        r#"SELECT d.id AS "id: DemandId"
             FROM guardian g
             JOIN custody c ON c.tenant_id = g.tenant_id AND c.guardian_id = g.id
             JOIN care_demand d ON d.tenant_id = c.tenant_id AND d.child_id = c.child_id
            WHERE g.tenant_id = $1 AND (g.account_id = $2 OR g.id = $2) AND c.valid_from <= $3 AND (c.valid_to IS NULL OR c.valid_to > $3)
            ORDER BY d.created_at DESC, d.id"#,
        tenant.0,
        account as _,
        today
    )
    .fetch_all(tx.conn())
    .await
}

/// Locks the demands of a child that have not ended, and answers their states.
pub(in crate::demands) async fn lock_running(
    tx: &mut TenantTx,
    child: ChildId,
) -> Result<Vec<DemandState>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT state AS "state: DemandState"
             FROM care_demand
            WHERE tenant_id = $1 AND child_id = $2
              AND state IN ('draft', 'submitted', 'confirmed', 'in_allocation', 'offer_pending', 'covered')
            ORDER BY id
              FOR UPDATE"#,
        tenant.0,
        child as _
    )
    .fetch_all(tx.conn())
    .await
}

/// Writes an empty draft. `None`: the child has a demand that looks for a place.
pub(in crate::demands) async fn insert_demand(
    tx: &mut TenantTx,
    child: ChildId,
    transfer: bool,
) -> Result<Option<DemandId>, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let author = tx.account().map(|account| account.id);
    sqlx::query_scalar!(
        r#"INSERT INTO care_demand (tenant_id, id, child_id, state, created_by, created_at, updated_at, transfer)
           VALUES ($1, $2, $3, 'draft', $4, $5, $5, $6)
           ON CONFLICT DO NOTHING
           RETURNING id AS "id: DemandId""#,
        tenant.0,
        DemandId::new() as _,
        child as _,
        author as _,
        now,
        transfer
    )
    .fetch_optional(tx.conn())
    .await
}

pub(in crate::demands) async fn delete_demand(tx: &mut TenantTx, id: DemandId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM care_demand WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::demands) async fn save_wish(tx: &mut TenantTx, id: DemandId, wish: &Wish) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE care_demand
            SET care_type = $3, desired_start = $4, latest_start = $5, hours_per_week = $6, window_from = $7, window_to = $8,
                legal_claim = $9, updated_at = $10, least_hours = $11, times_first = $12, ways = $13, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _,
        wish.care_type.map(CareType::as_str),
        wish.desired_start,
        wish.latest_start,
        wish.hours_per_week,
        wish.window_from,
        wish.window_to,
        wish.legal_claim,
        now,
        wish.least_hours,
        wish.times_first,
        wish.ways.as_deref() as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The wishes are others than those whose ways the family put into an order.
pub(in crate::demands) async fn forget_ways(tx: &mut TenantTx, id: DemandId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE care_demand SET ways = NULL WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Notes that the family changed something beside the demand's own fields.
pub(in crate::demands) async fn touch_demand(tx: &mut TenantTx, id: DemandId) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE care_demand SET updated_at = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Sets the day on which a claim is due.
pub(in crate::demands) async fn set_legal_due(
    tx: &mut TenantTx,
    id: DemandId,
    due: NaiveDate,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE care_demand SET legal_due_on = $3 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _,
        due
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Writes claims. What the office has seen or rejected stays as it decided, unless the number is another one.
pub(in crate::demands) async fn save_facts(
    tx: &mut TenantTx,
    demand: DemandId,
    facts: &[FactChange],
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    for fact in facts {
        sqlx::query!(
            "INSERT INTO demand_fact AS f (tenant_id, demand_id, criterion_id, claimed, number)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (tenant_id, demand_id, criterion_id) DO UPDATE
                SET claimed = excluded.claimed, number = excluded.number,
                    evidence_state = CASE WHEN f.number IS DISTINCT FROM excluded.number THEN 'claimed' ELSE f.evidence_state END,
                    seen_on = CASE WHEN f.number IS NOT DISTINCT FROM excluded.number THEN f.seen_on END,
                    seen_by = CASE WHEN f.number IS NOT DISTINCT FROM excluded.number THEN f.seen_by END,
                    valid_until = CASE WHEN f.number IS NOT DISTINCT FROM excluded.number THEN f.valid_until END",
            tenant.0,
            demand as _,
            fact.criterion_id as _,
            fact.claimed,
            fact.number.filter(|_| fact.claimed)
        )
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

pub(in crate::demands) async fn is_code_taken(tx: &mut TenantRead, code: &str) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM care_demand WHERE tenant_id = $1 AND reference_code = $2) AS "taken!""#,
        tenant.0,
        code
    )
    .fetch_one(tx.conn())
    .await
}

/// What sending writes into the demand; its state is changed by the transition.
pub(in crate::demands) struct Sending {
    pub reference_code: String,
    pub submitted_at: DateTime<Utc>,
    pub legal: Option<(DateTime<Utc>, NaiveDate)>,
}

pub(in crate::demands) async fn save_sending(
    tx: &mut TenantTx,
    id: DemandId,
    sending: &Sending,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE care_demand
            SET reference_code = $3, submitted_at = $4, legal_claim_asserted_at = $5, legal_due_on = $6
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _,
        sending.reference_code,
        sending.submitted_at,
        sending.legal.map(|(at, _)| at),
        sending.legal.map(|(_, due)| due)
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Which of these facilities can be wished.
pub(in crate::demands) async fn open_facilities(
    tx: &mut TenantRead,
    ids: &[FacilityId],
) -> Result<Vec<FacilityId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT id AS "id: FacilityId" FROM facility WHERE tenant_id = $1 AND id = ANY($2) AND state = 'open'"#,
        tenant.0,
        ids as _
    )
    .fetch_all(tx.conn())
    .await
}

pub(in crate::demands) async fn insert_preference(
    tx: &mut TenantTx,
    demand: DemandId,
    facility: FacilityId,
    rank: i32,
) -> Result<PreferenceId, sqlx::Error> {
    let (tenant, now, id) = (tx.tenant_id(), tx.now(), PreferenceId::new());
    sqlx::query!(
        "INSERT INTO facility_preference (tenant_id, id, demand_id, facility_id, rank, state, state_since)
         VALUES ($1, $2, $3, $4, $5, 'draft', $6)",
        tenant.0,
        id as _,
        demand as _,
        facility as _,
        rank,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(id)
}

pub(in crate::demands) async fn delete_preference(tx: &mut TenantTx, id: PreferenceId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM facility_preference WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::demands) async fn set_rank(tx: &mut TenantTx, id: PreferenceId, rank: i32) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE facility_preference SET rank = $3 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _,
        rank
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The clock of a preference begins (or begins anew).
pub(in crate::demands) async fn start_clock(
    tx: &mut TenantTx,
    id: PreferenceId,
    received_at: DateTime<Utc>,
    answer_due_on: NaiveDate,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE facility_preference SET received_at = $3, answer_due_on = $4, answered_at = NULL
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _,
        received_at,
        answer_due_on
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The first drafts that nobody has touched since a day.
pub(in crate::demands) async fn delete_old_drafts(
    tx: &mut TenantTx,
    untouched_since: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM care_demand WHERE tenant_id = $1 AND state = 'draft' AND updated_at < $2",
        tenant.0,
        untouched_since
    )
    .execute(tx.conn())
    .await
    .map(|done| done.rows_affected())
}

/// Covered demands whose care has begun, at most a hundred.
pub(in crate::demands) async fn begun_demands(
    tx: &mut TenantRead,
    after: Option<DemandId>,
    limit: usize,
) -> Result<Vec<DemandId>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_scalar!(
        r#"SELECT d.id AS "id: DemandId"
             FROM care_demand d
            WHERE d.tenant_id = $1 AND d.state = 'covered'
              AND EXISTS (SELECT 1 FROM care_contract c
                           WHERE c.tenant_id = d.tenant_id AND c.demand_id = d.id AND c.care_from <= $2 AND c.state <> 'terminated')
              AND ($3::uuid IS NULL OR d.id > $3)
            ORDER BY d.id
            LIMIT $4"#,
        tenant.0,
        today,
        after.map(|a| a.0),
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
    .fetch_all(tx.conn())
    .await
}

/// The day `days` after another.
pub(in crate::demands) fn days_after(day: NaiveDate, days: i32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days.unsigned_abs())))
        .unwrap_or(NaiveDate::MAX)
}
