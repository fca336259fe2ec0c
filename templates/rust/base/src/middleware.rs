//! What happens around every request, whichever handler answers it.

use std::time::{Duration, Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{
        HeaderMap, HeaderValue, Version,
        header::{CONNECTION, HOST, X_CONTENT_TYPE_OPTIONS},
        uri::Authority,
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::time::timeout_at;
use tracing::{Instrument, Span};
use uuid::Uuid;

use crate::{
    problem::{self, Problem},
    server::{Arrival, Shutdown},
};

const REQUEST_ID: &str = "x-request-id";

/// What nginx logs for a client that closed the connection before its answer.
const CLIENT_GONE: u16 = 499;

/// Gives the request its id and its log line, and the answer the headers that every answer has.
pub async fn observe(State(shutdown): State<Shutdown>, request: Request, next: Next) -> Response {
    let request_id = request_id(request.headers());
    let id = request_id.to_str().unwrap_or_default();
    let route = request.extensions().get::<MatchedPath>();
    // At level error, so that a failure's line names its request at every LOG_LEVEL.
    let span = tracing::error_span!(
        "request",
        request_id = id,
        trace_id = trace_id(request.headers()),
        method = request.method().as_str(),
        route = route.map_or("", MatchedPath::as_str),
    );
    let mut line = LogLine {
        span: span.clone(),
        started: Instant::now(),
        status: CLIENT_GONE,
    };
    let answer = async {
        let response = if has_valid_host(&request) {
            next.run(request).await
        } else {
            Problem::BadRequest("one valid Host is needed".into()).into_response()
        };
        problem::complete(response, id).await
    };
    let mut response = answer.instrument(span).await;
    line.status = response.status().as_u16();

    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, request_id);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if shutdown.has_begun() {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Written when it is dropped, which also happens to a request whose client goes away before the answer.
struct LogLine {
    span: Span,
    started: Instant,
    status: u16,
}

impl Drop for LogLine {
    fn drop(&mut self) {
        let status = self.status;
        let duration_ms = (self.started.elapsed().as_secs_f64() * 1e6).round() / 1e3;
        let _entered = self.span.enter();
        tracing::info!(status, duration_ms, "request");
    }
}

/// The client's own id when it is fit to be logged and echoed, otherwise a new one.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    let own = headers.get(REQUEST_ID).filter(|id| {
        let id = id.as_bytes();
        (1..=128).contains(&id.len()) && id.iter().all(u8::is_ascii_graphic)
    });
    own.cloned().unwrap_or_else(|| {
        HeaderValue::try_from(Uuid::now_v7().to_string()).unwrap_or(HeaderValue::from_static("-"))
    })
}

/// The trace id of a valid `traceparent` (W3C Trace Context); an invalid one is as good as none.
fn trace_id(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all("traceparent").iter();
    let (value, None) = (values.next()?.to_str().ok()?, values.next()) else {
        return None;
    };
    let mut parts = value.splitn(5, '-');
    let version = hex(parts.next()?, 2)?;
    let trace_id = hex(parts.next()?, 32)?;
    let parent_id = hex(parts.next()?, 16)?;
    hex(parts.next()?, 2)?;
    // Later versions may append parts; 00 has none.
    let appended = parts.next().is_some();
    let valid = version != "ff"
        && !(version == "00" && appended)
        && trace_id.bytes().any(|digit| digit != b'0')
        && parent_id.bytes().any(|digit| digit != b'0');
    valid.then_some(trace_id)
}

fn hex(text: &str, digits: usize) -> Option<&str> {
    let is_lower_hex = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    (text.len() == digits && text.bytes().all(is_lower_hex)).then_some(text)
}

/// RFC 9112, section 3.2.
fn has_valid_host(request: &Request) -> bool {
    let mut hosts = request.headers().get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => request.version() == Version::HTTP_10,
        (Some(host), None) => host.is_empty() || is_host(host.as_bytes()),
        _ => false,
    }
}

/// An authority can have a user as well.
fn is_host(bytes: &[u8]) -> bool {
    !bytes.contains(&b'@') && Authority::try_from(bytes).is_ok()
}

/// When the request must have been answered, kept in its extensions.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(pub tokio::time::Instant);

/// Gives up on a handler, which may have made its change; the body has the same deadline, but an answer of its own.
pub async fn time_out(State(limit): State<Duration>, mut request: Request, next: Next) -> Response {
    let arrival = request.extensions().get::<Arrival>();
    let arrival = arrival.map_or_else(tokio::time::Instant::now, |arrival| arrival.0);
    let deadline = arrival + limit;
    request.extensions_mut().insert(Deadline(deadline));
    let late = if request.method().is_safe() {
        Problem::Unavailable("the request took too long")
    } else {
        Problem::OutcomeUnknown
    };
    timeout_at(deadline, next.run(request))
        .await
        .unwrap_or_else(|_| late.into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    fn parse(value: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert("traceparent", value.parse().unwrap());
        trace_id(&headers).map(str::to_owned)
    }

    #[test]
    fn a_valid_header_names_its_trace() {
        let value = format!("00-{TRACE}-00f067aa0ba902b7-01");
        assert_eq!(parse(&value).as_deref(), Some(TRACE));
        let later = format!("01-{TRACE}-00f067aa0ba902b7-01-more");
        assert_eq!(parse(&later).as_deref(), Some(TRACE));
    }

    #[test]
    fn an_invalid_header_is_ignored() {
        for value in [
            format!("ff-{TRACE}-00f067aa0ba902b7-01"),
            format!("00-{TRACE}-00f067aa0ba902b7-01-more"),
            format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase()),
            format!("00-{TRACE}-0000000000000000-01"),
            format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            format!("00-{TRACE}-01"),
            String::from("garbage"),
        ] {
            assert_eq!(parse(&value), None, "{value}");
        }
    }
}
