//! Every refusal and every failure, and the one place where they become answers (RFC 9457).

use std::{borrow::Cow, fmt::Display, mem};

use axum::{
    Json,
    body::to_bytes,
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::database;

/// More than what axum tells of a failure.
const MAX_TEXT: usize = 10_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    BadRequest(Cow<'static, str>),
    NoSuchRoute,
    NoSuchRecord,
    MethodNotAllowed,
    BodyTimeout,
    PreconditionFailed,
    BodyTooLarge,
    UnsupportedMediaType(&'static [&'static str]),
    UnsupportedEncoding,
    Invalid(Vec<Fault>),
    PreconditionRequired,
    Internal,
    Unavailable(&'static str),
    /// Has no Retry-After: what is done must not be done again.
    OutcomeUnknown,
    /// What a library answered by itself.
    Other(StatusCode),
}

/// A member of the body and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// RFC 6901.
    pub pointer: String,
    pub detail: String,
}

impl Problem {
    /// Tells the log what it does not tell the client.
    pub fn internal(error: impl Display) -> Self {
        tracing::error!(%error, "the service failed");
        Self::Internal
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::NoSuchRoute | Self::NoSuchRecord => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType(_) | Self::UnsupportedEncoding => {
                StatusCode::UNSUPPORTED_MEDIA_TYPE
            }
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable(_) | Self::OutcomeUnknown => StatusCode::SERVICE_UNAVAILABLE,
            Self::Other(status) => *status,
        }
    }

    fn detail(&self) -> Cow<'static, str> {
        let detail = match self {
            Self::BadRequest(detail) => return detail.clone(),
            Self::UnsupportedMediaType(expected) => {
                return format!("the body must be {}", expected.join(" or ")).into();
            }
            Self::NoSuchRoute => "there is no such route",
            Self::NoSuchRecord => "there is no record with this id",
            Self::MethodNotAllowed => "the Allow header lists the methods of this route",
            Self::BodyTimeout => "the body did not arrive in time",
            Self::PreconditionFailed => "the record has changed since",
            Self::BodyTooLarge => "the body is over the limit",
            Self::UnsupportedEncoding => "the body must not have a Content-Encoding",
            Self::Invalid(_) => "the body is not valid",
            Self::PreconditionRequired => "If-Match is required",
            Self::Internal => "the service failed",
            Self::Unavailable(detail) => detail,
            Self::OutcomeUnknown => "It is not known whether the change was made.",
            Self::Other(_) => "the request was refused",
        };
        detail.into()
    }
}

impl IntoResponse for Problem {
    /// The body follows in [`complete`], since a handler does not know the request's id.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        match self {
            Self::BodyTimeout => insert(&mut response, CONNECTION, "close"),
            Self::Unavailable(_) => insert(&mut response, RETRY_AFTER, "1"),
            _ => {}
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives every answer of 400 and above its problem body, whoever made it: a handler, a layer or axum itself, whose own
/// text is for the log.
pub async fn complete(mut response: Response, request_id: &str) -> Response {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let problem = response.extensions_mut().remove();
    if problem.is_none() && status.is_server_error() {
        let text = to_bytes(mem::take(response.body_mut()), MAX_TEXT).await;
        let error = String::from_utf8_lossy(&text.unwrap_or_default()).into_owned();
        tracing::error!(error, "a library failed");
    }
    let problem = problem.unwrap_or(Problem::Other(status));
    let body = Body {
        r#type: "about:blank",
        title: status.canonical_reason().unwrap_or("Error"),
        status: status.as_u16(),
        detail: &problem.detail(),
        request_id,
        errors: match &problem {
            Problem::Invalid(faults) => faults,
            _ => &[],
        },
    };
    *response.body_mut() = Json(body).into_response().into_body();
    response.headers_mut().remove(CONTENT_LENGTH);
    insert(&mut response, CONTENT_TYPE, "application/problem+json");
    response
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "<[Fault]>::is_empty")]
    errors: &'a [Fault],
}

fn insert(response: &mut Response, name: HeaderName, value: &'static str) {
    response
        .headers_mut()
        .insert(name, HeaderValue::from_static(value));
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        if database::is_unavailable(&error) {
            tracing::warn!(%error, "the database is not available");
            Self::Unavailable("the database is not available")
        } else {
            tracing::error!(%error, "the database failed");
            Self::Internal
        }
    }
}
