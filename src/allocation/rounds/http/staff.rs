//! Coordinated rounds with the facilities of whoever asks: how each takes part, and what waits for it.

use actix_web::get;
use actix_web::web::Json;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::steps::{FacilityStand, StepBody, stand, step_bodies};
use crate::access::{Action, Ctx, TenantRead};
use crate::allocation::rounds::coordination::{Choice, FacilityMode};
use crate::allocation::rounds::model::RoundState;
use crate::allocation::rounds::{self, standing, store};
use crate::facilities;
use crate::platform::http::ApiError;
use crate::platform::ids::{FacilityId, RoundId};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(list_staff_rounds);
}

/// A facility of the asker's in a round.
#[derive(Debug, Serialize, ToSchema)]
struct StaffFacilityBody {
    facility_id: FacilityId,
    facility_name: String,
    mode: FacilityMode,
    continue_by_points: bool,
    /// Whether its people chose it; else it is what holds without a choice.
    chosen: bool,
    /// `null` before the freeze.
    stand: Option<FacilityStand>,
    /// Of the choice and the answers, for edits; 0 before the first.
    version: i32,
}

/// A coordinated round.
#[derive(Debug, Serialize, ToSchema)]
struct StaffRoundBody {
    id: RoundId,
    name: String,
    state: RoundState,
    key_date: NaiveDate,
    start_on: NaiveDate,
    /// The newest step.
    step: Option<StepBody>,
    /// Whether the facilities can still choose how they take part.
    may_choose: bool,
    /// Whether all steps are over.
    done: bool,
    facilities: Vec<StaffFacilityBody>,
}

/// Coordinated rounds.
#[derive(Debug, Serialize, ToSchema)]
struct StaffRoundList {
    items: Vec<StaffRoundBody>,
}

/// Coordinated rounds from their planning to their release, with the facilities in reach.
#[utoipa::path(tag = "allocation", responses((status = 200, description = "The rounds", body = StaffRoundList)))]
#[get("/staff/rounds")]
async fn list_staff_rounds(ctx: Ctx) -> Result<Json<StaffRoundList>, ApiError> {
    ctx.read(Action::ListStaffRounds, async |tx| {
        let scope = tx.scope().clone();
        let mine = store::open_facilities(tx, scope.facilities()).await?;
        let names = facilities::facility_briefs(tx, &mine).await?;
        let mut items = Vec::new();
        for row in store::coordinated(tx).await? {
            items.push(staff_round(tx, row, &mine, &names).await?);
        }
        Ok(Json(StaffRoundList { items }))
    })
    .await
}

async fn staff_round(
    tx: &mut TenantRead,
    row: store::StaffRound,
    mine: &[FacilityId],
    names: &[facilities::FacilityBrief],
) -> Result<StaffRoundBody, ApiError> {
    let round = rounds::round(tx, row.id).await?;
    let standing = match round.frozen_at {
        Some(_) => Some(standing::standing(tx, &round).await?),
        None => None,
    };
    let rows = store::choices(tx, row.id).await?;
    let facility = |id: &FacilityId| {
        let chosen = rows.iter().find(|c| c.facility_id == *id);
        let choice = chosen.map_or_else(Choice::default, |c| Choice {
            mode: c.mode,
            continue_by_points: c.continue_by_points,
        });
        StaffFacilityBody {
            facility_id: *id,
            facility_name: name(names, *id),
            mode: choice.mode,
            continue_by_points: choice.continue_by_points,
            chosen: chosen.is_some(),
            stand: standing.as_ref().map(|s| stand(s, *id)),
            version: chosen.map_or(0, |c| c.version),
        }
    };
    let body = StaffRoundBody {
        facilities: mine.iter().map(facility).collect(),
        id: row.id,
        name: row.name,
        state: row.state,
        key_date: row.key_date,
        start_on: row.start_on,
        step: standing.as_ref().and_then(|s| step_bodies(s).pop()),
        may_choose: row.state != RoundState::Paused && standing.as_ref().is_none_or(|s| s.rows.is_empty()),
        done: standing.is_some_and(|s| s.inputs.done()),
    };
    Ok(body)
}

pub(super) fn name(names: &[facilities::FacilityBrief], id: FacilityId) -> String {
    names
        .iter()
        .find(|f| f.id == id)
        .map(|f| f.name.clone())
        .unwrap_or_default()
}
