//! The seed is entered, and the round is run: composed, solved, verified, and only then stored.

use std::collections::{BTreeMap, BTreeSet};

use super::compose::{Changes, Composed, Ordered, compose};
use super::coordination;
use super::model::{DeviationKind, DeviationState, RoundMode, RunKind, agreed_seed};
use super::proposal::{Case, Flag, Proposal, proposals};
use super::report::{LastRound, Material, Report, report};
use super::snapshot::Site;
use super::store::{self, NewRun, RoundRow};
use super::{RoundError, aside, locked, person, steps};
use crate::access::{TenantRead, TenantTx};
use crate::allocation::{ENGINE, Instance, ResultFile, solve, verify};
use crate::facilities::{Stay, school_entry, segments, usual_end};
use crate::platform::fields::Fields;
use crate::platform::ids::{FacilityId, RoundId, RunId};
use crate::tenancy;

/// A person enters what the public draw gave. Once two persons have entered the same, it stands; answers whether it does.
pub async fn enter_seed(tx: &mut TenantTx, id: RoundId, seed: &str) -> Result<bool, RoundError> {
    let round = locked(tx, id).await?;
    round.machine().decide()?;
    if round.seed.is_some() {
        return Err(RoundError::SeedStands);
    }
    if tx.today() < round.config.draw_on {
        return Err(RoundError::DrawAhead);
    }
    let mut fields = Fields::new();
    let seed = fields.text(seed, "/seed", 200);
    fields.finish()?;
    let by = person(tx)?;
    store::put_seed(tx, id, by, seed).await?;
    let entries = store::seeds(tx, id).await?;
    match agreed_seed(&entries) {
        Some(agreed) => {
            store::set_seed(tx, id, agreed).await?;
            Ok(true)
        }
        None => Ok(false),
    }
}

/// Solves, verifies and stores. Before the draw, and before facilities have answered the last step, it is a dry run, after that a final
/// one.
pub async fn run(tx: &mut TenantTx, id: RoundId) -> Result<RunId, RoundError> {
    let round = locked(tx, id).await?;
    let proposed = round.machine().propose()?;
    let by = person(tx)?;
    let held = held(tx, &round).await?;
    let settled = round.mode == RoundMode::Central || held.is_some();
    let snapshot = store::snapshot(tx, id).await?.ok_or(RoundError::Missing)?;
    let cases = store::frozen_cases(tx, id).await?;
    let changes = changes(tx, &round, &cases).await?;
    let work = Work {
        snapshot,
        cases,
        changes,
        before: before(tx, &round).await?,
        held,
        pools: store::pools(tx, id).await?,
        belongs: store::belongs(tx).await?,
        sites: store::sites(tx, round.start_on).await?,
        kita_year_start: tenancy::settings_on(tx, round.start_on).await?.kita_year_start,
        last_round: store::last_released(tx, id)
            .await?
            .map(|(name, figures)| LastRound { name, figures }),
    };
    let done = aside(move || work.done()).await?;
    let run = RunId::new();
    let new = NewRun {
        id: run,
        round_id: id,
        kind: if round.seed.is_some() && settled {
            RunKind::Final
        } else {
            RunKind::Dry
        },
        instance: &done.solved.instance,
        instance_sha256: &done.solved.result.instance_sha256,
        result: &done.solved.text,
        engine: ENGINE,
        figures: done.report.figures,
        report: Some(&done.report),
        by: Some(by),
    };
    store::insert_run(tx, &new).await?;
    store::put_proposals(tx, &done.proposals).await?;
    store::set_run(tx, id, run).await?;
    store::set_state(tx, id, &proposed).await?;
    super::jobs::count_later(tx, id, run).await?;
    Ok(run)
}

/// What was decided since the freeze, and who left.
pub(super) async fn changes(tx: &mut TenantRead, round: &RoundRow, cases: &[Case]) -> Result<Changes, RoundError> {
    let mut changes = Changes {
        seed: round.seed.clone().unwrap_or_default(),
        gone: store::gone(tx, round.id).await?.into_iter().collect(),
        ended: ended(tx, round, cases).await?,
        orders: by_hand_orders(tx, round).await?,
        ..Changes::default()
    };
    for row in store::deviations(tx, round.id, None, None).await? {
        let Some(pool) = row.pool.filter(|_| row.state == DeviationState::Approved) else {
            continue;
        };
        match row.kind {
            DeviationKind::Place => {
                changes.fixed.insert(row.child, pool);
            }
            DeviationKind::Exclude => {
                changes.excluded.insert((row.child, pool));
            }
        }
    }
    // Who left needs no place any more, whatever was decided.
    changes.fixed.retain(|child, _| !changes.gone.contains(child));
    Ok(changes)
}

/// Orders by hand that stand.
pub(super) async fn by_hand_orders(
    tx: &mut TenantRead,
    round: &RoundRow,
) -> Result<BTreeMap<String, Vec<Ordered>>, RoundError> {
    Ok(match round.mode {
        RoundMode::Central => BTreeMap::new(),
        RoundMode::Coordinated => coordination::orders(&store::answers(tx, round.id).await?),
    })
}

/// Who holds which pool, with the number of the last step.
type Held = (i32, BTreeMap<String, String>);

/// What families held at the end of the steps; `None` before that, and in central rounds.
async fn held(tx: &mut TenantRead, round: &RoundRow) -> Result<Option<Held>, RoundError> {
    if round.mode == RoundMode::Central || round.seed.is_none() {
        return Ok(None);
    }
    let standing = steps::standing(tx, round).await?;
    let number = standing.inputs.steps.last().map_or(0, |step| step.number);
    Ok(standing.inputs.done().then_some((number, standing.situation.held)))
}

/// Wishes that ended since the freeze: child and pool.
pub(super) async fn ended(
    tx: &mut TenantRead,
    round: &RoundRow,
    cases: &[Case],
) -> Result<BTreeSet<(String, String)>, RoundError> {
    let mut found = BTreeSet::new();
    let ended = store::ended_wishes(tx, round.frozen_at.unwrap_or_else(|| tx.now())).await?;
    if ended.is_empty() {
        return Ok(found);
    }
    for case in cases {
        for wish in case.wishes.iter().filter(|w| ended.contains(&w.preference_id)) {
            found.extend(wish.pool.clone().map(|pool| (case.child.clone(), pool)));
        }
    }
    Ok(found)
}

async fn before(tx: &mut TenantRead, round: &RoundRow) -> Result<Option<(i32, String)>, RoundError> {
    let Some(run) = round.run_id else {
        return Ok(None);
    };
    let files = store::run_files(tx, run).await?;
    Ok(files.map(|f| (f.number, f.result)))
}

/// A result that the verifier passed, with its texts.
pub(super) struct Solved {
    pub instance: String,
    pub text: String,
    pub result: ResultFile,
}

/// Solves a composed instance. Nothing that the verifier does not pass comes out of here.
pub(super) fn solved(instance: &Instance) -> Result<Solved, RoundError> {
    let result = solve(instance).file();
    // The verifier and the writing of the texts need nothing of each other.
    let (violations, texts) = std::thread::scope(|threads| {
        let verifier = threads.spawn(|| verify(instance, &result));
        let texts = texts(instance, &result);
        (verifier.join(), texts)
    });
    let broken = |_| RoundError::Broken("the verifier broke off".into());
    if let Some(violation) = violations.map_err(broken)?.first() {
        return Err(RoundError::NotVerified(violation.to_string()));
    }
    let (instance, text) = texts?;
    Ok(Solved { instance, text, result })
}

fn texts(instance: &Instance, result: &ResultFile) -> Result<(String, String), RoundError> {
    let (mut canonical, mut text) = (Vec::new(), Vec::new());
    let written = instance
        .write_canonical(&mut canonical)
        .and_then(|()| result.write(&mut text));
    written.map_err(|e| RoundError::Broken(e.to_string()))?;
    let utf8 = |bytes: Vec<u8>| String::from_utf8(bytes).map_err(|e| RoundError::Broken(e.to_string()));
    Ok((utf8(canonical)?, utf8(text)?))
}

/// All that a run is made of, so that it can be made off the server's threads.
struct Work {
    snapshot: String,
    cases: Vec<Case>,
    changes: Changes,
    before: Option<(i32, String)>,
    held: Option<Held>,
    pools: Vec<super::snapshot::RoundPool>,
    belongs: std::collections::HashMap<FacilityId, super::groups::Belongs>,
    sites: std::collections::BTreeMap<FacilityId, Site>,
    kita_year_start: String,
    last_round: Option<LastRound>,
}

struct Done {
    solved: Solved,
    proposals: Vec<Proposal>,
    report: Report,
}

impl Work {
    fn done(mut self) -> Result<Done, RoundError> {
        let composed: Composed = compose(&self.snapshot, &self.changes)?;
        let solved = solved(&composed.instance)?;
        let mut proposals = proposals(&self.cases, &composed, &self.changes, &solved.result);
        mark_stays(&self.cases, &mut proposals, &mut self.sites, &self.kita_year_start);
        let before = match &self.before {
            Some((number, text)) => {
                let read = ResultFile::read(text.as_bytes()).map_err(|e| RoundError::Broken(e.to_string()))?;
                Some((*number, read))
            }
            None => None,
        };
        let report = report(Material {
            cases: &self.cases,
            proposals: &proposals,
            changes: &self.changes,
            result: &solved.result,
            pools: &self.pools,
            belongs: &self.belongs,
            instance: &composed.instance,
            before: before.as_ref().map(|(number, result)| (*number, result)),
            held: self.held.as_ref().map(|(number, held)| (*number, held)),
            last_round: self.last_round.take(),
        });
        Ok(Done {
            solved,
            proposals,
            report,
        })
    }
}

/// Whether all proposed stays go together: a child of two takes a place for children over three later on, and the offer will look for
/// it. Who has the larger claim takes a place first; the offers are sent to those whose stay fits before the others.
fn mark_stays(
    cases: &[Case],
    proposals: &mut [Proposal],
    sites: &mut std::collections::BTreeMap<FacilityId, Site>,
    kita_year_start: &str,
) {
    let mut placed: Vec<(usize, FacilityId, &[i64])> = Vec::new();
    for (at, (case, proposal)) in cases.iter().zip(proposals.iter()).enumerate() {
        if let Some((_, wish)) = proposal.pool.as_deref().and_then(|pool| case.wish_at(pool)) {
            placed.push((at, wish.facility_id, &wish.priority));
        }
    }
    placed.sort_by(|a, b| {
        b.2.cmp(a.2)
            .then_with(|| proposals[a.0].lottery.cmp(&proposals[b.0].lottery))
    });
    for (at, facility, _) in placed {
        let Some(site) = sites.get_mut(&facility) else {
            continue;
        };
        let case = &cases[at];
        let entry = school_entry(case.birth, kita_year_start);
        let stay = Stay {
            child: case.child_id,
            birth: case.birth,
            from: case.care_from,
            until: usual_end(case.birth, case.care_from, entry, site.kind, &site.care_types),
        };
        if !super::snapshot::fits(site, &stay, entry) {
            proposals[at].flags.insert(Flag::StayDoesNotFit);
            continue;
        }
        for part in segments(&stay, entry).unwrap_or_default() {
            if let Some(places) = site.places.get_mut(&part.band) {
                part.months().for_each(|month| places.take(month));
            }
        }
    }
}

/// A stored run, done again.
#[derive(Debug)]
pub struct Replayed {
    /// Its number in the round.
    pub number: i32,
    /// Hash of its instance.
    pub instance_sha256: String,
    /// Size of its result.
    pub bytes: usize,
    /// Whether the result is the same, byte for byte.
    pub same: bool,
}

/// Does a stored run again from its instance, verifies the stored result, and compares byte for byte.
pub async fn replay(tx: &mut TenantRead, run: RunId) -> Result<Replayed, RoundError> {
    let files = store::run_files(tx, run).await?.ok_or(RoundError::Missing)?;
    aside(move || {
        let read = |e: crate::allocation::FileError| RoundError::Broken(e.to_string());
        let instance = Instance::read(files.instance.as_bytes()).map_err(read)?;
        let stored = ResultFile::read(files.result.as_bytes()).map_err(read)?;
        if let Some(violation) = verify(&instance, &stored).first() {
            return Err(RoundError::NotVerified(violation.to_string()));
        }
        let again = solved(&instance)?;
        Ok(Replayed {
            number: files.number,
            instance_sha256: again.result.instance_sha256.clone(),
            bytes: again.text.len(),
            same: again.text == files.result && again.instance == files.instance,
        })
    })
    .await
}
