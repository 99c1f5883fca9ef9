//! Small made-up towns with everything that an instance may have, which proptest makes and shrinks.

use std::borrow::Cow;

use kitaplatz::allocation::{
    Child, Family, Instance, InstanceBuilder, Market, Node, Outcome, Pool, Reserve, Siblings, solve,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{single, wish};

/// The types of reserved seats; a child may have both.
const TYPES: [&str; 2] = ["hardship", "integration"];

/// How a child stands with the place that it has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stay {
    Free,
    /// It keeps this pool unless it gets a better one.
    Incumbent(usize),
    /// It stays in this pool.
    Fixed(usize),
}

/// A pool, its lowest node, and the seats that go first to each type.
#[derive(Clone, Debug)]
pub struct Home {
    pub node: Option<usize>,
    pub cap: u32,
    pub reserves: [u32; 2],
}

/// A child: its pools, best first, with its points there.
#[derive(Clone, Debug)]
pub struct Kid {
    pub list: Vec<(usize, i64)>,
    pub types: [bool; 2],
    pub stay: Stay,
}

/// Children in a row who wish together: each wish names one entry of each child's list, or none.
#[derive(Clone, Debug)]
pub struct Kin {
    pub first: usize,
    pub count: usize,
    pub required: bool,
    pub joint: Vec<Vec<Option<usize>>>,
}

/// A town. More points go first, then the smaller child, then its smaller pool, unless equal points are left to the lottery.
#[derive(Clone, Debug)]
pub struct Town {
    /// Parent and seats.
    pub nodes: Vec<(Option<usize>, u32)>,
    pub pools: Vec<Home>,
    pub children: Vec<Kid>,
    pub kins: Vec<Kin>,
    pub lottery: bool,
    /// Points stand so far apart that the engine cannot pack them side by side.
    pub wide: bool,
}

impl Town {
    /// Single children, and pools that stand alone.
    pub fn plain(caps: &[u32], lists: Vec<Vec<(usize, i64)>>) -> Self {
        let pool = |&cap: &u32| Home {
            node: None,
            cap,
            reserves: [0; 2],
        };
        let child = |list| Kid {
            list,
            types: [false; 2],
            stay: Stay::Free,
        };
        Self {
            nodes: vec![],
            pools: caps.iter().map(pool).collect(),
            children: lists.into_iter().map(child).collect(),
            kins: vec![],
            lottery: false,
            wide: false,
        }
    }

    /// A pool and the nodes above it, in which a node stands after all pools.
    pub fn bounds(&self, pool: usize) -> Vec<usize> {
        let nodes = std::iter::successors(self.pools[pool].node, |&node| self.nodes[node].0);
        std::iter::once(pool)
            .chain(nodes.map(|node| self.pools.len() + node))
            .collect()
    }

    /// The seats of every pool, then of every node.
    pub fn caps(&self) -> Vec<u32> {
        let pools = self.pools.iter().map(|pool| pool.cap);
        pools.chain(self.nodes.iter().map(|&(_, cap)| cap)).collect()
    }

    /// One more seat in a pool and in every bound above it.
    pub fn add_seat(&mut self, pool: usize) {
        for bound in self.bounds(pool) {
            match bound.checked_sub(self.pools.len()) {
                Some(node) => self.nodes[node].1 += 1,
                None => self.pools[bound].cap += 1,
            }
        }
    }

    /// What a child asks for, best first: an incumbent nothing below its place, a fixed child nothing at all.
    pub fn asks(&self, child: usize) -> Vec<(usize, i64)> {
        let Kid { list, stay, .. } = &self.children[child];
        match *stay {
            Stay::Free => list.clone(),
            Stay::Fixed(_) => vec![],
            Stay::Incumbent(place) => {
                let better = list.iter().take_while(|&&(pool, _)| pool != place);
                better.copied().chain([(place, 0)]).collect()
            }
        }
    }

    pub fn instance(&self) -> Instance {
        let mut builder = InstanceBuilder::new("any text");
        for (node, &(parent, cap)) in self.nodes.iter().enumerate() {
            builder.node(Node {
                id: node_id(node),
                parent: parent.map(node_id),
                cap,
            });
        }
        for (pool, home) in self.pools.iter().enumerate() {
            let kinds = TYPES.into_iter().zip(home.reserves).filter(|&(_, seats)| seats > 0);
            builder.pool(Pool {
                id: pool_id(pool),
                node: home.node.map(node_id),
                cap: home.cap,
                reserves: kinds
                    .map(|(kind, seats)| Reserve {
                        kind: kind.into(),
                        seats,
                    })
                    .collect(),
            });
        }
        let mut child = 0;
        while child < self.children.len() {
            match self.kins.iter().find(|kin| kin.first == child) {
                None => builder.family(Family {
                    children: vec![self.child(child)],
                    ..single(&format!("{child:02}"), vec![])
                }),
                Some(kin) => builder.family(self.family(kin)),
            };
            child += self
                .kins
                .iter()
                .find(|kin| kin.first == child)
                .map_or(1, |kin| kin.count);
        }
        builder.build().unwrap()
    }

    fn child(&self, child: usize) -> Child<'static> {
        let Kid { list, types, stay } = &self.children[child];
        let far = if self.wide { i64::MAX / 8 } else { 1 };
        let points = list.iter().map(|&(pool, points)| (pool, (points - 2) * far));
        let wishes = points.map(|(pool, points)| match self.lottery {
            true => wish(&pool_id(pool), &[points]),
            // The others take the lottery's place, so that this book-keeping needs none.
            false => wish(&pool_id(pool), &[points, -(child as i64), -(pool as i64)]),
        });
        let own = TYPES.into_iter().zip(types).filter(|&(_, &has)| has);
        Child {
            id: format!("{child:02}").into(),
            types: own.map(|(kind, _)| kind.into()).collect(),
            wishes: wishes.collect(),
            incumbent: if let Stay::Incumbent(pool) = *stay {
                Some(pool_id(pool))
            } else {
                None
            },
            fixed: if let Stay::Fixed(pool) = *stay {
                Some(pool_id(pool))
            } else {
                None
            },
        }
    }

    fn family(&self, kin: &Kin) -> Family<'static> {
        let named = |wish: &Vec<Option<usize>>| {
            let entries = wish.iter().zip(&self.children[kin.first..]);
            entries
                .map(|(at, child)| at.map(|at| pool_id(child.list[at].0)))
                .collect()
        };
        Family {
            id: format!("f{:02}", kin.first).into(),
            siblings: if kin.required {
                Siblings::Required
            } else {
                Siblings::Preferred
            },
            children: (kin.first..kin.first + kin.count)
                .map(|child| self.child(child))
                .collect(),
            joint_wishes: kin.joint.iter().map(named).collect(),
        }
    }

    /// The pool of each child in an outcome.
    pub fn places(&self, outcome: &Outcome<'_>) -> Vec<Option<usize>> {
        let place = |child| outcome.place(child as u32).map(|place| place.pool as usize);
        (0..self.children.len()).map(place).collect()
    }

    /// The rank among what each child asks for of what it gets from the engine: the number of its wishes if nothing.
    pub fn solved(&self) -> Vec<usize> {
        let instance = self.instance();
        self.ranks(&self.places(&solve(&instance)))
    }

    /// The same if the facilities propose.
    pub fn proposed(&self) -> Vec<usize> {
        let instance = self.instance();
        let pools = Market::new(&instance).facility_proposing();
        let places: Vec<Option<usize>> = pools.iter().map(|pool| pool.map(|pool| pool as usize)).collect();
        self.ranks(&places)
    }

    /// Ranks of places. A place that the child does not ask for is no rank.
    pub fn ranks(&self, places: &[Option<usize>]) -> Vec<usize> {
        let rank = |(child, place): (usize, &Option<usize>)| {
            let asks = self.asks(child);
            match (place, self.children[child].stay) {
                (None, _) | (Some(_), Stay::Fixed(_)) => asks.len(),
                (Some(place), _) => asks.iter().position(|(pool, _)| pool == place).unwrap(),
            }
        };
        places.iter().enumerate().map(rank).collect()
    }
}

fn pool_id(pool: usize) -> Cow<'static, str> {
    format!("p{pool:02}").into()
}

fn node_id(node: usize) -> Cow<'static, str> {
    format!("n{node:02}").into()
}

/// Towns of single children. Nodes, reserves, stays and points far apart are each in half of them; shrinking leaves them out first.
pub fn town(most_children: usize, most_pools: usize) -> impl Strategy<Value = Town> {
    let stay = prop_oneof![
        5 => Just(Stay::Free),
        2 => (0..most_pools).prop_map(Stay::Incumbent),
        1 => (0..most_pools).prop_map(Stay::Fixed),
    ];
    let child = (
        vec((0..most_pools, 0..4_i64), 0..=most_pools + 2),
        any::<[bool; 2]>(),
        stay,
    );
    let node = (proptest::option::of(0..3_usize), 0..5_u32);
    let pool = (
        proptest::option::weighted(0.7, 0..3_usize),
        0..4_u32,
        [0..3_u32, 0..3_u32],
    );
    let parts = (
        any::<[bool; 4]>(),
        vec(node, 0..=3),
        vec(pool, 1..=most_pools),
        vec(child, 1..=most_children),
    );
    parts.prop_map(
        move |([with_nodes, with_reserves, with_stays, wide], nodes, pools, children)| {
            let count = nodes.len();
            let parent =
                |(at, (parent, cap)): (usize, (Option<usize>, u32))| (parent.filter(|&parent| parent < at), cap);
            let home = |(node, cap, reserves): (Option<usize>, u32, [u32; 2])| Home {
                node: node.filter(|&node| with_nodes && node < count),
                cap,
                reserves: if with_reserves { reserves } else { [0; 2] },
            };
            let mut town = Town {
                nodes: nodes.into_iter().enumerate().map(parent).collect(),
                pools: pools.into_iter().map(home).collect(),
                children: vec![],
                kins: vec![],
                lottery: false,
                wide,
            };
            let mut taken = vec![0; town.pools.len() + count];
            for (mut list, types, stay) in children {
                let mut seen = vec![false; most_pools];
                list.retain(|&(pool, _)| pool < town.pools.len() && !std::mem::replace(&mut seen[pool], true));
                let place = match stay {
                    Stay::Incumbent(pool) | Stay::Fixed(pool) if with_stays && pool < town.pools.len() => {
                        town.bounds(pool)
                    }
                    _ => vec![],
                };
                let caps = town.caps();
                // More who stay than there are seats would be a fault of the file.
                let stays = !place.is_empty() && place.iter().all(|&bound| taken[bound] < caps[bound]);
                if stays {
                    place.iter().for_each(|&bound| taken[bound] += 1);
                }
                let stay = if stays { stay } else { Stay::Free };
                town.children.push(Kid { list, types, stay });
            }
            town
        },
    )
}

/// Towns with siblings who wish together, and equal points that are left to the lottery.
pub fn town_of_families(most_children: usize, most_pools: usize) -> impl Strategy<Value = Town> {
    let joint = vec(vec(proptest::option::weighted(0.85, 0..most_pools), 3), 0..5);
    let kins = vec((1..=3_usize, any::<bool>(), joint), 0..=most_children);
    (town(most_children, most_pools), kins, any::<bool>()).prop_map(|(mut town, kins, lottery)| {
        let mut first = 0;
        for (count, required, mut joint) in kins {
            if count > 1 && first + count <= town.children.len() {
                for wish in &mut joint {
                    wish.truncate(count);
                    for (at, child) in wish.iter_mut().zip(&town.children[first..]) {
                        *at = at.and_then(|at| at.checked_rem(child.list.len()));
                    }
                }
                town.kins.push(Kin {
                    first,
                    count,
                    required,
                    joint,
                });
            }
            first += count;
        }
        town.lottery = lottery;
        town
    })
}

/// So many cases, and no file of those that failed.
pub fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}
