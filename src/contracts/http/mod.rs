//! The API of this slice.

mod amendments;
mod bodies;
mod family;
mod rule_change;
mod school;
mod staff;

use actix_web::web::Json;
use actix_web::{HttpResponse, get};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::contract;
use super::model::{ContractError, ContractState};
use super::store::{self, ContractSort, Filter};
use crate::access::{Action, Ctx};
use crate::documents;
use crate::platform::http::{ApiError, At, OrderQuery, Page, Query, Versioned, beginning};
use crate::platform::ids::{ContractId, FacilityId};
use bodies::{ContractBody, ContractDetail, detail, paper};

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_contracts)
        .service(get_contract_draft)
        .service(get_contract);
    amendments::routes(routes);
    family::routes(routes);
    rule_change::routes(routes);
    school::routes(routes);
    staff::routes(routes);
    super::templates::http::routes(routes);
}

impl From<ContractError> for ApiError {
    fn from(error: ContractError) -> Self {
        let says = error.to_string();
        match error {
            ContractError::Missing => Self::not_found(),
            ContractError::Overlaps => Self::conflict("contract.overlaps", says),
            ContractError::Transition(_) => Self::conflict("contract.wrong_state", says),
            ContractError::Signed => Self::conflict("contract.signed_already", says),
            ContractError::ConsentMissing => Self::conflict("contract.consent_missing", says),
            ContractError::SignatureMissing => Self::conflict("contract.signature_missing", says),
            ContractError::NoChange => Self::conflict("contract.no_change", says),
            ContractError::HasAccount => Self::conflict("family.has_account", says),
            ContractError::NoticeGiven => Self::conflict("contract.notice_given", says),
            ContractError::NoPlace => Self::conflict("contract.no_place", says),
            ContractError::ContractsFull => Self::conflict("capacity.contracts_full", says),
            ContractError::TooMany(seconds) => Self::too_many(seconds),
            ContractError::Invalid(invalid) => invalid.into(),
            ContractError::Stale(stale) => stale.into(),
            ContractError::Capacity(capacity) => Self::internal(&capacity),
            ContractError::Document(document) => document.into(),
            ContractError::Db(db) => db.into(),
        }
    }
}

/// What a list of contracts is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ContractQuery {
    /// Only of this facility.
    facility_id: Option<FacilityId>,
    /// Only in this state.
    state: Option<ContractState>,
    /// Only those for which the proof of protection against measles is missing: agreed, of a child that is a year old by then.
    #[serde(default)]
    measles_missing: bool,
    /// Beginning of the child's name.
    q: Option<String>,
    #[serde(flatten)]
    #[param(ignore)]
    order: OrderQuery<ContractSort>,
}

/// Care contracts: a family's own, or those of the facilities in reach; filtered and sorted.
#[utoipa::path(tag = "contracts", params(ContractQuery, OrderQuery<ContractSort>),
    responses((status = 200, description = "A page of contracts", body = Page<ContractBody>)))]
#[get("/contracts")]
async fn list_contracts(ctx: Ctx, query: Query<ContractQuery>) -> Result<Json<Page<ContractBody>>, ApiError> {
    let query = query.0;
    ctx.read(Action::ListContracts, async |tx| {
        let filter = Filter {
            facility: query.facility_id,
            state: query.state,
            measles_missing: query.measles_missing,
            q: beginning(query.q),
            order: query.order.order()?,
            ..Filter::default()
        };
        let rows = store::list(tx, &filter).await?;
        rows.iter().for_each(|row| tx.touch_child(row.child_id));
        let language = tx.language();
        let page = filter.order.page(rows);
        Ok(Json(page.map(|row| ContractBody::of(row, &language))))
    })
    .await
}

/// One care contract, with its words, its signatures, and what notice would do.
#[utoipa::path(tag = "contracts", responses((status = 200, description = "The contract", body = ContractDetail)))]
#[get("/contracts/{contract_id}")]
async fn get_contract(ctx: Ctx, at: At<ContractId>) -> Result<Versioned<ContractDetail>, ApiError> {
    ctx.read(Action::GetContract, async |tx| {
        let row = contract(tx, at.0).await?;
        detail(tx, row).await
    })
    .await
}

/// A care contract as an accessible PDF: the draft, or the contract with its signatures.
#[utoipa::path(tag = "contracts", params(("language" = Option<String>, Query, description = "`de` or `en`")), responses(
    (status = 200, description = "The document", body = Vec<u8>, content_type = "application/pdf"),
    (status = 501, description = "`documents.off`: this installation makes no documents")))]
#[get("/contracts/{contract_id}/draft.pdf")]
async fn get_contract_draft(
    ctx: Ctx,
    at: At<ContractId>,
    query: Query<LanguageQuery>,
) -> Result<HttpResponse, ApiError> {
    let (head, paper) = ctx
        .read(Action::GetContractDraft, async |tx| {
            let row = contract(tx, at.0).await?;
            let language = query.0.language.unwrap_or_else(|| tx.language());
            Ok((documents::letterhead(tx, &language).await?, paper(tx, &row).await?))
        })
        .await?;
    let name = if paper.sent {
        "vertrag.pdf"
    } else {
        "vertragsentwurf.pdf"
    };
    // After the transaction: no connection waits for the typesetter.
    Ok(documents::contract_pdf(head, paper).await?.answer(name))
}

/// In which language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LanguageQuery {
    language: Option<String>,
}
