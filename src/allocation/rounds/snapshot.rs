//! The freeze: from demands, wishes and places to cases, pools and the canonical instance. Pure.
//!
//! A demand is a child of the instance, its wishes are pools: the facility's places in the age band that the child has on its first day.
//! Names of families and children are random ones of this round. A wish that cannot be met (no such places, capacity unknown, no place
//! for the whole stay, refused by the facility) stays with the case and out of the instance.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{NewRound, SiblingRule};
use crate::allocation::{Child, Family, Fault, InstanceBuilder, Node, Pool, Priority, Reserve, Siblings, Wish};
use crate::demands::{Entrant, PreferenceState, ScoreLine, ScoredPreference};
use crate::facilities::{
    AgeBand, CareType, FacilityKind, Stay, age_band_on, months_between, school_entry, segments, usual_end,
};
use crate::platform::clock::month_of;
use crate::platform::ids::{ChildId, FacilityId, PreferenceId};

/// Months for which a place must be free to be given in a round: the Kita year.
const YEAR: usize = 12;

/// A facility's places in one age band, month by month.
#[derive(Debug, Clone)]
pub struct Places {
    /// First month of the list.
    pub base_month: NaiveDate,
    /// Bookable places by month; `None` where unknown.
    pub bookable: Vec<Option<i32>>,
}

/// A facility as a round sees it.
#[derive(Debug, Clone)]
pub struct Site {
    /// What it is.
    pub kind: Option<FacilityKind>,
    /// What care it gives.
    pub care_types: Vec<CareType>,
    /// Whether it takes children.
    pub open: bool,
    /// Places by age band.
    pub places: BTreeMap<AgeBand, Places>,
    /// Places left of a bound over all bands (a childminder's licence).
    pub cap: Option<i32>,
    /// Seats kept by type in each age band.
    pub reserves: Vec<(String, i32)>,
}

/// Why a wish is no candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Exclusion {
    /// The facility takes no children.
    Closed,
    /// The facility refused the child.
    Refused,
    /// It has no places for the child's age.
    Age,
    /// It never said how many places it has.
    CapacityUnknown,
    /// No place is free for the whole stay, not even for this child alone.
    Stay,
}

/// A wish as it was frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseWish {
    /// The preference.
    pub preference_id: PreferenceId,
    /// The facility.
    pub facility_id: FacilityId,
    /// Its places for this child in the instance; `None` when it is no candidate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<String>,
    /// Why it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excluded: Option<Exclusion>,
    /// Compared from left to right, larger goes first; rank and points come first.
    pub priority: Vec<i64>,
    /// Points.
    pub points: i32,
    /// How they came about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<ScoreLine>,
}

/// A demand as it was frozen.
#[derive(Debug, Clone)]
pub struct NewCase {
    /// The demand.
    pub entrant: Entrant,
    /// Random name of the family.
    pub family: String,
    /// Random name of the child.
    pub child: String,
    /// Band on the first day of care.
    pub band: AgeBand,
    /// First day of care.
    pub care_from: NaiveDate,
    /// Wishes in the parents' order.
    pub wishes: Vec<CaseWish>,
}

/// Places of the round under the name that the instance has for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundPool {
    /// Name in the instance.
    pub name: String,
    /// The facility.
    pub facility_id: FacilityId,
    /// The band.
    pub band: AgeBand,
    /// Places.
    pub cap: u32,
}

/// All that a freeze is made of.
pub struct Sources<'a> {
    /// The round.
    pub round: &'a NewRound,
    /// Month and day on which the Kita year begins.
    pub kita_year_start: &'a str,
    /// Who takes part.
    pub entrants: Vec<Entrant>,
    /// Their wishes, by demand and in the parents' order.
    pub wishes: Vec<ScoredPreference>,
    /// Children who are siblings.
    pub siblings: Vec<(ChildId, ChildId)>,
    /// The facilities.
    pub sites: &'a BTreeMap<FacilityId, Site>,
}

/// What a freeze gives.
pub struct Frozen {
    /// The cases.
    pub cases: Vec<NewCase>,
    /// Their wishes as they are stored.
    pub texts: Vec<String>,
    /// The pools.
    pub pools: Vec<RoundPool>,
    /// The canonical instance without seed.
    pub snapshot: String,
    /// Its SHA-256.
    pub sha256: String,
}

/// Freezes. `name` gives a fresh random name each time.
pub fn freeze(sources: Sources<'_>, mut name: impl FnMut() -> String) -> Result<Frozen, Fault> {
    let pools = pools(&sources);
    let types: HashMap<_, _> = types(&sources.wishes);
    let by_place: HashMap<(FacilityId, AgeBand), &RoundPool> =
        pools.iter().map(|p| ((p.facility_id, p.band), p)).collect();
    let mut cases = cases(&sources, &by_place);
    give_names(&mut cases, &sources.siblings, &mut name);
    // The texts of the cases and the canonical instance need nothing of each other.
    let (texts, canonical) = std::thread::scope(|threads| {
        let texts = threads.spawn(|| wish_texts(&cases));
        let canonical = instance(&sources, &cases, &pools, &types).map(|instance| instance.canonical());
        (
            texts.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            canonical,
        )
    });
    let (snapshot, sha256) = canonical?;
    Ok(Frozen {
        cases,
        texts,
        pools,
        snapshot,
        sha256,
    })
}

/// The wishes of each case as they are stored. Nothing in them can fail to become JSON.
fn wish_texts(cases: &[NewCase]) -> Vec<String> {
    let text = |case: &NewCase| serde_json::to_string(&case.wishes).unwrap_or_default();
    cases.iter().map(text).collect()
}

/// One pool for each facility and band with known places, in the order of facilities. The cap is the lowest number of places that is
/// bookable in the Kita year: a place that is taken again in October is none that could be given from August on.
fn pools(sources: &Sources<'_>) -> Vec<RoundPool> {
    let first = month_of(sources.round.start_on);
    let mut pools = Vec::new();
    for (facility, site) in sources.sites.iter().filter(|(_, site)| site.open) {
        for (band, places) in site
            .places
            .iter()
            .filter(|(band, _)| sources.round.config.age_bands.contains(band))
        {
            if let Some(cap) = places.lowest(first) {
                pools.push(RoundPool {
                    name: format!("p{}", pools.len() + 1),
                    facility_id: *facility,
                    band: *band,
                    cap: u32::try_from(cap).unwrap_or(0),
                });
            }
        }
    }
    pools
}

impl Places {
    /// One place less in a month.
    pub fn take(&mut self, month: NaiveDate) {
        let at = usize::try_from(months_between(self.base_month, month)).ok();
        if let Some(Some(free)) = at.and_then(|at| self.bookable.get_mut(at)) {
            *free -= 1;
        }
    }

    /// The lowest number of the Kita year that begins in this month; `None` when it is unknown in its first month.
    pub fn lowest(&self, first: NaiveDate) -> Option<i32> {
        let at = usize::try_from(months_between(self.base_month, first)).ok()?;
        self.bookable.get(at).copied().flatten()?;
        self.bookable.iter().skip(at).take(YEAR).flatten().copied().min()
    }
}

fn cases(sources: &Sources<'_>, pools: &HashMap<(FacilityId, AgeBand), &RoundPool>) -> Vec<NewCase> {
    let mut wishes: HashMap<_, Vec<&ScoredPreference>> = HashMap::new();
    for wish in &sources.wishes {
        wishes.entry(wish.demand_id).or_default().push(wish);
    }
    let none = Vec::new();
    let mut cases = Vec::new();
    for entrant in &sources.entrants {
        let care_from = entrant.desired_start.max(sources.round.start_on);
        let entry = school_entry(entrant.birth, sources.kita_year_start);
        let band = age_band_on(entrant.birth, care_from, entry);
        if !sources.round.config.age_bands.contains(&band) {
            continue;
        }
        let wishes = wishes.get(&entrant.demand_id).unwrap_or(&none).iter().map(|wish| {
            let found = candidate(sources, pools, entrant, wish, (care_from, entry, band));
            CaseWish {
                preference_id: wish.id,
                facility_id: wish.facility_id,
                pool: found.ok().map(|pool| pool.name.clone()),
                excluded: found.err(),
                priority: wish.priority.clone(),
                points: wish.points,
                lines: wish.lines.clone(),
            }
        });
        cases.push(NewCase {
            wishes: wishes.collect(),
            entrant: entrant.clone(),
            family: String::new(),
            child: String::new(),
            band,
            care_from,
        });
    }
    cases
}

fn candidate<'p>(
    sources: &Sources<'_>,
    pools: &HashMap<(FacilityId, AgeBand), &'p RoundPool>,
    entrant: &Entrant,
    wish: &ScoredPreference,
    (care_from, entry, band): (NaiveDate, NaiveDate, AgeBand),
) -> Result<&'p RoundPool, Exclusion> {
    if wish.state == PreferenceState::Refused {
        return Err(Exclusion::Refused);
    }
    let site = sources
        .sites
        .get(&wish.facility_id)
        .filter(|site| site.open)
        .ok_or(Exclusion::Closed)?;
    if site.places.is_empty() {
        return Err(Exclusion::CapacityUnknown);
    }
    let pool = pools.get(&(wish.facility_id, band)).ok_or(Exclusion::Age)?;
    let stay = Stay {
        child: entrant.child_id,
        birth: entrant.birth,
        from: care_from,
        until: usual_end(entrant.birth, care_from, entry, site.kind, &site.care_types),
    };
    if fits(site, &stay, entry) {
        Ok(*pool)
    } else {
        Err(Exclusion::Stay)
    }
}

/// Whether one place is bookable in each month of a stay, in each band that the child passes through. Beyond the horizon nobody knows;
/// the offer looks again.
pub fn fits(site: &Site, stay: &Stay, entry: NaiveDate) -> bool {
    let Ok(parts) = segments(stay, entry) else {
        return false;
    };
    parts.iter().all(|part| {
        site.places.get(&part.band).is_some_and(|places| {
            let at = |month| usize::try_from(months_between(places.base_month, month)).ok();
            let (Some(from), Some(until)) = (at(part.from_month), at(part.until_month)) else {
                return false;
            };
            let known = places.bookable.iter().take(until).skip(from);
            known.copied().all(|free| free.is_some_and(|free| free > 0))
        })
    })
}

/// Families are children who are siblings of one another, however many links lie between.
fn give_names(cases: &mut [NewCase], siblings: &[(ChildId, ChildId)], name: &mut impl FnMut() -> String) {
    let at: HashMap<ChildId, usize> = cases.iter().enumerate().map(|(i, c)| (c.entrant.child_id, i)).collect();
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
    for (i, case) in cases.iter_mut().enumerate() {
        let family = find(&mut root, i);
        case.family = names.entry(family).or_insert_with(&mut *name).clone();
        case.child = name();
    }
}

fn types(wishes: &[ScoredPreference]) -> HashMap<crate::platform::ids::DemandId, BTreeSet<String>> {
    let mut types: HashMap<_, BTreeSet<String>> = HashMap::new();
    for wish in wishes.iter().filter(|w| !w.reserves.is_empty()) {
        types
            .entry(wish.demand_id)
            .or_default()
            .extend(wish.reserves.iter().cloned());
    }
    types
}

fn instance(
    sources: &Sources<'_>,
    cases: &[NewCase],
    pools: &[RoundPool],
    types: &HashMap<crate::platform::ids::DemandId, BTreeSet<String>>,
) -> Result<crate::allocation::Instance, Fault> {
    let mut builder = InstanceBuilder::new("");
    for pool in pools {
        let site = &sources.sites[&pool.facility_id];
        let node = site.cap.map(|_| format!("f{}", pool.facility_id));
        builder.pool(Pool {
            id: Cow::Borrowed(&pool.name),
            node: node.map(Cow::Owned),
            cap: pool.cap,
            reserves: reserves(site, pool.cap),
        });
    }
    let bounded: BTreeSet<FacilityId> = pools.iter().map(|p| p.facility_id).collect();
    for facility in bounded {
        if let Some(cap) = sources.sites[&facility].cap {
            builder.node(Node {
                id: Cow::Owned(format!("f{facility}")),
                parent: None,
                cap: u32::try_from(cap).unwrap_or(0),
            });
        }
    }
    let mut families: BTreeMap<&str, Vec<&NewCase>> = BTreeMap::new();
    for case in cases {
        families.entry(&case.family).or_default().push(case);
    }
    for (name, mut children) in families {
        children.sort_by(|a, b| a.child.cmp(&b.child));
        let joint = joint_wishes(&children, sources.round.config.siblings);
        builder.family(Family {
            id: Cow::Borrowed(name),
            siblings: match sources.round.config.siblings {
                _ if joint.is_empty() => Siblings::Independent,
                SiblingRule::Independent => Siblings::Independent,
                SiblingRule::Preferred => Siblings::Preferred,
                SiblingRule::Required => Siblings::Required,
            },
            children: children.iter().map(|case| child(case, types)).collect(),
            joint_wishes: joint,
        });
    }
    builder.build()
}

fn reserves(site: &Site, cap: u32) -> Vec<Reserve<'_>> {
    let seats = site.reserves.iter().map(|(kind, seats)| Reserve {
        kind: Cow::Borrowed(kind),
        seats: u32::try_from(*seats).unwrap_or(0).min(cap),
    });
    seats.collect()
}

fn child<'a>(case: &'a NewCase, types: &'a HashMap<crate::platform::ids::DemandId, BTreeSet<String>>) -> Child<'a> {
    let wishes = case.wishes.iter().filter_map(|wish| {
        Some(Wish {
            pool: Cow::Borrowed(wish.pool.as_deref()?),
            priority: Priority::new(&wish.priority)?,
        })
    });
    let types = types.get(&case.entrant.demand_id).into_iter().flatten();
    Child {
        id: Cow::Borrowed(&case.child),
        types: types.map(|t| Cow::Borrowed(t.as_str())).collect(),
        wishes: wishes.collect(),
        incumbent: None,
        fixed: None,
    }
}

/// A pool for each child.
type JointWish<'a> = Vec<Option<Cow<'a, str>>>;

/// Together at each facility that all of the children wish, the one that they like best in sum first.
fn joint_wishes<'a>(children: &[&'a NewCase], rule: SiblingRule) -> Vec<JointWish<'a>> {
    if rule == SiblingRule::Independent || children.len() < 2 {
        return Vec::new();
    }
    let candidate = |case: &&'a NewCase, facility: FacilityId| {
        let mut wishes = case.wishes.iter().filter(|w| w.pool.is_some()).enumerate();
        let (rank, wish) = wishes.find(|(_, w)| w.facility_id == facility)?;
        Some((rank, Cow::Borrowed(wish.pool.as_deref()?)))
    };
    let mut common: Vec<(usize, usize, JointWish<'a>)> = Vec::new();
    for (own, wish) in children[0].wishes.iter().enumerate() {
        let found: Option<Vec<_>> = children.iter().map(|case| candidate(case, wish.facility_id)).collect();
        if let Some(found) = found {
            let sum = found.iter().map(|(rank, _)| rank).sum();
            common.push((sum, own, found.into_iter().map(|(_, pool)| Some(pool)).collect()));
        }
    }
    common.sort_by_key(|(sum, own, _)| (*sum, *own));
    common.into_iter().map(|(_, _, pools)| pools).collect()
}

#[cfg(test)]
#[path = "snapshot_tests.rs"]
mod tests;
