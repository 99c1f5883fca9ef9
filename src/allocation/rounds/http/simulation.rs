//! Several sets of criteria side by side over the frozen demands of a round, and whose place hangs on the draw.

use actix_web::post;
use actix_web::web::Json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{Action, Ctx};
use crate::allocation::rounds::report::Difference;
use crate::allocation::rounds::simulation::{self, Column, MOST_SETS};
use crate::demands::SetState;
use crate::platform::fields::Fields;
use crate::platform::http::{ApiError, At, Body};
use crate::platform::ids::{CriteriaSetId, RoundId};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(simulate_round);
}

/// Sets of criteria to be tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SimulationInput, example = json!({"criteria_set_ids": ["5b3f0f0e-1d2c-4b3a-8f9e-7a6b5c4d3e2f"]}))]
struct Input {
    /// One to four, drafts or published.
    #[schema(min_items = 1, max_items = 4)]
    criteria_set_ids: Vec<CriteriaSetId>,
}

/// What one set would give.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SimulatedSet)]
struct SimulatedBody {
    criteria_set_id: CriteriaSetId,
    name: String,
    number: i32,
    /// Whose set it is; `null`: the municipality's.
    provider_name: Option<String>,
    state: SetState,
    /// Children who gain and who lose against the frozen order, in numbers.
    against_frozen: Difference,
    #[serde(flatten)]
    column: Column,
}

/// The sets side by side.
#[derive(Debug, Serialize, ToSchema)]
struct SimulationBody {
    /// By the order that was frozen, without decisions of persons.
    frozen: Column,
    items: Vec<SimulatedBody>,
}

/// Runs the frozen demands of a round by other sets of criteria, side by side. Nothing is stored, and no family's state changes.
#[utoipa::path(tag = "allocation", request_body = Input,
    responses((status = 200, description = "All figures of a run for each set", body = SimulationBody),
              (status = 409, description = "`round.wrong_state`: nothing is frozen yet")))]
#[post("/rounds/{round_id}/simulations")]
async fn simulate_round(ctx: Ctx, at: At<RoundId>, body: Body<Input>) -> Result<Json<SimulationBody>, ApiError> {
    ctx.read(Action::SimulateRound, async |tx| {
        let mut sets = body.parse()?.criteria_set_ids.clone();
        let mut fields = Fields::new();
        fields.check(!sets.is_empty(), "/criteria_set_ids", "required");
        fields.check(sets.len() <= MOST_SETS, "/criteria_set_ids", "too_many");
        fields.finish()?;
        let mut seen = std::collections::BTreeSet::new();
        sets.retain(|set| seen.insert(*set));
        let found = simulation::simulate(tx, at.0, &sets).await?;
        let items = found.sets.into_iter().map(|(set, column)| SimulatedBody {
            criteria_set_id: set.id,
            name: set.name,
            number: set.number,
            provider_name: set.provider_name,
            state: set.state,
            against_frozen: simulation::against_frozen(&column),
            column,
        });
        Ok(Json(SimulationBody {
            items: items.collect(),
            frozen: found.frozen,
        }))
    })
    .await
}
