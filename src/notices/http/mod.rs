//! The API of this slice.

mod bodies;
mod family;
mod read;
mod steps;

use utoipa_actix_web::service_config::ServiceConfig;

use super::NoticeError;
use crate::platform::http::ApiError;

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    read::routes(routes);
    steps::routes(routes);
    family::routes(routes);
}

impl From<NoticeError> for ApiError {
    fn from(error: NoticeError) -> Self {
        let says = error.to_string();
        match error {
            NoticeError::Missing => Self::not_found(),
            NoticeError::NoClaim => Self::conflict("notice.no_claim", says),
            NoticeError::SecondPerson => Self::conflict("notice.second_person", says),
            NoticeError::WithFee => Self::conflict("notice.with_fee", says),
            NoticeError::NoLicence => Self::conflict("notice.no_licence", says),
            NoticeError::NoPerson => Self::forbidden(),
            NoticeError::State(_) => Self::conflict("notice.wrong_state", says),
            NoticeError::Invalid(invalid) => invalid.into(),
            NoticeError::Stale(stale) => stale.into(),
            NoticeError::Demand(demand) => demand.into(),
            NoticeError::Document(document) => document.into(),
            NoticeError::Db(db) => db.into(),
        }
    }
}
