//! PostgreSQL: a pool of connections, and one more that tells whether the server answers.

use std::{error::Error, fmt, str::FromStr, time::Duration};

use sqlx::{
    ConnectOptions, Connection, Pool, Postgres, SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
    postgres::{PgArguments, PgConnectOptions, PgConnection, PgPoolOptions, PgRow},
};
use tokio::time::timeout;

#[cfg(test)]
pub mod testing;

pub type Driver = Postgres;
pub type Row = PgRow;
pub type Query = sqlx::query::Query<'static, Driver, PgArguments>;

pub const DEFAULT_URL: Option<&str> = None;

const CONNECTIONS: u32 = 10;

/// How long a request waits for a connection or a lock at most; never for more than half of its time, so that what
/// is given up is not done afterwards.
const LOCK_TIMEOUT: Duration = Duration::from_secs(4);

/// How long a start waits for the server.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

#[cfg(test)]
pub const ANY_URL: &str = "postgres://localhost/any";

const MIGRATIONS: &[(i64, &str, &str)] = &include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// Where the database is.
#[derive(Clone)]
pub struct Source(PgConnectOptions);

impl Source {
    /// `sslmode` and the other parameters are those of libpq.
    pub fn parse(url: &str) -> Result<Self, String> {
        let known = url.starts_with("postgres://") || url.starts_with("postgresql://");
        let options = PgConnectOptions::from_str(url).ok().filter(|_| known);
        options
            .map(|options| Self(options.application_name(env!("CARGO_PKG_NAME"))))
            .ok_or_else(|| "must be a postgres:// URL".to_owned())
    }
}

/// The options hold the password.
impl fmt::Debug for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Source")
    }
}

#[derive(Debug, Clone)]
pub struct Database {
    pool: Pool<Driver>,
    probe: Pool<Driver>,
}

impl Database {
    /// Applies the migrations where that has not been done.
    pub async fn open(source: &Source, request_timeout: Duration) -> Result<Self, Box<dyn Error>> {
        let mut connection = timeout(CONNECT_TIMEOUT, source.0.connect())
            .await
            .map_err(|_| "the database does not answer")??;
        migrate(&mut connection).await?;
        connection.close().await?;

        let lock_timeout = LOCK_TIMEOUT.min(request_timeout / 2);
        // Zero would be no limit.
        let millis = |duration: Duration| duration.as_millis().max(1).to_string();
        let options = source.0.clone().options([
            ("statement_timeout", millis(request_timeout * 3 / 4)),
            ("lock_timeout", millis(lock_timeout)),
            (
                "idle_in_transaction_session_timeout",
                millis(request_timeout),
            ),
        ]);
        let pool = PgPoolOptions::new().acquire_timeout(lock_timeout);
        Ok(Self {
            pool: pool
                .clone()
                .max_connections(CONNECTIONS)
                .connect_lazy_with(options.clone()),
            probe: pool.max_connections(1).connect_lazy_with(options),
        })
    }

    pub fn writer(&self) -> &Pool<Driver> {
        &self.pool
    }

    pub fn readers(&self) -> &Pool<Driver> {
        &self.pool
    }

    /// On a connection that requests do not use.
    pub async fn ping(&self) -> sqlx::Result<()> {
        sqlx::query("SELECT 1").execute(&self.probe).await?;
        Ok(())
    }

    pub async fn close(&self) {
        self.probe.close().await;
        self.pool.close().await;
    }
}

/// In one transaction, whose lock lets a second instance wait and then find everything done.
async fn migrate(connection: &mut PgConnection) -> Result<(), Box<dyn Error>> {
    let migrations = MIGRATIONS.iter().map(|&(version, description, sql)| {
        let sql = sql.into_sql_str();
        Migration::new(
            version,
            description.into(),
            MigrationType::Simple,
            sql,
            false,
        )
    });
    let mut migrator = Migrator::with_migrations(migrations.collect());
    migrator.set_locking(false);
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql("SET LOCAL lock_timeout = '60s'; SELECT pg_advisory_xact_lock(5713045872)")
        .execute(&mut *transaction)
        .await?;
    migrator.run(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(())
}

/// Whether trying again later can help.
pub fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::Io(_)
        | sqlx::Error::Tls(_) => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| is_passing(&code)),
        _ => false,
    }
}

/// By SQLSTATE: lost connections, conflicts with other transactions and exhausted resources by their class; then a
/// lock and a statement over their time, and a server that stops or starts.
fn is_passing(code: &str) -> bool {
    matches!(code.get(..2), Some("08" | "40" | "53"))
        || matches!(code, "55P03" | "57014" | "57P01" | "57P02" | "57P03")
}
