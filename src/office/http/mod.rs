//! The API of this slice.

mod bodies;
mod dashboard;
mod file;
mod views;
mod write;

use utoipa_actix_web::service_config::ServiceConfig;

use super::OfficeError;
use crate::platform::http::ApiError;

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    views::routes(routes);
    dashboard::routes(routes);
    file::routes(routes);
    write::routes(routes);
}

impl From<OfficeError> for ApiError {
    fn from(error: OfficeError) -> Self {
        match error {
            OfficeError::KnownChild => Self::conflict("intake.known_child", error.to_string()),
            OfficeError::Invalid(invalid) => invalid.into(),
            OfficeError::Family(family) => family.into(),
            OfficeError::Demand(demand) => demand.into(),
            OfficeError::Db(db) => db.into(),
        }
    }
}
