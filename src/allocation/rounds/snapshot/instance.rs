//! The canonical instance of the cases: what the engine solves once the seed is drawn. Pure.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Asked, CaseWish, KeptParts, RoundPool, Site, Sources, Taken, kept_at, ranked, with_kept_seats};
use crate::allocation::rounds::model::SiblingRule;
use crate::allocation::rounds::proposal::Case;
use crate::allocation::{Child, Family, Fault, Instance, InstanceBuilder, Node, Pool, Priority, Siblings, Wish};
use crate::demands::ScoredPreference;
use crate::platform::ids::{DemandId, FacilityId};

/// What stands from the freeze on.
pub struct Frozen {
    /// The canonical instance without seed.
    pub snapshot: String,
    /// Its SHA-256.
    pub sha256: String,
}

fn types(wishes: &[ScoredPreference]) -> HashMap<DemandId, BTreeSet<String>> {
    let mut types: HashMap<_, BTreeSet<String>> = HashMap::new();
    for wish in wishes.iter().filter(|w| !w.reserves.is_empty()) {
        let here = wish.reserves.iter().map(|kind| kept_at(kind, wish.facility_id));
        types.entry(wish.demand_id).or_default().extend(here);
    }
    types
}

/// Builds the instance and its canonical form.
pub fn canonical(sources: &Sources, taken: &Taken) -> Result<Frozen, Fault> {
    let types = types(&sources.wishes);
    let (snapshot, sha256) = instance(sources, taken, &types)?.canonical();
    Ok(Frozen { snapshot, sha256 })
}

fn instance(sources: &Sources, taken: &Taken, types: &HashMap<DemandId, BTreeSet<String>>) -> Result<Instance, Fault> {
    let mut builder = InstanceBuilder::new("");
    let mut keeping: BTreeMap<String, KeptParts> = BTreeMap::new();
    for pool in &taken.pools {
        let site = &sources.sites[&pool.facility_id];
        let kept = site.kept(pool.band, sources.round.start_on).into_iter();
        let kept: Vec<_> = kept
            .map(|(kind, seats)| (kept_at(kind, pool.facility_id), seats))
            .collect();
        let kept = KeptParts::new(&pool.parts(), &kept, |kind| asking(taken, types, pool, kind));
        add_pool(&mut builder, site, pool, &kept);
        keeping.insert(pool.name.clone(), kept);
    }
    let bounded: BTreeSet<FacilityId> = taken.pools.iter().map(|p| p.facility_id).collect();
    for facility in bounded {
        if let Some(cap) = sources.sites[&facility].cap {
            builder.node(Node {
                id: Cow::Owned(format!("f{facility}")),
                parent: None,
                cap: u32::try_from(cap).unwrap_or(0),
            });
        }
    }
    let mut families: BTreeMap<&str, Vec<(&Case, &Asked)>> = BTreeMap::new();
    for (case, asked) in taken.cases.iter().zip(&taken.asked) {
        families.entry(&case.family).or_default().push((case, asked));
    }
    for (name, children) in families {
        // The whole family is placed in one way, which each of its cases knows.
        let rule = children[0].0.siblings.rule;
        let joint = joint_wishes(&children, rule);
        builder.family(Family {
            id: Cow::Borrowed(name),
            siblings: match rule {
                _ if joint.is_empty() => Siblings::Independent,
                SiblingRule::Independent => Siblings::Independent,
                SiblingRule::Preferred => Siblings::Preferred,
                SiblingRule::Required => Siblings::Required,
            },
            children: children
                .iter()
                .map(|(case, asked)| child(case, asked, types, &keeping))
                .collect(),
            joint_wishes: joint,
        });
    }
    builder.build()
}

/// In which parts of a pool those ask for whom a seat is kept, the largest claim first, and among equals by the random name.
fn asking(taken: &Taken, types: &HashMap<DemandId, BTreeSet<String>>, pool: &RoundPool, kind: &str) -> Vec<usize> {
    let has = |asked: &Asked| types.get(&asked.demand_id).is_some_and(|own| own.contains(kind));
    let cases = taken.cases.iter().zip(&taken.asked).filter(|(_, asked)| has(asked));
    parts_of(cases.map(|(case, _)| case), pool)
}

/// The parts of a pool in which these ask, the largest claim first.
pub fn parts_of<'c>(cases: impl Iterator<Item = &'c Case>, pool: &RoundPool) -> Vec<usize> {
    let wishing = cases.filter_map(|case| Some((case, case.wish_at(&pool.name)?.1)));
    let mut wishing: Vec<_> = wishing.collect();
    wishing.sort_by(|(a, one), (b, other)| other.priority.cmp(&one.priority).then_with(|| a.child.cmp(&b.child)));
    wishing.into_iter().map(|(case, _)| case.part_in(pool, None)).collect()
}

/// Adds a pool with its parts, each bounded by the next one around it and all by what bounds the facility.
fn add_pool(builder: &mut InstanceBuilder, site: &Site, pool: &RoundPool, kept: &KeptParts) {
    let top = site.cap.map(|_| format!("f{}", pool.facility_id));
    let parts = pool.parts();
    for (at, (name, cap)) in parts.iter().enumerate() {
        // The first part lies in the second; every other one is a bound with a pool of its own.
        let node = if parts.len() == 1 {
            top.clone()
        } else {
            Some(parts[at.max(1)].0.to_string())
        };
        builder.pool(Pool {
            id: name.clone(),
            node: node.map(Cow::Owned),
            cap: *cap,
            reserves: kept.reserves(name),
        });
        if at > 0 {
            let parent = parts
                .get(at + 1)
                .map(|(name, _)| name.to_string())
                .or_else(|| top.clone());
            builder.node(Node {
                id: name.clone(),
                parent: parent.map(Cow::Owned),
                cap: *cap,
            });
        }
    }
}

/// What the instance calls the places that a child wishes, the best of them first.
fn name(wish: &CaseWish) -> Option<Cow<'_, str>> {
    let pool = wish.pool.as_deref()?;
    Some(Cow::Borrowed(wish.ways.first().map_or(pool, |way| &way.part)))
}

fn child<'a>(
    case: &'a Case,
    asked: &Asked,
    types: &'a HashMap<DemandId, BTreeSet<String>>,
    keeping: &BTreeMap<String, KeptParts>,
) -> Child<'a> {
    let wishes = ranked(&case.wishes, &asked.liking).into_iter();
    let wishes = wishes.filter_map(|(wish, way)| {
        Some(Wish {
            pool: Cow::Borrowed(way.map_or(wish.pool.as_deref()?, |way| &way.part)),
            priority: Priority::new(&wish.priority)?,
        })
    });
    let types = types.get(&asked.demand_id).into_iter().flatten();
    let mut child = Child {
        id: Cow::Borrowed(&case.child),
        types: types.map(|t| Cow::Borrowed(t.as_str())).collect(),
        wishes: wishes.collect(),
        incumbent: None,
        fixed: None,
    };
    with_kept_seats(&mut child, keeping);
    child
}

/// A pool for each child.
type JointWish<'a> = Vec<Option<Cow<'a, str>>>;

/// Together at each facility that all of the children wish, as they wish it, the one that they like best in sum first.
fn joint_wishes<'a>(children: &[(&'a Case, &Asked)], rule: SiblingRule) -> Vec<JointWish<'a>> {
    if rule == SiblingRule::Independent || children.len() < 2 {
        return Vec::new();
    }
    let candidate = |(case, _): &(&'a Case, &Asked), facility: FacilityId| {
        let mut wishes = case.wishes.iter().filter(|w| w.pool.is_some()).enumerate();
        let (rank, wish) = wishes.find(|(_, w)| w.facility_id == facility)?;
        Some((rank, name(wish)?))
    };
    let mut common: Vec<(usize, usize, JointWish<'a>)> = Vec::new();
    for (own, wish) in children[0].0.wishes.iter().enumerate() {
        let found: Option<Vec<_>> = children.iter().map(|case| candidate(case, wish.facility_id)).collect();
        if let Some(found) = found {
            let sum = found.iter().map(|(rank, _)| rank).sum();
            common.push((sum, own, found.into_iter().map(|(_, pool)| Some(pool)).collect()));
        }
    }
    common.sort_by_key(|(sum, own, _)| (*sum, *own));
    common.into_iter().map(|(_, _, pools)| pools).collect()
}
