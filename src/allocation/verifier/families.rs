//! Joint wishes: which of them a family may claim, counting all children of other families who go before.

use std::collections::BTreeMap;

use super::super::file::ResultFile;
use super::super::instance::{Instance, NONE, Siblings};
use super::order::Order;
use super::places::{By, Places};
use super::reserves::Matching;
use super::seats::{Seat, Seats, wish_for};
use super::{Verifier, Violation};

/// For each family the best joint wish, from 0, that it may claim and that is better than what it has.
pub(super) fn claims(verifier: &Verifier<'_>, places: &Places, seats: &Seats) -> Vec<Option<u32>> {
    let Verifier {
        instance, order, joint, ..
    } = verifier;
    let mut claims = vec![None; instance.families.len()];
    let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    if !instance.joint.is_empty() {
        for (child, &pool) in (0..).zip(&places.pool).filter(|&(_, &pool)| pool != NONE) {
            members.entry(order.tree[pool as usize]).or_default().push(child);
        }
    }
    let judge = Judge {
        instance,
        order,
        places,
        seats,
        members,
    };
    for &family in joint {
        claims[family as usize] = judge.claim(family);
    }
    claims
}

struct Judge<'s> {
    instance: &'s Instance,
    order: &'s Order,
    places: &'s Places,
    seats: &'s Seats,
    /// Children in each tree.
    members: BTreeMap<u32, Vec<u32>>,
}

/// A child in a pool, and how it competes there.
struct Applicant {
    child: u32,
    pool: u32,
    place: u32,
    seat: Seat,
}

impl Judge<'_> {
    fn claim(&self, family: u32) -> Option<u32> {
        let held = match self.places.by[family as usize] {
            By::Joint(held) => held,
            By::Own => NONE,
        };
        let better = (0..)
            .zip(self.instance.joint_of(family))
            .take_while(|&(at, _)| at < held);
        let mut better = better.filter(|(_, wish)| self.may_claim(family, wish));
        better.next().map(|(at, _)| at)
    }

    fn may_claim(&self, family: u32, wish: &[u32]) -> bool {
        let fixed = |child: u32| self.instance.children[child as usize].fixed;
        let columns = || self.instance.children_of(family).zip(wish.iter().copied());
        if columns().any(|(child, pool)| fixed(child) != NONE && pool != NONE && pool != fixed(child)) {
            return false;
        }
        let seats: Vec<(u32, u32)> = columns()
            .filter(|&(child, pool)| pool != NONE && fixed(child) == NONE)
            .collect();
        let tree = |pool: u32| self.order.tree[pool as usize];
        let own = |child: u32| {
            Some(self.places.pool[child as usize])
                .filter(|&pool| pool != NONE)
                .map(tree)
        };
        let mut trees: Vec<u32> = seats.iter().map(|&(_, pool)| tree(pool)).collect();
        let gives_up = self
            .instance
            .children_of(family)
            .filter_map(own)
            .any(|tree| trees.contains(&tree));
        let alone = |&(child, pool): &(u32, u32)| {
            wish_for(self.instance, child, pool)
                .is_some_and(|wish| self.seats.takes(self.instance, self.order, child, wish))
        };
        // Whoever is not taken alone is not taken with others either.
        if !gives_up && !seats.iter().all(alone) {
            return false;
        }
        trees.sort_unstable();
        let each_alone = trees.windows(2).all(|pair| pair[0] != pair[1]);
        if !gives_up && each_alone {
            return true;
        }
        trees.dedup();
        trees.into_iter().all(|tree| self.tree_takes_all(family, tree, &seats))
    }

    /// Lets a tree choose anew from everybody in it of other families, and these.
    fn tree_takes_all(&self, family: u32, tree: u32, seats: &[(u32, u32)]) -> bool {
        let none = Vec::new();
        let others = self.members.get(&tree).unwrap_or(&none).iter().copied();
        let stays_here = |child: u32| self.instance.children[child as usize].fixed != NONE;
        let others =
            others.filter(|&child| stays_here(child) || self.instance.children[child as usize].family != family);
        let others = others.map(|child| (child, self.places.pool[child as usize]));
        let new = seats
            .iter()
            .copied()
            .filter(|&(_, pool)| self.order.tree[pool as usize] == tree);
        let mut applicants: Vec<Applicant> = others
            .chain(new.clone())
            .map(|(child, pool)| self.applicant(child, pool))
            .collect();
        applicants.sort_by_key(|applicant| (applicant.seat, applicant.place, applicant.child));
        self.reserve(&mut applicants);
        applicants.sort_by_key(|applicant| (applicant.seat, applicant.place, applicant.child));
        let mut taken: BTreeMap<(bool, u32), u32> = BTreeMap::new();
        let mut kept = Vec::new();
        for applicant in &applicants {
            if self.sit(applicant.pool, &mut taken) {
                kept.push(applicant.child);
            }
        }
        new.into_iter().all(|(child, _)| kept.contains(&child))
    }

    fn applicant(&self, child: u32, pool: u32) -> Applicant {
        let row = &self.instance.children[child as usize];
        let stays = row.fixed != NONE || row.incumbent == pool;
        let place = wish_for(self.instance, child, pool).map_or(0, |wish| self.order.wish[wish].place);
        if stays {
            Applicant {
                child,
                pool,
                place: 0,
                seat: Seat::Stays,
            }
        } else {
            Applicant {
                child,
                pool,
                place,
                seat: Seat::Open,
            }
        }
    }

    fn reserve(&self, applicants: &mut [Applicant]) {
        let mut matchings: BTreeMap<u32, Matching<'_>> = BTreeMap::new();
        for applicant in applicants {
            let row = &self.instance.children[applicant.child as usize];
            if row.fixed != NONE {
                continue;
            }
            let reserves = &self.instance.pools[applicant.pool as usize].reserves;
            let matching = matchings
                .entry(applicant.pool)
                .or_insert_with(|| Matching::new(reserves));
            let seated = matching.seat(applicant.place, self.instance.types_of(applicant.child));
            if seated && applicant.seat == Seat::Open {
                applicant.seat = Seat::Reserved;
            }
        }
    }

    /// Takes a seat in a pool if it and every node above have one.
    fn sit(&self, pool: u32, taken: &mut BTreeMap<(bool, u32), u32>) -> bool {
        let row = &self.instance.pools[pool as usize];
        let mut bounds = vec![((true, pool), row.cap)];
        let mut node = row.node;
        while node != NONE {
            let row = &self.instance.nodes[node as usize];
            bounds.push(((false, node), row.cap));
            node = row.parent;
        }
        let room = bounds
            .iter()
            .all(|(bound, cap)| taken.get(bound).copied().unwrap_or(0) < *cap);
        if room {
            for (bound, _) in bounds {
                *taken.entry(bound).or_default() += 1;
            }
        }
        room
    }
}

/// The exceptions must be the families with a claim, each with the joint wish that it may claim.
pub(super) fn check_exceptions(
    verifier: &Verifier<'_>,
    places: &Places,
    claims: &[Option<u32>],
    result: &ResultFile,
    found: &mut Vec<Violation>,
) {
    let Verifier { instance, joint, .. } = verifier;
    let mut listed = result.exceptions.iter().peekable();
    for &family in joint {
        let row = &instance.families[family as usize];
        let split = || {
            instance.children_of(family).any(|child| {
                let pool = places.pool[child as usize];
                let own = &instance.children[child as usize];
                pool != NONE && pool != own.fixed && pool != own.incumbent
            })
        };
        if row.siblings == Siblings::Required && places.by[family as usize] == By::Own && split() {
            found.push(Violation::NotJoint {
                family: row.id.to_string(),
            });
        }
        let Some(claim) = claims[family as usize] else { continue };
        let Some(exception) = listed.next_if(|exception| *exception.family == *row.id) else {
            found.push(Violation::Claim {
                family: row.id.to_string(),
                wish: claim + 1,
            });
            continue;
        };
        let wish = instance.joint_of(family).nth(claim as usize).unwrap_or_default();
        let pools = wish.iter().map(|&pool| (pool != NONE).then(|| instance.pool_id(pool)));
        if !pools.eq(exception.would_take.iter().map(Option::as_deref)) {
            found.push(Violation::Exception {
                family: exception.family.clone(),
            });
        }
    }
    found.extend(listed.map(|exception| Violation::Exception {
        family: exception.family.clone(),
    }));
}
