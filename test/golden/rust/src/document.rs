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
            for value in probes(schema_of_member) {
                let mut body = sample.clone();
                body[name] = value.clone();
                let expected = is_valid(schema_of_member, &value);
                assert_eq!(accepts(&body), expected, "{name}: {value}");
            }
            let mut body = sample.clone();
            body.as_object_mut().unwrap().remove(name);
            let required = schema["required"].as_array().unwrap();
            let expected = !required.contains(&json!(name));
            assert_eq!(accepts(&body), expected, "without {name}");
        }
    }

    const DATE: &str = "2026-01-31";
    const TIME: &str = "2026-01-31T08:30:00.000Z";
    const UUID: &str = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";

    /// One value of every type and format, both sides of every limit, and all that the schema enumerates.
    fn probes(schema: &Value) -> Vec<Value> {
        let limit = 9_007_199_254_740_991_i64;
        let mut probes = vec![
            json!(null),
            json!(true),
            json!([]),
            json!({}),
            json!({ "minor_units": 1, "currency": "EUR" }),
            json!({ "minor_units": 1 }),
            json!({ "minor_units": 1, "currency": "EUR", "more": 1 }),
            json!(1.5),
            json!(limit),
            json!(limit + 1),
            json!(-limit),
            json!(-limit - 1),
            json!("text"),
            json!("x".repeat(2_000)),
            json!("x".repeat(2_001)),
            json!(DATE),
            json!(TIME),
            json!(UUID),
        ];
        probes.extend(schema["enum"].as_array().cloned().unwrap_or_default());
        probes
    }

    /// As much of JSON Schema as the document uses and the probes need.
    fn is_valid(schema: &Value, value: &Value) -> bool {
        let of_type = |name: &str| match name {
            "null" => value.is_null(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64(),
            "string" => value.is_string(),
            "object" => value.is_object(),
            other => panic!("a type that the code does not have: {other}"),
        };
        let types = match &schema["type"] {
            Value::Array(types) => types.clone(),
            one => vec![one.clone()],
        };
        let right_type = types.iter().any(|name| of_type(name.as_str().unwrap()));
        let listed = schema["enum"]
            .as_array()
            .is_none_or(|list| list.contains(value));
        right_type && listed && is_within_limits(schema, value)
    }

    fn is_within_limits(schema: &Value, value: &Value) -> bool {
        match value {
            Value::Number(number) => {
                let number = number.as_i64().unwrap();
                let (low, high) = (schema["minimum"].as_i64(), schema["maximum"].as_i64());
                (low.unwrap()..=high.unwrap()).contains(&number)
            }
            Value::String(text) => {
                let longest = schema["maxLength"].as_u64().unwrap_or(u64::MAX);
                let short_enough = text.chars().count() as u64 <= longest;
                let formatted = match schema["format"].as_str() {
                    None => true,
                    Some("date") => text == DATE,
                    Some("date-time") => text == TIME,
                    Some("uuid") => text == UUID,
                    Some(other) => panic!("a format that the code does not have: {other}"),
                };
                short_enough && formatted
            }
            Value::Object(members) => {
                let properties = schema["properties"].as_object().unwrap();
                let required = schema["required"].as_array().unwrap();
                let complete = required
                    .iter()
                    .all(|name| members.contains_key(name.as_str().unwrap()));
                let known = members.keys().all(|name| properties.contains_key(name));
                complete && known
            }
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::testing::document;
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
    async fn the_document_is_served_as_it_is() {
        let service = Service::start().await;
        let answer = service.get("/openapi.json").await;
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.body, document());
    }
}
