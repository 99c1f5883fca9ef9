//! A checked instance in flat arrays, in which only the order of wishes and of nothing else is left.

mod builder;
mod entry;
mod fault;

pub use builder::InstanceBuilder;
pub use entry::{Child, Family, LARGEST_CAP, Node, Pool, Priority, Reserve, Siblings, Wish};
pub use fault::{Fault, FaultKind, Path, Step};

/// No pool, no node: the absent index.
pub(super) const NONE: u32 = u32::MAX;

/// A checked instance: nodes, pools, families and types sorted by id, children by id within their family.
///
/// It is made by an [`InstanceBuilder`] or read from a file, and takes memory in proportion to the wishes. Children, pools and
/// the like are named by their place in these orders.
#[derive(Clone, Debug)]
pub struct Instance {
    pub(super) seed: String,
    pub(super) nodes: Vec<NodeRow>,
    pub(super) pools: Vec<PoolRow>,
    pub(super) types: Vec<Box<str>>,
    pub(super) families: Vec<FamilyRow>,
    pub(super) children: Vec<ChildRow>,
    /// All wishes, child after child.
    pub(super) wish_pool: Vec<u32>,
    /// Where the priority of each wish begins in `numbers`; one more at the end.
    pub(super) wish_priority: Vec<u32>,
    pub(super) numbers: Vec<i64>,
    /// Types of all children, child after child, sorted.
    pub(super) child_types: Vec<u32>,
    /// Joint wishes of all families, each with a pool or [`NONE`] for each child.
    pub(super) joint: Vec<u32>,
    /// Children sorted by id, which is the order of results.
    pub(super) by_id: Vec<u32>,
}

#[derive(Clone, Debug)]
pub(super) struct NodeRow {
    pub(super) id: Box<str>,
    pub(super) parent: u32,
    pub(super) cap: u32,
}

#[derive(Clone, Debug)]
pub(super) struct PoolRow {
    pub(super) id: Box<str>,
    pub(super) node: u32,
    pub(super) cap: u32,
    /// Type and seats, sorted by type.
    pub(super) reserves: Vec<(u32, u32)>,
}

#[derive(Clone, Debug)]
pub(super) struct FamilyRow {
    pub(super) id: Box<str>,
    pub(super) siblings: Siblings,
    /// Its children are `children.0..children.1`.
    pub(super) children: (u32, u32),
    /// Its joint wishes in `joint`.
    pub(super) joint: (u32, u32),
}

#[derive(Clone, Debug)]
pub(super) struct ChildRow {
    pub(super) id: Box<str>,
    pub(super) family: u32,
    pub(super) wishes: (u32, u32),
    pub(super) types: (u32, u32),
    pub(super) incumbent: u32,
    pub(super) fixed: u32,
}

impl Instance {
    /// Number of children.
    pub fn children(&self) -> usize {
        self.children.len()
    }

    /// Number of pools.
    pub fn pools(&self) -> usize {
        self.pools.len()
    }

    /// Number of wishes of all children, the length of the instance.
    pub fn wishes(&self) -> usize {
        self.wish_pool.len()
    }

    /// Number of families with joint wishes.
    pub fn joint_families(&self) -> usize {
        self.families
            .iter()
            .filter(|family| family.joint.0 < family.joint.1)
            .count()
    }

    /// Id of a child.
    pub fn child_id(&self, child: u32) -> &str {
        &self.children[child as usize].id
    }

    /// Id of a pool.
    pub fn pool_id(&self, pool: u32) -> &str {
        &self.pools[pool as usize].id
    }

    /// The child with this id.
    pub fn child(&self, id: &str) -> Option<u32> {
        let found = self.by_id.binary_search_by(|&child| self.child_id(child).cmp(id));
        found.ok().map(|at| self.by_id[at])
    }

    /// The pool with this id.
    pub fn pool(&self, id: &str) -> Option<u32> {
        let found = self.pools.binary_search_by(|pool| pool.id.as_ref().cmp(id));
        found.ok().and_then(|at| u32::try_from(at).ok())
    }

    /// The pools that a child wishes, best first.
    pub fn wished_pools(&self, child: u32) -> impl Iterator<Item = &str> {
        self.wishes_of(child).map(|wish| self.pool_id(self.wish_pool[wish]))
    }

    /// The pool in which a child stays, if it was fixed there.
    pub fn fixed_pool(&self, child: u32) -> Option<&str> {
        let pool = self.children[child as usize].fixed;
        (pool != NONE).then(|| self.pool_id(pool))
    }

    /// Seats that pools keep: the pool, the type and how many.
    pub fn kept_seats(&self) -> impl Iterator<Item = (&str, &str, u32)> {
        self.pools.iter().flat_map(|pool| {
            let kept = pool.reserves.iter();
            kept.map(|(kind, seats)| (&*pool.id, &*self.types[*kind as usize], *seats))
        })
    }

    /// The types that a child is of.
    pub fn types(&self, child: u32) -> impl Iterator<Item = &str> {
        self.types_of(child)
            .iter()
            .map(|kind| self.types[*kind as usize].as_ref())
    }

    /// What bounds the children of a pool, from itself upwards: a number for each bound, and how many it has room for.
    pub fn bounds(&self, pool: u32) -> impl Iterator<Item = (usize, u32)> {
        let row = &self.pools[pool as usize];
        let node = |at: u32| self.nodes.get(at as usize).map(|node| (at, node));
        let nodes = std::iter::successors(node(row.node), move |(_, below)| node(below.parent));
        let above = nodes.map(|(at, node)| (self.pools.len() + at as usize, node.cap));
        std::iter::once((pool as usize, row.cap)).chain(above)
    }

    /// The text from which the lottery numbers are drawn; empty if the file had none.
    pub fn seed(&self) -> &str {
        &self.seed
    }

    /// Wishes of a child as places in the list of all wishes.
    pub(super) fn wishes_of(&self, child: u32) -> std::ops::Range<usize> {
        let (from, to) = self.children[child as usize].wishes;
        from as usize..to as usize
    }

    pub(super) fn priority(&self, wish: usize) -> &[i64] {
        &self.numbers[self.wish_priority[wish] as usize..self.wish_priority[wish + 1] as usize]
    }

    pub(super) fn types_of(&self, child: u32) -> &[u32] {
        let (from, to) = self.children[child as usize].types;
        &self.child_types[from as usize..to as usize]
    }

    pub(super) fn children_of(&self, family: u32) -> std::ops::Range<u32> {
        let (from, to) = self.families[family as usize].children;
        from..to
    }

    /// Joint wishes of a family, best first, each with one pool or [`NONE`] for each child.
    pub(super) fn joint_of(&self, family: u32) -> impl ExactSizeIterator<Item = &[u32]> {
        let row = &self.families[family as usize];
        // A family without children has no columns; `chunks` wants at least one.
        let columns = self.children_of(family).len().max(1);
        self.joint[row.joint.0 as usize..row.joint.1 as usize].chunks_exact(columns)
    }
}
