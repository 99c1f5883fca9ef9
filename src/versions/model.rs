//! What versions are of, and what differs between two of them. Pure.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What there are versions of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = VersionKind)]
pub enum Kind {
    /// The municipality's settings, periods of deletion among them.
    Settings,
    /// Its look and contact.
    Profile,
    /// A legal page in a language.
    LegalPage,
    /// The closing days of all, or of a facility.
    ClosingDays,
    /// What a facility's places rest on.
    Basis,
    /// A facility's figures by age band and month.
    Figures,
    /// The roles of a member of staff.
    Roles,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Settings,
        Self::Profile,
        Self::LegalPage,
        Self::ClosingDays,
        Self::Basis,
        Self::Figures,
        Self::Roles,
    ];

    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Profile => "profile",
            Self::LegalPage => "legal_page",
            Self::ClosingDays => "closing_days",
            Self::Basis => "basis",
            Self::Figures => "figures",
            Self::Roles => "roles",
        }
    }
}

/// One thing that has versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub(super) kind: Kind,
    pub(super) key: String,
}

impl Subject {
    /// The only one of its kind.
    pub fn only(kind: Kind) -> Self {
        Self::of(kind, "")
    }

    /// The one of this name or id.
    pub fn of(kind: Kind, key: impl std::fmt::Display) -> Self {
        Self {
            kind,
            key: format!("{key}"),
        }
    }
}

/// What stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// The whole of it; `null`: nothing.
    pub value: Value,
    /// Since when, if that is known.
    pub since: Option<DateTime<Utc>>,
}

impl Content {
    /// Content of which nobody wrote down since when it stands. Lists of things are put in order, so that the same is always written the same.
    pub fn of(value: Value) -> Self {
        Self {
            value: in_order(value),
            since: None,
        }
    }
}

fn in_order(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, in_order(value)))
            .collect(),
        Value::Array(items) => {
            let mut items: Vec<Value> = items.into_iter().map(in_order).collect();
            if items.iter().all(Value::is_object) {
                items.sort_by_cached_key(Value::to_string);
            }
            Value::Array(items)
        }
        other => other,
    }
}

/// A version that holds no more.
#[derive(Debug)]
pub struct Earlier {
    /// Its number.
    pub number: i32,
    /// Since when it stood so.
    pub since: Option<DateTime<Utc>>,
}

/// A field that differs between two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = VersionChange, example = json!({"path": ["groups", "Igelgruppe", "over3"], "before": 18, "after": 20}))]
pub struct Change {
    /// Where: names of fields and of what has a name, from the outside in.
    pub path: Vec<String>,
    /// What stood there; `null`: nothing. Of a long text only the lines that differ.
    pub before: Value,
    /// What stands there; `null`: nothing.
    pub after: Value,
}

/// What differs, field by field.
pub(super) fn changes(before: &Value, after: &Value) -> Vec<Change> {
    let nothing = Value::Object(Map::new());
    let whole = |value: &'_ Value| {
        if value.is_null() {
            nothing.clone()
        } else {
            value.clone()
        }
    };
    let mut found = Vec::new();
    compare(&[], &whole(before), &whole(after), &mut found);
    found
}

fn compare(path: &[String], before: &Value, after: &Value, found: &mut Vec<Change>) {
    match (before, after) {
        _ if before == after => {}
        (Value::Object(old), Value::Object(new)) => {
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            // An id says nothing to people.
            for name in names.into_iter().filter(|name| *name != "id") {
                let at = |fields: &Map<String, Value>| fields.get(name).cloned().unwrap_or_default();
                compare(&below(path, std::slice::from_ref(name)), &at(old), &at(new), found);
            }
        }
        (Value::Array(old), Value::Array(new)) if old.iter().chain(new).all(Value::is_object) => {
            for (old, new) in pairs(old, new) {
                let named = old.or(new).map(name_of).unwrap_or_default();
                let nothing = Value::Null;
                compare(
                    &below(path, &named),
                    old.unwrap_or(&nothing),
                    new.unwrap_or(&nothing),
                    found,
                );
            }
        }
        (Value::String(old), Value::String(new)) if old.contains('\n') || new.contains('\n') => {
            let (old, new) = lines_that_differ(old, new);
            found.push(change(path, Value::String(old), Value::String(new)));
        }
        _ => found.push(change(path, before.clone(), after.clone())),
    }
}

fn change(path: &[String], before: Value, after: Value) -> Change {
    Change {
        path: path.to_vec(),
        before,
        after,
    }
}

fn below(path: &[String], more: &[String]) -> Vec<String> {
    [path, more].concat()
}

/// What an item of a list is called: by its name or purpose, or by what tells it from its neighbours.
fn name_of(item: &Value) -> Vec<String> {
    let word = |field: &str| item[field].as_str().filter(|word| !word.is_empty()).map(str::to_owned);
    for field in ["name", "reference", "purpose", "reason"] {
        if let Some(name) = word(field) {
            return vec![name];
        }
    }
    ["care_type", "age_band", "valid_from"]
        .into_iter()
        .filter_map(word)
        .collect()
}

/// The items that differ: those with the same id or the same name beside each other, the rest as gone or new.
fn pairs<'a>(old: &'a [Value], new: &'a [Value]) -> Vec<(Option<&'a Value>, Option<&'a Value>)> {
    let mut new: Vec<Option<&Value>> = new.iter().map(Some).collect();
    let mut pairs: Vec<(Option<&Value>, Option<&Value>)> = old.iter().map(|item| (Some(item), None)).collect();
    let rounds: [fn(&Value, &Value) -> bool; 3] = [
        |a, b| a == b,
        |a, b| !a["id"].is_null() && a["id"] == b["id"],
        |a, b| name_of(a) == name_of(b),
    ];
    for is_same in rounds {
        for (item, partner) in pairs.iter_mut().filter(|(_, partner)| partner.is_none()) {
            let Some(item) = item else { continue };
            let at = new.iter().position(|n| n.is_some_and(|n| is_same(item, n)));
            *partner = at.and_then(|at| new[at].take());
        }
    }
    pairs.extend(new.into_iter().flatten().map(|item| (None, Some(item))));
    pairs
}

/// Two texts without the lines that are the same at their beginning and end.
fn lines_that_differ(old: &str, new: &str) -> (String, String) {
    let (mut old, mut new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let first = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    old.drain(..first);
    new.drain(..first);
    let last = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    old.truncate(old.len() - last);
    new.truncate(new.len() - last);
    (old.join("\n"), new.join("\n"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(before: &Value, after: &Value) -> Vec<(String, Value, Value)> {
        let all = changes(before, after).into_iter();
        all.map(|c| (c.path.join("/"), c.before, c.after)).collect()
    }

    #[test]
    fn a_field_that_differs_is_named_with_what_stood_and_stands() {
        let before =
            json!({"title": "Impressum", "retention": {"draft_days": 90, "job_days": 30}, "languages": ["de"]});
        let after =
            json!({"title": "Impressum", "retention": {"draft_days": 60, "job_days": 30}, "languages": ["de", "en"]});
        assert_eq!(
            said(&before, &after),
            [
                ("languages".to_owned(), json!(["de"]), json!(["de", "en"])),
                ("retention/draft_days".to_owned(), json!(90), json!(60)),
            ]
        );
        assert!(said(&after, &after).is_empty());
    }

    #[test]
    fn what_begins_or_ends_is_told_field_by_field() {
        let days = json!({"2027-12-24": "Heiligabend"});
        assert_eq!(
            said(&Value::Null, &days),
            [("2027-12-24".to_owned(), Value::Null, json!("Heiligabend"))]
        );
        assert_eq!(
            said(&days, &Value::Null),
            [("2027-12-24".to_owned(), json!("Heiligabend"), Value::Null)]
        );
    }

    #[test]
    fn items_of_a_list_are_found_again_by_id_or_name() {
        let before = json!({"groups": [{"id": "1", "name": "Igel", "over3": 18}, {"id": "2", "name": "Dachs", "over3": 20}],
            "staff": [{"weekly_minutes": 2400, "valid_from": "2027-01-01"}]});
        let after = json!({"groups": [{"id": "2", "name": "Dachs", "over3": 20}, {"id": "1", "name": "Igelkinder", "over3": 15},
            {"id": "3", "name": "Fuchs", "over3": 10}], "staff": [{"weekly_minutes": 2000, "valid_from": "2027-01-01"}]});
        let new = json!({"id": "3", "name": "Fuchs", "over3": 10});
        assert_eq!(
            said(&before, &after),
            [
                ("groups/Igel/name".to_owned(), json!("Igel"), json!("Igelkinder")),
                ("groups/Igel/over3".to_owned(), json!(18), json!(15)),
                ("groups/Fuchs".to_owned(), Value::Null, new),
                ("staff/2027-01-01/weekly_minutes".to_owned(), json!(2400), json!(2000)),
            ]
        );
    }

    #[test]
    fn the_order_in_which_things_were_read_is_no_difference() {
        let one = json!({"staff": [{"n": 1}, {"n": 2}], "languages": ["de", "en"]});
        let other = json!({"staff": [{"n": 2}, {"n": 1}], "languages": ["de", "en"]});
        assert_eq!(Content::of(one.clone()), Content::of(other));
        let languages = json!({"staff": [{"n": 1}, {"n": 2}], "languages": ["en", "de"]});
        assert_ne!(
            Content::of(one),
            Content::of(languages),
            "the first language comes first"
        );
    }

    #[test]
    fn of_a_long_text_only_what_differs_is_told() {
        let before = json!({"body": "# Impressum\n\nMarkt 1\nAmt\n"});
        let after = json!({"body": "# Impressum\n\nMarkt 2\nZimmer 3\nAmt\n"});
        assert_eq!(
            said(&before, &after),
            [("body".to_owned(), json!("Markt 1"), json!("Markt 2\nZimmer 3"))]
        );
    }
}
