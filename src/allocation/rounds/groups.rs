//! The figures of a run by what facilities and children have in common: provider, district, facility, criterion, month. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::compose::Changes;
use super::proposal::{Case, Proposal};
use super::report::Material;
use super::snapshot::pool_of;
use crate::platform::ids::FacilityId;

/// Children by a property of the facility.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoundGroup)]
pub struct Group {
    /// The provider's or district's name; empty where none is known.
    pub name: String,
    /// Places.
    pub places: u64,
    /// First wishes.
    pub first_wishes: u64,
    /// Children placed.
    pub placed: u64,
    /// Decisions of persons about wishes there, whatever came of them.
    pub deviations: u64,
    /// Children placed before a child with more points, by the provider's own order.
    #[serde(default)]
    pub by_hand: u64,
}

/// Children for whom a criterion counts at one of their wishes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoundCriterionGroup)]
pub struct CriterionGroup {
    /// Code of the criterion; empty: children for whom none counts.
    pub code: String,
    /// So many children.
    pub children: u64,
    /// Of them with a place.
    pub placed: u64,
    /// Of them with the wish that the parents put first.
    pub first_wish: u64,
}

/// A facility's places in a round beside who wishes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoundFacility)]
pub struct FacilityGroup {
    /// The facility.
    pub facility_id: FacilityId,
    /// Its name at that time.
    pub name: String,
    /// Places.
    pub places: u64,
    /// Children who wish it at any rank.
    pub wishes: u64,
    /// Children who wish it first.
    pub first_wishes: u64,
    /// Children placed there.
    pub placed: u64,
}

/// Seats that are kept for children of a type. They go to others where too few of these children wish them; this says where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoundKeptSeats)]
pub struct KeptSeats {
    /// For whom: `hardship`, `integration`, `company`.
    pub kind: String,
    /// Seats that are kept, in facilities all together.
    pub seats: u64,
    /// Of them so many as children of this type have one of the places; a child of several types counts for each.
    pub filled: u64,
    /// Facilities that keep some of the places that are wished.
    pub facilities: u64,
    /// Of them those with fewer such children than kept seats.
    pub below: u64,
}

/// Children without a place, by the district of the facility that they wish first and the month in which care should begin.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[schema(as = RoundUnserved)]
pub struct Unserved {
    /// The district; empty where none is known.
    pub district: String,
    /// First day of the month.
    pub month: NaiveDate,
    /// Children without a place.
    pub children: u64,
    /// Of them with an asserted legal claim.
    pub claims: u64,
}

/// Provider, district and name of a facility.
#[derive(Debug, Clone, Default)]
pub struct Belongs {
    /// The provider's name.
    pub provider: String,
    /// The district.
    pub district: String,
    /// The facility's name.
    pub name: String,
}

/// A property of the facility that a wish is for.
type Property = fn(&Belongs) -> &String;

/// The figures by provider or district.
pub(super) fn by(of: &Material<'_>, name: Property) -> Vec<Group> {
    let known = |facility: &FacilityId| of.belongs.get(facility).map(|b| name(b).clone()).unwrap_or_default();
    let mut all: BTreeMap<String, Group> = BTreeMap::new();
    for pool in of.pools {
        all.entry(known(&pool.facility_id)).or_default().places += u64::from(pool.cap);
    }
    for (case, proposal) in of.cases.iter().zip(of.proposals) {
        if let Some(first) = case.wishes.first() {
            all.entry(known(&first.facility_id)).or_default().first_wishes += 1;
        }
        if let Some(facility) = place(case, proposal) {
            let group = all.entry(known(&facility)).or_default();
            group.placed += 1;
            group.by_hand += u64::from(proposal.by_hand);
        }
        for facility in decided_about(case, of.changes) {
            all.entry(known(&facility)).or_default().deviations += 1;
        }
    }
    all.into_iter().map(|(name, group)| Group { name, ..group }).collect()
}

/// Where a child is placed.
fn place(case: &Case, proposal: &Proposal) -> Option<FacilityId> {
    let (_, wish) = case.wish_at(proposal.pool.as_deref()?)?;
    Some(wish.facility_id)
}

/// The facilities about which a person decided for a child.
fn decided_about(case: &Case, changes: &Changes) -> Vec<FacilityId> {
    let decided = |pool: &str| {
        changes.fixed.get(&case.child).is_some_and(|at| at == pool)
            || changes.excluded.contains(&(case.child.clone(), pool.to_owned()))
    };
    if changes.fixed.is_empty() && changes.excluded.is_empty() {
        return Vec::new();
    }
    let wishes = case.wishes.iter();
    wishes
        .filter(|w| w.pool.as_deref().is_some_and(decided))
        .map(|w| w.facility_id)
        .collect()
}

/// The figures by criterion that counts.
pub(super) fn by_criterion(of: &Material<'_>) -> Vec<CriterionGroup> {
    let mut all: BTreeMap<&str, CriterionGroup> = BTreeMap::new();
    for (case, proposal) in of.cases.iter().zip(of.proposals) {
        let lines = case.wishes.iter().flat_map(|w| w.lines.iter());
        let mut codes: BTreeSet<&str> = lines
            .filter(|l| l.not_counted.is_none())
            .map(|l| l.code.as_str())
            .collect();
        if codes.is_empty() {
            codes.insert("");
        }
        for code in codes {
            let group = all.entry(code).or_default();
            group.children += 1;
            group.placed += u64::from(proposal.pool.is_some());
            group.first_wish += u64::from(proposal.rank == Some(1));
        }
    }
    let named = |(code, group): (&str, CriterionGroup)| CriterionGroup {
        code: code.to_owned(),
        ..group
    };
    all.into_iter().map(named).collect()
}

/// The figures of each facility that has places or is wished.
pub(super) fn by_facility(of: &Material<'_>) -> Vec<FacilityGroup> {
    let mut all: HashMap<FacilityId, FacilityGroup> = HashMap::new();
    let mut at = |id: FacilityId, add: &dyn Fn(&mut FacilityGroup)| {
        let new = || FacilityGroup {
            facility_id: id,
            name: of.belongs.get(&id).map(|b| b.name.clone()).unwrap_or_default(),
            places: 0,
            wishes: 0,
            first_wishes: 0,
            placed: 0,
        };
        add(all.entry(id).or_insert_with(new));
    };
    for pool in of.pools {
        at(pool.facility_id, &|g| g.places += u64::from(pool.cap));
    }
    for (case, proposal) in of.cases.iter().zip(of.proposals) {
        for (rank, wish) in case.wishes.iter().enumerate() {
            at(wish.facility_id, &|g| {
                g.wishes += 1;
                g.first_wishes += u64::from(rank == 0);
            });
        }
        if let Some(facility) = place(case, proposal) {
            at(facility, &|g| g.placed += 1);
        }
    }
    let mut all: Vec<_> = all.into_values().collect();
    all.sort_by(|a, b| a.name.cmp(&b.name).then(a.facility_id.cmp(&b.facility_id)));
    all
}

/// Kept seats by type, and where fewer are filled than kept; of places that nobody wishes nothing is said.
pub(super) fn kept(of: &Material<'_>) -> Vec<KeptSeats> {
    let wished: HashSet<&str> = of
        .cases
        .iter()
        .flat_map(|case| case.wishes.iter().filter_map(|wish| wish.pool.as_deref()))
        .collect();
    let mut all: BTreeMap<(&str, &str), (u64, u64)> = BTreeMap::new();
    for (part, kind, seats) in of.instance.kept_seats() {
        let pool = pool_of(part);
        if wished.contains(pool) {
            all.entry((kind, pool)).or_default().0 += u64::from(seats);
        }
    }
    for (case, proposal) in of.cases.iter().zip(of.proposals) {
        let Some(pool) = proposal.pool.as_deref() else { continue };
        // Whoever has a place by decision holds its seat, and the run keeps one less.
        if let Some(kind) = of.on_kept.get(&case.child) {
            all.entry((kind.as_str(), pool)).or_default().0 += 1;
        }
        let child = of.instance.child(&case.child);
        for kind in child.into_iter().flat_map(|child| of.instance.types(child)) {
            if let Some(kept) = all.get_mut(&(kind, pool)) {
                kept.1 += 1;
            }
        }
    }
    let facilities: HashMap<&str, FacilityId> = of.pools.iter().map(|p| (p.name.as_str(), p.facility_id)).collect();
    let mut found: BTreeMap<&str, (KeptSeats, BTreeMap<Option<&FacilityId>, bool>)> = BTreeMap::new();
    for ((kind, pool), (seats, there)) in all {
        // The type also says where the seats are kept.
        let kind = kind.split('@').next().unwrap_or(kind);
        let (kept, at) = found.entry(kind).or_default();
        kept.kind = kind.to_owned();
        kept.seats += seats;
        kept.filled += seats.min(there);
        *at.entry(facilities.get(pool)).or_default() |= there < seats;
    }
    let counted = found.into_values().map(|(kept, at)| KeptSeats {
        facilities: at.len() as u64,
        below: at.values().filter(|below| **below).count() as u64,
        ..kept
    });
    counted.collect()
}

/// Who has no place, where and when.
pub(super) fn unserved(of: &Material<'_>) -> Vec<Unserved> {
    let mut all: BTreeMap<(String, NaiveDate), (u64, u64)> = BTreeMap::new();
    for (case, proposal) in of.cases.iter().zip(of.proposals) {
        if proposal.pool.is_some() || proposal.has_left() || proposal.keeps {
            continue;
        }
        let first = case.wishes.first().and_then(|w| of.belongs.get(&w.facility_id));
        let district = first.map(|b| b.district.clone()).unwrap_or_default();
        let month = case.care_from.with_day(1).unwrap_or(case.care_from);
        let (children, claims) = all.entry((district, month)).or_default();
        *children += 1;
        *claims += u64::from(case.legal_claim);
    }
    let one = |((district, month), (children, claims))| Unserved {
        district,
        month,
        children,
        claims,
    };
    all.into_iter().map(one).collect()
}
