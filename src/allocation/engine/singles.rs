//! Child-proposing deferred acceptance where every pool stands alone: the core, and the fast way through it.

use super::super::instance::NONE;
use super::market::{List, Market};

/// For each child the entry that it holds, or [`NONE`].
pub(super) type Held = Vec<u32>;

/// Lets every child propose down its list; each pool keeps the best and turns away the rest.
pub(super) fn propose(market: &Market<'_>) -> Held {
    let mut seats = Seats::new(market);
    let mut next: Vec<u32> = market.lists.iter().map(|list| list.first).collect();
    let mut held = vec![NONE; next.len()];
    for child in 0..next.len() as u32 {
        let mut free = child;
        loop {
            let at = next[free as usize];
            let List { last, .. } = market.lists[free as usize];
            if at == last {
                held[free as usize] = NONE;
                break;
            }
            next[free as usize] = at + 1;
            match seats.offer(market.pool(at), market.key(free, at)) {
                Answer::Refused => {}
                Answer::Kept => {
                    held[free as usize] = at;
                    break;
                }
                Answer::KeptFor(loser) => {
                    held[free as usize] = at;
                    free = market.child(loser);
                }
            }
        }
    }
    held
}

/// What a pool says to a proposal.
enum Answer {
    Refused,
    Kept,
    /// Kept, and the child of this key has to go.
    KeptFor(u64),
}

/// Keys of the children whom each pool holds; a full pool has its worst in front.
struct Seats {
    pools: Vec<PoolSeats>,
    keys: Vec<u64>,
}

#[derive(Clone, Copy)]
struct PoolSeats {
    from: u32,
    len: u32,
    cap: u32,
}

impl Seats {
    fn new(market: &Market<'_>) -> Self {
        let pools = market.instance.pools.len();
        let mut wanted = vec![0_u32; pools];
        for entry in &market.entries {
            wanted[entry.pool as usize] += 1;
        }
        let mut from = 0;
        let pools = market.slots[..pools].iter().zip(wanted).map(|(slot, wanted)| {
            // A pool needs no more room than it has applicants, so the sum stays within the wishes.
            let cap = slot.cap.min(wanted);
            from += cap;
            PoolSeats {
                from: from - cap,
                len: 0,
                cap: slot.cap,
            }
        });
        let pools = pools.collect();
        Self {
            pools,
            keys: vec![0; from as usize],
        }
    }

    fn offer(&mut self, pool: u32, key: u64) -> Answer {
        let PoolSeats { from, len, cap } = self.pools[pool as usize];
        let from = from as usize;
        if len < cap {
            self.keys[from + len as usize] = key;
            self.pools[pool as usize].len += 1;
            if len + 1 == cap {
                let heap = &mut self.keys[from..from + cap as usize];
                for at in (0..heap.len() / 2).rev() {
                    sink(heap, at, heap[at]);
                }
            }
            return Answer::Kept;
        }
        let heap = &mut self.keys[from..from + cap as usize];
        match heap.first() {
            Some(&worst) if key < worst => {
                sink(heap, 0, key);
                Answer::KeptFor(worst)
            }
            _ => Answer::Refused,
        }
    }
}

/// Puts a key into a heap with the largest in front, at `at` or as far below as it belongs.
fn sink(heap: &mut [u64], mut at: usize, key: u64) {
    loop {
        let mut below = 2 * at + 1;
        if below >= heap.len() {
            break;
        }
        if below + 1 < heap.len() && heap[below + 1] > heap[below] {
            below += 1;
        }
        if heap[below] < key {
            break;
        }
        heap[at] = heap[below];
        at = below;
    }
    heap[at] = key;
}
