//! Where a family looks from: postal codes, places, districts and streets that this installation knows; nobody outside is asked.

use std::collections::HashSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::model::without_house_number;
use crate::access::TenantRead;
use crate::facilities::catalogue::search_words;

/// What kind of place it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PlaceKind {
    /// A postal code.
    PostalCode,
    /// A place.
    Place,
    /// A district of the municipality.
    District,
    /// A street.
    Street,
    /// A position of the device.
    Position,
}

/// A place that can be searched from.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Place {
    /// What it is.
    pub kind: PlaceKind,
    /// How it is shown.
    pub label: String,
    /// Its postal code, where it has one.
    pub postal_code: Option<String>,
    /// Position (WGS 84).
    pub latitude: Option<f64>,
    /// Position (WGS 84).
    pub longitude: Option<f64>,
    /// The position is that of facilities there or of the postal code, not the place's own.
    pub approximate: bool,
}

/// Postal codes whose digits begin so.
pub(super) async fn postal_codes(tx: &mut TenantRead, prefix: &str, limit: i64) -> Result<Vec<Place>, sqlx::Error> {
    sqlx::query_as!(
        Place,
        r#"SELECT 'postal_code' AS "kind!: PlaceKind", code || ' ' || min(place) AS "label!", code AS postal_code,
                  avg(latitude) AS latitude, avg(longitude) AS longitude, true AS "approximate!"
             FROM postal_code
            WHERE code ^@ $1
            GROUP BY code
            ORDER BY code
            LIMIT $2"#,
        prefix,
        limit
    )
    .fetch_all(tx.conn())
    .await
}

/// Whether a postal code is known, and all of it lies in other districts than the tenant's.
pub async fn lies_elsewhere(tx: &mut TenantRead, code: &str) -> Result<bool, sqlx::Error> {
    let ags = tx.tenant().ags.chars().take(5).collect::<String>();
    sqlx::query_scalar!(
        r#"SELECT COALESCE(bool_and(left(district_ags, 5) <> $2), false) AS "elsewhere!" FROM postal_code WHERE code = $1"#,
        code,
        ags
    )
    .fetch_one(tx.conn())
    .await
}

/// Those of these postal codes that are known, and lie in other districts than the tenant's altogether.
pub async fn lying_elsewhere(tx: &mut TenantRead, codes: &[String]) -> Result<HashSet<String>, sqlx::Error> {
    let ags = tx.tenant().ags.chars().take(5).collect::<String>();
    let rows = sqlx::query_scalar!(
        "SELECT code FROM postal_code WHERE code = ANY($1) GROUP BY code HAVING bool_and(left(district_ags, 5) <> $2)",
        codes,
        ags
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().collect())
}

/// Places whose name begins so (`exact`: is so); the tenant's own district first, then near ones of the same name.
pub(super) async fn places(
    tx: &mut TenantRead,
    name: &str,
    exact: bool,
    limit: i64,
) -> Result<Vec<Place>, sqlx::Error> {
    let ags = tx.tenant().ags.chars().take(5).collect::<String>();
    sqlx::query_as!(
        Place,
        r#"SELECT 'place' AS "kind!: PlaceKind", place AS "label!", NULL::text AS postal_code, avg(latitude) AS latitude,
                  avg(longitude) AS longitude, true AS "approximate!"
             FROM postal_code
            WHERE place_norm ^@ app.norm($1) AND (NOT $2 OR place_norm = app.norm($1))
            GROUP BY place, district_ags
            ORDER BY district_ags = $3 DESC, left(district_ags, 2) = left($3, 2) DESC, length(place), place
            LIMIT $4"#,
        name,
        exact,
        ags,
        limit
    )
    .fetch_all(tx.conn())
    .await
}

/// Places and districts that facilities name themselves; works without any imported list.
pub(super) async fn own_places(
    tx: &mut TenantRead,
    name: &str,
    exact: bool,
    limit: i64,
) -> Result<Vec<Place>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Place,
        r#"SELECT v.kind AS "kind!: PlaceKind", v.name AS "label!", NULL::text AS postal_code, avg(f.latitude) AS latitude,
                  avg(f.longitude) AS longitude, true AS "approximate!"
             FROM facility f
            CROSS JOIN LATERAL (VALUES ('district', f.district), ('place', f.city)) AS v(kind, name)
            WHERE f.tenant_id = $1 AND f.state = 'open' AND f.latitude IS NOT NULL
              AND app.norm(v.name) ^@ app.norm($2) AND (NOT $3 OR app.norm(v.name) = app.norm($2))
            GROUP BY v.kind, v.name
            ORDER BY v.kind DESC, count(*) DESC, v.name
            LIMIT $4"#,
        tenant.0,
        name,
        exact,
        limit
    )
    .fetch_all(tx.conn())
    .await
}

/// Streets of the imported list whose name begins so (`exact`: is so). A street without a position of its own gets the middle of the
/// facilities in it, or its postal code's, and is marked approximate.
pub(super) async fn streets(
    tx: &mut TenantRead,
    name: &str,
    exact: bool,
    limit: i64,
) -> Result<Vec<Place>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let name = search_words(&without_house_number(name));
    sqlx::query_as!(
        Place,
        r#"SELECT 'street' AS "kind!: PlaceKind", s.name AS "label!", nullif(s.postal_code, '') AS postal_code,
                  COALESCE(s.latitude, n.latitude, c.latitude) AS latitude, COALESCE(s.longitude, n.longitude, c.longitude) AS longitude,
                  s.latitude IS NULL AS "approximate!"
             FROM (SELECT * FROM street
                    WHERE tenant_id = $1 AND name_norm ^@ app.norm($2) AND (NOT $3 OR name_norm = app.norm($2))
                    ORDER BY name_norm, postal_code
                    LIMIT $4) s
             LEFT JOIN LATERAL (SELECT avg(f.latitude) AS latitude, avg(f.longitude) AS longitude
                                  FROM facility f
                                 WHERE f.tenant_id = $1 AND f.street = s.name AND f.latitude IS NOT NULL
                                   AND (s.postal_code = '' OR f.postal_code = s.postal_code)) n ON s.latitude IS NULL
             LEFT JOIN LATERAL (SELECT avg(p.latitude) AS latitude, avg(p.longitude) AS longitude
                                  FROM postal_code p
                                 WHERE p.code = s.postal_code) c ON s.latitude IS NULL AND n.latitude IS NULL
            ORDER BY s.name_norm, s.postal_code"#,
        tenant.0,
        name,
        exact,
        limit
    )
    .fetch_all(tx.conn())
    .await
}

/// Streets that facilities stand in, where no street list was imported.
pub(super) async fn streets_of_facilities(
    tx: &mut TenantRead,
    name: &str,
    exact: bool,
    limit: i64,
) -> Result<Vec<Place>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let name = search_words(&without_house_number(name));
    sqlx::query_as!(
        Place,
        r#"SELECT 'street' AS "kind!: PlaceKind", f.street || ', ' || f.city AS "label!", min(nullif(f.postal_code, '')) AS postal_code,
                  avg(f.latitude) AS latitude, avg(f.longitude) AS longitude, true AS "approximate!"
             FROM facility f
            WHERE f.tenant_id = $1 AND f.state = 'open' AND f.latitude IS NOT NULL AND f.street <> ''
              AND regexp_replace(app.norm(f.street), 'str\.?$', 'strasse') ^@ app.norm($2)
              AND (NOT $3 OR regexp_replace(app.norm(f.street), 'str\.?$', 'strasse') = app.norm($2))
            GROUP BY f.street, f.city
            ORDER BY 2
            LIMIT $4"#,
        tenant.0,
        name,
        exact,
        limit
    )
    .fetch_all(tx.conn())
    .await
}
