//! The life of the process: configuration, database, listener, signals, exit code.

#![cfg_attr(not(test), warn(clippy::expect_used, clippy::unwrap_used))]

mod app;
mod config;
mod database;
mod document;
mod extract;
mod middleware;
mod problem;
mod record;
mod resources;
mod server;
mod socket;
mod telemetry;
mod values;
mod wire;

use std::{error::Error, io, process, sync::Arc, time::Duration};

use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    time::timeout,
};
use tracing::Level;

use crate::{
    app::{App, router},
    config::Config,
    database::Database,
    server::{End, Shutdown},
};

/// A statement that waits for a lock must not hold the exit once its request has been cut.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// How long the last lines of the log may take.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(500);

const SUCCESS: i32 = 0;
const FAILURE: i32 = 1;

#[tokio::main]
async fn main() {
    let config = Config::from_env();
    let level = config.as_ref().map_or(Level::INFO, |it| it.log_level);
    let log = telemetry::init(level);
    let code = match config {
        Ok(config) => live(Arc::new(config)).await.unwrap_or_else(|error| {
            tracing::error!(error = error.to_string(), "could not start");
            FAILURE
        }),
        Err(faults) => {
            tracing::error!(errors = faults.join("; "), "bad configuration");
            FAILURE
        }
    };
    log.flush(FLUSH_TIMEOUT);
    // To return would be to wait for what cannot be cancelled, such as a host name that is looked up.
    process::exit(code)
}

async fn live(config: Arc<Config>) -> Result<i32, Box<dyn Error>> {
    let signals = Signals::new()?;
    let shutdown = Shutdown::new();
    tokio::select! {
        code = serve(config, &shutdown) => code,
        code = obey(signals, &shutdown) => Ok(code),
    }
}

async fn serve(config: Arc<Config>, shutdown: &Shutdown) -> Result<i32, Box<dyn Error>> {
    let (database, listener) = tokio::select! {
        started = start(&config) => started?,
        _ = shutdown.begun() => return Ok(SUCCESS),
    };
    telemetry::listening(listener.local_addr()?);

    let app = App::new(config.clone(), database.clone(), shutdown.clone());
    let end = server::serve(listener, router(app), &config, shutdown).await;
    let _ = timeout(CLOSE_TIMEOUT, database.close()).await;
    Ok(match end {
        End::Drained => {
            tracing::info!("stopped");
            SUCCESS
        }
        End::Cut(requests) => {
            tracing::warn!(requests, "stopped, cutting requests");
            FAILURE
        }
    })
}

async fn start(config: &Config) -> Result<(Database, TcpListener), Box<dyn Error>> {
    let database = Database::open(&config.database, config.request_timeout).await?;
    let Config { host, port, .. } = config;
    let listener = TcpListener::bind((host.as_str(), *port)).await;
    let listener = listener.map_err(|error| format!("{host}:{port} (HOST, PORT): {error}"))?;
    Ok((database, listener))
}

/// The first signal begins the shutdown; the second ends the process with the code that a shell gives it.
async fn obey(mut signals: Signals, shutdown: &Shutdown) -> i32 {
    let (signal, _) = signals.next().await;
    tracing::info!(signal, "shutting down");
    shutdown.begin();
    let (signal, code) = signals.next().await;
    tracing::warn!(signal, "stopped at once");
    code
}

struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> (&'static str, i32) {
        tokio::select! {
            _ = self.interrupt.recv() => ("SIGINT", 130),
            _ = self.terminate.recv() => ("SIGTERM", 143),
        }
    }
}
