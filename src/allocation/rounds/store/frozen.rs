//! Pools and cases of a round as they were frozen.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use super::cases::BATCH;
use crate::access::{TenantRead, TenantTx};
use crate::allocation::rounds::model::SiblingRule;
use crate::allocation::rounds::proposal::{Case, Placing};
use crate::allocation::rounds::snapshot::{PlacesFrom, PlacesOfHours, RoundPool, Taken, Wishes};
use crate::facilities::AgeBand;
use crate::platform::ids::{CaseId, ChildId, DemandId, FacilityId, RoundId};

pub(in crate::allocation::rounds) async fn insert_pools(
    tx: &mut TenantTx,
    round: RoundId,
    pools: &[RoundPool],
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let names: Vec<&str> = pools.iter().map(|p| p.name.as_str()).collect();
    let facilities: Vec<Uuid> = pools.iter().map(|p| p.facility_id.0).collect();
    let bands: Vec<&str> = pools.iter().map(|p| p.band.as_str()).collect();
    let caps: Vec<i32> = pools.iter().map(|p| i32::try_from(p.cap).unwrap_or(i32::MAX)).collect();
    let starts: Vec<Json<&[PlacesFrom]>> = pools.iter().map(|p| Json(p.starts.as_slice())).collect();
    let hours: Vec<Json<&[PlacesOfHours]>> = pools.iter().map(|p| Json(p.hours.as_slice())).collect();
    sqlx::query!(
        "INSERT INTO round_pool (tenant_id, round_id, pool, facility_id, age_band, cap, starts, hours)
         SELECT $1, $2, x.pool, x.facility_id, x.age_band, x.cap, x.starts, x.hours
           FROM unnest($3::text[], $4::uuid[], $5::text[], $6::int[], $7::json[], $8::json[])
                AS x (pool, facility_id, age_band, cap, starts, hours)",
        tenant.0,
        round.0,
        &names as _,
        &facilities,
        &bands as _,
        &caps,
        &starts as _,
        &hours as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::allocation::rounds) async fn pools(
    tx: &mut TenantRead,
    round: RoundId,
) -> Result<Vec<RoundPool>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT pool, facility_id AS "facility_id: FacilityId", age_band AS "age_band: AgeBand", cap,
                  starts AS "starts: Json<Vec<PlacesFrom>>", hours AS "hours: Json<Vec<PlacesOfHours>>"
             FROM round_pool
            WHERE tenant_id = $1 AND round_id = $2
            ORDER BY length(pool), pool"#,
        tenant.0,
        round.0
    )
    .fetch_all(tx.conn())
    .await?;
    let pools = rows.into_iter().map(|r| RoundPool {
        name: r.pool,
        facility_id: r.facility_id,
        band: r.age_band,
        cap: u32::try_from(r.cap).unwrap_or(0),
        starts: r.starts.0,
        hours: r.hours.0,
    });
    Ok(pools.collect())
}

pub(in crate::allocation::rounds) async fn insert_cases(
    tx: &mut TenantTx,
    round: RoundId,
    taken: &Taken,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    for (batch, asked) in taken.cases.chunks(BATCH).zip(taken.asked.chunks(BATCH)) {
        let ids: Vec<Uuid> = batch.iter().map(|c| c.id.0).collect();
        let demands: Vec<Uuid> = asked.iter().map(|a| a.demand_id.0).collect();
        let children: Vec<Uuid> = batch.iter().map(|c| c.child_id.0).collect();
        let families: Vec<&str> = batch.iter().map(|c| c.family.as_str()).collect();
        let names: Vec<&str> = batch.iter().map(|c| c.child.as_str()).collect();
        let births: Vec<NaiveDate> = batch.iter().map(|c| c.birth).collect();
        let bands: Vec<&str> = batch.iter().map(|c| c.band.as_str()).collect();
        let starts: Vec<NaiveDate> = batch.iter().map(|c| c.care_from).collect();
        let claims: Vec<bool> = batch.iter().map(|c| c.legal_claim).collect();
        let transfers: Vec<bool> = batch.iter().map(|c| c.transfer).collect();
        let wishes: Vec<&str> = asked.iter().map(|a| a.wishes.as_str()).collect();
        let rules: Vec<&str> = batch.iter().map(|c| c.siblings.rule.as_str()).collect();
        let said: Vec<Option<DateTime<Utc>>> = batch.iter().map(|c| c.siblings.said_at).collect();
        sqlx::query!(
            "INSERT INTO round_case (tenant_id, id, round_id, demand_id, child_id, family, child, birth_date, age_band, care_from,
                                     legal_claim, transfer, wishes, siblings, siblings_said_at)
             SELECT $1, x.id, $2, x.demand_id, x.child_id, x.family, x.child, x.birth_date, x.age_band, x.care_from, x.legal_claim, x.transfer,
                    x.wishes::json, x.siblings, x.siblings_said_at
               FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::date[], $9::text[], $10::date[], $11::bool[],
                           $12::bool[], $13::text[], $14::text[], $15::timestamptz[])
                    AS x (id, demand_id, child_id, family, child, birth_date, age_band, care_from, legal_claim, transfer, wishes,
                          siblings, siblings_said_at)",
            tenant.0,
            round.0,
            &ids,
            &demands,
            &children,
            &families as _,
            &names as _,
            &births,
            &bands as _,
            &starts,
            &claims,
            &transfers,
            &wishes as _,
            &rules as _,
            &said as _
        )
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

/// Cases about which no run has said anything yet.
pub(in crate::allocation::rounds) async fn insert_no_proposals(
    tx: &mut TenantTx,
    round: RoundId,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO case_proposal (tenant_id, case_id, round_id)
         SELECT tenant_id, id, round_id
           FROM round_case
          WHERE tenant_id = $1 AND round_id = $2",
        tenant.0,
        round.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// A case as it was frozen, with its wishes as they are stored.
pub(in crate::allocation::rounds) struct FrozenCase {
    id: CaseId,
    child_id: ChildId,
    family: String,
    child: String,
    birth_date: NaiveDate,
    age_band: AgeBand,
    care_from: NaiveDate,
    legal_claim: bool,
    transfer: bool,
    siblings: SiblingRule,
    siblings_said_at: Option<DateTime<Utc>>,
    wishes: String,
}

/// All cases of a round as they were frozen; [`read_cases`] reads their wishes.
pub(in crate::allocation::rounds) async fn frozen_cases(
    tx: &mut TenantRead,
    round: RoundId,
) -> Result<Vec<FrozenCase>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        FrozenCase,
        r#"SELECT c.id AS "id: CaseId", c.child_id AS "child_id: ChildId", c.family, c.child, c.birth_date,
                  c.age_band AS "age_band: AgeBand", c.care_from, c.legal_claim, c.transfer,
                  COALESCE(c.siblings, r.config ->> 'siblings', 'preferred') AS "siblings!: SiblingRule", c.siblings_said_at,
                  c.wishes::text AS "wishes!"
             FROM allocation_round r
             JOIN round_case c ON c.tenant_id = r.tenant_id AND c.round_id = r.id
            WHERE r.tenant_id = $1 AND r.id = $2
            ORDER BY c.child"#,
        tenant.0,
        round.0
    )
    .fetch_all(tx.conn())
    .await
}

/// Reads the wishes of cases, on two threads: a large round has 20 MB of them.
pub(in crate::allocation::rounds) fn read_cases(rows: Vec<FrozenCase>) -> Result<Vec<Case>, serde_json::Error> {
    let mut one = rows;
    let other = one.split_off(one.len() / 2);
    let (one, other) = std::thread::scope(|threads| {
        let other = threads.spawn(|| other.into_iter().map(read_case).collect::<Result<Vec<_>, _>>());
        let one: Result<Vec<_>, _> = one.into_iter().map(read_case).collect();
        (
            one,
            other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
        )
    });
    let mut cases = one?;
    cases.extend(other?);
    Ok(cases)
}

fn read_case(row: FrozenCase) -> Result<Case, serde_json::Error> {
    Ok(Case {
        wishes: serde_json::from_str::<Wishes>(&row.wishes)?.0,
        id: row.id,
        child_id: row.child_id,
        family: row.family,
        child: row.child,
        birth: row.birth_date,
        care_from: row.care_from,
        band: row.age_band,
        legal_claim: row.legal_claim,
        transfer: row.transfer,
        siblings: Placing {
            rule: row.siblings,
            said_at: row.siblings_said_at,
        },
    })
}

/// The demands of a round.
pub(in crate::allocation::rounds) async fn demands_of(
    tx: &mut TenantRead,
    round: RoundId,
) -> Result<Vec<DemandId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT demand_id AS "demand_id: DemandId" FROM round_case WHERE tenant_id = $1 AND round_id = $2 ORDER BY demand_id"#,
        tenant.0,
        round.0
    )
    .fetch_all(tx.conn())
    .await
}
