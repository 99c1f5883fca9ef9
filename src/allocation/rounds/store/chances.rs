//! In how many other draws each wish was met.

use sqlx::types::Json;
use uuid::Uuid;

use crate::access::{TenantRead, TenantTx};
use crate::allocation::rounds::chances::{ChanceFigures, WishChance};
use crate::allocation::rounds::proposal::WishCode;
use crate::platform::ids::{CaseId, DemandId, RoundId, RunId};

/// Rows written at once.
const BATCH: usize = 2000;

/// In how many of the draws each wish of a case was met.
#[derive(Debug, Clone)]
pub(in crate::allocation::rounds) struct Chance {
    pub draws: i32,
    /// In the order of the case's wishes; `None` for a wish that does not count.
    pub met: Vec<Option<i32>>,
}

/// Writes the chances of cases by a run, in place of those of the run before.
pub(in crate::allocation::rounds) async fn put_chances(
    tx: &mut TenantTx,
    round: RoundId,
    run: RunId,
    draws: u32,
    cases: &[(CaseId, Vec<Option<u32>>)],
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let draws = i32::try_from(draws).unwrap_or(i32::MAX);
    for batch in cases.chunks(BATCH) {
        let ids: Vec<Uuid> = batch.iter().map(|(id, _)| id.0).collect();
        // Arrays of arrays are no lists of lists in PostgreSQL, so each list travels as one text; an empty place is NULL.
        let met: Vec<String> = batch.iter().map(|(_, met)| listed(met)).collect();
        sqlx::query!(
            "INSERT INTO case_chance (tenant_id, case_id, round_id, run_id, draws, met)
             SELECT $1, x.id, $2, $3, $4, string_to_array(x.met, ',', '')::int[]
               FROM unnest($5::uuid[], $6::text[]) AS x (id, met)
             ON CONFLICT (tenant_id, case_id) DO UPDATE SET run_id = EXCLUDED.run_id, draws = EXCLUDED.draws, met = EXCLUDED.met",
            tenant.0,
            round.0,
            run.0,
            draws,
            &ids,
            &met
        )
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

fn listed(met: &[Option<u32>]) -> String {
    let words: Vec<String> = met
        .iter()
        .map(|n| n.map(|n| n.to_string()).unwrap_or_default())
        .collect();
    words.join(",")
}

/// The chances of a case by the standing run, once they were counted.
pub(in crate::allocation::rounds) async fn chance_of(
    tx: &mut TenantRead,
    case: CaseId,
) -> Result<Option<Chance>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Chance,
        r#"SELECT h.draws, h.met AS "met: Vec<Option<i32>>"
             FROM case_chance h
             JOIN allocation_round o ON o.tenant_id = h.tenant_id AND o.id = h.round_id AND o.run_id = h.run_id
            WHERE h.tenant_id = $1 AND h.case_id = $2"#,
        tenant.0,
        case.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// Children of a run by their chances, once they were counted.
pub(in crate::allocation::rounds) async fn chance_figures(
    tx: &mut TenantRead,
    run: RunId,
) -> Result<Option<ChanceFigures>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        r#"SELECT max(x.draws) AS draws, count(*) FILTER (WHERE x.sum >= x.draws) AS "always!",
                  count(*) FILTER (WHERE x.sum > 0 AND x.sum < x.draws) AS "sometimes!", count(*) FILTER (WHERE x.sum = 0) AS "never!"
             FROM (SELECT h.draws, COALESCE((SELECT sum(n) FROM unnest(h.met) n), 0) AS sum
                     FROM case_chance h
                    WHERE h.tenant_id = $1 AND h.run_id = $2) x"#,
        tenant.0,
        run.0
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(row.draws.map(|draws| ChanceFigures {
        draws: draws.unsigned_abs(),
        always: row.always.unsigned_abs(),
        sometimes: row.sometimes.unsigned_abs(),
        never: row.never.unsigned_abs(),
    }))
}

/// How likely the wishes of each rank are to be met in a run, once it was counted.
pub(in crate::allocation::rounds) async fn chances_by_wish(
    tx: &mut TenantRead,
    run: RunId,
) -> Result<Vec<WishChance>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT m.wish AS "wish!", count(m.met) AS "children!", COALESCE(sum(m.met) * 1000 / NULLIF(sum(h.draws), 0), 0)::int8 AS "met!"
             FROM case_chance h
            CROSS JOIN LATERAL unnest(h.met) WITH ORDINALITY AS m (met, wish)
            WHERE h.tenant_id = $1 AND h.run_id = $2 AND m.met IS NOT NULL
            GROUP BY m.wish
            ORDER BY m.wish"#,
        tenant.0,
        run.0
    )
    .fetch_all(tx.conn())
    .await?;
    let chance = |row: (i64, i64, i64)| WishChance {
        wish: usize::try_from(row.0).unwrap_or(0),
        children: row.1.unsigned_abs(),
        met_per_mille: row.2.unsigned_abs(),
    };
    Ok(rows.into_iter().map(|r| chance((r.wish, r.children, r.met))).collect())
}

/// The chances of a demand in a round that is run but not drawn, with what the run said about its wishes.
pub(in crate::allocation::rounds) async fn open_chance(
    tx: &mut TenantRead,
    demand: DemandId,
) -> Result<Option<(Chance, Vec<WishCode>)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let found = sqlx::query!(
        r#"SELECT h.draws, h.met AS "met: Vec<Option<i32>>", p.codes AS "codes: Json<Vec<WishCode>>"
             FROM round_case c
             JOIN allocation_round o ON o.tenant_id = c.tenant_id AND o.id = c.round_id
             JOIN case_chance h ON h.tenant_id = c.tenant_id AND h.case_id = c.id AND h.run_id = o.run_id
             JOIN case_proposal p ON p.tenant_id = c.tenant_id AND p.case_id = c.id
            WHERE c.tenant_id = $1 AND c.demand_id = $2 AND o.state IN ('proposed', 'in_review') AND o.seed IS NULL
            LIMIT 1"#,
        tenant.0,
        demand.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(found.map(|f| {
        let chance = Chance {
            draws: f.draws,
            met: f.met,
        };
        (chance, f.codes.0)
    }))
}
