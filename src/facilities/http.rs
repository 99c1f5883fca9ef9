//! The API of this slice.

use utoipa_actix_web::service_config::ServiceConfig;

use super::{capacity, catalogue, importer, search};

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    search::http::routes(routes);
    catalogue::http::routes(routes);
    capacity::http::routes(routes);
    capacity::basis::http::routes(routes);
    capacity::forecast::http::routes(routes);
    importer::http::routes(routes);
}
