//! Fee tables: everybody reads the published ones, administrators write them.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, get, post, put};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{Action, Ctx, TenantRead};
use crate::fees::store::{self, ScheduleRow, ScheduleState};
use crate::fees::{self, FeePublication, FeeRow, NewSchedule, ScheduleChange, TableInput, templates};
use crate::platform::http::{ApiError, At, Body, IfMatch, Page, Versioned};
use crate::platform::ids::FeeScheduleId;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_fees)
        .service(list_fee_templates)
        .service(list_fee_schedules)
        .service(create_fee_schedule)
        .service(put_fee_schedule)
        .service(publish_fee_schedule)
        .service(withdraw_fee_schedule);
}

/// A fee table as everybody may read it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PublicFees)]
struct PublicBody {
    id: FeeScheduleId,
    name: String,
    /// Statute, date, section.
    legal_basis: String,
    /// On this day of the month a fee is due.
    due_day: i32,
    /// First month in which it holds.
    valid_from: NaiveDate,
    /// First month in which the next one holds.
    valid_until: Option<NaiveDate>,
    rows: Vec<FeeRow>,
}

/// A fee table as the office sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FeeSchedule)]
struct ScheduleBody {
    id: FeeScheduleId,
    number: i32,
    name: String,
    legal_basis: String,
    due_day: i32,
    state: ScheduleState,
    /// First month in which it holds.
    valid_from: Option<NaiveDate>,
    /// First month in which the next one holds.
    valid_until: Option<NaiveDate>,
    /// Whether amounts are worked out by it today.
    in_force: bool,
    /// How the rows were worked out, if they were.
    formula: Option<TableInput>,
    rows: Vec<FeeRow>,
    published_at: Option<DateTime<Utc>>,
    version: i32,
}

impl ScheduleBody {
    fn of(row: &ScheduleRow, all: &[ScheduleRow], today: NaiveDate) -> Self {
        let published = row.state == ScheduleState::Published;
        let valid_until = row
            .valid_from
            .filter(|_| published)
            .and_then(|from| next_after(all, from));
        let begun = row.valid_from.is_some_and(|from| from <= today);
        Self {
            id: row.id,
            number: row.number,
            name: row.name.clone(),
            legal_basis: row.legal_basis.clone(),
            due_day: row.due_day,
            state: row.state,
            valid_from: row.valid_from,
            valid_until,
            in_force: published && begun && valid_until.is_none_or(|until| until > today),
            formula: row.formula.as_ref().map(|f| f.0.clone()),
            rows: row.rows.0.clone(),
            published_at: row.published_at,
            version: row.version,
        }
    }
}

fn next_after(all: &[ScheduleRow], from: NaiveDate) -> Option<NaiveDate> {
    all.iter()
        .filter(|s| s.state == ScheduleState::Published)
        .filter_map(|s| s.valid_from)
        .filter(|day| *day > from)
        .min()
}

async fn body(tx: &mut TenantRead, id: FeeScheduleId) -> Result<ScheduleBody, ApiError> {
    let (all, today) = (store::schedules(tx).await?, tx.today());
    let row = all.iter().find(|row| row.id == id).ok_or_else(ApiError::not_found)?;
    Ok(ScheduleBody::of(row, &all, today))
}

async fn versioned(tx: &mut TenantRead, id: FeeScheduleId) -> Result<Versioned<ScheduleBody>, ApiError> {
    let body = body(tx, id).await?;
    Ok(Versioned::new(body.version, body))
}

/// What a place costs: the table that holds today and those still to come, in the order of their months.
#[utoipa::path(tag = "fees", responses((status = 200, description = "The tables", body = Page<PublicBody>)))]
#[get("/fees")]
async fn list_fees(ctx: Ctx) -> Result<Json<Page<PublicBody>>, ApiError> {
    ctx.read(Action::ListFees, async |tx| {
        let (all, today) = (store::schedules(tx).await?, tx.today());
        let mut shown: Vec<PublicBody> = all
            .iter()
            .filter(|row| row.state == ScheduleState::Published)
            .filter_map(|row| {
                let valid_from = row.valid_from?;
                Some(PublicBody {
                    id: row.id,
                    name: row.name.clone(),
                    legal_basis: row.legal_basis.clone(),
                    due_day: row.due_day,
                    valid_from,
                    valid_until: next_after(&all, valid_from),
                    rows: row.rows.0.clone(),
                })
            })
            .filter(|body| body.valid_until.is_none_or(|until| until > today))
            .collect();
        shown.sort_by_key(|body| body.valid_from);
        Ok(Json(Page::all(shown)))
    })
    .await
}

/// A table to begin with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FeeTemplate)]
struct TemplateBody {
    code: &'static str,
    name: &'static str,
    legal_basis: &'static str,
    table: TableInput,
}

/// Fee tables of real municipalities to begin with.
#[utoipa::path(tag = "fees", responses((status = 200, description = "The templates", body = Page<TemplateBody>)))]
#[get("/admin/fee-templates")]
async fn list_fee_templates(ctx: Ctx) -> Result<Json<Page<TemplateBody>>, ApiError> {
    ctx.read(Action::ListFeeTemplates, async |_| {
        let bodies = templates().map(|t| TemplateBody {
            code: t.code,
            name: t.name,
            legal_basis: t.legal_basis,
            table: t.table,
        });
        Ok(Json(Page::all(bodies.into())))
    })
    .await
}

/// All fee tables with their states, the newest first.
#[utoipa::path(tag = "fees", responses((status = 200, description = "The tables", body = Page<ScheduleBody>)))]
#[get("/admin/fee-schedules")]
async fn list_fee_schedules(ctx: Ctx) -> Result<Json<Page<ScheduleBody>>, ApiError> {
    ctx.read(Action::ListFeeSchedules, async |tx| {
        let (all, today) = (store::schedules(tx).await?, tx.today());
        let bodies = all.iter().map(|row| ScheduleBody::of(row, &all, today)).collect();
        Ok(Json(Page::all(bodies)))
    })
    .await
}

/// Begins a draft: empty, from a template, or as a copy of another table.
#[utoipa::path(tag = "fees", request_body = NewSchedule,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The draft", body = ScheduleBody)))]
#[post("/admin/fee-schedules")]
async fn create_fee_schedule(ctx: Ctx, input: Body<NewSchedule>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::CreateFeeSchedule, StatusCode::CREATED, &input, async |tx| {
        let id = fees::create(tx, &input.parse()?).await?;
        body(tx, id).await
    })
    .await
}

/// Writes a draft whole: worked out from full fees, or row by row. A table with a hole is refused.
#[utoipa::path(tag = "fees", request_body = ScheduleChange,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The draft with its rows", body = ScheduleBody),
              (status = 409, description = "`fee_schedule.not_draft`: what was published is never changed"),
              (status = 422, description = "A row twice, a hole in the table, or an amount out of range")))]
#[put("/admin/fee-schedules/{fee_schedule_id}")]
async fn put_fee_schedule(
    ctx: Ctx,
    at: At<FeeScheduleId>,
    if_match: IfMatch,
    input: Body<ScheduleChange>,
) -> Result<Versioned<ScheduleBody>, ApiError> {
    ctx.write(Action::PutFeeSchedule, async |tx| {
        fees::put(tx, at.0, if_match.version()?, &input.parse()?).await?;
        versioned(tx, at.0).await
    })
    .await
}

/// Publishes a draft with the month from which it holds. It is fixed from now on; notices that were issued stay as they are.
#[utoipa::path(tag = "fees", request_body = FeePublication,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The table", body = ScheduleBody),
              (status = 409, description = "`fee_schedule.not_draft`"),
              (status = 422, description = "No rows, no legal basis, or a month that is not later than that of the table before")))]
#[post("/admin/fee-schedules/{fee_schedule_id}/publish")]
async fn publish_fee_schedule(
    ctx: Ctx,
    at: At<FeeScheduleId>,
    if_match: IfMatch,
    input: Body<FeePublication>,
) -> Result<Versioned<ScheduleBody>, ApiError> {
    ctx.write(Action::PublishFeeSchedule, async |tx| {
        fees::publish(tx, at.0, if_match.version()?, &input.parse()?).await?;
        versioned(tx, at.0).await
    })
    .await
}

/// Nothing needs to be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
struct WithdrawFees {}

/// Takes back a draft, or a published table before its month.
#[utoipa::path(tag = "fees", request_body = WithdrawFees,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The table", body = ScheduleBody),
              (status = 409, description = "`fee_schedule.in_force`: it holds or held; a new one takes its place")))]
#[post("/admin/fee-schedules/{fee_schedule_id}/withdraw")]
async fn withdraw_fee_schedule(
    ctx: Ctx,
    at: At<FeeScheduleId>,
    if_match: IfMatch,
    input: Body<WithdrawFees>,
) -> Result<Versioned<ScheduleBody>, ApiError> {
    ctx.write(Action::WithdrawFeeSchedule, async |tx| {
        input.parse()?;
        fees::withdraw(tx, at.0, if_match.version()?).await?;
        versioned(tx, at.0).await
    })
    .await
}
