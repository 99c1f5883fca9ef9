//! JSON Schemas of both files, generated from the types that read them.

use schemars::{JsonSchema, Schema, generate::SchemaSettings};

use super::super::instance::{Family, Node, Pool};
use super::{INSTANCE_FORMAT, ResultFile};

/// Schema of an instance.
pub fn instance_schema() -> serde_json::Value {
    /// The top of the file; the reader streams it, so this type only describes.
    #[derive(JsonSchema)]
    #[schemars(deny_unknown_fields, title = "An instance of the allocation of daycare places")]
    #[expect(dead_code, reason = "describes the fields that the streaming reader takes")]
    struct InstanceFile<'a> {
        /// The format of this file.
        #[schemars(extend("const" = INSTANCE_FORMAT))]
        format: String,
        /// Text from which the lottery numbers are drawn.
        seed: Option<String>,
        /// Bounds over several pools.
        nodes: Option<Vec<Node<'a>>>,
        /// What can be wished for.
        pools: Vec<Pool<'a>>,
        /// Who wishes.
        families: Vec<Family<'a>>,
    }
    schema::<InstanceFile<'static>>()
}

/// Schema of a result.
pub fn result_schema() -> serde_json::Value {
    schema::<ResultFile>()
}

fn schema<T: JsonSchema>() -> serde_json::Value {
    Schema::to_value(
        SchemaSettings::draft2020_12()
            .into_generator()
            .into_root_schema_for::<T>(),
    )
}
