//! The service as a library: `main` only starts it, and the tests call its router.

#![cfg_attr(not(test), warn(clippy::expect_used, clippy::unwrap_used))]

pub mod app;
pub mod config;
pub mod database;
pub mod document;
pub mod etag;
pub mod extract;
pub mod health;
pub mod middleware;
pub mod problem;
pub mod record;
pub mod resources;
pub mod server;
pub mod service;
pub mod socket;
pub mod telemetry;
pub mod values;
pub mod wire;
