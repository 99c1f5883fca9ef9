//! The committed JSON Schemas are those of the types.

use kitaplatz::allocation::{instance_schema, result_schema};

#[test]
fn the_schemas_are_up_to_date() {
    for (name, schema) in [("instance", instance_schema()), ("result", result_schema())] {
        let path = format!("{}/openapi/allocation-{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        let expected = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        assert!(
            committed == expected,
            "run `kitaplatz allocation schema {name} > openapi/allocation-{name}.schema.json`"
        );
    }
}
