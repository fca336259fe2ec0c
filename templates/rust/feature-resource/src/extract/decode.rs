//! From JSON to a type, with a pointer to whatever does not fit.

use serde::de::DeserializeOwned;
use serde_json::{Number, Value};
use serde_path_to_error::{Path, Segment};

use crate::problem::{Fault, Problem};

/// In code points.
const MAX_TEXT: usize = 2_000;

/// 2^53 - 1: up to here every reader of JSON keeps an integer exact.
const MAX_INTEGER: f64 = 9_007_199_254_740_991.0;

/// Answers with the first fault of type, format or name, or else with all faults of length and range.
pub fn decode<T: DeserializeOwned>(value: &Value) -> Result<T, Problem> {
    let decoded = serde_path_to_error::deserialize(value).map_err(|error| {
        let pointer = pointer(error.path());
        let detail = brief(&error.inner().to_string());
        Problem::Invalid(vec![Fault { pointer, detail }])
    })?;
    let mut faults = Vec::new();
    measure(value, "", &mut faults);
    if faults.is_empty() {
        Ok(decoded)
    } else {
        Err(Problem::Invalid(faults))
    }
}

/// The limits are the same for every field, so that this needs to know none.
fn measure(value: &Value, pointer: &str, faults: &mut Vec<Fault>) {
    let detail = match value {
        Value::Object(members) => {
            for (name, value) in members {
                measure(value, &format!("{pointer}/{}", escape(name)), faults);
            }
            return;
        }
        // serde takes one for an object, by the order of the members.
        Value::Array(_) => "must be an object".to_owned(),
        Value::String(text) if text.contains('\0') => "must not contain NUL".to_owned(),
        Value::String(text) if text.chars().count() > MAX_TEXT => {
            format!("must have at most {MAX_TEXT} characters")
        }
        Value::Number(number) if !is_exact(number) => {
            format!("must be from -{MAX_INTEGER} to {MAX_INTEGER}")
        }
        _ => return,
    };
    let pointer = pointer.to_owned();
    faults.push(Fault { pointer, detail });
}

fn is_exact(number: &Number) -> bool {
    let number = number.as_f64();
    number.is_some_and(|number| number.abs() <= MAX_INTEGER)
}

/// RFC 6901.
fn pointer(path: &Path) -> String {
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", escape(key)),
            Segment::Enum { .. } | Segment::Unknown => String::new(),
        })
        .collect()
}

fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// serde quotes the value, which can be as long as a body.
fn brief(message: &str) -> String {
    message.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, expecting = "an object")]
    struct Parcel {
        #[serde(rename = "to/from~")]
        _label: String,
        #[serde(default, with = "crate::wire", rename = "weight")]
        _weight: Option<i64>,
        #[serde(rename = "inner")]
        _inner: Option<Box<Parcel>>,
    }

    fn pointers(value: &Value) -> Vec<String> {
        match decode::<Parcel>(value) {
            Ok(_) => Vec::new(),
            Err(Problem::Invalid(faults)) => {
                faults.into_iter().map(|fault| fault.pointer).collect()
            }
            Err(problem) => panic!("{problem:?}"),
        }
    }

    #[test]
    fn what_fits_is_taken() {
        let longest = "\u{1f980}".repeat(MAX_TEXT);
        let value = json!({ "to/from~": longest, "weight": -9_007_199_254_740_991_i64 });
        assert_eq!(pointers(&value), [""; 0]);
    }

    #[test]
    fn the_first_fault_of_type_or_name_is_pointed_to() {
        for (value, pointer) in [
            (json!({ "to/from~": 1 }), "/to~1from~0"),
            (json!({ "to/from~": "", "weight": 1.5 }), "/weight"),
            (json!({ "to/from~": "", "~other/": 1 }), "/~0other~1"),
            (
                json!({ "to/from~": "", "inner": { "to/from~": null } }),
                "/inner/to~1from~0",
            ),
            (json!({ "to/from~": "", "inner": {} }), "/inner"),
            (json!({ "to/from~": "", "inner": ["", 1, null] }), "/inner"),
            (json!(["", 1, null]), ""),
            (json!({}), ""),
            (json!(null), ""),
            (json!("text"), ""),
        ] {
            assert_eq!(pointers(&value), [pointer], "{value}");
        }
    }

    #[test]
    fn all_faults_of_length_and_range_are_pointed_to() {
        let value = json!({
            "to/from~": "x".repeat(MAX_TEXT + 1),
            "weight": 9_007_199_254_740_992_i64,
            "inner": { "to/from~": "\0", "weight": 1e300 },
        });
        let expected = [
            "/inner/to~1from~0",
            "/inner/weight",
            "/to~1from~0",
            "/weight",
        ];
        assert_eq!(pointers(&value), expected);
    }
}
