//! An instance compiled for solving: every wish is a pool and one number that orders it in its tree.

use super::super::instance::{Instance, NONE, Siblings};
use super::super::lottery::{Lottery, LotteryNumber};
use super::{rank, slots};

pub(super) use slots::Slot;

/// A wish as the solver sees it. Within a tree a smaller class goes first; equal classes are told apart by the lottery.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) pool: u32,
    pub(super) class: u32,
}

/// Class of an incumbent in its pool, before all others.
pub(super) const INCUMBENT: u32 = 0;

/// The wishes of a child: all its entries, of which `first..last` are its own ranked list and the rest serve joint wishes.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) first: u32,
    pub(super) last: u32,
}

/// A family with joint wishes.
#[derive(Clone, Debug)]
pub(super) struct Joint {
    pub(super) family: u32,
    /// First child; the others follow.
    pub(super) child: u32,
    /// One entry or [`NONE`] for each child and wish; [`BARRED`] where a fixed child would have to move.
    pub(super) entries: Vec<u32>,
    pub(super) columns: u32,
}

/// Entry of a joint wish that a fixed child forbids.
pub(super) const BARRED: u32 = NONE - 1;

impl Joint {
    pub(super) fn len(&self) -> u32 {
        self.entries.len() as u32 / self.columns.max(1)
    }

    pub(super) fn wish(&self, at: u32) -> &[u32] {
        let columns = self.columns as usize;
        &self.entries[at as usize * columns..][..columns]
    }

    pub(super) fn children(&self) -> std::ops::Range<u32> {
        self.child..self.child + self.columns
    }
}

/// An instance with its lottery drawn and its priorities ranked; solving it takes no further look at either.
#[derive(Clone, Debug)]
pub struct Market<'i> {
    pub(super) instance: &'i Instance,
    pub(super) entries: Vec<Entry>,
    pub(super) lists: Vec<List>,
    /// Place of each child in the order of the lottery, and the child at each place.
    pub(super) tie: Vec<u32>,
    pub(super) child_at: Vec<u32>,
    /// Pools first, then nodes, with what fixed children left of them.
    pub(super) slots: Vec<Slot>,
    pub(super) tree_of: Vec<u32>,
    /// Whether the tree of each pool is that pool alone, without reserves.
    pub(super) simple: bool,
    pub(super) joints: Vec<Joint>,
    /// The joint family of each child, or [`NONE`].
    pub(super) joint_of: Vec<u32>,
}

impl<'i> Market<'i> {
    /// Draws the lottery and ranks every wish.
    pub fn new(instance: &'i Instance) -> Self {
        let lottery = Lottery::new(&instance.seed);
        let mut market = Self {
            instance,
            entries: Vec::new(),
            lists: Vec::with_capacity(instance.children.len()),
            tie: vec![0; instance.children.len()],
            child_at: Vec::with_capacity(instance.children.len()),
            slots: Vec::new(),
            tree_of: slots::trees(instance),
            simple: false,
            joints: Vec::new(),
            joint_of: vec![NONE; instance.children.len()],
        };
        market.draw(&draw_order(instance, |family| {
            lottery.number(&instance.families[family as usize].id)
        }));
        let classes = rank::classes(instance, &market.tree_of);
        market.list_wishes(&classes);
        market.list_joint_wishes();
        market.slots = slots::slots(instance, &market.entries);
        let alone = instance
            .pools
            .iter()
            .all(|pool| pool.reserves.is_empty() && pool.node == NONE);
        market.simple = alone && market.joints.is_empty();
        market
    }

    /// Orders the children by their families, and within one by id.
    pub(super) fn draw(&mut self, families: &[u32]) {
        self.child_at.clear();
        for child in families.iter().flat_map(|&family| self.instance.children_of(family)) {
            self.tie[child as usize] = self.child_at.len() as u32;
            self.child_at.push(child);
        }
    }

    fn list_wishes(&mut self, classes: &[u32]) {
        let instance = self.instance;
        self.entries.reserve_exact(classes.len());
        for (child, row) in (0..).zip(&instance.children) {
            let from = self.entries.len() as u32;
            let wishes = instance.wishes_of(child);
            let entry = |wish: usize| Entry {
                pool: instance.wish_pool[wish],
                class: classes[wish],
            };
            self.entries.extend(wishes.map(entry));
            let mut list = List {
                from,
                to: self.entries.len() as u32,
                first: from,
                last: self.entries.len() as u32,
            };
            let required = instance.families[row.family as usize].siblings == Siblings::Required;
            if row.fixed != NONE {
                list.last = list.first;
            } else if row.incumbent != NONE {
                let listed = self.entries[from as usize..]
                    .iter()
                    .position(|entry| entry.pool == row.incumbent);
                let at = listed.unwrap_or(self.entries.len() - from as usize);
                self.entries.truncate(self.entries.len().max(from as usize + at));
                if listed.is_none() {
                    self.entries.push(Entry {
                        pool: row.incumbent,
                        class: INCUMBENT,
                    });
                }
                self.entries[from as usize + at].class = INCUMBENT;
                list.to = self.entries.len() as u32;
                list.last = from + at as u32 + 1;
                list.first = if required { list.last - 1 } else { from };
            } else if required {
                list.last = list.first;
            }
            self.lists.push(list);
        }
    }

    fn list_joint_wishes(&mut self) {
        let instance = self.instance;
        for (family, row) in (0..).zip(&instance.families) {
            let children = instance.children_of(family);
            if row.siblings == Siblings::Independent || children.is_empty() {
                continue;
            }
            let mut entries = Vec::with_capacity((row.joint.1 - row.joint.0) as usize);
            for wish in instance.joint_of(family) {
                entries.extend(
                    children
                        .clone()
                        .zip(wish)
                        .map(|(child, &pool)| self.joint_entry(child, pool)),
                );
            }
            for child in children.clone() {
                self.joint_of[child as usize] = self.joints.len() as u32;
            }
            self.joints.push(Joint {
                family,
                child: children.start,
                entries,
                columns: children.len() as u32,
            });
        }
    }

    /// The entry of a child for a pool of a joint wish.
    fn joint_entry(&self, child: u32, pool: u32) -> u32 {
        let fixed = self.instance.children[child as usize].fixed;
        if pool == NONE || pool == fixed {
            return NONE;
        }
        if fixed != NONE {
            return BARRED;
        }
        let List { from, to, .. } = self.lists[child as usize];
        let found = (from..to).find(|&entry| self.entries[entry as usize].pool == pool);
        // The builder refused joint wishes for pools without a priority.
        found.unwrap_or(BARRED)
    }

    /// Orders an entry of a child within its tree: smaller goes first, and no two children are equal.
    pub(super) fn key(&self, child: u32, entry: u32) -> u64 {
        u64::from(self.entries[entry as usize].class) << 32 | u64::from(self.tie[child as usize])
    }

    /// The child of a key.
    pub(super) fn child(&self, key: u64) -> u32 {
        self.child_at[key as u32 as usize]
    }

    pub(super) fn pool(&self, entry: u32) -> u32 {
        self.entries[entry as usize].pool
    }

    /// A pool and every bound above it.
    pub(super) fn bounds(&self, pool: u32) -> impl Iterator<Item = u32> {
        std::iter::successors(Some(pool), |&slot| {
            Some(self.slots[slot as usize].parent).filter(|&up| up != NONE)
        })
    }

    /// Whether a child would move to one of its own wishes from what it holds.
    pub(super) fn prefers(&self, child: u32, entry: u32, held: u32) -> bool {
        let list = &self.lists[child as usize];
        (list.first..list.last).contains(&entry) && (held == NONE || entry < held)
    }
}

/// Families in the order of lottery number, then id, in which they stand in the instance.
fn draw_order(instance: &Instance, number: impl Fn(u32) -> LotteryNumber) -> Vec<u32> {
    let head = |family: u32| number(family).first_chunk().map_or(0, |head| u64::from_be_bytes(*head));
    let mut families: Vec<(u64, u32)> = (0..instance.families.len() as u32)
        .map(|family| (head(family), family))
        .collect();
    families.sort_unstable();
    for equal in families.chunk_by_mut(|a, b| a.0 == b.0).filter(|equal| equal.len() > 1) {
        equal.sort_unstable_by_key(|&(_, family)| (number(family), family));
    }
    families.into_iter().map(|(_, family)| family).collect()
}
