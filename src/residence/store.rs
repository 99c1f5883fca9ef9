//! SQL of this slice. Demands and contracts stand below it; their rows are read as data.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::model::{CONSENT_ENDS_SOON, Evidence, GuestAnswer, GuestState, Home, MOVES_SOON, MoveState, NewMove};
use crate::access::{TenantRead, TenantTx};
use crate::platform::clock::berlin_date;
use crate::platform::ids::{ChildId, DemandId};

/// A demand as far as it matters here.
pub(super) struct DemandRow {
    pub child_id: ChildId,
    pub state: String,
    pub desired_start: Option<NaiveDate>,
    pub asserted_at: Option<DateTime<Utc>>,
}

impl DemandRow {
    /// It was sent and has not ended without a place; what is closed has its contract.
    pub fn is_running(&self) -> bool {
        self.state != "draft" && !self.has_ended()
    }

    pub fn has_ended(&self) -> bool {
        ["withdrawn", "expired", "not_entitled", "moved_away", "superseded"].contains(&self.state.as_str())
    }

    pub fn asserted_on(&self) -> Option<NaiveDate> {
        self.asserted_at.map(berlin_date)
    }
}

pub(super) async fn lock_demand(tx: &mut TenantTx, demand: DemandId) -> Result<Option<DemandRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        DemandRow,
        r#"SELECT child_id AS "child_id: ChildId", state, desired_start, legal_claim_asserted_at AS asserted_at
             FROM care_demand
            WHERE tenant_id = $1 AND id = $2
              FOR NO KEY UPDATE"#,
        tenant.0,
        demand.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// The child of a demand, if there is one.
pub(super) async fn child_of(tx: &mut TenantRead, demand: DemandId) -> Result<Option<ChildId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT child_id AS "id: ChildId" FROM care_demand WHERE tenant_id = $1 AND id = $2"#,
        tenant.0,
        demand.0
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn set_legal_due(tx: &mut TenantTx, demand: DemandId, due: NaiveDate) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE care_demand SET legal_due_on = $3 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        demand.0,
        due
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

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
    /// When the child was noted as a guest.
    pub created_at: DateTime<Utc>,
    /// Its version.
    pub version: i32,
}

/// What the list of guests is narrowed to.
#[derive(Default)]
pub(super) struct GuestFilter {
    pub demand: Option<DemandId>,
    pub state: Option<GuestState>,
    /// Only consents that end soon, or have ended, while the child is still meant to be here.
    pub ending: bool,
    pub after: Option<(DateTime<Utc>, DemandId)>,
    pub limit: i64,
}

/// Guests of demands that did not end without a place, the oldest first.
pub(super) async fn guests(tx: &mut TenantRead, filter: &GuestFilter) -> Result<Vec<GuestRow>, sqlx::Error> {
    let (tenant, restricted_too) = (tx.tenant_id(), tx.is_administrator());
    let soon = soon(tx.today(), CONSENT_ENDS_SOON);
    let (at, id) = filter.after.map(|(at, id)| (at, id.0)).unzip();
    sqlx::query_as!(
        GuestRow,
        r#"SELECT g.demand_id AS "demand_id: DemandId", d.reference_code, g.child_id AS "child_id: ChildId", c.first_name, c.last_name,
                  g.state AS "state: GuestState", g.home_name, g.home_address, g.home_email, g.asked_on, g.answered_on, g.valid_from,
                  g.valid_until, g.costs_agreed, g.home_file_number, g.note, g.created_at, g.version
             FROM guest_case g
             JOIN care_demand d ON d.tenant_id = g.tenant_id AND d.id = g.demand_id
             JOIN child c ON c.tenant_id = g.tenant_id AND c.id = g.child_id
            WHERE g.tenant_id = $1 AND ($2::uuid IS NULL OR g.demand_id = $2) AND ($3::text IS NULL OR g.state = $3)
              AND ($2::uuid IS NOT NULL OR (($8::bool OR c.restricted_at IS NULL)
                   AND d.state NOT IN ('withdrawn', 'expired', 'not_entitled', 'moved_away', 'superseded')))
              AND (NOT $4::bool OR g.state = 'granted' AND g.valid_until <= $5 AND NOT EXISTS (
                     SELECT 1 FROM care_contract k
                      WHERE k.tenant_id = g.tenant_id AND k.demand_id = g.demand_id AND k.care_until <= g.valid_until))
              AND ($6::timestamptz IS NULL OR (g.created_at, g.demand_id) > ($6, $7::uuid))
            ORDER BY g.created_at, g.demand_id
            LIMIT $9"#,
        tenant.0,
        filter.demand.map(|d| d.0),
        filter.state as _,
        filter.ending,
        soon,
        at,
        id,
        restricted_too,
        filter.limit
    )
    .fetch_all(tx.conn())
    .await
}

fn soon(today: NaiveDate, days: u64) -> NaiveDate {
    today.checked_add_days(Days::new(days)).unwrap_or(today)
}

/// The guest of a demand.
pub(super) async fn guest(tx: &mut TenantRead, demand: DemandId) -> Result<Option<GuestRow>, sqlx::Error> {
    let filter = GuestFilter {
        demand: Some(demand),
        limit: 1,
        ..GuestFilter::default()
    };
    Ok(guests(tx, &filter).await?.pop())
}

pub(super) async fn insert_guest(tx: &mut TenantTx, demand: DemandId, child: ChildId) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO guest_case (tenant_id, demand_id, child_id, state, created_at)
         VALUES ($1, $2, $3, 'open', $4)
         ON CONFLICT (tenant_id, demand_id) DO NOTHING",
        tenant.0,
        demand.0,
        child.0,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn delete_guest(tx: &mut TenantTx, demand: DemandId) -> Result<(), sqlx::Error> {
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

pub(super) async fn set_home(tx: &mut TenantTx, demand: DemandId, home: &Home) -> Result<(), sqlx::Error> {
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

pub(super) async fn set_asked(
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

pub(super) async fn set_answer(tx: &mut TenantTx, demand: DemandId, answer: &GuestAnswer) -> Result<(), sqlx::Error> {
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
pub(super) struct LetterRow {
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

pub(super) async fn letter(tx: &mut TenantRead, demand: DemandId) -> Result<Option<LetterRow>, sqlx::Error> {
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

/// Notes that the office was reminded of consents that end soon; answers how many are new to it, and the first of their ends.
pub(super) async fn remind_of_ends(tx: &mut TenantTx) -> Result<Option<(i64, NaiveDate)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let soon = soon(tx.today(), CONSENT_ENDS_SOON);
    let row = sqlx::query!(
        r#"WITH due AS (
             UPDATE guest_case g
                SET reminded_of = g.valid_until
               FROM care_demand d
              WHERE g.tenant_id = $1 AND d.tenant_id = g.tenant_id AND d.id = g.demand_id AND g.state = 'granted' AND g.valid_until <= $2
                AND g.reminded_of IS DISTINCT FROM g.valid_until
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

/// A family that moves here.
#[derive(Debug, Clone)]
pub struct MoveRow {
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
    /// The day.
    pub move_on: NaiveDate,
    /// Postal code of the new home.
    pub postal_code: String,
    /// Its town.
    pub city: String,
    /// Its planning area.
    pub area: Option<String>,
    /// What was seen.
    pub evidence: Option<Evidence>,
    /// When.
    pub seen_on: Option<NaiveDate>,
    /// Its version.
    pub version: i32,
}

impl MoveRow {
    /// Whether the family is known to live here.
    pub fn is_proven(&self) -> bool {
        self.evidence.is_some_and(Evidence::proves)
    }

    /// Where it stands on a day.
    pub fn state(&self, today: NaiveDate) -> MoveState {
        MoveState::of(self.evidence, self.move_on, today)
    }
}

/// What the list of movers is narrowed to.
#[derive(Default)]
pub(super) struct MoveFilter {
    pub demand: Option<DemandId>,
    /// Only whose day has passed without a proof.
    pub overdue: bool,
    pub after: Option<(NaiveDate, DemandId)>,
    pub limit: i64,
}

/// Movers whose move is not proven by their day; asked for one demand, also the proven one.
pub(super) async fn moves(tx: &mut TenantRead, filter: &MoveFilter) -> Result<Vec<MoveRow>, sqlx::Error> {
    let (tenant, today, restricted_too) = (tx.tenant_id(), tx.today(), tx.is_administrator());
    let (day, id) = filter.after.map(|(day, id)| (day, id.0)).unzip();
    sqlx::query_as!(
        MoveRow,
        r#"SELECT m.demand_id AS "demand_id: DemandId", d.reference_code, m.child_id AS "child_id: ChildId", c.first_name, c.last_name,
                  m.move_on, m.postal_code, m.city, m.area, m.evidence AS "evidence: Evidence", m.seen_on, m.version
             FROM move_in m
             JOIN care_demand d ON d.tenant_id = m.tenant_id AND d.id = m.demand_id
             JOIN child c ON c.tenant_id = m.tenant_id AND c.id = m.child_id
            WHERE m.tenant_id = $1 AND ($2::uuid IS NULL OR m.demand_id = $2)
              AND ($2::uuid IS NOT NULL OR (($6::bool OR c.restricted_at IS NULL)
                   AND d.state NOT IN ('draft', 'withdrawn', 'expired', 'not_entitled', 'moved_away', 'superseded')
                   AND (m.evidence IS NULL OR m.evidence NOT IN ('registration', 'register'))))
              AND (NOT $3::bool OR m.move_on < $7)
              AND ($4::date IS NULL OR (m.move_on, m.demand_id) > ($4, $5::uuid))
            ORDER BY m.move_on, m.demand_id
            LIMIT $8"#,
        tenant.0,
        filter.demand.map(|d| d.0),
        filter.overdue,
        day,
        id,
        restricted_too,
        today,
        filter.limit
    )
    .fetch_all(tx.conn())
    .await
}

/// The move of a demand.
pub(super) async fn moving(tx: &mut TenantRead, demand: DemandId) -> Result<Option<MoveRow>, sqlx::Error> {
    let filter = MoveFilter {
        demand: Some(demand),
        limit: 1,
        ..MoveFilter::default()
    };
    Ok(moves(tx, &filter).await?.pop())
}

/// Writes a move. Another day or place needs another paper, and another reminder.
pub(super) async fn put_move(
    tx: &mut TenantTx,
    demand: DemandId,
    child: ChildId,
    new: &NewMove,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO move_in AS m (tenant_id, demand_id, child_id, move_on, postal_code, city, area, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (tenant_id, demand_id) DO UPDATE
            SET move_on = $4, postal_code = $5, city = $6, area = COALESCE($7, m.area), version = m.version + 1,
                reminded_on = CASE WHEN m.move_on = $4 THEN m.reminded_on END,
                evidence = CASE WHEN (m.move_on, m.postal_code) = ($4, $5) THEN m.evidence END,
                seen_on = CASE WHEN (m.move_on, m.postal_code) = ($4, $5) THEN m.seen_on END,
                seen_by = CASE WHEN (m.move_on, m.postal_code) = ($4, $5) THEN m.seen_by END",
        tenant.0,
        demand.0,
        child.0,
        new.move_on,
        new.postal_code,
        new.city,
        new.area,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// `true`: there was one.
pub(super) async fn delete_move(tx: &mut TenantTx, demand: DemandId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM move_in WHERE tenant_id = $1 AND demand_id = $2",
        tenant.0,
        demand.0
    )
    .execute(tx.conn())
    .await
    .map(|done| done.rows_affected() == 1)
}

pub(super) async fn set_evidence(
    tx: &mut TenantTx,
    demand: DemandId,
    evidence: Evidence,
    seen_on: NaiveDate,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let by = tx.account().map(|a| a.id.0);
    sqlx::query!(
        "UPDATE move_in SET evidence = $3, seen_on = $4, seen_by = $5, version = version + 1 WHERE tenant_id = $1 AND demand_id = $2",
        tenant.0,
        demand.0,
        evidence as _,
        seen_on,
        by
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Movers who are to be reminded now: they move soon, or have moved, and were not asked for the proof.
pub(super) async fn take_unreminded(tx: &mut TenantTx, limit: i64) -> Result<Vec<MoveRow>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let soon = soon(today, MOVES_SOON);
    sqlx::query_as!(
        MoveRow,
        r#"WITH due AS (
             SELECT m.demand_id
               FROM move_in m
               JOIN care_demand d ON d.tenant_id = m.tenant_id AND d.id = m.demand_id
               JOIN child c ON c.tenant_id = m.tenant_id AND c.id = m.child_id AND c.restricted_at IS NULL
              WHERE m.tenant_id = $1 AND m.move_on <= $2 AND m.reminded_on IS NULL
                AND (m.evidence IS NULL OR m.evidence NOT IN ('registration', 'register'))
                AND d.state NOT IN ('draft', 'withdrawn', 'expired', 'not_entitled', 'moved_away', 'superseded')
              ORDER BY m.move_on, m.demand_id
              LIMIT $4
                FOR UPDATE OF m SKIP LOCKED
           )
           UPDATE move_in m
              SET reminded_on = $3
             FROM due, care_demand d, child c
            WHERE m.tenant_id = $1 AND m.demand_id = due.demand_id AND d.tenant_id = $1 AND d.id = m.demand_id AND c.tenant_id = $1
              AND c.id = m.child_id
           RETURNING m.demand_id AS "demand_id: DemandId", d.reference_code, m.child_id AS "child_id: ChildId", c.first_name, c.last_name,
                     m.move_on, m.postal_code, m.city, m.area, m.evidence AS "evidence: Evidence", m.seen_on, m.version"#,
        tenant.0,
        soon,
        today,
        limit
    )
    .fetch_all(tx.conn())
    .await
}

/// Movers whose day has come in the last ninety days without a proof: the register may know them by now.
pub(super) async fn to_look_up(tx: &mut TenantRead, limit: i64) -> Result<Vec<DemandId>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_scalar!(
        r#"SELECT m.demand_id AS "id: DemandId"
             FROM move_in m
             JOIN care_demand d ON d.tenant_id = m.tenant_id AND d.id = m.demand_id AND d.submitted_at IS NOT NULL
            WHERE m.tenant_id = $1 AND m.move_on <= $2 AND m.move_on > $2 - 90
              AND (m.evidence IS NULL OR m.evidence NOT IN ('registration', 'register'))
            ORDER BY m.move_on, m.demand_id
            LIMIT $3"#,
        tenant.0,
        today,
        limit
    )
    .fetch_all(tx.conn())
    .await
}

/// What waits for the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// Guests whose home municipality nobody has asked yet.
    pub guests_open: i64,
    /// Consents that end soon or have ended.
    pub consents_ending: i64,
    /// Moves whose day has passed without a proof.
    pub moves_overdue: i64,
}

/// Counts what waits for the office, as its lists show it.
pub(super) async fn open(tx: &mut TenantRead) -> Result<Open, sqlx::Error> {
    let (tenant, today, restricted_too) = (tx.tenant_id(), tx.today(), tx.is_administrator());
    let soon = soon(today, CONSENT_ENDS_SOON);
    sqlx::query_as!(
        Open,
        r#"SELECT (SELECT count(*) FROM guest_case g
                     JOIN care_demand d ON d.tenant_id = g.tenant_id AND d.id = g.demand_id
                     JOIN child c ON c.tenant_id = g.tenant_id AND c.id = g.child_id
                    WHERE g.tenant_id = $1 AND g.state = 'open' AND ($4::bool OR c.restricted_at IS NULL)
                      AND d.state NOT IN ('withdrawn', 'expired', 'not_entitled', 'moved_away', 'superseded')) AS "guests_open!",
                  (SELECT count(*) FROM guest_case g
                     JOIN care_demand d ON d.tenant_id = g.tenant_id AND d.id = g.demand_id
                     JOIN child c ON c.tenant_id = g.tenant_id AND c.id = g.child_id
                    WHERE g.tenant_id = $1 AND g.state = 'granted' AND g.valid_until <= $2 AND ($4::bool OR c.restricted_at IS NULL)
                      AND d.state NOT IN ('withdrawn', 'expired', 'not_entitled', 'moved_away', 'superseded')
                      AND NOT EXISTS (SELECT 1 FROM care_contract k
                                       WHERE k.tenant_id = g.tenant_id AND k.demand_id = g.demand_id AND k.care_until <= g.valid_until)
                  ) AS "consents_ending!",
                  (SELECT count(*) FROM move_in m
                     JOIN care_demand d ON d.tenant_id = m.tenant_id AND d.id = m.demand_id
                     JOIN child c ON c.tenant_id = m.tenant_id AND c.id = m.child_id
                    WHERE m.tenant_id = $1 AND m.move_on < $3 AND ($4::bool OR c.restricted_at IS NULL)
                      AND (m.evidence IS NULL OR m.evidence NOT IN ('registration', 'register'))
                      AND d.state NOT IN ('draft', 'withdrawn', 'expired', 'not_entitled', 'moved_away', 'superseded')
                  ) AS "moves_overdue!""#,
        tenant.0,
        soon,
        today,
        restricted_too
    )
    .fetch_one(tx.conn())
    .await
}

/// Planning areas that facilities name, for the office to choose from.
pub(super) async fn areas(tx: &mut TenantRead) -> Result<Vec<String>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT DISTINCT district AS "district!" FROM facility WHERE tenant_id = $1 AND district IS NOT NULL ORDER BY 1"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}
