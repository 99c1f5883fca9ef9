//! Criteria of the tenant.

use crate::access::{TenantRead, TenantTx};
use crate::demands::model::{CriterionScope, NewCriterion};
use crate::platform::ids::CriterionId;

/// A criterion.
#[derive(Debug, Clone)]
pub(in crate::demands) struct CriterionRow {
    pub id: CriterionId,
    pub code: String,
    pub title_de: String,
    pub title_en: String,
    pub hint_de: String,
    pub hint_en: String,
    pub evidence_de: String,
    pub evidence_en: String,
    pub points: i32,
    pub scope: CriterionScope,
    pub position: i32,
    pub active: bool,
    pub version: i32,
}

/// All criteria in their order.
pub(in crate::demands) async fn criteria(tx: &mut TenantRead) -> Result<Vec<CriterionRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        CriterionRow,
        r#"SELECT id AS "id: CriterionId", code, title_de, title_en, hint_de, hint_en, evidence_de, evidence_en, points,
                  scope AS "scope: CriterionScope", position, active, version
             FROM criterion
            WHERE tenant_id = $1
            ORDER BY position, code"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}

/// A criterion, locked until the transaction ends.
pub(in crate::demands) async fn lock_criterion(
    tx: &mut TenantTx,
    id: CriterionId,
) -> Result<Option<CriterionRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        CriterionRow,
        r#"SELECT id AS "id: CriterionId", code, title_de, title_en, hint_de, hint_en, evidence_de, evidence_en, points,
                  scope AS "scope: CriterionScope", position, active, version
             FROM criterion
            WHERE tenant_id = $1 AND id = $2
              FOR UPDATE"#,
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await
}

/// Writes a criterion. `None`: its code is taken.
pub(in crate::demands) async fn insert_criterion(
    tx: &mut TenantTx,
    new: &NewCriterion,
) -> Result<Option<CriterionId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"INSERT INTO criterion (tenant_id, id, code, title_de, title_en, hint_de, hint_en, evidence_de, evidence_en, points, scope, position)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
           ON CONFLICT (tenant_id, code) DO NOTHING
           RETURNING id AS "id: CriterionId""#,
        tenant.0,
        CriterionId::new() as _,
        new.code,
        new.title_de,
        new.title_en,
        new.hint_de,
        new.hint_en,
        new.evidence_de,
        new.evidence_en,
        new.points,
        new.scope as _,
        new.position
    )
    .fetch_optional(tx.conn())
    .await
}

pub(in crate::demands) async fn update_criterion(
    tx: &mut TenantTx,
    id: CriterionId,
    new: &NewCriterion,
    active: bool,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE criterion
            SET title_de = $3, title_en = $4, hint_de = $5, hint_en = $6, evidence_de = $7, evidence_en = $8, points = $9,
                position = $10, active = $11, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _,
        new.title_de,
        new.title_en,
        new.hint_de,
        new.hint_en,
        new.evidence_de,
        new.evidence_en,
        new.points,
        new.position,
        active
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
