//! Conditional requests (RFC 9110, section 13).

use axum::http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{IF_MATCH, IF_NONE_MATCH},
};

use crate::problem::Problem;

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
        let strong = rest.strip_prefix(b"W/");
        let opaque = strong.unwrap_or(rest);
        let length = quoted_length(opaque)?;
        let comparable = strong.is_none() || comparison == Comparison::Weak;
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
