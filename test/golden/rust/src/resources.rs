//! The resources of the service, a module and a line each.

use axum::Router;

use crate::app::App;

mod invoices;

pub fn routes() -> Router<App> {
    let mut routes = Router::new();
    routes = routes.merge(invoices::routes());
    routes
}
