//! The service as a library: `main` only starts it, and the tests call its router.

#![cfg_attr(not(test), warn(clippy::expect_used, clippy::unwrap_used))]

mod app;
mod config;
mod database;
mod document;
mod etag;
mod extract;
mod health;
mod middleware;
mod problem;
mod record;
mod resources;
mod server;
pub mod service;
mod socket;
mod telemetry;
#[allow(unused, reason = "not every type has a field")]
mod values;
mod wire;
