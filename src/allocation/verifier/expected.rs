//! What the explanations and figures must be, derived from the places alone.

use std::sync::Arc;

use super::super::file::{Code, Detail, Explanation, ResultFile};
use super::super::instance::{Instance, NONE, Siblings};
use super::Violation;
use super::order::Order;
use super::places::{By, Places};
use super::seats::{Seats, wish_for};

/// Compares envy, explanations and figures.
pub(super) fn check(
    instance: &Instance,
    order: &Order,
    places: &Places,
    seats: &Seats,
    claims: &[Option<u32>],
    result: &ResultFile,
    found: &mut Vec<Violation>,
) {
    let view = View {
        refusals: refusals(instance, places, seats),
        instance,
        order,
        places,
        seats,
        claims,
    };
    let envied = view.envied(found);
    view.check_metrics(&envied, &result.metrics, found);
    let mut rows = Rows {
        result,
        next: 0,
        ahead: view.ahead(),
        known: None,
        cutoffs: vec![None; instance.pools.len()],
        found,
    };
    for &child in &instance.by_id {
        view.check_child(child, &mut rows);
    }
    rows.end();
}

/// An instance with what the result says about it.
pub(super) struct View<'s> {
    pub(super) instance: &'s Instance,
    pub(super) order: &'s Order,
    pub(super) places: &'s Places,
    pub(super) seats: &'s Seats,
    pub(super) claims: &'s [Option<u32>],
    /// For each pool why it takes no more.
    refusals: Vec<Refusal<'s>>,
}

/// Why a pool takes no more children.
struct Refusal<'s> {
    /// The place of the last child on a reserved seat.
    reserved: Option<u32>,
    /// The priority of the last child on an open seat.
    cutoff: Option<&'s [i64]>,
}

fn refusals<'s>(instance: &'s Instance, places: &Places, seats: &Seats) -> Vec<Refusal<'s>> {
    let pools = 0..instance.pools.len() as u32;
    let refusal = |pool: u32| {
        let (reserved, last) = seats.refusal(pool);
        let wish = last.and_then(|last| wish_for(instance, last, places.pool[last as usize]));
        Refusal {
            reserved,
            cutoff: wish.map(|wish| instance.priority(wish)),
        }
    };
    pools.map(refusal).collect()
}

/// What must stand in one explanation.
struct Expected<'s> {
    wish: u32,
    code: Code,
    detail: Option<ExpectedDetail<'s>>,
}

/// What must stand beside `FULL` and `RESERVED`.
#[derive(Debug)]
struct ExpectedDetail<'s> {
    pool: u32,
    cutoff: Option<&'s [i64]>,
    own: &'s [i64],
    ahead: u32,
}

/// Goes through the explanations of the result.
struct Rows<'r> {
    result: &'r ResultFile,
    next: usize,
    ahead: Vec<u32>,
    /// The child of the last right row, and its name there.
    known: Option<(u32, &'r Arc<str>)>,
    /// For each pool a cut-off that was found right; rows of one pool share it, and then it is compared once.
    cutoffs: Vec<Option<&'r Arc<[i64]>>>,
    found: &'r mut Vec<Violation>,
}

impl<'r> Rows<'r> {
    fn compare(&mut self, child: u32, id: &str, expected: &Expected<'_>) {
        let at = self.next;
        self.next += 1;
        let row = self.result.explanations.get(at);
        let same = row.is_some_and(|row| {
            let detail = match (&expected.detail, &row.detail) {
                (Some(expected), Some(detail)) => self.is(expected, detail),
                (expected, detail) => expected.is_none() && detail.is_none(),
            };
            row.wish == expected.wish && row.code == expected.code && detail && self.names(row, child, id)
        });
        if !same {
            let Expected { wish, code, detail } = expected;
            self.found.push(Violation::Explanation {
                at,
                expected: format!("`{id}` {wish} {code:?} {detail:?}"),
                found: row.map_or("nothing".to_owned(), describe),
            });
        }
    }

    fn is(&mut self, expected: &ExpectedDetail<'_>, detail: &'r Detail) -> bool {
        *expected.own == *detail.own
            && expected.ahead == detail.ahead
            && match (expected.cutoff, &detail.cutoff) {
                (Some(expected_cutoff), Some(cutoff)) => {
                    let known = &mut self.cutoffs[expected.pool as usize];
                    let same = known.is_some_and(|known| Arc::ptr_eq(known, cutoff)) || *expected_cutoff == **cutoff;
                    if same {
                        *known = Some(cutoff);
                    }
                    same
                }
                (expected, cutoff) => expected.is_none() && cutoff.is_none(),
            }
    }

    /// Whether a row is of this child; rows of one child share its name, which then is compared once.
    fn names(&mut self, row: &'r Explanation, child: u32, id: &str) -> bool {
        let known = self
            .known
            .is_some_and(|(known, name)| known == child && Arc::ptr_eq(name, &row.child));
        let names = known || *row.child == *id;
        if names {
            self.known = Some((child, &row.child));
        }
        names
    }

    fn end(self) {
        if let Some(row) = self.result.explanations.get(self.next) {
            let found = describe(row);
            self.found.push(Violation::Explanation {
                at: self.next,
                expected: "nothing".to_owned(),
                found,
            });
        }
    }
}

fn describe(row: &Explanation) -> String {
    format!("`{}` {} {:?} {:?}", row.child, row.wish, row.code, row.detail)
}

impl View<'_> {
    fn is_fixed(&self, child: u32) -> bool {
        self.instance.children[child as usize].fixed != NONE
    }

    /// Whether a child is judged by its own wishes.
    pub(super) fn is_single(&self, child: u32) -> bool {
        let family = self.instance.children[child as usize].family as usize;
        let required = self.instance.families[family].siblings == Siblings::Required;
        !required && self.places.by[family] == By::Own && !self.is_fixed(child)
    }

    /// For each wish how many children want its pool more than what they have, and go before.
    fn ahead(&self) -> Vec<u32> {
        let waiting = self.waiting();
        let mut ahead = vec![0; waiting.len()];
        let mut from = 0;
        for &end in &self.order.queue_end {
            let mut before = 0;
            for &wish in &self.order.queue[from..end] {
                ahead[wish as usize] = before;
                before += u32::from(waiting[wish as usize]);
            }
            from = end;
        }
        ahead
    }

    /// The wishes for which their child would leave what it has.
    fn waiting(&self) -> Vec<bool> {
        let mut waiting = vec![false; self.instance.wish_pool.len()];
        for (child, &better) in (0..).zip(&self.places.better) {
            if self.is_single(child) {
                let from = self.instance.wishes_of(child).start;
                waiting[from..from + better as usize].fill(true);
            }
        }
        for (family, by) in (0..).zip(&self.places.by) {
            let held = match *by {
                By::Joint(held) => held as usize,
                By::Own => usize::MAX,
            };
            for pools in self.instance.joint_of(family).take(held) {
                for (child, &pool) in self.instance.children_of(family).zip(pools) {
                    let wants = pool != NONE && pool != self.places.pool[child as usize] && !self.is_fixed(child);
                    if let Some(wish) = wish_for(self.instance, child, pool).filter(|_| wants) {
                        waiting[wish] = true;
                    }
                }
            }
        }
        waiting
    }

    fn check_child(&self, child: u32, rows: &mut Rows<'_>) {
        let row = &self.instance.children[child as usize];
        let by = self.places.by[row.family as usize];
        let required = self.instance.families[row.family as usize].siblings == Siblings::Required;
        if row.fixed == NONE && (required || by != By::Own) {
            self.check_joint(child, by, required, rows);
        } else {
            self.check_own(child, rows);
        }
    }

    fn check_own(&self, child: u32, rows: &mut Rows<'_>) {
        let row = &self.instance.children[child as usize];
        let (wishes, pool) = (self.instance.wishes_of(child), self.places.pool[child as usize]);
        let listed = |pool: u32| wishes.clone().position(|wish| self.instance.wish_pool[wish] == pool);
        let place = if pool == NONE {
            None
        } else {
            Some(listed(pool).unwrap_or(wishes.len()))
        };
        // What one cannot get has no end; a fixed child that never wished for its place stays outside of its list.
        let place = place.unwrap_or(usize::MAX);
        let claimed = self.claimed_pool(child);
        for (at, wish) in wishes.clone().enumerate() {
            let code = match at {
                _ if at == place => Code::Placed,
                _ if at > place => Code::BetterPlaced,
                _ if row.fixed != NONE => Code::Fixed,
                _ if claimed == Some(self.instance.wish_pool[wish]) => Code::Exception,
                _ => Code::Full,
            };
            self.compare(child, at as u32 + 1, code, wish, rows);
        }
        if row.fixed == NONE && row.incumbent != NONE && listed(row.incumbent).is_none() {
            let code = if place == wishes.len() {
                Code::Placed
            } else {
                Code::BetterPlaced
            };
            let expected = Expected {
                wish: wishes.len() as u32 + 1,
                code,
                detail: None,
            };
            rows.compare(child, self.instance.child_id(child), &expected);
        }
    }

    fn claimed_pool(&self, child: u32) -> Option<u32> {
        let family = self.instance.children[child as usize].family;
        let wish = self
            .instance
            .joint_of(family)
            .nth(self.claims[family as usize]? as usize)?;
        wish.get((child - self.instance.children_of(family).start) as usize)
            .copied()
            .filter(|&pool| pool != NONE)
    }

    fn check_joint(&self, child: u32, by: By, required: bool, rows: &mut Rows<'_>) {
        let row = &self.instance.children[child as usize];
        let held = match by {
            By::Joint(held) => held as usize,
            By::Own => usize::MAX,
        };
        let claim = self.claims[row.family as usize].map(|claim| claim as usize);
        let column = (child - self.instance.children_of(row.family).start) as usize;
        let joint = self.instance.joint_of(row.family);
        let wishes = joint.len() as u32;
        for (at, pools) in joint.enumerate() {
            let wish = Some(pools[column])
                .filter(|&pool| pool != NONE)
                .and_then(|pool| wish_for(self.instance, child, pool));
            let code = match at {
                _ if at == held => Code::Placed,
                _ if at > held => Code::BetterPlaced,
                _ if Some(at) == claim => Code::Exception,
                _ if pools[column] == self.places.pool[child as usize] => Code::Sibling,
                _ if wish.is_none_or(|wish| self.seats.takes(self.instance, self.order, child, wish)) => Code::Sibling,
                _ => Code::Full,
            };
            self.compare(child, at as u32 + 1, code, wish.unwrap_or_default(), rows);
        }
        if required && row.incumbent != NONE {
            let code = if by == By::Own {
                Code::Placed
            } else {
                Code::BetterPlaced
            };
            let expected = Expected {
                wish: wishes + 1,
                code,
                detail: None,
            };
            rows.compare(child, self.instance.child_id(child), &expected);
        }
    }

    /// Compares one row, `FULL` standing for `RESERVED` as well.
    fn compare(&self, child: u32, number: u32, code: Code, wish: usize, rows: &mut Rows<'_>) {
        let mut expected = Expected {
            wish: number,
            code,
            detail: None,
        };
        if code == Code::Full {
            let pool = self.instance.wish_pool[wish];
            let refusal = &self.refusals[pool as usize];
            let reserved = refusal.reserved.is_some_and(|last| self.order.wish[wish] < last);
            expected.code = if reserved { Code::Reserved } else { Code::Full };
            expected.detail = Some(ExpectedDetail {
                pool,
                cutoff: refusal.cutoff,
                own: self.instance.priority(wish),
                ahead: rows.ahead[wish],
            });
        }
        rows.compare(child, self.instance.child_id(child), &expected);
    }
}
