//! Who writes into a table whose content has versions stands in a reviewed list: a new writer must go through `versions::keep`, and into
//! the actions of `tests/api/versions.rs` that must leave a version.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use super::order::rust_files;

/// Tables whose content has versions.
const TABLES: [&str; 14] = [
    "capacity",
    "capacity_basis",
    "capacity_closure",
    "care_group",
    "childminder_licence",
    "closing_day",
    "legal_page",
    "membership",
    "operating_permit",
    "permit_places",
    "qualified_staff",
    "reserved_contingent",
    "tenant_profile",
    "tenant_settings",
];

/// Who writes into them, each called inside of `versions::keep`.
const KEPT: [&str; 19] = [
    "facilities/capacity/basis/store.rs clear",
    "facilities/capacity/basis/store.rs insert_closure",
    "facilities/capacity/basis/store.rs insert_contingent",
    "facilities/capacity/basis/store.rs insert_permit",
    "facilities/capacity/basis/store.rs insert_staff",
    "facilities/capacity/basis/store.rs put_group",
    "facilities/capacity/basis/store.rs put_version",
    "facilities/capacity/store/figures.rs put_figure",
    "facilities/catalogue/store/closing_days.rs delete_closing_day",
    "facilities/catalogue/store/closing_days.rs insert_closing_day",
    "facilities/catalogue/store/mod.rs end_licence",
    "facilities/catalogue/store/mod.rs put_licence",
    "identity/staff_store.rs end_membership",
    "identity/staff_store.rs insert_membership",
    "identity/store/accounts.rs close_account",
    "tenancy/admin_store.rs insert_settings",
    "tenancy/admin_store.rs put_legal_page",
    "tenancy/admin_store.rs set_logo",
    "tenancy/admin_store.rs update_profile",
];

/// Who writes and makes no version, and why.
const NOT_KEPT: [&str; 4] = [
    // The day of a confirmation is no content.
    "facilities/capacity/store/figures.rs confirm_figures",
    // What a new municipality begins with is found by its first change.
    "tenancy/store.rs insert_first_settings",
    "tenancy/store.rs insert_legal_page",
    "tenancy/store.rs insert_profile",
];

fn writes(line: &str) -> bool {
    ["INSERT INTO ", "UPDATE ", "DELETE FROM "].iter().any(|verb| {
        line.split(verb).skip(1).any(|rest| {
            let table = rest.split(|c: char| !c.is_ascii_lowercase() && c != '_').next();
            table.is_some_and(|table| TABLES.contains(&table))
        })
    })
}

fn name_of_function(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let declares = before
        .split_whitespace()
        .all(|word| word.starts_with("pub") || ["async", "in"].contains(&word) || word.ends_with(')'));
    declares.then(|| after.split(['(', '<']).next().unwrap_or_default())
}

#[test]
fn whoever_writes_what_has_versions_is_known() {
    let src = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeSet::new();
    // What the demo makes up is nobody's change.
    for path in rust_files(&src)
        .into_iter()
        .filter(|path| !path.starts_with(src.join("demo")))
    {
        let text = fs::read_to_string(&path).unwrap();
        let mut function = "";
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            function = name_of_function(line).unwrap_or(function);
            if writes(line) {
                found.insert(format!("{} {function}", path.strip_prefix(&src).unwrap().display()));
            }
        }
    }
    let known: BTreeSet<String> = KEPT.iter().chain(&NOT_KEPT).map(ToString::to_string).collect();
    let new: Vec<_> = found.difference(&known).collect();
    assert!(
        new.is_empty(),
        "write inside of versions::keep, and name here: {new:#?}"
    );
    let gone: Vec<_> = known.difference(&found).collect();
    assert!(gone.is_empty(), "these write no more: {gone:#?}");
}
