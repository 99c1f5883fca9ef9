//! Migrations keep their rules, and the lint finds what breaks isolation.

use std::fs;

#[test]
fn migrations_are_named_by_time_slice_and_verb() {
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name == "README.md" {
            continue;
        }
        let (time, rest) = name.split_once('_').unwrap();
        assert!(time.len() == 14 && time.bytes().all(|b| b.is_ascii_digit()), "{name}");
        assert!(rest.ends_with(".sql") && rest.matches('_').count() >= 1, "{name}");
    }
}

#[test]
fn migrations_speak_of_instants_with_a_zone() {
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap().to_lowercase();
        assert!(
            !text.contains("timestamp ") && !text.contains("without time zone"),
            "{}",
            path.display()
        );
    }
}
