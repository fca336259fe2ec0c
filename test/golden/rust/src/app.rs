//! What the handlers share, and the routes with the layers around them.

use std::{any::Any, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Serialize;
use tokio::time::timeout;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    config::Config,
    database::Database,
    document,
    middleware::{observe, time_out},
    problem::Problem,
    resources,
    server::Shutdown,
};

/// How long a probe waits for the database.
const PROBE_TIMEOUT: Duration = Duration::from_secs(1);

#[derive(Debug, Clone)]
pub struct App {
    pub config: Arc<Config>,
    pub database: Database,
    pub shutdown: Shutdown,
}

impl App {
    pub fn new(config: Arc<Config>, database: Database, shutdown: Shutdown) -> Self {
        Self {
            config,
            database,
            shutdown,
        }
    }
}

pub fn router(app: App) -> Router {
    with_layers(routes(), app)
}

fn routes() -> Router<App> {
    Router::new()
        .route("/livez", get(async || OK))
        .route("/readyz", get(ready))
        .merge(document::routes())
        .merge(resources::routes())
}

/// The first layer is the outermost, so that a panic and a timeout are logged like any other answer.
fn with_layers(routes: Router<App>, app: App) -> Router {
    routes
        .fallback(async || Problem::NoSuchRoute)
        .method_not_allowed_fallback(async || Problem::MethodNotAllowed)
        .layer((
            from_fn_with_state(app.shutdown.clone(), observe),
            CatchPanicLayer::custom(panicked),
            from_fn_with_state(app.config.request_timeout, time_out),
            DefaultBodyLimit::max(app.config.max_body_bytes),
        ))
        .with_state(app)
}

fn panicked(_: Box<dyn Any + Send>) -> Response {
    Problem::Internal.into_response()
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

const OK: Json<Health> = Json(Health { status: "ok" });

async fn ready(State(app): State<App>) -> Result<Json<Health>, Problem> {
    if app.shutdown.has_begun() {
        return Err(Problem::Unavailable("the service is shutting down"));
    }
    let error = match timeout(PROBE_TIMEOUT, app.database.ping()).await {
        Ok(Ok(())) => return Ok(OK),
        Ok(Err(error)) => error.to_string(),
        Err(late) => late.to_string(),
    };
    tracing::warn!(error, "the database does not answer");
    Err(Problem::Unavailable("the database does not answer"))
}

/// A whole service on a database of its own, called without a socket.
#[cfg(test)]
pub(crate) mod testing {
    use std::net::SocketAddr;

    use axum::{
        body::{Body, to_bytes},
        http::{HeaderMap, Request, StatusCode},
    };
    use serde_json::Value;
    use tokio::{net::TcpListener, task::JoinHandle};
    use tower::ServiceExt;

    use super::*;
    use crate::{
        database::testing::Temporary,
        server::{End, serve},
    };

    pub struct Service {
        pub app: App,
        pub router: Router,
        _temporary: Temporary,
    }

    #[derive(Debug)]
    pub struct Answer {
        pub status: StatusCode,
        pub headers: HeaderMap,
        pub body: Value,
    }

    impl Service {
        pub async fn start() -> Self {
            Self::start_with(Router::new(), &[]).await
        }

        /// With further routes and with settings other than the defaults.
        pub async fn start_with(further: Router<App>, settings: &[(&str, &str)]) -> Self {
            let temporary = Temporary::new();
            let config = Config::read(|name| {
                let set = settings.iter().find(|setting| setting.0 == name);
                match (set, name) {
                    (Some(setting), _) => Some(setting.1.into()),
                    (None, "DATABASE_URL") => Some(temporary.url().into()),
                    (None, _) => None,
                }
            });
            let config = Arc::new(config.unwrap());
            let database = Database::open(&config.database, config.request_timeout).await;
            let database = database.unwrap();
            let app = App::new(config, database, Shutdown::new());
            Self {
                router: with_layers(routes().merge(further), app.clone()),
                app,
                _temporary: temporary,
            }
        }

        /// Sends a request whose first line is `line`, such as `GET /livez`.
        pub async fn call(
            &self,
            line: &str,
            headers: &[(&str, &str)],
            body: impl Into<Body>,
        ) -> Answer {
            let (method, path) = line.split_once(' ').unwrap();
            let mut request = Request::builder().method(method).uri(path);
            request = request.header("host", "localhost");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let request = request.body(body.into()).unwrap();
            let response = self.router.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap();
            Answer {
                status: parts.status,
                headers: parts.headers,
                body: serde_json::from_slice(&body).unwrap_or_default(),
            }
        }

        pub async fn get(&self, path: &str) -> Answer {
            self.call(&format!("GET {path}"), &[], "").await
        }

        /// The same service behind a socket.
        pub async fn listen(&self) -> (SocketAddr, JoinHandle<End>) {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let router = self.router.clone();
            let App {
                config, shutdown, ..
            } = self.app.clone();
            let serving = async move { serve(listener, router, &config, &shutdown).await };
            (address, tokio::spawn(serving))
        }
    }

    impl Answer {
        pub fn header(&self, name: &str) -> &str {
            let value = self.headers.get(name);
            value.map_or("", |value| value.to_str().unwrap())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use axum::http::StatusCode;

    use super::{testing::Service, *};
    use crate::telemetry::testing::log;

    #[tokio::test]
    async fn a_refusal_is_a_problem_with_the_id_of_the_request() {
        let service = Service::start().await;
        for (line, status) in [("GET /nowhere", 404), ("DELETE /livez", 405)] {
            let answer = service.call(line, &[("x-request-id", "mine")], "").await;
            assert_eq!(answer.status, status);
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert_eq!(answer.header("x-request-id"), "mine");
            assert_eq!(answer.body["status"], status);
            assert_eq!(answer.body["request_id"], "mine");
        }
        let answer = service.call("DELETE /livez", &[], "").await;
        assert_eq!(answer.header("allow"), "GET,HEAD");
    }

    #[tokio::test]
    async fn an_id_that_is_not_fit_for_a_log_is_replaced() {
        let service = Service::start().await;
        for id in ["", "two words", &"x".repeat(129)] {
            let answer = service
                .call("GET /livez", &[("x-request-id", id)], "")
                .await;
            assert_ne!(answer.header("x-request-id"), id);
            assert!(!answer.header("x-request-id").is_empty());
        }
    }

    #[tokio::test]
    async fn a_panic_fails_its_own_request_only() {
        let explode = get(async || -> StatusCode { panic!("secret") });
        let routes = Router::new().route("/explode", explode);
        let service = Service::start_with(routes, &[]).await;
        let answer = service.get("/explode").await;
        assert_eq!(answer.status, 500);
        assert!(!answer.body.to_string().contains("secret"));
        assert_eq!(service.get("/livez").await.status, 200);
    }

    #[tokio::test]
    async fn what_a_library_tells_of_its_failure_is_for_the_log() {
        let log = log();
        let fail = get(async || (StatusCode::INTERNAL_SERVER_ERROR, "the cause"));
        let routes = Router::new().route("/fail", fail);
        let service = Service::start_with(routes, &[]).await;
        let answer = service.get("/fail").await;
        assert_eq!(answer.status, 500);
        assert!(!answer.body.to_string().contains("the cause"));
        let id = answer.header("x-request-id");
        let log = log.text();
        let mut own = log.lines().filter(|line| line.contains(id));
        assert!(own.any(|line| line.contains("the cause")));
    }

    #[tokio::test]
    async fn a_handler_over_its_time_is_given_up() {
        let hang = async || pending::<()>().await;
        let routes = Router::new().route("/hang", get(hang).post(hang));
        let settings = [("REQUEST_TIMEOUT_MS", "20")];
        let service = Service::start_with(routes, &settings).await;
        for (method, retry_after) in [("GET", "1"), ("POST", "")] {
            let answer = service.call(&format!("{method} /hang"), &[], "").await;
            assert_eq!(answer.status, 503);
            assert_eq!(answer.header("retry-after"), retry_after);
        }
    }

    #[tokio::test]
    async fn a_shutdown_is_told_to_probes_and_clients() {
        let service = Service::start().await;
        assert_eq!(service.get("/readyz").await.status, 200);
        service.app.shutdown.begin();
        assert_eq!(service.get("/readyz").await.status, 503);
        let answer = service.get("/livez").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("connection"), "close");
    }
}
