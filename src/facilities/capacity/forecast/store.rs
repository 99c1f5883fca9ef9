//! SQL of the forecast: everything for all facilities at once.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::model::{ForecastOf, Spell};
use crate::access::TenantRead;
use crate::facilities::capacity::model::Figure;
use crate::facilities::capacity::site::Limit;
use crate::facilities::model::AgeBand;
use crate::platform::ids::FacilityId;
use crate::platform::week::WeekTimes;

/// Open facilities in reach that are asked for.
pub(super) async fn facilities(tx: &mut TenantRead, of: &ForecastOf) -> Result<Vec<FacilityId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let scope: Option<Vec<Uuid>> = tx.scope().facilities().map(|all| all.iter().map(|f| f.0).collect());
    sqlx::query_scalar!(
        r#"SELECT id AS "id: FacilityId"
             FROM facility
            WHERE tenant_id = $1 AND state = 'open'
              AND ($2::uuid[] IS NULL OR id = ANY($2))
              AND ($3::uuid IS NULL OR id = $3)
              AND ($4::uuid IS NULL OR provider_id = $4)
              AND ($5::text IS NULL OR district = $5)"#,
        tenant.0,
        scope.as_deref(),
        of.facility_id.map(|id| id.0),
        of.provider_id.map(|id| id.0),
        of.district
    )
    .fetch_all(tx.conn())
    .await
}

/// The planning area of every open facility in reach; empty where it has none.
pub(super) async fn districts(tx: &mut TenantRead) -> Result<HashMap<FacilityId, String>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let scope: Option<Vec<Uuid>> = tx.scope().facilities().map(|all| all.iter().map(|f| f.0).collect());
    let rows = sqlx::query!(
        r#"SELECT id AS "id: FacilityId", coalesce(district, '') AS "district!"
             FROM facility
            WHERE tenant_id = $1 AND state = 'open' AND ($2::uuid[] IS NULL OR id = ANY($2))"#,
        tenant.0,
        scope.as_deref()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.district)).collect())
}

/// Figures as they were entered.
pub(super) async fn figures(
    tx: &mut TenantRead,
    ids: &[FacilityId],
) -> Result<HashMap<FacilityId, Vec<(AgeBand, Figure)>>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"SELECT facility_id AS "facility_id: FacilityId", age_band AS "age_band: AgeBand", from_month, licensed, operable,
                  operable_reason IS NOT NULL AS "by_hand!", occupied_external
             FROM capacity
            WHERE tenant_id = $1 AND facility_id = ANY($2)
            ORDER BY facility_id, age_band, from_month"#,
        tenant.0,
        &ids
    )
    .fetch_all(tx.conn())
    .await?;
    let mut figures: HashMap<FacilityId, Vec<(AgeBand, Figure)>> = HashMap::new();
    for row in rows {
        let figure = Figure {
            from_month: row.from_month,
            licensed: row.licensed,
            operable: row.operable,
            by_hand: row.by_hand,
            limit: if row.by_hand { Limit::ByHand } else { Limit::Permit },
            reserved: 0,
            occupied_external: row.occupied_external,
            confirmed_on: None,
            is_example: false,
        };
        figures.entry(row.facility_id).or_default().push((row.age_band, figure));
    }
    Ok(figures)
}

/// Places taken within the months, as many at once as are taken for the same ones.
pub(super) async fn spells(
    tx: &mut TenantRead,
    ids: &[FacilityId],
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<(FacilityId, AgeBand, Spell)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"SELECT o.facility_id AS "facility_id: FacilityId", o.age_band AS "age_band: AgeBand", o.state = 'held' AS "held!",
                  greatest(o.from_month, $3) AS "from_month!", least(o.until_month, $4) AS "until_month!", w.week AS "week?: WeekTimes",
                  count(*)::int AS "count!"
             FROM occupancy o
             LEFT JOIN app.agreed_weeks($1, $2) w ON w.offer_id = o.offer_id
            WHERE o.tenant_id = $1 AND o.facility_id = ANY($2) AND o.from_month < $4 AND o.until_month > $3
            GROUP BY 1, 2, 3, 4, 5, 6"#,
        tenant.0,
        &ids,
        from,
        until
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let spell = Spell {
                held: r.held,
                from_month: r.from_month,
                until_month: r.until_month,
                week: r.week,
                count: r.count,
            };
            (r.facility_id, r.age_band, spell)
        })
        .collect())
}

/// A planning area or provider that a forecast can be asked for.
pub(super) struct ScopeRow {
    pub kind: String,
    pub id: Option<Uuid>,
    pub name: String,
}

/// Facilities, providers and planning areas in reach, by name.
pub(super) async fn scopes(tx: &mut TenantRead) -> Result<Vec<ScopeRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let scope: Option<Vec<Uuid>> = tx.scope().facilities().map(|all| all.iter().map(|f| f.0).collect());
    sqlx::query_as!(
        ScopeRow,
        r#"WITH reach AS (
               SELECT f.id, f.name, f.district, f.provider_id
                 FROM facility f
                WHERE f.tenant_id = $1 AND f.state = 'open' AND ($2::uuid[] IS NULL OR f.id = ANY($2)))
           SELECT 'district' AS "kind!", NULL::uuid AS id, district AS "name!" FROM reach WHERE district IS NOT NULL GROUP BY district
           UNION ALL
           SELECT 'provider', p.id, p.name FROM provider p
            WHERE p.tenant_id = $1 AND p.id IN (SELECT provider_id FROM reach)
           UNION ALL
           SELECT 'facility', id, name FROM reach
           ORDER BY 1, 3"#,
        tenant.0,
        scope.as_deref()
    )
    .fetch_all(tx.conn())
    .await
}
