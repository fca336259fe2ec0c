//! A database of its own for every test.

use std::{env, io, thread, time::Duration};

use sqlx::{AssertSqlSafe, Connection, PgConnection, raw_sql};
use tokio::{runtime::Runtime, time::timeout};
use uuid::Uuid;

/// A schema that is dropped in the end, in the database that TEST_DATABASE_URL names.
pub struct Temporary {
    server: String,
    schema: String,
}

impl Temporary {
    pub fn new() -> Self {
        let server = env::var("TEST_DATABASE_URL")
            .unwrap_or_else(|_| "postgres://postgres:postgres@127.0.0.1:5432/postgres".to_owned());
        let schema = format!("test_{}", Uuid::now_v7().simple());
        let temporary = Self { server, schema };
        if let Err(error) = temporary.execute(format!("CREATE SCHEMA {}", temporary.schema)) {
            panic!("{error}: run `docker compose up -d --wait database` or set TEST_DATABASE_URL");
        }
        temporary
    }

    pub fn url(&self) -> String {
        let Self { server, schema } = self;
        let separator = if server.contains('?') { '&' } else { '?' };
        format!("{server}{separator}options[search_path]={schema}")
    }

    /// On a thread of its own, because that of a test can be in a runtime already.
    fn execute(&self, sql: String) -> sqlx::Result<()> {
        let execute = async {
            let mut connection = PgConnection::connect(&self.server).await?;
            raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
            connection.close().await
        };
        let in_time = async {
            let executed = timeout(Duration::from_mins(1), execute).await;
            executed.map_err(io::Error::from)?
        };
        thread::scope(|scope| {
            let thread = scope.spawn(|| Runtime::new()?.block_on(in_time));
            thread.join().unwrap()
        })
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = self.execute(format!("DROP SCHEMA {} CASCADE", self.schema));
    }
}
