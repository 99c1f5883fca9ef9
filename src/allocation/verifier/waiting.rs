//! Who waits for a pool: the wishes for which their child would leave what it has, and how many of them go before a wish.

use super::super::instance::NONE;
use super::View;
use super::places::By;
use super::seats::wish_for;

/// The wishes that wait, as one bit each in the order of the queues, so that those before a wish are counted a word at a time.
pub(super) struct Waiting<'s> {
    view: &'s View<'s>,
    bits: Vec<u64>,
    /// For each word how many wait in all words before it.
    before: Vec<u32>,
    /// For each pool how many wait in all queues before its own.
    start: Vec<u32>,
}

impl<'s> Waiting<'s> {
    pub(super) fn new(view: &'s View<'s>) -> Self {
        let words = view.instance.wish_pool.len() / 64 + 1;
        let mut waiting = Self {
            view,
            bits: vec![0; words],
            before: Vec::with_capacity(words),
            start: Vec::new(),
        };
        waiting.mark_own();
        waiting.mark_joint();
        let mut sum = 0;
        for word in &waiting.bits {
            waiting.before.push(sum);
            sum += word.count_ones();
        }
        let starts = view.order.queue_start.iter();
        waiting.start = starts.map(|&start| waiting.until(start)).collect();
        waiting
    }

    fn mark_own(&mut self) {
        let View { instance, places, .. } = *self.view;
        for (child, &rank) in (0..).zip(&places.rank) {
            if rank > 0 && self.view.is_single(child) {
                let from = instance.wishes_of(child).start;
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
        let at = self.view.order.queue[wish];
        self.bits[at as usize / 64] |= 1 << (at % 64);
    }

    /// How many want the pool of a wish more than what they have, and go before its child.
    #[inline]
    pub(super) fn ahead(&self, wish: usize) -> u32 {
        let pool = self.view.instance.wish_pool[wish] as usize;
        self.until(self.view.order.queue[wish]) - self.start[pool]
    }

    /// How many wait before this place of the queues.
    #[inline]
    fn until(&self, at: u32) -> u32 {
        let word = at as usize / 64;
        let below = self.bits[word] & ((1 << (at % 64)) - 1);
        self.before[word] + below.count_ones()
    }
}
