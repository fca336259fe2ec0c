//! The statements of `fields`, each as a function.

use sqlx::{query, query_as};
use uuid::Uuid;

use super::fields::{self, Fields};
use crate::{database::Connection, record::Record};

pub async fn list(
    mut db: Connection,
    after: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<Record<Fields>>> {
    query_as(fields::LIST)
        .bind(after)
        .bind(limit)
        .fetch_all(&mut *db)
        .await
}

pub async fn find(mut db: Connection, id: Uuid) -> sqlx::Result<Option<Record<Fields>>> {
    query_as(fields::FIND)
        .bind(id)
        .fetch_optional(&mut *db)
        .await
}

pub async fn insert(mut db: Connection, record: &Record<Fields>) -> sqlx::Result<()> {
    let query = query(fields::INSERT)
        .bind(record.id)
        .bind(record.version)
        .bind(record.created_at)
        .bind(record.updated_at);
    record.fields.bind(query).execute(&mut *db).await?;
    Ok(())
}

/// False when the record is no longer at the version before this one.
pub async fn update(mut db: Connection, record: &Record<Fields>) -> sqlx::Result<bool> {
    let query = query(fields::UPDATE)
        .bind(record.id)
        .bind(record.version)
        .bind(record.updated_at);
    let done = record.fields.bind(query).execute(&mut *db).await?;
    Ok(done.rows_affected() > 0)
}

/// False when the record is no longer at this version.
pub async fn delete(mut db: Connection, record: &Record<Fields>) -> sqlx::Result<bool> {
    let done = query(fields::DELETE)
        .bind(record.id)
        .bind(record.version)
        .execute(&mut *db)
        .await?;
    Ok(done.rows_affected() > 0)
}
