//! The API of the public search.

mod detail;
mod list;
mod map;
mod query;
mod words;

use utoipa_actix_web::service_config::ServiceConfig;

pub use detail::FacilityDetail;
pub(super) use detail::capacity;

/// Adds the operations of the search; the fixed words come before `{facility_id}`.
pub(in crate::facilities) fn routes(routes: &mut ServiceConfig) {
    list::routes(routes);
    map::routes(routes);
    words::routes(routes);
    detail::routes(routes);
}
