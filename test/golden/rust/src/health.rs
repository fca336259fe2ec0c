use std::time::Duration;

use axum::{Json, Router, extract::State, routing::get};
use serde::Serialize;
use tokio::time::timeout;

use crate::{app::App, problem::Problem};

const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

const OK: Json<Health> = Json(Health { status: "ok" });

pub fn routes() -> Router<App> {
    Router::new()
        .route("/livez", get(async || OK))
        .route("/readyz", get(ready))
}

async fn ready(State(app): State<App>) -> Result<Json<Health>, Problem> {
    if app.shutdown.has_begun() {
        return Err(Problem::Unavailable("the service is shutting down"));
    }
    let error = match timeout(PATIENCE, app.database.ping()).await {
        Ok(Ok(())) => return Ok(OK),
        Ok(Err(error)) => error.to_string(),
        Err(late) => late.to_string(),
    };
    tracing::warn!(error, "the database does not answer");
    Err(Problem::Unavailable("the database does not answer"))
}
