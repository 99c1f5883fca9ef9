//! The API of this slice.

use std::collections::BTreeMap;

use actix_web::http::header;
use actix_web::web::Json;
use actix_web::{HttpResponse, get};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{ListKind, ListTable, Sheet};
use super::{month, sheet, shown, store};
use crate::access::{Action, Ctx, TenantRead};
use crate::documents::{self, TablePaper};
use crate::facilities;
use crate::platform::crypto::Vault;
use crate::platform::http::{ApiError, At, Query};
use crate::platform::ids::{ChildId, FacilityId};

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(get_facility_list)
        .service(export_facility_list)
        .service(print_facility_list);
    month::http::routes(routes);
    sheet::http::routes(routes);
    shown::routes(routes);
}

/// Which list, of which day.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Which list.
    #[param(inline)]
    kind: ListKind,
    /// Of which day; today when left out.
    on: Option<NaiveDate>,
}

/// The form of a file.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ListFormat {
    Csv,
    Xlsx,
}

/// Which list, of which day, in which form.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FileQuery {
    /// Which list.
    #[param(inline)]
    kind: ListKind,
    /// In which form.
    #[param(inline)]
    format: ListFormat,
    /// Of which day; today when left out.
    on: Option<NaiveDate>,
}

/// The list, opened with the key of the installation where it needs the care sheets.
async fn table(
    tx: &mut TenantRead,
    vault: &Vault,
    id: FacilityId,
    kind: ListKind,
    on: Option<NaiveDate>,
) -> Result<ListTable, ApiError> {
    if kind.is_of_sheets() && tx.scope().facilities().is_none() {
        return Err(ApiError::forbidden());
    }
    let facility = facilities::facility_brief(tx, id).await?;
    let facility = facility
        .filter(|_| tx.scope().covers(id))
        .ok_or_else(ApiError::not_found)?;
    let on = on.unwrap_or(tx.today());
    let children = store::children(tx, id, on, kind.has_guests()).await?;
    let ids: Vec<ChildId> = children.iter().map(|child| child.child_id).collect();
    let sheets = if kind.is_of_sheets() {
        sheet::of_children(tx, vault, &ids).await?
    } else {
        BTreeMap::new()
    };
    tx.touch(id);
    ids.iter().for_each(|child| tx.touch_child(*child));
    let language = tx.language();
    let sheet = Sheet {
        facility: &facility.name,
        on,
        language: &language,
    };
    Ok(sheet.table(kind, children, &sheets))
}

/// A list of the children with a contract on a day. Allergies and pick-up persons are for the facility only: the office gets 403.
#[utoipa::path(tag = "lists", params(ListQuery), responses((status = 200, description = "The list", body = ListTable)))]
#[get("/staff/facilities/{facility_id}/list")]
async fn get_facility_list(ctx: Ctx, at: At<FacilityId>, query: Query<ListQuery>) -> Result<Json<ListTable>, ApiError> {
    ctx.read(Action::GetFacilityList, async |tx| {
        Ok(Json(
            table(tx, &ctx.platform.vault, at.0, query.0.kind, query.0.on).await?,
        ))
    })
    .await
}

/// The same list as CSV or spreadsheet; nothing in it is a formula.
#[utoipa::path(tag = "lists", params(FileQuery), responses(
    (status = 200, description = "The file", content(
        (Vec<u8> = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
#[get("/staff/facilities/{facility_id}/list-file")]
async fn export_facility_list(ctx: Ctx, at: At<FacilityId>, query: Query<FileQuery>) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let list = ctx
        .read(Action::ExportFacilityList, async |tx| {
            table(tx, &ctx.platform.vault, at.0, query.kind, query.on).await
        })
        .await?;
    let (bytes, media, name) = match query.format {
        ListFormat::Csv => (list.csv(), "text/csv; charset=utf-8", "liste.csv"),
        ListFormat::Xlsx => (
            list.xlsx().map_err(|error| ApiError::internal(&error))?,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "liste.xlsx",
        ),
    };
    Ok(HttpResponse::Ok()
        .content_type(media)
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(bytes))
}

/// The same list as an accessible PDF.
#[utoipa::path(tag = "lists", params(ListQuery), responses(
    (status = 200, description = "The list", body = Vec<u8>, content_type = "application/pdf"),
    (status = 501, description = "`documents.off`: this installation makes no documents")))]
#[get("/staff/facilities/{facility_id}/list.pdf")]
async fn print_facility_list(ctx: Ctx, at: At<FacilityId>, query: Query<ListQuery>) -> Result<HttpResponse, ApiError> {
    let (head, list) = ctx
        .read(Action::PrintFacilityList, async |tx| {
            let list = table(tx, &ctx.platform.vault, at.0, query.0.kind, query.0.on).await?;
            let language = tx.language();
            let head = documents::letterhead(tx, &language).await?;
            let facility = facilities::facility_brief(tx, at.0).await?;
            Ok((head.of(None, &facility.map(|f| f.name).unwrap_or_default(), ""), list))
        })
        .await?;
    let paper = TablePaper {
        title: list.title,
        headers: list.headers,
        rows: list.rows,
    };
    Ok(documents::table_pdf(head, paper).await?.answer("liste.pdf"))
}
