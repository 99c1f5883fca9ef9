//! Why each pool takes no more children, as its refusals must say.

use super::super::instance::NONE;
use super::View;
use super::seats::wish_for;
use super::stated::Stated;
use super::waiting::Waiting;

/// Why a pool takes no more children.
pub(super) struct Refusal<'s> {
    /// From this place on nobody is taken who is no incumbent, whatever its types.
    pub(super) open: u32,
    /// How many wait in all queues before its own.
    pub(super) start: u32,
    /// The place of the last child on a reserved seat; before it nobody is refused for the sake of a reserve.
    pub(super) reserved: u32,
    /// The priority of the last child on an open seat.
    pub(super) cutoff: Option<&'s [i64]>,
    /// Which of the stated cut-offs was found to be this one: it is compared once for a pool, and then known by its number.
    known: u32,
}

/// For each pool why it takes no more.
pub(super) fn refusals<'s>(view: &View<'s>, waiting: &Waiting<'_>) -> Vec<Refusal<'s>> {
    let pools = 0..view.instance.pools.len() as u32;
    let refusal = |pool: u32| {
        let (reserved, last) = view.seats.refusal(pool);
        let wish = last.and_then(|last| wish_for(view.instance, last, view.places.pool[last as usize]));
        Refusal {
            open: view.seats.open_from(pool),
            start: waiting.until(view.order.queue_start[pool as usize]),
            reserved: reserved.unwrap_or(0),
            cutoff: wish.map(|wish| view.instance.priority(wish)),
            known: NONE,
        }
    };
    pools.map(refusal).collect()
}

impl Refusal<'_> {
    /// Whether this of the stated cut-offs is the true one.
    pub(super) fn is_cutoff(&mut self, stated: u32, of: &Stated<'_>) -> bool {
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
