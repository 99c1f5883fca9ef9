//! The capacity tree, with what cannot bind left out.

use super::super::instance::{Instance, NONE};
use super::market::Entry;

/// A pool or a node: how many children it holds, and what bounds it further.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) cap: u32,
    pub(super) parent: u32,
}

/// The tree of each pool, numbered in the order in which pools show them.
pub(super) fn trees(instance: &Instance) -> Vec<u32> {
    let mut root = vec![NONE; instance.nodes.len()];
    let mut number = vec![NONE; instance.nodes.len()];
    let mut way = Vec::new();
    let mut trees = 0;
    let mut next = || {
        trees += 1;
        trees - 1
    };
    let mut tree_of = Vec::with_capacity(instance.pools.len());
    for pool in &instance.pools {
        if pool.node == NONE {
            tree_of.push(next());
            continue;
        }
        let mut node = pool.node;
        while root[node as usize] == NONE && instance.nodes[node as usize].parent != NONE {
            way.push(node);
            node = instance.nodes[node as usize].parent;
        }
        let top = if root[node as usize] == NONE {
            node
        } else {
            root[node as usize]
        };
        for node in way.drain(..).chain([node]) {
            root[node as usize] = top;
        }
        let number = &mut number[top as usize];
        if *number == NONE {
            *number = next();
        }
        tree_of.push(*number);
    }
    tree_of
}

/// Slots of pools, then of nodes, less what fixed children take.
///
/// A node that its parts cannot overfill is passed over, and a node with one part is merged with it, so that no chain of nodes is
/// longer than it has to be.
pub(super) fn slots(instance: &Instance, entries: &[Entry]) -> Vec<Slot> {
    let pools = instance.pools.len();
    let node_slot = |node: u32| if node == NONE { NONE } else { pools as u32 + node };
    let rows = instance.pools.iter().map(|pool| (pool.cap, pool.node));
    let rows = rows.chain(instance.nodes.iter().map(|node| (node.cap, node.parent)));
    let mut slots: Vec<Slot> = rows
        .map(|(cap, node)| Slot {
            cap,
            parent: node_slot(node),
        })
        .collect();
    let order = bottom_up(&slots);
    subtract_fixed(instance, &mut slots, &order);
    let mut below = vec![
        Below {
            most: 0,
            parts: 0,
            part: NONE
        };
        slots.len()
    ];
    for entry in entries {
        below[entry.pool as usize].most += 1;
    }
    let mut binds = vec![true; slots.len()];
    for &slot in &order {
        let at = slot as usize;
        let Below { most, parts, part } = below[at];
        let cap = slots[at].cap;
        let mut above = Below {
            most: most.min(u64::from(cap)),
            parts: 1,
            part: slot,
        };
        if at >= pools && (parts <= 1 || most <= u64::from(cap)) {
            binds[at] = false;
            above = Below { parts, part, ..above };
            if let Some(part) = slots.get_mut(part as usize).filter(|_| parts == 1) {
                part.cap = part.cap.min(cap);
            }
        }
        if let Some(parent) = below.get_mut(slots[at].parent as usize).filter(|_| most > 0) {
            *parent = Below {
                most: parent.most + above.most,
                parts: parent.parts + above.parts,
                part: above.part,
            };
        }
    }
    skip(&mut slots, &order, &binds);
    slots
}

/// What is under a node: how many children at most, in how many parts that bind, and one of these.
#[derive(Clone, Copy)]
struct Below {
    most: u64,
    parts: u32,
    part: u32,
}

/// Every slot before its parent.
fn bottom_up(slots: &[Slot]) -> Vec<u32> {
    let mut waits_for = vec![0_u32; slots.len()];
    for slot in slots.iter().filter(|slot| slot.parent != NONE) {
        waits_for[slot.parent as usize] += 1;
    }
    let mut order: Vec<u32> = (0..slots.len() as u32)
        .filter(|&slot| waits_for[slot as usize] == 0)
        .collect();
    let mut next = 0;
    while next < order.len() {
        let parent = slots[order[next] as usize].parent;
        next += 1;
        if parent != NONE {
            waits_for[parent as usize] -= 1;
            if waits_for[parent as usize] == 0 {
                order.push(parent);
            }
        }
    }
    order
}

fn subtract_fixed(instance: &Instance, slots: &mut [Slot], order: &[u32]) {
    let mut fixed = vec![0; slots.len()];
    for row in instance.children.iter().filter(|row| row.fixed != NONE) {
        fixed[row.fixed as usize] += 1;
    }
    for &slot in order {
        let taken = fixed[slot as usize];
        // The builder has checked that the fixed children fit.
        slots[slot as usize].cap = slots[slot as usize].cap.saturating_sub(taken);
        if let Some(above) = fixed.get_mut(slots[slot as usize].parent as usize) {
            *above += taken;
        }
    }
}

/// Leads every slot to the nearest one above that binds.
fn skip(slots: &mut [Slot], order: &[u32], binds: &[bool]) {
    for &slot in order.iter().rev() {
        let parent = slots[slot as usize].parent;
        if parent != NONE && !binds[parent as usize] {
            // Parents come first in this order, so theirs leads past all that do not bind already.
            slots[slot as usize].parent = slots[parent as usize].parent;
        }
    }
}
