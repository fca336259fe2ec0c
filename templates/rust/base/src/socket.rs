//! A socket that keeps the time of the requests and answers on it, and closes politely.
//!
//! hyper times a header from the end of the answer before it, which would end idle connections as well; it does not
//! tell when a request's first byte came, from which the deadline of its body counts; it waits for
//! ever for a client that does not read; and it closes a connection whose request it has not read to the end, which
//! resets it and can take the answer away from the client.

use std::{
    io, mem,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep, sleep_until},
};

/// Longer than the idle time of common load balancers, so that it is they who close a connection.
pub const IDLE_TIMEOUT: Duration = Duration::from_secs(75);

/// How long a client may go on sending after its answer.
pub const LINGER: Duration = Duration::from_secs(2);

/// An answer is flushing when hyper has taken all of it, and the kernel has not.
#[derive(Debug, Clone, Copy)]
enum Phase {
    Idle { until: Instant },
    ReadingHeader { since: Instant },
    Answering { has_body: bool },
    Flushing,
    Draining,
}

/// What the connection is doing, shared by the socket, which sees bytes, and the service, which sees requests.
#[derive(Debug, Clone)]
pub struct Activity(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    phase: Phase,
    /// The last bytes that have come and are not a body's: a blank line, or else half a header.
    tail: [u8; 3],
}

const BLANK_LINE: [u8; 3] = *b"\n\r\n";

impl Activity {
    fn idle_until(until: Instant) -> Self {
        Self(Arc::new(Mutex::new(State {
            phase: Phase::Idle { until },
            tail: BLANK_LINE,
        })))
    }

    /// Called with a complete header; tells when its first byte came.
    pub fn begin_answer(&self, has_body: bool) -> Instant {
        let mut state = self.state();
        if has_body {
            state.tail = BLANK_LINE;
        }
        match mem::replace(&mut state.phase, Phase::Answering { has_body }) {
            Phase::ReadingHeader { since } => since,
            // A pipelined header came together with the request before it.
            _ => Instant::now(),
        }
    }

    fn end_answer(&self) {
        let mut state = self.state();
        if let Phase::Answering { .. } = state.phase {
            state.phase = Phase::Flushing;
        }
    }

    /// Called when nothing is left to be written; tells whether an answer has become whole by that.
    fn flushed(&self) -> bool {
        let mut state = self.state();
        let answered = matches!(state.phase, Phase::Flushing);
        if answered {
            let now = Instant::now();
            state.phase = if state.tail == BLANK_LINE || state.tail.ends_with(b"\n\n") {
                let until = now + IDLE_TIMEOUT;
                Phase::Idle { until }
            } else {
                // hyper has read half a header ahead, and is silent about it.
                Phase::ReadingHeader { since: now }
            };
        }
        answered
    }

    /// Called when the connection shall end; tells whether half a header has come.
    pub fn drain(&self) -> bool {
        let before = mem::replace(&mut self.state().phase, Phase::Draining);
        matches!(before, Phase::ReadingHeader { .. })
    }

    fn read_bytes(&self, bytes: &[u8]) {
        let mut state = self.state();
        match state.phase {
            Phase::Answering { has_body: true } => return,
            Phase::Idle { .. } => {
                let since = Instant::now();
                state.phase = Phase::ReadingHeader { since };
            }
            _ => {}
        }
        for &byte in &bytes[bytes.len().saturating_sub(3)..] {
            state.tail = [state.tail[1], state.tail[2], byte];
        }
    }

    fn is_draining(&self) -> bool {
        matches!(self.state().phase, Phase::Draining)
    }

    fn deadline(&self, header_timeout: Duration) -> Option<Instant> {
        match self.state().phase {
            Phase::Idle { until } => Some(until),
            Phase::ReadingHeader { since } => Some(since + header_timeout),
            Phase::Answering { .. } | Phase::Flushing | Phase::Draining => None,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The body of an answer; hyper drops it when it has taken the last of it.
#[derive(Debug)]
pub struct Answer {
    pub body: Body,
    pub activity: Activity,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.activity.end_answer();
    }
}

#[derive(Debug)]
pub struct Socket {
    stream: TcpStream,
    activity: Activity,
    header_timeout: Duration,
    timer: Pin<Box<Sleep>>,
    write_timeout: Duration,
    /// Runs while the client takes nothing of what is to be written.
    stalled: Option<Pin<Box<Sleep>>>,
    lingers_until: Option<Instant>,
    /// Whether something has come that hyper did not want.
    has_dropped: bool,
}

impl Socket {
    /// The first header has its time from now on, and further ones from their first byte.
    pub fn new(stream: TcpStream, header_timeout: Duration, write_timeout: Duration) -> Self {
        let until = Instant::now() + header_timeout;
        Self {
            stream,
            activity: Activity::idle_until(until),
            header_timeout,
            timer: Box::pin(sleep_until(until)),
            write_timeout,
            stalled: None,
            lingers_until: None,
            has_dropped: false,
        }
    }

    pub fn activity(&self) -> Activity {
        self.activity.clone()
    }

    /// Ready when the connection has been idle, or a header on its way, for too long.
    fn poll_patience(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match self.activity.deadline(self.header_timeout) {
            Some(deadline) => self.poll_timer(cx, deadline),
            None => Poll::Pending,
        }
    }

    fn poll_timer(&mut self, cx: &mut Context<'_>, deadline: Instant) -> Poll<()> {
        if self.timer.deadline() != deadline {
            self.timer.as_mut().reset(deadline);
        }
        self.timer.as_mut().poll(cx)
    }

    fn time_write<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let timeout = self.write_timeout;
        let timer = self.stalled.get_or_insert_with(|| Box::pin(sleep(timeout)));
        ready!(timer.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Reads what still comes and drops it; in a shutdown only from a client that has not stopped sending.
    fn poll_linger(&mut self, cx: &mut Context<'_>, deadline: Instant) -> Poll<io::Result<()>> {
        let mut space = [0; 8 * 1024];
        loop {
            if self.poll_timer(cx, deadline).is_ready() {
                return Poll::Ready(Ok(()));
            }
            let mut buffer = ReadBuf::new(&mut space);
            let read = Pin::new(&mut self.stream).poll_read(cx, &mut buffer);
            if read.is_pending() && !self.has_dropped && self.activity.is_draining() {
                return Poll::Ready(Ok(()));
            }
            ready!(read)?;
            if buffer.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            self.has_dropped = true;
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        if let Poll::Ready(result) = Pin::new(&mut self.stream).poll_read(cx, buffer) {
            let bytes = &buffer.filled()[before..];
            if !bytes.is_empty() {
                self.activity.read_bytes(bytes);
            }
            return Poll::Ready(result);
        }
        ready!(self.poll_patience(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.time_write(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.time_write(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        if self.activity.flushed() {
            // hyper may wait for the next request already, with no timer to wake it.
            let _ = self.poll_patience(cx);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let deadline = if let Some(deadline) = self.lingers_until {
            deadline
        } else {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
            *self.lingers_until.insert(Instant::now() + LINGER)
        };
        self.poll_linger(cx, deadline)
    }
}
