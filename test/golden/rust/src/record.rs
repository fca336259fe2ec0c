//! What every stored thing has beside its own fields, and conditional requests for it (RFC 9110, section 13).

use axum::{
    Json,
    http::{
        HeaderMap, HeaderName, HeaderValue,
        header::{ETAG, IF_MATCH, IF_NONE_MATCH},
    },
    response::{IntoResponse, Response},
};
use chrono::{DateTime, SubsecRound, Utc};
use serde::Serialize;
use sqlx::{FromRow, Row as _};
use uuid::Uuid;

use crate::{database::Row, problem::Problem};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record<F> {
    #[serde(with = "crate::wire")]
    pub id: Uuid,
    /// Counts the changes; two within one millisecond still differ in it.
    #[serde(skip)]
    pub version: i64,
    #[serde(flatten)]
    pub fields: F,
    #[serde(with = "crate::wire")]
    pub created_at: DateTime<Utc>,
    #[serde(with = "crate::wire")]
    pub updated_at: DateTime<Utc>,
}

impl<F> Record<F> {
    /// The id holds the time in milliseconds, and ascends even when the clock does not.
    pub fn new(fields: F) -> Self {
        let id = Uuid::now_v7();
        let created_at = id
            .get_timestamp()
            .and_then(|time| {
                let (seconds, nanos) = time.to_unix();
                DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
            })
            .unwrap_or_default();
        Self {
            id,
            version: 1,
            fields,
            created_at,
            updated_at: created_at,
        }
    }

    #[must_use]
    pub fn changed(&self, fields: F) -> Self {
        let now = Utc::now().trunc_subsecs(3);
        Self {
            id: self.id,
            version: self.version + 1,
            fields,
            created_at: self.created_at,
            updated_at: now.max(self.updated_at),
        }
    }

    pub fn etag(&self) -> String {
        format!(r#""{}""#, self.version)
    }
}

impl<F: Serialize> IntoResponse for Record<F> {
    fn into_response(self) -> Response {
        ([(ETAG, self.etag())], Json(self)).into_response()
    }
}

impl<'r, F: FromRow<'r, Row>> FromRow<'r, Row> for Record<F> {
    fn from_row(row: &'r Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            version: row.try_get("version")?,
            fields: F::from_row(row)?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

/// The condition of a `PATCH`: it must have one, and it must hold.
pub fn require_match(headers: &HeaderMap, current: &str) -> Result<(), Problem> {
    if headers.contains_key(IF_MATCH) {
        check_match(headers, current)
    } else {
        Err(Problem::PreconditionRequired)
    }
}

/// The condition of a `DELETE`: if it has one, it must hold. A malformed one does not.
pub fn check_match(headers: &HeaderMap, current: &str) -> Result<(), Problem> {
    let holds = names(headers, &IF_MATCH, current, Comparison::Strong).unwrap_or(false);
    if holds || !headers.contains_key(IF_MATCH) {
        Ok(())
    } else {
        Err(Problem::PreconditionFailed)
    }
}

/// Whether the client's copy is still good. A malformed condition is ignored.
pub fn is_not_modified(headers: &HeaderMap, current: &str) -> bool {
    names(headers, &IF_NONE_MATCH, current, Comparison::Weak).unwrap_or(false)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Comparison {
    /// A weak tag equals nothing.
    Strong,
    Weak,
}

/// Whether the list of tags names the current one; `None` when it is missing or malformed.
fn names(
    headers: &HeaderMap,
    header: &HeaderName,
    current: &str,
    comparison: Comparison,
) -> Option<bool> {
    let lines = headers.get_all(header).iter();
    let lines: Vec<&[u8]> = lines.map(HeaderValue::as_bytes).collect();
    let list = lines.join(&b',');
    if list.trim_ascii() == b"*" {
        return Some(true);
    }
    let mut rest = list.as_slice();
    let mut tags = 0;
    let mut found = false;
    loop {
        // The elements of a list may be empty.
        while let Some((b',' | b' ' | b'\t', after)) = rest.split_first() {
            rest = after;
        }
        if rest.is_empty() {
            return (tags > 0).then_some(found);
        }
        let weak = rest.strip_prefix(b"W/");
        let opaque = weak.unwrap_or(rest);
        let length = quoted_length(opaque)?;
        let comparable = weak.is_none() || comparison == Comparison::Weak;
        found |= comparable && opaque[..length] == *current.as_bytes();
        tags += 1;
        rest = opaque[length..].trim_ascii_start();
        if !(rest.is_empty() || rest.starts_with(b",")) {
            return None;
        }
    }
}

/// The length of the quoted string that `bytes` begin with, its quotes included.
fn quoted_length(bytes: &[u8]) -> Option<usize> {
    let inner = bytes.strip_prefix(b"\"")?;
    let end = inner
        .iter()
        .position(|byte| !matches!(byte, 0x21 | 0x23..=0x7e | 0x80..))?;
    (inner[end] == b'"').then_some(end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURRENT: &str = r#""7""#;

    fn headers(name: &HeaderName, lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name.clone(), line.parse().unwrap());
        }
        headers
    }

    #[test]
    fn if_match_compares_strongly() {
        for (lines, expected) in [
            (&[r#""7""#][..], Ok(())),
            (&["*"], Ok(())),
            (&[r#""6", "7""#], Ok(())),
            (&[r#", "6" ,,"7","#], Ok(())),
            (&[r#""6""#, r#""7""#], Ok(())),
            (&[r#""6""#], Err(Problem::PreconditionFailed)),
            (&[r#"W/"7""#], Err(Problem::PreconditionFailed)),
            (&["7"], Err(Problem::PreconditionFailed)),
            (&[r#""7"#], Err(Problem::PreconditionFailed)),
            (&[r#""7" "6""#], Err(Problem::PreconditionFailed)),
            (&[""], Err(Problem::PreconditionFailed)),
            (&[], Err(Problem::PreconditionRequired)),
        ] {
            let answer = require_match(&headers(&IF_MATCH, lines), CURRENT);
            assert_eq!(answer, expected, "{lines:?}");
        }
    }

    #[test]
    fn a_condition_may_be_left_out() {
        assert_eq!(check_match(&HeaderMap::new(), CURRENT), Ok(()));
    }

    #[test]
    fn if_none_match_compares_weakly() {
        for (lines, expected) in [
            (&[r#""7""#][..], true),
            (&[r#"W/"7""#], true),
            (&[r#""a,b", W/"7""#], true),
            (&["*"], true),
            (&[r#""6""#], false),
            (&["7"], false),
            (&[], false),
        ] {
            let answer = is_not_modified(&headers(&IF_NONE_MATCH, lines), CURRENT);
            assert_eq!(answer, expected, "{lines:?}");
        }
    }
}
