//! Where the result puts everybody, and whether each may be there.

use std::collections::HashMap;

use super::super::file::{Assignment, ResultFile};
use super::super::instance::{Instance, NONE, Siblings};
use super::Violation;

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
    /// How many of a child's own wishes come before what it has, of those that count.
    pub(super) better: Vec<u32>,
    /// By what each family is placed.
    pub(super) by: Vec<By>,
}

impl Places {
    /// Reads the assignments; nothing if they are not one for each child.
    pub(super) fn read(
        instance: &Instance,
        pools: &HashMap<&str, u32>,
        result: &ResultFile,
        found: &mut Vec<Violation>,
    ) -> Option<Self> {
        let rows = &result.assignments;
        let mut pairs = rows.iter().zip(&instance.by_id);
        let wrong = pairs.position(|(row, &child)| *row.child != *instance.child_id(child));
        let wrong = wrong.or((rows.len() != instance.by_id.len()).then(|| rows.len().min(instance.by_id.len())));
        if let Some(at) = wrong {
            let expected = instance.by_id.get(at).map(|&child| instance.child_id(child));
            let there = rows.get(at).map(|row| row.child.as_ref());
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
            better: vec![0; children],
            by: vec![By::Own; instance.families.len()],
        };
        let mut wish = vec![None; children];
        for (&child, row) in instance.by_id.iter().zip(rows) {
            if let Some(name) = &row.pool {
                let known = named_by_wish(instance, child, row.wish, name);
                match known.or_else(|| pools.get(&**name).copied()) {
                    Some(pool) => places.pool[child as usize] = pool,
                    None => found.push(Violation::NoPool {
                        child: row.child.to_string(),
                        pool: name.to_string(),
                    }),
                }
            }
            wish[child as usize] = row.wish;
        }
        for family in 0..instance.families.len() as u32 {
            places.by[family as usize] = places.by_what(instance, family, &wish);
        }
        for (&child, row) in instance.by_id.iter().zip(rows) {
            places.check(instance, child, row, found);
        }
        Some(places)
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

    fn check(&mut self, instance: &Instance, child: u32, row: &Assignment, found: &mut Vec<Violation>) {
        let (at, own) = (child as usize, &instance.children[child as usize]);
        let pool = self.pool[at];
        if own.fixed != NONE && pool != own.fixed {
            let pool = instance.pool_id(own.fixed).to_owned();
            found.push(Violation::Moved {
                child: row.child.to_string(),
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
                child: row.child.to_string(),
                pool,
            });
            return;
        }
        let mut list = instance.wishes_of(child).map(|wish| instance.wish_pool[wish]);
        let place = list.position(|listed| listed == pool).map(|place| place as u32 + 1);
        let wishes = instance.wishes_of(child).len() as u32;
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
                child: row.child.to_string(),
                pool: row.pool.as_ref().map(ToString::to_string),
                wish: row.wish,
            });
        }
        self.better[at] = if required && own.fixed == NONE {
            0
        } else {
            place.map_or(wishes, |place| place - 1)
        };
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

/// The pool of the wish by which a child is said to be placed, if it has this name.
fn named_by_wish(instance: &Instance, child: u32, wish: Option<u32>, name: &str) -> Option<u32> {
    let mut wishes = instance.wishes_of(child);
    let wish = wishes.nth(wish?.checked_sub(1)? as usize)?;
    Some(instance.wish_pool[wish]).filter(|&pool| instance.pool_id(pool) == name)
}
