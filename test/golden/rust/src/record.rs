//! What every stored thing has beside its own fields.

use axum::{
    Json,
    http::header::ETAG,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, SubsecRound, Utc};
use serde::Serialize;
use sqlx::{FromRow, Row as _};
use uuid::Uuid;

use crate::database::Row;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record<F> {
    #[serde(with = "crate::wire")]
    pub id: Uuid,
    /// Counts the changes; two within one millisecond still differ in it.
    #[serde(skip)]
    pub version: i64,
    #[serde(flatten)]
    pub fields: F,
    #[serde(with = "crate::wire")]
    pub created_at: DateTime<Utc>,
    #[serde(with = "crate::wire")]
    pub updated_at: DateTime<Utc>,
}

impl<F> Record<F> {
    /// The id holds the time in milliseconds, and ascends even when the clock does not.
    pub fn new(fields: F) -> Self {
        let id = Uuid::now_v7();
        let created_at = id
            .get_timestamp()
            .and_then(|time| {
                let (seconds, nanos) = time.to_unix();
                DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
            })
            .unwrap_or_default();
        Self {
            id,
            version: 1,
            fields,
            created_at,
            updated_at: created_at,
        }
    }

    #[must_use]
    pub fn changed(&self, fields: F) -> Self {
        let now = Utc::now().trunc_subsecs(3);
        Self {
            id: self.id,
            version: self.version + 1,
            fields,
            created_at: self.created_at,
            updated_at: now.max(self.updated_at),
        }
    }

    pub fn etag(&self) -> String {
        format!(r#""{}""#, self.version)
    }
}

impl<F: Serialize> IntoResponse for Record<F> {
    fn into_response(self) -> Response {
        ([(ETAG, self.etag())], Json(self)).into_response()
    }
}

impl<'r, F: FromRow<'r, Row>> FromRow<'r, Row> for Record<F> {
    fn from_row(row: &'r Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            version: row.try_get("version")?,
            fields: F::from_row(row)?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}
