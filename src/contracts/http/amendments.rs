//! Changes of an agreed contract: what a page shows of them, drafting, letting be, and the document.

use actix_web::{HttpResponse, get, post, put};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::bodies::{ContractDetail, PaperSigner, SignatureBody, names, on_paper, signature, signature_line};
use super::staff::{Step, step};
use crate::access::{Action, Ctx, TenantRead};
use crate::contracts::model::{Agreed, ContractState, last_day};
use crate::contracts::signing::{missing, must_sign};
use crate::contracts::store::{self, AmendmentRow, ContractRow};
use crate::contracts::{self, Amending, amending, contract};
use crate::documents::{self, AmendmentPaper};
use crate::families::Contact;
use crate::platform::dates::hours_minutes;
use crate::platform::http::{ApiError, At, Body, IfMatch, Query, Versioned};
use crate::platform::ids::{ContractId, GroupId};
use crate::platform::week::{DayTimes, WeekTimes};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(put_amendment)
        .service(withdraw_amendment)
        .service(get_amendment);
}

/// Terms that a change can touch.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgreedTerms)]
struct AgreedBody {
    hours_per_week: i32,
    #[serde(serialize_with = "hours_minutes")]
    #[schema(value_type = Option<String>, example = "08:00")]
    window_from: Option<NaiveTime>,
    #[serde(serialize_with = "hours_minutes")]
    #[schema(value_type = Option<String>, example = "16:00")]
    window_to: Option<NaiveTime>,
    /// The times of each day on which the child comes; `null`: the same on every day.
    #[schema(value_type = Option<Vec<DayTimes>>)]
    week: Option<WeekTimes>,
    /// The last day of care.
    last_day: NaiveDate,
}

impl AgreedBody {
    fn of(terms: &Agreed) -> Self {
        Self {
            hours_per_week: terms.times.hours_per_week,
            window_from: terms.times.window_from,
            window_to: terms.times.window_to,
            week: terms.times.week,
            last_day: last_day(terms.care_until),
        }
    }
}

/// A change of an agreed contract, beside what was agreed before.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContractAmendment)]
pub struct AmendmentBody {
    number: i32,
    /// `signed_by_provider`: agreed; `terminated`: let be.
    state: ContractState,
    /// First day on which it holds.
    valid_from: NaiveDate,
    before: AgreedBody,
    after: AgreedBody,
    /// The child goes to this group on that day.
    group_id: Option<GroupId>,
    group_name: Option<String>,
    note: Option<String>,
    sent_at: Option<DateTime<Utc>>,
    signatures: Vec<SignatureBody>,
    /// Guardians who must sign and have not.
    missing: Vec<String>,
    /// Those of them who have no account.
    on_paper: Vec<PaperSigner>,
    /// Whether the asker is one of them and can sign now.
    may_sign: bool,
}

impl AmendmentBody {
    /// Whether the facility sent it and not all have signed.
    pub(super) fn is_sent(&self) -> bool {
        matches!(self.state, ContractState::Sent | ContractState::SignedByGuardians)
    }
}

/// The changes of a contract as whoever asks may see them: a draft is the facility's.
pub(super) async fn amendments(tx: &mut TenantRead, row: &ContractRow) -> Result<Vec<AmendmentBody>, sqlx::Error> {
    let all = store::amendments(tx, row.id).await?;
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let (first, must) = (store::first_terms(tx, row.id).await?, must_sign(tx, row).await?);
    let family = tx.scope().own().is_some();
    let seen = |change: &&AmendmentRow| !family || change.sent_at.is_some();
    let mut bodies = Vec::new();
    for change in all.iter().filter(seen) {
        let before = match change.is_open() {
            true => amending::standing(tx, row, &all).await?,
            false => amending::agreed_before(first, &all, change.number),
        };
        bodies.push(body(tx, row, change, &before, &must).await?);
    }
    Ok(bodies)
}

async fn body(
    tx: &mut TenantRead,
    row: &ContractRow,
    change: &AmendmentRow,
    before: &Agreed,
    must: &[Contact],
) -> Result<AmendmentBody, sqlx::Error> {
    let me = tx.account().map(|a| a.id);
    let mine = must.iter().find(|g| g.account_id.is_some() && g.account_id == me);
    let mine = mine.map(|g| g.guardian_id);
    let signed = store::signatures(tx, row.id, Some(change.id)).await?;
    let absent = match change.state {
        ContractState::Sent => missing(must, &signed),
        _ => Vec::new(),
    };
    Ok(AmendmentBody {
        number: change.number,
        state: change.state,
        valid_from: change.valid_from,
        before: AgreedBody::of(before),
        after: AgreedBody::of(&change.terms()),
        group_id: change.group_id,
        group_name: change.group_name.clone(),
        note: change.note.clone(),
        sent_at: change.sent_at,
        may_sign: mine.is_some_and(|me| absent.iter().any(|g| g.guardian_id == me)),
        missing: names(&absent),
        on_paper: on_paper(&absent),
        signatures: signed.into_iter().map(|s| signature(s, mine)).collect(),
    })
}

/// Drafts a change of an agreed contract from a day on, or changes the draft that is open. It is sent, signed and recalled like the
/// contract itself; when both sides have signed, occupancy, fees and lists follow it from its day on.
#[utoipa::path(tag = "contracts", request_body = Amending,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses(
    (status = 200, description = "The contract with the draft", body = ContractDetail),
    (status = 409, description = "`contract.no_change`: it is not agreed, or it ends; `contract.wrong_state`: the change was sent; `contract.no_place`: nothing is free in every month of a later end"),
    (status = 422, description = "`/valid_from`: `too_early`, `too_late`; `/last_day`: `too_early`, `too_late`; `/hours_per_week`: `unchanged`, and with `week` `not_of_week`; `/week/0/to`: `before_start`")))]
#[put("/staff/contracts/{contract_id}/amendment")]
async fn put_amendment(
    ctx: Ctx,
    at: At<ContractId>,
    if_match: IfMatch,
    body: Body<Amending>,
) -> Result<Versioned<ContractDetail>, ApiError> {
    step(
        &ctx,
        Action::PutAmendment,
        &if_match,
        &body,
        async |tx, seen, change| contracts::put_amendment(tx, at.0, seen, change).await,
    )
    .await
}

/// Lets an open change be. What was agreed before goes on.
#[utoipa::path(tag = "contracts", request_body = Step,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses(
    (status = 200, description = "The contract", body = ContractDetail),
    (status = 409, description = "`contract.no_change`: none is open")))]
#[post("/staff/contracts/{contract_id}/amendment/withdraw")]
async fn withdraw_amendment(
    ctx: Ctx,
    at: At<ContractId>,
    if_match: IfMatch,
    body: Body<Step>,
) -> Result<Versioned<ContractDetail>, ApiError> {
    step(
        &ctx,
        Action::WithdrawAmendment,
        &if_match,
        &body,
        async |tx, seen, _| contracts::withdraw_amendment(tx, at.0, seen).await,
    )
    .await
}

/// Which change, in which language.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AmendmentQuery {
    /// Its number; left out: the last one.
    number: Option<i32>,
    /// `de` or `en`.
    language: Option<String>,
}

/// A change of a contract as an accessible PDF, with what was agreed before beside it and its signatures.
#[utoipa::path(tag = "contracts", params(AmendmentQuery), responses(
    (status = 200, description = "The document", body = Vec<u8>, content_type = "application/pdf"),
    (status = 501, description = "`documents.off`: this installation makes no documents")))]
#[get("/contracts/{contract_id}/amendment.pdf")]
async fn get_amendment(ctx: Ctx, at: At<ContractId>, query: Query<AmendmentQuery>) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let (head, paper) = ctx
        .read(Action::GetAmendment, async |tx| {
            let row = contract(tx, at.0).await?;
            let (change, before) = amending::found(tx, &row, query.number).await?;
            if tx.scope().own().is_some() && change.sent_at.is_none() {
                return Err(ApiError::not_found());
            }
            let language = query.language.unwrap_or_else(|| tx.language());
            let signed = store::signatures(tx, row.id, Some(change.id)).await?;
            let must = must_sign(tx, &row).await?;
            let paper = AmendmentPaper {
                draft: amending::document_of(tx, &row, &change, &before).await?,
                sent: change.sent_at.is_some(),
                withdrawn: change.state == ContractState::Terminated,
                missing: names(&missing(&must, &signed)),
                signatures: signed.iter().map(signature_line).collect(),
            };
            Ok((documents::letterhead(tx, &language).await?, paper))
        })
        .await?;
    Ok(documents::amendment_pdf(head, paper)
        .await?
        .answer("vertragsaenderung.pdf"))
}
