//! Where the result puts everybody, and whether each may be there.

use super::super::file::Assignment;
use super::super::instance::{Instance, NONE, Siblings};
use super::Violation;
use super::order::Order;
use super::seats::wish_for;
use super::stated::{Stated, StatedPlace, UNKNOWN};

/// By what a family with joint wishes is placed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum By {
    /// By the wishes of its single children, or not at all.
    Own,
    /// By this joint wish, from 0.
    Joint(u32),
}

/// Where everybody is.
pub(super) struct Places {
    /// The pool of each child, or [`NONE`].
    pub(super) pool: Vec<u32>,
    /// How many of a child's own wishes come before its pool; all of them if it has none, or one that it did not list.
    pub(super) rank: Vec<u32>,
    /// By what each family is placed.
    pub(super) by: Vec<By>,
}

impl Places {
    /// Takes the assignments; nothing if they are not one for each child. `joint` are the families that may be placed together.
    pub(super) fn read(
        instance: &Instance,
        order: &Order,
        joint: &[u32],
        stated: &Stated<'_>,
        found: &mut Vec<Violation>,
    ) -> Option<Self> {
        if let Some(at) = wrong_child(instance, stated) {
            let expected = instance.by_id.get(at).map(|&child| instance.child_id(child));
            let there = stated.file.assignments.get(at).map(|row| row.child.as_ref());
            let text = |id: Option<&str>| id.unwrap_or("nothing").to_owned();
            found.push(Violation::Assignment {
                at,
                expected: text(expected),
                found: text(there),
            });
            return None;
        }
        let children = instance.children.len();
        let mut places = Self {
            pool: vec![NONE; children],
            rank: vec![0; children],
            by: vec![By::Own; instance.families.len()],
        };
        let mut closer = Vec::new();
        for (at, row) in stated.places.iter().enumerate() {
            if row.pool != UNKNOWN {
                places.pool[row.child as usize] = row.pool;
            } else {
                let words = &stated.file.assignments[at];
                found.push(Violation::NoPool {
                    child: words.child.to_string(),
                    pool: words.pool.as_deref().unwrap_or_default().to_owned(),
                });
            }
            if !order.plain[row.child as usize] || !places.is_listed(order, row) {
                closer.push(at);
            }
        }
        if !joint.is_empty() {
            let mut wish = vec![None; children];
            stated.places.iter().for_each(|row| wish[row.child as usize] = row.wish);
            for &family in joint {
                places.by[family as usize] = places.by_what(instance, family, &wish);
            }
        }
        for at in closer {
            places.check(instance, &stated.places[at], &stated.file.assignments[at], found);
        }
        Some(places)
    }

    /// Takes the place of a child that has just the one that it says, or none.
    fn is_listed(&mut self, order: &Order, row: &StatedPlace) -> bool {
        let wishes = order.wishes_of(row.child);
        let rank = match row.wish {
            None => wishes.len() as u32,
            Some(wish) => wish.wrapping_sub(1),
        };
        self.rank[row.child as usize] = rank;
        let wish = wishes.start.saturating_add(rank as usize);
        if wish < wishes.end {
            order.wish[wish].pool == row.pool
        } else {
            row.wish.is_none() && row.pool == NONE
        }
    }

    /// A family is placed by the first joint wish that puts every child where it is.
    fn by_what(&self, instance: &Instance, family: u32, wish: &[Option<u32>]) -> By {
        let fits = |joint: &&[u32], number: u32| {
            instance.children_of(family).zip(joint.iter()).all(|(child, &pool)| {
                let (row, at) = (&instance.children[child as usize], self.pool[child as usize]);
                if row.fixed != NONE {
                    return pool == NONE || pool == row.fixed;
                }
                pool == at && wish[child as usize] == (pool != NONE).then_some(number)
            })
        };
        let mut joint = (0..).zip(instance.joint_of(family));
        joint
            .find(|(at, joint)| fits(joint, at + 1))
            .map_or(By::Own, |(at, _)| By::Joint(at))
    }

    fn check(&mut self, instance: &Instance, row: &StatedPlace, words: &Assignment, found: &mut Vec<Violation>) {
        let child = row.child;
        let (at, own) = (child as usize, &instance.children[child as usize]);
        let pool = self.pool[at];
        let place = wish_for(instance, child, pool).map(|wish| (wish - instance.wishes_of(child).start) as u32 + 1);
        let wishes = instance.wishes_of(child).len() as u32;
        self.rank[at] = place.map_or(wishes, |place| place - 1);
        if own.fixed != NONE && pool != own.fixed {
            let pool = instance.pool_id(own.fixed).to_owned();
            found.push(Violation::Moved {
                child: words.child.to_string(),
                pool,
            });
            return;
        }
        let by = self.by[own.family as usize];
        if own.fixed == NONE && by != By::Own {
            return;
        }
        if own.fixed == NONE && own.incumbent != NONE && pool == NONE {
            let pool = instance.pool_id(own.incumbent).to_owned();
            found.push(Violation::Lost {
                child: words.child.to_string(),
                pool,
            });
            return;
        }
        let kept = own.incumbent != NONE && pool == own.incumbent;
        let joint = instance.joint_of(own.family).len() as u32;
        let required = instance.families[own.family as usize].siblings == Siblings::Required;
        let expected = match (pool, required) {
            (NONE, _) => None,
            _ if own.fixed != NONE => place,
            (_, true) if kept => Some(joint + 1),
            // The family takes a joint wish or nothing, and this is neither.
            (_, true) => Some(0),
            _ => Some(place.unwrap_or(if kept { wishes + 1 } else { 0 })),
        };
        let counts = own.incumbent == NONE || self.counts(instance, child, pool);
        if row.wish != expected || expected == Some(0) || (own.fixed == NONE && !counts) {
            found.push(Violation::NotWished {
                child: words.child.to_string(),
                pool: words.pool.as_ref().map(ToString::to_string),
                wish: row.wish,
            });
        }
    }

    /// Whether an incumbent's wish for this pool counts: those below the place that it has do not.
    fn counts(&self, instance: &Instance, child: u32, pool: u32) -> bool {
        let incumbent = instance.children[child as usize].incumbent;
        let mut list = instance
            .wishes_of(child)
            .map(|wish| instance.wish_pool[wish])
            .take_while(|&listed| listed != incumbent);
        pool == incumbent || list.any(|listed| listed == pool)
    }
}

/// The first assignment that is not that of the child whose turn it is.
fn wrong_child(instance: &Instance, stated: &Stated<'_>) -> Option<usize> {
    let (there, due) = (&stated.places, &instance.by_id);
    let wrong = there.iter().zip(due).position(|(row, &child)| row.child != child);
    wrong.or((there.len() != due.len()).then(|| there.len().min(due.len())))
}
