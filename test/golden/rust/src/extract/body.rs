//! Bodies, judged in this order: media type, size and time, syntax, content.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{
        StatusCode,
        header::{CONTENT_ENCODING, CONTENT_TYPE},
    },
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::time::timeout_at;

use super::decode::decode;
use crate::{middleware::Deadline, problem::Problem};

const JSON: &str = "application/json";
const MERGE_PATCH: &str = "application/merge-patch+json";

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
        let mut value = serde_json::to_value(current).map_err(|_| Problem::Internal)?;
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

/// As a [`Value`], in which the last of repeated members counts and a number may be written in any way.
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
    let deadline = deadline.ok_or(Problem::Internal)?.0;
    let bytes = timeout_at(deadline, Bytes::from_request(request, state))
        .await
        .map_err(|_| Problem::BodyTimeout)?
        .map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::BodyTooLarge,
            _ => Problem::BadRequest("the body did not arrive whole".into()),
        })?;
    serde_json::from_slice(&bytes)
        .map_err(|error| Problem::BadRequest(format!("the body is not JSON: {error}").into()))
}

fn media_type(request: &Request) -> String {
    let value = request.headers().get(CONTENT_TYPE);
    let value = value.and_then(|value| value.to_str().ok());
    let essence = value.unwrap_or_default().split(';').next();
    essence.unwrap_or_default().trim().to_ascii_lowercase()
}
