//! SQL of this slice.

use sqlx::types::Json;

use super::model::{NeedsPlan, Population, Positions, Waiting};
use crate::access::{TenantRead, TenantTx};

/// What the office entered, and its version.
pub(super) async fn plan(tx: &mut TenantRead) -> Result<Option<(NeedsPlan, i32)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        r#"SELECT as_of, target_under3, target_over3, target_school_age, population AS "population: Json<Vec<Population>>", version
             FROM needs_plan
            WHERE tenant_id = $1"#,
        tenant.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|r| {
        let plan = NeedsPlan {
            as_of: r.as_of,
            target_under3: r.target_under3,
            target_over3: r.target_over3,
            target_school_age: r.target_school_age,
            population: r.population.0,
        };
        (plan, r.version)
    }))
}

/// Locks the plan until the transaction ends and answers its version; 0 while there is none.
pub(super) async fn lock_plan(tx: &mut TenantTx) -> Result<i32, sqlx::Error> {
    let tenant = tx.tenant_id();
    let version = sqlx::query_scalar!(
        "SELECT version FROM needs_plan WHERE tenant_id = $1 FOR UPDATE",
        tenant.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(version.unwrap_or(0))
}

/// `false` where somebody else was faster.
pub(super) async fn put_plan(tx: &mut TenantTx, plan: &NeedsPlan, seen: i32) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    let done = sqlx::query!(
        "INSERT INTO needs_plan (tenant_id, as_of, target_under3, target_over3, target_school_age, population)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (tenant_id) DO UPDATE
            SET as_of = EXCLUDED.as_of, target_under3 = EXCLUDED.target_under3, target_over3 = EXCLUDED.target_over3,
                target_school_age = EXCLUDED.target_school_age, population = EXCLUDED.population, version = needs_plan.version + 1
          WHERE needs_plan.version = $7",
        tenant.0,
        plan.as_of,
        plan.target_under3,
        plan.target_over3,
        plan.target_school_age,
        Json(&plan.population) as _,
        seen
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Open demands of children without a place, by the district of the facility that is wished first. Who is offered one is among those whose
/// place is taken, and counts once.
pub(super) async fn waiting(tx: &mut TenantRead) -> Result<Vec<Waiting>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Waiting,
        r#"SELECT coalesce(f.district, '') AS "area!", coalesce(c.birth_date, c.expected_birth_date) AS "birth!",
                  s.entry_on AS decided_entry, date_trunc('month', d.desired_start)::date AS "from_month!", count(*)::int AS "count!"
             FROM care_demand d
             JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
             LEFT JOIN app.decided_entries($1) s ON s.child_id = d.child_id
             LEFT JOIN facility_preference p ON p.tenant_id = d.tenant_id AND p.demand_id = d.id AND p.rank = 1
             LEFT JOIN facility f ON f.tenant_id = p.tenant_id AND f.id = p.facility_id
            WHERE d.tenant_id = $1 AND d.state IN ('submitted', 'confirmed', 'in_allocation') AND d.desired_start IS NOT NULL
              AND NOT EXISTS (SELECT 1
                                FROM care_contract k
                               WHERE k.tenant_id = d.tenant_id AND k.child_id = d.child_id AND k.state <> 'terminated'
                                 AND k.care_until > d.desired_start)
            GROUP BY 1, 2, 3, 4"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}

/// The middle of the open facilities of each district.
pub(super) async fn positions(tx: &mut TenantRead) -> Result<Positions, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT coalesce(district, '') AS "area!", avg(latitude) AS "latitude!", avg(longitude) AS "longitude!"
             FROM facility
            WHERE tenant_id = $1 AND state = 'open' AND latitude IS NOT NULL
            GROUP BY 1"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.area, (r.latitude, r.longitude))).collect())
}
