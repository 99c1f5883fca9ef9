//! SQL of the import.

use super::model::ImportRow;
use crate::access::{TenantRead, TenantTx};
use crate::facilities::model::ProviderKind;
use crate::platform::db::OpsDb;
use crate::platform::ids::{FacilityId, ProviderId};

/// A facility that was imported before.
pub(super) struct Before {
    pub source_id: String,
    pub id: FacilityId,
    pub source_hash: Option<Vec<u8>>,
}

pub(super) async fn imported(tx: &mut TenantRead) -> Result<Vec<Before>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Before,
        r#"SELECT source_id AS "source_id!", id AS "id: FacilityId", source_hash
             FROM facility
            WHERE tenant_id = $1 AND source_id IS NOT NULL"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn providers(
    tx: &mut TenantRead,
) -> Result<Vec<(String, ProviderId, Option<ProviderKind>)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT name, id AS "id: ProviderId", kind AS "kind: ProviderKind"
             FROM provider
            WHERE tenant_id = $1"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.name, r.id, r.kind)).collect())
}

pub(super) async fn put_provider(
    tx: &mut TenantTx,
    id: ProviderId,
    name: &str,
    kind: Option<ProviderKind>,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO provider (tenant_id, id, name, kind)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant_id, id) DO UPDATE SET kind = EXCLUDED.kind, version = provider.version + 1",
        tenant.0,
        id.0,
        name,
        kind as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Writes where a facility comes from.
pub(super) async fn put_source(
    tx: &mut TenantTx,
    id: FacilityId,
    row: &ImportRow,
    hash: &[u8],
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE facility
            SET source_id = $3, source_hash = $4, attribution = $5, licence = $6, data_as_of = $7, flags = $8, declared_places = $9
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        row.source_id,
        hash,
        row.attribution,
        row.licence,
        row.data_as_of,
        &row.flags,
        row.declared_places
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Places of Germany with their postal codes, column by column.
#[derive(Default)]
pub(super) struct PostalCodes {
    pub codes: Vec<String>,
    pub places: Vec<String>,
    pub districts: Vec<String>,
    pub latitudes: Vec<f64>,
    pub longitudes: Vec<f64>,
}

/// Writes postal codes; answers how many are new or changed.
pub(super) async fn put_postal_codes(ops: &OpsDb, list: &PostalCodes) -> Result<u64, sqlx::Error> {
    sqlx::query!(
        "INSERT INTO postal_code (code, place, district_ags, latitude, longitude)
         SELECT DISTINCT ON (code, place) code, place, district, latitude, longitude
           FROM unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::float8[]) AS l(code, place, district, latitude, longitude)
          ORDER BY code, place
         ON CONFLICT (code, place) DO UPDATE
            SET district_ags = EXCLUDED.district_ags, latitude = EXCLUDED.latitude, longitude = EXCLUDED.longitude
          WHERE (postal_code.district_ags, postal_code.latitude, postal_code.longitude)
                IS DISTINCT FROM (EXCLUDED.district_ags, EXCLUDED.latitude, EXCLUDED.longitude)",
        &list.codes,
        &list.places,
        &list.districts,
        &list.latitudes,
        &list.longitudes
    )
    .execute(ops.pool())
    .await
    .map(|done| done.rows_affected())
}

/// Streets of a municipality, column by column.
#[derive(Default)]
pub(super) struct Streets {
    pub names: Vec<String>,
    pub written_out: Vec<String>,
    pub postal_codes: Vec<String>,
    pub latitudes: Vec<Option<f64>>,
    pub longitudes: Vec<Option<f64>>,
}

/// Writes streets; answers how many are new or changed.
pub(super) async fn put_streets(tx: &mut TenantTx, list: &Streets) -> Result<u64, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO street (tenant_id, name, postal_code, latitude, longitude, name_norm)
         SELECT DISTINCT ON (name, postal_code) $1::int, name, postal_code, latitude, longitude, app.norm(written_out)
           FROM unnest($2::text[], $3::text[], $4::text[], $5::float8[], $6::float8[])
                AS l(name, written_out, postal_code, latitude, longitude)
          ORDER BY name, postal_code
         ON CONFLICT (tenant_id, name, postal_code) DO UPDATE
            SET latitude = EXCLUDED.latitude, longitude = EXCLUDED.longitude
          WHERE (street.latitude, street.longitude) IS DISTINCT FROM (EXCLUDED.latitude, EXCLUDED.longitude)",
        tenant.0,
        &list.names,
        &list.written_out,
        &list.postal_codes,
        &list.latitudes as _,
        &list.longitudes as _
    )
    .execute(tx.conn())
    .await
    .map(|done| done.rows_affected())
}
