//! The API of a contract's words: providers write theirs, administrators the municipality's, all who work with contracts read them.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, get, post, put};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{NewTemplate, TemplateChange, TemplateError, TemplateRow, TemplateState, store};
use crate::access::{Action, Ctx, TenantRead};
use crate::contracts::text::{self, PLACEHOLDERS, blocks, example};
use crate::documents::{self, ContractPaper, TextBlock};
use crate::platform::http::{ApiError, At, Body, IfMatch, Page, Versioned};
use crate::platform::ids::{ContractTemplateId, ProviderId};
use crate::tenancy::NoticeTo;

pub(in crate::contracts) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_contract_templates)
        .service(preview_contract_template)
        .service(get_contract_template_pdf)
        .service(get_contract_template)
        .service(create_contract_template)
        .service(put_contract_template)
        .service(publish_contract_template)
        .service(withdraw_contract_template);
}

impl From<TemplateError> for ApiError {
    fn from(error: TemplateError) -> Self {
        let says = error.to_string();
        match error {
            TemplateError::Missing => Self::not_found(),
            TemplateError::NotDraft => Self::conflict("contract_template.not_draft", says),
            TemplateError::InForce => Self::conflict("contract_template.in_force", says),
            TemplateError::Invalid(invalid) => invalid.into(),
            TemplateError::Stale(stale) => stale.into(),
            TemplateError::Document(document) => document.into(),
            TemplateError::Db(db) => db.into(),
        }
    }
}

/// A version of a contract's words without the words.
#[derive(Debug, Serialize, ToSchema)]
struct ContractTemplateBody {
    id: ContractTemplateId,
    /// The provider whose words they are; `null`: the municipality's.
    provider_id: Option<ProviderId>,
    provider_name: Option<String>,
    /// Counted for each owner.
    number: i32,
    name: String,
    /// Whole months of notice.
    notice_months: i32,
    /// To the end of what.
    notice_to: NoticeTo,
    /// Months before the agreed end in which nobody leaves by notice.
    notice_not_last_months: i32,
    state: TemplateState,
    valid_from: Option<NaiveDate>,
    published_at: Option<DateTime<Utc>>,
    /// Whether contracts that are sent today have these words.
    in_force: bool,
    /// Whether the asker may change it, or take it back.
    may_edit: bool,
    version: i32,
}

impl ContractTemplateBody {
    async fn of(tx: &mut TenantRead, row: &TemplateRow, all: &[TemplateRow]) -> Result<Self, sqlx::Error> {
        let today = tx.today();
        let same = all.iter().filter(|t| t.provider_id == row.provider_id);
        let newest = same
            .filter_map(TemplateRow::holds_from)
            .filter(|day| *day <= today)
            .max();
        Ok(Self {
            id: row.id,
            provider_id: row.provider_id,
            provider_name: row.provider_name.clone(),
            number: row.number,
            name: row.name.clone(),
            notice_months: row.notice_months,
            notice_to: row.notice_to,
            notice_not_last_months: row.notice_not_last_months,
            state: row.state,
            valid_from: row.valid_from,
            published_at: row.published_at,
            in_force: row.holds_from().is_some() && row.holds_from() == newest,
            may_edit: super::owns(tx, row.provider_id).await?,
            version: row.version,
        })
    }
}

/// A version with its words.
#[derive(Debug, Serialize, ToSchema)]
struct ContractTemplateDetail {
    #[serde(flatten)]
    template: ContractTemplateBody,
    body: String,
    /// What may stand in the words between `{{` and `}}`.
    placeholders: Vec<&'static str>,
}

async fn detail(tx: &mut TenantRead, row: TemplateRow) -> Result<ContractTemplateDetail, ApiError> {
    let all = store::templates(tx).await?;
    Ok(ContractTemplateDetail {
        template: ContractTemplateBody::of(tx, &row, &all).await?,
        body: row.body,
        placeholders: PLACEHOLDERS.to_vec(),
    })
}

async fn versioned(tx: &mut TenantRead, row: TemplateRow) -> Result<Versioned<ContractTemplateDetail>, ApiError> {
    let body = detail(tx, row).await?;
    Ok(Versioned::new(body.template.version, body))
}

/// The versions of the municipality and of providers, of each owner the newest first. Drafts of others are not shown.
#[utoipa::path(tag = "contracts", responses((status = 200, description = "The versions", body = Page<ContractTemplateBody>)))]
#[get("/admin/contract-templates")]
async fn list_contract_templates(ctx: Ctx) -> Result<Json<Page<ContractTemplateBody>>, ApiError> {
    ctx.read(Action::ListContractTemplates, async |tx| {
        let all = store::templates(tx).await?;
        let mut shown = Vec::new();
        for row in &all {
            let body = ContractTemplateBody::of(tx, row, &all).await?;
            if row.state == TemplateState::Published || body.may_edit {
                shown.push(body);
            }
        }
        Ok(Json(Page::all(shown)))
    })
    .await
}

/// A version with its words.
#[utoipa::path(tag = "contracts", responses((status = 200, description = "The version", body = ContractTemplateDetail)))]
#[get("/admin/contract-templates/{contract_template_id}")]
async fn get_contract_template(
    ctx: Ctx,
    at: At<ContractTemplateId>,
) -> Result<Versioned<ContractTemplateDetail>, ApiError> {
    ctx.read(Action::GetContractTemplate, async |tx| {
        let row = super::visible(tx, at.0).await?;
        versioned(tx, row).await
    })
    .await
}

/// Begins a draft with the words that hold now.
#[utoipa::path(tag = "contracts", request_body = NewTemplate,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The draft", body = ContractTemplateDetail)))]
#[post("/admin/contract-templates")]
async fn create_contract_template(ctx: Ctx, body: Body<NewTemplate>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::CreateContractTemplate, StatusCode::CREATED, &body, async |tx| {
        let row = super::create(tx, &body.parse()?).await?;
        detail(tx, row).await
    })
    .await
}

/// Writes a draft whole.
#[utoipa::path(tag = "contracts", request_body = TemplateChange,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The draft", body = ContractTemplateDetail),
              (status = 409, description = "`contract_template.not_draft`: what was published is never changed"),
              (status = 422, description = "`/body`: `placeholder_unknown` with the name in `detail`, `placeholder_open`")))]
#[put("/admin/contract-templates/{contract_template_id}")]
async fn put_contract_template(
    ctx: Ctx,
    at: At<ContractTemplateId>,
    if_match: IfMatch,
    body: Body<TemplateChange>,
) -> Result<Versioned<ContractTemplateDetail>, ApiError> {
    ctx.write(Action::PutContractTemplate, async |tx| {
        let row = super::put(tx, at.0, if_match.version()?, &body.parse()?).await?;
        versioned(tx, row).await
    })
    .await
}

/// Publishing a draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"valid_from": "2028-01-01"}))]
struct TemplatePublication {
    /// The first day on which contracts are sent with it, later than that of the version before.
    valid_from: NaiveDate,
}

/// Publishes a draft with the day from which contracts are sent with it. It is fixed from now on.
#[utoipa::path(tag = "contracts", request_body = TemplatePublication,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The version", body = ContractTemplateDetail),
              (status = 409, description = "`contract_template.not_draft`")))]
#[post("/admin/contract-templates/{contract_template_id}/publish")]
async fn publish_contract_template(
    ctx: Ctx,
    at: At<ContractTemplateId>,
    if_match: IfMatch,
    body: Body<TemplatePublication>,
) -> Result<Versioned<ContractTemplateDetail>, ApiError> {
    ctx.write(Action::PublishContractTemplate, async |tx| {
        let valid_from = body.parse()?.valid_from;
        let row = super::publish(tx, at.0, if_match.version()?, valid_from).await?;
        versioned(tx, row).await
    })
    .await
}

/// Nothing needs to be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
struct WithdrawTemplate {}

/// Takes back a draft, or a published version before its first day.
#[utoipa::path(tag = "contracts", request_body = WithdrawTemplate,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The version", body = ContractTemplateDetail),
              (status = 409, description = "`contract_template.in_force`: it holds or held; a new version takes its place")))]
#[post("/admin/contract-templates/{contract_template_id}/withdraw")]
async fn withdraw_contract_template(
    ctx: Ctx,
    at: At<ContractTemplateId>,
    if_match: IfMatch,
    body: Body<WithdrawTemplate>,
) -> Result<Versioned<ContractTemplateDetail>, ApiError> {
    ctx.write(Action::WithdrawContractTemplate, async |tx| {
        body.parse()?;
        let row = super::withdraw(tx, at.0, if_match.version()?).await?;
        versioned(tx, row).await
    })
    .await
}

/// Words to be tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"body": "# Betreuungszeit\n\n{{child}} wird {{hours_per_week}} Stunden in der Woche betreut."}))]
struct TemplatePreview {
    #[schema(max_length = 20000)]
    body: String,
}

/// Words with a made-up contract in them.
#[derive(Debug, Serialize, ToSchema)]
struct TemplatePreviewed {
    text: Vec<TextBlock>,
}

/// Tries words on a made-up contract. Nothing is saved.
#[utoipa::path(tag = "contracts", request_body = TemplatePreview,
    responses((status = 200, description = "The words", body = TemplatePreviewed),
              (status = 422, description = "`/body`: `placeholder_unknown`, `placeholder_open`")))]
#[post("/admin/contract-templates-preview")]
async fn preview_contract_template(ctx: Ctx, body: Body<TemplatePreview>) -> Result<Json<TemplatePreviewed>, ApiError> {
    ctx.read(Action::PreviewContractTemplate, async |tx| {
        let body = body.parse()?.body;
        text::checked(&body, "/body")?;
        let text = blocks(&body, &example(), &tx.tenant().name);
        Ok(Json(TemplatePreviewed { text }))
    })
    .await
}

/// A version as a contract with made-up data, as PDF.
#[utoipa::path(tag = "contracts", responses(
    (status = 200, description = "The document", body = Vec<u8>, content_type = "application/pdf"),
    (status = 501, description = "`documents.off`: this installation makes no documents")))]
#[get("/admin/contract-templates/{contract_template_id}/preview.pdf")]
async fn get_contract_template_pdf(ctx: Ctx, at: At<ContractTemplateId>) -> Result<HttpResponse, ApiError> {
    let (head, paper) = ctx
        .read(Action::GetContractTemplatePdf, async |tx| {
            let row = super::visible(tx, at.0).await?;
            let mut draft = example();
            draft.notice_months = row.notice_months;
            draft.notice_to = row.notice_to;
            draft.notice_not_last_months = row.notice_not_last_months;
            draft.version = Some(format!("{}, Fassung {}", row.name, row.number));
            draft.text = blocks(&row.body, &draft, &tx.tenant().name);
            let paper = ContractPaper {
                missing: draft.guardians.clone(),
                draft,
                sent: false,
                signatures: Vec::new(),
                ends_on: None,
                withdrawn: false,
            };
            Ok((documents::letterhead(tx, "de").await?, paper))
        })
        .await?;
    // After the transaction: no connection waits for the typesetter.
    Ok(documents::contract_pdf(head, paper).await?.answer("vertragsmuster.pdf"))
}
