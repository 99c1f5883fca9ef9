//! One reason for every child and wish, from the final state.

use std::sync::Arc;

use super::super::file::{Code, Detail, Explanation};
use super::super::instance::{NONE, Siblings};
use super::market::{BARRED, INCUMBENT, Joint, Market};
use super::standing::Standing;

/// Whether a family takes a joint wish or nothing.
pub(super) fn is_required(market: &Market<'_>, joint: &Joint) -> bool {
    market.instance.families[joint.family as usize].siblings == Siblings::Required
}

/// The explanations of all children, whose ids are given in the order of results.
pub(super) fn explanations(standing: &Standing<'_>, ids: &[Arc<str>]) -> Vec<Explanation> {
    let market = standing.market;
    let explainer = Explainer {
        standing,
        ahead: ahead(standing),
        claims: claims(standing),
        cutoffs: cutoffs(standing),
    };
    let mut rows = Vec::with_capacity(market.entries.len());
    for (&child, id) in market.instance.by_id.iter().zip(ids) {
        let fixed = market.instance.children[child as usize].fixed != NONE;
        let joint = market.joint_of[child as usize];
        match market.joints.get(joint as usize).filter(|_| !fixed) {
            Some(family) if standing.settled.joint_at[joint as usize] != NONE || is_required(market, family) => {
                explainer.joint_wishes(child, joint, id, &mut rows);
            }
            _ => explainer.own_wishes(child, id, &mut rows),
        }
    }
    rows
}

struct Explainer<'s> {
    standing: &'s Standing<'s>,
    /// For each entry how many wait for its pool before its child.
    ahead: Vec<u32>,
    /// For each joint family the joint wish that it may claim, or [`NONE`].
    claims: Vec<u32>,
    /// For each pool the priority of the last child on an open seat below its lowest full bound.
    cutoffs: Vec<Option<Arc<[i64]>>>,
}

impl Explainer<'_> {
    fn own_wishes(&self, child: u32, id: &Arc<str>, rows: &mut Vec<Explanation>) {
        let market = self.standing.market;
        let list = market.lists[child as usize];
        let fixed = market.instance.children[child as usize].fixed;
        let held = match fixed {
            NONE => self.standing.settled.held[child as usize],
            pool => (list.from..list.to)
                .find(|&entry| market.pool(entry) == pool)
                .unwrap_or(NONE),
        };
        let claimed = self.claimed(child);
        for (wish, entry) in (1..).zip(list.from..list.to) {
            let code = match entry {
                _ if entry == held => Code::Placed,
                _ if entry > held => Code::BetterPlaced,
                _ if fixed != NONE => Code::Fixed,
                _ if Some(entry) == claimed => Code::Exception,
                _ => {
                    rows.push(self.refused(child, entry, wish, id));
                    continue;
                }
            };
            rows.push(plain(id, wish, code));
        }
    }

    /// The entry that the child's family may claim for it.
    fn claimed(&self, child: u32) -> Option<u32> {
        let market = self.standing.market;
        let joint = market.joint_of[child as usize];
        let family = market.joints.get(joint as usize)?;
        let wish = Some(self.claims[joint as usize]).filter(|&wish| wish != NONE)?;
        family
            .wish(wish)
            .get((child - family.child) as usize)
            .copied()
            .filter(|&entry| entry != NONE)
    }

    fn joint_wishes(&self, child: u32, joint: u32, id: &Arc<str>, rows: &mut Vec<Explanation>) {
        let market = self.standing.market;
        let family = &market.joints[joint as usize];
        let held = self.standing.settled.joint_at[joint as usize];
        let own = self.standing.settled.held[child as usize];
        let column = (child - family.child) as usize;
        for wish in 0..family.len() {
            let entry = family.wish(wish)[column];
            let code = match wish {
                _ if wish == held => Code::Placed,
                _ if wish > held => Code::BetterPlaced,
                _ if wish == self.claims[joint as usize] => Code::Exception,
                _ if entry == own || entry == NONE || entry == BARRED => Code::Sibling,
                _ if self.standing.takes(child, entry) => Code::Sibling,
                _ => {
                    rows.push(self.refused(child, entry, wish + 1, id));
                    continue;
                }
            };
            rows.push(plain(id, wish + 1, code));
        }
        let incumbent = market.instance.children[child as usize].incumbent != NONE;
        if incumbent && is_required(market, family) {
            let code = if held == NONE { Code::Placed } else { Code::BetterPlaced };
            rows.push(plain(id, family.len() + 1, code));
        }
    }

    fn refused(&self, child: u32, entry: u32, wish: u32, id: &Arc<str>) -> Explanation {
        let market = self.standing.market;
        let reserved = self.standing.stands_behind_reserves(child, entry);
        let own = market.instance.wishes_of(child).start + (entry - market.lists[child as usize].from) as usize;
        let detail = Detail {
            cutoff: self.cutoffs[market.pool(entry) as usize].clone(),
            own: market.instance.priority(own).into(),
            ahead: self.ahead[entry as usize],
        };
        let code = if reserved { Code::Reserved } else { Code::Full };
        Explanation {
            child: Arc::clone(id),
            wish,
            code,
            detail: Some(Box::new(detail)),
        }
    }
}

/// For each pool the priority of the last child on an open seat; an incumbent that did not list its pool has none.
fn cutoffs(standing: &Standing<'_>) -> Vec<Option<Arc<[i64]>>> {
    let market = standing.market;
    let priority = |entry: u32| {
        let owner = market.lists.partition_point(|list| list.to <= entry);
        let wishes = market.instance.wishes_of(owner as u32);
        let wish = wishes.start + (entry - market.lists[owner].from) as usize;
        let listed = wish < wishes.end && market.entries[entry as usize].class != INCUMBENT;
        listed.then(|| Arc::from(market.instance.priority(wish)))
    };
    let pools = 0..market.instance.pools.len() as u32;
    pools.map(|pool| standing.last_open(pool).and_then(priority)).collect()
}

fn plain(id: &Arc<str>, wish: u32, code: Code) -> Explanation {
    Explanation {
        child: Arc::clone(id),
        wish,
        code,
        detail: None,
    }
}

/// For each entry how many children would leave what they have for its pool and go before its child there.
fn ahead(standing: &Standing<'_>) -> Vec<u32> {
    let market = standing.market;
    let waiting = standing.waiting();
    let mut queue = Vec::new();
    for (child, list) in (0..).zip(&market.lists) {
        let entries = (list.from..list.to).filter(|&entry| waiting[entry as usize]);
        queue.extend(entries.map(|entry| (market.pool(entry), market.key(child, entry), entry)));
    }
    queue.sort_unstable();
    let mut ahead = vec![0; market.entries.len()];
    for pool in queue.chunk_by(|a, b| a.0 == b.0) {
        for (before, &(_, _, entry)) in (0..).zip(pool) {
            ahead[entry as usize] = before;
        }
    }
    ahead
}

fn claims(standing: &Standing<'_>) -> Vec<u32> {
    let mut claims = vec![NONE; standing.market.joints.len()];
    for &(joint, wish) in &standing.settled.exceptions {
        claims[joint as usize] = wish;
    }
    claims
}
