//! The order of all wishes within their trees, by sorting them as the format says.

use std::cmp::Ordering;
use std::ops::Range;

use sha2::{Digest, Sha256};

use super::super::instance::{Instance, NONE, Siblings};

/// Who goes before whom.
pub(super) struct Order {
    /// All wishes, and one more at the end that says where the priorities end.
    pub(super) wish: Vec<Ordered>,
    /// Where the wishes of each child begin, who come one after the other; one more at the end.
    start: Vec<u32>,
    /// For each pool the number of its tree.
    pub(super) tree: Vec<u32>,
    /// For each pool where its part of the queue begins.
    pub(super) queue_start: Vec<u32>,
    /// Children without place, fixed or incumbent, whose families have no joint wishes: most of them.
    pub(super) plain: Vec<bool>,
    /// Nodes with the deepest first, so that each comes before what is above it.
    pub(super) deepest_first: Vec<u32>,
}

/// A wish with all by which it is judged, side by side in memory: that is what the time of a check goes by.
#[derive(Clone, Copy)]
pub(super) struct Ordered {
    pub(super) pool: u32,
    /// Its place among the wishes of its tree: smaller goes first.
    pub(super) place: u32,
    /// Its place when all stand pool after pool, and within one in the order in which it goes through them: incumbents first.
    pub(super) queue: u32,
    /// Where its priority begins among the numbers of the instance.
    pub(super) priority: u32,
}

impl Order {
    pub(super) fn new(instance: &Instance) -> Self {
        let depth = depths(instance);
        let mut deepest_first: Vec<u32> = (0..instance.nodes.len() as u32).collect();
        deepest_first.sort_by_key(|&node| std::cmp::Reverse(depth[node as usize]));
        let tree = trees(instance, &deepest_first);
        let places = places(instance, &tree, &draw(instance));
        let (queue, queue_start) = queue(instance, &places);
        Self {
            wish: ordered(instance, &places, &queue),
            start: starts(instance),
            tree,
            queue_start,
            plain: plain(instance),
            deepest_first,
        }
    }

    /// The wishes of a child.
    #[inline]
    pub(super) fn wishes_of(&self, child: u32) -> Range<usize> {
        self.start[child as usize] as usize..self.start[child as usize + 1] as usize
    }
}

fn starts(instance: &Instance) -> Vec<u32> {
    let starts = instance.children.iter().map(|child| child.wishes.0);
    starts.chain([instance.wish_pool.len() as u32]).collect()
}

fn ordered(instance: &Instance, places: &[u32], queue: &[u32]) -> Vec<Ordered> {
    let pools = instance.wish_pool.iter().copied().chain([NONE]);
    let places = places
        .iter()
        .zip(queue)
        .map(|(&place, &queue)| (place, queue))
        .chain([(NONE, NONE)]);
    let wishes = pools.zip(places).zip(&instance.wish_priority);
    wishes
        .map(|((pool, (place, queue)), &priority)| Ordered {
            pool,
            place,
            queue,
            priority,
        })
        .collect()
}

fn plain(instance: &Instance) -> Vec<bool> {
    let plain = instance.children.iter().map(|child| {
        let family = &instance.families[child.family as usize];
        let alone = family.joint.0 == family.joint.1 && family.siblings != Siblings::Required;
        alone && child.fixed == NONE && child.incumbent == NONE
    });
    plain.collect()
}

fn queue(instance: &Instance, place: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut wishes = Vec::with_capacity(place.len());
    for (child, row) in (0..).zip(&instance.children) {
        for wish in instance.wishes_of(child) {
            let pool = instance.wish_pool[wish];
            wishes.push((pool, pool != row.incumbent, place[wish], wish as u32));
        }
    }
    wishes.sort_unstable();
    let pools = 0..instance.pools.len() as u32;
    let starts = pools.map(|pool| wishes.partition_point(|&(of, ..)| of < pool) as u32);
    let starts = starts.collect();
    let mut queue = vec![0; wishes.len()];
    for (at, (.., wish)) in (0..).zip(wishes) {
        queue[wish as usize] = at;
    }
    (queue, starts)
}

/// How many nodes are above each node.
fn depths(instance: &Instance) -> Vec<u32> {
    let mut depth = vec![NONE; instance.nodes.len()];
    for node in 0..instance.nodes.len() {
        let mut chain = vec![node];
        while let Some(&top) = chain.last() {
            let parent = instance.nodes[top].parent;
            if depth[top] != NONE || parent == NONE {
                break;
            }
            chain.push(parent as usize);
        }
        let mut known = chain.pop().map_or(0, |top| {
            depth[top] = if depth[top] == NONE { 0 } else { depth[top] };
            depth[top]
        });
        while let Some(below) = chain.pop() {
            known += 1;
            depth[below] = known;
        }
    }
    depth
}

/// The tree of a pool is its root node, or the pool itself where there is none.
fn trees(instance: &Instance, deepest_first: &[u32]) -> Vec<u32> {
    let mut root: Vec<u32> = (0..instance.nodes.len() as u32).collect();
    for &node in deepest_first.iter().rev() {
        let parent = instance.nodes[node as usize].parent;
        if parent != NONE {
            root[node as usize] = root[parent as usize];
        }
    }
    let pools = (instance.nodes.len() as u32..).zip(&instance.pools);
    pools
        .map(|(alone, pool)| {
            if pool.node == NONE {
                alone
            } else {
                root[pool.node as usize]
            }
        })
        .collect()
}

/// The place of each child in the draw: by number, then family id, then child id.
fn draw(instance: &Instance) -> Vec<u32> {
    let numbers: Vec<[u8; 32]> = instance
        .families
        .iter()
        .map(|family| hmac(&instance.seed, &family.id))
        .collect();
    let mut children: Vec<u32> = (0..instance.children.len() as u32).collect();
    let key = |child: u32| {
        let row = &instance.children[child as usize];
        (
            &numbers[row.family as usize],
            &instance.families[row.family as usize].id,
            &row.id,
        )
    };
    children.sort_unstable_by(|&a, &b| key(a).cmp(&key(b)));
    let mut draw = vec![0; children.len()];
    for (place, child) in (0..).zip(children) {
        draw[child as usize] = place;
    }
    draw
}

/// HMAC-SHA256 as RFC 2104 defines it.
fn hmac(key: &str, message: &str) -> [u8; 32] {
    let mut block = [0_u8; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key.as_bytes());
    }
    let inner = Sha256::new()
        .chain_update(block.map(|byte| byte ^ 0x36))
        .chain_update(message)
        .finalize();
    Sha256::new()
        .chain_update(block.map(|byte| byte ^ 0x5c))
        .chain_update(inner)
        .finalize()
        .into()
}

fn places(instance: &Instance, tree: &[u32], draw: &[u32]) -> Vec<u32> {
    let mut wishes: Vec<(u32, i64, u32, u32)> = Vec::with_capacity(instance.wish_pool.len());
    for child in 0..instance.children.len() as u32 {
        for wish in instance.wishes_of(child) {
            let first = instance.priority(wish).first().copied().unwrap_or_default();
            // Complemented, the larger number sorts to the front.
            wishes.push((
                tree[instance.wish_pool[wish] as usize],
                !first,
                draw[child as usize],
                wish as u32,
            ));
        }
    }
    wishes.sort_unstable_by(|a, b| {
        let rest = |wish: u32| instance.priority(wish as usize);
        let priority = || match (a.0, a.1).cmp(&(b.0, b.1)) {
            Ordering::Equal => rest(b.3).cmp(rest(a.3)),
            other => other,
        };
        priority().then_with(|| (a.2, a.3).cmp(&(b.2, b.3)))
    });
    // Two wishes of one child with the same priority do not go before each other.
    let equal = |a: u32, b: u32| instance.priority(a as usize) == instance.priority(b as usize);
    let mut place = vec![0; wishes.len()];
    let mut before: Option<((u32, u32), u32, u32)> = None;
    for (at, (tree, _, child, wish)) in (0..).zip(wishes) {
        let at = before
            .filter(|&(same, other, _)| same == (tree, child) && equal(other, wish))
            .map_or(at, |(.., at)| at);
        place[wish as usize] = at;
        before = Some(((tree, child), wish, at));
    }
    place
}
