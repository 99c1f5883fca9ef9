//! SQL of the administrators' lists of providers and facilities.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::TenantRead;
use crate::facilities::model::{FacilityKind, ProviderKind};
use crate::platform::http::{Direction, SortKey, Sorted, listed};
use crate::platform::ids::{FacilityId, ProviderId};

/// A provider in the list.
pub(in crate::facilities::catalogue) struct ProviderRow {
    pub id: ProviderId,
    pub name: String,
    pub kind: Option<ProviderKind>,
    pub website: Option<String>,
    pub facility_count: i64,
    pub version: i32,
    pub sort_key: Option<String>,
    pub total: i64,
}

listed!(ProviderRow, id.0);

/// What the list of providers can be sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(in crate::facilities::catalogue) enum ProviderSort {
    /// The name.
    #[default]
    Name,
    /// How many facilities it has, the most first.
    Facilities,
    /// The web site.
    Website,
}

impl SortKey for ProviderSort {
    fn natural(self) -> Direction {
        match self {
            Self::Facilities => Direction::Desc,
            _ => Direction::Asc,
        }
    }
}

/// Which providers, and in which order.
#[derive(Default)]
pub(in crate::facilities::catalogue) struct ProviderFilter {
    pub id: Option<ProviderId>,
    /// What is in the name.
    pub words: Vec<String>,
    pub kind: Option<ProviderKind>,
    pub order: Sorted<ProviderSort>,
}

/// Providers in the order asked for.
pub(in crate::facilities::catalogue) async fn providers(
    tx: &mut TenantRead,
    filter: &ProviderFilter,
) -> Result<Vec<ProviderRow>, sqlx::Error> {
    let (tenant, order) = (tx.tenant_id(), &filter.order);
    sqlx::query_as!(
        ProviderRow,
        r#"SELECT p.id AS "id: ProviderId", p.name, p.kind AS "kind: ProviderKind", p.website, p.version, n.count AS "facility_count!",
                  s.key AS sort_key, count(*) OVER () AS "total!"
             FROM provider p
            CROSS JOIN LATERAL (SELECT count(*) FROM facility f WHERE f.tenant_id = p.tenant_id AND f.provider_id = p.id) n
            CROSS JOIN LATERAL (SELECT CASE $3::text
                 WHEN 'facilities' THEN lpad(n.count::text, 6, '0')
                 WHEN 'website' THEN lower(p.website)
                 ELSE lower(p.name) END) s (key)
            WHERE p.tenant_id = $1 AND ($2::uuid IS NULL OR p.id = $2)
              AND app.norm(p.name) LIKE ALL (ARRAY(SELECT '%' || app.norm(w) || '%' FROM unnest($8::text[]) w))
              AND ($9::text IS NULL OR p.kind = $9)
              AND app.comes_after(s.key, p.id, $4, $5, $6)
            ORDER BY CASE WHEN NOT $4 THEN s.key END COLLATE "de-x-icu", CASE WHEN $4 THEN s.key END COLLATE "de-x-icu" DESC NULLS LAST, p.id
            LIMIT $7"#,
        tenant.0,
        filter.id as _,
        order.by as _,
        order.downwards,
        order.last_key.as_deref(),
        order.last_id,
        order.limit + 1,
        &filter.words,
        filter.kind as _
    )
    .fetch_all(tx.conn())
    .await
}

/// A facility in the list.
pub(in crate::facilities::catalogue) struct FacilityRow {
    pub id: FacilityId,
    pub name: String,
    pub kind: Option<FacilityKind>,
    pub provider_name: Option<String>,
    pub street: String,
    pub house_number: String,
    pub postal_code: String,
    pub city: String,
    pub district: Option<String>,
    pub opens_at: Option<String>,
    pub closes_at: Option<String>,
    pub confirmed_on: Option<NaiveDate>,
    pub sort_key: Option<String>,
    pub total: i64,
}

listed!(FacilityRow, id.0);

/// What the list of facilities can be sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(in crate::facilities::catalogue) enum FacilitySort {
    /// The name.
    #[default]
    Name,
    /// The provider's name.
    Provider,
    /// Street, house and town.
    Address,
    /// The district.
    District,
    /// When it opens in the morning.
    Opens,
    /// When its places were confirmed, the longest ago first.
    Confirmed,
}

impl SortKey for FacilitySort {}

/// Which facilities, and in which order.
pub(in crate::facilities::catalogue) struct FacilityFilter {
    /// What is in name, address or provider.
    pub words: Vec<String>,
    pub kind: Option<FacilityKind>,
    pub provider: Option<ProviderId>,
    /// Only whose places were not confirmed on this day or later.
    pub unconfirmed_since: Option<NaiveDate>,
    pub order: Sorted<FacilitySort>,
}

/// Open facilities in the order asked for. The places of one are confirmed when those of all its age bands are; examples nobody confirmed.
pub(in crate::facilities::catalogue) async fn facilities(
    tx: &mut TenantRead,
    filter: &FacilityFilter,
) -> Result<Vec<FacilityRow>, sqlx::Error> {
    let (tenant, order) = (tx.tenant_id(), &filter.order);
    sqlx::query_as!(
        FacilityRow,
        r#"SELECT f.id AS "id: FacilityId", f.name, f.kind AS "kind: FacilityKind", p.name AS "provider_name?", f.street, f.house_number,
                  f.postal_code, f.city, f.district, to_char(f.opens_at, 'HH24:MI') AS opens_at, to_char(f.closes_at, 'HH24:MI') AS closes_at,
                  c.confirmed_on, s.key AS sort_key, count(*) OVER () AS "total!"
             FROM facility f
             LEFT JOIN provider p ON p.tenant_id = f.tenant_id AND p.id = f.provider_id
            CROSS JOIN LATERAL (SELECT CASE WHEN bool_and(q.confirmed_on IS NOT NULL AND NOT q.is_example) THEN min(q.confirmed_on) END AS confirmed_on
                                  FROM place_pool q
                                 WHERE q.tenant_id = f.tenant_id AND q.facility_id = f.id) c
            CROSS JOIN LATERAL (SELECT CASE $2::text
                 WHEN 'provider' THEN lower(p.name)
                 WHEN 'address' THEN NULLIF(lower(concat_ws(' ', NULLIF(f.street, ''), lpad(substring(f.house_number FROM '^[0-9]+'), 5, '0'),
                                                            NULLIF(f.house_number, ''), NULLIF(f.city, ''))), '')
                 WHEN 'district' THEN lower(f.district)
                 WHEN 'opens' THEN f.opens_at::text
                 WHEN 'confirmed' THEN c.confirmed_on::text
                 ELSE lower(f.name) END) s (key)
            WHERE f.tenant_id = $1 AND f.state = 'open'
              AND f.search_text LIKE ALL (ARRAY(SELECT '%' || app.norm(w) || '%' FROM unnest($7::text[]) w))
              AND ($8::text IS NULL OR f.kind = $8)
              AND ($9::uuid IS NULL OR f.provider_id = $9)
              AND ($10::date IS NULL OR c.confirmed_on IS NULL OR c.confirmed_on < $10)
              AND app.comes_after(s.key, f.id, $3, $4, $5)
            ORDER BY CASE WHEN NOT $3 THEN s.key END COLLATE "de-x-icu", CASE WHEN $3 THEN s.key END COLLATE "de-x-icu" DESC NULLS LAST, f.id
            LIMIT $6"#,
        tenant.0,
        order.by as _,
        order.downwards,
        order.last_key.as_deref(),
        order.last_id,
        order.limit + 1,
        &filter.words,
        filter.kind as _,
        filter.provider as _,
        filter.unconfirmed_since
    )
    .fetch_all(tx.conn())
    .await
}
