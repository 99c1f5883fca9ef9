//! The office and consents that do not hold any more while a contract stands, and what families see of it.

use actix_web::post;
use actix_web::web::Json;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::bodies::ResidenceBody;
use super::guests::shown;
use crate::access::{Action, Ctx};
use crate::platform::http::{ApiError, At, Body, IfMatch};
use crate::platform::ids::{ContractId, DemandId};
use crate::residence::{self, GuestRow, GuestState, LapseDecision, LapseReason, LapseRow, NewDecision, Withdrawal};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(record_consent_withdrawal).service(decide_consent_lapse);
}

/// What a family sees of a consent that does not hold any more.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GuestLapseOfDemand)]
pub struct LapseShown {
    /// First day without the consent.
    lapses_on: NaiveDate,
    /// Whether it was withdrawn; otherwise its time was over.
    withdrawn: bool,
    /// Until when the office decides.
    decide_by: NaiveDate,
    /// What it decided; `null`: it is open, and the contract stands.
    decision: Option<LapseDecision>,
}

/// What a family sees of the consent of its home municipality.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GuestOfDemand)]
pub struct GuestShown {
    /// Where it stands.
    state: GuestState,
    /// First day of the consent.
    valid_from: Option<NaiveDate>,
    /// First day without it; `null`: no end was named.
    valid_until: Option<NaiveDate>,
    /// It does not hold any more, or will not, while a contract stands; `null` when there is a new one.
    lapse: Option<LapseShown>,
}

impl GuestShown {
    /// From the rows.
    pub fn of(row: &GuestRow, lapse: Option<&LapseRow>) -> Self {
        let granted = row.state == GuestState::Granted;
        let without_new =
            |lapse: &&LapseRow| lapse.decision.is_none() || !granted || row.valid_until == Some(lapse.lapses_on);
        Self {
            state: row.state,
            valid_from: row.valid_from.filter(|_| granted),
            valid_until: row.valid_until.filter(|_| granted),
            lapse: lapse.filter(without_new).map(|lapse| LapseShown {
                lapses_on: lapse.lapses_on,
                withdrawn: lapse.reason != LapseReason::Ended,
                decide_by: lapse.decide_by,
                decision: lapse.decision,
            }),
        }
    }
}

/// A consent that was withdrawn or ended while a contract stood, as the office sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GuestLapse)]
pub(super) struct LapseBody {
    /// The contract that stands.
    contract_id: ContractId,
    facility_name: String,
    /// First day without the consent.
    lapses_on: NaiveDate,
    reason: LapseReason,
    /// The other municipality's.
    file_number: Option<String>,
    /// Until when the office decides.
    decide_by: NaiveDate,
    /// `null`: it is open.
    decision: Option<LapseDecision>,
    decided_on: Option<NaiveDate>,
    /// First day without the new consent; `null`: there is none, or it has no end.
    granted_until: Option<NaiveDate>,
    decision_reason: Option<String>,
}

impl LapseBody {
    pub(super) fn of(row: LapseRow) -> Self {
        Self {
            contract_id: row.contract_id,
            facility_name: row.facility_name,
            lapses_on: row.lapses_on,
            reason: row.reason,
            file_number: row.file_number,
            decide_by: row.decide_by,
            decision: row.decision,
            decided_on: row.decided_on,
            granted_until: row.granted_until,
            decision_reason: row.decision_reason,
        }
    }
}

/// The home municipality takes back a consent on which a signed contract rests. The contract stands; family, facility and office are told,
/// and the office decides.
#[utoipa::path(tag = "residence", request_body = Withdrawal,
    params(("if-match" = String, Header, description = "Version of the guest that was seen")),
    responses((status = 200, description = "The residence", body = ResidenceBody),
              (status = 409, description = "`residence.no_guest`, `residence.not_running`; `residence.not_granted`: no consent is noted; \
                                            `residence.no_contract`: no signed contract lasts beyond the day; `residence.lapse_open`"),
              (status = 422, description = "A day out of order")))]
#[post("/office/demands/{demand_id}/guest/withdrawal")]
async fn record_consent_withdrawal(
    ctx: Ctx,
    at: At<DemandId>,
    if_match: IfMatch,
    body: Body<Withdrawal>,
) -> Result<Json<ResidenceBody>, ApiError> {
    ctx.write(Action::RecordConsentWithdrawal, async |tx| {
        residence::record_withdrawal(tx, at.0, if_match.version()?, body.parse()?).await?;
        shown(tx, at.0).await
    })
    .await
}

/// Settles a consent that does not hold any more: the costs are taken over, there is a new consent, or the contract is being ended by the
/// usual notice, which the facility or the family gives.
#[utoipa::path(tag = "residence", request_body = NewDecision,
    params(("if-match" = String, Header, description = "Version of the guest that was seen")),
    responses((status = 200, description = "The residence", body = ResidenceBody),
              (status = 409, description = "`residence.no_guest`, `residence.not_running`; `residence.no_lapse`: nothing is open"),
              (status = 422, description = "A day out of order, or no reason")))]
#[post("/office/demands/{demand_id}/guest/decision")]
async fn decide_consent_lapse(
    ctx: Ctx,
    at: At<DemandId>,
    if_match: IfMatch,
    body: Body<NewDecision>,
) -> Result<Json<ResidenceBody>, ApiError> {
    ctx.write(Action::DecideConsentLapse, async |tx| {
        residence::decide(tx, at.0, if_match.version()?, body.parse()?).await?;
        shown(tx, at.0).await
    })
    .await
}
