//! The API of this slice.

use actix_web::web::{Json, Payload};
use actix_web::{get, post};
use chrono::{DateTime, Days, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::csv_list::{self, USABLE_DAYS};
use super::{RegisterError, RegisterResult, store};
use crate::access::{Action, Ctx};
use crate::facilities::RowNote;
use crate::platform::clock::berlin_date;
use crate::platform::http::{ApiError, At, Body, read_upload};
use crate::platform::ids::DemandId;

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(get_register_list)
        .service(import_register)
        .service(check_register);
}

impl From<RegisterError> for ApiError {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Missing => Self::not_found(),
            RegisterError::Demand(demand) => demand.into(),
            RegisterError::Db(db) => db.into(),
        }
    }
}

/// The uploaded list.
#[derive(Debug, Serialize, ToSchema)]
struct RegisterList {
    entries: i32,
    uploaded_at: DateTime<Utc>,
    uploaded_by: String,
    /// Whether it is new enough to be asked.
    usable: bool,
}

/// What there is to compare with.
#[derive(Debug, Serialize, ToSchema)]
struct RegisterBody {
    /// `null`: nothing was uploaded.
    list: Option<RegisterList>,
    /// After so many days a list is asked no more, and deleted.
    usable_days: u64,
}

/// The extract of the register of residents that children are compared with.
#[utoipa::path(tag = "register", responses((status = 200, description = "The list", body = RegisterBody)))]
#[get("/office/register")]
async fn get_register_list(ctx: Ctx) -> Result<Json<RegisterBody>, ApiError> {
    ctx.read(Action::GetRegisterList, async |tx| {
        let today = tx.today();
        let oldest = today.checked_sub_days(Days::new(USABLE_DAYS)).unwrap_or(today);
        let list = store::list(tx).await?.map(|row| RegisterList {
            usable: berlin_date(row.uploaded_at) >= oldest,
            entries: row.entries,
            uploaded_at: row.uploaded_at,
            uploaded_by: row.uploaded_by,
        });
        Ok(Json(RegisterBody {
            list,
            usable_days: USABLE_DAYS,
        }))
    })
    .await
}

/// Largest list: ten megabytes, some 200,000 children.
const MOST_MEGABYTES: usize = 10;

/// What became of an uploaded list.
#[derive(Debug, Serialize, ToSchema)]
struct RegisterImport {
    /// So many children stand on it.
    entries: usize,
    /// With faults nothing was changed; the first hundred.
    errors: Vec<RowNote>,
}

/// Uploads an extract of the register (CSV, UTF-8, semicolons or commas; first names, last name, date of birth, if known the postal code).
///
/// It takes the place of the one before, all rows or none.
#[utoipa::path(tag = "register", request_body(content = String, content_type = "text/csv"),
    responses((status = 200, description = "What was done", body = RegisterImport)))]
#[post("/admin/imports/register")]
async fn import_register(ctx: Ctx, payload: Payload) -> Result<Json<RegisterImport>, ApiError> {
    // Who may not import does not get ten megabytes read either.
    ctx.prepare(Action::ImportRegister, async |_| Ok(())).await?;
    let list = csv_list::read(&read_upload(payload, MOST_MEGABYTES).await?);
    ctx.write(Action::ImportRegister, async |tx| match list {
        Ok(entries) => {
            store::replace(tx, &entries).await?;
            Ok(Json(RegisterImport {
                entries: entries.len(),
                errors: Vec::new(),
            }))
        }
        Err(mut errors) => {
            errors.truncate(100);
            Ok(Json(RegisterImport { entries: 0, errors }))
        }
    })
    .await
}

/// Nothing needs to be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterNothing, example = json!({}))]
struct Nothing {}

/// What a check gave.
#[derive(Debug, Serialize, ToSchema)]
struct RegisterChecked {
    result: RegisterResult,
}

/// Compares the child of a demand with the register now. The result is a note: it moves no date and stops nothing.
#[utoipa::path(tag = "register", request_body = Nothing,
    responses((status = 200, description = "What it gave", body = RegisterChecked)))]
#[post("/office/demands/{demand_id}/register-check")]
async fn check_register(ctx: Ctx, at: At<DemandId>, body: Body<Nothing>) -> Result<Json<RegisterChecked>, ApiError> {
    ctx.write(Action::CheckRegister, async |tx| {
        body.parse()?;
        let result = super::check(tx, at.0).await?;
        Ok(Json(RegisterChecked { result }))
    })
    .await
}
