//! Small instances in a few words, and matchings found by trying all.

use kitaplatz::allocation::{Child, Family, Instance, InstanceBuilder, Pool, Priority, Siblings, Wish, solve};

/// Lists of pools for each child and of children for each pool, best first and from 1, as textbooks give them.
pub fn market(caps: &[u32], children: &[&[usize]], pools: &[&[usize]]) -> Instance {
    let mut builder = InstanceBuilder::default();
    for (pool, &cap) in caps.iter().enumerate() {
        builder.pool(Pool {
            id: format!("{:02}", pool + 1).into(),
            node: None,
            cap,
            reserves: vec![],
        });
    }
    for (child, list) in children.iter().enumerate() {
        // A pool that does not list the child would never take it.
        let listed = list.iter().filter_map(|&pool| {
            let place = pools[pool - 1].iter().position(|&other| other == child + 1)?;
            Some(wish(&format!("{pool:02}"), &[-(place as i64)]))
        });
        builder.family(single(&format!("{:02}", child + 1), listed.collect()));
    }
    builder.build().unwrap()
}

pub fn wish(pool: &str, numbers: &[i64]) -> Wish<'static> {
    Wish {
        pool: pool.to_owned().into(),
        priority: Priority::new(numbers).unwrap(),
    }
}

pub fn child(id: &str, wishes: Vec<Wish<'static>>) -> Child<'static> {
    Child {
        id: id.to_owned().into(),
        types: vec![],
        wishes,
        incumbent: None,
        fixed: None,
    }
}

pub fn single(id: &str, wishes: Vec<Wish<'static>>) -> Family<'static> {
    let children = vec![child(id, wishes)];
    Family {
        id: format!("f{id}").into(),
        siblings: Siblings::Independent,
        children,
        joint_wishes: vec![],
    }
}

/// The pool of each child from 1, or 0.
pub fn placed(instance: &Instance) -> Vec<usize> {
    let outcome = solve(instance);
    (0..instance.children() as u32)
        .map(|child| outcome.place(child).map_or(0, |place| place.pool as usize + 1))
        .collect()
}

/// From 1, or 0.
pub fn numbered(pools: Vec<Option<u32>>) -> Vec<usize> {
    pools
        .into_iter()
        .map(|pool| pool.map_or(0, |pool| pool as usize + 1))
        .collect()
}

/// A market of single children and pools that stand alone, by its own book-keeping.
#[derive(Clone, Debug)]
pub struct Plain {
    /// Seats.
    pub caps: Vec<u32>,
    /// For each child its pools, best first, with its points there; more points go first, and then the smaller child.
    pub lists: Vec<Vec<(usize, i64)>>,
}

impl Plain {
    pub fn instance(&self) -> Instance {
        let mut builder = InstanceBuilder::default();
        for (pool, &cap) in self.caps.iter().enumerate() {
            builder.pool(Pool {
                id: format!("{pool:02}").into(),
                node: None,
                cap,
                reserves: vec![],
            });
        }
        for (child, list) in self.lists.iter().enumerate() {
            // The second number takes the lottery's place, so that this book-keeping needs none.
            let wishes = list
                .iter()
                .map(|&(pool, points)| wish(&format!("{pool:02}"), &[points, -(child as i64)]));
            builder.family(single(&format!("{child:02}"), wishes.collect()));
        }
        builder.build().unwrap()
    }

    /// The place in its list of what each child gets; the length of the list if nothing.
    pub fn solved(&self) -> Vec<usize> {
        let instance = self.instance();
        let outcome = solve(&instance);
        let rank = |(child, list): (u32, &Vec<_>)| {
            outcome
                .place(child)
                .map_or(list.len(), |place| place.wish.unwrap() as usize - 1)
        };
        (0..).zip(&self.lists).map(rank).collect()
    }

    /// All stable matchings, as places in the children's lists, by trying every matching.
    pub fn stable(&self) -> Vec<Vec<usize>> {
        let mut found = Vec::new();
        let mut ranks = vec![0; self.lists.len()];
        loop {
            if self.is_stable(&ranks) {
                found.push(ranks.clone());
            }
            let Some(at) = (0..ranks.len()).find(|&at| ranks[at] < self.lists[at].len()) else {
                return found;
            };
            ranks[at] += 1;
            ranks[..at].fill(0);
        }
    }

    fn is_stable(&self, ranks: &[usize]) -> bool {
        let at = |child: usize, rank: usize| self.lists[child].get(rank).copied();
        let inside = |pool: usize| {
            (0..ranks.len()).filter(move |&child| at(child, ranks[child]).is_some_and(|(own, _)| own == pool))
        };
        let fits = (0..self.caps.len()).all(|pool| inside(pool).count() <= self.caps[pool] as usize);
        let blocks = |child: usize, rank: usize| {
            let Some((pool, points)) = at(child, rank) else {
                return false;
            };
            let room = inside(pool).count() < self.caps[pool] as usize;
            room || inside(pool).any(|other| {
                let theirs = at(other, ranks[other]).unwrap().1;
                (points, other) > (theirs, child)
            })
        };
        fits && (0..ranks.len()).all(|child| (0..ranks[child]).all(|rank| !blocks(child, rank)))
    }
}
