//! The API of this slice.

mod bodies;

use std::collections::BTreeMap;

use actix_web::http::header;
use actix_web::web::Json;
use actix_web::{HttpResponse, get, post, put};
use serde_json::Value;
use utoipa_actix_web::service_config::ServiceConfig;

use self::bodies::{ClassBody, CopyRequest, LogBody, PersonalCopy, RestrictionBody, RestrictionInput, RetentionBody};
use super::export::CopyError;
use super::{export, retention};
use crate::access::{Action, Ctx, TenantRead};
use crate::families::{self, FamilyError};
use crate::platform::http::{ApiError, At, Body, IfMatch, Versioned};
use crate::platform::ids::{ChildId, GuardianId};

/// Lines of the proof log that are shown.
const LOG_SHOWN: i64 = 100;

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(export_family)
        .service(export_account)
        .service(copy_for_guardian)
        .service(get_retention)
        .service(set_restriction);
}

/// A whole copy of what is stored about the own family, and of nobody else: the tables as they are, as a file (Art. 15 and 20 GDPR).
#[utoipa::path(tag = "privacy", responses((status = 200, description = "The copy, as a download", body = PersonalCopy)))]
#[get("/family/export")]
async fn export_family(ctx: Ctx) -> Result<HttpResponse, ApiError> {
    ctx.read(Action::ExportFamily, async |tx| {
        let account = tx.scope().own().ok_or_else(ApiError::forbidden)?;
        let tables = export::family(tx, &ctx.platform.vault, account).await?;
        Ok(download(copy_of(tx, tables)))
    })
    .await
}

/// A whole copy of what is stored about whoever has the account, staff and childminders too, and of nobody else: roles, sessions, messages by
/// their kind, the own doing by time and kind, and of a childminder the own place (Art. 15 and 20 GDPR).
///
/// What somebody wrote about a family stands in that family's copy.
#[utoipa::path(tag = "privacy", responses((status = 200, description = "The copy, as a download", body = PersonalCopy)))]
#[get("/account/export")]
async fn export_account(ctx: Ctx) -> Result<HttpResponse, ApiError> {
    ctx.read(Action::ExportAccount, async |tx| {
        let tables = export::account(tx).await?.ok_or_else(ApiError::forbidden)?;
        Ok(download(copy_of(tx, tables)))
    })
    .await
}

fn download(copy: PersonalCopy) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"meine-daten.json\""))
        .json(copy)
}

impl From<CopyError> for ApiError {
    fn from(error: CopyError) -> Self {
        match error {
            CopyError::Sheet(sheet) => sheet.into(),
            CopyError::Survey(survey) => survey.into(),
            CopyError::Db(db) => db.into(),
        }
    }
}

fn copy_of(tx: &TenantRead, data: BTreeMap<&str, Vec<Value>>) -> PersonalCopy {
    PersonalCopy {
        format: export::FORMAT.into(),
        made_at: tx.now(),
        municipality: tx.tenant().name.clone(),
        data: data.into_iter().map(|(table, rows)| (table.to_owned(), rows)).collect(),
    }
}

/// The copy for a guardian without an account who asks at the counter: to be printed and handed over. How the person was identified stands
/// in the audit.
#[utoipa::path(tag = "privacy", request_body = CopyRequest,
    responses((status = 200, description = "The copy", body = PersonalCopy),
              (status = 409, description = "`family.has_account`: the person downloads it there; `family.not_case_worker`: the address is protected")))]
#[post("/office/guardians/{guardian_id}/copy")]
async fn copy_for_guardian(
    ctx: Ctx,
    at: At<GuardianId>,
    body: Body<CopyRequest>,
) -> Result<Json<PersonalCopy>, ApiError> {
    ctx.write(Action::CopyForGuardian, async |tx| {
        let request = body.parse()?;
        tx.touch(at.0);
        tx.because(request.identified_by.as_str());
        let key = export::may_copy(tx, at.0).await?;
        let tables = export::family(tx, &ctx.platform.vault, key).await?;
        Ok(Json(copy_of(tx, tables)))
    })
    .await
}

/// What is kept for how long, what would be deleted today, and what was deleted. Nothing is changed.
#[utoipa::path(tag = "privacy", responses((status = 200, description = "Periods, a dry run of today, and the proof log", body = RetentionBody)))]
#[get("/admin/retention")]
async fn get_retention(ctx: Ctx) -> Result<Json<RetentionBody>, ApiError> {
    ctx.read(Action::GetRetention, async |tx| {
        let classes = retention::due(tx).await?.into_iter().map(ClassBody::of).collect();
        let log = retention::log_rows(tx, LOG_SHOWN)
            .await?
            .into_iter()
            .map(LogBody::of)
            .collect();
        Ok(Json(RetentionBody { classes, log }))
    })
    .await
}

/// Restricts the data of a child (Art. 18 GDPR), or lifts that: only administrators see them, and nothing of them is deleted.
#[utoipa::path(tag = "privacy", request_body = RestrictionInput,
    params(("if-match" = String, Header, description = "Version of the child that was seen")),
    responses((status = 200, description = "The restriction", body = RestrictionBody),
              (status = 409, description = "`family.demand_open`, `family.contract_running`: end that first")))]
#[put("/office/children/{child_id}/restriction")]
async fn set_restriction(
    ctx: Ctx,
    at: At<ChildId>,
    if_match: IfMatch,
    body: Body<RestrictionInput>,
) -> Result<Versioned<RestrictionBody>, ApiError> {
    ctx.write(Action::SetRestriction, async |tx| {
        families::set_restriction(tx, at.0, if_match.version()?, body.parse()?.ground).await?;
        let (version, ground) = families::restriction(tx, at.0).await?.ok_or(FamilyError::Missing)?;
        let body = RestrictionBody {
            child_id: at.0,
            ground,
            version,
        };
        Ok(Versioned::new(version, body))
    })
    .await
}
