//! The OpenAPI document: every operation is complete, has an action, and the committed file is fresh.

use std::collections::BTreeSet;
use std::fs;

use kitaplatz::access::Action;
use serde_json::Value;

fn document() -> Value {
    kitaplatz::app::openapi()
}

fn operations(api: &Value) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            all.push((path.clone(), method.clone(), operation.clone()));
        }
    }
    all
}

#[test]
fn every_operation_is_complete() {
    let mut wrong = Vec::new();
    for (path, method, op) in operations(&document()) {
        let name = format!("{method} {path}");
        let mut need = |holds: bool, what: &str| {
            if !holds {
                wrong.push(format!("{name}: {what}"));
            }
        };
        need(op["operationId"].is_string(), "operation id");
        need(
            op["summary"].as_str().is_some_and(|s| s.len() > 8),
            "summary (first line of the doc comment)",
        );
        need(op["tags"].as_array().is_some_and(|t| t.len() == 1), "one tag");
        let responses = op["responses"].as_object().unwrap();
        need(
            responses.keys().any(|s| s.starts_with('2') || s.starts_with('3')),
            "a success answer",
        );
        for response in responses.iter().filter(|(s, _)| s.starts_with('2')).map(|(_, r)| r) {
            for (kind, body) in response["content"].as_object().into_iter().flatten() {
                need(
                    !kind.ends_with("json") || !body["example"].is_null(),
                    "an example of the answer",
                );
            }
        }
        for (status, response) in responses.iter().filter(|(s, _)| s.starts_with(['4', '5'])) {
            let problem = &response["content"]["application/problem+json"];
            need(problem.is_object(), &format!("{status} is a problem document"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_sorted_list_says_in_which_order_it_is_when_nothing_is_said() {
    let mut lists = 0;
    for (path, method, op) in operations(&document()) {
        let parameters = op["parameters"].as_array().into_iter().flatten();
        for sort in parameters.filter(|p| p["name"] == "sort" && p["in"] == "query") {
            lists += 1;
            let says = sort["description"].as_str().unwrap_or_default();
            let words = sort["schema"]["enum"].as_array().unwrap();
            let named = words.iter().filter_map(Value::as_str);
            assert!(
                says.contains("when left out") && named.into_iter().any(|word| says.contains(&format!("`{word}`"))),
                "{method} {path}: {says}"
            );
        }
    }
    assert!(lists > 20, "{lists}");
}

#[test]
fn every_body_has_an_example() {
    let api = document();
    let mut wrong = Vec::new();
    for (path, method, op) in operations(&api) {
        let Some(content) = op["requestBody"]["content"].as_object() else {
            continue;
        };
        for (kind, body) in content.iter().filter(|(kind, _)| *kind == "application/json") {
            let schema = &body["schema"];
            let named = schema["$ref"]
                .as_str()
                .and_then(|r| r.rsplit('/').next())
                .map(|n| &api["components"]["schemas"][n]);
            let has = |s: &Value| s["example"] != Value::Null || s["examples"] != Value::Null;
            if !has(body) && !has(schema) && !named.is_some_and(has) {
                wrong.push(format!("{method} {path} {kind}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn operations_of_a_tenant_and_actions_are_the_same_names() {
    let actions: BTreeSet<String> = Action::ALL.iter().map(|a| a.name().to_owned()).collect();
    assert_eq!(actions.len(), Action::ALL.len(), "two actions share a name");
    let api = document();
    let ids: BTreeSet<String> = operations(&api)
        .into_iter()
        .filter(|(path, ..)| path.contains("{tenant}"))
        .map(|(_, _, op)| op["operationId"].as_str().unwrap_or_default().to_owned())
        .collect();
    let without: Vec<_> = ids.difference(&actions).collect();
    assert!(without.is_empty(), "operations without an action: {without:?}");
    // The other way round, so that no slice can be announced and left out.
    let without: Vec<_> = actions.difference(&ids).collect();
    assert!(without.is_empty(), "actions without an operation: {without:?}");
}

#[test]
fn the_committed_document_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/openapi.json");
    let committed = fs::read_to_string(path).unwrap_or_default();
    let fresh = serde_json::to_string_pretty(&kitaplatz::app::openapi()).unwrap();
    assert!(
        committed.trim_end() == fresh.trim_end(),
        "openapi/openapi.json is stale: run `make update`"
    );
}

#[test]
fn every_reference_in_the_document_is_there() {
    fn collect(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|v| collect(v, found));
            }
            Value::Array(items) => items.iter().for_each(|v| collect(v, found)),
            _ => {}
        }
    }
    let api = document();
    let mut found = BTreeSet::new();
    collect(&api, &mut found);
    assert!(found.len() > 20, "{found:?}");
    let missing: Vec<_> = found
        .iter()
        .filter(|r| api.pointer(r.trim_start_matches('#')).is_none_or(Value::is_null))
        .collect();
    assert!(
        missing.is_empty(),
        "{missing:?} (an enum in a query needs #[param(inline)])"
    );
}

#[test]
fn words_of_the_contract_are_the_words_of_the_api() {
    let api = document();
    let mut wrong = Vec::new();
    for (name, schema) in api["components"]["schemas"].as_object().unwrap() {
        for word in schema["enum"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            if word.contains(char::is_uppercase) {
                wrong.push(format!("{name}: {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// Two parts of an `allOf` that are of different kinds admit no value at all.
#[test]
fn no_value_is_asked_to_be_of_two_kinds() {
    fn look(value: &Value, at: &str, wrong: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                let kinds: BTreeSet<_> = fields
                    .get("allOf")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .filter_map(|part| part["type"].as_str())
                    .collect();
                if kinds.len() > 1 {
                    wrong.push(format!("{at}: {kinds:?} (a description beside #[schema(inline)])"));
                }
                fields
                    .iter()
                    .for_each(|(name, v)| look(v, &format!("{at}/{name}"), wrong));
            }
            Value::Array(items) => items.iter().for_each(|v| look(v, at, wrong)),
            _ => {}
        }
    }
    let mut wrong = Vec::new();
    look(&document(), "", &mut wrong);
    assert!(wrong.is_empty(), "{wrong:#?}");
}
