//! A run off the server's threads: composed, solved, verified, read case by case, and reported. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;

use super::RoundError;
use super::compose::{Changes, Composed, compose};
use super::groups::Belongs;
use super::proposal::{Case, Flag, Proposal, proposals};
use super::report::{LastRound, Material, Report, report};
use super::snapshot::{RoundPool, Site, fits};
use super::store::{self, FrozenCase};
use crate::allocation::{Instance, ResultFile, solve, verify};
use crate::facilities::{SchoolEntries, Stay, segments, usual_end};
use crate::platform::ids::{FacilityId, PreferenceId};

/// Who holds which pool, with the number of the last step.
pub(super) type Held = (i32, BTreeMap<String, String>);

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

/// The cases of a run.
pub(super) enum Cases {
    /// As they are stored.
    Stored(Vec<FrozenCase>),
    /// As a freeze has just made them.
    Fresh(Arc<Vec<Case>>),
}

impl Cases {
    fn read(self) -> Result<Arc<Vec<Case>>, RoundError> {
        match self {
            Self::Stored(rows) => {
                let read = store::read_cases(rows).map_err(|e| RoundError::Broken(e.to_string()))?;
                Ok(Arc::new(read))
            }
            Self::Fresh(cases) => Ok(cases),
        }
    }
}

/// All that a run is made of, so that it can be made off the server's threads.
pub(super) struct Work {
    pub snapshot: String,
    pub cases: Cases,
    pub changes: Changes,
    pub ended: HashSet<PreferenceId>,
    pub before: Option<(i32, String)>,
    pub held: Option<Held>,
    pub pools: Vec<RoundPool>,
    pub belongs: HashMap<FacilityId, Belongs>,
    pub sites: BTreeMap<FacilityId, Site>,
    pub entries: SchoolEntries,
    pub last_round: Option<LastRound>,
}

/// A run of which nothing but its report is missing.
pub(super) struct Proposed {
    /// What it says about each case, which can be stored while the report is made.
    pub proposals: Arc<Vec<Proposal>>,
    work: Work,
    cases: Arc<Vec<Case>>,
    composed: Composed,
    solved: Solved,
}

impl Work {
    /// Solves, verifies, and reads the result case by case.
    pub(super) fn proposed(mut self) -> Result<Proposed, RoundError> {
        let cases = std::mem::replace(&mut self.cases, Cases::Stored(Vec::new())).read()?;
        self.changes.ended = pools_of(&cases, &self.ended);
        let composed: Composed = compose(&self.snapshot, &self.changes)?;
        let solved = solved(&composed.instance)?;
        let mut proposals = proposals(&cases, &composed, &self.changes, &solved.result);
        mark_stays(&cases, &mut proposals, &mut self.sites, &self.entries, NaiveDate::MIN);
        Ok(Proposed {
            proposals: Arc::new(proposals),
            work: self,
            cases,
            composed,
            solved,
        })
    }
}

impl Proposed {
    /// Compares it with what was before, and counts.
    pub(super) fn reported(self) -> Result<(Solved, Report), RoundError> {
        let mut work = self.work;
        let before = match &work.before {
            Some((number, text)) => {
                let read = ResultFile::read(text.as_bytes()).map_err(|e| RoundError::Broken(e.to_string()))?;
                Some((*number, read))
            }
            None => None,
        };
        let report = report(Material {
            cases: &self.cases,
            proposals: &self.proposals,
            changes: &work.changes,
            result: &self.solved.result,
            pools: &work.pools,
            belongs: &work.belongs,
            instance: &self.composed.instance,
            on_kept: &self.composed.on_kept,
            before: before.as_ref().map(|(number, result)| (*number, result)),
            held: work.held.as_ref().map(|(number, held)| (*number, held)),
            last_round: work.last_round.take(),
        });
        Ok((self.solved, report))
    }
}

/// Whether all proposed stays go together: a child of two takes a place for children over three later on, and the offer will look for
/// it. Who has the larger claim takes a place first; the offers are sent to those whose stay fits before the others. Nobody begins before
/// `earliest`.
pub(super) fn mark_stays(
    cases: &[Case],
    proposals: &mut [Proposal],
    sites: &mut BTreeMap<FacilityId, Site>,
    entries: &SchoolEntries,
    earliest: NaiveDate,
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
        let entry = entries.of(case.child_id, case.birth);
        let from = case.begins(&proposals[at]).max(earliest);
        let stay = Stay {
            child: case.child_id,
            birth: case.birth,
            from,
            until: usual_end(case.birth, from, entry, site.kind, &site.care_types),
        };
        if !fits(site, &stay, entry) {
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

/// Child and pool of these wishes.
pub(super) fn pools_of(cases: &[Case], wishes: &HashSet<PreferenceId>) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    if wishes.is_empty() {
        return found;
    }
    for case in cases {
        for wish in case.wishes.iter().filter(|w| wishes.contains(&w.preference_id)) {
            found.extend(wish.pool.clone().map(|pool| (case.child.clone(), pool)));
        }
    }
    found
}
