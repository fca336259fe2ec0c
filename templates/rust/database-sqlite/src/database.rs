//! SQLite: one connection that writes and a few that read.

use std::{error::Error, fs, path::PathBuf, time::Duration};

use sqlx::{
    Pool, SqlSafeStr, Sqlite,
    migrate::{Migration, MigrationType, Migrator},
    pool::PoolConnection,
    sqlite::{
        SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow,
        SqliteSynchronous,
    },
};
use tokio::time::{Instant, sleep, timeout_at};

#[cfg(test)]
pub mod testing;

pub type Driver = Sqlite;
pub type Row = SqliteRow;
pub type Connection = PoolConnection<Driver>;
pub type Query = sqlx::query::Query<'static, Driver, SqliteArguments>;

pub const DEFAULT_URL: Option<&str> = Some("sqlite://data/app.db");

/// SQLite writes one after the other whatever we do, and more readers than this only get in each other's way.
const READERS: u32 = 4;

/// How long a statement waits for a lock at most; never for more than half of the request's time.
const LOCK_TIMEOUT: Duration = Duration::from_secs(4);

/// How long to wait before a lock is asked for again.
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// How long a start waits for another instance's migrations.
const START_TIMEOUT: Duration = Duration::from_mins(1);

#[cfg(test)]
pub const ANY_URL: &str = "sqlite://any.db";

const MIGRATIONS: &[(i64, &str, &str)] = &include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source(PathBuf);

impl Source {
    pub fn parse(url: &str) -> Result<Self, String> {
        match url.strip_prefix("sqlite://") {
            Some(path) if !path.is_empty() && path != ":memory:" && !path.contains('?') => {
                Ok(Self(path.into()))
            }
            _ => Err("must be sqlite:// and the path of a file, without parameters".to_owned()),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Database {
    writer: Pool<Driver>,
    readers: Pool<Driver>,
    lock_timeout: Duration,
}

impl Database {
    /// Creates the file and applies the migrations where that has not been done.
    pub async fn open(source: &Source, request_timeout: Duration) -> Result<Self, Box<dyn Error>> {
        let lock_timeout = LOCK_TIMEOUT.min(request_timeout / 2);
        if let Some(folder) = source.0.parent() {
            fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        let options = SqliteConnectOptions::new()
            .filename(&source.0)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // With WAL what is committed survives the process; losing power can cost the last moments.
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(lock_timeout);
        // Connections stay open, also because readers cannot open a log that no writer keeps in use.
        let pool = SqlitePoolOptions::new()
            .acquire_timeout(lock_timeout)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false);
        let writing = pool.clone().max_connections(1);
        // What SQLite waits for by itself it does afterwards, also when the request has been given up meanwhile.
        let impatient = options.clone().busy_timeout(Duration::ZERO);
        let connect = || writing.clone().connect_with(impatient.clone());
        let writer = patiently(Instant::now() + START_TIMEOUT, connect).await?;
        let readers = pool
            .max_connections(READERS)
            .connect_lazy_with(options.read_only(true));
        let database = Self {
            writer,
            readers,
            lock_timeout,
        };
        database.migrate().await?;
        Ok(database)
    }

    /// Runs a statement that reads.
    pub async fn read<T, F>(&self, statement: impl FnOnce(Connection) -> F) -> sqlx::Result<T>
    where
        F: Future<Output = sqlx::Result<T>>,
    {
        statement(self.readers.acquire().await?).await
    }

    /// Runs a statement that writes, which waits for its turn until the deadline at most.
    pub async fn write<T, F>(
        &self,
        deadline: Instant,
        statement: impl Fn(Connection) -> F,
    ) -> sqlx::Result<T>
    where
        F: Future<Output = sqlx::Result<T>>,
    {
        let give_up = deadline.min(Instant::now() + self.lock_timeout);
        patiently(give_up, || async {
            let writer = timeout_at(give_up, self.writer.acquire())
                .await
                .map_err(|_| sqlx::Error::PoolTimedOut)??;
            statement(writer).await
        })
        .await
    }

    /// Reads from the file, which `SELECT 1` would not.
    pub async fn ping(&self) -> sqlx::Result<()> {
        sqlx::query("SELECT 1 FROM sqlite_schema LIMIT 1")
            .fetch_optional(&self.readers)
            .await?;
        Ok(())
    }

    pub async fn close(&self) {
        self.readers.close().await;
        // The last connection to close moves the log into the database.
        self.writer.close().await;
    }

    /// sqlx takes no lock for this on SQLite. One transaction that writes from its start lets a second instance
    /// wait here, and then find everything done.
    async fn migrate(&self) -> Result<(), Box<dyn Error>> {
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
        // A release that is older than the database serves: rolled back, or started again beside a newer one.
        migrator.set_ignore_missing(true);
        let begin = || self.writer.begin_with("BEGIN IMMEDIATE");
        let mut transaction = patiently(Instant::now() + START_TIMEOUT, begin).await?;
        migrator.run(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Waits for a lock as long as somebody waits for the outcome.
async fn patiently<T, F>(give_up: Instant, attempt: impl Fn() -> F) -> sqlx::Result<T>
where
    F: Future<Output = sqlx::Result<T>>,
{
    loop {
        match attempt().await {
            Err(error) if is_busy(&error) && Instant::now() < give_up => {
                sleep(LOCK_PAUSE).await;
            }
            result => return result,
        }
    }
}

fn is_busy(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::PoolTimedOut) || code(error) == Some(BUSY)
}

const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const IO_ERROR: i32 = 10;
const FULL: i32 = 13;
const CANNOT_OPEN: i32 = 14;

/// Whether trying again later can help.
pub fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
        _ => code(error)
            .is_some_and(|code| matches!(code, BUSY | LOCKED | IO_ERROR | FULL | CANNOT_OPEN)),
    }
}

fn code(error: &sqlx::Error) -> Option<i32> {
    let code: i32 = error.as_database_error()?.code()?.parse().ok()?;
    // The low byte is the class of an extended code.
    Some(code & 0xff)
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use sqlx::{ConnectOptions, Connection as _, SqliteConnection};
    use tokio::time::timeout;

    use super::*;

    /// What a newer release leaves behind.
    const NEWER: &str = "
        INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        SELECT version + 1000, description, success, checksum, execution_time
        FROM _sqlx_migrations";

    /// The service's own way to a database, and another program's.
    async fn open(temporary: &testing::Temporary) -> (Database, SqliteConnection) {
        let source = Source::parse(&temporary.url()).unwrap();
        let database = Database::open(&source, Duration::from_secs(30)).await;
        let other = SqliteConnectOptions::new().filename(&source.0);
        (database.unwrap(), other.connect().await.unwrap())
    }

    async fn create_table(mut db: Connection) -> sqlx::Result<()> {
        sqlx::query("CREATE TABLE created (id INTEGER)")
            .execute(&mut *db)
            .await?;
        Ok(())
    }

    #[tokio::test]
    async fn a_writer_waits_for_another_program() {
        let temporary = testing::Temporary::new();
        let (database, mut other) = open(&temporary).await;
        let lock = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
        let deadline = Instant::now() + Duration::from_secs(30);
        let mut write = pin!(database.write(deadline, create_table));
        let blocked = timeout(LOCK_PAUSE * 5, &mut write).await;
        assert!(blocked.is_err(), "{blocked:?}");
        lock.rollback().await.unwrap();
        write.await.unwrap();
    }

    #[tokio::test]
    async fn a_writer_waits_until_its_deadline() {
        let temporary = testing::Temporary::new();
        let (database, mut other) = open(&temporary).await;
        let lock = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
        let deadline = Instant::now() + LOCK_PAUSE * 5;
        let error = database.write(deadline, create_table).await.unwrap_err();
        assert!(is_unavailable(&error), "{error}");
        assert!(Instant::now() >= deadline);
        lock.rollback().await.unwrap();
    }

    #[tokio::test]
    async fn a_reader_cannot_write() {
        let temporary = testing::Temporary::new();
        let (database, _) = open(&temporary).await;
        let error = database.read(create_table).await.unwrap_err();
        assert!(error.to_string().contains("readonly"), "{error}");
    }

    #[tokio::test]
    async fn a_newer_database_is_served() {
        let temporary = testing::Temporary::new();
        let (database, _) = open(&temporary).await;
        sqlx::query(NEWER).execute(&database.writer).await.unwrap();
        database.close().await;
        let (database, _) = open(&temporary).await;
        database.close().await;
    }
}
