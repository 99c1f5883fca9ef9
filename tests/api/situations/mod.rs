//! Situations of families: who sees which fact in each, held against a reviewed table. No more, and no less.
//!
//! A fact is a word that stands nowhere else. Everybody asks every view that might show it; what they find is the row of the table.

mod collect;
mod logs;
mod more;
mod papers;
mod stage;

use std::collections::{BTreeMap, BTreeSet};

use self::collect::seen_by_everybody;
use self::stage::SITUATIONS;
use crate::support::{TestApp, start};

type Table = BTreeMap<(String, String), BTreeSet<String>>;

fn committed() -> Table {
    let lines = include_str!("table.txt").lines();
    let rows = lines.filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    rows.map(|line| {
        let mut words = line.split_whitespace().map(str::to_owned);
        let key = (words.next().unwrap(), words.next().unwrap());
        (key, words.filter(|word| word != "-").collect())
    })
    .collect()
}

fn lines(table: &Table) -> String {
    let line = |((situation, who), facts): (&(String, String), &BTreeSet<String>)| {
        let facts: Vec<_> = facts.iter().map(String::as_str).collect();
        let facts = if facts.is_empty() { "-".into() } else { facts.join(" ") };
        format!("{situation:<42} {who:<14} {facts}\n")
    };
    table.iter().map(line).collect()
}

/// Situations once care has begun have this after their name.
const IN_CARE: &str = "/care";

#[test]
fn there_are_at_least_forty_situations() {
    let table = committed();
    let situations: BTreeSet<&String> = table.keys().map(|(situation, _)| situation).collect();
    assert!(situations.len() >= 40, "{} situations", situations.len());
    assert_eq!(
        situations.len(),
        2 * SITUATIONS.len(),
        "each before care has begun, and after"
    );
}

/// Each situation takes some seconds, so they are several tests that run beside each other.
macro_rules! parts {
    ($($name:ident $part:literal)*) => {
        const PARTS: usize = [$($part),*].len();

        mod before_care_begins_everybody_sees_what_the_table_says_and_nothing_else {
            $(#[actix_web::rt::test(system = "crate::support::Shared")]
            async fn $name() {
                super::compared(false, $part).await;
            })*
        }

        mod in_care_everybody_sees_what_the_table_says_and_nothing_else {
            $(#[actix_web::rt::test(system = "crate::support::Shared")]
            async fn $name() {
                super::compared(true, $part).await;
            })*
        }
    };
}
parts!(first 0 second 1 third 2);

async fn compared(in_care: bool, part: usize) {
    logs::listen();
    let (server, mut seen, mut names) = (TestApp::new().await, Table::new(), BTreeSet::new());
    for (name, situation) in SITUATIONS.iter().skip(part).step_by(PARTS) {
        // One server for all, a tenant for each: a server each would use up the connections of the cluster.
        server.platform.clock.set(start());
        let app = TestApp::elsewhere(server.platform.clone(), &server.base).await;
        let scene = situation(app).await;
        let (name, scene) = match in_care {
            false => ((*name).to_owned(), scene),
            true => (format!("{name}{IN_CARE}"), scene.in_care().await),
        };
        for (who, facts) in seen_by_everybody(&scene, name.contains("_protected")).await {
            seen.insert((name.clone(), who), facts);
        }
        names.insert(name);
    }
    let mut expected = committed();
    expected.retain(|(situation, _), _| names.contains(situation));
    let differs: Vec<String> = seen
        .iter()
        .filter(|(key, facts)| expected.get(*key) != Some(facts))
        .map(|(key, facts)| format!("{key:?}\n    sees {facts:?}\n    not  {:?}", expected.get(key)))
        .collect();
    if !differs.is_empty() {
        let when = if in_care { "in_care" } else { "before" };
        let path = format!("{}/situations_{when}_{part}.txt", env!("CARGO_TARGET_TMPDIR"));
        std::fs::write(&path, lines(&seen)).unwrap();
        panic!(
            "{} rows differ; what was seen is in {path}:\n{}",
            differs.len(),
            differs.join("\n")
        );
    }
    assert_eq!(expected.len(), seen.len(), "rows without a situation");
    logs::name_nobody();
    // Whatever the table says: a protected address is for the own household and the case worker.
    for ((situation, who), facts) in &seen {
        for (owner, street) in [("parent_a", "a.street"), ("parent_b", "b.street")] {
            let is_protected =
                situation.contains(&format!("{}_protected", &street[..1])) || situation.contains("both_protected");
            let may = who == owner || who == "case_worker";
            assert!(
                !is_protected || may || !facts.contains(street),
                "{situation} {who} sees {street}"
            );
        }
    }
}
