//! The statements of `fields`, each as a function.

use sqlx::{Executor, query, query_as};
use uuid::Uuid;

use super::fields::{self, Fields};
use crate::{database::Driver, record::Record};

pub async fn list(
    db: impl Executor<'_, Database = Driver>,
    after: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<Record<Fields>>> {
    query_as(fields::LIST)
        .bind(after)
        .bind(limit)
        .fetch_all(db)
        .await
}

pub async fn find(
    db: impl Executor<'_, Database = Driver>,
    id: Uuid,
) -> sqlx::Result<Option<Record<Fields>>> {
    query_as(fields::FIND).bind(id).fetch_optional(db).await
}

pub async fn insert(
    db: impl Executor<'_, Database = Driver>,
    record: &Record<Fields>,
) -> sqlx::Result<()> {
    let query = query(fields::INSERT)
        .bind(record.id)
        .bind(record.version)
        .bind(record.created_at)
        .bind(record.updated_at);
    record.fields.bind(query).execute(db).await?;
    Ok(())
}

/// False when the record is no longer at the version before this one.
pub async fn update(
    db: impl Executor<'_, Database = Driver>,
    record: &Record<Fields>,
) -> sqlx::Result<bool> {
    let query = query(fields::UPDATE)
        .bind(record.id)
        .bind(record.version)
        .bind(record.updated_at);
    let done = record.fields.bind(query).execute(db).await?;
    Ok(done.rows_affected() > 0)
}

/// False when the record is no longer at this version.
pub async fn delete(
    db: impl Executor<'_, Database = Driver>,
    record: &Record<Fields>,
) -> sqlx::Result<bool> {
    let done = query(fields::DELETE)
        .bind(record.id)
        .bind(record.version)
        .execute(db)
        .await?;
    Ok(done.rows_affected() > 0)
}
