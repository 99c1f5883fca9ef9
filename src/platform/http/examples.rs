//! Examples in the OpenAPI document: every JSON answer gets one, made from its schema, so that a reader sees real shapes.

use serde_json::{Map, Value, json};

/// How deep a schema is followed; lists of lists of objects end somewhere.
const DEPTH: usize = 6;

/// Puts an example beside every JSON answer that has none.
pub(super) fn add(document: &mut Value) {
    let schemas = document["components"]["schemas"].clone();
    let Some(paths) = document["paths"].as_object_mut() else {
        return;
    };
    for operation in paths
        .values_mut()
        .filter_map(Value::as_object_mut)
        .flat_map(|item| item.values_mut())
    {
        let Some(responses) = operation["responses"].as_object_mut() else {
            continue;
        };
        for content in responses
            .values_mut()
            .filter_map(|r| r.get_mut("content")?.as_object_mut())
        {
            for body in content
                .iter_mut()
                .filter(|(kind, _)| kind.ends_with("json"))
                .map(|(_, body)| body)
            {
                if body.get("example").is_none() && body.get("examples").is_none() {
                    let example = of(&body["schema"], "", &schemas, DEPTH);
                    body["example"] = example;
                }
            }
        }
    }
}

/// A value that fits a schema; `name` is the property's, which says more than its type.
fn of(schema: &Value, name: &str, schemas: &Value, depth: usize) -> Value {
    if let Some(example) = schema.get("example") {
        return example.clone();
    }
    if depth == 0 {
        return Value::Null;
    }
    if let Some(target) = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()) {
        return of(&schemas[target], name, schemas, depth - 1);
    }
    if let Some(first) = schema["enum"].as_array().and_then(|e| e.first()) {
        return first.clone();
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(list) = schema[choice].as_array() {
            let real = list.iter().find(|s| s["type"] != "null").unwrap_or(&Value::Null);
            return of(real, name, schemas, depth);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let mut whole = Map::new();
        for part in parts {
            if let Value::Object(fields) = of(part, name, schemas, depth) {
                whole.extend(fields);
            }
        }
        return Value::Object(whole);
    }
    match type_of(schema) {
        "object" => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            Value::Object(
                fields
                    .map(|(key, value)| (key.clone(), of(value, key, schemas, depth - 1)))
                    .collect(),
            )
        }
        "array" => json!([of(&schema["items"], name, schemas, depth - 1)]),
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or_else(|| number(name)),
        "boolean" => json!(false),
        "string" => json!(text(schema["format"].as_str().unwrap_or_default(), name)),
        _ => Value::Null,
    }
}

/// The type, without the `null` that an optional field may also be.
fn type_of(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(one) => one,
        Value::Array(several) => several
            .iter()
            .filter_map(Value::as_str)
            .find(|t| *t != "null")
            .unwrap_or_default(),
        _ => "",
    }
}

fn number(name: &str) -> Value {
    match name {
        "latitude" => json!(51.34),
        "longitude" => json!(12.37),
        "hours_per_week" => json!(35),
        _ => json!(1),
    }
}

fn text(format: &str, name: &str) -> &'static str {
    match (format, name) {
        ("uuid", _) => "7c0f4a52-9d0e-4a5b-a6a1-0d6f6a1b2c3d",
        ("date-time", _) => "2027-02-01T09:00:00Z",
        ("date", _) => "2027-08-01",
        ("partial-time" | "time", _) => "08:00",
        (_, "facility_name" | "name") => "Kita Sonnenschein",
        (_, "email" | "contact_email") => "familie@example.org",
        (_, "first_name") => "Mia",
        (_, "last_name") => "Braun",
        (_, "label") => "Mia B.",
        (_, "reference_code") => "K7TM-4QXW",
        (_, "street") => "Lindenweg",
        (_, "house_number") => "4a",
        (_, "postal_code") => "04109",
        (_, "city") => "Leipzig",
        (_, "language" | "default_language") => "de",
        _ => "text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_has_the_shape_of_its_schema() {
        let schemas = json!({
            "Child": {"type": "object", "properties": {
                "id": {"type": "string", "format": "uuid"},
                "birth_date": {"type": ["string", "null"], "format": "date"},
                "state": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/State"}]},
                "siblings": {"type": "array", "items": {"$ref": "#/components/schemas/Child"}},
            }},
            "State": {"type": "string", "enum": ["draft", "submitted"]},
        });
        let example = of(&json!({"$ref": "#/components/schemas/Child"}), "", &schemas, DEPTH);
        assert_eq!(example["birth_date"], "2027-08-01");
        assert_eq!(example["state"], "draft");
        assert_eq!(example["id"].as_str().unwrap().len(), 36);
        assert!(example["siblings"].is_array());
    }
}
