//! The life of the process: configuration, database, listener, signals, exit code.

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
    server::{self, End, Shutdown},
    telemetry,
};

/// A statement that waits for a lock must not hold the exit once its request has been cut.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

pub async fn run() -> ExitCode {
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(faults) => {
            telemetry::init(tracing::Level::INFO);
            tracing::error!(errors = faults.join("; "), "bad configuration");
            return ExitCode::FAILURE;
        }
    };
    telemetry::init(config.log_level);
    match serve(config).await {
        Ok(code) => code,
        Err(error) => {
            tracing::error!(error = error.to_string(), "could not start");
            ExitCode::FAILURE
        }
    }
}

async fn serve(config: Config) -> Result<ExitCode, Box<dyn Error>> {
    let signals = Signals::new()?;
    let database = Database::open(&config.database).await?;
    let listener = TcpListener::bind((config.host.as_str(), config.port)).await?;
    telemetry::listening(listener.local_addr()?);

    let config = Arc::new(config);
    let shutdown = Shutdown::new();
    let app = App::new(config.clone(), database.clone(), shutdown.clone());
    let end = tokio::select! {
        end = server::serve(listener, router(app), &config, &shutdown) => end,
        code = obey(signals, &shutdown) => return Ok(code),
    };
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
