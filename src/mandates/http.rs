//! The API of this slice.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, delete, get, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{Ender, MandateError, MandateState, NewMandate, PaperMandate};
use super::store::{self, Row, Which};
use crate::access::{Action, Ctx, TenantRead};
use crate::families::{self, child_label};
use crate::platform::http::{ApiError, At, Body, IfMatch};
use crate::platform::ids::{AccountId, ChildId, GuardianId, MandateId};
use crate::platform::limits::Kind;

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_family_mandates)
        .service(give_mandate)
        .service(withdraw_mandate)
        .service(list_child_mandates)
        .service(record_mandate)
        .service(end_mandate)
        .service(list_my_mandates)
        .service(accept_mandate)
        // Before the mandates themselves: `acting` is no id.
        .service(stop_acting)
        .service(give_back_mandate)
        .service(act_for_family);
}

impl From<MandateError> for ApiError {
    fn from(error: MandateError) -> Self {
        let says = error.to_string();
        match error {
            MandateError::Missing => Self::not_found(),
            MandateError::GuardianMissing => Self::conflict("family.guardian_missing", says),
            MandateError::OwnFamily => Self::conflict("mandate.own_family", says),
            MandateError::Over => Self::conflict("mandate.over", says),
            MandateError::NotAccepted => Self::conflict("mandate.not_accepted", says),
            MandateError::TooMany => Self::conflict("mandate.too_many", says),
            MandateError::Invalid(invalid) => invalid.into(),
            MandateError::Stale(stale) => stale.into(),
            MandateError::Db(db) => db.into(),
        }
    }
}

/// A child that a mandate names.
#[derive(Debug, Serialize, ToSchema)]
struct MandateChild {
    id: ChildId,
    /// First name; `erwartetes Kind` before birth.
    label: String,
}

/// A mandate.
#[derive(Debug, Serialize, ToSchema)]
struct MandateBody {
    id: MandateId,
    /// In whose name.
    guardian_id: GuardianId,
    /// That guardian's name.
    family_name: String,
    /// Who acts, as the family calls the person.
    name: String,
    /// Where the mandate was offered.
    email: String,
    /// Whether the person may also act, and not only look.
    may_act: bool,
    valid_from: NaiveDate,
    /// The last day.
    valid_until: NaiveDate,
    /// Given on paper and recorded by the office.
    on_paper: bool,
    state: MandateState,
    accepted_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    ended_by: Option<Ender>,
    children: Vec<MandateChild>,
    version: i32,
}

/// Mandates, the newest first.
#[derive(Debug, Serialize, ToSchema)]
struct Mandates {
    items: Vec<MandateBody>,
}

async fn body(row: Row, tx: &mut TenantRead) -> Result<MandateBody, ApiError> {
    // A mandate outlasts custody, and a child may have another name since: who gave it and who took it on are told of it no longer.
    let told = match tx.scope().own() {
        Some(_) => store::in_custody(tx, row.guardian_id, &row.child_ids).await?,
        None => row.child_ids.clone(),
    };
    told.iter().for_each(|child| tx.touch_child(*child));
    let language = &tx.language();
    let label = |name: &String| child_label(Some(name.as_str()).filter(|name| !name.is_empty()), None, language);
    Ok(MandateBody {
        state: MandateState::of(row.ended_at, row.accepted_at, row.valid_until, tx.today()),
        children: row
            .child_ids
            .iter()
            .zip(&row.child_names)
            .filter(|(id, _)| told.contains(id))
            .map(|(id, name)| MandateChild {
                id: *id,
                label: label(name),
            })
            .collect(),
        id: row.id,
        guardian_id: row.guardian_id,
        family_name: row.guardian_name,
        name: row.name,
        email: row.email,
        may_act: row.may_act,
        valid_from: row.valid_from,
        valid_until: row.valid_until,
        on_paper: row.on_paper,
        accepted_at: row.accepted_at,
        ended_at: row.ended_at,
        ended_by: row.ended_by,
        version: row.version,
    })
}

async fn listed(tx: &mut TenantRead, which: &Which) -> Result<Json<Mandates>, ApiError> {
    let mut items = Vec::new();
    for row in store::list(tx, which).await? {
        items.push(body(row, tx).await?);
    }
    Ok(Json(Mandates { items }))
}

async fn one(tx: &mut TenantRead, id: MandateId) -> Result<MandateBody, ApiError> {
    let row = super::find(tx, id).await?;
    body(row, tx).await
}

fn own(tx: &TenantRead) -> Result<AccountId, ApiError> {
    tx.scope().own().ok_or_else(ApiError::forbidden)
}

/// The mandates that one gave, or that the office recorded in one's name.
#[utoipa::path(tag = "mandates", responses((status = 200, description = "The mandates", body = Mandates)))]
#[get("/family/mandates")]
async fn list_family_mandates(ctx: Ctx) -> Result<Json<Mandates>, ApiError> {
    ctx.read(Action::ListFamilyMandates, async |tx| {
        let which = super::given_by(own(tx)?);
        listed(tx, &which).await
    })
    .await
}

/// Gives somebody a mandate for own children: to look, or also to act in one's name. It is offered by mail and holds once it is accepted.
#[utoipa::path(tag = "mandates", request_body = NewMandate,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The mandate", body = MandateBody),
              (status = 409, description = "`mandate.too_many`, `family.guardian_missing`")))]
#[post("/family/mandates")]
async fn give_mandate(ctx: Ctx, new: Body<NewMandate>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::GiveMandate, StatusCode::CREATED, &new, async |tx| {
        let limits = &ctx.platform.limits;
        limits.check(Kind::Mail, ctx.address).map_err(ApiError::too_many)?;
        let account = own(tx)?;
        let id = super::give(tx, account, new.parse()?).await?;
        one(tx, id).await
    })
    .await
}

/// Takes an own mandate back, at any time; whoever acted by it is refused from the next request on.
#[utoipa::path(tag = "mandates", responses((status = 204, description = "It holds no longer")))]
#[delete("/family/mandates/{mandate_id}")]
async fn withdraw_mandate(ctx: Ctx, at: At<MandateId>) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::WithdrawMandate, async |tx| {
        let account = own(tx)?;
        super::withdraw(tx, account, at.0).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// The mandates about a child, those that have ended too.
#[utoipa::path(tag = "mandates", responses((status = 200, description = "The mandates", body = Mandates)))]
#[get("/office/children/{child_id}/mandates")]
async fn list_child_mandates(ctx: Ctx, at: At<ChildId>) -> Result<Json<Mandates>, ApiError> {
    ctx.read(Action::ListChildMandates, async |tx| {
        let known = families::child_facts(tx, at.0).await?.is_some();
        if !known || families::is_hidden(tx, at.0).await? {
            return Err(ApiError::not_found());
        }
        tx.touch_child(at.0);
        let which = Which {
            child: Some(at.0),
            ..Which::default()
        };
        listed(tx, &which).await
    })
    .await
}

/// Records a mandate that a guardian gave on paper. The guardian is told.
#[utoipa::path(tag = "mandates", request_body = PaperMandate,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The mandate", body = MandateBody)))]
#[post("/office/mandates")]
async fn record_mandate(ctx: Ctx, new: Body<PaperMandate>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::RecordMandate, StatusCode::CREATED, &new, async |tx| {
        let paper = new.parse()?;
        let id = super::record(tx, paper.guardian_id, paper.into()).await?;
        one(tx, id).await
    })
    .await
}

/// Ends a mandate, for example because the guardian said so at the counter.
#[utoipa::path(tag = "mandates",
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The mandate", body = MandateBody)))]
#[post("/office/mandates/{mandate_id}/end")]
async fn end_mandate(ctx: Ctx, at: At<MandateId>, if_match: IfMatch) -> Result<Json<MandateBody>, ApiError> {
    ctx.write(Action::EndMandate, async |tx| {
        super::end_by_office(tx, at.0, if_match.version()?).await?;
        Ok(Json(one(tx, at.0).await?))
    })
    .await
}

/// The mandates that were given or offered to oneself.
#[utoipa::path(tag = "mandates", responses((status = 200, description = "The mandates", body = Mandates)))]
#[get("/mandates")]
async fn list_my_mandates(ctx: Ctx) -> Result<Json<Mandates>, ApiError> {
    ctx.read(Action::ListMyMandates, async |tx| {
        let which = Which {
            taken_by: Some(own(tx)?),
            ..Which::default()
        };
        listed(tx, &which).await
    })
    .await
}

/// Takes on a mandate that was offered to the own address.
#[utoipa::path(tag = "mandates", responses((status = 200, description = "The mandate", body = MandateBody),
    (status = 409, description = "`mandate.over`, `mandate.own_family`")))]
#[post("/mandates/{mandate_id}/accept")]
async fn accept_mandate(ctx: Ctx, at: At<MandateId>) -> Result<Json<MandateBody>, ApiError> {
    ctx.write(Action::AcceptMandate, async |tx| {
        let account = own(tx)?;
        super::accept(tx, account, at.0).await?;
        Ok(Json(one(tx, at.0).await?))
    })
    .await
}

/// Gives a mandate back, or does not take it on.
#[utoipa::path(tag = "mandates", responses((status = 204, description = "It holds no longer")))]
#[delete("/mandates/{mandate_id}")]
async fn give_back_mandate(ctx: Ctx, at: At<MandateId>) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::GiveBackMandate, async |tx| {
        let account = own(tx)?;
        super::give_back(tx, account, at.0).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// Acts in the family's name with this session, until that is stopped: the operations of a family answer with the named children.
#[utoipa::path(tag = "mandates", responses((status = 204, description = "The session acts in the family's name"),
    (status = 409, description = "`mandate.over`, `mandate.not_accepted`")))]
#[post("/mandates/{mandate_id}/act")]
async fn act_for_family(ctx: Ctx, at: At<MandateId>) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::ActForFamily, async |tx| {
        let account = own(tx)?;
        super::act(tx, account, at.0).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// Acts for oneself again.
#[utoipa::path(tag = "mandates", responses((status = 204, description = "The session acts for nobody else")))]
#[delete("/mandates/acting")]
async fn stop_acting(ctx: Ctx) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::StopActing, async |tx| {
        super::stop(tx).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}
