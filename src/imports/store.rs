//! SQL of this slice.

use std::collections::{BTreeMap, HashMap};

use super::FamilyMapping;
use super::judging::Ready;
use crate::access::{TenantRead, TenantTx};
use crate::facilities::{CareType, FacilityKind};
use crate::platform::ids::{DemandId, FacilityId, GuardianId};

pub(super) async fn mapping(tx: &mut TenantRead) -> Result<Option<(FamilyMapping, i32)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        r#"SELECT mapping AS "mapping: sqlx::types::Json<FamilyMapping>", version FROM family_import_mapping WHERE tenant_id = $1"#,
        tenant.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| (row.mapping.0, row.version)))
}

/// The same, locked until the transaction ends.
pub(super) async fn lock_mapping(tx: &mut TenantTx) -> Result<Option<(FamilyMapping, i32)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "SELECT version FROM family_import_mapping WHERE tenant_id = $1 FOR UPDATE",
        tenant.0
    )
    .fetch_optional(tx.conn())
    .await?;
    mapping(tx).await
}

pub(super) async fn save_mapping(tx: &mut TenantTx, new: &FamilyMapping) -> Result<i32, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "INSERT INTO family_import_mapping (tenant_id, mapping) VALUES ($1, $2)
         ON CONFLICT (tenant_id) DO UPDATE
            SET mapping = EXCLUDED.mapping, version = family_import_mapping.version + 1
         RETURNING version",
        tenant.0,
        sqlx::types::Json(new) as _
    )
    .fetch_one(tx.conn())
    .await
}

/// A facility that can be wished.
pub(super) struct Named {
    pub id: FacilityId,
    pub name: String,
    pub source_id: Option<String>,
    pub kind: Option<FacilityKind>,
    pub care_types: Vec<CareType>,
}

pub(super) async fn facilities(tx: &mut TenantRead) -> Result<Vec<Named>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT id AS "id: FacilityId", name, source_id, kind AS "kind: FacilityKind", care_types
             FROM facility
            WHERE tenant_id = $1 AND state = 'open'
            ORDER BY name, id"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await?;
    let named = rows.into_iter().map(|row| Named {
        id: row.id,
        name: row.name,
        source_id: row.source_id,
        kind: row.kind,
        care_types: row.care_types.iter().filter_map(|t| CareType::parse(t)).collect(),
    });
    Ok(named.collect())
}

/// What these rows said when they were imported.
pub(super) async fn imported(tx: &mut TenantRead, ids: &[String]) -> Result<HashMap<String, Vec<u8>>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        "SELECT source_id, row_hash FROM imported_demand WHERE tenant_id = $1 AND source_id = ANY($2)",
        tenant.0,
        ids
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.source_id, row.row_hash)).collect())
}

/// The guardians of families that came before, by the other system's id of the family.
pub(super) async fn families(tx: &mut TenantRead, ids: &[String]) -> Result<BTreeMap<String, GuardianId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT DISTINCT ON (family_source_id) family_source_id AS "family!", guardian_id AS "guardian_id: GuardianId"
             FROM imported_demand
            WHERE tenant_id = $1 AND family_source_id = ANY($2)
            ORDER BY family_source_id, imported_at"#,
        tenant.0,
        ids
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.family, row.guardian_id)).collect())
}

/// Notes where each demand came from.
pub(super) async fn insert_sources(
    tx: &mut TenantTx,
    all: &[(&Ready, DemandId, GuardianId)],
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let ids: Vec<_> = all.iter().map(|(ready, ..)| ready.source_id.clone()).collect();
    let families: Vec<_> = all.iter().map(|(ready, ..)| ready.family_id.clone()).collect();
    let hashes: Vec<_> = all.iter().map(|(ready, ..)| ready.hash.clone()).collect();
    let demands: Vec<_> = all.iter().map(|(_, demand, _)| demand.0).collect();
    let guardians: Vec<_> = all.iter().map(|(.., guardian)| guardian.0).collect();
    sqlx::query!(
        "INSERT INTO imported_demand (tenant_id, source_id, family_source_id, row_hash, demand_id, guardian_id, imported_at)
         SELECT $1, r.*, $7 FROM unnest($2::text[], $3::text[], $4::bytea[], $5::uuid[], $6::uuid[]) AS r",
        tenant.0,
        &ids,
        &families as &[Option<String>],
        &hashes,
        &demands,
        &guardians,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
