//! The API of this slice.

mod bodies;
mod contracts;
mod family;
mod receivables;
mod reliefs;
mod tables;

use utoipa_actix_web::service_config::ServiceConfig;

use super::FeeError;
use crate::platform::http::ApiError;

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    tables::routes(routes);
    // Before the contracts': `/office/fees/receivables` is no fee's id.
    receivables::routes(routes);
    contracts::routes(routes);
    reliefs::routes(routes);
    family::routes(routes);
}

impl From<FeeError> for ApiError {
    fn from(error: FeeError) -> Self {
        let says = error.to_string();
        match error {
            FeeError::Missing => Self::not_found(),
            FeeError::NotDraft => Self::conflict("fee_schedule.not_draft", says),
            FeeError::InForce => Self::conflict("fee_schedule.in_force", says),
            FeeError::Issued => Self::conflict("fee.issued", says),
            FeeError::DraftOpen => Self::conflict("fee.draft_open", says),
            FeeError::NoSchedule(_) => Self::conflict("fee.no_schedule", says),
            FeeError::NoRow(_) => Self::conflict("fee.no_row", says),
            FeeError::ReliefOverlaps => Self::conflict("fee.relief_overlaps", says),
            FeeError::ReliefOver => Self::conflict("fee.relief_over", says),
            FeeError::Outdated => Self::conflict("fee.outdated", says),
            FeeError::Invalid(invalid) => invalid.into(),
            FeeError::Stale(stale) => stale.into(),
            FeeError::Notice(notice) => notice.into(),
            FeeError::Document(document) => document.into(),
            FeeError::Db(db) => db.into(),
        }
    }
}
