//! The questions: the office reads them, the administrator writes them.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, patch, post, web::Json};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{Action, Ctx, TenantRead};
use crate::demands::criteria;
use crate::demands::criteria::model::{CriterionChange, CriterionScope, NewCriterion, Source};
use crate::demands::criteria::store::{self, CriterionRow};
use crate::platform::http::{ApiError, At, Body, IfMatch, Page, Versioned};
use crate::platform::ids::CriterionId;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_admin_criteria)
        .service(add_criterion)
        .service(update_criterion);
}

/// A criterion with all its texts.
#[derive(Debug, Serialize, ToSchema)]
struct AdminCriterionBody {
    id: CriterionId,
    code: String,
    /// Who answers it.
    source: Source,
    /// Where it counts; follows from who answers.
    scope: CriterionScope,
    title_de: String,
    title_en: String,
    hint_de: String,
    hint_en: String,
    evidence_de: String,
    evidence_en: String,
    position: i32,
    /// Whether new sets may use it.
    active: bool,
    /// Whether only the family and the office know which reason it is.
    confidential: bool,
    version: i32,
}

impl From<CriterionRow> for AdminCriterionBody {
    fn from(row: CriterionRow) -> Self {
        Self {
            id: row.id,
            code: row.code,
            source: row.source,
            scope: row.source.scope(),
            title_de: row.title_de,
            title_en: row.title_en,
            hint_de: row.hint_de,
            hint_en: row.hint_en,
            evidence_de: row.evidence_de,
            evidence_en: row.evidence_en,
            position: row.position,
            active: row.active,
            confidential: row.confidential,
            version: row.version,
        }
    }
}

async fn one(tx: &mut TenantRead, id: CriterionId) -> Result<AdminCriterionBody, ApiError> {
    let all = store::criteria(tx).await?;
    let row = all.into_iter().find(|c| c.id == id).ok_or_else(ApiError::not_found)?;
    Ok(row.into())
}

/// All criteria with all their texts, those that are switched off included.
#[utoipa::path(tag = "demands", responses((status = 200, description = "The criteria in their order", body = Page<AdminCriterionBody>)))]
#[get("/admin/criteria")]
async fn list_admin_criteria(ctx: Ctx) -> Result<Json<Page<AdminCriterionBody>>, ApiError> {
    ctx.read(Action::ListAdminCriteria, async |tx| {
        let rows = store::criteria(tx).await?;
        Ok(Json(Page::all(
            rows.into_iter().map(AdminCriterionBody::from).collect(),
        )))
    })
    .await
}

/// Adds a criterion. It counts, and is asked, once a published set says so.
#[utoipa::path(tag = "demands", request_body = NewCriterion,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The criterion", body = AdminCriterionBody)))]
#[post("/admin/criteria")]
async fn add_criterion(ctx: Ctx, body: Body<NewCriterion>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::AddCriterion, StatusCode::CREATED, &body, async |tx| {
        let id = criteria::add_criterion(tx, body.parse()?).await?;
        tx.touch(id);
        one(tx, id).await
    })
    .await
}

/// Changes the texts of a criterion, its place in the form, or whether new sets may use it.
#[utoipa::path(tag = "demands", request_body = CriterionChange,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The criterion", body = AdminCriterionBody)))]
#[patch("/admin/criteria/{criterion_id}")]
async fn update_criterion(
    ctx: Ctx,
    at: At<CriterionId>,
    if_match: IfMatch,
    body: Body<CriterionChange>,
) -> Result<Versioned<AdminCriterionBody>, ApiError> {
    ctx.write(Action::UpdateCriterion, async |tx| {
        criteria::update_criterion(tx, at.0, if_match.version()?, body.parse()?).await?;
        tx.touch(at.0);
        let body = one(tx, at.0).await?;
        Ok(Versioned::new(body.version, body))
    })
    .await
}
