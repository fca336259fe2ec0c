//! What axum and sqlx cost by themselves: the routes that are measured, and nothing else.

use std::{env, error::Error, str::FromStr, time::Duration};

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    routing::get,
};
use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{
    FromRow, Row, SqlitePool,
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
    },
};
use tokio::net::TcpListener;
use uuid::Uuid;

const CREATE_TABLE: &str = r#"CREATE TABLE "items" (
    "id" BLOB PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "created_at" TEXT NOT NULL,
    "updated_at" TEXT NOT NULL
) STRICT"#;

const PAGE_SIZE: usize = 20;

#[derive(Clone)]
struct Database {
    writer: SqlitePool,
    readers: SqlitePool,
}

#[derive(Deserialize)]
struct Fields {
    name: String,
    quantity: i64,
}

#[derive(Serialize)]
struct Item {
    id: Uuid,
    name: String,
    quantity: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl FromRow<'_, SqliteRow> for Item {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            quantity: row.try_get("quantity")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

#[derive(Deserialize)]
struct After {
    cursor: Option<Uuid>,
}

#[derive(Serialize)]
struct Page {
    data: Vec<Item>,
    next_cursor: Option<Uuid>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let database = open(&env::var("DATABASE_URL")?).await?;
    let router = Router::new()
        .route("/v1/items", get(page).post(create))
        .route("/v1/items/{id}", get(one))
        .with_state(database);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!(r#"{{"msg":"listening","addr":"{}"}}"#, listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

/// One connection that writes and four that read, as the emitted service has them.
async fn open(url: &str) -> sqlx::Result<Database> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(Duration::from_secs(5));
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .test_before_acquire(false)
        .connect_with(options.clone())
        .await?;
    sqlx::query(CREATE_TABLE).execute(&writer).await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(4)
        .test_before_acquire(false)
        .connect_lazy_with(options.read_only(true));
    Ok(Database { writer, readers })
}

async fn create(
    State(database): State<Database>,
    Json(fields): Json<Fields>,
) -> Result<(StatusCode, Json<Item>), StatusCode> {
    let now = Utc::now().trunc_subsecs(3);
    let item = Item {
        id: Uuid::now_v7(),
        name: fields.name,
        quantity: fields.quantity,
        created_at: now,
        updated_at: now,
    };
    sqlx::query(r#"INSERT INTO "items" VALUES ($1, $2, $3, $4, $5)"#)
        .bind(item.id)
        .bind(&item.name)
        .bind(item.quantity)
        .bind(item.created_at)
        .bind(item.updated_at)
        .execute(&database.writer)
        .await
        .map_err(internal)?;
    Ok((StatusCode::CREATED, Json(item)))
}

async fn one(
    State(database): State<Database>,
    Path(id): Path<Uuid>,
) -> Result<Json<Item>, StatusCode> {
    sqlx::query_as(r#"SELECT * FROM "items" WHERE "id" = $1"#)
        .bind(id)
        .fetch_optional(&database.readers)
        .await
        .map_err(internal)?
        .map(Json)
        .ok_or(StatusCode::NOT_FOUND)
}

async fn page(
    State(database): State<Database>,
    Query(after): Query<After>,
) -> Result<Json<Page>, StatusCode> {
    let mut data: Vec<Item> =
        sqlx::query_as(r#"SELECT * FROM "items" WHERE "id" > $1 ORDER BY "id" LIMIT $2"#)
            .bind(after.cursor.unwrap_or_default())
            .bind(PAGE_SIZE as i64 + 1)
            .fetch_all(&database.readers)
            .await
            .map_err(internal)?;
    let more = data.len() > PAGE_SIZE;
    data.truncate(PAGE_SIZE);
    let next_cursor = data.last().filter(|_| more).map(|item| item.id);
    Ok(Json(Page { data, next_cursor }))
}

fn internal(_: sqlx::Error) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}
