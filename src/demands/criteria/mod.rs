//! Criteria by which places are given: questions, versioned sets of a municipality or a provider that say what they count, and scores.
//!
//! A set is a draft until it is published with the day from which it holds; from then on nothing in it changes, and a new version takes
//! over on its own day. A provider's set goes before the municipality's at the provider's facilities. [`model::score`] is pure: any set
//! can be run over the same facts. What was counted for a preference is kept with a line for every rule.

mod counting;
pub mod http;
pub(super) mod jobs;
mod key_date;
mod model;
mod publishing;
mod recounting;
mod shown;
pub(super) mod store;

pub use counting::{recompute_points, recompute_points_of_siblings};
pub use key_date::by_sets_of;
pub use model::{
    CATALOGUE, CatalogueEntry, CriterionChange, CriterionScope, CriterionUse, Derived, Evidence, EvidenceState, Fact,
    Facts, Line, Moment, NewCriterion, Outcome, Points, Reserve, ReserveType, Rule, RuleSet, Score, SeatsPer, SetState,
    Source, Step, TEMPLATES, Template, TieBreak, score,
};
pub use publishing::{Acknowledged, NewSet, Publication, SetChange, create_set, publish_set, put_set, withdraw_set};
pub use recounting::{Recounted, Recounting, SetBrief, recounting};
pub use shown::{
    CONFIDENTIAL, LineBody, ScoreBody, Veil, confidential_title, criterion_titles, knows_reasons, score_bodies, veil,
};

use crate::access::TenantTx;
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;
use crate::platform::ids::CriterionId;

/// What can stand against a command on criteria.
#[derive(Debug, thiserror::Error)]
pub enum CriteriaError {
    /// There is none, or it is not the asker's.
    #[error("missing")]
    Missing,
    /// A published set is never changed.
    #[error("only a draft can be changed; begin a new version")]
    NotDraft,
    /// A set that holds or held cannot be taken back.
    #[error("this set has come into force; begin a new version")]
    InForce,
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// Adds a criterion. It counts, and is asked, once a published set says so.
pub async fn add_criterion(tx: &mut TenantTx, new: NewCriterion) -> Result<CriterionId, CriteriaError> {
    let new = new.checked()?;
    let id = store::insert_criterion(tx, &new).await?;
    Ok(id.ok_or_else(|| Invalid::one("/code", "taken", "another criterion has this code"))?)
}

/// Changes the texts of a criterion, its place in the form, or whether new sets may use it.
pub async fn update_criterion(
    tx: &mut TenantTx,
    id: CriterionId,
    seen: i32,
    change: CriterionChange,
) -> Result<(), CriteriaError> {
    let row = store::lock_criterion(tx, id).await?.ok_or(CriteriaError::Missing)?;
    Stale::check(seen, row.version)?;
    let active = change.active.unwrap_or(row.active);
    let before = NewCriterion {
        code: row.code,
        source: row.source,
        title_de: row.title_de,
        title_en: row.title_en,
        hint_de: row.hint_de,
        hint_en: row.hint_en,
        evidence_de: row.evidence_de,
        evidence_en: row.evidence_en,
        position: row.position,
        confidential: row.confidential,
    };
    store::update_criterion(tx, id, &before.changed(change).checked()?, active).await?;
    Ok(())
}
