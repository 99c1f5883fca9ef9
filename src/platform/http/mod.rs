//! HTTP floor: problem answers, bodies, ids in paths, versions, pages of lists, middleware, and the OpenAPI finish.

mod body;
mod examples;
mod middleware;
mod openapi;
mod page;
mod problem;
mod sort;
mod version;

pub use body::{At, Body, Query, read_upload};
pub use middleware::{client_address, detach, guard_request, resolve_tenant, security_headers};
pub use openapi::finish as finish_openapi;
pub use page::{Cursor, Page, PageQuery, beginning};
pub use problem::{ApiError, Problem};
pub(crate) use sort::listed;
pub use sort::{Direction, Keyed, Listed, OrderQuery, SortKey, Sorted};
pub use version::{IfMatch, Stale, Versioned};

/// The request's id as it stands in logs, audit and problem answers.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// The API's document and its readable pages, served from the binary.
pub fn docs(routes: &mut actix_web::web::ServiceConfig) {
    use actix_web::web;
    let ui = utoipa_swagger_ui::SwaggerUi::new("/api/docs/{_:.*}")
        .config(utoipa_swagger_ui::Config::from("/api/openapi.json"));
    routes.route("/api/openapi.json", web::get().to(document)).service(
        web::scope("/api/docs")
            .wrap(actix_web::middleware::from_fn(middleware::docs_policy))
            .service(web::redirect("", "/api/docs/"))
            .service(ui),
    );
}

async fn document(json: actix_web::web::Data<str>) -> actix_web::HttpResponse {
    actix_web::HttpResponse::Ok()
        .content_type("application/json")
        .body(json.to_string())
}
