//! A socket that keeps the time of the requests on it.
//!
//! hyper times a header from the end of the answer before it, which would end idle connections as well, and it
//! does not tell when a request's first byte came, from which the deadline of its body counts.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};

/// Longer than the idle time of common load balancers, so that it is they who close a connection.
const IDLE_TIMEOUT: Duration = Duration::from_secs(75);

#[derive(Debug, Clone, Copy)]
enum Phase {
    Idle { since: Instant },
    ReadingHeader { since: Instant },
    Answering,
}

/// What the connection is doing, shared by the socket, which sees bytes, and the service, which sees requests.
#[derive(Debug, Clone)]
pub struct Activity(Arc<Mutex<Phase>>);

impl Activity {
    fn new() -> Self {
        let since = Instant::now();
        Self(Arc::new(Mutex::new(Phase::Idle { since })))
    }

    /// Called with a complete header; answers when its first byte came.
    pub fn begin_answer(&self) -> Instant {
        match std::mem::replace(&mut *self.phase(), Phase::Answering) {
            Phase::ReadingHeader { since } => since,
            // A pipelined header was read together with the request before it.
            Phase::Idle { .. } | Phase::Answering => Instant::now(),
        }
    }

    pub fn end_answer(&self) {
        let since = Instant::now();
        *self.phase() = Phase::Idle { since };
    }

    pub fn is_reading_header(&self) -> bool {
        matches!(*self.phase(), Phase::ReadingHeader { .. })
    }

    fn byte_came(&self) {
        let mut phase = self.phase();
        if let Phase::Idle { .. } = *phase {
            let since = Instant::now();
            *phase = Phase::ReadingHeader { since };
        }
    }

    fn deadline(&self, header_timeout: Duration) -> Option<Instant> {
        match *self.phase() {
            Phase::Idle { since } => Some(since + IDLE_TIMEOUT),
            Phase::ReadingHeader { since } => Some(since + header_timeout),
            Phase::Answering => None,
        }
    }

    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
pub struct Socket {
    stream: TcpStream,
    activity: Activity,
    header_timeout: Duration,
    timer: Pin<Box<Sleep>>,
}

impl Socket {
    pub fn new(stream: TcpStream, header_timeout: Duration) -> Self {
        Self {
            stream,
            activity: Activity::new(),
            header_timeout,
            timer: Box::pin(sleep_until(Instant::now() + IDLE_TIMEOUT)),
        }
    }

    pub fn activity(&self) -> Activity {
        self.activity.clone()
    }

    fn poll_deadline(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(deadline) = self.activity.deadline(self.header_timeout) else {
            return Poll::Pending;
        };
        if self.timer.deadline() != deadline {
            self.timer.as_mut().reset(deadline);
        }
        self.timer.as_mut().poll(cx)
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
            if buffer.filled().len() > before {
                self.activity.byte_came();
            }
            return Poll::Ready(result);
        }
        self.poll_deadline(cx)
            .map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
