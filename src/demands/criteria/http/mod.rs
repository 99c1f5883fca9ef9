//! The API of criteria: questions, sets, templates, the preview, and the page for parents.

mod bodies;
mod public;
mod questions;
mod sets;

use utoipa_actix_web::service_config::ServiceConfig;

use super::CriteriaError;
use crate::access::TenantRead;
use crate::platform::http::ApiError;
use crate::tenancy;

pub(in crate::demands) fn routes(routes: &mut ServiceConfig) {
    questions::routes(routes);
    sets::routes(routes);
    public::routes(routes);
}

impl From<CriteriaError> for ApiError {
    fn from(error: CriteriaError) -> Self {
        match error {
            CriteriaError::Missing => Self::not_found(),
            CriteriaError::NotDraft => Self::conflict("criteria_set.not_draft", error.to_string()),
            CriteriaError::InForce => Self::conflict("criteria_set.in_force", error.to_string()),
            CriteriaError::Invalid(invalid) => invalid.into(),
            CriteriaError::Stale(stale) => stale.into(),
            CriteriaError::Db(db) => db.into(),
        }
    }
}

/// The language that was asked for, else the person's, else the municipality's.
async fn language(tx: &mut TenantRead, asked: Option<String>) -> Result<String, ApiError> {
    if let Some(language) = asked.or_else(|| tx.account().map(|a| a.language.clone())) {
        return Ok(language);
    }
    Ok(tenancy::settings(tx).await?.default_language)
}
