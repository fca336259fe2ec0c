//! What handlers take from a request, each part refused with a [`Problem`].

use axum::{
    extract::{FromRequestParts, Path, Query},
    http::{header::LINK, request::Parts},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{problem::Problem, record::Record, wire};

mod body;
pub mod decode;

pub use body::{Json, MergePatch};

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
