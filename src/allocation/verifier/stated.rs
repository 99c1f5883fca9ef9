//! What a result states, with numbers in place of names: read once, so that the check itself compares whole numbers only.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::file::{Assignment, Code, ResultFile};
use super::super::instance::{Instance, NONE};

/// A pool of which the instance knows nothing.
pub(super) const UNKNOWN: u32 = NONE - 1;

/// A result against one instance; the file itself is looked at again only for the words of a violation.
pub struct Stated<'r> {
    pub(super) file: &'r ResultFile,
    pub(super) places: Vec<StatedPlace>,
    /// For each child in the order of results where its explanations are.
    pub(super) children: Vec<StatedRows>,
    /// All explanations.
    pub(super) rows: Vec<StatedRow>,
    /// What the explanations add that have something to add, in their order.
    pub(super) details: Vec<StatedDetail>,
    /// Explanations of children who are unknown, or whose turn is over.
    pub(super) strays: Vec<usize>,
    /// The different cut-offs.
    pub(super) cutoffs: Vec<&'r [i64]>,
    /// The own priorities of all details, one after the other.
    numbers: Vec<i64>,
}

/// An assignment.
#[derive(Clone, Copy)]
pub(super) struct StatedPlace {
    /// [`NONE`] if the instance has no such child.
    pub(super) child: u32,
    /// [`NONE`], or [`UNKNOWN`] if the instance has no such pool.
    pub(super) pool: u32,
    pub(super) wish: Option<u32>,
}

/// Where the explanations of a child are: `rows[from..to]`, and the first of what they add.
#[derive(Clone, Copy, Default)]
pub(super) struct StatedRows {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) detail: u32,
    /// From here to the end they say of one wish after the other that what was got is better: most of all rows do.
    pub(super) better: u32,
}

/// An explanation without what it adds: number of the wish, code, and whether it adds something, in one number.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) struct StatedRow(u64);

/// What a row is more than one of the same words about the wish before.
const NEXT_WISH: u64 = 1 << 8;

impl StatedRow {
    #[inline]
    pub(super) fn new(wish: u32, code: Code, detailed: bool) -> Self {
        Self(u64::from(wish) << 8 | (code as u64) << 1 | u64::from(detailed))
    }

    fn is_better(self) -> bool {
        self.0 % NEXT_WISH == Self::new(0, Code::BetterPlaced, false).0
    }

    pub(super) fn is_detailed(self) -> bool {
        self.0 & 1 == 1
    }
}

/// What an explanation adds.
#[derive(Clone, Copy)]
pub(super) struct StatedDetail {
    pub(super) ahead: u32,
    /// Which of the cut-offs, or [`NONE`].
    pub(super) cutoff: u32,
    /// Its own priority among the numbers.
    own: (u32, u32),
}

impl<'r> Stated<'r> {
    pub(super) fn read(instance: &Instance, file: &'r ResultFile) -> Self {
        let expected = instance.by_id.iter().copied().map(Some).chain(std::iter::repeat(None));
        let places = file.assignments.iter().zip(expected);
        let mut stated = Self {
            file,
            places: places.map(|(row, child)| place(instance, row, child)).collect(),
            children: vec![StatedRows::default(); instance.by_id.len()],
            rows: Vec::with_capacity(file.explanations.len()),
            details: Vec::new(),
            strays: Vec::new(),
            cutoffs: Vec::new(),
            numbers: Vec::new(),
        };
        stated.group(instance);
        stated.read_rows();
        stated.read_better();
        stated
    }

    fn read_better(&mut self) {
        for child in &mut self.children {
            let rows = &self.rows[child.from as usize..child.to as usize];
            let runs = rows.chunk_by(|one, next| one.is_better() && next.is_better() && next.0 == one.0 + NEXT_WISH);
            let last = runs.last().filter(|run| run[0].is_better());
            child.better = child.to - last.map_or(0, |run| run.len() as u32);
        }
    }

    /// Finds the explanations of each child: they come in the order of the ids.
    fn group(&mut self, instance: &Instance) {
        let (mut turn, mut detail, mut last) = (0, 0, None);
        for (at, row) in (0..).zip(&self.file.explanations) {
            // Rows of one child share its name, which then is compared once.
            let same = last.is_some_and(|name| Arc::ptr_eq(name, &row.child));
            while !same && turn < instance.by_id.len() && *instance.child_id(instance.by_id[turn]) < *row.child {
                turn += 1;
            }
            let child = instance.by_id.get(turn);
            if same || child.is_some_and(|&child| *instance.child_id(child) == *row.child) {
                last = Some(&row.child);
                let rows = &mut self.children[turn];
                if rows.from == rows.to {
                    (rows.from, rows.detail) = (at, detail);
                }
                rows.to = at + 1;
            } else {
                last = None;
                self.strays.push(at as usize);
            }
            detail += u32::from(row.detail.is_some());
        }
    }

    fn read_rows(&mut self) {
        let mut known: HashMap<&[i64], u32> = HashMap::new();
        for row in &self.file.explanations {
            self.rows.push(StatedRow::new(row.wish, row.code, row.detail.is_some()));
            let Some(detail) = &row.detail else { continue };
            let own = self.numbers.len() as u32;
            self.numbers.extend_from_slice(&detail.own);
            let cutoff = detail.cutoff.as_deref().map_or(NONE, |cutoff| {
                *known.entry(cutoff).or_insert_with(|| {
                    self.cutoffs.push(cutoff);
                    self.cutoffs.len() as u32 - 1
                })
            });
            self.details.push(StatedDetail {
                ahead: detail.ahead,
                cutoff,
                own: (own, self.numbers.len() as u32),
            });
        }
    }

    /// The child's own priority.
    pub(super) fn own(&self, detail: &StatedDetail) -> &[i64] {
        &self.numbers[detail.own.0 as usize..detail.own.1 as usize]
    }
}

fn place(instance: &Instance, row: &Assignment, expected: Option<u32>) -> StatedPlace {
    let named = expected.filter(|&child| *instance.child_id(child) == *row.child);
    let child = named.or_else(|| instance.child(&row.child)).unwrap_or(NONE);
    let pool = row.pool.as_deref().map_or(NONE, |name| {
        let known = named_by_wish(instance, child, row.wish, name);
        known.or_else(|| instance.pool(name)).unwrap_or(UNKNOWN)
    });
    StatedPlace {
        child,
        pool,
        wish: row.wish,
    }
}

/// The pool of the wish by which a child is said to be placed, if it has this name.
fn named_by_wish(instance: &Instance, child: u32, wish: Option<u32>, name: &str) -> Option<u32> {
    if child == NONE {
        return None;
    }
    let wish = instance.wishes_of(child).nth(wish?.checked_sub(1)? as usize)?;
    Some(instance.wish_pool[wish]).filter(|&pool| instance.pool_id(pool) == name)
}
