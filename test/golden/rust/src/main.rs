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

use std::{error::Error, io, process::ExitCode, sync::Arc, time::Duration};

use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    time::timeout,
};

use crate::{
    app::{App, router},
    config::Config,
    database::Database,
    server::{End, Shutdown},
};

/// A statement that waits for a lock must not hold the exit once its request has been cut.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

#[tokio::main]
async fn main() -> ExitCode {
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(faults) => {
            telemetry::init(tracing::Level::INFO);
            tracing::error!(errors = faults.join("; "), "bad configuration");
            return ExitCode::FAILURE;
        }
    };
    telemetry::init(config.log_level);
    match live(Arc::new(config)).await {
        Ok(code) => code,
        Err(error) => {
            tracing::error!(error = error.to_string(), "could not start");
            ExitCode::FAILURE
        }
    }
}

async fn live(config: Arc<Config>) -> Result<ExitCode, Box<dyn Error>> {
    let signals = Signals::new()?;
    let shutdown = Shutdown::new();
    tokio::select! {
        code = serve(config, &shutdown) => code,
        code = obey(signals, &shutdown) => Ok(code),
    }
}

async fn serve(config: Arc<Config>, shutdown: &Shutdown) -> Result<ExitCode, Box<dyn Error>> {
    let (database, listener) = tokio::select! {
        started = start(&config) => started?,
        _ = shutdown.begun() => return Ok(ExitCode::SUCCESS),
    };
    telemetry::listening(listener.local_addr()?);

    let app = App::new(config.clone(), database.clone(), shutdown.clone());
    let end = server::serve(listener, router(app), &config, shutdown).await;
    let _ = timeout(CLOSE_TIMEOUT, database.close()).await;
    Ok(match end {
        End::Drained => {
            tracing::info!("stopped");
            ExitCode::SUCCESS
        }
        End::Cut(requests) => {
            tracing::warn!(requests, "stopped, cutting requests");
            ExitCode::FAILURE
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
async fn obey(mut signals: Signals, shutdown: &Shutdown) -> ExitCode {
    let (signal, _) = signals.next().await;
    tracing::info!(signal, "shutting down");
    shutdown.begin();
    let (signal, code) = signals.next().await;
    tracing::warn!(signal, "stopped at once");
    ExitCode::from(code)
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

    async fn next(&mut self) -> (&'static str, u8) {
        tokio::select! {
            _ = self.interrupt.recv() => ("SIGINT", 130),
            _ = self.terminate.recv() => ("SIGTERM", 143),
        }
    }
}
