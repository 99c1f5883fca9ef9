//! Building an instance piece by piece in any order, and checking it as a whole at the end.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{
    Child, ChildRow, Family, FamilyRow, Fault, FaultKind, Instance, LARGEST_CAP, NONE, Node, Path, Pool, Siblings, Step,
};

mod finish;
mod whole;

/// Takes nodes, pools and families in any order; [`build`](Self::build) tells the first fault.
///
/// ```ignore
/// let mut builder = InstanceBuilder::new("seed of the public draw");
/// builder.pool(Pool { id: "sun".into(), node: None, cap: 12, reserves: vec![] });
/// builder.family(Family { .. });
/// let instance = builder.build()?;
/// ```
#[derive(Debug, Default)]
pub struct InstanceBuilder {
    out: Draft,
    nodes: Vec<(String, Option<String>, u32)>,
    pools: Names,
    types: Names,
    rows: Vec<PoolDraft>,
    /// For each symbol of a pool the last child, counted from 1, that listed it.
    listed_by: Vec<u32>,
    fault: Option<Fault>,
}

/// A pool as it was added: symbol, node, seats and reserves.
#[derive(Debug)]
struct PoolDraft {
    symbol: u32,
    node: Option<String>,
    cap: u32,
    reserves: Vec<(u32, u32)>,
}

/// The growing arrays of the instance, in which pools and types are symbols and families stand as they came.
#[derive(Debug, Default)]
struct Draft {
    seed: String,
    families: Vec<FamilyRow>,
    children: Vec<ChildRow>,
    wish_pool: Vec<u32>,
    wish_priority: Vec<u32>,
    numbers: Vec<i64>,
    child_types: Vec<u32>,
    joint: Vec<u32>,
}

/// Names and the symbols they got in order of appearance.
#[derive(Debug, Default)]
struct Names {
    symbols: HashMap<Box<str>, u32>,
    names: Vec<Box<str>>,
}

impl Names {
    fn symbol(&mut self, name: &str) -> u32 {
        if let Some(&symbol) = self.symbols.get(name) {
            return symbol;
        }
        let symbol = index(self.names.len());
        self.names.push(name.into());
        self.symbols.insert(name.into(), symbol);
        symbol
    }
}

/// An index of at most 32 bits; `build` refuses what is longer before any of them is used.
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NONE)
}

impl InstanceBuilder {
    /// An empty instance whose lottery numbers come from this seed.
    pub fn new(seed: impl Into<String>) -> Self {
        let mut builder = Self::default();
        builder.seed(seed);
        builder
    }

    /// Sets the seed.
    pub fn seed(&mut self, seed: impl Into<String>) -> &mut Self {
        self.out.seed = seed.into();
        self
    }

    /// Adds a node of the capacity tree.
    pub fn node(&mut self, node: Node<'_>) -> &mut Self {
        let path = Path::element("nodes", self.nodes.len());
        self.require(!node.id.is_empty(), || path.clone().key("id"), || FaultKind::EmptyId);
        self.require(
            node.cap <= LARGEST_CAP,
            || path.clone().key("cap"),
            || FaultKind::TooLarge,
        );
        let parent = node.parent.map(Cow::into_owned);
        self.nodes.push((node.id.into_owned(), parent, node.cap));
        self
    }

    /// Adds a pool.
    pub fn pool(&mut self, pool: Pool<'_>) -> &mut Self {
        let path = Path::element("pools", self.rows.len());
        self.require(!pool.id.is_empty(), || path.clone().key("id"), || FaultKind::EmptyId);
        self.require(
            pool.cap <= LARGEST_CAP,
            || path.clone().key("cap"),
            || FaultKind::TooLarge,
        );
        let mut reserves = Vec::with_capacity(pool.reserves.len());
        for (at, reserve) in pool.reserves.iter().enumerate() {
            let path = || path.clone().item("reserves", at);
            let kind = self.types.symbol(&reserve.kind);
            self.require(!reserve.kind.is_empty(), || path().key("type"), || FaultKind::EmptyId);
            self.require(
                reserve.seats <= LARGEST_CAP,
                || path().key("seats"),
                || FaultKind::TooLarge,
            );
            let known = reserves.iter().any(|&(other, _)| other == kind);
            self.require(
                !known,
                || path().key("type"),
                || FaultKind::Twice(reserve.kind.to_string()),
            );
            reserves.push((kind, reserve.seats));
        }
        let symbol = self.pools.symbol(&pool.id);
        let node = pool.node.map(Cow::into_owned);
        self.rows.push(PoolDraft {
            symbol,
            node,
            cap: pool.cap,
            reserves,
        });
        self
    }

    /// Adds a family with its children.
    pub fn family(&mut self, family: Family<'_>) -> &mut Self {
        let at = self.out.families.len();
        let path = || Path::element("families", at);
        self.require(!family.id.is_empty(), || path().key("id"), || FaultKind::EmptyId);
        let first = index(self.out.children.len());
        for (column, child) in family.children.iter().enumerate() {
            self.child(index(at), || path().item("children", column), child);
        }
        let joint = self.joint_wishes(&family, first, path);
        self.out.families.push(FamilyRow {
            id: family.id.as_ref().into(),
            siblings: family.siblings,
            children: (first, index(self.out.children.len())),
            joint,
        });
        self
    }

    fn child(&mut self, family: u32, path: impl Fn() -> Path, child: &Child<'_>) {
        self.require(!child.id.is_empty(), || path().key("id"), || FaultKind::EmptyId);
        let mark = index(self.out.children.len() + 1);
        let (wishes, types) = (index(self.out.wish_pool.len()), index(self.out.child_types.len()));
        for (at, wish) in child.wishes.iter().enumerate() {
            let pool = self.pools.symbol(&wish.pool);
            let known = self.lists(pool, mark);
            let here = || path().item("wishes", at).key("pool");
            self.require(!known, here, || FaultKind::Twice(wish.pool.to_string()));
            self.out.wish_pool.push(pool);
            self.out.wish_priority.push(index(self.out.numbers.len()));
            self.out.numbers.extend_from_slice(wish.priority.as_slice());
        }
        for (at, name) in child.types.iter().enumerate() {
            let here = || path().item("types", at);
            let kind = self.types.symbol(name);
            let known = self.out.child_types[types as usize..].contains(&kind);
            self.require(!name.is_empty(), here, || FaultKind::EmptyId);
            self.require(!known, here, || FaultKind::Twice(name.to_string()));
            self.out.child_types.push(kind);
        }
        let row = ChildRow {
            id: child.id.as_ref().into(),
            family,
            wishes: (wishes, index(self.out.wish_pool.len())),
            types: (types, index(self.out.child_types.len())),
            incumbent: child.incumbent.as_deref().map_or(NONE, |pool| self.pools.symbol(pool)),
            fixed: child.fixed.as_deref().map_or(NONE, |pool| self.pools.symbol(pool)),
        };
        self.out.children.push(row);
    }

    fn joint_wishes(&mut self, family: &Family<'_>, first: u32, path: impl Fn() -> Path) -> (u32, u32) {
        let start = index(self.out.joint.len());
        let independent = family.siblings == Siblings::Independent && !family.joint_wishes.is_empty();
        self.require(
            !independent,
            || path().key("joint_wishes"),
            || FaultKind::JointIndependent,
        );
        let children = family.children.len();
        for (at, wish) in family.joint_wishes.iter().enumerate() {
            let found = wish.len();
            let here = || path().item("joint_wishes", at);
            self.require(found == children, here, || FaultKind::JointLength { found, children });
            let symbols = wish.iter().take(children);
            let symbols = symbols.map(|pool| pool.as_deref().map_or(NONE, |pool| self.pools.symbol(pool)));
            self.out
                .joint
                .extend(symbols.chain(std::iter::repeat(NONE)).take(children));
        }
        for column in 0..children {
            self.check_column(family, start as usize, first as usize + column, column, &path);
        }
        (start, index(self.out.joint.len()))
    }

    /// Each pool that the joint wishes name for a child must be among the child's wishes.
    fn check_column(
        &mut self,
        family: &Family<'_>,
        start: usize,
        child: usize,
        column: usize,
        path: &impl Fn() -> Path,
    ) {
        // A mark of its own, since a pool that an earlier child listed may not count here.
        let mark = NONE - index(child);
        let (from, to) = self.out.children[child].wishes;
        for wish in from..to {
            self.lists(self.out.wish_pool[wish as usize], mark);
        }
        for (at, wish) in family.joint_wishes.iter().enumerate() {
            let pool = self.out.joint[start + at * family.children.len() + column];
            let listed = pool == NONE || self.lists(pool, mark);
            let place = || Path([path().item("joint_wishes", at).0, vec![Step::At(column)]].concat());
            let name = || wish.get(column).cloned().flatten().unwrap_or_default().into_owned();
            self.require(listed, place, || FaultKind::NoPriority(name()));
        }
    }

    /// Marks a pool, and tells whether it bore the mark already.
    fn lists(&mut self, pool: u32, mark: u32) -> bool {
        let pool = pool as usize;
        if self.listed_by.len() <= pool {
            self.listed_by.resize(pool + 1, 0);
        }
        std::mem::replace(&mut self.listed_by[pool], mark) == mark
    }

    /// Keeps the first fault; later ones may only follow from it.
    fn require(&mut self, holds: bool, path: impl FnOnce() -> Path, kind: impl FnOnce() -> FaultKind) {
        if !holds && self.fault.is_none() {
            self.fault = Some(Fault {
                path: path(),
                kind: kind(),
            });
        }
    }

    /// The instance, or the first fault that was found.
    pub fn build(mut self) -> Result<Instance, Fault> {
        let length = self.out.numbers.len().max(self.out.joint.len());
        let length = length.max(self.out.children.len() * 2);
        self.require(length < NONE as usize, Path::default, || FaultKind::TooMany);
        match self.fault.take() {
            Some(fault) => Err(fault),
            None => finish::instance(self),
        }
    }
}
