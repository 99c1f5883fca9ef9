//! The API of this slice.

use actix_web::web::Json;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{ContractError, ContractState};
use super::store::{self, ContractRow, Filter};
use crate::access::{Action, Ctx, TenantRead};
use crate::documents::{self, ContractDraft};
use crate::platform::clock::berlin_date;
use crate::platform::dates::hours_minutes;
use crate::platform::http::{ApiError, At, Page, PageQuery, Query, Versioned};
use crate::platform::ids::{ChildId, ContractId, DemandId, FacilityId, OfferId};
use crate::{facilities, families};

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_contracts)
        .service(get_contract_draft)
        .service(get_contract);
}

impl From<ContractError> for ApiError {
    fn from(error: ContractError) -> Self {
        let says = error.to_string();
        match error {
            ContractError::Missing => Self::not_found(),
            ContractError::Overlaps => Self::conflict("contract.overlaps", says),
            ContractError::Document(document) => document.into(),
            ContractError::Db(db) => db.into(),
        }
    }
}

/// A child as staff and family name it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContractChild)]
struct ChildBody {
    id: ChildId,
    /// First name and initial; `erwartetes Kind` before birth.
    label: String,
}

/// A care contract.
#[derive(Debug, Serialize, ToSchema)]
struct ContractBody {
    id: ContractId,
    offer_id: OfferId,
    demand_id: DemandId,
    facility_id: FacilityId,
    facility_name: String,
    provider_name: Option<String>,
    child: ChildBody,
    state: ContractState,
    care_from: NaiveDate,
    /// First day on which the place is free again.
    care_until: NaiveDate,
    hours_per_week: i32,
    #[serde(serialize_with = "hours_minutes")]
    #[schema(value_type = Option<String>, example = "08:00")]
    window_from: Option<NaiveTime>,
    #[serde(serialize_with = "hours_minutes")]
    #[schema(value_type = Option<String>, example = "16:00")]
    window_to: Option<NaiveTime>,
    created_at: DateTime<Utc>,
    version: i32,
}

impl ContractBody {
    fn of(row: ContractRow, language: &str) -> Self {
        Self {
            id: row.id,
            offer_id: row.offer_id,
            demand_id: row.demand_id,
            facility_id: row.facility_id,
            facility_name: row.facility_name,
            provider_name: row.provider_name,
            child: ChildBody {
                id: row.child_id,
                label: families::child_label(
                    row.child_first_name.as_deref(),
                    row.child_last_name.as_deref(),
                    language,
                ),
            },
            state: row.state,
            care_from: row.care_from,
            care_until: row.care_until,
            hours_per_week: row.hours_per_week,
            window_from: row.window_from,
            window_to: row.window_to,
            created_at: row.created_at,
            version: row.version,
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
    /// Where the page begins.
    cursor: Option<String>,
    /// How many rows, 1 to 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Care contracts: a family's own, or those of the facilities in reach, newest first.
#[utoipa::path(tag = "contracts", params(ContractQuery),
    responses((status = 200, description = "A page of contracts", body = Page<ContractBody>)))]
#[get("/contracts")]
async fn list_contracts(ctx: Ctx, query: Query<ContractQuery>) -> Result<Json<Page<ContractBody>>, ApiError> {
    let query = query.0;
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    ctx.read(Action::ListContracts, async |tx| {
        let limit = page.limit()?;
        let filter = Filter {
            facility: query.facility_id,
            state: query.state,
            after: page.after()?,
            limit: limit + 1,
            ..Filter::default()
        };
        let rows = store::list(tx, &filter).await?;
        rows.iter().for_each(|row| tx.touch_child(row.child_id));
        let language = language_of(tx);
        let page = Page::from_rows(rows, limit, |row| (row.created_at, row.id));
        Ok(Json(page.map(|row| ContractBody::of(row, &language))))
    })
    .await
}

/// One care contract.
#[utoipa::path(tag = "contracts", responses((status = 200, description = "The contract", body = ContractBody)))]
#[get("/contracts/{contract_id}")]
async fn get_contract(ctx: Ctx, at: At<ContractId>) -> Result<Versioned<ContractBody>, ApiError> {
    ctx.read(Action::GetContract, async |tx| {
        let row = found(tx, at.0).await?;
        let language = language_of(tx);
        Ok(Versioned::new(row.version, ContractBody::of(row, &language)))
    })
    .await
}

/// The draft of a care contract as an accessible PDF.
#[utoipa::path(tag = "contracts", params(("language" = Option<String>, Query, description = "`de` or `en`")), responses(
    (status = 200, description = "The draft", body = Vec<u8>, content_type = "application/pdf"),
    (status = 501, description = "`documents.off`: this installation makes no documents")))]
#[get("/contracts/{contract_id}/draft.pdf")]
async fn get_contract_draft(
    ctx: Ctx,
    at: At<ContractId>,
    query: Query<LanguageQuery>,
) -> Result<HttpResponse, ApiError> {
    let (head, draft) = ctx
        .read(Action::GetContractDraft, async |tx| {
            let row = found(tx, at.0).await?;
            let language = query.0.language.unwrap_or_else(|| language_of(tx));
            Ok((documents::letterhead(tx, &language).await?, draft_of(tx, row).await?))
        })
        .await?;
    // After the transaction: no connection waits for the typesetter.
    Ok(documents::contract_draft_pdf(head, draft)
        .await?
        .answer("vertragsentwurf.pdf"))
}

/// In which language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LanguageQuery {
    language: Option<String>,
}

async fn found(tx: &mut TenantRead, id: ContractId) -> Result<ContractRow, ApiError> {
    let filter = Filter {
        id: Some(id),
        limit: 1,
        ..Filter::default()
    };
    let row = store::list(tx, &filter).await?.pop().ok_or(ContractError::Missing)?;
    tx.touch(id);
    tx.touch_child(row.child_id);
    Ok(row)
}

async fn draft_of(tx: &mut TenantRead, row: ContractRow) -> Result<ContractDraft, ApiError> {
    let child = families::child_facts(tx, row.child_id).await?;
    let guardians = families::guardians_of(tx, row.child_id).await?;
    let facility = facilities::facility_brief(tx, row.facility_id).await?;
    let full_name = |first: &str, last: Option<&str>| match last {
        Some(last) => format!("{first} {last}"),
        None => first.to_owned(),
    };
    Ok(ContractDraft {
        accepted_on: berlin_date(row.created_at),
        child: child.as_ref().and_then(|c| {
            let first = c.first_name.as_deref()?;
            Some(full_name(first, c.last_name.as_deref()))
        }),
        birth_date: child.as_ref().and_then(|c| c.birth_date),
        expected_birth_date: child.as_ref().and_then(|c| c.expected_birth_date),
        guardians: guardians
            .iter()
            .map(|g| full_name(&g.first_name, Some(&g.last_name)))
            .collect(),
        facility: row.facility_name,
        facility_address: facility.map(|f| one_line(&f)).unwrap_or_default(),
        provider: row.provider_name,
        care_from: row.care_from,
        care_until: row.care_until,
        hours_per_week: row.hours_per_week,
        window: row.window_from.zip(row.window_to),
    })
}

fn one_line(facility: &facilities::FacilityBrief) -> String {
    let street = format!("{} {}", facility.street, facility.house_number);
    let place = format!("{} {}", facility.postal_code, facility.city);
    let parts = [street.trim(), place.trim()];
    parts
        .into_iter()
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// The reader's language.
fn language_of(tx: &TenantRead) -> String {
    tx.account().map_or_else(|| "de".to_owned(), |a| a.language.clone())
}
