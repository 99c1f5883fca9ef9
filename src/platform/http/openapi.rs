//! The finish of the OpenAPI document: what is true of every operation is added here once, not written at each.

use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{ContentBuilder, OpenApi, PathItem, Ref, RefOr, Required, Response, ResponseBuilder};

/// The finished document: path parameters, problem answers and examples at every operation.
pub fn finish(mut api: OpenApi) -> serde_json::Value {
    for (path, item) in &mut api.paths.paths {
        let names = parameter_names(path);
        let secured = path.contains("{tenant}");
        for (method, operation) in operations(item) {
            add_parameters(operation, &names);
            add_problems(operation, secured, method != "get", !names.is_empty());
        }
    }
    // Examples are easier to make in the document's own form than in its types.
    let mut document = serde_json::to_value(&api).unwrap_or_default();
    super::examples::add(&mut document);
    document
}

fn operations(item: &mut PathItem) -> Vec<(&'static str, &mut Operation)> {
    [
        ("get", item.get.as_mut()),
        ("put", item.put.as_mut()),
        ("post", item.post.as_mut()),
        ("patch", item.patch.as_mut()),
        ("delete", item.delete.as_mut()),
    ]
    .into_iter()
    .filter_map(|(method, operation)| operation.map(|o| (method, o)))
    .collect()
}

fn parameter_names(path: &str) -> Vec<String> {
    path.split('{')
        .skip(1)
        .filter_map(|part| part.split('}').next())
        .map(str::to_owned)
        .collect()
}

fn add_parameters(operation: &mut Operation, names: &[String]) {
    let parameters = operation.parameters.get_or_insert_default();
    for name in names.iter().rev() {
        if parameters.iter().any(|p| matches!(p, RefOr::T(p) if p.name == *name)) {
            continue;
        }
        parameters.insert(0, RefOr::T(path_parameter(name)));
    }
}

fn path_parameter(name: &str) -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String);
    let (schema, says) = if name == "tenant" {
        (
            text.pattern(Some("^[a-z][a-z0-9-]{1,38}[a-z0-9]$")),
            "Slug of the municipality",
        )
    } else if name.ends_with("_id") {
        (
            text.format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))),
            "Id; another tenant's answers as a missing one",
        )
    } else {
        (text, "Name")
    };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(says))
        .schema(Some(schema.build()))
        .build()
}

fn add_problems(operation: &mut Operation, secured: bool, writes: bool, has_id: bool) {
    let mut wanted = vec![
        ("400", "The request cannot be read"),
        ("429", "Too many requests"),
        ("503", "Busy; try again"),
    ];
    if secured {
        wanted.extend([("401", "Nobody is signed in"), ("403", "Not allowed")]);
    }
    if has_id {
        wanted.push(("404", "Missing, or not yours"));
    }
    if writes {
        wanted.extend([
            ("403", "Not allowed, or sent by another site"),
            ("409", "A state or rule stands against it"),
            ("412", "Somebody else changed it"),
            ("413", "The body is too large"),
            ("415", "Unknown content type"),
            ("422", "Fields are invalid"),
            ("428", "If-Match is missing"),
        ]);
    }
    for (status, says) in wanted {
        operation
            .responses
            .responses
            .entry(status.into())
            .or_insert_with(|| RefOr::T(problem(says)));
    }
    for (status, response) in &mut operation.responses.responses {
        if let (true, RefOr::T(response)) = (status.starts_with(['4', '5']), response)
            && !response.content.contains_key("application/problem+json")
        {
            response.content.clear();
            response
                .content
                .insert("application/problem+json".into(), RefOr::T(problem_content()));
        }
    }
}

fn problem(says: &str) -> Response {
    ResponseBuilder::new().description(says).build()
}

fn problem_content() -> utoipa::openapi::Content {
    ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .build()
}
