//! The platform operator's API: tenants, never families.

use utoipa_actix_web::service_config::ServiceConfig;

/// Adds the operator's operations below `/api/v1`.
pub fn routes(_routes: &mut ServiceConfig) {}
