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
    match timeout(PATIENCE, app.database.ping()).await {
        Ok(Ok(())) => Ok(OK),
        _ => Err(Problem::Unavailable("the database does not answer")),
    }
}
