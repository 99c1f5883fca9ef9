//! Where a coordinated round stands: derived each time from what was frozen, chosen and answered.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::compose::{Changes, compose};
use super::coordination::{Choice, Inputs, Situation, Step, kept};
use super::model::{RoundMode, RunKind, SiblingRule};
use super::proposal::Case;
use super::snapshot::pool_of;
use super::store::{self, RoundRow};
use super::{RoundError, aside, by_hand, running};
use crate::access::TenantRead;
use crate::allocation::{Assignment, Instance, Lottery, solve};
use crate::platform::ids::{FacilityId, RoundId, RunId};

/// Everything that a coordinated round stands on, and what follows from it.
pub(super) struct Standing {
    pub round: RoundId,
    pub inputs: Inputs,
    pub cases: Vec<Case>,
    pub situation: Situation,
    /// Versions of the choices, by facility.
    pub versions: BTreeMap<FacilityId, i32>,
    pub rows: Vec<store::StepRow>,
}

/// Where a round stands. Nothing of it is stored, so a crash loses nothing.
pub(super) async fn standing(tx: &mut TenantRead, round: &RoundRow) -> Result<Standing, RoundError> {
    let snapshot = store::snapshot(tx, round.id).await?.ok_or(RoundError::NotFrozen)?;
    let cases = super::frozen_cases(tx, round.id).await?;
    let changes = match round.run_id.filter(|_| round.released_at.is_some()) {
        Some(run) => as_released(tx, round, (run, &cases)).await?,
        None => running::changes(tx, round, &cases).await?,
    };
    let rows = store::steps(tx, round.id).await?;
    let step = |r: &store::StepRow| Step {
        number: r.number,
        due_on: r.due_on,
        closed: r.closed_at.is_some(),
    };
    let choices = store::choices(tx, round.id).await?;
    let choice = |c: &store::ChoiceRow| Choice {
        mode: c.mode,
        continue_by_points: c.continue_by_points,
    };
    let inputs = Inputs {
        snapshot,
        changes,
        pools: store::pools(tx, round.id).await?,
        choices: choices.iter().map(|c| (c.facility_id, choice(c))).collect(),
        steps: rows.iter().map(step).collect(),
        answers: store::answers(tx, round.id).await?,
    };
    let (inputs, situation) = followed(inputs).await?;
    Ok(Standing {
        round: round.id,
        inputs,
        cases,
        situation,
        versions: choices.iter().map(|c| (c.facility_id, c.version)).collect(),
        rows,
    })
}

/// Who had left and which wishes had ended in the run that was released: whoever has a place or an offer by it left since, and the steps that
/// led there stay as they were.
async fn as_released(
    tx: &mut TenantRead,
    round: &RoundRow,
    (run, cases): (RunId, &[Case]),
) -> Result<Changes, RoundError> {
    let files = store::run_files(tx, run).await?.ok_or(RoundError::Missing)?;
    let instance =
        aside(move || Instance::read(files.instance.as_bytes()).map_err(|error| RoundError::Broken(error.to_string())))
            .await?;
    let mut changes = Changes {
        seed: round.seed.clone().unwrap_or_default(),
        orders: running::by_hand_orders(tx, round).await?,
        ..running::approved(tx, round.id).await?
    };
    for case in cases {
        let Some(child) = instance.child(&case.child) else {
            changes.fixed.remove(&case.child);
            changes.gone.insert(case.child.clone());
            continue;
        };
        // What only fits together leaves the run where one of the siblings has a place by decision; in the steps each stood by itself.
        if case.siblings.rule == SiblingRule::Required {
            continue;
        }
        let left: BTreeSet<&str> = instance.wished_pools(child).map(pool_of).collect();
        let pools = case.wishes.iter().filter_map(|wish| wish.pool.as_ref());
        let ended = pools.filter(|pool| !left.contains(pool.as_str()));
        changes
            .ended
            .extend(ended.map(|pool| (case.child.clone(), pool.clone())));
    }
    Ok(changes)
}

/// Where the points alone would place each child.
pub(super) type Suggestion = BTreeMap<String, String>;

/// What the central run would give, which managers see as a suggestion.
pub(super) async fn suggestion(standing: &Standing) -> Result<Suggestion, RoundError> {
    let (snapshot, mut changes) = (standing.inputs.snapshot.clone(), standing.inputs.changes.clone());
    changes.orders.clear();
    aside(move || {
        let composed = compose(&snapshot, &changes)?;
        let file = solve(&composed.instance).file();
        let place = |a: &Assignment| Some((a.child.to_string(), pool_of(a.pool.as_ref()?).to_owned()));
        Ok(file.assignments.iter().filter_map(place).collect())
    })
    .await
}

pub(super) async fn followed(inputs: Inputs) -> Result<(Inputs, Situation), RoundError> {
    aside(move || {
        let situation = inputs.situation()?;
        Ok((inputs, situation))
    })
    .await
}

/// The best offer of a child.
pub(super) struct Held {
    /// The places.
    pub pool: String,
    /// Whether it is final: it cannot become a better one any more.
    pub last: bool,
}

/// What children hold in a coordinated round under way, by their random names: from the first step on until a final run says more. Nothing
/// in any other round.
pub(super) async fn held_now(tx: &mut TenantRead, round: &RoundRow) -> Result<HashMap<String, Held>, RoundError> {
    let under_way = round.mode == RoundMode::Coordinated && round.seed.is_some() && round.released_at.is_none();
    if !under_way || store::steps(tx, round.id).await?.is_empty() {
        return Ok(HashMap::new());
    }
    if let Some(run) = round.run_id {
        let run = store::runs(tx, round.id, Some(run)).await?.pop();
        if run.is_some_and(|run| run.kind == RunKind::Final) {
            return Ok(HashMap::new());
        }
    }
    Ok(standing(tx, round).await?.held())
}

impl Standing {
    /// What each child holds. Until the first step is over everything can change, so nothing but what a person decided is final.
    pub(super) fn held(&self) -> HashMap<String, Held> {
        let settled = self.inputs.steps.first().is_some_and(|step| step.closed);
        let mut all = HashMap::new();
        for (pool, applicants) in &self.situation.pools {
            for applicant in applicants.iter().filter(|a| a.held.is_some()) {
                let held = Held {
                    pool: pool.clone(),
                    last: applicant.last && settled,
                };
                all.insert(applicant.child.clone(), held);
            }
        }
        for (child, pool) in &self.inputs.changes.fixed {
            let held = Held {
                pool: pool.clone(),
                last: true,
            };
            all.insert(child.clone(), held);
        }
        all
    }

    /// How many first places of a pool's order stay as they are. In the first step nothing stands yet.
    pub(super) fn kept(&self, facility: FacilityId, pool: &str) -> usize {
        if self.inputs.open().is_none_or(|step| step.number == 1) {
            return 0;
        }
        let list = self.situation.pools.get(pool).map(Vec::as_slice).unwrap_or_default();
        let ordered = self.inputs.answers.iter().any(|a| a.orders.contains_key(pool));
        let shares = self.inputs.pools.iter().filter(|p| p.facility_id == facility).count() > 1
            && self.inputs.snapshot.contains(&format!("\"f{facility}\""));
        kept(list, ordered, shares)
    }

    /// These children, who wish a pool, by the points.
    pub(super) fn by_points(&self, pool: &str, children: &[String]) -> Vec<&str> {
        let lottery = Lottery::new(&self.inputs.changes.seed);
        let still: BTreeSet<&str> = children.iter().map(String::as_str).collect();
        let order = by_hand::by_points(&self.cases, pool, &lottery);
        let names = order.into_iter().map(|case| case.child.as_str());
        names.filter(|child| still.contains(child)).collect()
    }
}
