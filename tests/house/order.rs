//! A module may use only modules above it in `lib.rs`, only through their front door, and `model` stays pure.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub(super) fn modules() -> Vec<String> {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    lib.lines()
        .filter_map(|l| l.strip_prefix("pub mod ")?.strip_suffix(';'))
        .map(str::to_owned)
        .collect()
}

pub(super) fn rust_files(dir: &Path) -> Vec<PathBuf> {
    files(dir, &["rs"])
}

pub(super) fn files(dir: &Path, kinds: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, kinds));
        } else if path.extension().is_some_and(|e| kinds.iter().any(|kind| e == *kind)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Paths `crate::a::b…` that a file names, tests inside it left out.
fn used(text: &str) -> BTreeSet<Vec<String>> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = BTreeSet::new();
    for line in code.lines().filter(|l| !l.trim_start().starts_with("//")) {
        for part in line.split("crate::").skip(1) {
            let path = part
                .split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':')
                .next()
                .unwrap_or_default();
            found.insert(path.split("::").filter(|s| !s.is_empty()).map(str::to_owned).collect());
        }
        // `use crate::{a, b::c}` of app.rs names several at once.
        if let Some(list) = line.trim().strip_prefix("use crate::{") {
            found.extend(
                list.trim_end_matches("};")
                    .split(',')
                    .map(|m| vec![m.trim().to_owned()]),
            );
        }
    }
    found.retain(|path| !path.is_empty());
    found
}

#[test]
fn a_module_uses_only_modules_above_it() {
    let modules = modules();
    assert!(modules.len() >= 10);
    let place = |name: &str| modules.iter().position(|m| m == name);
    let mut wrong = Vec::new();
    for (at, module) in modules.iter().enumerate() {
        let dir = root().join("src").join(module);
        let files = if dir.is_dir() {
            rust_files(&dir)
        } else {
            vec![root().join(format!("src/{module}.rs"))]
        };
        for file in files {
            for path in used(&fs::read_to_string(&file).unwrap()) {
                if place(&path[0]).is_some_and(|p| p > at) {
                    wrong.push(format!("{} uses {} from below", file.display(), path.join("::")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn another_slice_is_entered_through_its_front_door() {
    let rooms = ["store", "model", "http", "jobs"];
    let mut wrong = Vec::new();
    for module in modules()
        .iter()
        .filter(|m| !["app", "cli", "platform"].contains(&m.as_str()))
    {
        for file in rust_files(&root().join("src").join(module)) {
            for path in used(&fs::read_to_string(&file).unwrap()) {
                let foreign = path[0] != *module && path[0] != "platform";
                if foreign && path.get(1).is_some_and(|room| rooms.contains(&room.as_str())) {
                    wrong.push(format!("{} enters {}", file.display(), path.join("::")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_model_knows_no_database_no_web_and_no_clock() {
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        let in_model =
            file.file_name().is_some_and(|n| n == "model.rs") || file.components().any(|c| c.as_os_str() == "model");
        if !in_model {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let code: String = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
        for word in [
            "sqlx::query",
            "actix_web",
            "Utc::now",
            "PgConnection",
            "TenantTx",
            "TenantRead",
            "reqwest",
            "lettre::",
        ] {
            if code.contains(word) {
                wrong.push(format!("{} names {word}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_engine_counts_in_whole_numbers_and_the_verifier_shares_nothing_with_it() {
    let chance = [
        "f32",
        "f64",
        "HashMap",
        "HashSet",
        "Instant",
        "SystemTime",
        "Utc",
        "std::fs",
        "std::io",
        "std::net",
        "std::env",
        "rand::",
    ];
    let named = |part: &str, words: &[&str]| {
        let mut wrong = Vec::new();
        for file in rust_files(&root().join("src/allocation").join(part)) {
            let text = fs::read_to_string(&file).unwrap();
            let code: Vec<&str> = text.lines().filter(|l| !l.trim_start().starts_with("//")).collect();
            let code = code.join("\n");
            let found = words.iter().filter(|word| code.contains(**word));
            wrong.extend(found.map(|word| format!("{} names {word}", file.display())));
        }
        wrong
    };
    assert_eq!(named("engine", &chance), Vec::<String>::new());
    assert_eq!(named("engine", &["verifier"]), Vec::<String>::new());
    assert_eq!(
        named("verifier", &["engine", "lottery", "Market"]),
        Vec::<String>::new()
    );
}

#[test]
fn every_file_says_in_its_first_line_what_it_is() {
    let silent: Vec<_> = rust_files(&root().join("src"))
        .into_iter()
        .filter(|f| !fs::read_to_string(f).unwrap().starts_with("//! "))
        .collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn a_module_is_a_file_or_a_folder_and_never_both() {
    let twice: Vec<_> = rust_files(&root().join("src"))
        .into_iter()
        .filter(|file| file.with_extension("").is_dir())
        .collect();
    assert!(twice.is_empty(), "a folder's own file is its `mod.rs`: {twice:#?}");
}

/// So many lines are read in one go; what is longer has two subjects.
const MOST_LINES: usize = 450;

/// Long lists of cases are read from their top, and need no second file so soon.
const MOST_LINES_OF_TESTS: usize = 500;

#[test]
fn no_file_is_too_long_to_be_read_in_one_go() {
    let mut long = Vec::new();
    for (dir, most) in [
        ("src", MOST_LINES),
        ("frontend/src", MOST_LINES),
        ("tests/api", MOST_LINES_OF_TESTS),
        ("tests/house", MOST_LINES_OF_TESTS),
    ] {
        for file in files(&root().join(dir), &["rs", "ts", "tsx", "css"]) {
            // What is generated is read by nobody.
            if file.ends_with("schema.d.ts") {
                continue;
            }
            let lines = fs::read_to_string(&file).unwrap().lines().count();
            if lines > most {
                long.push(format!("{}: {lines} of {most}", file.display()));
            }
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn only_access_opens_transactions() {
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        let inside = ["access", "platform"]
            .iter()
            .any(|m| file.starts_with(root().join("src").join(m)));
        let text = fs::read_to_string(&file).unwrap();
        if !inside && (text.contains(".db.begin(") || text.contains("PgPool") || text.contains(".begin(")) {
            wrong.push(file);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
