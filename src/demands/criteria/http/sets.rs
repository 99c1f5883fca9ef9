//! Sets of criteria: the office reads all, administrators and the managers of a provider write theirs.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, put, web::Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::bodies::{PreviewBody, RuleBody, SetBody, SetDetail, TemplateBody, WarningBody};
use super::language;
use crate::access::{Action, Ctx, TenantRead};
use crate::demands::criteria::model::{SetState, TEMPLATES, TieBreak};
use crate::demands::criteria::publishing::{self, NewSet, Publication, RuleInput, SetChange, owns, read_rules};
use crate::demands::criteria::store;
use crate::platform::http::{ApiError, At, Body, IfMatch, Page, Versioned};
use crate::platform::ids::CriteriaSetId;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_criteria_sets)
        .service(get_criteria_set)
        .service(create_criteria_set)
        .service(put_criteria_set)
        .service(publish_criteria_set)
        .service(withdraw_criteria_set)
        .service(list_criteria_templates)
        .service(preview_criteria);
}

/// Rules to be tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"tie_breaks": ["age_older", "lottery"],
    "rules": [{"criterion_id": "6f2f3c1e-0b1a-4d0e-9a58-3d0c8f6f3b11", "points": {"kind": "flat", "points": 5}, "rank": 0,
               "best_of": null, "evidence": {"kind": "none"}, "reserve": null}]}))]
struct PreviewInput {
    #[schema(max_items = 40)]
    rules: Vec<RuleInput>,
    #[schema(max_items = 6)]
    tie_breaks: Vec<TieBreak>,
}

/// The templates.
#[derive(Debug, Serialize, ToSchema)]
struct TemplatesBody {
    items: Vec<TemplateBody>,
}

/// Nothing needs to be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
struct WithdrawSet {}

/// The set among those that the asker may see: its own, and all that were published.
async fn detail(tx: &mut TenantRead, id: CriteriaSetId) -> Result<SetDetail, ApiError> {
    let (all, today) = (store::sets(tx).await?, tx.today());
    let row = all.iter().find(|set| set.id == id).cloned();
    let row = row.ok_or_else(ApiError::not_found)?;
    if row.state != SetState::Published && !owns(tx, row.provider_id).await? {
        return Err(ApiError::not_found());
    }
    tx.touch(id);
    let language = language(tx, None).await?;
    let (rules, criteria) = (store::rules(tx, &[id]).await?, store::criteria(tx).await?);
    let ids: Vec<_> = rules.iter().map(|r| r.criterion_id).collect();
    Ok(SetDetail {
        acknowledged: row.acknowledged.0.clone(),
        rules: RuleBody::all(&rules, id, &criteria, &language),
        warnings: WarningBody::all(&ids, &criteria, &language),
        set: SetBody::of(row, &all, today),
    })
}

async fn versioned(tx: &mut TenantRead, id: CriteriaSetId) -> Result<Versioned<SetDetail>, ApiError> {
    let body = detail(tx, id).await?;
    Ok(Versioned::new(body.set.version, body))
}

/// The sets of the municipality and of providers, of each owner the newest first. Drafts of others are not shown to providers.
#[utoipa::path(tag = "demands", responses((status = 200, description = "The sets", body = Page<SetBody>)))]
#[get("/admin/criteria-sets")]
async fn list_criteria_sets(ctx: Ctx) -> Result<Json<Page<SetBody>>, ApiError> {
    ctx.read(Action::ListCriteriaSets, async |tx| {
        let (all, today) = (store::sets(tx).await?, tx.today());
        let mut shown = Vec::new();
        for row in &all {
            if row.state == SetState::Published || owns(tx, row.provider_id).await? {
                shown.push(SetBody::of(row.clone(), &all, today));
            }
        }
        Ok(Json(Page::all(shown)))
    })
    .await
}

/// A set with its rules and the warnings of courts.
#[utoipa::path(tag = "demands", responses((status = 200, description = "The set", body = SetDetail)))]
#[get("/admin/criteria-sets/{criteria_set_id}")]
async fn get_criteria_set(ctx: Ctx, at: At<CriteriaSetId>) -> Result<Versioned<SetDetail>, ApiError> {
    ctx.read(Action::GetCriteriaSet, async |tx| versioned(tx, at.0).await)
        .await
}

/// Begins a draft: empty, from a template, or as a copy of another set.
#[utoipa::path(tag = "demands", request_body = NewSet,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The draft", body = SetDetail)))]
#[post("/admin/criteria-sets")]
async fn create_criteria_set(ctx: Ctx, body: Body<NewSet>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::CreateCriteriaSet, StatusCode::CREATED, &body, async |tx| {
        let id = publishing::create_set(tx, &body.parse()?).await?;
        detail(tx, id).await
    })
    .await
}

/// Writes a draft whole.
#[utoipa::path(tag = "demands", request_body = SetChange,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The draft", body = SetDetail),
              (status = 409, description = "`criteria_set.not_draft`: what was published is never changed")))]
#[put("/admin/criteria-sets/{criteria_set_id}")]
async fn put_criteria_set(
    ctx: Ctx,
    at: At<CriteriaSetId>,
    if_match: IfMatch,
    body: Body<SetChange>,
) -> Result<Versioned<SetDetail>, ApiError> {
    ctx.write(Action::PutCriteriaSet, async |tx| {
        publishing::put_set(tx, at.0, if_match.version()?, &body.parse()?).await?;
        versioned(tx, at.0).await
    })
    .await
}

/// Publishes a draft with the day from which it counts. It is fixed from now on; points are counted anew shortly after.
#[utoipa::path(tag = "demands", request_body = Publication,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The set", body = SetDetail),
              (status = 409, description = "`criteria_set.not_draft`"),
              (status = 422, description = "No rule, a day that is not later than that of the version before, or a warning that nobody took note of")))]
#[post("/admin/criteria-sets/{criteria_set_id}/publish")]
async fn publish_criteria_set(
    ctx: Ctx,
    at: At<CriteriaSetId>,
    if_match: IfMatch,
    body: Body<Publication>,
) -> Result<Versioned<SetDetail>, ApiError> {
    ctx.write(Action::PublishCriteriaSet, async |tx| {
        publishing::publish_set(tx, at.0, if_match.version()?, &body.parse()?).await?;
        versioned(tx, at.0).await
    })
    .await
}

/// Takes back a draft, or a published set before its first day.
#[utoipa::path(tag = "demands", request_body = WithdrawSet,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The set", body = SetDetail),
              (status = 409, description = "`criteria_set.in_force`: it holds or held; a new version takes its place")))]
#[post("/admin/criteria-sets/{criteria_set_id}/withdraw")]
async fn withdraw_criteria_set(
    ctx: Ctx,
    at: At<CriteriaSetId>,
    if_match: IfMatch,
    body: Body<WithdrawSet>,
) -> Result<Versioned<SetDetail>, ApiError> {
    ctx.write(Action::WithdrawCriteriaSet, async |tx| {
        body.parse()?;
        publishing::withdraw_set(tx, at.0, if_match.version()?).await?;
        versioned(tx, at.0).await
    })
    .await
}

/// Six sets of real municipalities to begin with.
#[utoipa::path(tag = "demands", responses((status = 200, description = "The templates", body = TemplatesBody)))]
#[get("/admin/criteria-templates")]
async fn list_criteria_templates(ctx: Ctx) -> Result<Json<TemplatesBody>, ApiError> {
    ctx.read(Action::ListCriteriaTemplates, async |tx| {
        let language = language(tx, None).await?;
        let items = TEMPLATES.iter().map(|t| TemplateBody::of(t, &language)).collect();
        Ok(Json(TemplatesBody { items }))
    })
    .await
}

/// Tries rules on ten made-up families: their order, their points with every line, and what courts say. Nothing is saved.
#[utoipa::path(tag = "demands", request_body = PreviewInput, responses((status = 200, description = "The families in their order", body = PreviewBody)))]
#[post("/admin/criteria-preview")]
async fn preview_criteria(ctx: Ctx, body: Body<PreviewInput>) -> Result<Json<PreviewBody>, ApiError> {
    ctx.read(Action::PreviewCriteria, async |tx| {
        let input = body.parse()?;
        let (criteria, language) = (store::criteria(tx).await?, language(tx, None).await?);
        let (ids, set) = read_rules(&input.rules, &input.tie_breaks, &criteria)?;
        Ok(Json(PreviewBody::of(&set, &ids, &criteria, tx.today(), &language)))
    })
    .await
}
