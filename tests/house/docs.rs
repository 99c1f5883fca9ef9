//! What the documents say of the code: each path that they name is there, and the modules stand in their order.

use std::fs;
use std::path::{Path, PathBuf};

use super::order::{files, modules};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What stands between two marks of code in a text.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// A path that a document names: all that may vary in it (`*`, `{a,b}`, a symbol behind `:`) is left away.
fn place(word: &str) -> Option<&Path> {
    let first = word.split('/').next()?;
    let known = [
        "src",
        "tests",
        "docs",
        "deploy",
        "migrations",
        "frontend",
        "benches",
        "openapi",
    ];
    if !known.contains(&first) || !word.contains('/') {
        return None;
    }
    let fixed = word.split(['*', '{', ' ', ':']).next()?;
    let end = if fixed.len() == word.len() {
        fixed.len()
    } else {
        fixed.rfind('/')?
    };
    fixed.get(..end).map(Path::new)
}

#[test]
fn every_path_that_a_document_names_is_there() {
    let mut texts = files(&root().join("docs"), &["md"]);
    texts.extend(["README.md", "migrations/README.md"].map(|file| root().join(file)));
    let (mut named, mut gone) = (0, Vec::new());
    for file in texts {
        let text = fs::read_to_string(&file).unwrap();
        for path in quoted(&text).filter_map(place) {
            named += 1;
            if !root().join(path).exists() {
                gone.push(format!("{}: {}", file.display(), path.display()));
            }
        }
    }
    assert!(named > 30, "{named}");
    assert!(gone.is_empty(), "{gone:#?}");
}

#[test]
fn the_table_of_modules_is_the_list_of_modules() {
    let text = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let rows = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split(" |").next());
    let told: Vec<String> = rows
        .flat_map(|names| names.trim_end_matches('`').split("`, `"))
        .map(str::to_owned)
        .collect();
    assert_eq!(told, modules());
}
