//! The contract, served as it is in the repository.

use axum::{Router, http::header::CONTENT_TYPE, routing::get};

use crate::app::App;

const OPENAPI: &str = include_str!("../openapi.json");

pub fn routes() -> Router<App> {
    let answer = ([(CONTENT_TYPE, "application/json")], OPENAPI);
    Router::new().route("/openapi.json", get(async move || answer))
}

/// Holds the document against the code.
#[cfg(test)]
pub(crate) mod testing {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::*;

    pub fn document() -> Value {
        serde_json::from_str(OPENAPI).unwrap()
    }

    /// The schema of an operation's body, request or response, with its references replaced.
    pub fn schema(operation: &Value, body: &str) -> Value {
        let content = operation.pointer(body).unwrap();
        resolve(&content["application/json"]["schema"])
    }

    fn resolve(schema: &Value) -> Value {
        match schema["$ref"].as_str() {
            Some(reference) => {
                let pointer = reference.strip_prefix('#').unwrap();
                resolve(document().pointer(pointer).unwrap())
            }
            None => schema.clone(),
        }
    }

    /// Fails when an object schema and what `accepts` takes differ in a member, a type, a limit or a value.
    pub fn assert_agree(schema: &Value, sample: &Value, accepts: impl Fn(&Value) -> bool) {
        assert!(accepts(sample), "{sample}");
        assert_eq!(schema["additionalProperties"], false);
        let properties = schema["properties"].as_object().unwrap();
        let members = sample.as_object().unwrap();
        assert!(members.keys().eq(properties.keys()), "{members:?}");
        for (name, schema_of_member) in properties {
            for (value, expected) in probes(schema_of_member) {
                let mut body = sample.clone();
                body[name] = value.clone();
                assert_eq!(accepts(&body), expected, "{name}: {value}");
            }
            let mut body = sample.clone();
            body.as_object_mut().unwrap().remove(name);
            let required = schema["required"].as_array().unwrap();
            let expected = !required.contains(&json!(name));
            assert_eq!(accepts(&body), expected, "without {name}");
        }
    }

    /// Fails when an answer has other members than the schema, or the schema leaves one out of those that it has.
    pub fn assert_has_all(schema: &Value, answer: &Value) {
        let answered = answer.as_object().unwrap().keys().map(String::as_str);
        let answered: BTreeSet<_> = answered.collect();
        assert_eq!(answered, members(schema));
        let required = schema["required"].as_array().unwrap();
        let required = required.iter().filter_map(Value::as_str);
        assert_eq!(answered, required.collect());
    }

    pub fn members(schema: &Value) -> BTreeSet<&str> {
        let properties = schema["properties"].as_object().unwrap();
        properties.keys().map(String::as_str).collect()
    }

    /// Values of every type and format and on both sides of every limit, and whether the schema takes them.
    fn probes(schema: &Value) -> Vec<(Value, bool)> {
        let takes = |name: &str| match &schema["type"] {
            Value::Array(types) => types.contains(&json!(name)),
            one => one == name,
        };
        let has_format = |name: &str| schema["format"] == name;
        let values = schema["enum"].as_array();
        let any_text = takes("string") && values.is_none() && schema["format"].is_null();
        let mut probes = vec![
            (json!(null), takes("null")),
            (json!(true), takes("boolean")),
            (json!([]), false),
            (json!({}), false),
            (json!({ "minor_units": 1 }), false),
            (
                json!({ "minor_units": 1, "currency": "EUR" }),
                takes("object"),
            ),
            (
                json!({ "minor_units": 1, "currency": "EUR", "more": 1 }),
                false,
            ),
            (json!(1), takes("integer")),
            (json!(1.5), false),
            (json!("Any text"), any_text),
            (json!("2026-01-31"), any_text || has_format("date")),
            (
                json!("2026-01-31T08:30:00.000Z"),
                any_text || has_format("date-time"),
            ),
            (
                json!("0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"),
                any_text || has_format("uuid"),
            ),
        ];
        if let Some(limit) = schema["minimum"].as_i64() {
            probes.extend([(json!(limit), true), (json!(limit - 1), false)]);
        }
        if let Some(limit) = schema["maximum"].as_i64() {
            probes.extend([(json!(limit), true), (json!(limit + 1), false)]);
        }
        if let Some(limit) = schema["maxLength"].as_u64() {
            let longest = "x".repeat(usize::try_from(limit).unwrap());
            probes.extend([(json!(longest), true), (json!(longest + "x"), false)]);
        }
        for value in values.into_iter().flatten() {
            let name = value.as_str().unwrap_or_default();
            probes.extend([(value.clone(), true), (json!({ name: null }), false)]);
        }
        probes
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::testing::{assert_has_all, document};
    use crate::app::testing::Service;

    const METHODS: [&str; 6] = ["get", "post", "put", "patch", "delete", "options"];

    #[tokio::test]
    async fn the_document_has_the_routes_of_the_router() {
        let service = Service::start().await;
        let document = document();
        let paths = document["paths"].as_object().unwrap();
        let documented: BTreeSet<_> = paths.keys().map(String::as_str).collect();
        // The router has no list of its routes, but its paths are in what it prints for debugging.
        let printed = format!("{:?}", service.router);
        let (printed, _) = printed.split_once("fallback_router").unwrap();
        let routed = printed.split('"').filter(|part| part.starts_with('/'));
        assert_eq!(documented, routed.collect());
    }

    #[tokio::test]
    async fn the_document_has_the_methods_of_every_route() {
        let service = Service::start().await;
        for (path, operations) in document()["paths"].as_object().unwrap() {
            let documented = METHODS
                .into_iter()
                .filter(|method| operations.get(method).is_some());
            let documented: BTreeSet<_> = documented.map(str::to_uppercase).collect();
            let answer = service.call(&format!("TRACE {path}"), &[], "").await;
            assert_eq!(answer.status, 405, "{path}");
            let allowed = answer
                .header("allow")
                .split(',')
                .filter(|method| *method != "HEAD");
            assert_eq!(documented, allowed.map(str::to_owned).collect(), "{path}");
        }
    }

    #[tokio::test]
    async fn the_document_describes_a_problem() {
        let mut schema = document()["components"]["schemas"]["Problem"].clone();
        let properties = schema["properties"].as_object_mut().unwrap();
        // Only a body that is not valid has a list of what is wrong with it.
        properties.remove("errors").unwrap();
        let service = Service::start().await;
        assert_has_all(&schema, &service.get("/nowhere").await.body);
    }

    #[tokio::test]
    async fn the_document_is_served_as_it_is() {
        let service = Service::start().await;
        let answer = service.get("/openapi.json").await;
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.body, document());
    }
}
