//! Demands of another system, written many at once.

use chrono::NaiveDate;

use crate::access::{Actor, TenantRead, TenantTx};
use crate::demands::taken_over::{Standing, TakenOver};
use crate::facilities::CareType;
use crate::platform::ids::{ChildId, CriterionId, DemandId, PreferenceId, random_uuid};

/// A criterion that a family is asked for.
#[derive(Debug, Clone)]
pub struct AskedCode {
    /// The criterion.
    pub id: CriterionId,
    /// Its code.
    pub code: String,
    /// Whether a number is asked.
    pub is_number: bool,
}

pub(in crate::demands) async fn asked_codes(tx: &mut TenantRead) -> Result<Vec<AskedCode>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        AskedCode,
        r#"SELECT id AS "id: CriterionId", code, source = 'asked_number' AS "is_number!"
             FROM criterion
            WHERE tenant_id = $1 AND active AND source IN ('asked', 'asked_number')"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}

/// The demands of a child that have not ended, drafts left out.
pub(in crate::demands) async fn open_of_child(
    tx: &mut TenantRead,
    child: ChildId,
) -> Result<Vec<DemandId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT id AS "id: DemandId"
             FROM care_demand
            WHERE tenant_id = $1 AND child_id = $2 AND state IN ('submitted', 'confirmed', 'in_allocation', 'offer_pending', 'covered')
            ORDER BY id"#,
        tenant.0,
        child as _
    )
    .fetch_all(tx.conn())
    .await
}

pub(in crate::demands) async fn codes_taken(tx: &mut TenantRead, codes: &[String]) -> Result<Vec<String>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT reference_code AS "code!" FROM care_demand WHERE tenant_id = $1 AND reference_code = ANY($2)"#,
        tenant.0,
        codes
    )
    .fetch_all(tx.conn())
    .await
}

/// The demands themselves, each with the line in its history; they count as touched today, so that none runs out at once.
pub(in crate::demands) async fn insert_taken_over(
    tx: &mut TenantTx,
    all: &[TakenOver],
    codes: &[String],
    states: &[(&str, &str)],
) -> Result<(), sqlx::Error> {
    let (tenant, now, kind) = (tx.tenant_id(), tx.now(), tx.actor().kind());
    let (author, actor) = match tx.actor() {
        Actor::Account(account) => (Some(account.id.0), Some(account.id.0)),
        Actor::ApiKey(key) => (None, Some(key.0)),
        Actor::Anonymous | Actor::System(_) => (None, None),
    };
    let ids: Vec<_> = all.iter().map(|d| d.id.0).collect();
    let events: Vec<_> = all.iter().map(|_| random_uuid()).collect();
    let children: Vec<_> = all.iter().map(|d| d.child.0).collect();
    let care: Vec<_> = all
        .iter()
        .map(|d| d.complete.wish.care_type.map(CareType::as_str))
        .collect();
    let starts: Vec<_> = all.iter().map(|d| d.complete.wish.desired_start).collect();
    let latest: Vec<_> = all.iter().map(|d| d.complete.wish.latest_start).collect();
    let hours: Vec<_> = all.iter().map(|d| d.complete.wish.hours_per_week).collect();
    let least: Vec<_> = all.iter().map(|d| d.complete.wish.least_hours).collect();
    let times_first: Vec<_> = all.iter().map(|d| d.complete.wish.times_first).collect();
    let from: Vec<_> = all.iter().map(|d| d.complete.wish.window_from).collect();
    let to: Vec<_> = all.iter().map(|d| d.complete.wish.window_to).collect();
    let states: Vec<_> = states.iter().map(|(demand, _)| (*demand).to_owned()).collect();
    let transfer: Vec<_> = all.iter().map(|d| d.standing == Standing::Transfer).collect();
    let due: Vec<_> = all.iter().map(|d| d.complete.legal_due_on).collect();
    let sent: Vec<_> = all.iter().map(|d| d.submitted_at).collect();
    sqlx::query!(
        "WITH row AS (
           SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::date[], $8::date[], $9::int[], $10::time[],
                                $11::time[], $12::date[], $13::timestamptz[], $14::text[], $19::bool[], $20::int[],
                                $21::bool[])
             AS r (id, event_id, child_id, code, care_type, desired_start, latest_start, hours, window_from, window_to, due, sent, state,
                   transfer, least_hours, times_first)),
         demand AS (
           INSERT INTO care_demand (tenant_id, id, child_id, reference_code, state, care_type, desired_start, latest_start, hours_per_week,
                                    window_from, window_to, legal_claim, legal_claim_asserted_at, legal_due_on, created_by, created_at,
                                    submitted_at, confirmed_at, updated_at, transfer, least_hours, times_first)
           SELECT $1, id, child_id, code, state, care_type, desired_start, latest_start, hours, window_from, window_to, due IS NOT NULL,
                  CASE WHEN due IS NOT NULL THEN sent END, due, $15, sent, sent, CASE WHEN state <> 'submitted' THEN $16::timestamptz END, $16,
                  transfer, least_hours, times_first
             FROM row)
         INSERT INTO demand_event (tenant_id, id, demand_id, kind, to_state, actor_kind, actor_id, at)
         SELECT $1, event_id, id, 'imported', state, $17, $18, $16 FROM row",
        tenant.0,
        &ids,
        &events,
        &children,
        codes,
        &care as &[Option<&str>],
        &starts as &[Option<NaiveDate>],
        &latest as &[Option<NaiveDate>],
        &hours as &[Option<i32>],
        &from as &[Option<chrono::NaiveTime>],
        &to as &[Option<chrono::NaiveTime>],
        &due as &[Option<NaiveDate>],
        &sent,
        &states,
        author,
        now,
        kind,
        actor,
        &transfer,
        &least as &[Option<i32>],
        &times_first
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The wishes, in their order and received when the demand was sent.
pub(in crate::demands) async fn insert_wishes(
    tx: &mut TenantTx,
    all: &[TakenOver],
    states: &[(&str, &str)],
    answer_due_on: NaiveDate,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let (mut ids, mut demands, mut facilities, mut ranks, mut received) = (vec![], vec![], vec![], vec![], vec![]);
    let mut wish_states = vec![];
    for (demand, (_, state)) in all.iter().zip(states) {
        for (rank, facility) in (1..).zip(&demand.facilities) {
            ids.push(PreferenceId::new().0);
            demands.push(demand.id.0);
            facilities.push(facility.0);
            ranks.push(rank);
            received.push(demand.submitted_at);
            wish_states.push((*state).to_owned());
        }
    }
    sqlx::query!(
        "INSERT INTO facility_preference (tenant_id, id, demand_id, facility_id, rank, state, received_at, answer_due_on, state_since)
         SELECT $1, r.id, r.demand_id, r.facility_id, r.rank, r.state, r.received_at, CASE WHEN r.state = 'received' THEN $7::date END, $8
           FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::timestamptz[], $9::text[])
                AS r (id, demand_id, facility_id, rank, received_at, state)",
        tenant.0,
        &ids,
        &demands,
        &facilities,
        &ranks as &[i32],
        &received,
        answer_due_on,
        now,
        &wish_states
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// What the families claim, and when the evidence was seen; by whom the other system's list does not say.
pub(in crate::demands) async fn insert_claims(tx: &mut TenantTx, all: &[TakenOver]) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let (mut demands, mut criteria, mut numbers, mut seen) = (vec![], vec![], vec![], vec![]);
    for demand in all {
        for fact in &demand.facts {
            demands.push(demand.id.0);
            criteria.push(fact.criterion.0);
            numbers.push(fact.number);
            seen.push(fact.seen_on);
        }
    }
    sqlx::query!(
        "INSERT INTO demand_fact (tenant_id, demand_id, criterion_id, claimed, number, evidence_state, seen_on)
         SELECT $1, r.demand_id, r.criterion_id, true, r.number, CASE WHEN r.seen_on IS NULL THEN 'claimed' ELSE 'seen' END, r.seen_on
           FROM unnest($2::uuid[], $3::uuid[], $4::int[], $5::date[]) AS r (demand_id, criterion_id, number, seen_on)",
        tenant.0,
        &demands,
        &criteria,
        &numbers as &[Option<i32>],
        &seen as &[Option<NaiveDate>]
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
