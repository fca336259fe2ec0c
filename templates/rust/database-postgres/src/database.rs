//! PostgreSQL: a pool of connections, and one more that tells whether the server answers.

use std::{borrow::Cow, error::Error, fmt, str::FromStr, time::Duration};

use sqlx::{
    ConnectOptions, Connection, Pool, Postgres, SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
    postgres::{PgArguments, PgConnectOptions, PgConnection, PgPoolOptions, PgRow},
};
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

#[cfg(test)]
pub mod testing;

pub type Driver = Postgres;
pub type Row = PgRow;
pub type Query = sqlx::query::Query<'static, Driver, PgArguments>;

pub const DEFAULT_URL: Option<&str> = None;

const CONNECTIONS: u32 = 10;

/// How long a statement is tried again, and how long it waits for a connection or a lock, at most. Neither is more
/// than a quarter of the request's time, and a statement runs for three eighths of it: less than the whole together,
/// so that what is given up is not done afterwards.
const PATIENCE: Duration = Duration::from_secs(4);

/// How often a statement is tried that other transactions are in the way of.
const ATTEMPTS: u32 = 3;

/// The longest pause before the second attempt; before the third it is twice as long.
const PAUSE: Duration = Duration::from_millis(20);

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
    patience: Duration,
}

impl Database {
    /// Applies the migrations where that has not been done.
    pub async fn open(source: &Source, request_timeout: Duration) -> Result<Self, Box<dyn Error>> {
        let mut connection = timeout(CONNECT_TIMEOUT, source.0.connect())
            .await
            .map_err(|_| "the database does not answer")??;
        migrate(&mut connection).await?;
        connection.close().await?;

        let patience = PATIENCE.min(request_timeout / 4);
        // Zero would be no limit.
        let millis = |duration: Duration| duration.as_millis().max(1).to_string();
        let options = source.0.clone().options([
            ("statement_timeout", millis(request_timeout * 3 / 8)),
            ("lock_timeout", millis(patience)),
            (
                "idle_in_transaction_session_timeout",
                millis(request_timeout),
            ),
        ]);
        let pool = PgPoolOptions::new().acquire_timeout(patience);
        Ok(Self {
            pool: pool
                .clone()
                .max_connections(CONNECTIONS)
                .connect_lazy_with(options.clone()),
            probe: pool.max_connections(1).connect_lazy_with(options),
            patience,
        })
    }

    /// Runs a statement that reads.
    pub async fn read<'a, T, F>(
        &'a self,
        statement: impl Fn(&'a Pool<Driver>) -> F,
    ) -> sqlx::Result<T>
    where
        F: Future<Output = sqlx::Result<T>>,
    {
        self.settle(statement).await
    }

    /// Runs a statement that writes.
    pub async fn write<'a, T, F>(
        &'a self,
        statement: impl Fn(&'a Pool<Driver>) -> F,
    ) -> sqlx::Result<T>
    where
        F: Future<Output = sqlx::Result<T>>,
    {
        self.settle(statement).await
    }

    /// Tries again what the server has undone for another transaction's sake.
    async fn settle<'a, T, F>(
        &'a self,
        statement: impl Fn(&'a Pool<Driver>) -> F,
    ) -> sqlx::Result<T>
    where
        F: Future<Output = sqlx::Result<T>>,
    {
        let give_up = Instant::now() + self.patience;
        for attempt in 1..ATTEMPTS {
            match statement(&self.pool).await {
                Err(error) if is_conflict(&error) && Instant::now() < give_up => {
                    sleep(up_to(PAUSE * attempt)).await;
                }
                result => return result,
            }
        }
        statement(&self.pool).await
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
    // A release that is older than the database serves: rolled back, or started again beside a newer one.
    migrator.set_ignore_missing(true);
    let mut transaction = connection.begin().await?;
    // A snapshot from before the wait for the lock would not show what was migrated during it.
    sqlx::raw_sql(
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
         SET LOCAL lock_timeout = '60s';
         SELECT pg_advisory_xact_lock(5713045872)",
    )
    .execute(&mut *transaction)
    .await?;
    migrator.run(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(())
}

/// By chance, so that two that met do not meet again.
fn up_to(longest: Duration) -> Duration {
    // The last byte of a UUID of version 7 is random.
    let random = Uuid::now_v7().as_bytes()[15];
    longest * u32::from(random) / u32::from(u8::MAX)
}

/// A serialization failure or a deadlock, by SQLSTATE.
fn is_conflict(error: &sqlx::Error) -> bool {
    matches!(code(error).as_deref(), Some("40001" | "40P01"))
}

/// Whether trying again later can help.
pub fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::Io(_)
        | sqlx::Error::Tls(_) => true,
        _ => code(error).is_some_and(|code| is_passing(&code)),
    }
}

/// By SQLSTATE: lost connections, conflicts with other transactions and exhausted resources by their class; then a
/// lock and a statement over their time, and a server that stops or starts.
fn is_passing(code: &str) -> bool {
    matches!(code.get(..2), Some("08" | "40" | "53"))
        || matches!(code, "55P03" | "57014" | "57P01" | "57P02" | "57P03")
}

fn code(error: &sqlx::Error) -> Option<Cow<'_, str>> {
    error.as_database_error()?.code()
}

#[cfg(test)]
mod tests {
    use sqlx::{query_scalar, raw_sql};

    use super::*;

    /// A function that is in conflict until it has been called so many times; a sequence counts what is undone too.
    const CONFLICT: &str = "
        CREATE SEQUENCE attempts;
        CREATE FUNCTION attempt(enough bigint, code text) RETURNS bigint LANGUAGE plpgsql AS $$
        BEGIN
            IF nextval('attempts') < enough THEN
                RAISE EXCEPTION USING ERRCODE = code;
            END IF;
            RETURN currval('attempts');
        END $$";

    /// What a newer release leaves behind.
    const NEWER: &str = "
        INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        SELECT version + 1000, description, success, checksum, execution_time
        FROM _sqlx_migrations";

    async fn attempt(database: &Database, enough: i64, code: &str) -> sqlx::Result<i64> {
        let call = |db| {
            let query = query_scalar("SELECT attempt($1, $2)");
            query.bind(enough).bind(code).fetch_one(db)
        };
        database.write(call).await
    }

    #[tokio::test]
    async fn a_newer_database_is_served() {
        let temporary = testing::Temporary::new();
        let source = Source::parse(&temporary.url()).unwrap();
        let open = || Database::open(&source, Duration::from_secs(30));
        let database = open().await.unwrap();
        sqlx::query(NEWER).execute(&database.pool).await.unwrap();
        database.close().await;
        open().await.unwrap().close().await;
    }

    #[tokio::test]
    async fn a_conflict_is_tried_three_times_and_then_passes() {
        let temporary = testing::Temporary::new();
        let source = Source::parse(&temporary.url()).unwrap();
        let database = Database::open(&source, Duration::from_secs(30))
            .await
            .unwrap();
        raw_sql(CONFLICT).execute(&database.pool).await.unwrap();

        assert_eq!(attempt(&database, 3, "40001").await.unwrap(), 3);
        assert_eq!(attempt(&database, 6, "40P01").await.unwrap(), 6);
        let error = attempt(&database, 100, "40001").await.unwrap_err();
        assert!(is_unavailable(&error), "{error}");
        assert_eq!(attempt(&database, 0, "40001").await.unwrap(), 10);

        // No conflict, so that the first attempt is the last.
        let error = attempt(&database, 100, "22012").await.unwrap_err();
        assert!(!is_unavailable(&error), "{error}");
        assert_eq!(attempt(&database, 0, "40001").await.unwrap(), 12);
        database.close().await;
    }
}
