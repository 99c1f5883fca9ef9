//! Seeded instances for tests and benches: the same numbers on every machine.

use kitaplatz::allocation::{Child, Family, Instance, InstanceBuilder, Node, Pool, Priority, Reserve, Siblings, Wish};

/// SplitMix64: small, and enough for made-up families.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A sequence of its own for each seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// A number below `bound`, which is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// The size of a city.
#[derive(Clone, Copy, Debug)]
pub struct City {
    /// Children, one a family unless they have siblings.
    pub children: usize,
    /// Pools.
    pub pools: usize,
    /// Wishes of each child.
    pub wishes: usize,
    /// Seats of all pools together.
    pub seats: usize,
    /// Families of two children with joint wishes.
    pub siblings: usize,
}

/// The city by which the engine is measured.
#[allow(dead_code, reason = "tests use smaller cities")]
pub const LARGE_CITY: City = City {
    children: 20_000,
    pools: 800,
    wishes: 8,
    seats: 18_000,
    siblings: 0,
};

/// A city whose families live somewhere and mostly wish for pools nearby, with points as German municipalities give them.
pub fn city(size: City, seed: u64) -> Instance {
    let mut random = Random::new(seed);
    let mut builder = InstanceBuilder::new(format!("draw {seed}"));
    let mut caps = vec![size.seats / size.pools; size.pools];
    caps.iter_mut().take(size.seats % size.pools).for_each(|cap| *cap += 1);
    // Some are small and some large, and the sum stays.
    for _ in 0..size.pools * 4 {
        let (from, to) = (random.below(size.pools), random.below(size.pools));
        if caps[from] > 6 {
            caps[from] -= 1;
            caps[to] += 1;
        }
    }
    for (pool, &cap) in caps.iter().enumerate() {
        builder.pool(Pool {
            id: pool_id(pool).into(),
            node: None,
            cap: cap as u32,
            reserves: vec![],
        });
    }
    let mut child = 0;
    for family in 0..size.children - size.siblings {
        let count = if family < size.siblings { 2 } else { 1 };
        let home = random.below(size.pools);
        let lists: Vec<Vec<usize>> = (0..count).map(|_| nearby(&mut random, size, home)).collect();
        let points = [random.below(5) as i64, 10 * random.below(8) as i64];
        let joint_wishes = if count == 2 {
            joint_wishes(&mut random, &lists)
        } else {
            vec![]
        };
        let children = lists.iter().map(|list| {
            child += 1;
            Child {
                id: format!("c{child:07}").into(),
                types: vec![],
                wishes: list.iter().map(|&pool| wish(&mut random, pool, points, home)).collect(),
                incumbent: None,
                fixed: None,
            }
        });
        let children = children.collect();
        let siblings = if count == 2 {
            Siblings::Preferred
        } else {
            Siblings::Independent
        };
        builder.family(Family {
            id: format!("f{family:07}").into(),
            siblings,
            children,
            joint_wishes,
        });
    }
    builder.build().expect("a generated city is an instance")
}

fn pool_id(pool: usize) -> String {
    format!("p{pool:05}")
}

fn wish(random: &mut Random, pool: usize, points: [i64; 2], home: usize) -> Wish<'static> {
    let near = 100 - (pool.abs_diff(home) as i64).min(100);
    let numbers = [points[0], points[1] + if random.once_in(10) { 15 } else { 0 }, near / 4];
    Wish {
        pool: pool_id(pool).into(),
        priority: Priority::new(&numbers).expect("three numbers"),
    }
}

/// Pools of which most are near home and many are popular; all are different.
fn nearby(random: &mut Random, size: City, home: usize) -> Vec<usize> {
    let mut list = Vec::with_capacity(size.wishes);
    while list.len() < size.wishes.min(size.pools) {
        let pool = if random.once_in(4) {
            random.below(size.pools)
        } else {
            (home + random.below(40)) % size.pools
        };
        // One pool in eight is as popular as can be, one is not popular at all.
        let popular = random.below(8) <= pool % 8;
        if popular && !list.contains(&pool) {
            list.push(pool);
        }
    }
    list
}

/// First the pools that both like, then pairs of a wish of each.
fn joint_wishes(random: &mut Random, lists: &[Vec<usize>]) -> Vec<Vec<Option<std::borrow::Cow<'static, str>>>> {
    let both = lists[0]
        .iter()
        .filter(|pool| lists[1].contains(pool))
        .map(|&pool| [pool, pool]);
    let pairs = (0..4).map(|_| {
        [
            lists[0][random.below(lists[0].len())],
            lists[1][random.below(lists[1].len())],
        ]
    });
    let wishes = both
        .chain(pairs)
        .map(|pair| pair.into_iter().map(|pool| Some(pool_id(pool).into())).collect());
    wishes.collect()
}

/// What may occur in a small instance.
#[derive(Clone, Copy, Debug, Default)]
pub struct Features {
    /// Nodes over pools and over nodes.
    pub nodes: bool,
    /// Reserved seats and types.
    pub reserves: bool,
    /// Incumbents and fixed children.
    pub stays: bool,
    /// Families with joint wishes.
    pub siblings: bool,
}

/// A small instance with everything that may occur in it.
pub fn small(random: &mut Random, children: usize, pools: usize, features: Features) -> Instance {
    loop {
        if let Some(instance) = try_small(random, children, pools, features) {
            return instance;
        }
    }
}

/// Fails if more children stay than there are seats.
fn try_small(random: &mut Random, children: usize, pools: usize, features: Features) -> Option<Instance> {
    let mut builder = InstanceBuilder::new(format!("draw {}", random.below(1000)));
    let nodes = if features.nodes { 1 + random.below(4) } else { 0 };
    for node in 0..nodes {
        let parent = (node > 0 && random.once_in(2)).then(|| format!("n{}", random.below(node)).into());
        builder.node(Node {
            id: format!("n{node}").into(),
            parent,
            cap: random.below(5) as u32,
        });
    }
    for pool in 0..pools {
        let node = (nodes > 0 && !random.once_in(4)).then(|| format!("n{}", random.below(nodes)).into());
        let mut reserves = Vec::new();
        if features.reserves {
            for kind in ["hardship", "integration", "works"] {
                if random.once_in(2) {
                    reserves.push(Reserve {
                        kind: kind.into(),
                        seats: random.below(3) as u32,
                    });
                }
            }
        }
        builder.pool(Pool {
            id: format!("p{pool}").into(),
            node,
            cap: random.below(4) as u32,
            reserves,
        });
    }
    let (mut child, mut family) = (0, 0);
    while child < children {
        let count = if features.siblings && random.once_in(2) {
            (1 + random.below(3)).min(children - child)
        } else {
            1
        };
        let joint = features.siblings && count > 1;
        let members: Vec<Child<'static>> = (0..count)
            .map(|at| small_child(random, child + at, pools, features))
            .collect();
        child += count;
        let mut wishes = Vec::new();
        if joint {
            for _ in 0..random.below(5) {
                wishes.push(members.iter().map(|child| some_wish(random, child)).collect());
            }
        }
        let siblings = match joint {
            true if random.once_in(2) => Siblings::Required,
            true => Siblings::Preferred,
            false => Siblings::Independent,
        };
        builder.family(Family {
            id: format!("f{family}").into(),
            siblings,
            children: members,
            joint_wishes: wishes,
        });
        family += 1;
    }
    builder.build().ok()
}

fn some_wish(random: &mut Random, child: &Child<'static>) -> Option<std::borrow::Cow<'static, str>> {
    if child.wishes.is_empty() || random.once_in(6) {
        return None;
    }
    Some(child.wishes[random.below(child.wishes.len())].pool.clone())
}

fn small_child(random: &mut Random, child: usize, pools: usize, features: Features) -> Child<'static> {
    let mut left: Vec<usize> = (0..pools).collect();
    let mut wishes = Vec::new();
    while !left.is_empty() && !random.once_in(5) {
        let pool = left.swap_remove(random.below(left.len()));
        let numbers = [random.below(3) as i64, random.below(4) as i64];
        wishes.push(Wish {
            pool: format!("p{pool}").into(),
            priority: Priority::new(&numbers).expect("two numbers"),
        });
    }
    let mut types = Vec::new();
    if features.reserves {
        for kind in ["hardship", "integration", "works"] {
            if random.once_in(3) {
                types.push(kind.into());
            }
        }
    }
    let mut stays =
        |times| (features.stays && random.once_in(times)).then(|| format!("p{}", random.below(pools)).into());
    Child {
        id: format!("c{child}").into(),
        types,
        wishes,
        incumbent: stays(4),
        fixed: stays(8),
    }
}
