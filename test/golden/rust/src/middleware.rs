//! What happens around every request, whichever handler answers it.

use std::time::{Duration, Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{
        HeaderMap, HeaderValue, Version,
        header::{CONNECTION, HOST, X_CONTENT_TYPE_OPTIONS},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::time::timeout_at;
use tracing::Instrument;
use uuid::Uuid;

use crate::{
    problem::{self, Problem},
    server::{Arrival, Shutdown},
    telemetry::trace_id,
};

const REQUEST_ID: &str = "x-request-id";

/// Gives the request its id and its log line, and the answer the headers that every answer has.
pub async fn observe(State(shutdown): State<Shutdown>, request: Request, next: Next) -> Response {
    let started = Instant::now();
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
    let response = async {
        if lacks_host(&request) {
            return Problem::BadRequest("the Host header is missing".into()).into_response();
        }
        next.run(request).await
    };
    let response = response.instrument(span.clone()).await;
    let mut response = problem::complete(response, id);
    span.in_scope(|| {
        let status = response.status().as_u16();
        let duration_ms = (started.elapsed().as_secs_f64() * 1e6).round() / 1e3;
        tracing::info!(status, duration_ms, "request");
    });

    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, request_id);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if shutdown.has_begun() {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
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

fn lacks_host(request: &Request) -> bool {
    request.version() == Version::HTTP_11
        && !request.headers().contains_key(HOST)
        && request.uri().host().is_none()
}

/// When the request must have been answered, kept in its extensions.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(pub tokio::time::Instant);

/// Gives up on a handler; the body has the same deadline, but an answer of its own.
pub async fn time_out(State(limit): State<Duration>, mut request: Request, next: Next) -> Response {
    let arrival = request.extensions().get::<Arrival>();
    let arrival = arrival.map_or_else(tokio::time::Instant::now, |arrival| arrival.0);
    let deadline = arrival + limit;
    request.extensions_mut().insert(Deadline(deadline));
    timeout_at(deadline, next.run(request))
        .await
        .unwrap_or_else(|_| Problem::Unavailable("the request took too long").into_response())
}
