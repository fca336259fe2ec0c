//! Logs as one JSON object a line on stdout.
//!
//! The names are `time`, `level`, `msg` and flat fields, as in every service that shares the log query;
//! tracing-subscriber's own JSON names and nests them differently.

use std::{
    fmt,
    io::{self, Write},
    mem,
    net::SocketAddr,
    panic,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

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

/// Logged at every level, because whoever starts the process waits for it.
const LISTENING: &str = "listening";

/// How many bytes wait for the reader; further lines are dropped and counted.
const CAPACITY: usize = 1024 * 1024;

/// Between two writes, so that lines under load go together: to wake the thread for each costs as much as its request.
const PAUSE: Duration = Duration::from_millis(5);

/// Own lines from `level` up; those of the libraries only when something is wrong. Answers with the log, which is to be
/// flushed before the end.
pub fn init(level: Level) -> Lines {
    let lines = Lines::to(io::stdout(), dropped);
    // Refused only when there is a subscriber already.
    let _ = tracing::subscriber::set_global_default(subscriber(level, &lines));
    panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or_default();
        let location = panic.location().map(ToString::to_string);
        tracing::error!(panic = message, location, "panicked");
    }));
    lines
}

fn subscriber(level: Level, lines: &Lines) -> impl Subscriber + use<> {
    let libraries = LevelFilter::from_level(level).min(LevelFilter::WARN);
    let filter = Targets::new()
        .with_default(libraries)
        .with_target(env!("CARGO_CRATE_NAME"), level)
        .with_target(LISTENING, LevelFilter::INFO);
    Registry::default()
        .with(filter)
        .with(JsonLines(lines.clone()))
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

/// The way to stdout, on a thread of its own: a reader that is slow, or stands still, holds up no request.
#[derive(Clone, Default)]
pub struct Lines(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<u8>,
    dropped: usize,
    writing: bool,
}

impl Lines {
    /// `missing` makes the line that tells how many were dropped before it.
    pub fn to(out: impl Write + Send + 'static, missing: fn(usize) -> Vec<u8>) -> Self {
        let lines = Self::default();
        let thread = lines.clone();
        thread::spawn(move || thread.write(out, missing));
        lines
    }

    /// A line is whole and ends with its newline.
    pub fn push(&self, line: &[u8]) {
        let mut state = self.state();
        if state.waiting.len() + line.len() > CAPACITY {
            state.dropped += 1;
            return;
        }
        state.waiting.extend_from_slice(line);
        if !state.writing {
            self.0.changed.notify_all();
        }
    }

    /// Waits until all is written, or for the limit.
    pub fn flush(&self, limit: Duration) {
        let changed = &self.0.changed;
        let remains = |state: &mut State| state.writing || !state.waiting.is_empty();
        let _ = changed.wait_timeout_while(self.state(), limit, remains);
    }

    fn write(&self, mut out: impl Write, missing: fn(usize) -> Vec<u8>) {
        let mut batch = Vec::new();
        loop {
            let mut state = self.state();
            state.writing = false;
            self.0.changed.notify_all();
            while state.waiting.is_empty() {
                let waited = self.0.changed.wait(state);
                state = waited.unwrap_or_else(PoisonError::into_inner);
            }
            state.writing = true;
            mem::swap(&mut batch, &mut state.waiting);
            let dropped = mem::take(&mut state.dropped);
            drop(state);

            if dropped > 0 {
                batch.extend(missing(dropped));
            }
            // Nobody is left to be told when stdout is closed.
            let _ = out.write_all(&batch);
            batch.clear();
            thread::sleep(PAUSE);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        let state = self.0.state.lock();
        state.unwrap_or_else(PoisonError::into_inner)
    }
}

/// The log of all tests together, as they run in one process: each looks for the ids of its own requests.
#[cfg(test)]
pub mod testing {
    use std::sync::LazyLock;

    use super::*;

    pub struct Log {
        lines: Lines,
        written: Written,
    }

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    /// Begins with the first call.
    pub fn log() -> &'static Log {
        static LOG: LazyLock<Log> = LazyLock::new(|| {
            let written = Written::default();
            let lines = Lines::to(written.clone(), dropped);
            tracing::subscriber::set_global_default(subscriber(Level::INFO, &lines)).unwrap();
            Log { lines, written }
        });
        &LOG
    }

    impl Log {
        pub fn text(&self) -> String {
            self.lines.flush(Duration::from_secs(10));
            String::from_utf8(self.written.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{BufRead, BufReader, Read},
        sync::mpsc::channel,
    };

    use super::*;

    #[test]
    fn what_nobody_reads_is_dropped_and_counted() {
        let (reader, writer) = io::pipe().unwrap();
        let lines = Lines::to(writer, |dropped| format!("{dropped}\n").into_bytes());
        let line = [&[b'x'; 99][..], b"\n"].concat();
        let sent = 3 * CAPACITY / line.len();
        for _ in 0..sent {
            lines.push(&line);
        }
        let (sender, read) = channel();
        thread::spawn(move || {
            let mut lines = BufReader::new(reader).lines().map_while(Result::ok);
            lines.try_for_each(|line| sender.send(line))
        });

        let (mut whole, mut missing) = (0, 0);
        while whole + missing < sent {
            let line = read.recv_timeout(Duration::from_mins(1)).unwrap();
            match line.parse::<usize>() {
                Ok(dropped) => missing += dropped,
                Err(_) => whole += 1,
            }
        }
        assert_eq!(whole + missing, sent);
        assert_ne!(missing, 0);
    }

    #[test]
    fn a_flush_waits_for_what_was_pushed() {
        let (mut reader, writer) = io::pipe().unwrap();
        let lines = Lines::to(writer, |_| Vec::new());
        lines.push(b"one\n");
        lines.push(b"two\n");
        lines.flush(Duration::from_secs(10));
        let mut read = [0; 8];
        reader.read_exact(&mut read).unwrap();
        assert_eq!(&read, b"one\ntwo\n");
    }
}
