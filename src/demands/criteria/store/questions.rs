//! Criteria of the tenant: the questions and their texts.

use crate::access::{TenantRead, TenantTx};
use crate::demands::criteria::model::{NewCriterion, Source};
use crate::platform::ids::CriterionId;

/// A criterion.
#[derive(Debug, Clone)]
pub(in crate::demands) struct CriterionRow {
    pub id: CriterionId,
    pub code: String,
    pub source: Source,
    pub title_de: String,
    pub title_en: String,
    pub hint_de: String,
    pub hint_en: String,
    pub evidence_de: String,
    pub evidence_en: String,
    pub position: i32,
    pub active: bool,
    pub confidential: bool,
    pub version: i32,
}

impl CriterionRow {
    /// Title, hint and evidence in a language.
    pub(in crate::demands) fn texts(&self, language: &str) -> [&str; 3] {
        match language {
            "en" => [&self.title_en, &self.hint_en, &self.evidence_en],
            _ => [&self.title_de, &self.hint_de, &self.evidence_de],
        }
    }
}

/// All criteria in their order.
pub(in crate::demands) async fn criteria(tx: &mut TenantRead) -> Result<Vec<CriterionRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        CriterionRow,
        r#"SELECT id AS "id: CriterionId", code, source AS "source: Source", title_de, title_en, hint_de, hint_en, evidence_de,
                  evidence_en, position, active, confidential, version
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
        r#"SELECT id AS "id: CriterionId", code, source AS "source: Source", title_de, title_en, hint_de, hint_en, evidence_de,
                  evidence_en, position, active, confidential, version
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
        r#"INSERT INTO criterion (tenant_id, id, code, source, title_de, title_en, hint_de, hint_en, evidence_de, evidence_en, position,
                                  confidential)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
           ON CONFLICT (tenant_id, code) DO NOTHING
           RETURNING id AS "id: CriterionId""#,
        tenant.0,
        CriterionId::new() as _,
        new.code,
        new.source as _,
        new.title_de,
        new.title_en,
        new.hint_de,
        new.hint_en,
        new.evidence_de,
        new.evidence_en,
        new.position,
        new.confidential
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
            SET title_de = $3, title_en = $4, hint_de = $5, hint_en = $6, evidence_de = $7, evidence_en = $8, position = $9,
                active = $10, confidential = $11, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _,
        new.title_de,
        new.title_en,
        new.hint_de,
        new.hint_en,
        new.evidence_de,
        new.evidence_en,
        new.position,
        active,
        new.confidential
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// A criterion that families are asked today: a published set that holds or is to come counts it. What counts nowhere is not asked.
pub(in crate::demands) struct AskedRow {
    pub id: CriterionId,
    pub source: Source,
}

pub(in crate::demands) async fn asked_criteria(tx: &mut TenantRead) -> Result<Vec<AskedRow>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_as!(
        AskedRow,
        r#"SELECT c.id AS "id: CriterionId", c.source AS "source: Source"
             FROM criterion c
            WHERE c.tenant_id = $1 AND c.source IN ('asked', 'asked_number')
              AND EXISTS (SELECT 1
                            FROM criteria_rule r
                            JOIN criteria_set s ON s.tenant_id = r.tenant_id AND s.id = r.set_id
                           WHERE r.tenant_id = c.tenant_id AND r.criterion_id = c.id AND s.state = 'published'
                             AND NOT EXISTS (SELECT 1
                                               FROM criteria_set later
                                              WHERE later.tenant_id = s.tenant_id AND later.state = 'published'
                                                AND later.provider_id IS NOT DISTINCT FROM s.provider_id
                                                AND later.valid_from > s.valid_from AND later.valid_from <= $2))
            ORDER BY c.position, c.code"#,
        tenant.0,
        today
    )
    .fetch_all(tx.conn())
    .await
}
