//! The API of this slice.

use actix_web::web::{Json, Payload};
use actix_web::{HttpResponse, get, post, put};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{FIELDS, FamilyMapping, FamilyReport, ImportsError, Run, template};
use crate::access::{Action, Ctx};
use crate::platform::http::{ApiError, Body, IfMatch, Query, Versioned, read_upload};

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(get_family_mapping)
        .service(put_family_mapping)
        .service(get_family_template)
        .service(import_families);
}

impl From<ImportsError> for ApiError {
    fn from(error: ImportsError) -> Self {
        match error {
            ImportsError::Stale(stale) => stale.into(),
            ImportsError::Invalid(invalid) => invalid.into(),
            ImportsError::Demand(demand) => demand.into(),
            ImportsError::Offer(offer) => offer.into(),
            ImportsError::Db(db) => db.into(),
        }
    }
}

/// A field that a list can have.
#[derive(Debug, Serialize, ToSchema)]
struct FieldBody {
    name: &'static str,
    /// Its column in the template.
    header: &'static str,
    required: bool,
    /// What it means, in German.
    description: &'static str,
}

/// The mapping, and what can stand in one.
#[derive(Debug, Serialize, ToSchema)]
struct MappingBody {
    mapping: FamilyMapping,
    /// 0: nothing was saved yet, and the template's mapping holds.
    version: i32,
    fields: Vec<FieldBody>,
}

fn body(mapping: FamilyMapping, version: i32) -> Versioned<MappingBody> {
    let fields = FIELDS.iter().map(|field| FieldBody {
        name: field.name,
        header: field.header,
        required: field.required,
        description: field.says,
    });
    Versioned::new(
        version,
        MappingBody {
            mapping,
            version,
            fields: fields.collect(),
        },
    )
}

/// How lists of families are read: the saved mapping, or the template's.
#[utoipa::path(tag = "office", responses((status = 200, description = "The mapping and all fields", body = MappingBody)))]
#[get("/admin/imports/families/mapping")]
async fn get_family_mapping(ctx: Ctx) -> Result<Versioned<MappingBody>, ApiError> {
    ctx.read(Action::GetFamilyMapping, async |tx| {
        let (mapping, version) = super::mapping(tx).await?;
        Ok(body(mapping, version))
    })
    .await
}

/// Saves how lists of families are read.
#[utoipa::path(tag = "office", request_body = FamilyMapping,
    params(("if-match" = String, Header, description = "Version that was seen; `\"0\"` the first time")),
    responses((status = 200, description = "The mapping", body = MappingBody),
              (status = 422, description = "Every unknown field, missing column, unknown word and broken date format, with its place")))]
#[put("/admin/imports/families/mapping")]
async fn put_family_mapping(
    ctx: Ctx,
    if_match: IfMatch,
    new: Body<FamilyMapping>,
) -> Result<Versioned<MappingBody>, ApiError> {
    ctx.write(Action::PutFamilyMapping, async |tx| {
        let new = new.parse()?;
        let version = super::put_mapping(tx, if_match.version()?, &new).await?;
        Ok(body(new, version))
    })
    .await
}

/// What stands in a list to begin with.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TemplateQuery {
    /// Made-up families that wish for the municipality's own facilities, to be tried at once.
    #[serde(default)]
    example: bool,
}

/// A list with the columns of the mapping and two made-up rows, or an example that can be tried at once.
#[utoipa::path(tag = "office", params(TemplateQuery), responses((status = 200, description = "CSV", body = String, content_type = "text/csv")))]
#[get("/admin/imports/families/template.csv")]
async fn get_family_template(ctx: Ctx, query: Query<TemplateQuery>) -> Result<HttpResponse, ApiError> {
    let list = ctx
        .read(Action::GetFamilyTemplate, async |tx| {
            if query.0.example {
                return Ok(super::example_list(tx).await?);
            }
            let (mapping, _) = super::mapping(tx).await?;
            Ok(template(&mapping))
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("content-disposition", "attachment; filename=\"familien.csv\""))
        .body(list))
}

/// How a list is imported.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct FamilyImportQuery {
    /// Only report what would happen.
    #[serde(default)]
    dry_run: bool,
    /// Import the good rows although others have faults.
    #[serde(default)]
    leave_out_faulty: bool,
}

/// Largest list: 32 megabytes, some 100,000 rows.
const MOST_MEGABYTES: usize = 32;

/// Imports families and their demands from another system (CSV): all good rows in one transaction, or none.
///
/// Rows are known by `source_id`: a second import of the same list changes nothing. Children who are known here, by name and day of birth
/// however they are written, are left out and named. Families get no mail; issue claim codes for them afterwards.
#[utoipa::path(tag = "office", params(FamilyImportQuery), request_body(content = String, content_type = "text/csv"),
    responses((status = 200, description = "What was done, or would be, row by row", body = FamilyReport)))]
#[post("/admin/imports/families")]
async fn import_families(
    ctx: Ctx,
    query: Query<FamilyImportQuery>,
    payload: Payload,
) -> Result<Json<FamilyReport>, ApiError> {
    // Who may not import does not get megabytes read either.
    ctx.prepare(Action::ImportFamilies, async |_| Ok(())).await?;
    let bytes = read_upload(payload, MOST_MEGABYTES).await?;
    let run = Run {
        dry_run: query.0.dry_run,
        leave_out_faulty: query.0.leave_out_faulty,
    };
    ctx.write(Action::ImportFamilies, async |tx| {
        Ok(Json(super::import_families(tx, &bytes, run, |_| ()).await?))
    })
    .await
}
