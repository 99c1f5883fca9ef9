//! The API of this slice.

mod family;

use utoipa_actix_web::service_config::ServiceConfig;

use super::DemandError;
use crate::platform::http::ApiError;

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    super::staff::http::routes(routes);
    super::criteria::http::routes(routes);
    family::routes(routes);
}

impl From<DemandError> for ApiError {
    fn from(error: DemandError) -> Self {
        match error {
            DemandError::Missing => Self::not_found(),
            DemandError::Exists => Self::conflict("demand.exists", error.to_string()),
            DemandError::NoPlace => Self::conflict("demand.no_place", error.to_string()),
            DemandError::NotEditable => Self::conflict("demand.not_editable", error.to_string()),
            DemandError::NotDraft => Self::conflict("demand.not_draft", error.to_string()),
            DemandError::NotClaimed => Self::conflict("demand.not_claimed", error.to_string()),
            DemandError::HasAccount => Self::conflict("family.has_account", error.to_string()),
            DemandError::NoSiblings => Self::conflict("demand.no_siblings", error.to_string()),
            DemandError::SiblingsFrozen => Self::conflict("demand.siblings_frozen", error.to_string()),
            DemandError::StartInRound => Self::conflict("demand.start_in_round", error.to_string()),
            DemandError::StartUnderOffer => Self::conflict("demand.start_under_offer", error.to_string()),
            DemandError::NotSubmitted => Self::conflict("demand.not_submitted", error.to_string()),
            DemandError::Transition(wrong) => {
                let code = match wrong.subject {
                    "demand" => "demand.wrong_state",
                    _ => "preference.wrong_state",
                };
                Self::conflict(code, wrong.to_string())
            }
            DemandError::Invalid(invalid) => invalid.into(),
            DemandError::Stale(stale) => stale.into(),
            DemandError::Db(db) => db.into(),
        }
    }
}
