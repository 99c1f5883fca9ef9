//! The tenant's criteria: asked of the families, counted at the preferences.

use serde_json::json;

use super::DemandError;
use super::model::{CriterionChange, NewCriterion};
use super::store;
use crate::access::TenantTx;
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;
use crate::platform::ids::{ChildId, CriterionId, DemandId};
use crate::platform::jobs::NewJob;

/// Adds a criterion.
pub async fn add_criterion(tx: &mut TenantTx, new: NewCriterion) -> Result<CriterionId, DemandError> {
    let new = new.checked()?;
    let id = store::insert_criterion(tx, &new).await?;
    let id = id.ok_or_else(|| Invalid::one("/code", "taken", "another criterion has this code"))?;
    recount_all_later(tx).await?;
    Ok(id)
}

/// Changes a criterion; all points are counted anew by a job.
pub async fn update_criterion(
    tx: &mut TenantTx,
    id: CriterionId,
    seen: i32,
    change: CriterionChange,
) -> Result<(), DemandError> {
    let row = store::lock_criterion(tx, id).await?.ok_or(DemandError::Missing)?;
    Stale::check(seen, row.version)?;
    let active = change.active.unwrap_or(row.active);
    let before = NewCriterion {
        code: row.code,
        title_de: row.title_de,
        title_en: row.title_en,
        hint_de: row.hint_de,
        hint_en: row.hint_en,
        evidence_de: row.evidence_de,
        evidence_en: row.evidence_en,
        points: row.points,
        scope: row.scope,
        position: row.position,
    };
    store::update_criterion(tx, id, &before.changed(change).checked()?, active).await?;
    recount_all_later(tx).await
}

/// Counts the points of a demand's preferences anew, after its facts or their evidence changed.
pub async fn recompute_points(tx: &mut TenantTx, demand: DemandId) -> Result<(), DemandError> {
    store::recount(tx, Some(&[demand])).await?;
    Ok(())
}

/// Counts the points of a child's and its siblings' demands anew, after a link or a place of one of them changed.
pub async fn recompute_points_of_siblings(tx: &mut TenantTx, child: ChildId) -> Result<(), DemandError> {
    let demands = store::demands_of_siblings(tx, child).await?;
    store::recount(tx, Some(&demands)).await?;
    Ok(())
}

/// A large tenant has hundreds of thousands of preferences: they are counted after the answer, not before it.
async fn recount_all_later(tx: &mut TenantTx) -> Result<(), DemandError> {
    let run_at = tx.now();
    let job = NewJob {
        kind: "RecountPoints",
        payload: json!({}),
        dedup_key: Some("all".into()),
        run_at,
    };
    Ok(tx.enqueue(job).await?)
}
