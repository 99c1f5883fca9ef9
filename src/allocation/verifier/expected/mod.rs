//! What the explanations must be, derived from the places alone, and who has a wish that its pool would grant.

mod joint;

use super::super::file::{Code, Explanation};
use super::super::instance::NONE;
use super::refusal::{Refusal, refusals};
use super::seats::wish_for;
use super::stated::{Stated, StatedRow};
use super::waiting::Waiting;
use super::{View, Violation};

/// Compares the explanations, and answers the children with the wishes of their own that they would be granted.
pub(super) fn check<'s>(view: &'s View<'s>, stated: &'s Stated<'s>, found: &mut Vec<Violation>) -> Vec<(u32, usize)> {
    let waiting = Waiting::new(view);
    let mut checker = Checker {
        refusals: refusals(view, &waiting),
        waiting,
        view,
        stated,
        rows: &[],
        first: 0,
        row: 0,
        better: 0,
        detail: 0,
        envied: Vec::new(),
        found,
    };
    for (&child, rows) in view.instance.by_id.iter().zip(&stated.children) {
        let (from, to) = (rows.from as usize, rows.to as usize);
        checker.rows = &stated.rows[from..to];
        (checker.first, checker.row, checker.detail) = (from, 0, rows.detail as usize);
        checker.better = (rows.better - rows.from) as usize;
        if view.order.plain[child as usize] {
            checker.plain_wishes(child);
        } else if view.is_own(child) {
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
    /// From where on they say of one wish after the other that what was got is better.
    better: usize,
    detail: usize,
    envied: Vec<(u32, usize)>,
    found: &'f mut Vec<Violation>,
}

impl Checker<'_, '_> {
    /// The rows of a child with nothing but its wishes.
    fn plain_wishes(&mut self, child: u32) {
        let (wishes, rank) = (self.view.order.wishes_of(child), self.view.places.rank[child as usize]);
        if rank > 0 {
            let right = self.plain_refusals(wishes.start, rank);
            self.row += right;
            self.detail += right;
            for (number, wish) in (1..=rank).zip(wishes.clone()).skip(right) {
                self.judge(child, number, wish);
                self.expect_refusal(child, number, wish);
            }
        }
        let count = wishes.len() as u32;
        if rank < count {
            self.expect(child, rank + 1, Code::Placed);
        }
        self.expect_better_placed(child, rank + 2, count);
    }

    /// How many refusals from the first one on are right and just beyond question: nearly all are, so the time of a check goes by this.
    fn plain_refusals(&mut self, first: usize, rank: u32) -> usize {
        let numbers = &self.view.instance.numbers;
        let details = &self.stated.details[self.detail..];
        let count = self.rows.len().min(details.len()).min(rank as usize);
        let (rows, details) = (&self.rows[..count], &details[..count]);
        let order = &self.view.order.wish[first..=first + count];
        for at in 0..count {
            let (wish, detail) = (order[at], &details[at]);
            let refusal = &mut self.refusals[wish.pool as usize];
            let code = if wish.place < refusal.reserved {
                Code::Reserved
            } else {
                Code::Full
            };
            let right = wish.place >= refusal.open
                && rows[at] == StatedRow::new(at as u32 + 1, code, true)
                && detail.ahead == self.waiting.until(wish.queue) - refusal.start
                && equal(
                    self.stated.own(detail),
                    &numbers[wish.priority as usize..order[at + 1].priority as usize],
                )
                && refusal.is_cutoff(detail.cutoff, self.stated);
            if !right {
                return at;
            }
        }
        count
    }

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
        let mut first = first;
        if self.row >= self.better && self.rows.get(self.row) == Some(&StatedRow::new(first, Code::BetterPlaced, false))
        {
            let there = self.rows.len() - self.row;
            let right = there.min((last + 1).saturating_sub(first) as usize);
            self.row += right;
            first += right as u32;
        }
        for number in first..=last {
            self.expect(child, number, Code::BetterPlaced);
        }
    }

    /// The next row must say that the pool is full, or kept for others, and why.
    fn expect_refusal(&mut self, child: u32, number: u32, wish: usize) {
        let wishes = &self.view.order.wish;
        let (wish, next) = (&wishes[wish], wishes[wish + 1].priority);
        let pool = wish.pool as usize;
        let code = if wish.place < self.refusals[pool].reserved {
            Code::Reserved
        } else {
            Code::Full
        };
        let own = &self.view.instance.numbers[wish.priority as usize..next as usize];
        let ahead = self.waiting.until(wish.queue) - self.refusals[pool].start;
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

/// Priorities are a few numbers, which are compared sooner one by one than by a call.
fn equal(one: &[i64], other: &[i64]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one == other)
}

fn describe(row: &Explanation) -> String {
    format!("`{}` {} {:?} {:?}", row.child, row.wish, row.code, row.detail)
}
