//! The office's side: contracts with what is owed for them, drafts and notices.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, delete, get, post};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::bodies::{FeeBody, found, notices_of, shown};
use super::reliefs::ReliefBody;
use crate::access::{Action, Ctx};
use crate::documents;
use crate::families;
use crate::fees::store::{self, AssessmentRow, FeeSort, Filter, ListedRow, ReliefRow};
use crate::fees::{self, NewFee, Rules};
use crate::notices::{self, FeeNoticeRow};
use crate::platform::http::{ApiError, At, Body, IfMatch, OrderQuery, Page, Query, Versioned, beginning};
use crate::platform::ids::{ChildId, ContractId, FacilityId, FeeId};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_contract_fees)
        .service(draft_fee)
        .service(issue_fee)
        .service(discard_fee)
        .service(get_office_fee_notice);
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
    /// What is waived, by month; what was taken back is left out.
    reliefs: Vec<ReliefBody>,
}

impl ContractFeeBody {
    fn of(row: &ListedRow, known: &Known, rules: &Rules, language: &str) -> Self {
        let mine = || known.fees.iter().filter(|fee| fee.contract_id == row.contract_id);
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
            notice: notice.map(|fee| FeeBody::of(fee, &known.notices)),
            draft: mine()
                .find(|fee| fee.issued_at.is_none())
                .map(|fee| FeeBody::of(fee, &known.notices)),
            reliefs: known
                .reliefs
                .iter()
                .filter(|relief| relief.contract_id == row.contract_id)
                .map(ReliefBody::of)
                .collect(),
        }
    }
}

/// What is known of the contracts of a page.
struct Known {
    fees: Vec<AssessmentRow>,
    notices: Vec<FeeNoticeRow>,
    reliefs: Vec<ReliefRow>,
}

/// Which contracts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FeesQuery {
    /// Only those for which no notice was issued.
    #[serde(default)]
    without_notice: bool,
    /// Only of this facility.
    facility_id: Option<FacilityId>,
    /// Beginning of the child's name.
    q: Option<String>,
    #[serde(flatten)]
    #[param(ignore)]
    order: OrderQuery<FeeSort>,
}

/// Contracts that run or will run, by their first day when nothing is said, each with its last notice and an open draft.
#[utoipa::path(tag = "fees", params(FeesQuery, OrderQuery<FeeSort>),
    responses((status = 200, description = "A page of contracts", body = Page<ContractFeeBody>)))]
#[get("/office/fees")]
async fn list_contract_fees(ctx: Ctx, query: Query<FeesQuery>) -> Result<Json<Page<ContractFeeBody>>, ApiError> {
    let FeesQuery {
        without_notice,
        facility_id,
        q,
        order,
    } = query.0;
    ctx.read(Action::ListContractFees, async |tx| {
        let filter = Filter {
            without_notice,
            facility: facility_id,
            q: beginning(q),
            order: order.order()?,
        };
        let rows = store::listed(tx, &filter).await?;
        let page = filter.order.page(rows);
        let ids: Vec<_> = page.items.iter().map(|row| row.contract_id).collect();
        let fees = store::assessments(tx, Some(&ids), None).await?;
        let known = Known {
            notices: notices_of(tx, &fees).await?,
            fees,
            reliefs: store::reliefs(tx, Some(&ids), None).await?,
        };
        let (rules, language) = (Rules::load(tx).await?, tx.language());
        page.items.iter().for_each(|row| tx.touch_child(row.child_id));
        Ok(Json(
            page.map(|row| ContractFeeBody::of(&row, &known, &rules, &language)),
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
        Ok(shown(tx, id).await?.1)
    })
    .await
}

/// When its notice was posted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"posted_on": "2027-02-01"}))]
struct IssueFee {
    posted_on: NaiveDate,
}

/// Notes that the approved notice of a draft was posted: it is owed, its dates follow, and guardians are told by mail or letter.
#[utoipa::path(tag = "fees", request_body = IssueFee,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The notice", body = FeeBody),
              (status = 409, description = "`fee.issued`; `notice.wrong_state`: a second person has not approved it; or `fee.outdated`: other amounts would come out now; discard the draft and work it out again")))]
#[post("/office/fees/{fee_id}/issue")]
async fn issue_fee(
    ctx: Ctx,
    at: At<FeeId>,
    if_match: IfMatch,
    body: Body<IssueFee>,
) -> Result<Versioned<FeeBody>, ApiError> {
    ctx.write(Action::IssueFee, async |tx| {
        let posted_on = body.parse()?.posted_on;
        fees::issue(tx, at.0, if_match.version()?, posted_on).await?;
        let (version, fee) = shown(tx, at.0).await?;
        Ok(Versioned::new(version, fee))
    })
    .await
}

/// Drops a draft, and that of its notice.
#[utoipa::path(tag = "fees", params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 204, description = "It is gone"),
              (status = 409, description = "`fee.issued`: what was issued stays, write a new notice; `notice.wrong_state`: it is approved, give it back first")))]
#[delete("/office/fees/{fee_id}")]
async fn discard_fee(ctx: Ctx, at: At<FeeId>, if_match: IfMatch) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::DiscardFee, async |tx| {
        fees::discard(tx, at.0, if_match.version()?).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// A notice as a PDF: to the guardian who has had custody for longest; what was not posted yet is marked as a draft.
#[utoipa::path(tag = "fees", responses((status = 200, description = "The notice", content_type = "application/pdf", body = [u8]),
    (status = 501, description = "`documents.off`: this installation makes no documents")))]
#[get("/office/fees/{fee_id}/notice.pdf")]
async fn get_office_fee_notice(ctx: Ctx, at: At<FeeId>) -> Result<HttpResponse, ApiError> {
    let (head, paper) = ctx
        .read(Action::GetOfficeFeeNotice, async |tx| {
            let row = found(tx, at.0).await?;
            if families::is_hidden(tx, row.child_id).await? {
                return Err(ApiError::not_found());
            }
            Ok::<_, ApiError>(notices::letter_of_fee(tx, at.0, None).await?)
        })
        .await?;
    Ok(documents::notice_pdf(head, paper).await?.answer("beitragsbescheid.pdf"))
}
