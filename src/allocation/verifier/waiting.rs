//! Who waits for a pool: the wishes for which their child would leave what it has, and how many of them go before a wish.

use super::super::instance::NONE;
use super::View;
use super::places::By;
use super::seats::wish_for;

/// How many wait before each place of the queues, which stand one after the other.
pub(super) struct Waiting<'s> {
    view: &'s View<'s>,
    words: Vec<Word>,
}

/// Thirty-two places of the queues.
#[derive(Clone, Copy, Default)]
struct Word {
    /// How many wait in all words before.
    before: u32,
    bits: u32,
}

impl<'s> Waiting<'s> {
    pub(super) fn new(view: &'s View<'s>) -> Self {
        let mut waiting = Self {
            view,
            words: vec![Word::default(); view.instance.wish_pool.len() / 32 + 1],
        };
        waiting.mark_own();
        waiting.mark_joint();
        let mut sum = 0;
        for word in &mut waiting.words {
            word.before = sum;
            sum += word.bits.count_ones();
        }
        waiting
    }

    fn mark_own(&mut self) {
        let View { order, places, .. } = *self.view;
        for (child, &rank) in (0..).zip(&places.rank) {
            if rank > 0 && self.view.is_single(child) {
                let from = order.wishes_of(child).start;
                (from..from + rank as usize).for_each(|wish| self.mark(wish));
            }
        }
    }

    fn mark_joint(&mut self) {
        let View { instance, places, .. } = *self.view;
        for &family in self.view.joint {
            let held = match places.by[family as usize] {
                By::Joint(held) => held as usize,
                By::Own => usize::MAX,
            };
            for pools in instance.joint_of(family).take(held) {
                for (child, &pool) in instance.children_of(family).zip(pools) {
                    let wants = pool != NONE && pool != places.pool[child as usize] && !self.view.is_fixed(child);
                    if let Some(wish) = wish_for(instance, child, pool).filter(|_| wants) {
                        self.mark(wish);
                    }
                }
            }
        }
    }

    fn mark(&mut self, wish: usize) {
        let at = self.view.order.wish[wish].queue;
        self.words[at as usize / 32].bits |= 1 << (at % 32);
    }

    /// How many wait before this place of the queues.
    #[inline]
    pub(super) fn until(&self, at: u32) -> u32 {
        let word = self.words[at as usize / 32];
        word.before + (word.bits & ((1 << (at % 32)) - 1)).count_ones()
    }
}
