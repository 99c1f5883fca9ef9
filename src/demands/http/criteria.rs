//! The criteria: public to read, the administrator's to write.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, patch, post, web::Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{Action, Ctx, TenantRead};
use crate::demands::model::{CriterionChange, CriterionScope, NewCriterion};
use crate::demands::store::{self, CriterionRow};
use crate::platform::http::{ApiError, At, Body, IfMatch, Page, Query, Versioned};
use crate::platform::ids::CriterionId;
use crate::tenancy;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_criteria)
        .service(list_admin_criteria)
        .service(add_criterion)
        .service(update_criterion);
}

/// A criterion in one language.
#[derive(Debug, Serialize, ToSchema)]
struct CriterionBody {
    id: CriterionId,
    code: String,
    title: String,
    hint: String,
    /// What counts as evidence.
    evidence: String,
    points: i32,
    scope: CriterionScope,
    position: i32,
}

/// The criteria that are asked for.
#[derive(Debug, Serialize, ToSchema)]
struct CriteriaBody {
    items: Vec<CriterionBody>,
}

/// A criterion with all its texts.
#[derive(Debug, Serialize, ToSchema)]
struct AdminCriterionBody {
    id: CriterionId,
    code: String,
    title_de: String,
    title_en: String,
    hint_de: String,
    hint_en: String,
    evidence_de: String,
    evidence_en: String,
    points: i32,
    scope: CriterionScope,
    position: i32,
    /// Whether it counts and is asked for.
    active: bool,
    version: i32,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CriteriaQuery {
    /// `de` or `en`; the municipality's when left out.
    language: Option<String>,
}

impl CriterionBody {
    fn of(row: CriterionRow, language: &str) -> Self {
        let (title, hint, evidence) = match language {
            "en" => (row.title_en, row.hint_en, row.evidence_en),
            _ => (row.title_de, row.hint_de, row.evidence_de),
        };
        Self {
            id: row.id,
            code: row.code,
            title,
            hint,
            evidence,
            points: row.points,
            scope: row.scope,
            position: row.position,
        }
    }
}

impl From<CriterionRow> for AdminCriterionBody {
    fn from(row: CriterionRow) -> Self {
        Self {
            id: row.id,
            code: row.code,
            title_de: row.title_de,
            title_en: row.title_en,
            hint_de: row.hint_de,
            hint_en: row.hint_en,
            evidence_de: row.evidence_de,
            evidence_en: row.evidence_en,
            points: row.points,
            scope: row.scope,
            position: row.position,
            active: row.active,
            version: row.version,
        }
    }
}

async fn one(tx: &mut TenantRead, id: CriterionId) -> Result<AdminCriterionBody, ApiError> {
    let all = store::criteria(tx).await?;
    let row = all.into_iter().find(|c| c.id == id).ok_or_else(ApiError::not_found)?;
    Ok(row.into())
}

/// The criteria by which places are given here, with their points and what counts as evidence.
#[utoipa::path(tag = "demands", params(CriteriaQuery), responses((status = 200, description = "The criteria in their order", body = CriteriaBody)))]
#[get("/criteria")]
async fn list_criteria(ctx: Ctx, query: Query<CriteriaQuery>) -> Result<Json<CriteriaBody>, ApiError> {
    ctx.read(Action::ListCriteria, async |tx| {
        let language = match query.0.language {
            Some(language) => language,
            None => tenancy::settings(tx).await?.default_language,
        };
        let rows = store::criteria(tx).await?;
        let active = rows.into_iter().filter(|row| row.active);
        let items = active.map(|row| CriterionBody::of(row, &language)).collect();
        Ok(Json(CriteriaBody { items }))
    })
    .await
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

/// Adds a criterion.
#[utoipa::path(tag = "demands", request_body = NewCriterion,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The criterion", body = AdminCriterionBody)))]
#[post("/admin/criteria")]
async fn add_criterion(ctx: Ctx, body: Body<NewCriterion>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::AddCriterion, StatusCode::CREATED, &body, async |tx| {
        let id = crate::demands::add_criterion(tx, body.parse()?).await?;
        tx.touch(id);
        one(tx, id).await
    })
    .await
}

/// Changes a criterion, or switches it on or off; points are counted anew shortly after.
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
        crate::demands::update_criterion(tx, at.0, if_match.version()?, body.parse()?).await?;
        tx.touch(at.0);
        let body = one(tx, at.0).await?;
        Ok(Versioned::new(body.version, body))
    })
    .await
}
