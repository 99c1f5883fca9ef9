//! Files that are none: each is refused with the place, and none makes the reader panic.

use kitaplatz::allocation::{Instance, ResultFile, Run, solve};
use proptest::prelude::*;

use crate::generator::{Features, Random, small};

/// An instance with every kind of thing in it.
const VALID: &str = r#"{ "format": "kitaplatz-allocation/1",
  "seed": "any text",
  "nodes": [ {"id": "n1", "parent": null, "cap": 40}, {"id": "n2", "parent": "n1", "cap": 9} ],
  "pools": [ {"id": "p1", "node": "n2", "cap": 12, "reserves": [ {"type": "hardship", "seats": 1} ]}, {"id": "p2", "cap": 0} ],
  "families": [
    {"id": "f1", "siblings": "required",
     "children": [ {"id": "c1", "types": ["hardship"], "wishes": [ {"pool": "p1", "priority": [2, 40, 731]} ], "incumbent": null, "fixed": null},
                   {"id": "c2", "wishes": [ {"pool": "p2", "priority": [1]} ]} ],
     "joint_wishes": [ ["p1", null] ] },
    {"id": "f2", "children": [ {"id": "c3", "wishes": [], "fixed": "p1"} ] } ] }"#;

#[test]
fn the_example_is_read() {
    let instance = Instance::read(VALID.as_bytes()).unwrap();
    assert_eq!((instance.children(), instance.pools(), instance.wishes()), (3, 2, 2));
}

/// Replaces one part of the valid file, which must be there exactly once.
fn with(part: &str, other: &str) -> String {
    assert_eq!(VALID.matches(part).count(), 1, "{part}");
    VALID.replace(part, other)
}

#[test]
fn what_may_be_absent_may_be_null() {
    let full =
        Instance::read(with(r#", "cap": 0}"#, r#", "cap": 0, "node": null, "reserves": null}"#).as_bytes()).unwrap();
    assert_eq!(full.sha256(), Instance::read(VALID.as_bytes()).unwrap().sha256());
    for (part, other) in [
        (r#""seed": "any text""#, r#""seed": null"#),
        (r#""types": ["hardship"]"#, r#""types": null"#),
        (
            r#""id": "f2", "#,
            r#""id": "f2", "siblings": null, "joint_wishes": null, "#,
        ),
    ] {
        Instance::read(with(part, other).as_bytes()).unwrap();
    }
}

#[test]
fn every_fault_is_told_with_its_place() {
    let cases = [
        (r#""seed": "any text""#, r#""seed": 7"#, "seed", "invalid type"),
        (r#"allocation/1"#, "allocation/2", "format", "invalid value"),
        (r#""seed": "any text""#, r#""sed": """#, "sed", "unknown field"),
        (
            r#""seed": "any text""#,
            r#""seed": "", "seed": """#,
            "",
            "duplicate field",
        ),
        (
            r#""id": "n2","#,
            r#""id": "n2", "id": "n2","#,
            "nodes[1]",
            "duplicate field",
        ),
        (r#""id": "n2""#, r#""id": "n1""#, "nodes[1].id", "twice"),
        (r#""id": "n2""#, r#""id": """#, "nodes[1].id", "empty"),
        (
            r#""parent": null"#,
            r#""parent": "n2""#,
            "nodes[0].parent",
            "above itself",
        ),
        (
            r#""parent": "n1""#,
            r#""parent": "n2""#,
            "nodes[1].parent",
            "above itself",
        ),
        (
            r#""parent": "n1""#,
            r#""parent": "n9""#,
            "nodes[1].parent",
            "no node `n9`",
        ),
        (r#""cap": 40"#, r#""cap": -1"#, "nodes[0].cap", "invalid value"),
        (r#""cap": 40"#, r#""cap": 2147483648"#, "nodes[0].cap", "2147483647"),
        (r#""cap": 12"#, r#""cap": 1.5"#, "pools[0].cap", "invalid type"),
        (r#""node": "n2""#, r#""node": "n9""#, "pools[0].node", "no node"),
        (r#""id": "p2", "cap""#, r#""id": "p1", "cap""#, "pools[1].id", "twice"),
        (
            r#""seats": 1}"#,
            r#""seats": 1}, {"type": "hardship", "seats": 2}"#,
            "pools[0].reserves[1].type",
            "twice",
        ),
        (
            r#""required""#,
            r#""always""#,
            "families[0].siblings",
            "unknown variant",
        ),
        (
            r#""required""#,
            r#""independent""#,
            "families[0].joint_wishes",
            "independent",
        ),
        (
            r#"["p1", null]"#,
            r#"["p1"]"#,
            "families[0].joint_wishes[0]",
            "1 entries for 2 children",
        ),
        (
            r#"["p1", null]"#,
            r#"["p1", "p1"]"#,
            "families[0].joint_wishes[0][1]",
            "not among the wishes",
        ),
        (r#""id": "c2""#, r#""id": "c1""#, "families[0].children[1].id", "twice"),
        (r#""id": "c3""#, r#""id": "c1""#, "families[1].children[0].id", "twice"),
        (r#""id": "f2""#, r#""id": "f1""#, "families[1].id", "twice"),
        (
            r#"[2, 40, 731]"#,
            "[]",
            "families[0].children[0].wishes[0].priority",
            "1 to 8",
        ),
        (
            r#"[2, 40, 731]"#,
            "[1,2,3,4,5,6,7,8,9]",
            "families[0].children[0].wishes[0].priority",
            "1 to 8",
        ),
        (
            r#"[2, 40, 731]"#,
            "[2, 40, true]",
            "families[0].children[0].wishes[0].priority[2]",
            "invalid type",
        ),
        (
            r#"[2, 40, 731]} ]"#,
            r#"[2]}, {"pool": "p1", "priority": [2]} ]"#,
            "families[0].children[0].wishes[1].pool",
            "twice",
        ),
        (
            r#"{"pool": "p2", "#,
            r#"{"pool": "p7", "#,
            "families[0].children[1].wishes[0].pool",
            "no pool `p7`",
        ),
        (
            r#""wishes": [], "fixed": "p1""#,
            r#""wishes": [], "fixed": "p9""#,
            "families[1].children[0].fixed",
            "no pool",
        ),
        (
            r#""wishes": [], "fixed": "p1""#,
            r#""wishes": [], "fixed": "p2""#,
            "pools[1].cap",
            "exceed the cap 0 of `p2`",
        ),
        (r#""cap": 9"#, r#""cap": 0"#, "nodes[1].cap", "exceed the cap 0 of `n2`"),
        (
            r#""wishes": [], "#,
            r#""wishes": [{"pool": "p1", "priority": [1]}], "#,
            "families[1].children[0].wishes[0].priority",
            "3",
        ),
    ];
    for (part, other, path, reason) in cases {
        let text = with(part, other);
        let error = Instance::read(text.as_bytes()).expect_err(other);
        assert_eq!(error.path, path, "{other}: {error}");
        assert!(error.reason.contains(reason), "{error}");
        let line = VALID.lines().position(|line| line.contains(part)).unwrap() + 1;
        assert!(
            error.line == line || path.contains("joint_wishes") || path.ends_with(".cap"),
            "{error} is not in line {line}"
        );
    }
}

#[test]
fn deep_nesting_is_refused() {
    for (open, close) in [("[", "]"), (r#"{"families":"#, "}")] {
        let text = open.repeat(100_000) + &close.repeat(100_000);
        assert!(Instance::read(text.as_bytes()).is_err());
        assert!(ResultFile::read(text.as_bytes()).is_err());
    }
}

#[test]
fn a_chain_of_many_nodes_is_solved() {
    let node = |at: usize| {
        let parent = if at == 0 {
            "null".to_owned()
        } else {
            format!("\"{}\"", at - 1)
        };
        format!(r#"{{"id":"{at}","parent":{parent},"cap":{}}}"#, 1 + at % 7)
    };
    let nodes: Vec<String> = (0..50_000).map(node).collect();
    let child = |at: usize| {
        format!(r#"{{"id":"f{at}","children":[{{"id":"c{at}","wishes":[{{"pool":"p","priority":[{at}]}}]}}]}}"#)
    };
    let families: Vec<String> = (0..20).map(child).collect();
    let text = format!(
        r#"{{"format":"kitaplatz-allocation/1","nodes":[{}],"pools":[{{"id":"p","node":"49999","cap":9}}],"families":[{}]}}"#,
        nodes.join(","),
        families.join(",")
    );
    let instance = Instance::read(text.as_bytes()).unwrap();
    let result = solve(&instance).file();
    assert_eq!(result.metrics.placed, 1);
    assert_eq!(kitaplatz::allocation::verify(&instance, &result), []);
}

#[test]
fn the_end_of_a_file_is_its_end() {
    assert!(Instance::read(format!("{VALID} x").as_bytes()).is_err());
    assert!(Instance::read(&VALID.as_bytes()[..VALID.len() - 1]).is_err());
    assert!(Instance::read(b"").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = (Instance::read(&bytes), ResultFile::read(&bytes), Run::read(&bytes));
    }

    #[test]
    fn a_file_with_a_piece_changed_never_makes_it_panic(
        seed in 0_u64..50,
        at in any::<prop::sample::Index>(),
        len in 0_usize..12,
        piece in prop_oneof!["[\\[\\]{}:,\"a-z0-9-]{0,6}", Just("null".to_owned()), Just("99999999999999999999".to_owned())],
    ) {
        let features = Features { nodes: true, reserves: true, stays: true, siblings: true };
        let instance = small(&mut Random::new(seed), 6, 3, features);
        let mut text = Vec::new();
        instance.write_canonical(&mut text).unwrap();
        let at = at.index(text.len());
        text.splice(at..(at + len).min(text.len()), piece.bytes());
        if let Ok(instance) = Instance::read(&text) {
            let result = solve(&instance).file();
            prop_assert_eq!(kitaplatz::allocation::verify(&instance, &result), []);
        }
    }
}
