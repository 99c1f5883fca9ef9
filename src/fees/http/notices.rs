//! What is owed for contracts: the office works it out and issues notices, families read their own, the treasury gets the list of a month.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, delete, get, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::model::owed;
use super::super::store::{self, AssessmentRow, Filter, ListedRow};
use crate::access::{Action, Ctx, TenantRead};
use crate::documents;
use crate::families;
use crate::fees::{self, FeeError, NewFee, Period, Rules, notice};
use crate::platform::clock::month_of;
use crate::platform::http::{ApiError, At, Body, IfMatch, Page, PageQuery, Query, Versioned};
use crate::platform::ids::{ChildId, ContractId, FeeId};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_receivables)
        .service(list_contract_fees)
        .service(draft_fee)
        .service(issue_fee)
        .service(discard_fee)
        .service(get_office_fee_notice)
        .service(list_my_fees)
        .service(get_fee_notice);
}

fn language(tx: &TenantRead) -> String {
    tx.account().map_or_else(|| "de".to_owned(), |a| a.language.clone())
}

/// What was worked out for a contract: a draft, or a notice once it has its file number.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Fee)]
struct FeeBody {
    id: FeeId,
    contract_id: ContractId,
    /// First month for which it holds.
    from_month: NaiveDate,
    /// The child's place among those of the family in care.
    child_position: i32,
    lone_parent: bool,
    /// Bracket of the yearly income in euros; `null`: the highest.
    income_up_to: Option<i32>,
    /// What is owed a month, and when that changes.
    periods: Vec<Period>,
    note: String,
    /// When it was issued; `null` for a draft.
    issued_at: Option<DateTime<Utc>>,
    file_number: Option<String>,
    version: i32,
}

impl FeeBody {
    fn of(row: &AssessmentRow) -> Self {
        Self {
            id: row.id,
            contract_id: row.contract_id,
            from_month: row.from_month,
            child_position: row.child_position,
            lone_parent: row.lone_parent,
            income_up_to: row.income_up_to,
            periods: row.periods.0.clone(),
            note: row.note.clone(),
            issued_at: row.issued_at,
            file_number: row.file_number(),
            version: row.version,
        }
    }
}

/// A contract with what is owed for it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContractFee)]
struct ContractFeeBody {
    contract_id: ContractId,
    child_id: ChildId,
    /// First name and initial; `erwartetes Kind` before birth.
    child: String,
    facility_name: String,
    care_from: NaiveDate,
    /// First day on which the place is free again.
    care_until: NaiveDate,
    hours_per_week: i32,
    /// The child's place by the siblings in care that are known here; a person decides.
    suggested_position: i64,
    /// The last notice.
    notice: Option<FeeBody>,
    /// Whether tables or terms have changed since that notice, so that another amount would come out today.
    outdated: bool,
    /// A draft that waits.
    draft: Option<FeeBody>,
}

impl ContractFeeBody {
    fn of(row: &ListedRow, fees: &[AssessmentRow], rules: &Rules, language: &str) -> Self {
        let mine = || fees.iter().filter(|fee| fee.contract_id == row.contract_id);
        let notice = mine().rfind(|fee| fee.issued_at.is_some());
        let outdated =
            |fee: &AssessmentRow| rules.owed(&row.terms(), fee.from_month, &fee.facts()).as_ref() != Ok(&fee.periods.0);
        Self {
            contract_id: row.contract_id,
            child_id: row.child_id,
            child: families::child_label(row.first_name.as_deref(), row.last_name.as_deref(), language),
            facility_name: row.facility_name.clone(),
            care_from: row.care_from,
            care_until: row.care_until,
            hours_per_week: row.terms().hours_in(rules.month),
            suggested_position: row.older_siblings + 1,
            outdated: notice.is_some_and(outdated),
            notice: notice.map(FeeBody::of),
            draft: mine().find(|fee| fee.issued_at.is_none()).map(FeeBody::of),
        }
    }
}

/// Which contracts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FeesQuery {
    /// Only those for which no notice was issued.
    #[serde(default)]
    without_notice: bool,
    /// Where the page begins: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many rows, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Contracts that run or will run, by their first day, each with its last notice and an open draft.
#[utoipa::path(tag = "fees", params(FeesQuery),
    responses((status = 200, description = "A page of contracts", body = Page<ContractFeeBody>)))]
#[get("/office/fees")]
async fn list_contract_fees(ctx: Ctx, query: Query<FeesQuery>) -> Result<Json<Page<ContractFeeBody>>, ApiError> {
    let FeesQuery {
        without_notice,
        cursor,
        limit,
    } = query.0;
    let page = PageQuery { cursor, limit };
    ctx.read(Action::ListContractFees, async |tx| {
        let limit = page.limit()?;
        let filter = Filter {
            without_notice,
            after: page.after()?,
            limit: limit + 1,
        };
        let rows = store::listed(tx, &filter).await?;
        let page = Page::from_rows(rows, limit, |row| (row.care_from, row.contract_id));
        let ids: Vec<_> = page.items.iter().map(|row| row.contract_id).collect();
        let fees = store::assessments(tx, Some(&ids), None).await?;
        let (rules, language) = (Rules::load(tx).await?, language(tx));
        page.items.iter().for_each(|row| tx.touch_child(row.child_id));
        Ok(Json(
            page.map(|row| ContractFeeBody::of(&row, &fees, &rules, &language)),
        ))
    })
    .await
}

/// Works out what is owed for a contract and keeps it as a draft. Nobody is told yet.
#[utoipa::path(tag = "fees", request_body = NewFee,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The draft", body = FeeBody),
              (status = 409, description = "`fee.draft_open`, `fee.no_schedule`: no table holds in a month of the contract, or `fee.no_row`")))]
#[post("/office/fees")]
async fn draft_fee(ctx: Ctx, body: Body<NewFee>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::DraftFee, StatusCode::CREATED, &body, async |tx| {
        let id = fees::draft(tx, &body.parse()?).await?;
        found(tx, id).await.map(|row| FeeBody::of(&row))
    })
    .await
}

async fn found(tx: &mut TenantRead, id: FeeId) -> Result<AssessmentRow, ApiError> {
    let row = store::assessments(tx, None, Some(id))
        .await?
        .pop()
        .ok_or(FeeError::Missing)?;
    tx.touch(id);
    tx.touch_child(row.child_id);
    Ok(row)
}

/// Nothing needs to be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
struct IssueFee {}

/// Issues a draft as a notice with a file number; guardians are told by mail or letter.
#[utoipa::path(tag = "fees", request_body = IssueFee,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The notice", body = FeeBody),
              (status = 409, description = "`fee.issued`, or `fee.outdated`: other amounts would come out now; discard the draft and work it out again")))]
#[post("/office/fees/{fee_id}/issue")]
async fn issue_fee(
    ctx: Ctx,
    at: At<FeeId>,
    if_match: IfMatch,
    body: Body<IssueFee>,
) -> Result<Versioned<FeeBody>, ApiError> {
    ctx.write(Action::IssueFee, async |tx| {
        body.parse()?;
        fees::issue(tx, at.0, if_match.version()?).await?;
        let row = found(tx, at.0).await?;
        Ok(Versioned::new(row.version, FeeBody::of(&row)))
    })
    .await
}

/// Drops a draft.
#[utoipa::path(tag = "fees", params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 204, description = "It is gone"),
              (status = 409, description = "`fee.issued`: what was issued stays; write a new notice")))]
#[delete("/office/fees/{fee_id}")]
async fn discard_fee(ctx: Ctx, at: At<FeeId>, if_match: IfMatch) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::DiscardFee, async |tx| {
        fees::discard(tx, at.0, if_match.version()?).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// A notice as a PDF for the file: to the guardian who has had custody for longest, in that person's language.
#[utoipa::path(tag = "fees", responses((status = 200, description = "The notice", content_type = "application/pdf", body = [u8]),
    (status = 501, description = "`documents.off`: this installation makes no documents")))]
#[get("/office/fees/{fee_id}/notice.pdf")]
async fn get_office_fee_notice(ctx: Ctx, at: At<FeeId>) -> Result<HttpResponse, ApiError> {
    let (head, paper) = ctx
        .read(Action::GetOfficeFeeNotice, async |tx| {
            let row = found(tx, at.0).await?;
            Ok(notice::compose(tx, &row, None).await?)
        })
        .await?;
    Ok(documents::fee_notice_pdf(head, paper)
        .await?
        .answer("beitragsbescheid.pdf"))
}

/// A notice as its family sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MyFee)]
struct MyFeeBody {
    child_id: ChildId,
    /// First name and initial; `erwartetes Kind` before birth.
    child: String,
    facility_name: String,
    notice: FeeBody,
}

/// Notices of parent fees for the own children, the newest first.
#[utoipa::path(tag = "fees", responses((status = 200, description = "The notices", body = Page<MyFeeBody>)))]
#[get("/family/fees")]
async fn list_my_fees(ctx: Ctx) -> Result<Json<Page<MyFeeBody>>, ApiError> {
    ctx.read(Action::ListMyFees, async |tx| {
        let account = tx.scope().own().ok_or_else(ApiError::not_found)?;
        let (rows, language) = (store::own(tx, account.0, None).await?, language(tx));
        let ids: Vec<_> = rows.iter().map(|row| row.contract_id).collect();
        let fees = store::assessments(tx, Some(&ids), None).await?;
        rows.iter().for_each(|row| tx.touch_child(row.child_id));
        let mine = rows.iter().filter_map(|row| {
            Some(MyFeeBody {
                child_id: row.child_id,
                child: families::child_label(row.first_name.as_deref(), row.last_name.as_deref(), &language),
                facility_name: row.facility_name.clone(),
                notice: FeeBody::of(fees.iter().find(|fee| fee.id == row.id)?),
            })
        });
        Ok(Json(Page::all(mine.collect())))
    })
    .await
}

/// The own notice as an accessible PDF, with reasons and how to object.
#[utoipa::path(tag = "fees", responses((status = 200, description = "The notice", content_type = "application/pdf", body = [u8]),
    (status = 501, description = "`documents.off`: this installation makes no documents")))]
#[get("/family/fees/{fee_id}/notice.pdf")]
async fn get_fee_notice(ctx: Ctx, at: At<FeeId>) -> Result<HttpResponse, ApiError> {
    let (head, paper) = ctx
        .read(Action::GetFeeNotice, async |tx| {
            let account = tx.scope().own().ok_or_else(ApiError::not_found)?;
            store::own(tx, account.0, Some(at.0))
                .await?
                .pop()
                .ok_or(FeeError::Missing)?;
            let row = found(tx, at.0).await?;
            Ok(notice::compose(tx, &row, Some(account)).await?)
        })
        .await?;
    Ok(documents::fee_notice_pdf(head, paper)
        .await?
        .answer("beitragsbescheid.pdf"))
}

/// Which month.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReceivablesQuery {
    /// Any day of the month.
    #[param(example = "2027-09-01")]
    month: NaiveDate,
}

/// What is owed for a child in a month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Receivable)]
struct ReceivableBody {
    file_number: String,
    reference_code: Option<String>,
    /// Last and first names of those who owe it, together.
    debtors: Vec<String>,
    facility_name: String,
    month: NaiveDate,
    cents: i32,
    currency: &'static str,
}

/// What is owed in a month by the notices that hold in it, for the treasury. Nothing is booked here.
#[utoipa::path(tag = "fees", params(ReceivablesQuery),
    responses((status = 200, description = "A line a contract, by file number", body = Page<ReceivableBody>)))]
#[get("/office/fees/receivables")]
async fn list_receivables(ctx: Ctx, query: Query<ReceivablesQuery>) -> Result<Json<Page<ReceivableBody>>, ApiError> {
    ctx.read(Action::ListReceivables, async |tx| {
        let month = month_of(query.0.month);
        let rows = store::holding_in(tx, month).await?;
        rows.iter().for_each(|row| tx.touch_child(row.child_id));
        let mut lines: Vec<_> = rows
            .into_iter()
            .filter_map(|row| {
                let cents = owed(&row.periods, month)?.cents;
                Some(ReceivableBody {
                    file_number: store::file_number(row.file_year, row.file_serial),
                    reference_code: row.reference_code,
                    debtors: row.debtors,
                    facility_name: row.facility_name,
                    month,
                    cents,
                    currency: "EUR",
                })
            })
            .collect();
        lines.sort_by(|a, b| a.file_number.cmp(&b.file_number));
        Ok(Json(Page::all(lines)))
    })
    .await
}
