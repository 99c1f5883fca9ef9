//! The API of allocation rounds.

mod board;
mod board_bodies;
mod bodies;
mod case_bodies;
mod cases;
mod letter;
mod planning;
mod running;
mod seen;
mod siblings;
mod simulation;
mod staff;
mod steps;
mod why;

use utoipa_actix_web::service_config::ServiceConfig;

use super::RoundError;
use crate::platform::http::ApiError;

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    planning::routes(routes);
    running::routes(routes);
    cases::routes(routes);
    seen::routes(routes);
    steps::routes(routes);
    staff::routes(routes);
    board::routes(routes);
    why::routes(routes);
    letter::routes(routes);
    simulation::routes(routes);
}

impl From<RoundError> for ApiError {
    fn from(error: RoundError) -> Self {
        let says = error.to_string();
        match error {
            RoundError::Missing => Self::not_found(),
            RoundError::State(_) => Self::conflict("round.wrong_state", says),
            RoundError::KeyDateAhead => Self::conflict("round.key_date_ahead", says),
            RoundError::DrawOver => Self::conflict("round.draw_over", says),
            RoundError::PointsBeingCounted => Self::conflict("round.points_being_counted", says),
            RoundError::AnotherUnderWay => Self::conflict("round.another_under_way", says),
            RoundError::DrawAhead => Self::conflict("round.draw_ahead", says),
            RoundError::SeedStands => Self::conflict("round.seed_stands", says),
            RoundError::SamePerson(_) => Self::conflict("round.same_person", says),
            RoundError::DecisionsDoNotFit(_) => Self::conflict("round.decisions_do_not_fit", says),
            RoundError::NotFinal => Self::conflict("round.not_final", says),
            RoundError::RunOutdated => Self::conflict("round.run_outdated", says),
            RoundError::ConflictsNotOpened => Self::conflict("round.conflicts_not_opened", says),
            RoundError::CasesUndecided => Self::conflict("round.cases_undecided", says),
            RoundError::DeviationPending => Self::conflict("round.deviation_pending", says),
            RoundError::DeviationStands => Self::conflict("round.deviation_stands", says),
            RoundError::DeviationState(_) => Self::conflict("round.deviation_wrong_state", says),
            RoundError::StillSending => Self::conflict("round.still_sending", says),
            RoundError::NotCoordinated => Self::conflict("round.not_coordinated", says),
            RoundError::NotFrozen => Self::conflict("round.not_frozen", says),
            RoundError::StepsOpened => Self::conflict("round.steps_opened", says),
            RoundError::StepOver => Self::conflict("round.step_over", says),
            RoundError::NotAwaited => Self::conflict("round.not_awaited", says),
            RoundError::StepRunning => Self::conflict("round.step_running", says),
            RoundError::NotDecided => Self::conflict("round.not_decided", says),
            RoundError::NotReleased => Self::conflict("round.not_released", says),
            RoundError::Invalid(invalid) => invalid.into(),
            RoundError::Stale(stale) => stale.into(),
            RoundError::Demand(demand) => demand.into(),
            RoundError::NotVerified(_) | RoundError::Broken(_) => Self::internal(&says),
            RoundError::Db(db) => db.into(),
        }
    }
}
