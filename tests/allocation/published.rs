//! The published simulation of the coordinated mode (Reischmann, Klein and Giegerich 2021; program `matchingMarketsEvaluation`): its town, its
//! way of counting, and the rounds that it takes.
//!
//! Families rank facilities by distance, by a quality that all see alike, and by a profile that suits some. Facilities order children by
//! nearness, by social points, and the free ones by a liking of their own; which of the three goes first differs. Children rank strictly,
//! without the ties that the published program can break by whoever proposes first. A round more is counted as long as more than 5 of 100
//! places may still change.

use kitaplatz::allocation::{Family, Instance, InstanceBuilder, Market, Pool, Priority, Siblings, Wish};

use crate::generator::Random;
use crate::support::child;

/// Where somebody lives, on a square of so many steps.
const SIDE: usize = 6;
const CHILDREN: usize = 600;
const FACILITIES: usize = 200;
/// As many as the published program takes for its largest towns.
const WISHES: usize = 60;
/// Children for each place.
const OCCUPANCY: f64 = 1.2;

struct Facility {
    at: [i64; 2],
    /// Which of the three criteria goes first, and which second.
    order: [i64; 2],
    quality: f64,
    profile: usize,
    liking: f64,
    free: bool,
}

impl Facility {
    fn of(random: &mut Random, free: f64) -> Self {
        Self {
            at: home(random),
            order: [1 + random.below(3) as i64, 1 + random.below(2) as i64],
            quality: unit(random),
            profile: random.below(10),
            liking: unit(random),
            free: unit(random) < free,
        }
    }

    /// Points of a child.
    fn points(&self, home: [i64; 2], social: i64, liking: f64) -> i64 {
        let weight = |of: i64| 1000_i64.pow(of.rem_euclid(3) as u32);
        let [first, second] = self.order;
        let near = (0..2).all(|axis| (self.at[axis] - home[axis]).abs() <= 1);
        let own = if self.free {
            ((self.liking + liking) * 100.0).ceil() as i64
        } else {
            0
        };
        weight(first) * i64::from(near) + weight(first + second) * social + weight(first - second) * own
    }
}

fn unit(random: &mut Random) -> f64 {
    (random.next() >> 11) as f64 / (1_u64 << 53) as f64
}

fn home(random: &mut Random) -> [i64; 2] {
    [(); 2].map(|()| random.below(SIDE) as i64)
}

/// A town in which a share of the facilities is free, and the facilities that decide by hand, as large a share of others.
fn town(share: usize, seed: u64) -> (Instance, Vec<bool>) {
    let mut random = Random::new(seed);
    let random = &mut random;
    let mut builder = InstanceBuilder::default();
    let facilities: Vec<Facility> = (0..FACILITIES)
        .map(|_| Facility::of(random, share as f64 / 100.0))
        .collect();
    let mean = CHILDREN as f64 / FACILITIES as f64 / OCCUPANCY;
    for facility in 0..FACILITIES {
        // Twelve times a random number come close enough to the normal distribution; it deviates by half of the mean.
        let normal = (0..12).map(|_| unit(random)).sum::<f64>() - 6.0;
        builder.pool(Pool {
            id: format!("{facility:03}").into(),
            node: None,
            cap: (mean + normal * mean / 2.0).round().max(1.0) as u32,
            reserves: vec![],
        });
    }
    for number in 0..CHILDREN {
        let (home, social, profile) = (home(random), 1 + random.below(100) as i64, random.below(10));
        let [far, fit, liking, quality] = [(); 4].map(|()| unit(random));
        let worth = facilities.iter().map(|facility| {
            let squares = (0..2).map(|axis| (facility.at[axis] - home[axis]).pow(2)).sum::<i64>();
            let suits = if facility.profile == profile { fit } else { 0.0 };
            quality * facility.quality + suits - far * 2.0 * (squares as f64).sqrt() / SIDE as f64
        });
        let worth: Vec<f64> = worth.collect();
        let mut best: Vec<usize> = (0..FACILITIES).collect();
        best.sort_by(|&one, &other| worth[other].total_cmp(&worth[one]));
        let wishes = best.iter().take(WISHES).map(|&facility| Wish {
            pool: format!("{facility:03}").into(),
            priority: Priority::new(&[facilities[facility].points(home, social, liking), -(number as i64)]).unwrap(),
        });
        builder.family(Family {
            id: format!("{number:03}").into(),
            siblings: Siblings::Independent,
            children: vec![child(&format!("{number:03}"), wishes.collect())],
            joint_wishes: vec![],
        });
    }
    let mut order: Vec<usize> = (0..FACILITIES).collect();
    (1..FACILITIES).for_each(|at| order.swap(at, random.below(at + 1)));
    let mut by_hand = vec![false; FACILITIES];
    order
        .iter()
        .take(FACILITIES * share / 100)
        .for_each(|&facility| by_hand[facility] = true);
    (builder.build().unwrap(), by_hand)
}

#[test]
fn the_rounds_are_those_of_the_published_simulation() {
    const TOWNS: u64 = 6;
    for (share, published) in [(0, 1.0), (30, 5.0), (60, 8.2), (100, 14.2)] {
        let (mut rounds, mut steps) = (0, 0);
        for seed in 0..TOWNS {
            let (instance, by_hand) = town(share, seed);
            let market = Market::new(&instance);
            let by_hand = |pool: u32| by_hand[pool as usize];
            rounds += market.coordinated_rounds(by_hand, 50);
            steps += market.coordinated_steps(by_hand, 50);
        }
        // The published rounds, and those of our own order, in which whoever goes by points has proposed before a manager looks.
        let [rounds, steps] = [rounds, steps].map(|sum| f64::from(sum) / TOWNS as f64);
        eprintln!("{share} of 100 by hand: {rounds:.1} rounds, {steps:.1} of our own steps, published {published}");
        for counted in [rounds, steps] {
            assert!(
                (counted - published).abs() <= 1.0,
                "{share} of 100 by hand: {counted}, published {published}"
            );
        }
        assert!(
            steps <= rounds,
            "{share} of 100 by hand: {steps} steps, {rounds} rounds"
        );
    }
}
