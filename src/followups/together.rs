//! Siblings who go only together: which of them a list can offer places at once, and who has to wait. Pure.
//!
//! A family stands by its child that comes last. It is admitted when each of its children comes within the places that are free for its
//! age, counting everybody who comes before it, and when there is room for all of them at once. Where two families stand in each other's
//! way, the one whose last child comes first is admitted.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::model::{FollowupRow, Site, Skip, put_in_order};
use crate::demands::{SiblingAnswer, Together};
use crate::facilities::AgeBand;
use crate::platform::ids::{DemandId, FacilityId, PreferenceId};

/// What the families of those who wait said.
pub(super) type Said = HashMap<DemandId, Together>;

/// A list as it is without looking at siblings.
#[derive(Debug, Clone)]
pub(super) struct Base {
    pub band: AgeBand,
    /// So many places are free.
    pub free: usize,
    pub rows: Vec<FollowupRow>,
}

impl Base {
    /// Where a demand stands among those who are not passed over, from 0, leaving out whoever has to wait.
    fn place(&self, demand: DemandId, out: &HashSet<DemandId>) -> Option<usize> {
        let mut waiting = self
            .rows
            .iter()
            .filter(|row| row.waits() && !out.contains(&row.demand()));
        waiting.position(|row| row.demand() == demand)
    }

    fn row(&self, demand: DemandId) -> Option<&FollowupRow> {
        self.rows.iter().find(|row| row.waits() && row.demand() == demand)
    }
}

/// Passes over whoever goes only together with a sibling who cannot have a place here now, and says of the others who goes with them. The
/// first of `lists` is the one that is looked at; the others are of the other age bands of the facility.
pub(super) fn settle(site: &Site, facility: FacilityId, said: &Said, mut lists: Vec<Base>) -> Vec<FollowupRow> {
    let families = families(facility, said, &lists);
    let bound = |row: &&FollowupRow| row.waits() && binds(said, row).is_some_and(|t| !is_free(t, facility));
    let mut out: HashSet<DemandId> = lists[0].rows.iter().filter(bound).map(FollowupRow::demand).collect();
    out.extend(families.iter().flatten());
    let mut admitted: Vec<&Vec<DemandId>> = Vec::new();
    for family in &families {
        let without = out.clone();
        out.retain(|demand| !family.contains(demand));
        admitted.push(family);
        if !admitted.iter().all(|family| within(&lists, family, &out)) || !have_room(site, &lists, family) {
            admitted.pop();
            out = without;
        }
    }
    let found = |demand: &DemandId| {
        let list = lists.iter().find(|list| list.row(*demand).is_some())?;
        Some((list.band, list.row(*demand)?.waiting.wish.id))
    };
    let mut with: HashMap<DemandId, Vec<(AgeBand, PreferenceId)>> = HashMap::new();
    for family in admitted {
        for demand in family {
            let others = family.iter().filter(|other| *other != demand);
            with.insert(*demand, others.filter_map(found).collect());
        }
    }
    let mut rows = std::mem::take(&mut lists[0].rows);
    for row in rows.iter_mut().filter(|row| row.waits()) {
        let demand = row.demand();
        row.skip = out.contains(&demand).then_some(Skip::Siblings);
        row.with = with.remove(&demand).unwrap_or_default();
    }
    put_in_order(&mut rows);
    rows
}

fn binds<'a>(said: &'a Said, row: &FollowupRow) -> Option<&'a Together> {
    said.get(&row.demand()).filter(|t| t.answer == SiblingAnswer::Required)
}

/// Whether a child can have a place here by itself: all its siblings have theirs here.
fn is_free(together: &Together, facility: FacilityId) -> bool {
    together.looking.is_empty() && together.places.iter().all(|place| *place == facility)
}

/// The families of the list all of whose children wait here, those whose last child comes first before the others.
fn families(facility: FacilityId, said: &Said, lists: &[Base]) -> Vec<Vec<DemandId>> {
    let mut found = BTreeSet::new();
    for row in lists[0].rows.iter().filter(|row| row.waits()) {
        let Some(together) = binds(said, row).filter(|t| !t.looking.is_empty()) else {
            continue;
        };
        let here = |demand: &DemandId| lists.iter().any(|list| list.row(*demand).is_some());
        if together.looking.iter().all(here) && together.places.iter().all(|place| *place == facility) {
            let mut family = together.looking.clone();
            family.push(row.demand());
            family.sort();
            found.insert(family);
        }
    }
    let none = HashSet::new();
    let last = |family: &Vec<DemandId>| family.iter().filter_map(|demand| lists[0].place(*demand, &none)).max();
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(last);
    found
}

/// Whether each child of a family comes within the free places.
fn within(lists: &[Base], family: &[DemandId], out: &HashSet<DemandId>) -> bool {
    family.iter().all(|demand| {
        let mut places = lists
            .iter()
            .filter_map(|list| Some((list.place(*demand, out)?, list.free)));
        places.next().is_some_and(|(place, free)| place < free)
    })
}

/// Whether there is room for all children of a family at once, each for its whole stay.
fn have_room(site: &Site, lists: &[Base], family: &[DemandId]) -> bool {
    let rows = family
        .iter()
        .filter_map(|demand| lists.iter().find_map(|list| list.row(*demand)));
    site.have_room(rows)
}
