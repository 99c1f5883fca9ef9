//! SQL of the public search: one query for the page of facilities, one for the places of that page.

use chrono::{NaiveDate, NaiveTime};

use super::model::{Pool, Wanted};
use crate::access::TenantRead;
use crate::facilities::capacity::months_between;
use crate::facilities::model::{AgeBand, FacilityKind, ProviderKind};
use crate::platform::ids::FacilityId;

/// What is looked for; empty means no matter.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub only: Option<FacilityId>,
    pub words: Vec<String>,
    pub position: Option<(f64, f64)>,
    pub radius_m: Option<f64>,
    pub care_type: Option<String>,
    pub age_months: Option<i32>,
    pub opens_by: Option<NaiveTime>,
    pub closes_after: Option<NaiveTime>,
    pub concept: Option<String>,
    pub language: Option<String>,
    pub denomination: Option<String>,
    pub provider_kind: Option<String>,
    pub inclusive: Option<bool>,
    pub barrier_free: Option<bool>,
    /// `covered`, or `partly` and better.
    pub free: Option<String>,
    pub by_distance: bool,
    pub after: Option<(i32, String, FacilityId)>,
    pub limit: i64,
}

/// A facility as it was found.
pub(super) struct Hit {
    pub id: FacilityId,
    pub name: String,
    pub kind: Option<FacilityKind>,
    pub care_types: Vec<String>,
    pub provider_name: Option<String>,
    pub provider_kind: Option<ProviderKind>,
    pub street: String,
    pub house_number: String,
    pub postal_code: String,
    pub city: String,
    pub district: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub distance_m: Option<i32>,
    pub opens_at: Option<NaiveTime>,
    pub closes_at: Option<NaiveTime>,
    pub concepts: Vec<String>,
    pub languages: Vec<String>,
    pub denomination: Option<String>,
    pub inclusive: Option<bool>,
    pub barrier_free: Option<bool>,
    pub age_from_months: Option<i32>,
    pub age_to_months: Option<i32>,
    pub attribution: Option<String>,
    pub licence: Option<String>,
    pub data_as_of: Option<String>,
    pub sort_key: i32,
    pub total: i64,
}

/// A month as a number that subtracts.
fn number(month: NaiveDate) -> i32 {
    months_between(NaiveDate::default(), month)
}

/// A page of facilities and how many there are in all. `free` is decided here, by the same rule as [`Wanted::availability`].
pub(super) async fn find(tx: &mut TenantRead, filter: &Filter, wanted: &Wanted) -> Result<Vec<Hit>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let bands: Vec<String> = wanted.segments.iter().map(|s| s.band.as_str().to_owned()).collect();
    let froms: Vec<i32> = wanted.segments.iter().map(|s| number(s.from_month)).collect();
    let untils: Vec<i32> = wanted.segments.iter().map(|s| number(s.until_month)).collect();
    let (latitude, longitude) = filter.position.map_or((None, None), |(a, o)| (Some(a), Some(o)));
    let square = filter
        .position
        .zip(filter.radius_m)
        .map(|((a, o), metres)| super::model::bounding_box(a, o, metres));
    let (after_key, after_name, after_id) = filter
        .after
        .clone()
        .map_or((None, None, None), |(k, n, id)| (Some(k), Some(n), Some(id.0)));
    sqlx::query_as!(
        Hit,
        r#"WITH place AS (
               SELECT p.facility_id, w.position,
                      p.bookable[greatest(1, w.from_number - b.number + 1) : w.until_number - b.number] AS slice,
                      min(w.position) OVER (PARTITION BY p.facility_id) AS youngest
                 FROM place_pool p
                 JOIN unnest($19::text[], $20::int[], $21::int[]) WITH ORDINALITY AS w(band, from_number, until_number, position)
                   ON w.band = p.age_band
                CROSS JOIN LATERAL (SELECT (extract(year FROM p.base_month)::int - 1970) * 12 + extract(month FROM p.base_month)::int - 1
                                           AS number) b
                WHERE p.tenant_id = $1
           ), free AS (
               SELECT facility_id,
                      count(*) FILTER (WHERE cardinality(slice) > 0 AND 1 <= ALL (slice))
                        = CASE WHEN $22 THEN 1 ELSE cardinality($19::text[]) END AS covered,
                      bool_or(COALESCE(1 <= ANY (slice), false)) AS partly
                 FROM place
                WHERE NOT $22 OR position = youngest
                GROUP BY facility_id
           ), hit AS MATERIALIZED (
               SELECT d.id, d.name, d.distance_m, CASE WHEN $23 THEN COALESCE(d.distance_m, 2147483647) ELSE 0 END AS sort_key
                 FROM (SELECT f.id, f.name,
                              round(12742000 * asin(sqrt(power(sin(radians(f.latitude - $2) / 2), 2)
                                    + cos(radians($2)) * cos(radians(f.latitude)) * power(sin(radians(f.longitude - $3) / 2), 2))))::int
                                AS distance_m
                         FROM facility f
                        WHERE f.tenant_id = $1 AND f.state = 'open'
                          AND ($28::uuid IS NULL OR f.id = $28)
                          AND ($4::float8 IS NULL OR (f.latitude >= $4 AND f.latitude <= $5 AND f.longitude >= $6 AND f.longitude <= $7))
                          AND f.search_text LIKE ALL (ARRAY(SELECT '%' || app.norm(w) || '%' FROM unnest($9::text[]) w))
                          AND ($10::text IS NULL OR $10 = ANY (f.care_types))
                          AND ($11::int IS NULL OR (COALESCE(f.age_from_months, $11) <= $11 AND COALESCE(f.age_to_months, $11) >= $11))
                          AND ($12::time IS NULL OR f.opens_at <= $12)
                          AND ($13::time IS NULL OR f.closes_at >= $13)
                          AND ($14::text IS NULL OR $14 = ANY (f.concepts))
                          AND ($15::text IS NULL OR $15 = ANY (f.languages))
                          AND ($16::text IS NULL OR f.denomination = $16)
                          AND ($17::bool IS NULL OR f.inclusive = $17)
                          AND ($18::bool IS NULL OR f.barrier_free = $18)
                          AND ($24::text IS NULL OR f.provider_id IN (SELECT p.id FROM provider p WHERE p.tenant_id = $1 AND p.kind = $24))
                          AND ($25::text IS NULL OR f.id IN (SELECT s.facility_id FROM free s WHERE s.covered OR (s.partly AND $25 = 'partly')))
                      ) d
                WHERE $8::float8 IS NULL OR d.distance_m <= $8
           )
           SELECT f.id AS "id: FacilityId", f.name, f.kind AS "kind: FacilityKind", f.care_types, p.name AS "provider_name?",
                  p.kind AS "provider_kind?: ProviderKind", f.street, f.house_number, f.postal_code, f.city, f.district, f.latitude, f.longitude,
                  h.distance_m, f.opens_at, f.closes_at, f.concepts, f.languages, f.denomination, f.inclusive, f.barrier_free,
                  f.age_from_months, f.age_to_months, f.attribution, f.licence, f.data_as_of, h.sort_key AS "sort_key!",
                  (SELECT count(*) FROM hit) AS "total!"
             FROM (SELECT * FROM hit
                    WHERE $26::int IS NULL OR (sort_key, name, id) > ($26, $27::text, $29::uuid)
                    ORDER BY sort_key, name, id
                    LIMIT $30) h
             JOIN facility f ON f.tenant_id = $1 AND f.id = h.id
             LEFT JOIN provider p ON p.tenant_id = $1 AND p.id = f.provider_id
            ORDER BY h.sort_key, h.name, h.id"#,
        tenant.0,
        latitude,
        longitude,
        square.map(|s| s[0]),
        square.map(|s| s[1]),
        square.map(|s| s[2]),
        square.map(|s| s[3]),
        filter.position.and(filter.radius_m),
        &filter.words,
        filter.care_type,
        filter.age_months,
        filter.opens_by,
        filter.closes_after,
        filter.concept,
        filter.language,
        filter.denomination,
        filter.inclusive,
        filter.barrier_free,
        &bands,
        &froms,
        &untils,
        wanted.youngest,
        filter.by_distance,
        filter.provider_kind,
        filter.free,
        after_key,
        after_name,
        filter.only.map(|id| id.0),
        after_id,
        filter.limit
    )
    .fetch_all(tx.conn())
    .await
}

/// The pools of these facilities.
pub(super) async fn pools(tx: &mut TenantRead, ids: &[FacilityId]) -> Result<Vec<(FacilityId, Pool)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"SELECT facility_id AS "facility_id: FacilityId", age_band AS "age_band: AgeBand", base_month,
                  bookable AS "bookable: Vec<Option<i32>>", licensed, confirmed_on, is_example
             FROM place_pool
            WHERE tenant_id = $1 AND facility_id = ANY ($2)"#,
        tenant.0,
        &ids
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let pool = Pool {
                band: r.age_band,
                base_month: r.base_month,
                bookable: r.bookable,
                licensed: r.licensed,
                confirmed_on: r.confirmed_on,
                is_example: r.is_example,
            };
            (r.facility_id, pool)
        })
        .collect())
}

/// What only the facility's own page shows.
pub(super) struct DetailRow {
    pub description: Option<String>,
    pub website: Option<String>,
    pub contact_email: Option<String>,
    pub phone: Option<String>,
    pub source_id: Option<String>,
    pub flags: Vec<String>,
    pub declared_places: Option<i32>,
    pub version: i32,
    pub substitute_id: Option<FacilityId>,
    pub substitute_name: Option<String>,
    pub median_reply_days: Option<i32>,
}

pub(super) async fn detail(tx: &mut TenantRead, id: FacilityId) -> Result<Option<DetailRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    // The median of fewer than five answers would tell about single families.
    sqlx::query_as!(
        DetailRow,
        r#"SELECT f.description, f.website, f.contact_email, f.phone, f.source_id, f.flags, f.declared_places, f.version,
                  b.substitute_id AS "substitute_id: FacilityId", u.name AS "substitute_name?",
                  (SELECT CASE WHEN count(*) >= 5 THEN
                               round(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM r.answered_at - r.received_at) / 86400))::int
                          END
                     FROM facility_preference r
                    WHERE r.tenant_id = $1 AND r.facility_id = $2 AND r.answered_at >= r.received_at) AS median_reply_days
             FROM facility f
             LEFT JOIN capacity_basis b ON b.tenant_id = f.tenant_id AND b.facility_id = f.id
             LEFT JOIN facility u ON u.tenant_id = b.tenant_id AND u.id = b.substitute_id AND u.state = 'open'
            WHERE f.tenant_id = $1 AND f.id = $2 AND f.state = 'open'"#,
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// A closing day of a facility: its own and the tenant's.
pub(super) struct DayRow {
    pub day: NaiveDate,
    pub note: String,
}

pub(super) async fn closing_days(
    tx: &mut TenantRead,
    id: FacilityId,
    from: NaiveDate,
) -> Result<Vec<DayRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        DayRow,
        "SELECT DISTINCT ON (day) day, note
           FROM closing_day
          WHERE tenant_id = $1 AND day >= $3 AND (facility_id IS NULL OR facility_id = $2)
          ORDER BY day, facility_id NULLS LAST
          LIMIT 100",
        tenant.0,
        id.0,
        from
    )
    .fetch_all(tx.conn())
    .await
}

/// A value that occurs in some facilities.
pub(super) struct FacetRow {
    pub facet: String,
    pub value: String,
    pub count: i64,
}

pub(super) async fn facets(tx: &mut TenantRead) -> Result<Vec<FacetRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        FacetRow,
        r#"SELECT v.facet AS "facet!", v.value AS "value!", count(*) AS "count!"
             FROM facility f
             LEFT JOIN provider p ON p.tenant_id = f.tenant_id AND p.id = f.provider_id
            CROSS JOIN LATERAL (
                  SELECT 'concept' AS facet, unnest(f.concepts) AS value
                  UNION ALL SELECT 'language', unnest(f.languages)
                  UNION ALL SELECT 'denomination', f.denomination
                  UNION ALL SELECT 'provider_kind', p.kind
                  UNION ALL SELECT 'care_type', unnest(f.care_types)) v
            WHERE f.tenant_id = $1 AND f.state = 'open' AND v.value IS NOT NULL
            GROUP BY 1, 2
            ORDER BY 1, 3 DESC, 2"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}
