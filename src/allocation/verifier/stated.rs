//! What a result states, with numbers in place of names: read once, so that the check itself compares whole numbers only.

use super::super::file::{Assignment, Code, ResultFile};
use super::super::instance::{Instance, NONE};

/// A pool of which the instance knows nothing.
pub(super) const UNKNOWN: u32 = NONE - 1;

/// A result against one instance; the file itself is looked at again only for the words of a violation.
pub struct Stated<'r> {
    pub(super) file: &'r ResultFile,
    pub(super) places: Vec<StatedPlace>,
    pub(super) rows: Vec<StatedRow>,
    /// What the rows add that have something to add, in their order.
    pub(super) details: Vec<StatedDetail>,
    /// The numbers of those details, one after the other.
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

/// An explanation without what it adds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct StatedRow {
    pub(super) child: u32,
    pub(super) wish: u32,
    pub(super) code: Code,
    pub(super) detailed: bool,
}

/// What an explanation adds.
#[derive(Clone, Copy)]
pub(super) struct StatedDetail {
    pub(super) ahead: u32,
    /// Where its own priority, then its cut-off, then that of the next detail begins.
    own: u32,
    cutoff: u32,
    end: u32,
    has_cutoff: bool,
}

impl<'r> Stated<'r> {
    pub(super) fn read(instance: &Instance, file: &'r ResultFile) -> Self {
        let expected = instance.by_id.iter().copied().map(Some).chain(std::iter::repeat(None));
        let places = file.assignments.iter().zip(expected);
        let mut stated = Self {
            file,
            places: places.map(|(row, child)| place(instance, row, child)).collect(),
            rows: Vec::with_capacity(file.explanations.len()),
            details: Vec::new(),
            numbers: Vec::new(),
        };
        stated.read_rows(instance);
        stated
    }

    fn read_rows(&mut self, instance: &Instance) {
        let mut last: Option<(&str, u32)> = None;
        let mut names = instance.by_id.iter().copied();
        for row in &self.file.explanations {
            let child = match last {
                Some((name, child)) if *name == *row.child => child,
                // Rows come in the order of the children; whatever stands elsewhere is looked up.
                _ => names
                    .next()
                    .filter(|&child| *instance.child_id(child) == *row.child)
                    .or_else(|| instance.child(&row.child))
                    .unwrap_or(NONE),
            };
            last = Some((&row.child, child));
            self.rows.push(StatedRow {
                child,
                wish: row.wish,
                code: row.code,
                detailed: row.detail.is_some(),
            });
            if let Some(detail) = &row.detail {
                let own = self.numbers.len() as u32;
                self.numbers.extend_from_slice(&detail.own);
                let cutoff = self.numbers.len() as u32;
                self.numbers
                    .extend(detail.cutoff.iter().flat_map(|numbers| numbers.iter()));
                self.details.push(StatedDetail {
                    ahead: detail.ahead,
                    own,
                    cutoff,
                    end: self.numbers.len() as u32,
                    has_cutoff: detail.cutoff.is_some(),
                });
            }
        }
    }

    /// The child's own priority.
    pub(super) fn own(&self, detail: &StatedDetail) -> &[i64] {
        &self.numbers[detail.own as usize..detail.cutoff as usize]
    }

    /// The priority of the last child on an open seat.
    pub(super) fn cutoff(&self, detail: &StatedDetail) -> Option<&[i64]> {
        detail
            .has_cutoff
            .then(|| &self.numbers[detail.cutoff as usize..detail.end as usize])
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
