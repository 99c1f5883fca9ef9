//! Who takes part, with the wishes that can be met and those that cannot. Pure, but for the random ids of the cases.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::starts::Beginner;
use super::ways::{self, Asks, Liking, Way};
use super::{CaseWish, Exclusion, RoundPool, Sources, hours, places, starts, stored};
use crate::allocation::rounds::proposal::{Case, Placing};
use crate::demands::{Entrant, PreferenceState, SaidOfSiblings, ScoredPreference, newest};
use crate::facilities::{AgeBand, age_band_on};
use crate::platform::ids::{CaseId, ChildId, DemandId, FacilityId, random_uuid};

/// Who takes part, and for which places.
pub struct Taken {
    /// The cases, by the random name of the child, as a run reads them.
    pub cases: Arc<Vec<Case>>,
    /// For each of them, what a run does not read.
    pub asked: Vec<Asked>,
    /// The pools.
    pub pools: Vec<RoundPool>,
}

/// What is frozen of a demand and not read by a run.
pub struct Asked {
    /// The demand.
    pub demand_id: DemandId,
    /// In what order its family likes the ways to its wishes.
    pub liking: Liking,
    /// The wishes as they are stored.
    pub wishes: String,
}

/// What all cases are made of.
struct Maker<'s> {
    sources: &'s Sources,
    pools: HashMap<(FacilityId, AgeBand), &'s RoundPool>,
    wishes: HashMap<DemandId, &'s [ScoredPreference]>,
}

/// Takes demands and places. `name` gives a fresh random name each time.
pub fn take(sources: &Sources, mut name: impl FnMut() -> String) -> Taken {
    let mut pools = places::pools(sources);
    let of_demands = sources.wishes.chunk_by(|a, b| a.demand_id == b.demand_id);
    let wishes: HashMap<DemandId, &[ScoredPreference]> = of_demands.map(|of| (of[0].demand_id, of)).collect();
    starts::tell_apart(sources, &beginners(sources, &wishes), &mut pools);
    hours::tell_apart(sources, &mut pools);
    let maker = Maker {
        sources,
        pools: pools.iter().map(|p| ((p.facility_id, p.band), p)).collect(),
        wishes,
    };
    let (one, other) = sources.entrants.split_at(sources.entrants.len() / 2);
    let (mut made, more) = std::thread::scope(|threads| {
        let more = threads.spawn(|| maker.made(other));
        (
            maker.made(one),
            more.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
        )
    });
    made.extend(more);
    give_names(&mut made, &sources.siblings, &mut name);
    place_families(&mut made, sources);
    made.sort_by(|(a, _), (b, _)| a.child.cmp(&b.child));
    let (cases, asked) = made.into_iter().unzip();
    Taken {
        cases: Arc::new(cases),
        asked,
        pools,
    }
}

/// First day of care of a demand: not before the round's.
fn begins(sources: &Sources, entrant: &Entrant) -> NaiveDate {
    entrant.desired_start.max(sources.round.start_on)
}

/// Who begins later than the round, or would.
fn beginners<'s>(sources: &'s Sources, wishes: &HashMap<DemandId, &'s [ScoredPreference]>) -> Vec<Beginner<'s>> {
    let mut found = Vec::new();
    for entrant in &sources.entrants {
        let from = begins(sources, entrant);
        let latest = entrant.latest_start.unwrap_or(from);
        if from == sources.round.start_on && latest <= from {
            continue;
        }
        let band = age_band_on(entrant.birth, from, sources.entries.of(entrant.child_id, entrant.birth));
        if let Some(wishes) = wishes.get(&entrant.demand_id) {
            found.push((*wishes, band, from, latest));
        }
    }
    found
}

impl<'s> Maker<'s> {
    /// The cases of these demands.
    fn made(&self, entrants: &[Entrant]) -> Vec<(Case, Asked)> {
        let made = entrants.iter().filter_map(|entrant| {
            let case = self.case(entrant)?;
            let asked = Asked {
                demand_id: entrant.demand_id,
                liking: Liking::of(entrant, case.care_from),
                wishes: stored::text(&case.wishes),
            };
            Some((case, asked))
        });
        made.collect()
    }

    /// The case of a demand; `None` when the round is not for its age.
    fn case(&self, entrant: &Entrant) -> Option<Case> {
        let care_from = begins(self.sources, entrant);
        let entry = self.sources.entries.of(entrant.child_id, entrant.birth);
        let band = age_band_on(entrant.birth, care_from, entry);
        if !self.sources.round.config.age_bands.contains(&band) {
            return None;
        }
        let wishes = self.wishes.get(&entrant.demand_id).copied().unwrap_or_default();
        let asks = Asks {
            entrant,
            care_from,
            entry,
            band,
        };
        let wishes = wishes.iter().map(|wish| {
            let (pool, ways, excluded) = match self.candidate(&asks, wish) {
                Ok((pool, ways)) => (Some(pool.name.clone()), ways, None),
                Err(excluded) => (None, Vec::new(), Some(excluded)),
            };
            CaseWish {
                preference_id: wish.id,
                facility_id: wish.facility_id,
                pool,
                excluded,
                ways,
                priority: wish.priority.clone(),
                points: wish.points,
                lines: wish.lines.clone(),
            }
        });
        Some(Case {
            wishes: wishes.collect(),
            id: CaseId(random_uuid()),
            child_id: entrant.child_id,
            family: String::new(),
            child: String::new(),
            birth: entrant.birth,
            care_from,
            band,
            legal_claim: entrant.legal_claim,
            transfer: entrant.transfer,
            // Until the families are known.
            siblings: Placing::default(),
        })
    }

    fn candidate(&self, asks: &Asks<'_>, wish: &ScoredPreference) -> Result<(&'s RoundPool, Vec<Way>), Exclusion> {
        if wish.state == PreferenceState::Refused {
            return Err(Exclusion::Refused);
        }
        if self.sources.no_residence.contains(&wish.demand_id) {
            return Err(Exclusion::Residence);
        }
        let open = self.sources.sites.get(&wish.facility_id).filter(|site| site.open);
        let site = open.ok_or(Exclusion::Closed)?;
        if site.places.is_empty() {
            return Err(Exclusion::CapacityUnknown);
        }
        let pool = self.pools.get(&(wish.facility_id, asks.band)).ok_or(Exclusion::Age)?;
        Ok((pool, ways::ways(asks, site, pool)?))
    }
}

/// Families are children who are siblings of one another, however many links lie between.
fn give_names(cases: &mut [(Case, Asked)], siblings: &[(ChildId, ChildId)], name: &mut impl FnMut() -> String) {
    let at: HashMap<ChildId, usize> = cases.iter().enumerate().map(|(i, (c, _))| (c.child_id, i)).collect();
    let mut root: Vec<usize> = (0..cases.len()).collect();
    fn find(root: &mut [usize], mut i: usize) -> usize {
        while root[i] != i {
            root[i] = root[root[i]];
            i = root[i];
        }
        i
    }
    for (a, b) in siblings {
        if let (Some(&a), Some(&b)) = (at.get(a), at.get(b)) {
            let (a, b) = (find(&mut root, a), find(&mut root, b));
            root[a] = b;
        }
    }
    let mut names: HashMap<usize, String> = HashMap::new();
    for (i, (case, _)) in cases.iter_mut().enumerate() {
        let family = find(&mut root, i);
        case.family = names.entry(family).or_insert_with(&mut *name).clone();
        case.child = name();
    }
}

/// The newest answer of a family counts for all of its children; where there is none, what the round sets.
fn place_families(cases: &mut [(Case, Asked)], sources: &Sources) {
    let answers = sources.entrants.iter();
    let answers: HashMap<DemandId, SaidOfSiblings> = answers
        .filter_map(|entrant| Some((entrant.demand_id, entrant.said_of_siblings()?)))
        .collect();
    let mut said: HashMap<String, SaidOfSiblings> = HashMap::new();
    for (case, asked) in cases.iter() {
        if let Some(own) = answers.get(&asked.demand_id) {
            let of_family = said.get(&case.family).copied();
            said.extend(newest(of_family.into_iter().chain([*own])).map(|newest| (case.family.clone(), newest)));
        }
    }
    for (case, _) in cases {
        let said = said.get(&case.family);
        case.siblings = Placing {
            rule: said.map_or(sources.round.config.siblings, |said| said.answer.into()),
            said_at: said.map(|said| said.at),
        };
    }
}
