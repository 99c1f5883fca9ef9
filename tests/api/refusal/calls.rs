//! Requests made from the OpenAPI document: every operation with its ids, a good body, version and key.

use kitaplatz::platform::ids::random_uuid;
use reqwest::Method;
use serde_json::{Value, json};

use super::table::Whose;
use super::world::World;
use crate::support::{Answer, Client};

/// A place for an id in a body: where, and what kind of thing it names.
#[derive(Debug, Clone)]
pub struct BodyId {
    pub pointer: String,
    pub kind: String,
    list: bool,
}

/// An operation of the document.
#[derive(Debug, Clone)]
pub struct Operation {
    pub id: String,
    pub method: Method,
    path: String,
    media: Option<String>,
    example: Value,
    pub body_ids: Vec<BodyId>,
    pub query_ids: Vec<String>,
    query: String,
    /// Answers 201.
    pub creates: bool,
    /// Documents `If-Match`.
    pub needs_version: bool,
    /// Documents `Idempotency-Key`.
    pub needs_key: bool,
}

/// All operations of the service.
pub fn operations() -> Vec<Operation> {
    let api = kitaplatz::app::openapi();
    let mut all = Vec::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            all.push(read(&api, path, method, operation));
        }
    }
    all
}

fn read(api: &Value, path: &str, method: &str, operation: &Value) -> Operation {
    let parameters = || operation["parameters"].as_array().into_iter().flatten();
    let of = |place: &'static str| parameters().filter(move |p| p["in"] == place);
    let name = |p: &Value| p["name"].as_str().unwrap().to_owned();
    let content = operation["requestBody"]["content"].as_object();
    let media = content.and_then(|c| c.keys().next_back()).cloned();
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let mut example = example(api, schema);
    let mut body_ids = Vec::new();
    find_ids(api, schema, &mut example, "", &mut body_ids);
    let required = of("query").filter(|p| p["required"] == true);
    let word = |p: &Value| match &p["example"] {
        Value::String(word) => word.clone(),
        Value::Number(number) => number.to_string(),
        _ => resolve(api, &p["schema"])["enum"][0]
            .as_str()
            .unwrap_or("Linden")
            .to_owned(),
    };
    let query: Vec<String> = required.map(|p| format!("{}={}", name(p), word(p))).collect();
    let has_header = |wanted: &str| of("header").any(|p| name(p).eq_ignore_ascii_case(wanted));
    Operation {
        id: operation["operationId"].as_str().unwrap().to_owned(),
        method: method.to_uppercase().parse().unwrap(),
        path: match path.strip_prefix("/api/v1/{tenant}") {
            Some(below) => below.to_owned(),
            None => format!("/{path}"),
        },
        media,
        example,
        body_ids,
        query_ids: of("query").filter(|p| is_id(api, &p["schema"])).map(name).collect(),
        query: query.join("&"),
        creates: operation["responses"]["201"].is_object(),
        needs_version: has_header("if-match"),
        needs_key: has_header("idempotency-key"),
    }
}

fn resolve<'a>(api: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(target) => resolve(api, api.pointer(target.trim_start_matches('#')).unwrap()),
        None => schema,
    }
}

/// What a schema can be: itself, or the choices of it that are not `null`.
fn choices<'a>(api: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let schema = resolve(api, schema);
    let several = ["oneOf", "anyOf", "allOf"]
        .into_iter()
        .filter_map(|word| schema[word].as_array());
    let inner: Vec<&Value> = several.flatten().flat_map(|s| choices(api, s)).collect();
    if inner.is_empty() { vec![schema] } else { inner }
}

fn is_id(api: &Value, schema: &Value) -> bool {
    choices(api, schema).iter().any(|s| s["format"] == "uuid")
}

fn example(api: &Value, schema: &Value) -> Value {
    let named = resolve(api, schema);
    match (&named["example"], &schema["example"]) {
        (Value::Null, Value::Null) => Value::Null,
        (Value::Null, own) => own.clone(),
        (named, _) => named.clone(),
    }
}

/// Every place for an id, also one that the example leaves out; a list or object that it leaves out is filled in when it holds ids.
fn find_ids(api: &Value, schema: &Value, body: &mut Value, at: &str, found: &mut Vec<BodyId>) {
    let last = at.rsplit('/').find(|part| part.parse::<usize>().is_err());
    let place = |list: bool| BodyId {
        pointer: at.to_owned(),
        kind: match last.unwrap_or_default() {
            "ways" => "facility_id".to_owned(),
            name => name.trim_end_matches('s').to_owned(),
        },
        list,
    };
    for schema in choices(api, schema) {
        let items = &schema["items"];
        if schema["format"] == "uuid" {
            found.push(place(false));
        } else if items.is_object() && is_id(api, items) {
            found.push(place(true));
        } else if items.is_object() {
            let mut first = given(&body[0], api, items);
            let before = found.len();
            find_ids(api, items, &mut first, &format!("{at}/0"), found);
            if found.len() > before {
                assert!(first.is_object(), "{at}: an item with ids needs an example");
                *body = json!([first]);
            }
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let mut inner = given(&body[name.as_str()], api, property);
            let before = found.len();
            find_ids(api, property, &mut inner, &format!("{at}/{name}"), found);
            let nested = found[before..]
                .iter()
                .any(|id| id.pointer.len() > at.len() + 1 + name.len());
            if nested {
                body[name.as_str()] = inner;
            }
        }
    }
}

/// What the body's example gives, or else the part's own one.
fn given(shown: &Value, api: &Value, schema: &Value) -> Value {
    if shown.is_null() {
        choices(api, schema).first().map_or(Value::Null, |s| example(api, s))
    } else {
        shown.clone()
    }
}

/// A request that is about to be sent: what may differ from a good one.
#[derive(Default, Clone)]
pub struct Request<'a> {
    /// One id of the body is another's.
    pub swapped: Option<(&'a BodyId, Whose)>,
    /// One id of several in the path is another's.
    pub in_path: Option<(&'a str, Whose)>,
    /// `If-Match`.
    pub version: Option<&'a str>,
    /// `Idempotency-Key`; a fresh one when left out.
    pub key: Option<&'a str>,
    /// Sends no `Idempotency-Key`.
    pub without_key: bool,
    /// `name=id` in the query.
    pub query: Option<String>,
    /// A member more in the body, to make it another one.
    pub other_body: bool,
}

impl Operation {
    /// The names of the path's parameters that say which thing is meant.
    pub fn path_names(&self) -> Vec<&str> {
        let inner = self.path.split('{').skip(1).filter_map(|part| part.split('}').next());
        inner.filter(|name| name.ends_with("_id") || *name == "slug").collect()
    }

    /// Whether it belongs to no tenant.
    pub fn is_global(&self) -> bool {
        self.path.starts_with("//")
    }

    /// Whether it answers a document, which an installation may be without.
    pub fn is_document(&self) -> bool {
        self.path.ends_with(".pdf")
    }

    /// Whether there is such a thing of this operation.
    pub fn has(&self, world: &World, whose: Whose) -> bool {
        let names = self.path_names();
        let known = names.iter().all(|name| world.find(&self.id, name, whose).is_some());
        match whose {
            Whose::Here => known,
            Whose::There => known && names.iter().any(|name| world.is_sided(&self.id, name)),
            _ => known && !names.is_empty(),
        }
    }

    /// The address, with this one's ids; one of several may be another's.
    pub fn address(&self, world: &World, whose: Whose, other: Option<(&str, Whose)>) -> String {
        let mut path = self.path.clone();
        for name in self.path.split('{').skip(1).filter_map(|part| part.split('}').next()) {
            let value = match name {
                "kind" => "imprint".to_owned(),
                "language" => "de".to_owned(),
                "age_band" => "under3".to_owned(),
                _ => {
                    let whose = other.filter(|(n, _)| *n == name).map_or(whose, |(_, other)| other);
                    world.id_of(&self.id, name, whose)
                }
            };
            path = path.replace(&format!("{{{name}}}"), &value);
        }
        path
    }

    /// The body, good unless an id of it was swapped.
    pub fn body(&self, world: &World, whose: Whose, request: &Request<'_>) -> Option<(&str, Vec<u8>)> {
        let media = self.media.as_deref()?;
        if media != "application/json" {
            let text = match media {
                "text/csv" => include_str!("../../fixtures/einrichtungen.csv"),
                _ => "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0h9v9z\"/></svg>",
            };
            return Some((media, text.as_bytes().to_vec()));
        }
        // The ids of a body go with the thing in the path: those of its side.
        let side = if whose == Whose::There { whose } else { Whose::Here };
        let mut body = self.example.clone();
        for id in &self.body_ids {
            if body.pointer(&id.pointer).is_some_and(|v| !v.is_null()) {
                put(&mut body, id, &world.id_of(&self.id, &id.kind, side));
            }
        }
        super::bodies::adjust(&self.id, &mut body, request.swapped.map(|(id, _)| id.pointer.as_str()));
        if let Some((id, whose)) = request.swapped {
            put(&mut body, id, &world.id_of(&self.id, &id.kind, whose));
        }
        if request.other_body {
            body["another"] = json!(1);
        }
        Some((media, body.to_string().into_bytes()))
    }

    /// Sends a request about somebody's thing.
    pub async fn send(&self, world: &World, client: &Client, whose: Whose, request: &Request<'_>) -> Answer {
        let fresh = random_uuid().to_string();
        let mut headers = Vec::new();
        if self.needs_key && !request.without_key {
            headers.push(("idempotency-key", request.key.unwrap_or(&fresh)));
        }
        if let Some(version) = request.version {
            headers.push(("if-match", version));
        }
        let mut path = self.address(world, whose, request.in_path);
        let query = [Some(self.query.clone()), request.query.clone()];
        let query: Vec<String> = query.into_iter().flatten().filter(|q| !q.is_empty()).collect();
        if !query.is_empty() {
            path = format!("{path}?{}", query.join("&"));
        }
        let body = self.body(world, whose, request);
        client.send_bytes(self.method.clone(), &path, body, &headers).await
    }

    /// The version that an edit needs now, asked of the service by a stale one; nothing where the document wants none.
    pub async fn version(&self, world: &World, client: &Client, whose: Whose) -> Option<String> {
        if !self.needs_version {
            return None;
        }
        let request = Request {
            version: Some("\"99999\""),
            ..Request::default()
        };
        let answer = self.send(world, client, whose, &request).await;
        let tag = answer.headers.get("etag").and_then(|v| v.to_str().ok());
        Some(tag.unwrap_or("\"99999\"").to_owned())
    }
}

fn put(body: &mut Value, id: &BodyId, value: &str) {
    let (parent, name) = id.pointer.rsplit_once('/').unwrap();
    let value = match name {
        // Each facility stands there twice.
        "ways" => json!([value, value]),
        _ if id.list => json!([value]),
        _ => json!(value),
    };
    body.pointer_mut(parent).unwrap()[name] = value;
}
