//! The fields of invoices, and their SQL.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, Row as _};

use crate::database::{Query, Row};
use crate::values::{Columns, Money};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub struct Fields {
    pub number: String,
    pub amount: Money,
    #[serde(with = "crate::wire")]
    pub due: NaiveDate,
    pub paid: bool,
    pub note: Option<String>,
}

impl Fields {
    /// In the order of the placeholders, which those of every record come before.
    pub fn bind(&self, mut query: Query) -> Query {
        query = query.bind(&self.number);
        query = self.amount.bind(query);
        query = query.bind(self.due);
        query = query.bind(self.paid);
        query = query.bind(&self.note);
        query
    }
}

impl FromRow<'_, Row> for Fields {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            number: row.try_get("number")?,
            amount: Columns::read(row, "amount")?,
            due: row.try_get("due")?,
            paid: row.try_get("paid")?,
            note: row.try_get("note")?,
        })
    }
}

pub const LIST: &str = r#"
    SELECT
        "id",
        "version",
        "created_at",
        "updated_at",
        "number",
        "amount_minor_units",
        "amount_currency",
        "due",
        "paid",
        "note"
    FROM "invoices"
    WHERE "id" > $1
    ORDER BY "id"
    LIMIT $2
"#;

pub const FIND: &str = r#"
    SELECT
        "id",
        "version",
        "created_at",
        "updated_at",
        "number",
        "amount_minor_units",
        "amount_currency",
        "due",
        "paid",
        "note"
    FROM "invoices"
    WHERE "id" = $1
"#;

pub const INSERT: &str = r#"
    INSERT INTO "invoices" (
        "id",
        "version",
        "created_at",
        "updated_at",
        "number",
        "amount_minor_units",
        "amount_currency",
        "due",
        "paid",
        "note"
    )
    VALUES (
        $1,
        $2,
        $3,
        $4,
        $5,
        $6,
        $7,
        $8,
        $9,
        $10
    )
"#;

/// The version that is bound is the new one.
pub const UPDATE: &str = r#"
    UPDATE "invoices"
    SET
        "version" = $2,
        "updated_at" = $3,
        "number" = $4,
        "amount_minor_units" = $5,
        "amount_currency" = $6,
        "due" = $7,
        "paid" = $8,
        "note" = $9
    WHERE "id" = $1 AND "version" = $2 - 1
"#;

pub const DELETE: &str = r#"
    DELETE FROM "invoices"
    WHERE "id" = $1 AND "version" = $2
"#;

/// Two bodies for the tests.
#[cfg(test)]
pub mod samples {
    pub const FIRST: &str = r#"{
        "number": "first",
        "amount": {"minor_units":1999,"currency":"EUR"},
        "due": "2026-01-31",
        "paid": false,
        "note": "first"
    }"#;

    pub const SECOND: &str = r#"{
        "number": "second",
        "amount": {"minor_units":2500,"currency":"EUR"},
        "due": "2026-02-28",
        "paid": true,
        "note": "second"
    }"#;
}
