//! The accept loop.
//!
//! `axum::serve` sets no timeout on a header and waits for idle connections when it shuts down, so the loop is
//! here: one task a connection, and an end that waits for requests only.

use std::{io::ErrorKind, pin::pin, time::Duration};

use axum::{Router, body::Body};
use hyper::{
    Request,
    body::{Body as _, Incoming},
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep, sleep_until, timeout_at},
};

use crate::{
    config::Config,
    socket::{Answer, Socket},
};

const MAX_HEADER_BYTES: usize = 32 * 1024;

/// When the first byte of a request came, kept in its extensions.
#[derive(Debug, Clone, Copy)]
pub struct Arrival(pub Instant);

#[derive(Debug, PartialEq, Eq)]
pub enum End {
    Drained,
    /// How many answers were not written to their last byte when the time was over.
    Cut(usize),
}

/// Serves until the shutdown begins and its delay is over, then waits for the requests in flight.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    config: &Config,
    shutdown: &Shutdown,
) -> End {
    let closing = watch::Sender::new(());
    let mut connections = JoinSet::new();
    let mut stop = pin!(async {
        let began = shutdown.begun().await;
        let deadline = began + config.shutdown_timeout;
        sleep_until(deadline.min(began + config.shutdown_delay)).await;
        deadline
    });
    let deadline = loop {
        tokio::select! {
            deadline = &mut stop => break deadline,
            Some(_) = connections.join_next() => {}
            stream = accept(&listener) => {
                let socket = Socket::new(stream, config.header_timeout, config.request_timeout);
                connections.spawn(converse(socket, router.clone(), closing.subscribe()));
            }
        }
    };
    drop(listener);
    closing.send_replace(());
    let drained = async { while connections.join_next().await.is_some() {} };
    match timeout_at(deadline, drained).await {
        Ok(()) => End::Drained,
        Err(_) => End::Cut(connections.len()),
    }
}

async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Without it a small answer can wait for the client's delayed acknowledgement.
                let _ = stream.set_nodelay(true);
                return stream;
            }
            Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
            Err(error) => {
                // Out of file descriptors, most likely: trying at once would only spin. A connection that ends meanwhile
                // makes the loop try again.
                tracing::warn!(%error, "could not accept a connection");
                sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// Serves one connection until either side closes it, or until `closing` finds no request on it.
async fn converse(socket: Socket, router: Router, mut closing: watch::Receiver<()>) {
    let activity = socket.activity();
    let router = TowerToHyperService::new(router);
    let service = service_fn(|request: Request<Incoming>| {
        let activity = activity.clone();
        let arrival = activity.begin_answer(!request.body().is_end_stream());
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Arrival(arrival));
        let answer = router.call(request);
        async move {
            let answer = answer.await;
            answer.map(|answer| answer.map(|body| Answer { body, activity }))
        }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .max_header_size(MAX_HEADER_BYTES)
            .serve_connection(TokioIo::new(socket), service)
    );
    let result = tokio::select! {
        result = connection.as_mut() => result,
        _ = closing.changed() => {
            // hyper would wait for the rest of a half-read header.
            if activity.drain() {
                return;
            }
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, "connection ended early");
    }
}

/// The one fact that signals, probes, answers and the accept loop share: whether the end has begun, and when.
#[derive(Debug, Clone)]
pub struct Shutdown(watch::Sender<Option<Instant>>);

impl Shutdown {
    pub fn new() -> Self {
        Self(watch::Sender::new(None))
    }

    pub fn begin(&self) {
        self.0.send_replace(Some(Instant::now()));
    }

    pub fn has_begun(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Waits for the beginning and says when it was.
    pub async fn begun(&self) -> Instant {
        let mut state = self.0.subscribe();
        loop {
            if let Some(instant) = *state.borrow_and_update() {
                return instant;
            }
            // The sender lives in `self`, so the channel cannot close.
            let _ = state.changed().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{net::SocketAddr, sync::Arc};

    use axum::routing::get;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        sync::Semaphore,
        time::{advance, pause, resume, timeout},
    };

    use super::*;
    use crate::{
        app::testing::Service,
        socket::{IDLE_TIMEOUT, LINGER},
    };

    const QUICK: &str = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const SLOW: &str = "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const LARGE: &str = "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const HALF: &str = "GET /livez HTTP/1.1\r\nHost: loc";

    /// More than the buffers of two sockets hold.
    const LARGE_BYTES: usize = 16 * 1024 * 1024;
    const END_OF_LARGE: &str = "the end";

    /// What a slow handler and its test tell each other.
    struct Gate {
        entered: Semaphore,
        released: Semaphore,
    }

    async fn start(settings: &[(&str, &str)]) -> (Service, Arc<Gate>) {
        let gate = Arc::new(Gate {
            entered: Semaphore::new(0),
            released: Semaphore::new(0),
        });
        let inside = gate.clone();
        let slow = get(async move || {
            inside.entered.add_permits(1);
            let _ = inside.released.acquire().await;
        });
        let large = get(async || " ".repeat(LARGE_BYTES) + END_OF_LARGE);
        let routes = Router::new().route("/slow", slow).route("/large", large);
        (Service::start_with(routes, settings).await, gate)
    }

    /// No test waits for ever.
    async fn in_time<F: IntoFuture>(future: F) -> F::Output {
        timeout(Duration::from_mins(1), future).await.unwrap()
    }

    async fn send(address: SocketAddr, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    /// Until the server closes the connection.
    async fn read(mut stream: TcpStream) -> String {
        let mut text = String::new();
        in_time(stream.read_to_string(&mut text)).await.unwrap();
        text
    }

    /// Sends a request and reads the first byte of its answer. Connections are served in their order: what was sent
    /// before on others has been read as well.
    async fn begin(address: SocketAddr, request: &str) -> TcpStream {
        let mut stream = send(address, request).await;
        assert_eq!(in_time(stream.read(&mut [0])).await.unwrap(), 1);
        stream
    }

    /// On the clock of the timers, at once.
    async fn pass(seconds: u64) {
        pause();
        advance(Duration::from_secs(seconds)).await;
        resume();
    }

    #[tokio::test]
    async fn a_request_in_flight_is_answered() {
        let (service, gate) = start(&[]).await;
        let (address, serving) = service.listen().await;
        let stream = send(address, SLOW).await;
        in_time(gate.entered.acquire()).await.unwrap().forget();
        service.app.shutdown.begin();
        gate.released.add_permits(1);
        let answer = read(stream).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("connection: close"), "{answer}");
        assert_eq!(in_time(serving).await.unwrap(), End::Drained);
    }

    #[tokio::test]
    async fn an_answer_in_flight_is_written_to_its_end() {
        let (service, _) = start(&[]).await;
        let (address, serving) = service.listen().await;
        let followed_by_half = begin(address, &format!("{LARGE}{HALF}")).await;
        let followed_by_more = begin(address, &LARGE.repeat(10_000)).await;
        service.app.shutdown.begin();
        for stream in [followed_by_half, followed_by_more] {
            assert!(read(stream).await.ends_with(END_OF_LARGE));
        }
        assert_eq!(in_time(serving).await.unwrap(), End::Drained);
    }

    #[tokio::test]
    async fn what_takes_too_long_is_cut() {
        let (service, gate) = start(&[]).await;
        let (address, serving) = service.listen().await;
        let unanswered = send(address, SLOW).await;
        in_time(gate.entered.acquire()).await.unwrap().forget();
        let unread = begin(address, LARGE).await;
        service.app.shutdown.begin();
        pass(8).await;
        assert_eq!(in_time(serving).await.unwrap(), End::Cut(2));
        assert_eq!(read(unanswered).await, "");
        assert!(!read(unread).await.ends_with(END_OF_LARGE));
    }

    #[tokio::test]
    async fn a_connection_without_a_request_does_not_hold_the_end() {
        let (service, _) = start(&[]).await;
        let (address, serving) = service.listen().await;
        let unused = send(address, "").await;
        let half = send(address, HALF).await;
        let used = begin(address, QUICK).await;
        service.app.shutdown.begin();
        let end = timeout(LINGER, serving).await.unwrap();
        assert_eq!(end.unwrap(), End::Drained);
        drop((unused, half, used));
    }

    #[tokio::test]
    async fn new_connections_are_taken_until_the_delay_is_over() {
        let (service, _) = start(&[("SHUTDOWN_DELAY_MS", "7000")]).await;
        let (address, serving) = service.listen().await;
        service.app.shutdown.begin();
        let answer = read(send(address, QUICK).await).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        pass(7).await;
        assert_eq!(in_time(serving).await.unwrap(), End::Drained);
        assert!(TcpStream::connect(address).await.is_err());
    }

    #[tokio::test]
    async fn a_client_that_is_still_sending_gets_its_answer() {
        let (service, _) = start(&[]).await;
        let (address, _serving) = service.listen().await;
        let header = format!(
            "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: {LARGE_BYTES}\r\n\r\n"
        );
        let mut stream = send(address, &header).await;
        stream.write_all(&vec![b' '; LARGE_BYTES]).await.unwrap();
        let answer = read(stream).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    }

    #[tokio::test]
    async fn no_time_of_the_connection_runs_while_an_answer_is_written() {
        let (service, _) = start(&[("REQUEST_TIMEOUT_MS", "3600000")]).await;
        let (address, _serving) = service.listen().await;
        let mut stream = begin(address, LARGE).await;
        stream.write_all(HALF.as_bytes()).await.unwrap();
        let idle = begin(address, QUICK).await;
        pass(IDLE_TIMEOUT.as_secs()).await;
        assert!(!read(idle).await.is_empty());

        let mut answer = Vec::new();
        while !answer.ends_with(END_OF_LARGE.as_bytes()) {
            assert_ne!(in_time(stream.read_buf(&mut answer)).await.unwrap(), 0);
        }
        pass(10).await;
        assert_eq!(read(stream).await, "");
    }

    #[tokio::test]
    async fn a_client_that_does_not_read_is_cut() {
        let (service, _) = start(&[("SHUTDOWN_TIMEOUT_MS", "3600000")]).await;
        let (address, serving) = service.listen().await;
        let _unread = begin(address, LARGE).await;
        service.app.shutdown.begin();
        // The buffers may take some more meanwhile, and so begin the time anew.
        while !serving.is_finished() {
            pass(30).await;
            sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(in_time(serving).await.unwrap(), End::Drained);
    }

    #[tokio::test]
    async fn a_request_whose_client_goes_away_is_given_up() {
        let (service, gate) = start(&[]).await;
        let (address, _serving) = service.listen().await;
        let stream = send(address, SLOW).await;
        in_time(gate.entered.acquire()).await.unwrap().forget();
        drop(stream);
        let given_up = async {
            // The test, the router and the handler itself hold the gate.
            while Arc::strong_count(&gate) > 2 {
                sleep(Duration::from_millis(1)).await;
            }
        };
        in_time(given_up).await;
    }

    #[tokio::test]
    async fn a_slow_header_is_closed_and_an_idle_connection_is_not() {
        let (service, _) = start(&[]).await;
        let (address, _serving) = service.listen().await;
        let unused = send(address, "").await;
        let half = send(address, HALF).await;
        let idle = begin(address, QUICK).await;
        in_time(idle.readable()).await.unwrap();
        pass(10).await;
        assert_eq!(read(unused).await, "");
        assert_eq!(read(half).await, "");
        let mut rest = [0; 1024];
        while idle.try_read(&mut rest).is_ok_and(|read| read > 0) {}
        assert!(
            idle.try_read(&mut [0])
                .is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
        );
    }

    #[tokio::test]
    async fn a_request_has_one_valid_host() {
        let (service, _) = start(&[]).await;
        let (address, _serving) = service.listen().await;
        for hosts in ["", "Host: a\r\nHost: a\r\n", "Host: a b\r\n"] {
            let request = format!("GET /livez HTTP/1.1\r\nConnection: close\r\n{hosts}\r\n");
            let answer = read(send(address, &request).await).await;
            assert!(answer.starts_with("HTTP/1.1 400"), "{hosts}");
        }
    }
}
