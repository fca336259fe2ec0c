//! What handlers take from a request, each part refused with a [`Problem`] that points to what is wrong.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{
        StatusCode,
        header::{CONTENT_ENCODING, CONTENT_TYPE, LINK},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Number, Value};
use serde_path_to_error::Segment;
use tokio::time::timeout_at;
use uuid::Uuid;

use crate::{
    middleware::Deadline,
    problem::{Fault, Problem},
    record::Record,
    wire,
};

const JSON: &str = "application/json";
const MERGE_PATCH: &str = "application/merge-patch+json";

/// In code points.
const MAX_TEXT: usize = 2_000;

/// In one body.
const MAX_VALUES: usize = 1_000;

/// How much an answer repeats of what was sent.
const MAX_ECHO: usize = 200;

/// 2^53 - 1: up to here every reader of JSON keeps an integer exact.
const MAX_INTEGER: f64 = 9_007_199_254_740_991.0;

/// The id in the path.
pub struct Id(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let malformed = || Problem::BadRequest("the id must be a UUID of 36 characters".into());
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| malformed())?;
        wire::uuid(&text).map(Self).ok_or_else(malformed)
    }
}

/// What `?limit=` and `?cursor=` ask for. A cursor is the last id of a page, so that rows which come and go do not
/// shift the next one.
pub struct Page {
    limit: u8,
    /// Nil, which sorts before every id, for the first page.
    pub after: Uuid,
}

#[derive(Deserialize)]
struct Parameters {
    limit: Option<String>,
    cursor: Option<String>,
}

#[derive(Serialize)]
struct Answer<F> {
    data: Vec<Record<F>>,
    next_cursor: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // Refuses a parameter that is given twice, and ignores unknown ones.
        let Query(parameters) = Query::<Parameters>::from_request_parts(parts, state)
            .await
            .map_err(|rejection| Problem::BadRequest(rejection.body_text().into()))?;
        let limit = match parameters.limit {
            None => Some(20),
            Some(text) => read_limit(&text),
        };
        let after = match parameters.cursor {
            None => Some(Uuid::nil()),
            Some(text) => read_cursor(&text),
        };
        Ok(Self {
            limit: limit.ok_or(Problem::BadRequest("limit must be 1 to 100".into()))?,
            after: after.ok_or(Problem::BadRequest("cursor is not one of ours".into()))?,
        })
    }
}

impl Page {
    /// How many records to ask the store for: one more than the page holds tells whether another page follows.
    pub fn fetch(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// The answer to a request for this page of `collection`.
    pub fn answer<F: Serialize>(&self, collection: &str, mut data: Vec<Record<F>>) -> Response {
        let limit = usize::from(self.limit);
        let follows = data.len() > limit;
        data.truncate(limit);
        let last = data.last().filter(|_| follows);
        let next_cursor = last.map(|last| BASE64_URL_SAFE_NO_PAD.encode(last.id));
        let link = next_cursor.as_ref().map(|cursor| {
            let link = format!(r#"<{collection}?limit={limit}&cursor={cursor}>; rel="next""#);
            [(LINK, link)]
        });
        (link, axum::Json(Answer { data, next_cursor })).into_response()
    }
}

fn read_limit(text: &str) -> Option<u8> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    let limit = text.parse().ok()?;
    (digits && (1..=100).contains(&limit)).then_some(limit)
}

fn read_cursor(text: &str) -> Option<Uuid> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    Uuid::from_slice(&bytes).ok()
}

/// A JSON body that is a `T`.
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let value = read(request, state, &[JSON]).await?;
        decode(&value).map(Self)
    }
}

/// A JSON body of changes (RFC 7396).
pub struct MergePatch(Value);

impl<S: Send + Sync> FromRequest<S> for MergePatch {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let value = read(request, state, &[MERGE_PATCH, JSON]).await?;
        Ok(Self(value))
    }
}

impl MergePatch {
    /// The whole of `current` with the changes, judged like a body that had all of it.
    pub fn apply<T: Serialize + DeserializeOwned>(&self, current: &T) -> Result<T, Problem> {
        let mut value = serde_json::to_value(current).map_err(Problem::internal)?;
        merge(&mut value, self.0.clone());
        decode(&value)
    }
}

/// A null stays in the result where RFC 7396 removes the member: a field that may be left out may be null as
/// well, and for any other the fault gets the pointer of the member.
fn merge(target: &mut Value, patch: Value) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            for (name, value) in patch {
                merge(target.entry(name).or_insert(Value::Null), value);
            }
        }
        (target, patch) => *target = patch,
    }
}

/// Judged in this order: media type, size and time, syntax, content. As a [`Value`], in which the last of repeated
/// members counts and a number may be written in any way.
async fn read<S: Send + Sync>(
    request: Request,
    state: &S,
    media_types: &'static [&'static str],
) -> Result<Value, Problem> {
    if !media_types.contains(&media_type(&request).as_str()) {
        return Err(Problem::UnsupportedMediaType(media_types));
    }
    let mut codings = request.headers().get_all(CONTENT_ENCODING).iter();
    if !codings.all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(Problem::UnsupportedEncoding);
    }
    let deadline = request.extensions().get::<Deadline>();
    let Deadline(deadline) =
        *deadline.ok_or_else(|| Problem::internal("the request has no deadline"))?;
    let bytes = timeout_at(deadline, Bytes::from_request(request, state))
        .await
        .map_err(|_| Problem::BodyTimeout)?
        .map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::BodyTooLarge,
            _ => Problem::BadRequest("the body did not arrive whole".into()),
        })?;
    if most_values(&bytes) > MAX_VALUES {
        let detail = format!("the body has more than {MAX_VALUES} values");
        return Err(Problem::BadRequest(detail.into()));
    }
    serde_json::from_slice(&bytes)
        .map_err(|error| Problem::BadRequest(format!("the body is not JSON: {error}").into()))
}

/// How many values the JSON holds at most. Counted before they are read, which can take a hundred times the memory of
/// their text.
fn most_values(json: &[u8]) -> usize {
    let mut values = 1;
    let mut in_string = false;
    let mut escaped = false;
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b',' | b'[' | b'{' if !in_string => values += 1,
            _ => {}
        }
    }
    values
}

fn media_type(request: &Request) -> String {
    let value = request.headers().get(CONTENT_TYPE);
    let value = value.and_then(|value| value.to_str().ok());
    let essence = value.unwrap_or_default().split(';').next();
    essence.unwrap_or_default().trim().to_ascii_lowercase()
}

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

/// RFC 6901. What names no member of ours can be as long as a body; without it this is the pointer of its parent.
fn pointer(path: &serde_path_to_error::Path) -> String {
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } if key.len() <= MAX_ECHO => format!("/{}", escape(key)),
            Segment::Map { .. } | Segment::Enum { .. } | Segment::Unknown => String::new(),
        })
        .collect()
}

fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// serde quotes the value, which can be as long as a body.
fn brief(message: &str) -> String {
    message.chars().take(MAX_ECHO).collect()
}

#[cfg(test)]
mod tests {
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
    fn values_are_counted_and_what_is_text_is_not() {
        for (json, expected) in [
            ("1", 1),
            (r#"{"a": 1, "b": {"c": null}, "d": [1, 2]}"#, 7),
            (r#"{"a,[{": ",[{\",[{", "b": "\\"}"#, 3),
            (&"[".repeat(100_000), 100_001),
        ] {
            assert_eq!(most_values(json.as_bytes()), expected, "{json:.40}");
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
    fn what_was_sent_is_not_repeated_at_length() {
        let name = "x".repeat(40_000);
        let value = json!({ "to/from~": "", "inner": { name: 1 } });
        let Err(Problem::Invalid(faults)) = decode::<Parcel>(&value) else {
            panic!("it was taken");
        };
        assert_eq!(faults[0].pointer, "/inner");
        assert!(faults[0].detail.starts_with("unknown field `xxx"));
        assert_eq!(faults[0].detail.len(), MAX_ECHO);
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
