//! Logs as one JSON object a line on stdout.
//!
//! The names are `time`, `level`, `msg` and flat fields, as in every service that shares the log query;
//! tracing-subscriber's own JSON names and nests them differently.

use std::{fmt, io, net::SocketAddr, panic};

use axum::http::HeaderMap;
use chrono::{SecondsFormat, Utc};
use serde::Serialize;
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
    span::{Attributes, Id},
};
use tracing_subscriber::{
    Layer,
    filter::Targets,
    layer::{Context, SubscriberExt},
    registry::{LookupSpan, Registry},
};

use crate::stdout::Lines;

/// Logged at every level, because whoever starts the process waits for it.
const LISTENING: &str = "listening";

/// Own lines from `level` up; those of the libraries only when something is wrong. Answers with the log, which is to be
/// flushed before the end.
pub fn init(level: Level) -> Lines {
    let lines = Lines::to(io::stdout(), dropped);
    let libraries = LevelFilter::from_level(level).min(LevelFilter::WARN);
    let filter = Targets::new()
        .with_default(libraries)
        .with_target(env!("CARGO_CRATE_NAME"), level)
        .with_target(LISTENING, LevelFilter::INFO);
    let subscriber = Registry::default()
        .with(filter)
        .with(JsonLines(lines.clone()));
    // Refused only when there is a subscriber already.
    let _ = tracing::subscriber::set_global_default(subscriber);
    panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or_default();
        let location = panic.location().map(ToString::to_string);
        tracing::error!(panic = message, location, "panicked");
    }));
    lines
}

pub fn listening(addr: SocketAddr) {
    tracing::info!(target: LISTENING, %addr, "listening");
}

struct JsonLines(Lines);

impl<S> Layer<S> for JsonLines
where
    S: Subscriber + for<'lookup> LookupSpan<'lookup>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut members = Members::default();
            attributes.record(&mut members);
            span.extensions_mut().insert(members);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut members = Members::default();
        event.record(&mut members);
        let mut line = begin_line(*event.metadata().level(), &members.message);
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(of_span) = span.extensions().get::<Members>() {
                line.extend_from_slice(&of_span.rest);
            }
        }
        line.extend_from_slice(&members.rest);
        line.extend_from_slice(b"}\n");
        self.0.push(&line);
    }
}

fn begin_line(level: Level, message: &str) -> Vec<u8> {
    let time = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
    let mut line = Vec::with_capacity(256);
    line.extend_from_slice(br#"{"time":"#);
    append(&mut line, &time);
    line.extend_from_slice(br#","level":"#);
    append(&mut line, name(level));
    line.extend_from_slice(br#","msg":"#);
    append(&mut line, message);
    line
}

fn dropped(lines: usize) -> Vec<u8> {
    let mut line = begin_line(Level::WARN, "log lines dropped");
    line.extend_from_slice(br#","dropped":"#);
    append(&mut line, &lines);
    line.extend_from_slice(b"}\n");
    line
}

/// The fields of a span or an event as JSON members, each with a comma before it.
#[derive(Default)]
struct Members {
    message: String,
    rest: Vec<u8>,
}

impl Members {
    fn push<T: Serialize + ?Sized>(&mut self, field: &Field, value: &T) {
        self.rest.push(b',');
        append(&mut self.rest, field.name());
        self.rest.push(b':');
        append(&mut self.rest, value);
    }
}

impl Visit for Members {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            value.clone_into(&mut self.message);
        } else {
            self.push(field, value);
        }
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.push(field, &value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.push(field, &value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.push(field, &value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.push(field, &value);
    }
}

fn append<T: Serialize + ?Sized>(json: &mut Vec<u8>, value: &T) {
    // Text and numbers always serialize, and a Vec always takes them.
    let _ = serde_json::to_writer(json, value);
}

fn name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    }
}

/// The trace id of a valid `traceparent` (W3C Trace Context); an invalid one is as good as none.
pub fn trace_id(headers: &HeaderMap) -> Option<&str> {
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
