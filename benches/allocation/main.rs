//! How long the allocation takes, on made-up cities of the size of the yardsticks.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a bench that cannot go on should say where"
)]

use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate};
use criterion::{BatchSize, Criterion, criterion_group};
use kitaplatz::allocation::{Instance, Market, ResultFile, Rolling, Verifier, solve};
use kitaplatz::demands::{Derived, EvidenceState, Fact, Facts, Moment, TEMPLATES, score};

#[allow(dead_code, reason = "shared with the tests")]
mod generator;

use generator::{City, LARGE_CITY, Random, city};

fn large_city(c: &mut Criterion) {
    let instance = city(LARGE_CITY, 1);
    let mut text = Vec::new();
    instance.write_canonical(&mut text).unwrap();
    let market = Market::new(&instance);
    let result = solve(&instance).file();
    let mut written = Vec::new();
    result.write(&mut written).unwrap();
    let verifier = Verifier::new(&instance);

    let mut group = c.benchmark_group("20000x800x8");
    group.sample_size(20).measurement_time(Duration::from_secs(4));
    group.bench_function("read", |b| b.iter(|| Instance::read(black_box(&text)).unwrap()));
    group.bench_function("draw and rank 160000 pairs", |b| {
        b.iter(|| Market::new(black_box(&instance)))
    });
    group.bench_function("solve", |b| b.iter(|| black_box(&market).solve()));
    group.bench_function("explain", |b| {
        b.iter(|| black_box(market.clone().into_outcome()).file())
    });
    group.bench_function("read result", |b| {
        b.iter(|| ResultFile::read(black_box(&written)).unwrap())
    });
    group.bench_function("prepare verifier", |b| b.iter(|| Verifier::new(black_box(&instance))));
    group.bench_function("find the names of a result", |b| {
        b.iter(|| verifier.read(black_box(&result)))
    });
    let stated = verifier.read(&result);
    group.bench_function("verify", |b| b.iter(|| verifier.check(black_box(&stated))));
    group.bench_function("one decline", |b| {
        let rolling = Rolling::new(market.clone());
        let placed: Vec<u32> = (0..20_000).filter(|&child| rolling.pool(child).is_some()).collect();
        let mut next = 0;
        let mut current = rolling.clone();
        b.iter(|| {
            next += 1;
            if next % 2_000 == 0 {
                current = rolling.clone();
            }
            current.withdraw(placed[next * 7 % placed.len()])
        });
    });
    group.bench_function("coordinated rounds, 60 of 100 by hand", |b| {
        b.iter(|| market.coordinated_rounds(|pool| pool % 10 < 6, 50));
    });
    group.bench_function("first preference first", |b| {
        b.iter(|| market.compare_first_preference_first())
    });
    group.sample_size(10);
    group.bench_function("1000 draws", |b| b.iter(|| market.chances(1000)));
    group.finish();
}

/// Counting the points of 160,000 wishes by a municipality's criteria: what comes before the ranking.
fn points(c: &mut Criterion) {
    let mut random = Random::new(1);
    let set = TEMPLATES[0].rule_set();
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let moment = Moment {
        today: day("2027-02-01"),
        counts_on: day("2027-02-01"),
    };
    let fact = |number| Fact {
        claimed: true,
        number: Some(number),
        evidence: EvidenceState::Seen,
        valid_until: None,
    };
    let mut families = Vec::new();
    for n in 0..20_000_i64 {
        let asked = set.rules.iter().filter(|rule| rule.criterion.source.is_asked());
        let claimed = asked.filter(|_| random.once_in(2));
        let answers = claimed.map(|rule| (rule.criterion.code.clone(), fact(20)));
        let facts = Facts {
            answers: answers.collect(),
            birth: day("2025-08-01").checked_add_days(Days::new(n.unsigned_abs() % 400)),
            submitted_at: DateTime::from_timestamp(1_800_000_000 + n, 0),
            moment,
        };
        let at_each = std::array::from_fn::<_, 8, _>(|_| Derived {
            holds: set
                .rules
                .iter()
                .map(|rule| rule.criterion.source)
                .filter(|source| !source.is_asked() && random.once_in(4))
                .collect(),
            age_years: Some(2),
        });
        families.push((facts, at_each));
    }
    let mut group = c.benchmark_group("20000x800x8");
    group.sample_size(20).measurement_time(Duration::from_secs(4));
    group.bench_function("score 160000 pairs", |b| {
        b.iter(|| {
            let pairs = black_box(&families)
                .iter()
                .flat_map(|(facts, at)| at.iter().map(move |derived| (facts, derived)));
            pairs
                .map(|(facts, derived)| i64::from(score(&set, facts, derived).points))
                .sum::<i64>()
        });
    });
    group.finish();
}

/// How often there is no exception, and the middle and worst time of one solution of each instance; criterion mixes all of them.
fn tell_stable(instances: &[Instance], markets: &[Market<'_>]) {
    let mut exceptions = Vec::new();
    let mut times = Vec::new();
    for (instance, market) in instances.iter().zip(markets) {
        let begun = std::time::Instant::now();
        black_box(market.solve());
        times.push(begun.elapsed());
        let families: BTreeSet<u32> = solve(instance).exceptions().map(|(family, _)| family).collect();
        exceptions.push(families.len());
    }
    times.sort_unstable();
    let stable = exceptions.iter().filter(|found| **found == 0).count();
    eprintln!(
        "1000 sibling families: {stable} of {} instances stable, at most {} exceptions; middle {:?}, worst {:?}",
        markets.len(),
        exceptions.iter().max().unwrap_or(&0),
        times[times.len() / 2],
        times[times.len() - 1],
    );
}

fn siblings(c: &mut Criterion) {
    let instances: Vec<Instance> = (0..40)
        .map(|seed| {
            city(
                City {
                    siblings: 1000,
                    ..LARGE_CITY
                },
                seed,
            )
        })
        .collect();
    let markets: Vec<Market<'_>> = instances.iter().map(Market::new).collect();
    tell_stable(&instances, &markets);
    let mut group = c.benchmark_group("1000 sibling families");
    group.sample_size(20);
    let mut next = 0;
    group.bench_function("solve", |b| {
        b.iter_batched(
            || {
                next += 1;
                &markets[next % markets.len()]
            },
            Market::solve,
            BatchSize::PerIteration,
        );
    });
    group.sample_size(10);
    group.bench_function("100 draws", |b| b.iter(|| markets[0].chances(100)));
    group.finish();
}

fn country(c: &mut Criterion) {
    let size = City {
        children: 1_000_000,
        pools: 60_000,
        wishes: 8,
        seats: 900_000,
        siblings: 0,
    };
    let instance = city(size, 1);
    let market = Market::new(&instance);
    let mut group = c.benchmark_group("1000000x60000x8");
    group.sample_size(10);
    group.bench_function("draw and rank", |b| b.iter(|| Market::new(black_box(&instance))));
    group.bench_function("solve", |b| b.iter(|| black_box(&market).solve()));
    group.finish();
}

criterion_group!(benches, points, large_city, siblings, country);

/// `--write-city CHILDREN PATH` writes an instance for other programs instead of measuring.
fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--write-city") {
        let children: usize = arguments[at + 1].parse().expect("a number of children");
        let size = City {
            children,
            pools: children / 25,
            seats: children * 9 / 10,
            ..LARGE_CITY
        };
        let mut file = std::io::BufWriter::new(std::fs::File::create(&arguments[at + 2]).unwrap());
        city(size, 1).write_canonical(&mut file).unwrap();
        return;
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
}
