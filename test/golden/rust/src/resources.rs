//! The resources of the service, a module and a line each.

use axum::Router;

use crate::app::App;

mod invoices;

pub fn routes() -> Router<App> {
    Router::new()
        // No two of them share a path.
        .merge(invoices::routes())
}
