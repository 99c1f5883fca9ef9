//! The API of this slice.

mod bodies;
mod guests;
mod lapses;
mod moves;

use utoipa_actix_web::service_config::ServiceConfig;

pub use bodies::MoveShown;
pub use lapses::GuestShown;

use super::ResidenceError;
use crate::platform::http::ApiError;

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    guests::routes(routes);
    lapses::routes(routes);
    moves::routes(routes);
}

impl From<ResidenceError> for ApiError {
    fn from(error: ResidenceError) -> Self {
        let says = error.to_string();
        match error {
            ResidenceError::Missing => Self::not_found(),
            ResidenceError::NotRunning => Self::conflict("residence.not_running", says),
            ResidenceError::NoGuest => Self::conflict("residence.no_guest", says),
            ResidenceError::HomeUnknown => Self::conflict("residence.home_unknown", says),
            ResidenceError::NotAsked => Self::conflict("residence.not_asked", says),
            ResidenceError::NotGranted => Self::conflict("residence.not_granted", says),
            ResidenceError::NoContract => Self::conflict("residence.no_contract", says),
            ResidenceError::LapseOpen => Self::conflict("residence.lapse_open", says),
            ResidenceError::NoLapse => Self::conflict("residence.no_lapse", says),
            ResidenceError::NoMove => Self::conflict("residence.no_move", says),
            ResidenceError::Proven => Self::conflict("residence.proven", says),
            ResidenceError::Invalid(invalid) => invalid.into(),
            ResidenceError::Stale(stale) => stale.into(),
            ResidenceError::Db(db) => db.into(),
        }
    }
}
