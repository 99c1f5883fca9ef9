//! What can only be checked on the whole instance: lengths of priorities in a tree, and whether all who stay have seats.

use super::super::{Fault, FaultKind, Instance, NONE, NodeRow, Path, Step};
use super::index;

/// Where a child stood in the file: family and column, for faults that are found after sorting.
pub(super) type Places = Vec<(u32, u32)>;

pub(super) fn child_path((family, column): (u32, u32)) -> Path {
    Path::element("families", family as usize).item("children", column as usize)
}

/// The root of each node, and no more than a few steps for each.
fn roots(nodes: &[NodeRow]) -> Vec<u32> {
    let mut root = vec![NONE; nodes.len()];
    let mut way = Vec::new();
    for start in 0..nodes.len() {
        let mut node = start;
        while root[node] == NONE && nodes[node].parent != NONE {
            way.push(node);
            node = nodes[node].parent as usize;
        }
        let top = if root[node] == NONE { index(node) } else { root[node] };
        root[node] = top;
        for node in way.drain(..) {
            root[node] = top;
        }
    }
    root
}

fn fault(path: Path, kind: FaultKind) -> Fault {
    Fault { path, kind }
}

/// Priorities are compared over all pools of a tree, so they have one length there.
pub(super) fn check_lengths(instance: &Instance, places: &Places) -> Result<(), Fault> {
    let root = roots(&instance.nodes);
    let nodes = instance.nodes.len();
    let tree = |pool: usize| match instance.pools[pool].node {
        NONE => nodes + pool,
        node => root[node as usize] as usize,
    };
    let mut lengths = vec![0; nodes + instance.pools.len()];
    for (child, &place) in places.iter().enumerate() {
        for (at, wish) in instance.wishes_of(index(child)).enumerate() {
            let found = instance.priority(wish).len();
            let expected = &mut lengths[tree(instance.wish_pool[wish] as usize)];
            if *expected == 0 {
                *expected = found;
            }
            if *expected != found {
                let path = child_path(place).item("wishes", at).key("priority");
                return Err(fault(
                    path,
                    FaultKind::PriorityLength {
                        found,
                        expected: *expected,
                    },
                ));
            }
        }
    }
    Ok(())
}

/// Children who stay must fit into every pool and node.
pub(super) fn check_stay(instance: &Instance, node_places: &[usize], pool_places: &[usize]) -> Result<(), Fault> {
    let mut in_pool = vec![0_u64; instance.pools.len()];
    for row in &instance.children {
        let stays = if row.fixed == NONE { row.incumbent } else { row.fixed };
        if stays != NONE {
            in_pool[stays as usize] += 1;
        }
    }
    for (at, pool) in instance.pools.iter().enumerate() {
        if in_pool[at] > u64::from(pool.cap) {
            let kind = FaultKind::TooManyStay {
                id: pool.id.to_string(),
                cap: pool.cap,
                taken: in_pool[at],
            };
            return Err(fault(
                Path(vec![Step::Key("pools"), Step::At(pool_places[at])]).key("cap"),
                kind,
            ));
        }
    }
    let taken = stay_below(instance, &in_pool);
    for (at, node) in instance.nodes.iter().enumerate() {
        if taken[at] > u64::from(node.cap) {
            let kind = FaultKind::TooManyStay {
                id: node.id.to_string(),
                cap: node.cap,
                taken: taken[at],
            };
            return Err(fault(
                Path(vec![Step::Key("nodes"), Step::At(node_places[at])]).key("cap"),
                kind,
            ));
        }
    }
    Ok(())
}

/// Sums over everything below each node, leaves first.
fn stay_below(instance: &Instance, in_pool: &[u64]) -> Vec<u64> {
    let mut taken = vec![0; instance.nodes.len()];
    for (pool, &count) in instance.pools.iter().zip(in_pool) {
        if pool.node != NONE {
            taken[pool.node as usize] += count;
        }
    }
    let mut waits_for = vec![0_u32; instance.nodes.len()];
    for node in instance.nodes.iter().filter(|node| node.parent != NONE) {
        waits_for[node.parent as usize] += 1;
    }
    let mut ready: Vec<usize> = (0..waits_for.len()).filter(|&node| waits_for[node] == 0).collect();
    while let Some(node) = ready.pop() {
        let parent = instance.nodes[node].parent;
        if parent == NONE {
            continue;
        }
        let parent = parent as usize;
        taken[parent] += taken[node];
        waits_for[parent] -= 1;
        if waits_for[parent] == 0 {
            ready.push(parent);
        }
    }
    taken
}
