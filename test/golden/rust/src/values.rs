//! Types of fields that are more than one of the language's own.

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, Unexpected},
};
use sqlx::Row as _;

use crate::database::{Query, Row};

/// An amount in the smallest unit of its currency: 1999 and EUR are 19.99 euros.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub struct Money {
    #[serde(with = "crate::wire")]
    pub minor_units: i64,
    #[serde(deserialize_with = "read_code")]
    pub currency: String,
}

/// A code of ISO 4217 by its form; which ones are in use changes over the years.
fn read_code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let code = String::deserialize(deserializer)?;
    if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        Ok(code)
    } else {
        let expected = "three capital letters such as EUR";
        Err(D::Error::invalid_value(Unexpected::Str(&code), &expected))
    }
}

/// A field with two columns, named after it.
pub trait Columns: Sized {
    fn bind(&self, query: Query) -> Query;
    fn read(row: &Row, field: &str) -> sqlx::Result<Self>;
}

impl Columns for Money {
    fn bind(&self, query: Query) -> Query {
        query.bind(self.minor_units).bind(&self.currency)
    }

    fn read(row: &Row, field: &str) -> sqlx::Result<Self> {
        Ok(Self {
            minor_units: row.try_get(minor_units(field).as_str())?,
            currency: row.try_get(currency(field).as_str())?,
        })
    }
}

impl Columns for Option<Money> {
    fn bind(&self, query: Query) -> Query {
        let money = self.as_ref();
        query
            .bind(money.map(|money| money.minor_units))
            .bind(money.map(|money| &money.currency))
    }

    fn read(row: &Row, field: &str) -> sqlx::Result<Self> {
        let amount: Option<i64> = row.try_get(minor_units(field).as_str())?;
        amount.map(|_| Money::read(row, field)).transpose()
    }
}

fn minor_units(field: &str) -> String {
    format!("{field}_minor_units")
}

fn currency(field: &str) -> String {
    format!("{field}_currency")
}
