//! What axum and sqlx cost by themselves: the routes that are measured, and nothing else.

use std::{env, error::Error};

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    routing::get,
};
use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{
    FromRow, PgPool, Row,
    postgres::{PgPoolOptions, PgRow},
};
use tokio::net::TcpListener;
use uuid::Uuid;

const CREATE_TABLE: &str = r#"CREATE TABLE "items" (
    "id" uuid PRIMARY KEY NOT NULL,
    "name" text NOT NULL,
    "quantity" bigint NOT NULL,
    "created_at" timestamptz(3) NOT NULL,
    "updated_at" timestamptz(3) NOT NULL
)"#;

const PAGE_SIZE: usize = 20;

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

impl FromRow<'_, PgRow> for Item {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
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
    let pool = open(&env::var("DATABASE_URL")?).await?;
    let router = Router::new()
        .route("/v1/items", get(page).post(create))
        .route("/v1/items/{id}", get(one))
        .with_state(pool);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!(
        r#"{{"msg":"listening","addr":"{}"}}"#,
        listener.local_addr()?
    );
    axum::serve(listener, router).await?;
    Ok(())
}

/// Ten connections, as the emitted service has them.
async fn open(url: &str) -> sqlx::Result<PgPool> {
    let pool = PgPoolOptions::new()
        .max_connections(10)
        .connect(url)
        .await?;
    sqlx::query(CREATE_TABLE).execute(&pool).await?;
    Ok(pool)
}

async fn create(
    State(pool): State<PgPool>,
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
        .execute(&pool)
        .await
        .map_err(internal)?;
    Ok((StatusCode::CREATED, Json(item)))
}

async fn one(State(pool): State<PgPool>, Path(id): Path<Uuid>) -> Result<Json<Item>, StatusCode> {
    sqlx::query_as(r#"SELECT * FROM "items" WHERE "id" = $1"#)
        .bind(id)
        .fetch_optional(&pool)
        .await
        .map_err(internal)?
        .map(Json)
        .ok_or(StatusCode::NOT_FOUND)
}

async fn page(
    State(pool): State<PgPool>,
    Query(after): Query<After>,
) -> Result<Json<Page>, StatusCode> {
    let mut data: Vec<Item> =
        sqlx::query_as(r#"SELECT * FROM "items" WHERE "id" > $1 ORDER BY "id" LIMIT $2"#)
            .bind(after.cursor.unwrap_or_default())
            .bind(PAGE_SIZE as i64 + 1)
            .fetch_all(&pool)
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
