//! Steps on random towns: whoever answers when, the end is the one that facilities arrive at who propose by these orders.

use serde_json::json;

use super::*;
use crate::allocation::rounds::snapshot::{PlacesFrom, PlacesOfHours};
use crate::allocation::solve;
use crate::facilities::AgeBand;

/// A little chance that is the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

const CHILDREN: usize = 24;
const POOLS: usize = 6;

/// Pools, of which one tells places apart by hours and one by the month in which they come free.
fn pools(random: &mut Random) -> Vec<RoundPool> {
    let pool = |n: usize| {
        let cap = 1 + random.below(4) as u32;
        let inner = random.below(cap as usize + 1) as u32;
        let hours = [(45, inner), (25, cap)].map(|(hours, places)| PlacesOfHours { hours, places });
        let starts = [("2027-08-01", inner), ("2027-11-01", cap)].map(|(month, places)| PlacesFrom {
            from_month: month.parse().unwrap(),
            places,
        });
        RoundPool {
            name: format!("p{n}"),
            facility_id: FacilityId::new(),
            band: AgeBand::Under3,
            cap,
            starts: if n == 2 { starts.to_vec() } else { Vec::new() },
            hours: if n == 3 { hours.to_vec() } else { Vec::new() },
        }
    };
    (0..POOLS).map(pool).collect()
}

/// Each way of a child to a pool: all of them, or only what many could have.
fn ways(random: &mut Random, pool: &RoundPool) -> Vec<String> {
    let mut parts: Vec<String> = pool.parts().into_iter().map(|(name, _)| name.into_owned()).collect();
    match random.below(3) {
        0 => parts.truncate(1),
        1 => drop(parts.drain(..parts.len() - 1)),
        _ => {}
    }
    parts
}

/// A town whose facilities of the first `hands` pools are by hand. Two pools share a bound, one keeps a seat for a type, two have parts.
fn town(random: &mut Random, hands: usize) -> Inputs {
    let pools = pools(random);
    let families: Vec<_> = (0..CHILDREN)
        .map(|n| {
            let mut wished: Vec<usize> = (0..POOLS).collect();
            random.shuffle(&mut wished);
            wished.truncate(1 + random.below(POOLS));
            let mut wishes = Vec::new();
            for at in wished {
                let points = random.below(5);
                let ways = ways(random, &pools[at]).into_iter();
                wishes.extend(ways.map(|part| json!({"pool": part, "priority": [points, 3]})));
            }
            let types: &[&str] = if random.below(4) == 0 { &["hardship"] } else { &[] };
            json!({"id": format!("f{n:02}"), "siblings": "independent", "joint_wishes": [],
                   "children": [{"id": format!("c{n:02}"), "types": types, "wishes": wishes, "incumbent": null, "fixed": null}]})
        })
        .collect();
    let pool = |p: &RoundPool| {
        let reserves = if p.name == "p0" {
            json!([{"type": "hardship", "seats": 1}])
        } else {
            json!([])
        };
        let node = (p.name == "p4" || p.name == "p5").then_some("n");
        match p.parts().as_slice() {
            [(inner, few), (outer, cap)] => vec![
                json!({"id": inner, "node": outer, "cap": few, "reserves": []}),
                json!({"id": outer, "node": outer, "cap": cap, "reserves": []}),
            ],
            _ => vec![json!({"id": p.name, "node": node, "cap": p.cap, "reserves": reserves})],
        }
    };
    let outer = pools.iter().filter_map(|p| p.parts().into_iter().nth(1));
    let mut nodes: Vec<_> = outer
        .map(|(name, cap)| json!({"id": name, "parent": null, "cap": cap}))
        .collect();
    nodes.push(json!({"id": "n", "parent": null, "cap": 4}));
    let snapshot = json!({"families": families, "nodes": nodes,
                          "pools": pools.iter().flat_map(pool).collect::<Vec<_>>()});
    let choice = |mode| Choice {
        mode,
        continue_by_points: false,
    };
    Inputs {
        snapshot: snapshot.to_string(),
        changes: Changes {
            seed: "7".into(),
            ..Changes::default()
        },
        choices: pools
            .iter()
            .enumerate()
            .map(|(n, p)| {
                (
                    p.facility_id,
                    choice(if n < hands {
                        FacilityMode::ByHand
                    } else {
                        FacilityMode::ByPoints
                    }),
                )
            })
            .collect(),
        pools,
        steps: Vec::new(),
        answers: Vec::new(),
    }
}

fn day() -> NaiveDate {
    "2027-02-10".parse().unwrap()
}

/// Everybody who is waited for answers, some only a step later; orders are mixed beyond what stands. Answers the end and checks on the
/// way that nothing final changes, and that nobody who held something holds less.
fn played(inputs: &mut Inputs, random: &mut Random, by_hand: bool) -> Situation {
    let mut last: BTreeMap<String, String> = BTreeMap::new();
    for number in 1..200 {
        let now = inputs.situation().unwrap();
        for (child, pool) in &last {
            assert_eq!(now.held.get(child), Some(pool), "what was final changed");
        }
        let last_now = now.pools.iter().flat_map(|(pool, list)| {
            let finals = list.iter().filter(|a| a.last && a.stands == Stands::Held);
            finals.map(|a| (a.child.clone(), pool.clone()))
        });
        last = last_now.collect();
        if now.pending.is_empty() {
            assert_eq!(now.steps_left, 0);
            assert_eq!(last.len(), now.held.len(), "in the end everything is final");
            return now;
        }
        inputs.steps.push(Step {
            number,
            due_on: day(),
            closed: false,
        });
        for facility in inputs.awaited(&now) {
            if random.below(5) == 0 {
                continue;
            }
            let answer = answer(inputs, random, &now, facility, by_hand);
            inputs.answers.push(answer);
        }
        inputs.steps.iter_mut().for_each(|step| step.closed = true);
    }
    panic!("the steps do not end");
}

fn answer(inputs: &Inputs, random: &mut Random, now: &Situation, facility: FacilityId, by_hand: bool) -> Answer {
    let step = inputs.open().unwrap().number;
    let pool = inputs.pools.iter().find(|p| p.facility_id == facility).unwrap();
    let list = &now.pools[&pool.name];
    let ordered = inputs.answers.iter().any(|a| a.orders.contains_key(&pool.name));
    let kept = if step == 1 {
        0
    } else {
        kept(list, ordered, pool.name == "p4" || pool.name == "p5")
    };
    let mut order: Vec<Ordered> = list
        .iter()
        .map(|a| Ordered {
            child: a.child.clone(),
            reason: None,
        })
        .collect();
    random.shuffle(&mut order[kept..]);
    let orders = if by_hand && random.below(3) > 0 {
        BTreeMap::from([(pool.name.clone(), order)])
    } else {
        BTreeMap::new()
    };
    Answer {
        step,
        facility_id: facility,
        kind: AnswerKind::Hand,
        orders,
    }
}

fn proposing(inputs: &Inputs) -> BTreeMap<String, String> {
    let changes = Changes {
        orders: orders(&inputs.answers),
        apart: true,
        ..inputs.changes.clone()
    };
    let composed = compose(&inputs.snapshot, &changes).unwrap();
    let instance = &composed.instance;
    let pools = Market::new(instance).facility_proposing();
    let held = (0..)
        .zip(pools)
        .filter_map(|(child, pool)| Some((instance.child_id(child), instance.pool_id(pool?))));
    held.map(|(child, pool)| (child.to_owned(), pool_of(pool).to_owned()))
        .collect()
}

#[test]
fn managers_who_follow_the_points_arrive_where_facilities_do_that_propose_by_points() {
    for seed in 0..60 {
        let mut random = Random(seed);
        let hands = random.below(POOLS + 1);
        let mut inputs = town(&mut random, hands);
        let by_points = proposing(&inputs);
        let end = played(&mut inputs, &mut random, false);
        assert_eq!(end.held, by_points, "seed {seed}");
    }
}

#[test]
fn an_order_by_hand_arrives_where_facilities_do_that_propose_by_it_and_no_family_gets_less_than_it_held() {
    for seed in 0..120 {
        let mut random = Random(seed);
        let hands = 1 + random.below(POOLS);
        let mut inputs = town(&mut random, hands);
        let end = played(&mut inputs, &mut random, true);
        assert_eq!(end.held, proposing(&inputs), "seed {seed}");
        let changes = Changes {
            orders: orders(&inputs.answers),
            ..inputs.changes.clone()
        };
        let composed = compose(&inputs.snapshot, &changes).unwrap();
        let outcome = solve(&composed.instance);
        let snapshot: serde_json::Value = serde_json::from_str(&inputs.snapshot).unwrap();
        for family in snapshot["families"].as_array().unwrap() {
            let child = &family["children"][0];
            let rank = |pool: Option<&str>| {
                let wishes = child["wishes"].as_array().unwrap();
                wishes
                    .iter()
                    .position(|w| Some(pool_of(w["pool"].as_str().unwrap())) == pool.map(pool_of))
                    .unwrap_or(usize::MAX)
            };
            let name = child["id"].as_str().unwrap();
            let place = outcome.place(composed.instance.child(name).unwrap());
            let got = rank(place.map(|p| composed.instance.pool_id(p.pool)));
            assert!(
                got <= rank(end.held.get(name).map(String::as_str)),
                "seed {seed}, {name}"
            );
        }
    }
}

#[test]
fn where_a_round_stands_follows_from_what_is_stored_at_any_moment() {
    let mut random = Random(5);
    let mut inputs = town(&mut random, 4);
    played(&mut inputs, &mut random, true);
    for steps in 0..=inputs.steps.len() {
        let number = steps as i32;
        let mut half = inputs.clone();
        half.steps.truncate(steps);
        half.answers.retain(|a| a.step <= number);
        let (once, again) = (half.situation().unwrap(), half.clone().situation().unwrap());
        assert_eq!(
            (&once.held, &once.pools, &once.pending),
            (&again.held, &again.pools, &again.pending)
        );
        // Later orders changed nothing of what was offered before them.
        let mut later = inputs.clone();
        later.steps.truncate(steps);
        assert_eq!(later.situation().unwrap().held, once.held, "after {steps} steps");
    }
}

#[test]
fn a_step_is_over_when_nobody_is_waited_for_and_nobody_can_object() {
    let mut random = Random(3);
    let mut inputs = town(&mut random, 1);
    let hand = inputs.pools[0].facility_id;
    inputs.steps.push(Step {
        number: 1,
        due_on: day(),
        closed: false,
    });
    let now = inputs.situation().unwrap();
    assert_eq!(inputs.awaited(&now), BTreeSet::from([hand]));
    assert_eq!(inputs.may_answer(&now), inputs.wished(&now), "the others may object");
    let late = day().succ_opt().unwrap();
    assert!(!inputs.is_over(&now, late), "who decides by hand is waited for");
    let answer = |facility_id| Answer {
        step: 1,
        facility_id,
        kind: AnswerKind::Points,
        orders: BTreeMap::new(),
    };
    inputs.answers.push(answer(hand));
    assert!(!inputs.is_over(&now, day()), "the others may still object");
    assert!(inputs.is_over(&now, late));
    inputs
        .answers
        .extend(inputs.pools[1..].iter().map(|p| answer(p.facility_id)));
    assert!(inputs.is_over(&now, day()));
}
