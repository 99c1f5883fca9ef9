//! The API of this slice.

use utoipa_actix_web::service_config::ServiceConfig;

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(_routes: &mut ServiceConfig) {}
