//! What the people of a facility do with a contract: change the draft, send it, note signatures, sign for the provider, give notice.

use actix_web::{post, put};
use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::bodies::{ContractDetail, detail};
use crate::access::{Action, Ctx, TenantTx};
use crate::contracts::{self, ContractRow, Notice, NoticeBy, TermsChange};
use crate::identity;
use crate::notifications::Told;
use crate::platform::http::{ApiError, At, Body, IfMatch, Versioned};
use crate::platform::ids::{ContractId, GuardianId};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(put_contract_terms)
        .service(send_contract)
        .service(recall_contract)
        .service(record_paper_signature)
        .service(countersign_contract)
        .service(terminate_contract)
        .service(record_contract_notice)
        .service(note_measles_proof);
}

/// A step of the facility in the version that was seen; the answer is the contract after it.
pub(super) async fn step<I: DeserializeOwned, E: Into<ApiError>>(
    ctx: &Ctx,
    action: Action,
    seen: &IfMatch,
    body: &Body<I>,
    work: impl AsyncFnOnce(&mut TenantTx, i32, I) -> Result<ContractRow, E>,
) -> Result<Versioned<ContractDetail>, ApiError> {
    ctx.write(action, async |tx| {
        let input = body.parse()?;
        let row = work(tx, seen.version()?, input).await.map_err(Into::into)?;
        detail(tx, row).await
    })
    .await
}

/// Nothing needs to be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ContractStep, example = json!({}))]
pub(super) struct Step {}

/// Changes the terms of a draft. Another start takes the places of the new time.
#[utoipa::path(tag = "contracts", request_body = TermsChange,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses(
    (status = 200, description = "The contract", body = ContractDetail),
    (status = 409, description = "`contract.wrong_state`; `contract.no_place`; `contract.overlaps`")))]
#[put("/staff/contracts/{contract_id}/terms")]
async fn put_contract_terms(
    ctx: Ctx,
    at: At<ContractId>,
    if_match: IfMatch,
    body: Body<TermsChange>,
) -> Result<Versioned<ContractDetail>, ApiError> {
    step(
        &ctx,
        Action::PutContractTerms,
        &if_match,
        &body,
        async |tx, seen, terms| contracts::put_terms(tx, at.0, seen, terms).await,
    )
    .await
}

/// Sends the contract to the guardians, in the words that hold today. From now on it says what it says.
#[utoipa::path(tag = "contracts", request_body = Step,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses(
    (status = 200, description = "The contract", body = ContractDetail),
    (status = 409, description = "`contract.wrong_state`")))]
#[post("/staff/contracts/{contract_id}/send")]
async fn send_contract(
    ctx: Ctx,
    at: At<ContractId>,
    if_match: IfMatch,
    body: Body<Step>,
) -> Result<Versioned<ContractDetail>, ApiError> {
    step(&ctx, Action::SendContract, &if_match, &body, async |tx, seen, _| {
        contracts::send(tx, at.0, seen).await
    })
    .await
}

/// Takes a sent contract back to change it, while nobody has signed.
#[utoipa::path(tag = "contracts", request_body = Step,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses(
    (status = 200, description = "The contract, a draft again", body = ContractDetail),
    (status = 409, description = "`contract.wrong_state`: somebody has signed")))]
#[post("/staff/contracts/{contract_id}/recall")]
async fn recall_contract(
    ctx: Ctx,
    at: At<ContractId>,
    if_match: IfMatch,
    body: Body<Step>,
) -> Result<Versioned<ContractDetail>, ApiError> {
    step(&ctx, Action::RecallContract, &if_match, &body, async |tx, seen, _| {
        contracts::recall(tx, at.0, seen).await
    })
    .await
}

/// Signatures on paper.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"signed_on": "2027-02-01"}))]
struct PaperSignature {
    /// The day that stands beside the signatures; not before the contract was sent.
    signed_on: NaiveDate,
    /// Whose it is; `null`: all who are missing have signed.
    #[serde(default)]
    guardian_id: Option<GuardianId>,
}

/// Records that a guardian who is missing has signed on paper, or that all have. The paper itself stays with the facility.
#[utoipa::path(tag = "contracts", request_body = PaperSignature,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses(
    (status = 200, description = "The contract", body = ContractDetail),
    (status = 409, description = "`contract.wrong_state`"),
    (status = 422, description = "`/signed_on`: `in_future`, `before_sent`; `/guardian_id`: `not_missing`")))]
#[post("/staff/contracts/{contract_id}/paper-signature")]
async fn record_paper_signature(
    ctx: Ctx,
    at: At<ContractId>,
    if_match: IfMatch,
    body: Body<PaperSignature>,
) -> Result<Versioned<ContractDetail>, ApiError> {
    step(
        &ctx,
        Action::RecordPaperSignature,
        &if_match,
        &body,
        async |tx, seen, paper| contracts::record_paper(tx, at.0, seen, paper.signed_on, paper.guardian_id).await,
    )
    .await
}

/// Signs for the provider, after all guardians have signed. The family is told.
#[utoipa::path(tag = "contracts", request_body = Step,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses(
    (status = 200, description = "The contract", body = ContractDetail),
    (status = 409, description = "`contract.wrong_state`; `contract.signature_missing`: a guardian has not signed")))]
#[post("/staff/contracts/{contract_id}/countersign")]
async fn countersign_contract(
    ctx: Ctx,
    at: At<ContractId>,
    if_match: IfMatch,
    body: Body<Step>,
) -> Result<Versioned<ContractDetail>, ApiError> {
    step(
        &ctx,
        Action::CountersignContract,
        &if_match,
        &body,
        async |tx, seen, _| {
            let name = identity::own_name(tx).await?;
            Ok::<_, ApiError>(contracts::countersign(tx, at.0, seen, &name).await?)
        },
    )
    .await
}

/// Notice by the facility.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"last_day": null, "reason": "Die Familie zieht um.", "by_agreement": false}))]
struct FacilityNotice {
    /// The last day of care; left out: the earliest.
    #[serde(default)]
    last_day: Option<NaiveDate>,
    /// Why; the family reads it. At most 500 characters.
    #[schema(max_length = 500)]
    reason: String,
    /// Whether the family agrees, so that the period of notice does not count.
    #[serde(default)]
    by_agreement: bool,
}

/// Gives notice for the facility: the contract ends after its period, or sooner where both agree; one that does not bind yet does not
/// come about. The place is free again.
#[utoipa::path(tag = "contracts", request_body = FacilityNotice,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses(
    (status = 200, description = "The contract", body = ContractDetail),
    (status = 409, description = "`contract.wrong_state`; `contract.notice_given`"),
    (status = 422, description = "`/last_day`: `too_early`, `too_late`; `/reason`: `required`")))]
#[post("/staff/contracts/{contract_id}/terminate")]
async fn terminate_contract(
    ctx: Ctx,
    at: At<ContractId>,
    if_match: IfMatch,
    body: Body<FacilityNotice>,
) -> Result<Versioned<ContractDetail>, ApiError> {
    step(
        &ctx,
        Action::TerminateContract,
        &if_match,
        &body,
        async |tx, seen, input| {
            let notice = Notice {
                last_day: input.last_day,
                reason: Some(input.reason),
                by_agreement: input.by_agreement,
            };
            contracts::give_notice(tx, at.0, seen, NoticeBy::Facility, &notice).await
        },
    )
    .await
}

/// A family's notice on paper.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"last_day": null, "reason": null, "told": {"on": "2027-02-01", "by": "letter"}}))]
struct PaperNotice {
    /// The last day of care that the family wishes; left out: the earliest.
    #[serde(default)]
    last_day: Option<NaiveDate>,
    /// Why; nobody has to say it. At most 500 characters.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: Option<String>,
    /// When the paper arrived, from which the period of notice counts, and how.
    told: Told,
}

/// Enters the notice that a family without an account gave on paper, as if it had given it itself; the period counts from the day on which
/// the paper arrived. The family gets a letter.
#[utoipa::path(tag = "contracts", request_body = PaperNotice,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses(
    (status = 200, description = "The contract", body = ContractDetail),
    (status = 409, description = "`family.has_account`: a guardian with custody has an account and gives notice there; \
        `contract.wrong_state`; `contract.notice_given`"),
    (status = 422, description = "`/last_day`: `too_early`, `too_late`, `last_months`; `/told/on`: `in_future`, `too_early`: before the \
        contract was drafted or, where care has begun, before that; `/told/by`: `not_written`: notice needs paper")))]
#[post("/staff/contracts/{contract_id}/notice")]
async fn record_contract_notice(
    ctx: Ctx,
    at: At<ContractId>,
    if_match: IfMatch,
    body: Body<PaperNotice>,
) -> Result<Versioned<ContractDetail>, ApiError> {
    step(
        &ctx,
        Action::RecordContractNotice,
        &if_match,
        &body,
        async |tx, seen, input| {
            let notice = Notice {
                last_day: input.last_day,
                reason: input.reason,
                by_agreement: false,
            };
            contracts::record_notice(tx, at.0, seen, &notice, input.told).await
        },
    )
    .await
}

/// The proof of protection against measles.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"shown_on": "2027-02-01"}))]
struct MeaslesProof {
    /// The day on which it was shown; `null`: it was not, and was noted by mistake.
    shown_on: Option<NaiveDate>,
}

/// Notes that the proof of protection against measles was shown to who is signed in (§ 20(9) IfSG). No document is kept.
#[utoipa::path(tag = "contracts", request_body = MeaslesProof,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses(
    (status = 200, description = "The contract", body = ContractDetail),
    (status = 409, description = "`contract.wrong_state`"),
    (status = 422, description = "`/shown_on`: `in_future`, `before_birth`")))]
#[put("/staff/contracts/{contract_id}/measles-proof")]
async fn note_measles_proof(
    ctx: Ctx,
    at: At<ContractId>,
    if_match: IfMatch,
    body: Body<MeaslesProof>,
) -> Result<Versioned<ContractDetail>, ApiError> {
    step(
        &ctx,
        Action::NoteMeaslesProof,
        &if_match,
        &body,
        async |tx, seen, proof| contracts::note_measles_proof(tx, at.0, seen, proof.shown_on).await,
    )
    .await
}
