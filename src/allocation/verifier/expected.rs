//! What the explanations must be, derived from the places alone, and who has a wish that its pool would grant.

use super::super::file::{Code, Explanation};
use super::super::instance::{NONE, Siblings};
use super::places::By;
use super::seats::wish_for;
use super::stated::{Stated, StatedRow};
use super::waiting::Waiting;
use super::{View, Violation};

/// Compares the explanations, and answers the children with the wishes of their own that they would be granted.
pub(super) fn check<'s>(view: &'s View<'s>, stated: &'s Stated<'s>, found: &mut Vec<Violation>) -> Vec<(u32, usize)> {
    let mut checker = Checker {
        refusals: refusals(view),
        waiting: Waiting::new(view),
        view,
        stated,
        rows: &[],
        first: 0,
        row: 0,
        detail: 0,
        envied: Vec::new(),
        found,
    };
    for (&child, rows) in view.instance.by_id.iter().zip(&stated.children) {
        let (from, to) = (rows.from as usize, rows.to as usize);
        checker.rows = &stated.rows[from..to];
        (checker.first, checker.row, checker.detail) = (from, 0, rows.detail as usize);
        if view.is_own(child) {
            checker.own_wishes(child);
        } else {
            checker.joint_wishes(child);
        }
        if checker.row < to - from {
            checker.differs("nothing".to_owned());
        }
    }
    let strays = stated.strays.iter().map(|&at| Violation::Explanation {
        at,
        expected: "the explanation of another child".to_owned(),
        found: describe(&stated.file.explanations[at]),
    });
    checker.found.extend(strays);
    checker.envied
}

/// Why a pool takes no more children.
struct Refusal<'s> {
    /// The place of the last child on a reserved seat; before it nobody is refused for the sake of a reserve.
    reserved: u32,
    /// The priority of the last child on an open seat.
    cutoff: Option<&'s [i64]>,
    /// Which of the stated cut-offs was found to be this one: it is compared once for a pool, and then known by its number.
    known: u32,
}

fn refusals<'s>(view: &View<'s>) -> Vec<Refusal<'s>> {
    let pools = 0..view.instance.pools.len() as u32;
    let refusal = |pool: u32| {
        let (reserved, last) = view.seats.refusal(pool);
        let wish = last.and_then(|last| wish_for(view.instance, last, view.places.pool[last as usize]));
        Refusal {
            reserved: reserved.unwrap_or(0),
            cutoff: wish.map(|wish| view.instance.priority(wish)),
            known: NONE,
        }
    };
    pools.map(refusal).collect()
}

/// Goes through the explanations of a result.
struct Checker<'s, 'f> {
    view: &'s View<'s>,
    stated: &'s Stated<'s>,
    waiting: Waiting<'s>,
    /// For each pool why it takes no more.
    refusals: Vec<Refusal<'s>>,
    /// The rows of the child, and where they begin.
    rows: &'s [StatedRow],
    first: usize,
    /// The next of them, and the next detail of one.
    row: usize,
    detail: usize,
    envied: Vec<(u32, usize)>,
    found: &'f mut Vec<Violation>,
}

impl Checker<'_, '_> {
    /// The rows of a child that is judged by its own wishes, or fixed.
    fn own_wishes(&mut self, child: u32) {
        let instance = self.view.instance;
        let (row, wishes) = (&instance.children[child as usize], instance.wishes_of(child));
        let (fixed, rank) = (row.fixed != NONE, self.view.places.rank[child as usize]);
        let from = wishes.start as u32;
        if rank > 0 {
            let claimed = self.claimed_pool(child, row.family);
            for number in 1..=rank {
                let wish = (from + number - 1) as usize;
                if fixed {
                    self.expect(child, number, Code::Fixed);
                    continue;
                }
                self.judge(child, number, wish);
                if claimed == Some(instance.wish_pool[wish]) {
                    self.expect(child, number, Code::Exception);
                } else {
                    self.expect_refusal(child, number, wish);
                }
            }
        }
        let count = wishes.len() as u32;
        if rank < count {
            self.expect(child, rank + 1, Code::Placed);
        }
        self.expect_better_placed(child, rank + 2, count);
        if !fixed && row.incumbent != NONE {
            self.unlisted_place(child, row.incumbent);
        }
    }

    /// An incumbent that did not list its place has it as one wish more.
    fn unlisted_place(&mut self, child: u32, incumbent: u32) {
        let count = self.view.instance.wishes_of(child).len() as u32;
        if wish_for(self.view.instance, child, incumbent).is_none() {
            let code = if self.view.places.rank[child as usize] == count {
                Code::Placed
            } else {
                Code::BetterPlaced
            };
            self.expect(child, count + 1, code);
        }
    }

    /// Whoever would be taken by a pool that it likes better has justified envy.
    fn judge(&mut self, child: u32, number: u32, wish: usize) {
        let View {
            instance, order, seats, ..
        } = *self.view;
        if seats.takes(instance, order, child, wish) {
            self.found.push(Violation::Envy {
                child: instance.child_id(child).to_owned(),
                wish: number,
            });
            self.envied.push((child, wish));
        }
    }

    fn claimed_pool(&self, child: u32, family: u32) -> Option<u32> {
        let claim = self.view.claims[family as usize]? as usize;
        let wish = self.view.instance.joint_of(family).nth(claim)?;
        wish.get((child - self.view.instance.children_of(family).start) as usize)
            .copied()
            .filter(|&pool| pool != NONE)
    }

    /// The rows of a child whose family takes a joint wish.
    fn joint_wishes(&mut self, child: u32) {
        let View {
            instance,
            order,
            places,
            seats,
            ..
        } = *self.view;
        let row = &instance.children[child as usize];
        let (family, by) = (row.family, places.by[row.family as usize]);
        let held = match by {
            By::Joint(held) => held,
            By::Own => NONE,
        };
        let claim = self.view.claims[family as usize].unwrap_or(NONE);
        let column = (child - instance.children_of(family).start) as usize;
        for (at, pools) in (0..).zip(instance.joint_of(family)) {
            let pool = pools[column];
            let wish = wish_for(instance, child, pool);
            let code = match wish {
                _ if at == held => Code::Placed,
                _ if at > held => Code::BetterPlaced,
                _ if at == claim => Code::Exception,
                _ if pool == places.pool[child as usize] => Code::Sibling,
                Some(wish) if !seats.takes(instance, order, child, wish) => {
                    self.expect_refusal(child, at + 1, wish);
                    continue;
                }
                _ => Code::Sibling,
            };
            self.expect(child, at + 1, code);
        }
        let required = instance.families[family as usize].siblings == Siblings::Required;
        if required && row.incumbent != NONE {
            let code = if by == By::Own {
                Code::Placed
            } else {
                Code::BetterPlaced
            };
            self.expect(child, instance.joint_of(family).len() as u32 + 1, code);
        }
    }

    /// The next row must say just this.
    fn expect(&mut self, child: u32, wish: u32, code: Code) {
        if self.rows.get(self.row) == Some(&StatedRow::new(wish, code, false)) {
            self.row += 1;
        } else {
            self.differs(format!("`{}` {wish} {code:?}", self.view.instance.child_id(child)));
        }
    }

    /// The next rows must say that what was got is better: most of all rows, so they are passed in one go.
    fn expect_better_placed(&mut self, child: u32, first: u32, last: u32) {
        let there = self.rows.get(self.row..).unwrap_or_default().iter();
        let right = there.zip(first..=last).take_while(|&(row, number)| {
            let expected = StatedRow::new(number, Code::BetterPlaced, false);
            *row == expected
        });
        let right = right.count();
        self.row += right;
        for number in first + right as u32..=last {
            self.expect(child, number, Code::BetterPlaced);
        }
    }

    /// The next row must say that the pool is full, or kept for others, and why.
    fn expect_refusal(&mut self, child: u32, number: u32, wish: usize) {
        let View { instance, order, .. } = *self.view;
        let pool = instance.wish_pool[wish] as usize;
        let reserved = order.wish[wish] < self.refusals[pool].reserved;
        let code = if reserved { Code::Reserved } else { Code::Full };
        let (own, ahead) = (instance.priority(wish), self.waiting.ahead(wish));
        let same = self.rows.get(self.row) == Some(&StatedRow::new(number, code, true))
            && self.stated.details.get(self.detail).is_some_and(|detail| {
                detail.ahead == ahead
                    && equal(self.stated.own(detail), own)
                    && self.refusals[pool].is_cutoff(detail.cutoff, self.stated)
            });
        if same {
            self.row += 1;
            self.detail += 1;
        } else {
            let id = self.view.instance.child_id(child);
            let cutoff = self.refusals[pool].cutoff;
            self.differs(format!("`{id}` {number} {code:?} {cutoff:?} {own:?} {ahead}"));
        }
    }

    /// The next row is not what it should be.
    #[cold]
    fn differs(&mut self, expected: String) {
        let at = self.first + self.row;
        let there = self.rows.get(self.row).map(|_| &self.stated.file.explanations[at]);
        self.found.push(Violation::Explanation {
            at,
            expected,
            found: there.map_or("nothing".to_owned(), describe),
        });
        // What a wrong row adds is passed over with it.
        self.detail += usize::from(self.rows.get(self.row).is_some_and(|row| row.is_detailed()));
        self.row += 1;
    }
}

impl Refusal<'_> {
    fn is_cutoff(&mut self, stated: u32, of: &Stated<'_>) -> bool {
        if stated == NONE {
            return self.cutoff.is_none();
        }
        let same = self.known == stated || self.cutoff == Some(of.cutoffs[stated as usize]);
        if same {
            self.known = stated;
        }
        same
    }
}

/// Priorities are a few numbers, which are compared sooner one by one than by a call.
fn equal(one: &[i64], other: &[i64]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one == other)
}

fn describe(row: &Explanation) -> String {
    format!("`{}` {} {:?} {:?}", row.child, row.wish, row.code, row.detail)
}
