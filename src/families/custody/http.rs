//! The API of custody over time.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, get, post, put};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{CustodyChange, NewCustody, Reason};
use super::store::{self, ChangeRow, CustodyRow};
use crate::access::{Action, Ctx, TenantRead};
use crate::families::{self, FamilyError, Restriction};
use crate::platform::http::{ApiError, At, Body, IfMatch, Versioned};
use crate::platform::ids::{ChildId, CustodyId, GuardianId, HouseholdId};

/// Adds the operations on custody.
pub(in crate::families) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_custody)
        .service(add_custody)
        .service(change_custody);
}

/// Name and contact of a guardian without an account.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PaperContact {
    first_name: String,
    last_name: String,
    phone: Option<String>,
    email: Option<String>,
    language: String,
    version: i32,
}

impl CustodyRow {
    fn paper_contact(&self, today: NaiveDate) -> Option<PaperContact> {
        let holds = self.valid_from <= today && self.valid_to.is_none_or(|to| to > today);
        (holds && !self.has_account).then(|| PaperContact {
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            phone: self.phone.clone(),
            email: self.email.clone(),
            language: self.language.clone(),
            version: self.guardian_version,
        })
    }
}

/// A time in which somebody has custody of a child.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CustodyTimeBody {
    id: CustodyId,
    guardian_id: GuardianId,
    /// First and last name.
    name: String,
    /// Whether the person has an account and sees the child there while custody holds.
    has_account: bool,
    valid_from: NaiveDate,
    /// First day on which it no longer holds.
    valid_to: Option<NaiveDate>,
    /// Whether it holds today.
    holds_today: bool,
    version: i32,
    /// What the office corrects for a person without an account; `null` for everybody else.
    contact: Option<PaperContact>,
    /// Where the person lives; the address itself stands in no view while it is protected.
    household_id: Option<HouseholdId>,
    household_version: Option<i32>,
    /// The household's address is protected (§ 51 BMG).
    address_protected: bool,
    /// Who works on the case of the protected household, and alone reads its address.
    case_worker_name: Option<String>,
    /// Whether that is the asker.
    case_is_mine: bool,
}

impl CustodyTimeBody {
    fn of(row: CustodyRow, tx: &TenantRead) -> Self {
        let today = tx.today();
        Self {
            holds_today: row.valid_from <= today && row.valid_to.is_none_or(|to| to > today),
            case_is_mine: row.case_worker.is_some() && row.case_worker == tx.account().map(|a| a.id),
            contact: row.paper_contact(today),
            id: row.id,
            guardian_id: row.guardian_id,
            name: row.name,
            has_account: row.has_account,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            version: row.version,
            household_id: row.household_id,
            household_version: row.household_version,
            address_protected: row.address_protected.unwrap_or(false),
            case_worker_name: row.case_worker_name,
        }
    }
}

/// What the office did to custody, as it stood afterwards.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CustodyChangeBody {
    at: DateTime<Utc>,
    guardian_id: GuardianId,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    reason: Reason,
    /// By whom.
    by: Option<String>,
}

/// Custody of a child over time.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CustodyBodyList {
    /// Ended and to come included, in the order of time.
    items: Vec<CustodyTimeBody>,
    /// What the office did, the latest first.
    changes: Vec<CustodyChangeBody>,
    /// Version of the child, for its restriction.
    child_version: i32,
    /// On which ground the child's data are restricted, where they are.
    restricted: Option<Restriction>,
}

/// Who has, had and will have custody of a child, and what the office did about it.
#[utoipa::path(tag = "families", responses((status = 200, description = "Custody over time", body = CustodyBodyList)))]
#[get("/office/children/{child_id}/custody")]
async fn list_custody(ctx: Ctx, at: At<ChildId>) -> Result<Json<CustodyBodyList>, ApiError> {
    ctx.read(Action::ListCustody, async |tx| {
        super::known(tx, at.0).await?;
        let change = |row: ChangeRow| CustodyChangeBody {
            at: row.at,
            guardian_id: row.guardian_id,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            reason: row.reason,
            by: row.by,
        };
        let (mut rows, mut changes) = (store::all(tx, at.0).await?, store::changes(tx, at.0).await?);
        if !tx.is_administrator() {
            hide_adoption(&mut rows, &mut changes, tx.today());
        }
        let (child_version, restricted) = families::restriction(tx, at.0).await?.ok_or(FamilyError::Missing)?;
        Ok(Json(CustodyBodyList {
            child_version,
            restricted,
            items: rows.into_iter().map(|row| CustodyTimeBody::of(row, tx)).collect(),
            changes: changes.into_iter().map(change).collect(),
        }))
    })
    .await
}

/// Who the parents were before an adoption is not told on (§ 1758 BGB); the administrators still correct what was entered wrongly.
fn hide_adoption(rows: &mut Vec<CustodyRow>, changes: &mut Vec<ChangeRow>, today: NaiveDate) {
    let adopted: Vec<GuardianId> = changes
        .iter()
        .filter(|change| change.reason == Reason::Adoption && change.valid_to.is_some())
        .map(|change| change.guardian_id)
        .collect();
    rows.retain(|row| row.valid_to.is_none_or(|to| to > today) || !adopted.contains(&row.guardian_id));
    changes.retain(|change| change.reason != Reason::Adoption && !adopted.contains(&change.guardian_id));
}

async fn one(tx: &mut TenantRead, child: ChildId, id: CustodyId) -> Result<CustodyTimeBody, ApiError> {
    let rows = store::all(tx, child).await?;
    let row = rows.into_iter().find(|row| row.id == id).ok_or(FamilyError::Missing)?;
    Ok(CustodyTimeBody::of(row, tx))
}

/// Gives another person custody of a child, for example the second parent.
#[utoipa::path(tag = "families", request_body = NewCustody,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The custody", body = CustodyTimeBody),
              (status = 409, description = "`family.has_custody`: the person has it in that time already")))]
#[post("/office/children/{child_id}/custody")]
async fn add_custody(ctx: Ctx, at: At<ChildId>, body: Body<NewCustody>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::AddCustody, StatusCode::CREATED, &body, async |tx| {
        let id = super::add(tx, at.0, body.parse()?).await?;
        one(tx, at.0, id).await
    })
    .await
}

/// Ends, begins again or corrects custody. Who has none any more sees nothing from the next request on, and gets no further message.
#[utoipa::path(tag = "families", request_body = CustodyChange,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The custody", body = CustodyTimeBody),
              (status = 409, description = "`family.nobody_left`: enter first who has custody then; `family.has_custody`: the person has it in that time already")))]
#[put("/office/custody/{custody_id}")]
async fn change_custody(
    ctx: Ctx,
    at: At<CustodyId>,
    if_match: IfMatch,
    body: Body<CustodyChange>,
) -> Result<Versioned<CustodyTimeBody>, ApiError> {
    ctx.write(Action::ChangeCustody, async |tx| {
        let child = super::change(tx, at.0, if_match.version()?, body.parse()?).await?;
        let body = one(tx, child, at.0).await?;
        Ok(Versioned::new(body.version, body))
    })
    .await
}
