//! The last step of building: names become places in sorted order, and what concerns the whole is checked.

use super::super::{ChildRow, FamilyRow, Fault, FaultKind, Instance, NONE, NodeRow, Path, PoolRow};
use super::whole::{Places, check_lengths, check_stay, child_path};
use super::{Draft, InstanceBuilder, Names, PoolDraft, index};

/// Turns what was collected into an instance.
pub(super) fn instance(builder: InstanceBuilder) -> Result<Instance, Fault> {
    let InstanceBuilder {
        out,
        nodes,
        pools: pool_names,
        types: type_names,
        rows,
        ..
    } = builder;
    let (nodes, node_places) = sorted_nodes(&nodes)?;
    let (pools, pool_places, pool_of) = sorted_pools(rows, &pool_names, &nodes)?;
    check_named(&out, &pool_names, &pool_of)?;
    let (types, type_of) = type_names.sorted();
    let (instance, places) = sorted_families(out, nodes, pools, types, &pool_of, &type_of)?;
    check_lengths(&instance, &places)?;
    check_stay(&instance, &node_places, &pool_places)?;
    Ok(instance)
}

fn fault(path: Path, kind: FaultKind) -> Fault {
    Fault { path, kind }
}

/// Places in `0..count` ordered by name; the later of two equal names is a fault.
fn order<'a>(count: usize, name: impl Fn(usize) -> &'a str, path: impl Fn(usize) -> Path) -> Result<Vec<usize>, Fault> {
    let mut order: Vec<usize> = (0..count).collect();
    if !order.is_sorted_by(|&a, &b| name(a) < name(b)) {
        order.sort_unstable_by_key(|&at| (name(at), at));
    }
    let twice = order
        .windows(2)
        .filter(|pair| name(pair[0]) == name(pair[1]))
        .map(|pair| pair[1]);
    match twice.min() {
        Some(at) => Err(fault(path(at).key("id"), FaultKind::Twice(name(at).to_owned()))),
        None => Ok(order),
    }
}

/// For each old place the new one.
fn inverse(order: &[usize]) -> Vec<u32> {
    let mut new = vec![NONE; order.len()];
    for (at, &old) in order.iter().enumerate() {
        new[old] = index(at);
    }
    new
}

impl Names {
    fn sorted(&self) -> (Vec<Box<str>>, Vec<u32>) {
        let mut order: Vec<usize> = (0..self.names.len()).collect();
        order.sort_unstable_by_key(|&at| &self.names[at]);
        let names = order.iter().map(|&at| self.names[at].clone()).collect();
        (names, inverse(&order))
    }
}

fn sorted_nodes(drafts: &[(String, Option<String>, u32)]) -> Result<(Vec<NodeRow>, Vec<usize>), Fault> {
    let path = |at| Path::element("nodes", at);
    let order = order(drafts.len(), |at| &drafts[at].0, path)?;
    let mut nodes = Vec::with_capacity(order.len());
    for &at in &order {
        let (id, parent, cap) = &drafts[at];
        let parent = match parent {
            None => NONE,
            Some(parent) => order
                .binary_search_by(|&other| drafts[other].0.cmp(parent))
                .map(index)
                .map_err(|_| fault(path(at).key("parent"), FaultKind::NoNode(parent.clone())))?,
        };
        nodes.push(NodeRow {
            id: id.as_str().into(),
            parent,
            cap: *cap,
        });
    }
    match on_a_cycle(&nodes) {
        Some(node) => Err(fault(
            path(order[node]).key("parent"),
            FaultKind::Cycle(nodes[node].id.to_string()),
        )),
        None => Ok((nodes, order)),
    }
}

/// A node that is above itself, if there is one.
fn on_a_cycle(nodes: &[NodeRow]) -> Option<usize> {
    // The walk upwards in which each node was met first, so that every node is passed once.
    let mut walk = vec![NONE; nodes.len()];
    for start in 0..nodes.len() {
        let mut node = start;
        while walk[node] == NONE {
            walk[node] = index(start);
            match nodes[node].parent {
                NONE => break,
                parent => node = parent as usize,
            }
            if walk[node] == index(start) {
                return Some(node);
            }
        }
    }
    None
}

type SortedPools = (Vec<PoolRow>, Vec<usize>, Vec<u32>);

/// Pools by id, their places in the file, and the pool of each symbol.
fn sorted_pools(mut rows: Vec<PoolDraft>, names: &Names, nodes: &[NodeRow]) -> Result<SortedPools, Fault> {
    let path = |at| Path::element("pools", at);
    let name = |at: usize| names.names[rows[at].symbol as usize].as_ref();
    let order = order(rows.len(), name, path)?;
    let mut pools = Vec::with_capacity(order.len());
    let mut pool_of = vec![NONE; names.names.len()];
    for (place, &at) in order.iter().enumerate() {
        let row = &mut rows[at];
        let node = match &row.node {
            None => NONE,
            Some(node) => nodes
                .binary_search_by(|other| other.id.as_ref().cmp(node))
                .map(index)
                .map_err(|_| fault(path(at).key("node"), FaultKind::NoNode(node.clone())))?,
        };
        pool_of[row.symbol as usize] = index(place);
        let id = names.names[row.symbol as usize].clone();
        pools.push(PoolRow {
            id,
            node,
            cap: row.cap,
            reserves: std::mem::take(&mut row.reserves),
        });
    }
    Ok((pools, order, pool_of))
}

/// Every pool that a child names must have been added.
fn check_named(out: &Draft, names: &Names, pool_of: &[u32]) -> Result<(), Fault> {
    let missing = |symbol: u32| symbol != NONE && pool_of[symbol as usize] == NONE;
    if (0..names.names.len()).all(|symbol| pool_of[symbol] != NONE) {
        return Ok(());
    }
    for (at, family) in out.families.iter().enumerate() {
        for child in family.children.0..family.children.1 {
            let path = || Path::element("families", at).item("children", (child - family.children.0) as usize);
            let row = &out.children[child as usize];
            let no_pool = |symbol: u32| FaultKind::NoPool(names.names[symbol as usize].to_string());
            for (key, symbol) in [("incumbent", row.incumbent), ("fixed", row.fixed)] {
                if missing(symbol) {
                    return Err(fault(path().key(key), no_pool(symbol)));
                }
            }
            for wish in row.wishes.0..row.wishes.1 {
                let symbol = out.wish_pool[wish as usize];
                if missing(symbol) {
                    let place = path().item("wishes", (wish - row.wishes.0) as usize).key("pool");
                    return Err(fault(place, no_pool(symbol)));
                }
            }
        }
    }
    Ok(())
}

fn sorted_families(
    mut out: Draft,
    nodes: Vec<NodeRow>,
    mut pools: Vec<PoolRow>,
    types: Vec<Box<str>>,
    pool_of: &[u32],
    type_of: &[u32],
) -> Result<(Instance, Places), Fault> {
    let pool = |symbol: u32| if symbol == NONE { NONE } else { pool_of[symbol as usize] };
    for row in &mut pools {
        for (kind, _) in &mut row.reserves {
            *kind = type_of[*kind as usize];
        }
        row.reserves.sort_unstable();
    }
    let by_id = order(
        out.families.len(),
        |at| &out.families[at].id,
        |at| Path::element("families", at),
    )?;
    let mut sorted = Instance {
        seed: std::mem::take(&mut out.seed),
        nodes,
        pools,
        types,
        families: Vec::with_capacity(out.families.len()),
        children: Vec::with_capacity(out.children.len()),
        wish_pool: Vec::with_capacity(out.wish_pool.len()),
        wish_priority: Vec::with_capacity(out.wish_pool.len() + 1),
        numbers: Vec::with_capacity(out.numbers.len()),
        child_types: Vec::with_capacity(out.child_types.len()),
        joint: Vec::with_capacity(out.joint.len()),
        by_id: Vec::new(),
    };
    let mut places = Vec::with_capacity(out.children.len());
    for &at in &by_id {
        let family = &out.families[at];
        let first = family.children.0 as usize;
        let mut columns: Vec<usize> = (0..(family.children.1 - family.children.0) as usize).collect();
        columns.sort_by_key(|&column| &out.children[first + column].id);
        let children = index(sorted.children.len());
        for &column in &columns {
            let row = &out.children[first + column];
            sorted.push_child(row, &out, pool, type_of);
            places.push((index(at), index(column)));
        }
        let joint = index(sorted.joint.len());
        for wish in out.joint[family.joint.0 as usize..family.joint.1 as usize].chunks_exact(columns.len().max(1)) {
            sorted.joint.extend(columns.iter().map(|&column| pool(wish[column])));
        }
        sorted.families.push(FamilyRow {
            id: family.id.clone(),
            siblings: family.siblings,
            children: (children, index(sorted.children.len())),
            joint: (joint, index(sorted.joint.len())),
        });
    }
    sorted.wish_priority.push(index(sorted.numbers.len()));
    sort_children(&mut sorted, &places)?;
    Ok((sorted, places))
}

impl Instance {
    fn push_child(&mut self, row: &ChildRow, out: &Draft, pool: impl Fn(u32) -> u32, type_of: &[u32]) {
        let wishes = (
            index(self.wish_pool.len()),
            row.wishes.0 as usize..row.wishes.1 as usize,
        );
        for wish in wishes.1 {
            self.wish_pool.push(pool(out.wish_pool[wish]));
            self.wish_priority.push(index(self.numbers.len()));
            let end = out
                .wish_priority
                .get(wish + 1)
                .map_or(out.numbers.len(), |&end| end as usize);
            self.numbers
                .extend_from_slice(&out.numbers[out.wish_priority[wish] as usize..end]);
        }
        let types = index(self.child_types.len());
        let symbols = &out.child_types[row.types.0 as usize..row.types.1 as usize];
        self.child_types
            .extend(symbols.iter().map(|&symbol| type_of[symbol as usize]));
        self.child_types[types as usize..].sort_unstable();
        self.children.push(ChildRow {
            id: row.id.clone(),
            family: index(self.families.len()),
            wishes: (wishes.0, index(self.wish_pool.len())),
            types: (types, index(self.child_types.len())),
            incumbent: pool(row.incumbent),
            fixed: pool(row.fixed),
        });
    }
}

/// Lists the children by id over all families; here ids that two families share are found.
fn sort_children(instance: &mut Instance, places: &Places) -> Result<(), Fault> {
    let id = |child: u32| instance.children[child as usize].id.as_ref();
    let mut by_id: Vec<u32> = (0..index(instance.children.len())).collect();
    if !by_id.is_sorted_by(|&a, &b| id(a) < id(b)) {
        by_id.sort_unstable_by_key(|&child| (id(child), places[child as usize]));
    }
    let twice = by_id
        .windows(2)
        .filter(|pair| id(pair[0]) == id(pair[1]))
        .map(|pair| pair[1]);
    if let Some(child) = twice.min_by_key(|&child| places[child as usize]) {
        let path = child_path(places[child as usize]).key("id");
        return Err(fault(path, FaultKind::Twice(id(child).to_owned())));
    }
    instance.by_id = by_id;
    Ok(())
}
