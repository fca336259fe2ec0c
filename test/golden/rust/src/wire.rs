//! How values look in JSON.
//!
//! The types' own serde forms take more than the contract allows (a UUID in braces, a leap second, year 0) or
//! less (the integer 1e2). A field opts in with `#[serde(with = "crate::wire")]`.

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, Utc};
use serde::{
    Deserialize, Deserializer, Serializer,
    de::{self, Unexpected, Visitor},
};
use uuid::Uuid;

pub trait Wire: Sized {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

pub fn deserialize<'de, T: Wire, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read(deserializer)
}

pub fn serialize<T: Wire, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.write(serializer)
}

impl Wire for i64 {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Integer)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(*self)
    }
}

impl Wire for NaiveDate {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parse(deserializer, date, "a date such as 2026-02-28")
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Wire for DateTime<Utc> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parse(
            deserializer,
            timestamp,
            "a time such as 2026-02-28T12:30:00.125Z",
        )
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl Wire for Uuid {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parse(deserializer, uuid, "a UUID of 36 characters")
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Option::<OnWire<T>>::deserialize(deserializer)?;
        Ok(value.map(|OnWire(value)| value))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => value.write(serializer),
            None => serializer.serialize_none(),
        }
    }
}

struct OnWire<T>(T);

impl<'de, T: Wire> Deserialize<'de> for OnWire<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self)
    }
}

/// A whole number, also when it is written as 1.0 or 1e2. What is out of range is left to `decode`.
struct Integer;

impl Visitor<'_> for Integer {
    type Value = i64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an integer")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<i64, E> {
        Ok(number)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<i64, E> {
        Ok(i64::try_from(number).unwrap_or(i64::MAX))
    }

    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates")]
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<i64, E> {
        if number.fract() == 0.0 {
            Ok(number as i64)
        } else {
            Err(E::invalid_type(Unexpected::Float(number), &self))
        }
    }
}

fn parse<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    parse: impl FnOnce(&str) -> Option<T>,
    expected: &str,
) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse(&text).ok_or_else(|| de::Error::invalid_value(Unexpected::Str(&text), &expected))
}

/// In any case, but with its four hyphens and nothing else.
pub fn uuid(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok())?
}

fn date(text: &str) -> Option<NaiveDate> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    // chrono also reads 2026-2-28 and +2026-02-28.
    let canonical = date.to_string() == text;
    (canonical && has_four_digit_year(&date)).then_some(date)
}

fn timestamp(text: &str) -> Option<DateTime<Utc>> {
    let local = DateTime::parse_from_rfc3339(text).ok()?;
    let time = local.to_utc();
    // chrono also reads a lower-case t or z, a space for the T, second 60 and any number of decimals.
    let decimals = text.get(20..)?.bytes().take_while(u8::is_ascii_digit);
    let canonical = text.as_bytes()[10] == b'T'
        && !text.ends_with('z')
        && text.get(17..19)? != "60"
        && decimals.count() <= 3;
    (canonical && has_four_digit_year(&local) && has_four_digit_year(&time)).then_some(time)
}

fn has_four_digit_year(date: &impl Datelike) -> bool {
    (1..=9999).contains(&date.year())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read<T: Wire>(value: &Value) -> Option<T> {
        T::read(value).ok()
    }

    fn rewritten<T: Wire>(text: &str) -> Option<String> {
        let value: T = read(&json!(text))?;
        let written = value.write(serde_json::value::Serializer).unwrap();
        Some(written.as_str().unwrap().to_owned())
    }

    #[test]
    fn an_integer_is_a_whole_number_however_it_is_written() {
        for (text, expected) in [
            ("1", Some(1)),
            ("1.0", Some(1)),
            ("1e2", Some(100)),
            ("-0.0", Some(0)),
            ("9007199254740991.0", Some(9_007_199_254_740_991)),
            ("1.5", None),
            ("true", None),
            (r#""1""#, None),
            ("null", None),
        ] {
            let value = serde_json::from_str(text).unwrap();
            assert_eq!(read::<i64>(&value), expected, "{text}");
        }
    }

    #[test]
    fn an_optional_value_may_be_null() {
        assert_eq!(read::<Option<i64>>(&Value::Null), Some(None));
        assert_eq!(read::<Option<i64>>(&json!(7)), Some(Some(7)));
        assert_eq!(read::<Option<i64>>(&json!("7")), None);
    }

    #[test]
    fn a_date_exists_and_has_ten_characters() {
        for text in ["2024-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(rewritten::<NaiveDate>(text).as_deref(), Some(text));
        }
        for text in [
            "2023-02-29",
            "0000-01-01",
            "10000-01-01",
            "2024-2-29",
            "+2024-02-29",
            " 2024-02-29",
            "2024-02-29T00:00:00Z",
            "",
        ] {
            assert_eq!(rewritten::<NaiveDate>(text), None, "{text}");
        }
    }

    #[test]
    fn a_timestamp_comes_with_any_offset_and_goes_in_utc() {
        for (text, expected) in [
            ("2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000Z"),
            ("2024-02-29T12:00:00.1+02:00", "2024-02-29T10:00:00.100Z"),
            ("2024-02-29T12:00:00.123-23:59", "2024-03-01T11:59:00.123Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
            ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
        ] {
            let written = rewritten::<DateTime<Utc>>(text);
            assert_eq!(written.as_deref(), Some(expected), "{text}");
        }
        for text in [
            "2024-02-29T12:00:00.1234Z",
            "2024-02-29T12:00:00.1000Z",
            "2024-02-29T23:59:60Z",
            "2024-02-29T24:00:00Z",
            "2024-02-30T12:00:00Z",
            "2024-02-29T12:00:00",
            "2024-02-29T12:00Z",
            "2024-02-29 12:00:00Z",
            "2024-02-29t12:00:00Z",
            "2024-02-29T12:00:00z",
            "2024-02-29T12:00:00.Z",
            "2024-02-29T12:00:00\u{2212}01:00",
            "0001-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-01:00",
            "0000-12-31T23:59:59-01:00",
            "2024-02-29",
        ] {
            assert_eq!(rewritten::<DateTime<Utc>>(text), None, "{text}");
        }
    }

    #[test]
    fn a_uuid_has_its_hyphens_and_goes_in_lower_case() {
        let lower = "018f4e5a-7b2c-7d3e-8f90-a1b2c3d4e5f6";
        let upper = lower.to_uppercase();
        assert_eq!(rewritten::<Uuid>(&upper).as_deref(), Some(lower));
        for text in [
            lower.replace('-', ""),
            format!("{{{lower}}}"),
            format!("urn:uuid:{lower}"),
            lower.replacen('-', "0", 1),
        ] {
            assert_eq!(rewritten::<Uuid>(&text), None, "{text}");
        }
    }
}
