//! From the frozen snapshot to what is solved: the seed goes in, and what persons decided since. Pure.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::by_hand;
use super::held_seats::leave_unheld;
use super::model::{DeviationKind, DeviationReason};
use super::proposal::Case;
use super::snapshot::{KeptParts, pool_of, with_kept_seats};
use crate::allocation::{
    Child, Family, Fault, FileError, Instance, InstanceBuilder, Node, Pool, Priority, Reserve, Siblings,
};

/// What is changed of a snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// The drawn seed; empty before the draw.
    pub seed: String,
    /// Children who left.
    pub gone: BTreeSet<String>,
    /// Wishes that a person decided not to count: child and pool.
    pub excluded: BTreeSet<(String, String)>,
    /// The published reasons of what persons decided, places and wishes that do not count: child and pool.
    pub decided: BTreeMap<(String, String), DeviationReason>,
    /// Wishes that have ended since the freeze: child and pool.
    pub ended: BTreeSet<(String, String)>,
    /// Children who have a place by decision, by offer or by contract: child and pool.
    pub fixed: BTreeMap<String, String>,
    /// Children who keep a place of theirs unless they get one that they like better: child and pool.
    pub kept: BTreeMap<String, String>,
    /// In which part of its pool a child has that place, or was offered a better one, where the pool has parts.
    pub parts: BTreeMap<String, String>,
    /// Only these pools, and of the children only who wishes or has one of them.
    pub only: Option<BTreeSet<String>>,
    /// Pools and their parts, by their names in the instance, with another number of places than at the freeze.
    pub caps: BTreeMap<String, u32>,
    /// Pools whose provider ordered by hand: the children, best first.
    pub orders: BTreeMap<String, Vec<Ordered>>,
    /// Every child by its own wishes, also siblings: so facilities see and answer them in steps.
    pub apart: bool,
}

/// A child's place in an order made by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ordered {
    /// Random name of the child.
    pub child: String,
    /// Why it goes before children with more points; `None` where it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<DeviationReason>,
}

/// What persons decided against the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// What.
    pub kind: DeviationKind,
    /// Why.
    pub reason: DeviationReason,
}

impl Changes {
    /// Whether a wish of the snapshot still counts.
    pub fn counts(&self, child: &str, pool: &str) -> bool {
        if self.excluded.is_empty() && self.ended.is_empty() {
            return true;
        }
        let wish = (child.to_owned(), pool.to_owned());
        !self.excluded.contains(&wish) && !self.ended.contains(&wish)
    }

    /// What persons decided about a child and a pool, and the published reason.
    pub fn decision(&self, child: &str, pool: &str) -> Option<Decision> {
        if self.decided.is_empty() {
            return None;
        }
        let wish = (child.to_owned(), pool.to_owned());
        let kind = if self.excluded.contains(&wish) {
            DeviationKind::Exclude
        } else {
            DeviationKind::Place
        };
        self.decided.get(&wish).map(|reason| Decision { kind, reason: *reason })
    }
}

/// An instance with the joint wishes that are left in it.
pub struct Composed {
    /// What is solved.
    pub instance: Instance,
    /// Families that are placed by joint wishes: children in order, and the wishes with a pool for each.
    pub joint: BTreeMap<String, Joint>,
    /// Fixed children on a seat that was kept for them, and its type.
    pub on_kept: BTreeMap<String, String>,
    /// For whom seats of those types are kept.
    pub kept_for: BTreeMap<String, BTreeSet<String>>,
}

/// A family's joint wishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joint {
    /// Whether it goes together or nowhere.
    pub only: bool,
    /// Its children.
    pub children: Vec<String>,
    /// A pool for each child, best first.
    pub wishes: Vec<Vec<Option<String>>>,
}

/// A snapshot cannot be made into an instance.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// What stands in the database is no snapshot of ours.
    #[error(transparent)]
    Read(#[from] serde_json::Error),
    /// Decisions and places do not go together.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// A stored file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
}

#[derive(Deserialize)]
struct Snapshot<'a> {
    #[serde(borrow)]
    families: Vec<Family<'a>>,
    #[serde(borrow)]
    nodes: Vec<Node<'a>>,
    #[serde(borrow)]
    pools: Vec<Pool<'a>>,
}

/// Another order of the same wishes.
pub struct Order<'a> {
    /// The cases by child, with the priorities that count.
    pub cases: HashMap<&'a str, &'a Case>,
    /// Kept seats that each child may take.
    pub types: BTreeMap<String, BTreeSet<String>>,
    /// What each pool keeps.
    pub reserves: BTreeMap<String, KeptParts>,
}

/// Puts seed and decisions into a snapshot.
pub fn compose(snapshot: &str, changes: &Changes) -> Result<Composed, ComposeError> {
    let mut snapshot: Snapshot<'_> = serde_json::from_str(snapshot)?;
    by_hand::reorder(&mut snapshot.families, &snapshot.nodes, &snapshot.pools, changes);
    assemble(snapshot, changes)
}

/// The same with another order of the wishes in place of the frozen one, and of what providers ranked by hand.
pub fn reorder(snapshot: &str, changes: &Changes, order: &Order<'_>) -> Result<Composed, ComposeError> {
    let mut snapshot: Snapshot<'_> = serde_json::from_str(snapshot)?;
    for child in snapshot.families.iter_mut().flat_map(|f| &mut f.children) {
        let types = order.types.get(child.id.as_ref()).into_iter().flatten();
        child.types = types.map(|t| Cow::Owned(t.clone())).collect();
        let case = order.cases.get(child.id.as_ref());
        for wish in &mut child.wishes {
            let new = case.and_then(|case| case.wish_at(pool_of(&wish.pool)));
            if let Some(priority) = new.and_then(|(_, new)| Priority::new(&new.priority)) {
                wish.priority = priority;
            }
        }
        with_kept_seats(child, &order.reserves);
    }
    for pool in &mut snapshot.pools {
        let kept = order.reserves.get(pool_of(&pool.id));
        pool.reserves = kept.map(|kept| kept.reserves(&pool.id)).unwrap_or_default();
    }
    assemble(snapshot, changes)
}

fn assemble(snapshot: Snapshot<'_>, changes: &Changes) -> Result<Composed, ComposeError> {
    let Snapshot { families, nodes, pools } = snapshot;
    let mut builder = InstanceBuilder::new(changes.seed.as_str());
    let wanted = |pool: &str| changes.only.as_ref().is_none_or(|only| only.contains(pool_of(pool)));
    for mut node in nodes {
        node.cap = changes.caps.get(node.id.as_ref()).copied().unwrap_or(node.cap);
        builder.node(node);
    }
    let mut holders: HashMap<&str, Vec<&Child<'_>>> = HashMap::new();
    for child in families.iter().flat_map(|f| &f.children) {
        if let Some(pool) = changes.fixed.get(child.id.as_ref()) {
            holders.entry(pool).or_default().push(child);
        }
    }
    // Who is there by decision takes what the others leave.
    for (pool, children) in &mut holders {
        children.sort_by_key(|child| changes.decision(&child.id, pool).is_some());
    }
    let mut on_kept = BTreeMap::new();
    let mut pools: Vec<Pool<'_>> = pools.into_iter().filter(|p| wanted(&p.id)).collect();
    for pool in &mut pools {
        if let Some(cap) = changes.caps.get(pool.id.as_ref()) {
            pool.cap = *cap;
            pool.reserves.iter_mut().for_each(|r| r.seats = r.seats.min(*cap));
        }
    }
    // Fixed children take a seat of the pool before anybody is placed, and with it the one that was kept for them, in whatever part.
    pools.sort_by(|a, b| pool_of(&a.id).cmp(pool_of(&b.id)).then(b.cap.cmp(&a.cap)));
    for parts in pools.chunk_by_mut(|a, b| pool_of(&a.id) == pool_of(&b.id)) {
        let holders = holders.get(pool_of(&parts[0].id)).map_or(&[][..], Vec::as_slice);
        let types: Vec<&[Cow<'_, str>]> = holders.iter().map(|child| &child.types[..]).collect();
        let reserves: Vec<&mut [Reserve<'_>]> = parts.iter_mut().map(|part| part.reserves.as_mut_slice()).collect();
        let held = holders.iter().zip(leave_unheld(reserves, &types));
        on_kept.extend(held.filter_map(|(child, kind)| Some((child.id.to_string(), kind?))));
    }
    let kept_for = kept_for(&families, &on_kept);
    for pool in pools {
        builder.pool(pool);
    }
    let mut joint = BTreeMap::new();
    for family in families {
        let Some(family) = changed(family, changes, &wanted) else {
            continue;
        };
        if !family.joint_wishes.is_empty() {
            joint.insert(family.id.to_string(), Joint::of(&family));
        }
        builder.family(family);
    }
    Ok(Composed {
        instance: builder.build()?,
        joint,
        on_kept,
        kept_for,
    })
}

/// For whom the seats are kept on which somebody is already.
fn kept_for(families: &[Family<'_>], on_kept: &BTreeMap<String, String>) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> =
        on_kept.values().map(|kind| (kind.clone(), BTreeSet::new())).collect();
    for child in families.iter().flat_map(|f| &f.children) {
        for kind in &child.types {
            if let Some(children) = all.get_mut(kind.as_ref()) {
                children.insert(child.id.to_string());
            }
        }
    }
    all
}

impl Joint {
    fn of(family: &Family<'_>) -> Self {
        let pools = |wish: &Vec<Option<Cow<'_, str>>>| {
            wish.iter()
                .map(|p| p.as_deref().map(|p| pool_of(p).to_owned()))
                .collect()
        };
        Self {
            only: family.siblings == Siblings::Required,
            children: family.children.iter().map(|c| c.id.to_string()).collect(),
            wishes: family.joint_wishes.iter().map(pools).collect(),
        }
    }
}

/// A family with the changes, if any of its children is left. Where a person decided about one of its children, or one left, the others
/// are placed each by its own wishes; not so those who go together or nowhere.
fn changed<'a>(mut family: Family<'a>, changes: &Changes, wanted: &impl Fn(&str) -> bool) -> Option<Family<'a>> {
    if family.siblings == Siblings::Required && !changes.apart {
        match only_together(&mut family, changes, wanted) {
            Only::Together => return Some(family),
            Only::Elsewhere => return None,
            Only::Some => {}
        }
    }
    let before = family.children.len();
    let mut alone = changes.apart;
    family.children.retain(|c| !changes.gone.contains(c.id.as_ref()));
    alone |= family.children.len() < before;
    for child in &mut family.children {
        alone |= change_child(child, changes);
        child.wishes.retain(|w| wanted(&w.pool));
    }
    let left = family.children.len();
    family
        .children
        .retain(|c| match c.fixed.as_ref().or(c.incumbent.as_ref()) {
            Some(pool) => wanted(pool),
            None => changes.only.is_none() || !c.wishes.is_empty(),
        });
    alone |= family.children.len() < left;
    let within = |wish: &Vec<Option<Cow<'a, str>>>| wish.iter().flatten().all(|pool| wanted(pool));
    family.joint_wishes.retain(within);
    if alone || family.children.len() < 2 || family.joint_wishes.is_empty() {
        family.siblings = Siblings::Independent;
        family.joint_wishes.clear();
    }
    (!family.children.is_empty()).then_some(family)
}

/// What becomes of a family that goes together or nowhere.
enum Only {
    /// It has joint wishes in this run.
    Together,
    /// All of its joint wishes are for places that this run is not about, so the run gives nothing to it.
    Elsewhere,
    /// No joint wish counts any more, or one of its children has a place already.
    Some,
}

/// Leaves out who left, and the joint wishes of which a part does not count any more. Where one child has its place already, the others may
/// go only where they would be with it.
fn only_together<'a>(family: &mut Family<'a>, changes: &Changes, wanted: &impl Fn(&str) -> bool) -> Only {
    let stays: Vec<bool> = family
        .children
        .iter()
        .map(|child| !changes.gone.contains(child.id.as_ref()))
        .collect();
    if stays.iter().filter(|stays| **stays).count() < 2 {
        return Only::Some;
    }
    for wish in &mut family.joint_wishes {
        let mut column = stays.iter();
        wish.retain(|_| column.next().copied().unwrap_or(false));
    }
    let mut child = stays.iter();
    family.children.retain(|_| child.next().copied().unwrap_or(false));
    let ids: Vec<String> = family.children.iter().map(|child| child.id.to_string()).collect();
    let has = |id: &str| changes.fixed.get(id).or_else(|| changes.kept.get(id));
    if ids.iter().any(|id| has(id).is_some()) {
        let beside = |wish: &&Vec<Option<Cow<'a, str>>>| {
            let fits = |(id, pool): (&String, &Option<Cow<'a, str>>)| match (has(id), pool) {
                (Some(has), Some(pool)) => pool_of(pool) == has,
                (Some(_), None) => false,
                (None, _) => true,
            };
            ids.iter().zip(wish.iter()).all(fits)
        };
        let beside: Vec<Vec<Option<Cow<'a, str>>>> = family.joint_wishes.iter().filter(beside).cloned().collect();
        if !beside.is_empty() {
            for (at, child) in family.children.iter_mut().enumerate() {
                let allowed = |pool: &str| {
                    beside
                        .iter()
                        .flat_map(|wish| &wish[at])
                        .any(|to| pool_of(to) == pool_of(pool))
                };
                if has(&ids[at]).is_none() {
                    child.wishes.retain(|wish| allowed(&wish.pool));
                }
            }
        }
        return Only::Some;
    }
    family.joint_wishes.retain(|wish| {
        let mut parts = ids.iter().zip(wish);
        parts.all(|(id, pool)| pool.as_ref().is_none_or(|pool| changes.counts(id, pool_of(pool))))
    });
    if family.joint_wishes.is_empty() {
        return Only::Some;
    }
    family
        .joint_wishes
        .retain(|wish| wish.iter().flatten().all(|pool| wanted(pool)));
    if family.joint_wishes.is_empty() {
        return Only::Elsewhere;
    }
    for child in &mut family.children {
        let id = child.id.to_string();
        child
            .wishes
            .retain(|wish| wanted(&wish.pool) && changes.counts(&id, pool_of(&wish.pool)));
    }
    Only::Together
}

fn change_child(child: &mut Child<'_>, changes: &Changes) -> bool {
    let before = child.wishes.len();
    let name = child.id.to_string();
    let part = |pool: &String| {
        let known = changes.parts.get(&name).filter(|part| pool_of(part) == pool);
        let own = || child.wishes.iter().find(|wish| pool_of(&wish.pool) == pool);
        let part = known.map(String::as_str).or_else(|| own().map(|wish| &*wish.pool));
        Cow::Owned(part.unwrap_or(pool).to_owned())
    };
    let (fixed, kept) = (changes.fixed.get(&name).map(part), changes.kept.get(&name).map(part));
    child.wishes.retain(|w| changes.counts(&name, pool_of(&w.pool)));
    if fixed.is_some() {
        child.fixed = fixed;
        // Fixed children need no wishes of theirs to stand; those are kept for the reasons.
        return true;
    }
    if let Some(kept) = &kept {
        // Its times at a facility are agreed with it; only another facility is a better place.
        child
            .wishes
            .retain(|w| w.pool == *kept || pool_of(&w.pool) != pool_of(kept));
    }
    if kept.is_some() {
        child.incumbent = kept;
        return true;
    }
    child.wishes.len() < before
}

#[cfg(test)]
#[path = "compose_tests.rs"]
mod tests;
