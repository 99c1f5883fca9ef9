//! Whatever people are shown of the audit and of refusals is said in their words.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use kitaplatz::access::Action;
use serde_json::Value;

use super::order::rust_files;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The names of a set of sentences in both languages' files, which are held equal by the frontend's check.
fn sentences(file: &str, at: &str) -> BTreeSet<String> {
    let path = root().join("frontend/src/locales/de").join(file);
    let texts: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    texts
        .pointer(at)
        .unwrap()
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect()
}

/// What jobs and commands call themselves: the first text after each `as_system(`.
fn automatic() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for path in rust_files(&root().join("src")) {
        let text = fs::read_to_string(&path).unwrap();
        for call in text.split("as_system(").skip(1) {
            let name = call.split('"').nth(1).unwrap_or_default();
            let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
            assert!(plain, "{} names {name:?} to the audit", path.display());
            names.insert(name.to_owned());
        }
    }
    names
}

#[test]
fn every_word_of_the_audit_has_one_sentence() {
    let of_children = sentences("privacy.json", "/access/action");
    let others = sentences("actions.json", "/op");
    let twice: Vec<_> = of_children.intersection(&others).collect();
    assert!(twice.is_empty(), "in privacy.json and in actions.json: {twice:?}");
    let said: BTreeSet<String> = of_children.union(&others).cloned().collect();
    let mut known = automatic();
    known.extend(Action::ALL.iter().map(|action| action.name().to_owned()));
    let without: Vec<_> = known.difference(&said).collect();
    assert!(
        without.is_empty(),
        "no sentence in privacy.json or actions.json: {without:?}"
    );
    let stale: Vec<_> = said.difference(&known).collect();
    assert!(stale.is_empty(), "sentences for nothing: {stale:?}");
}

/// Codes of requests that no page of ours sends; the pages say a general sentence.
const OF_PROGRAMMERS: [&str; 12] = [
    "body.malformed",
    "body.shape",
    "body.unreadable",
    "fields.invalid",
    "idempotency.required",
    "method.not_allowed",
    "page.cursor",
    "page.limit",
    "server.error",
    "url.nul",
    "version.malformed",
    "version.required",
];

/// What a name ends with that is no code but a file.
const FILES: [&str; 7] = ["csv", "html", "ics", "json", "pdf", "rs", "xlsx"];

/// The texts in the code of a file, comments and tests left out, each after what stands between it and the one before.
fn literals(text: &str) -> Vec<(String, String)> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let plain = lines
        .collect::<Vec<_>>()
        .join("\n")
        .replace("\\\"", "")
        .replace("'\"'", "");
    let parts: Vec<&str> = plain.split('"').collect();
    parts
        .chunks_exact(2)
        .map(|pair| (pair[0].trim().to_owned(), pair[1].to_owned()))
        .collect()
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

/// The German texts below a place of `problems.json`, by their path.
fn problems(at: &str) -> BTreeSet<String> {
    fn walk(value: &Value, path: &str, found: &mut BTreeSet<String>) {
        for (key, below) in value.as_object().unwrap() {
            let path = if path.is_empty() {
                key.clone()
            } else {
                format!("{path}.{key}")
            };
            match below {
                Value::Object(_) => walk(below, &path, found),
                _ => drop(found.insert(path)),
            }
        }
    }
    let path = root().join("frontend/src/locales/de/problems.json");
    let texts: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let mut found = BTreeSet::new();
    walk(texts.pointer(at).unwrap(), "", &mut found);
    found
}

#[test]
fn every_refusal_has_a_sentence() {
    let said = problems("/code");
    let mut without = BTreeSet::new();
    let mut seen = 0;
    for path in rust_files(&root().join("src")) {
        let text = fs::read_to_string(&path).unwrap();
        if !text.contains("ApiError") {
            continue;
        }
        for (_, code) in literals(&text) {
            let Some((slice, word)) = code.split_once('.') else {
                continue;
            };
            // What a query can have wrong comes from a link typed by hand.
            let of_pages = slice != "query" && !OF_PROGRAMMERS.contains(&code.as_str());
            if is_word(slice) && is_word(word) && !FILES.contains(&word) && of_pages {
                seen += 1;
                if !said.contains(&code) {
                    without.insert(code);
                }
            }
        }
    }
    assert!(seen > 100, "the codes are not found any more: {seen}");
    assert!(without.is_empty(), "not in code of problems.json: {without:?}");
}

#[test]
fn every_fault_of_a_field_has_a_sentence() {
    let said = problems("/field");
    let mut without = BTreeSet::new();
    let mut seen = 0;
    for path in rust_files(&root().join("src")) {
        let texts = literals(&fs::read_to_string(&path).unwrap());
        for pair in texts.windows(2) {
            // A pointer, perhaps the end of a `format!`, a comma, and then the code.
            let of_field = pair[0].1.starts_with('/') && pair[1].0.trim_start_matches(')') == ",";
            // `"pointer": "/email", "code": …` is the example in the contract.
            if of_field && is_word(&pair[1].1) && pair[1].1 != "code" {
                seen += 1;
                if !said.contains(&pair[1].1) {
                    without.insert(format!("{} ({})", pair[1].1, path.display()));
                }
            }
        }
    }
    assert!(seen > 100, "the codes are not found any more: {seen}");
    assert!(without.is_empty(), "not in field of problems.json: {without:?}");
}
