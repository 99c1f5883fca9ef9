//! The API of this slice.

use actix_web::web::Json;
use actix_web::{HttpResponse, get};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::io::{Cursor, Write};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{COLUMNS, Finding, Part, SurveyField, Surveyed, key_date, survey};
use crate::access::{Action, Ctx};
use crate::families;
use crate::lists;
use crate::platform::fields::Invalid;
use crate::platform::http::{ApiError, At, Query};
use crate::platform::ids::{ChildId, FacilityId};

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(get_statistics)
        .service(get_statistics_file)
        .service(get_statistics_files);
    super::entry::http::routes(routes);
}

/// Of which year.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct YearQuery {
    /// The key date is 1 March of this year.
    #[param(minimum = 2020, maximum = 2100, example = 2028)]
    year: i32,
}

impl YearQuery {
    /// 1 March, or the fault.
    pub(super) fn key_date(&self) -> Result<NaiveDate, ApiError> {
        key_date(self.year).ok_or_else(|| Invalid::one("/year", "out_of_range", "2020 to 2100").into())
    }
}

/// A child of whom something is missing.
#[derive(Debug, Serialize, ToSchema)]
struct ChildFindings {
    child_id: ChildId,
    /// First name and initial.
    label: String,
    missing: Vec<Finding>,
}

/// A facility on the key date.
#[derive(Debug, Serialize, ToSchema)]
struct FacilityStatistics {
    facility_id: FacilityId,
    name: String,
    part: Part,
    children: usize,
    /// Hours of staff a week, in minutes.
    staff_minutes: i64,
    licensed: Option<i64>,
    /// What is missing at the facility itself.
    missing: Vec<Finding>,
    /// Children of whom something is missing.
    incomplete: Vec<ChildFindings>,
}

/// What is known for the statistics of a year.
#[derive(Debug, Serialize, ToSchema)]
struct Statistics {
    key_date: NaiveDate,
    /// The columns of the files, and where they come from.
    columns: Vec<SurveyField>,
    facilities: Vec<FacilityStatistics>,
}

/// A child whose data are restricted counts, but nothing of it is shown to those who may not see it.
fn shown(surveyed: &Surveyed, language: &str, may_all: bool) -> FacilityStatistics {
    let seen = surveyed.incomplete().filter(|(child, _)| may_all || !child.restricted);
    let incomplete = seen.map(|(child, missing)| ChildFindings {
        child_id: child.child_id,
        label: families::child_label(child.first_name.as_deref(), child.last_name.as_deref(), language),
        missing,
    });
    FacilityStatistics {
        facility_id: surveyed.facility.id,
        name: surveyed.facility.name.clone(),
        part: surveyed.part(),
        children: surveyed.children.len(),
        staff_minutes: surveyed.staff.iter().map(|row| row.weekly_minutes).sum(),
        licensed: surveyed.facility.licensed,
        missing: surveyed.findings(),
        incomplete: incomplete.collect(),
    }
}

/// What is known of every facility and childminder on the key date 1 March, and what is missing.
#[utoipa::path(tag = "office", params(YearQuery), responses((status = 200, description = "By name of the facility", body = Statistics),
    (status = 422, description = "A year before 2020 or after 2100")))]
#[get("/office/statistics")]
async fn get_statistics(ctx: Ctx, query: Query<YearQuery>) -> Result<Json<Statistics>, ApiError> {
    ctx.read(Action::GetStatistics, async |tx| {
        let key_date = query.0.key_date()?;
        let language = tx.language();
        let may_all = tx.is_administrator();
        let all = survey(tx, &ctx.platform.vault, key_date, None).await?;
        Ok(Json(Statistics {
            key_date,
            columns: COLUMNS.to_vec(),
            facilities: all.iter().map(|one| shown(one, &language, may_all)).collect(),
        }))
    })
    .await
}

fn attachment(kind: &str, name: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header(("content-disposition", format!("attachment; filename=\"{name}\"")))
        .insert_header(("cache-control", "no-store"))
        .body(bytes)
}

/// The file of a facility (part III.1) or childminder (part III.3): no name of a child or of staff stands in it.
#[utoipa::path(tag = "office", params(YearQuery),
    responses((status = 200, description = "CSV, UTF-8 with semicolons", body = String, content_type = "text/csv"),
              (status = 422, description = "A year before 2020 or after 2100")))]
#[get("/office/statistics/{facility_id}.csv")]
async fn get_statistics_file(ctx: Ctx, at: At<FacilityId>, query: Query<YearQuery>) -> Result<HttpResponse, ApiError> {
    ctx.read(Action::GetStatisticsFile, async |tx| {
        tx.touch(at.0);
        let found = survey(tx, &ctx.platform.vault, query.0.key_date()?, Some(at.0))
            .await?
            .pop();
        let found = found.ok_or_else(ApiError::not_found)?;
        Ok(attachment(
            "text/csv; charset=utf-8",
            &found.file_name(),
            lists::csv(&found.file()),
        ))
    })
    .await
}

/// The files of all facilities and childminders in one archive.
#[utoipa::path(tag = "office", params(YearQuery),
    responses((status = 200, description = "ZIP", body = Vec<u8>, content_type = "application/zip"),
              (status = 422, description = "A year before 2020 or after 2100")))]
#[get("/office/statistics/files.zip")]
async fn get_statistics_files(ctx: Ctx, query: Query<YearQuery>) -> Result<HttpResponse, ApiError> {
    let (on, all) = ctx
        .read(Action::GetStatisticsFiles, async |tx| {
            let on = query.0.key_date()?;
            Ok((on, survey(tx, &ctx.platform.vault, on, None).await?))
        })
        .await?;
    let bytes = actix_web::web::block(move || packed(&all))
        .await
        .map_err(|error| ApiError::internal(&error))?
        .map_err(|error| ApiError::internal(&error))?;
    Ok(attachment("application/zip", &format!("statistik-{on}.zip"), bytes))
}

fn packed(all: &[Surveyed]) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for one in all {
        archive.start_file(one.file_name(), SimpleFileOptions::default())?;
        archive.write_all(&lists::csv(&one.file()))?;
    }
    Ok(archive.finish()?.into_inner())
}
