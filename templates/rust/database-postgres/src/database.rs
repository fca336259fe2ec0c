//! PostgreSQL: a pool of connections, and one more that tells whether the server answers.

use std::{
    borrow::Cow,
    error::Error,
    fmt, io,
    ops::{Deref, DerefMut},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection as _, Pool, Postgres, SqlSafeStr,
    migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator},
    pool::PoolConnection,
    postgres::{PgArguments, PgConnectOptions, PgConnection, PgPoolOptions, PgRow},
    query_scalar, raw_sql,
};
use tokio::{
    sync::{Mutex, watch},
    time::{Instant, sleep, timeout},
};
use uuid::Uuid;

use crate::problem::Problem;

#[cfg(test)]
pub mod testing;

pub type Driver = Postgres;
pub type Row = PgRow;
pub type Query = sqlx::query::Query<'static, Driver, PgArguments>;

pub const DEFAULT_URL: Option<&str> = None;

const CONNECTIONS: u32 = 10;

/// How long a statement is tried again, and how long it waits for a connection or a lock, at most; neither is more than
/// a quarter of the request's time.
const PATIENCE: Duration = Duration::from_secs(4);

/// How often a statement is tried when what was in its way may have passed.
const ATTEMPTS: u32 = 3;

/// The longest pause before the second attempt; before the third it is twice as long.
const PAUSE: Duration = Duration::from_millis(20);

/// For so long after its last answer a connection is taken for alive. To ask costs as much as a statement.
const FRESH: Duration = Duration::from_secs(1);

/// How long a start waits for the server.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

#[cfg(test)]
pub const ANY_URL: &str = "postgres://localhost/any";

/// As sqlx calls it.
const MIGRATIONS_TABLE: &str = "_sqlx_migrations";

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
    source: Source,
    pool: Pool<Driver>,
    probe: Arc<Mutex<Option<PgConnection>>>,
    /// When a connection was last found lost, which none is trusted after that is older.
    lost: watch::Sender<Instant>,
    patience: Duration,
    statement_timeout: Duration,
    answer_timeout: Duration,
}

impl Database {
    /// Applies the migrations where that has not been done.
    pub async fn open(source: &Source, request_timeout: Duration) -> Result<Self, Box<dyn Error>> {
        // Waiting for another instance's migrations is no slow statement.
        let quiet = source.0.clone().disable_statement_logging();
        let mut connection = timeout(CONNECT_TIMEOUT, quiet.connect())
            .await
            .map_err(|_| "the database does not answer")??;
        migrate(&mut connection).await?;
        connection.close().await?;
        Ok(Self::lazy(source, request_timeout))
    }

    /// Connects when there is something to be done.
    fn lazy(source: &Source, request_timeout: Duration) -> Self {
        let patience = PATIENCE.min(request_timeout / 4);
        let statement_timeout = request_timeout * 3 / 8;
        let options = source.0.clone().options([
            ("statement_timeout", millis(statement_timeout)),
            ("lock_timeout", millis(patience)),
            (
                "idle_in_transaction_session_timeout",
                millis(request_timeout),
            ),
        ]);
        let lost = watch::Sender::new(Instant::now());
        let last_loss = lost.clone();
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(patience)
            .test_before_acquire(false)
            .before_acquire(move |connection, known| {
                let trusted = known.age < last_loss.borrow().elapsed();
                Box::pin(async move {
                    if !trusted || known.idle_for < FRESH {
                        return Ok(trusted);
                    }
                    let answer = timeout(patience / 2, connection.ping()).await;
                    Ok(answer.is_ok_and(|answer| answer.is_ok()))
                })
            });
        Self {
            source: source.clone(),
            pool: pool.connect_lazy_with(options),
            probe: Arc::default(),
            lost,
            patience,
            statement_timeout,
            answer_timeout: request_timeout / 2,
        }
    }

    /// Runs a statement that reads, again on another connection when its own is lost.
    pub async fn read<T, F>(&self, statement: impl Fn(Connection) -> F) -> sqlx::Result<T>
    where
        F: Future<Output = sqlx::Result<T>>,
    {
        let passes = |read: &sqlx::Result<T>| {
            let error = read.as_ref().err();
            error.is_some_and(|error| is_conflict(error) || is_loss(error))
        };
        settle(self.patience, passes, || async {
            let connection = self.connection().await?;
            self.watch(statement(connection)).await
        })
        .await
    }

    /// Runs a statement that writes, which the server gives up before the deadline.
    pub async fn write<T, F>(
        &self,
        deadline: Instant,
        statement: impl Fn(Connection) -> F,
    ) -> Result<T, Problem>
    where
        F: Future<Output = sqlx::Result<T>>,
    {
        let passes = |sent: &Result<sqlx::Result<T>, _>| matches!(sent, Ok(Err(error)) if is_conflict(error));
        let sent = settle(self.patience, passes, || async {
            let mut connection = self.connection().await?;
            // The rest of the time is for the commit and for the answer.
            let limit = deadline.saturating_duration_since(Instant::now()) * 3 / 4;
            if limit < self.statement_timeout {
                self.watch(connection.limit(limit)).await?;
            }
            Ok::<_, sqlx::Error>(self.watch(statement(connection)).await)
        });
        match sent.await? {
            Err(error) if error.as_database_error().is_none() && is_loss(&error) => {
                tracing::error!(%error, "the database did not tell the outcome");
                Err(Problem::OutcomeUnknown)
            }
            told => Ok(told?),
        }
    }

    /// The pool tells that its time is over, whatever it has tried in vain until then.
    async fn connection(&self) -> sqlx::Result<Connection> {
        let acquired = self.pool.acquire().await;
        if let Err(sqlx::Error::PoolTimedOut) = acquired
            && let Ok(Err(cause)) = timeout(self.patience, self.ping()).await
        {
            return Err(cause);
        }
        Ok(Connection {
            inner: acquired?,
            patience: self.patience,
            limited: false,
        })
    }

    /// The server ends a statement before this does, unless it does not answer at all.
    async fn watch<T>(&self, statement: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
        let result = timeout(self.answer_timeout, statement)
            .await
            .unwrap_or_else(|late| Err(io::Error::from(late).into()));
        if result.as_ref().is_err_and(is_loss) {
            self.lost.send_replace(Instant::now());
        }
        result
    }

    /// On a connection that requests do not use.
    pub async fn ping(&self) -> sqlx::Result<()> {
        let mut probe = self.probe.lock().await;
        if let Some(mut connection) = probe.take()
            && connection.ping().await.is_ok()
        {
            *probe = Some(connection);
        } else {
            *probe = Some(self.source.0.connect().await?);
        }
        Ok(())
    }

    pub async fn close(&self) {
        if let Some(connection) = self.probe.lock().await.take() {
            let _ = connection.close().await;
        }
        self.pool.close().await;
    }
}

/// Tries again while the result is one that passes.
async fn settle<T, F>(patience: Duration, passes: impl Fn(&T) -> bool, attempt: impl Fn() -> F) -> T
where
    F: Future<Output = T>,
{
    let give_up = Instant::now() + patience;
    for number in 1..ATTEMPTS {
        let result = attempt().await;
        if !passes(&result) || Instant::now() >= give_up {
            return result;
        }
        sleep(up_to(PAUSE * number)).await;
    }
    attempt().await
}

/// A connection of a pool, for one statement.
///
/// When it comes back, which can be in the middle of a statement, sqlx asks it for a sign of life and waits for ever:
/// a network that loses packets would take one place in the pool after the other. What is given a limit here is what
/// sqlx runs for a connection that is dropped, though its documentation leaves it out.
pub struct Connection {
    inner: PoolConnection<Driver>,
    patience: Duration,
    limited: bool,
}

impl Connection {
    /// Gives its statement less time than usual, for which it is closed afterwards.
    async fn limit(&mut self, time: Duration) -> sqlx::Result<()> {
        self.limited = true;
        self.inner.close_on_drop();
        let set = format!("SET statement_timeout = {}", millis(time));
        raw_sql(AssertSqlSafe(set)).execute(&mut **self).await?;
        Ok(())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if !self.limited {
            tokio::spawn(timeout(self.patience, self.inner.return_to_pool()));
        }
    }
}

impl Deref for Connection {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.inner
    }
}

impl DerefMut for Connection {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.inner
    }
}

/// For a setting of the server, to which zero would be no limit.
fn millis(duration: Duration) -> String {
    duration.as_millis().max(1).to_string()
}

/// Each in a transaction of its own, under a lock that goes with the connection: a second instance waits for it and then
/// finds everything done.
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
    // A change to a table that is in use waits for less, since every request of the release that runs waits behind it.
    raw_sql(
        "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED;
         SET statement_timeout = 0;
         SET lock_timeout = '60s';
         SELECT pg_advisory_lock(5713045872);
         SET lock_timeout = '5s'",
    )
    .execute(&mut *connection)
    .await
    .map_err(|error| explain(error, "another instance migrates for more than 60 s"))?;
    migrate_under_lock(&migrator, connection)
        .await
        .map_err(|error| explain(error, "a table is in use for more than 5 s"))
}

/// A start with nothing to be done asks for no right to make tables.
async fn migrate_under_lock(
    migrator: &Migrator,
    connection: &mut PgConnection,
) -> Result<(), MigrateError> {
    let known: bool = query_scalar("SELECT to_regclass($1) IS NOT NULL")
        .bind(MIGRATIONS_TABLE)
        .fetch_one(&mut *connection)
        .await?;
    if known {
        let applied = connection.list_applied_migrations(MIGRATIONS_TABLE).await?;
        let is_applied = |migration: &Migration| {
            let mut applied = applied.iter();
            applied.any(|it| it.version == migration.version && it.checksum == migration.checksum)
        };
        if migrator.iter().all(is_applied) {
            return Ok(());
        }
    }
    migrator.run(connection).await
}

/// The server says of a lock only that its time is over.
fn explain(error: impl Into<MigrateError>, lock: &str) -> Box<dyn Error> {
    match error.into() {
        MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _)
            if code(&cause).as_deref() == Some("55P03") =>
        {
            format!("the migrations waited for a lock in vain, {lock}: {cause}").into()
        }
        error => error.into(),
    }
}

/// By chance, so that two that met do not meet again.
fn up_to(longest: Duration) -> Duration {
    // The last byte of a UUID of version 7 is random.
    let random = Uuid::now_v7().as_bytes()[15];
    longest * u32::from(random) / u32::from(u8::MAX)
}

/// A serialization failure or a deadlock, by SQLSTATE: the server has undone the statement for another's sake.
fn is_conflict(error: &sqlx::Error) -> bool {
    matches!(code(error).as_deref(), Some("40001" | "40P01"))
}

/// Whether trying again later can help.
pub fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
        _ => is_loss(error) || code(error).is_some_and(|code| is_passing(&code)),
    }
}

/// By SQLSTATE: a login that the server refuses, conflicts with other transactions and exhausted resources by their
/// class; then a lock and a statement over their time.
fn is_passing(code: &str) -> bool {
    matches!(code.get(..2), Some("28" | "40" | "53")) || matches!(code, "55P03" | "57014")
}

/// Whether the connection is of no more use, and others may be like it: broken, ended by a server that stops, or to
/// one that has become a standby, which answers and writes nothing.
fn is_loss(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) => true,
        _ => code(error).is_some_and(|code| {
            code.starts_with("08") || matches!(&*code, "25006" | "57P01" | "57P02" | "57P03")
        }),
    }
}

fn code(error: &sqlx::Error) -> Option<Cow<'_, str>> {
    error.as_database_error()?.code()
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

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

    const UNAVAILABLE: Problem = Problem::Unavailable("the database is not available");

    /// What a newer release leaves behind.
    const NEWER: &str = "
        INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        SELECT version + 1000, description, success, checksum, execution_time
        FROM _sqlx_migrations";

    fn in_time() -> Instant {
        Instant::now() + Duration::from_secs(30)
    }

    async fn open(temporary: &testing::Temporary) -> Database {
        let source = Source::parse(&temporary.url()).unwrap();
        let database = Database::open(&source, Duration::from_secs(30)).await;
        database.unwrap()
    }

    /// Waits for the only connection of the pool.
    async fn returned(database: &Database) {
        while database.pool.num_idle() == 0 {
            sleep(Duration::from_millis(1)).await;
        }
    }

    async fn attempt(database: &Database, enough: i64, code: &str) -> Result<i64, Problem> {
        let call = async |mut db: Connection| {
            let query = query_scalar("SELECT attempt($1, $2)");
            query.bind(enough).bind(code).fetch_one(&mut *db).await
        };
        database.write(in_time(), call).await
    }

    #[tokio::test]
    async fn a_late_statement_is_given_up_by_the_server() {
        let temporary = testing::Temporary::new();
        let database = open(&temporary).await;
        let sleep = async |mut db: Connection| {
            let sleep = raw_sql("SELECT pg_sleep(1)");
            sleep.execute(&mut *db).await
        };
        let soon = Instant::now() + Duration::from_millis(400);
        let problem = database.write(soon, sleep).await.unwrap_err();
        assert_eq!(problem, UNAVAILABLE);
        // On a connection that has all its time.
        database.write(in_time(), sleep).await.unwrap();
        database.close().await;
    }

    #[tokio::test]
    async fn a_server_that_refuses_is_told_by_its_reason() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let source = Source::parse(&format!("postgres://someone@{address}/any")).unwrap();
        let database = Database::lazy(&source, Duration::from_millis(400));
        let read = database.read(async |_| Ok(())).await.unwrap_err();
        assert!(read.to_string().contains("refused"), "{read}");
        assert!(is_unavailable(&read));
        let ping = database.ping().await.unwrap_err();
        assert!(ping.to_string().contains("refused"), "{ping}");
    }

    #[tokio::test]
    async fn a_server_that_is_a_standby_now_is_left() {
        let temporary = testing::Temporary::new();
        let database = open(&temporary).await;
        let demote = async |mut db: Connection| {
            let demote = raw_sql("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY");
            demote.execute(&mut *db).await
        };
        let create = async |mut db: Connection| {
            let create = raw_sql("CREATE TABLE created ()");
            create.execute(&mut *db).await
        };
        database.write(in_time(), demote).await.unwrap();
        returned(&database).await;
        let problem = database.write(in_time(), create).await.unwrap_err();
        assert_eq!(problem, UNAVAILABLE);
        returned(&database).await;
        database.write(in_time(), create).await.unwrap();
        database.close().await;
    }

    #[tokio::test]
    async fn a_reader_whose_connection_is_ended_gets_another() {
        let temporary = testing::Temporary::new();
        let database = open(&temporary).await;
        let own = async |mut db: Connection| {
            let own = query_scalar::<_, i32>("SELECT pg_backend_pid()");
            own.fetch_one(&mut *db).await
        };
        let first = database.read(own).await.unwrap();
        returned(&database).await;
        let end = sqlx::query("SELECT pg_terminate_backend($1, 10000)");
        let other = &mut database.source.0.connect().await.unwrap();
        end.bind(first).execute(other).await.unwrap();
        let second = database.read(own).await.unwrap();
        assert_ne!(first, second);
        database.close().await;
    }

    #[tokio::test]
    async fn a_migration_that_waits_for_a_table_says_so() {
        let temporary = testing::Temporary::new();
        open(&temporary).await.close().await;
        let source = Source::parse(&temporary.url()).unwrap();
        let mut other = source.0.connect().await.unwrap();
        let mut lock = other.begin().await.unwrap();
        raw_sql("LOCK TABLE _sqlx_migrations")
            .execute(&mut *lock)
            .await
            .unwrap();
        let started = Database::open(&source, Duration::from_secs(30)).await;
        let error = started.unwrap_err().to_string();
        assert!(error.contains("a table is in use"), "{error}");
        lock.rollback().await.unwrap();
    }

    #[tokio::test]
    async fn a_newer_database_is_served() {
        let temporary = testing::Temporary::new();
        let database = open(&temporary).await;
        sqlx::query(NEWER).execute(&database.pool).await.unwrap();
        database.close().await;
        open(&temporary).await.close().await;
    }

    #[tokio::test]
    async fn a_conflict_is_tried_three_times_and_then_passes() {
        let temporary = testing::Temporary::new();
        let database = open(&temporary).await;
        raw_sql(CONFLICT).execute(&database.pool).await.unwrap();

        assert_eq!(attempt(&database, 3, "40001").await.unwrap(), 3);
        assert_eq!(attempt(&database, 6, "40P01").await.unwrap(), 6);
        let problem = attempt(&database, 100, "40001").await.unwrap_err();
        assert_eq!(problem, UNAVAILABLE);
        assert_eq!(attempt(&database, 0, "40001").await.unwrap(), 10);

        // No conflict, so that the first attempt is the last.
        let problem = attempt(&database, 100, "22012").await.unwrap_err();
        assert_eq!(problem, Problem::Internal);
        assert_eq!(attempt(&database, 0, "40001").await.unwrap(), 12);
        database.close().await;
    }
}
