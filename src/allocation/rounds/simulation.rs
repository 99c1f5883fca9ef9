//! The frozen demands of a round under other criteria, side by side. Nothing is stored, and no family's state changes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::chances::{ChanceFigures, WishChance, by_wish, draws_for_several, figures_of};
use super::compose::{Changes, Composed, Order, compose, reorder};
use super::groups::Belongs;
use super::model::WrongState;
use super::planning::kept_by;
use super::proposal::{Case, proposals};
use super::report::{Difference, Material, Report, report};
use super::snapshot::{KeptParts, RoundPool, Site, kept_at, parts_of};
use super::{RoundError, aside, store};
use crate::access::TenantRead;
use crate::allocation::{Market, ResultFile, solve, verify};
use crate::demands::{self, KeptSeats, Recounted, Recounting, SetBrief};
use crate::platform::clock::berlin_date;
use crate::platform::fields::Invalid;
use crate::platform::ids::{CriteriaSetId, DemandId, FacilityId, PreferenceId, RoundId};

/// So many sets at once: more nobody compares.
pub const MOST_SETS: usize = 4;

/// What one set of criteria would give.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SimulationColumn)]
pub struct Column {
    /// All figures of a run, the difference being to the frozen order; in the frozen order itself there is none.
    pub report: Report,
    /// Whose place hangs on the draw.
    pub chances: ChanceFigures,
    /// How likely the wishes of each rank are to be met.
    pub by_wish: Vec<WishChance>,
}

/// The sets side by side.
pub struct Simulation {
    /// By the order that was frozen.
    pub frozen: Column,
    /// By each of the sets.
    pub sets: Vec<(SetBrief, Column)>,
}

/// Runs the frozen demands by the frozen order and by each of these sets. The facts are those that are known now, judged by the day of the
/// freeze; decisions of persons do not count, so that nothing but the criteria differs.
pub async fn simulate(tx: &mut TenantRead, id: RoundId, sets: &[CriteriaSetId]) -> Result<Simulation, RoundError> {
    let round = super::round(tx, id).await?;
    let (Some(snapshot), Some(frozen_at)) = (store::snapshot(tx, id).await?, round.frozen_at) else {
        let state = round.state;
        return Err(WrongState {
            state,
            step: "be simulated",
        }
        .into());
    };
    let demands: Vec<DemandId> = store::demands_of(tx, id).await?;
    let recounting = demands::recounting(tx, &demands, berlin_date(frozen_at)).await?;
    let mut named = Vec::new();
    for (n, set) in sets.iter().enumerate() {
        let brief = recounting.set(*set);
        named.push(
            brief.ok_or_else(|| Invalid::one(format!("/criteria_set_ids/{n}"), "unknown", "no set of criteria"))?,
        );
    }
    let work = Work {
        changes: Changes {
            seed: round.seed.clone().unwrap_or_default(),
            ..Changes::default()
        },
        snapshot,
        cases: super::frozen_cases(tx, id).await?,
        pools: store::pools(tx, id).await?,
        belongs: store::belongs(tx).await?,
        kept: demands::kept_seats(tx).await?,
        sites: store::sites(tx, round.start_on).await?,
        start_on: round.start_on,
        recounting,
        orders: named.len() + 1,
    };
    aside(move || work.done(named)).await
}

struct Work {
    changes: Changes,
    snapshot: String,
    cases: Vec<Case>,
    pools: Vec<RoundPool>,
    belongs: HashMap<FacilityId, Belongs>,
    kept: Vec<KeptSeats>,
    /// The facilities as they are now, for the number of their groups.
    sites: BTreeMap<FacilityId, Site>,
    start_on: NaiveDate,
    recounting: Recounting,
    /// How many orders stand side by side.
    orders: usize,
}

impl Work {
    fn done(self, sets: Vec<SetBrief>) -> Result<Simulation, RoundError> {
        let (frozen, result) = self.column(&self.cases, &compose(&self.snapshot, &self.changes)?, None)?;
        let mut columns = Vec::new();
        for set in sets {
            let counted = self.recounting.counted(set.id);
            let cases = recounted(&self.cases, &counted);
            let types = types(&cases, &counted);
            let order = Order {
                cases: cases.iter().map(|case| (case.child.as_str(), case)).collect(),
                reserves: self.reserves(&cases, &counted, &types),
                types,
            };
            let composed = reorder(&self.snapshot, &self.changes, &order)?;
            let (column, _) = self.column(&cases, &composed, Some(&result))?;
            columns.push((set, column));
        }
        Ok(Simulation { frozen, sets: columns })
    }

    fn column(
        &self,
        cases: &[Case],
        composed: &Composed,
        frozen: Option<&ResultFile>,
    ) -> Result<(Column, ResultFile), RoundError> {
        let result = solve(&composed.instance).file();
        if let Some(violation) = verify(&composed.instance, &result).first() {
            return Err(RoundError::NotVerified(violation.to_string()));
        }
        let proposals = proposals(cases, composed, &self.changes, &result);
        let report = report(Material {
            held: None,
            cases,
            proposals: &proposals,
            changes: &self.changes,
            result: &result,
            pools: &self.pools,
            belongs: &self.belongs,
            instance: &composed.instance,
            on_kept: &composed.on_kept,
            before: frozen.map(|frozen| (0, frozen)),
            last_round: None,
        });
        let instance = &composed.instance;
        let draws = draws_for_several(self.orders, instance.children(), instance.joint_families());
        let chances = Market::new(instance).chances(draws);
        let column = Column {
            by_wish: by_wish(cases, instance, &chances),
            chances: figures_of(&composed.instance, &chances),
            report,
        };
        Ok((column, result))
    }

    /// The seats that the set at each facility keeps.
    fn reserves(
        &self,
        cases: &[Case],
        counted: &HashMap<PreferenceId, Recounted>,
        types: &BTreeMap<String, BTreeSet<String>>,
    ) -> BTreeMap<String, KeptParts> {
        let wishes = cases.iter().flat_map(|case| &case.wishes);
        let mut sets: BTreeMap<FacilityId, CriteriaSetId> = BTreeMap::new();
        for wish in wishes {
            if let Some(set) = counted.get(&wish.preference_id).and_then(|c| c.set_id) {
                sets.insert(wish.facility_id, set);
            }
        }
        let seats = |pool: &RoundPool| {
            let (set, site) = (sets.get(&pool.facility_id)?, self.sites.get(&pool.facility_id)?);
            let kept = Site {
                reserves: self.kept.iter().filter(|k| k.set_id == *set).map(kept_by).collect(),
                ..site.clone()
            };
            let seats = kept.kept(pool.band, self.start_on).into_iter();
            let seats = seats.map(|(kind, seats)| (kept_at(kind, pool.facility_id), seats));
            Some(seats.collect())
        };
        let kept = |pool: &RoundPool| {
            let seats: Vec<(String, u32)> = seats(pool).unwrap_or_default();
            let asking = |kind: &str| {
                let has = |case: &&Case| types.get(&case.child).is_some_and(|own| own.contains(kind));
                parts_of(cases.iter().filter(has), pool)
            };
            (pool.name.clone(), KeptParts::new(&pool.parts(), &seats, asking))
        };
        self.pools.iter().map(kept).collect()
    }
}

/// The cases with the order of another set; a wish that it does not know keeps its frozen one. The lines stay those that were frozen, so
/// that the same children stand under a criterion whichever set is tried.
fn recounted(cases: &[Case], counted: &HashMap<PreferenceId, Recounted>) -> Vec<Case> {
    let mut cases = cases.to_vec();
    for wish in cases.iter_mut().flat_map(|case| &mut case.wishes) {
        if let Some(new) = counted.get(&wish.preference_id) {
            wish.priority.clone_from(&new.priority);
            wish.points = new.points;
        }
    }
    cases
}

fn types(cases: &[Case], counted: &HashMap<PreferenceId, Recounted>) -> BTreeMap<String, BTreeSet<String>> {
    let mut types: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for case in cases {
        for wish in &case.wishes {
            let kinds = counted.get(&wish.preference_id).into_iter().flat_map(|c| &c.reserves);
            let here = kinds.map(|kind| kept_at(kind, wish.facility_id));
            types.entry(case.child.clone()).or_default().extend(here);
        }
    }
    types
}

/// Who gains and who loses by a set, in numbers.
pub fn against_frozen(column: &Column) -> Difference {
    column.report.against_run.clone().unwrap_or_default()
}
