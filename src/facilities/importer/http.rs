//! The API of the import.

use actix_web::post;
use actix_web::web::{Json, Payload};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::mapping::Mapping;
use super::{Report, read_list};
use crate::access::{Action, Ctx};
use crate::platform::http::{ApiError, Query, read_upload};

pub(in crate::facilities) fn routes(routes: &mut ServiceConfig) {
    routes.service(import_facilities);
}

/// How a list is imported.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ImportQuery {
    /// Only report what would happen.
    #[serde(default)]
    dry_run: bool,
    /// Built-in mapping: `kitaplatz` or `german`; found by the headers when left out.
    mapping: Option<String>,
}

/// Largest list: ten megabytes, some 30,000 facilities.
const MOST_MEGABYTES: usize = 10;

/// Imports a list of facilities (CSV, UTF-8, semicolons or commas): all rows or none.
///
/// Rows are known by their `source_id`: a second import of the same list changes nothing. With faults in `errors` nothing was changed.
#[utoipa::path(tag = "facilities", params(ImportQuery), request_body(content = String, content_type = "text/csv"),
    responses((status = 200, description = "What was done, or would be", body = Report)))]
#[post("/admin/imports/facilities")]
async fn import_facilities(ctx: Ctx, query: Query<ImportQuery>, payload: Payload) -> Result<Json<Report>, ApiError> {
    // Who may not import does not get ten megabytes read either.
    ctx.prepare(Action::ImportFacilities, async |_| Ok(())).await?;
    let mapping = match query.0.mapping.as_deref() {
        None => None,
        Some(name) => Some(
            Mapping::built_in(name)
                .ok_or_else(|| ApiError::malformed("query.mapping", "there is no built-in mapping of this name"))?,
        ),
    };
    let list = read_list(&read_upload(payload, MOST_MEGABYTES).await?, mapping.as_ref());
    ctx.write(Action::ImportFacilities, async |tx| {
        Ok(Json(super::import_facilities(tx, list, query.0.dry_run, |_| ()).await?))
    })
    .await
}
