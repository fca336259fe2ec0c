//! The environment, read once and checked whole.

use std::{env, ffi::OsString, fmt::Display, ops::RangeInclusive, str::FromStr, time::Duration};

use tracing::Level;

use crate::database::{self, Source};

const HOUR_MS: u64 = 3_600_000;

#[derive(Debug, Clone)]
pub struct Config {
    pub host: String,
    pub port: u16,
    pub database: Source,
    pub log_level: Level,
    pub max_body_bytes: usize,
    pub request_timeout: Duration,
    pub header_timeout: Duration,
    pub shutdown_delay: Duration,
    pub shutdown_timeout: Duration,
}

impl Config {
    /// Answers with every fault at once, each by its variable's name and never with the value, which may be secret.
    pub fn from_env() -> Result<Self, Vec<String>> {
        Self::read(|name| env::var_os(name))
    }

    pub(crate) fn read(get: impl Fn(&str) -> Option<OsString>) -> Result<Self, Vec<String>> {
        let mut from = Variables {
            get,
            faults: Vec::new(),
        };
        let host = from.parse("HOST", Some("127.0.0.1"), |text| Ok(text.to_owned()));
        let port = from.integer("PORT", "8080", 0..=u16::MAX);
        let database = from.parse("DATABASE_URL", database::DEFAULT_URL, Source::parse);
        let log_level = from.parse("LOG_LEVEL", Some("info"), level);
        let max_body_bytes = from.integer("MAX_BODY_BYTES", "1048576", 1..=1_000_000_000);
        let request_timeout = from.millis("REQUEST_TIMEOUT_MS", "30000", 1);
        let header_timeout = from.millis("HEADER_TIMEOUT_MS", "10000", 1);
        let shutdown_delay = from.millis("SHUTDOWN_DELAY_MS", "0", 0);
        let shutdown_timeout = from.millis("SHUTDOWN_TIMEOUT_MS", "8000", 1);
        let complete = || {
            Some(Self {
                host: host?,
                port: port?,
                database: database?,
                log_level: log_level?,
                max_body_bytes: max_body_bytes?,
                request_timeout: request_timeout?,
                header_timeout: header_timeout?.min(request_timeout?),
                shutdown_delay: shutdown_delay?,
                shutdown_timeout: shutdown_timeout?,
            })
        };
        if shutdown_delay >= shutdown_timeout && shutdown_timeout.is_some() {
            let fault = "SHUTDOWN_DELAY_MS must be less than SHUTDOWN_TIMEOUT_MS";
            from.faults.push(fault.to_owned());
        }
        complete()
            .filter(|_| from.faults.is_empty())
            .ok_or(from.faults)
    }
}

struct Variables<G> {
    get: G,
    faults: Vec<String>,
}

impl<G: Fn(&str) -> Option<OsString>> Variables<G> {
    /// `None` when there is a fault, which is then noted.
    fn parse<T>(
        &mut self,
        name: &str,
        default: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let parsed = match (self.get)(name).filter(|value| !value.is_empty()) {
            Some(value) => match value.to_str() {
                Some(text) => parse(text),
                None => Err("must be UTF-8".to_owned()),
            },
            None => match default {
                Some(text) => parse(text),
                None => Err("is required".to_owned()),
            },
        };
        parsed
            .map_err(|fault| self.faults.push(format!("{name} {fault}")))
            .ok()
    }

    fn integer<T>(&mut self, name: &str, default: &str, range: RangeInclusive<T>) -> Option<T>
    where
        T: FromStr + PartialOrd + Display,
    {
        self.parse(name, Some(default), |text| {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse()
                .ok()
                .filter(|number| digits && range.contains(number))
                .ok_or_else(|| {
                    let (low, high) = (range.start(), range.end());
                    format!("must be an integer from {low} to {high}")
                })
        })
    }

    fn millis(&mut self, name: &str, default: &str, low: u64) -> Option<Duration> {
        self.integer(name, default, low..=HOUR_MS)
            .map(Duration::from_millis)
    }
}

fn level(text: &str) -> Result<Level, String> {
    match text {
        "debug" => Ok(Level::DEBUG),
        "info" => Ok(Level::INFO),
        "warn" => Ok(Level::WARN),
        "error" => Ok(Level::ERROR),
        _ => Err("must be debug, info, warn or error".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Config, Vec<String>> {
        let variables: HashMap<_, _> = variables.iter().copied().collect();
        Config::read(|name| match variables.get(name) {
            Some(value) => Some(OsString::from(value)),
            None => (name == "DATABASE_URL").then(|| database::ANY_URL.into()),
        })
    }

    #[test]
    fn an_empty_variable_is_unset() {
        let config = read(&[("PORT", ""), ("LOG_LEVEL", "")]).unwrap();
        assert_eq!(config.port, 8080);
        assert_eq!(config.log_level, Level::INFO);
    }

    #[test]
    fn the_header_has_no_more_time_than_the_request() {
        let config = read(&[("REQUEST_TIMEOUT_MS", "500")]).unwrap();
        assert_eq!(config.header_timeout, Duration::from_millis(500));
    }

    #[test]
    fn the_delay_is_shorter_than_the_shutdown() {
        let faults = read(&[("SHUTDOWN_DELAY_MS", "8000")]).unwrap_err();
        assert_eq!(faults.len(), 1);
        assert!(faults[0].starts_with("SHUTDOWN_DELAY_MS"));
    }

    #[test]
    fn every_fault_is_reported_by_name_and_without_its_value() {
        let faults = read(&[
            ("PORT", "65536"),
            ("DATABASE_URL", "mysql://root:hunter2@localhost"),
            ("LOG_LEVEL", "INFO"),
            ("MAX_BODY_BYTES", "+1"),
            ("REQUEST_TIMEOUT_MS", "0"),
            ("SHUTDOWN_TIMEOUT_MS", "1.5"),
        ])
        .unwrap_err();
        let named = [
            "PORT",
            "DATABASE_URL",
            "LOG_LEVEL",
            "MAX_BODY_BYTES",
            "REQUEST_TIMEOUT_MS",
            "SHUTDOWN_TIMEOUT_MS",
        ];
        assert_eq!(faults.len(), named.len());
        for (fault, name) in faults.iter().zip(named) {
            assert!(fault.starts_with(name), "{fault}");
            assert!(!fault.contains("hunter2"));
        }
    }
}
