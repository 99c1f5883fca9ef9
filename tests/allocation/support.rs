//! Small instances in a few words.

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
