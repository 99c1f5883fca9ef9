//! The API of this slice.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{AbsenceReason, ChildOfAbsence, NewAbsence, SubstituteError};
use crate::access::{Action, Ctx, TenantRead};
use crate::families;
use crate::platform::http::{ApiError, At, Body};
use crate::platform::ids::{AbsenceId, ContractId, FacilityId};

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_absences)
        .service(record_absence)
        .service(arrange_substitute)
        .service(cancel_absence);
}

impl From<SubstituteError> for ApiError {
    fn from(error: SubstituteError) -> Self {
        let says = error.to_string();
        match error {
            SubstituteError::Missing => Self::not_found(),
            SubstituteError::NotChildminder => Self::conflict("substitute.not_childminder", says),
            SubstituteError::Overlaps => Self::conflict("substitute.overlaps", says),
            SubstituteError::Over => Self::conflict("substitute.over", says),
            SubstituteError::Full(_) => Self::conflict("substitute.full", says),
            SubstituteError::Away(_) => Self::conflict("substitute.away", says),
            SubstituteError::Unknown => Self::conflict("substitute.unknown", says),
            SubstituteError::Invalid(invalid) => invalid.into(),
            SubstituteError::Db(db) => db.into(),
        }
    }
}

/// Who looks after a child meanwhile.
#[derive(Debug, Serialize, ToSchema)]
struct ArrangedBody {
    facility_id: FacilityId,
    name: String,
}

/// A child that needs somebody while its childminder is away.
#[derive(Debug, Serialize, ToSchema)]
struct AbsenceChildBody {
    contract_id: ContractId,
    /// First name and initial; of a restricted child nothing is said.
    child_label: Option<String>,
    /// `null`: nobody yet.
    substitute: Option<ArrangedBody>,
}

/// Days on which a childminder is away.
#[derive(Debug, Serialize, ToSchema)]
struct AbsenceBody {
    id: AbsenceId,
    from_on: NaiveDate,
    to_on: NaiveDate,
    reason: AbsenceReason,
    /// Children for whom nobody was found yet.
    uncovered: usize,
    children: Vec<AbsenceChildBody>,
}

/// A child that comes in place of its childminder.
#[derive(Debug, Serialize, ToSchema)]
struct SubstituteGuest {
    absence_id: AbsenceId,
    contract_id: ContractId,
    /// First name and initial; of a restricted child nothing is said.
    child_label: Option<String>,
    /// The childminder's place.
    facility_name: String,
    from_on: NaiveDate,
    to_on: NaiveDate,
}

/// What a facility has to do with substitute care from today on.
#[derive(Debug, Serialize, ToSchema)]
struct AbsencesBody {
    /// Whether it is a childminder's: only she is away.
    childminder: bool,
    absences: Vec<AbsenceBody>,
    guests: Vec<SubstituteGuest>,
}

fn label(first: Option<&str>, last: Option<&str>, language: &str) -> Option<String> {
    (first.is_some() || last.is_some()).then(|| families::child_label(first, last, language))
}

async fn body(tx: &mut TenantRead, facility: FacilityId) -> Result<AbsencesBody, ApiError> {
    let found = super::overview(tx, facility).await?;
    let language = tx.account().map_or("de", |a| a.language.as_str());
    let child = |child: ChildOfAbsence| AbsenceChildBody {
        contract_id: child.contract,
        child_label: label(child.first_name.as_deref(), child.last_name.as_deref(), language),
        substitute: child
            .substitute
            .map(|(facility_id, name)| ArrangedBody { facility_id, name }),
    };
    let absences = found.absences.into_iter().map(|(row, children)| AbsenceBody {
        id: row.id,
        from_on: row.from_on,
        to_on: row.to_on,
        reason: row.reason,
        uncovered: children.iter().filter(|child| child.substitute.is_none()).count(),
        children: children.into_iter().map(child).collect(),
    });
    let guests = found.guests.into_iter().map(|row| SubstituteGuest {
        absence_id: row.absence_id,
        contract_id: row.contract_id,
        child_label: label(row.first_name.as_deref(), row.last_name.as_deref(), language),
        facility_name: row.facility_name,
        from_on: row.from_on,
        to_on: row.to_on,
    });
    Ok(AbsencesBody {
        childminder: found.childminder,
        absences: absences.collect(),
        guests: guests.collect(),
    })
}

/// The days on which a childminder is away from today on, who looks after each child meanwhile, and the guests who come to a facility.
#[utoipa::path(tag = "substitutes", responses((status = 200, description = "Absences and guests", body = AbsencesBody)))]
#[get("/staff/facilities/{facility_id}/absences")]
async fn list_absences(ctx: Ctx, at: At<FacilityId>) -> Result<Json<AbsencesBody>, ApiError> {
    ctx.read(Action::ListAbsences, async |tx| Ok(Json(body(tx, at.0).await?)))
        .await
}

/// A childminder is away. Each child goes to the substitute whom she named, where there is room; families and substitute are told.
#[utoipa::path(tag = "substitutes", request_body = NewAbsence,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses(
    (status = 201, description = "Absences and guests", body = AbsencesBody),
    (status = 409, description = "`substitute.not_childminder`: a daycare centre closes instead; `substitute.overlaps`: she is away on \
        some of these days already"),
    (status = 422, description = "`/from_on`: `too_early`, `too_late`; `/to_on`: `before_start`, `too_late` (more than 92 days)")))]
#[post("/staff/facilities/{facility_id}/absences")]
async fn record_absence(ctx: Ctx, at: At<FacilityId>, new: Body<NewAbsence>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::RecordAbsence, StatusCode::CREATED, &new, async |tx| {
        super::record(tx, at.0, new.parse()?).await?;
        body(tx, at.0).await
    })
    .await
}

/// Who looks after a child on these days.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"contract_id": "0190d6f0-7b5c-7cc0-8000-000000000001", "substitute_id": "0190d6f0-7b5c-7cc0-8000-000000000002"}))]
struct Arrangement {
    /// Whose contract.
    contract_id: ContractId,
    /// Where the child goes; `null`: what was arranged is taken back.
    substitute_id: Option<FacilityId>,
}

/// Gives a child to a substitute for the rest of an absence, or takes that back. The substitute's own people may take it back too.
#[utoipa::path(tag = "substitutes", request_body = Arrangement, responses(
    (status = 204, description = "Arranged; family and substitute are told"),
    (status = 409, description = "`substitute.full`: too many children at the same time on one of the days; `substitute.away`: away or \
        closed on one of them; `substitute.unknown`: its places are not known; `substitute.over`: the absence is over"),
    (status = 422, description = "`/substitute_id`: `unknown`")))]
#[post("/staff/absences/{absence_id}/substitute")]
async fn arrange_substitute(ctx: Ctx, at: At<AbsenceId>, new: Body<Arrangement>) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::ArrangeSubstitute, async |tx| {
        let new = new.parse()?;
        super::arrange(tx, at.0, new.contract_id, new.substitute_id).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// The childminder is not away after all, or comes back earlier: from today on the children come to her again.
#[utoipa::path(tag = "substitutes", responses(
    (status = 204, description = "Families and substitutes are told"),
    (status = 409, description = "`substitute.over`: the absence is over")))]
#[post("/staff/absences/{absence_id}/cancel")]
async fn cancel_absence(ctx: Ctx, at: At<AbsenceId>) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::CancelAbsence, async |tx| {
        super::cancel(tx, at.0).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}
