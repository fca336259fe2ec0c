use axum::{
    Extension, Router,
    extract::State,
    http::{
        HeaderMap, StatusCode,
        header::{ETAG, LOCATION},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use uuid::Uuid;

use crate::{
    app::App,
    extract::{Id, Json, MergePatch, Page},
    middleware::Deadline,
    problem::Problem,
    record::{self, Record},
};

mod fields;
mod store;
#[cfg(test)]
mod tests;

use fields::Fields;

const COLLECTION: &str = "/v1/invoices";
const ONE: &str = "/v1/invoices/{id}";

pub fn routes() -> Router<App> {
    Router::new()
        .route(COLLECTION, get(list).post(create))
        .route(ONE, get(read).patch(update).delete(remove))
}

async fn list(State(app): State<App>, page: Page) -> Result<Response, Problem> {
    let records = app
        .database
        .read(|db| store::list(db, page.after, page.fetch()))
        .await?;
    Ok(page.answer(COLLECTION, records))
}

async fn create(
    State(app): State<App>,
    Extension(Deadline(deadline)): Extension<Deadline>,
    Json(fields): Json<Fields>,
) -> Result<Response, Problem> {
    let record = Record::new(fields);
    let insert = |db| store::insert(db, &record);
    app.database.write(deadline, insert).await?;
    let location = format!("{COLLECTION}/{}", record.id);
    Ok((StatusCode::CREATED, [(LOCATION, location)], record).into_response())
}

async fn read(State(app): State<App>, Id(id): Id, headers: HeaderMap) -> Result<Response, Problem> {
    let record = find(&app, id).await?;
    if record::is_not_modified(&headers, &record.etag()) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, record.etag())]).into_response());
    }
    Ok(record.into_response())
}

/// The id is judged after the body, so that a wrong media type or size is refused first.
async fn update(
    State(app): State<App>,
    Extension(Deadline(deadline)): Extension<Deadline>,
    id: Result<Id, Problem>,
    headers: HeaderMap,
    patch: MergePatch,
) -> Result<Response, Problem> {
    let Id(id) = id?;
    loop {
        let record = find(&app, id).await?;
        record::require_match(&headers, &record.etag())?;
        let fields = patch.apply(&record.fields)?;
        if fields == record.fields {
            return Ok(record.into_response());
        }
        let changed = record.changed(fields);
        let update = |db| store::update(db, &changed);
        if app.database.write(deadline, update).await? {
            return Ok(changed.into_response());
        }
        // Somebody else was faster: judge again what is there now.
    }
}

async fn remove(
    State(app): State<App>,
    Extension(Deadline(deadline)): Extension<Deadline>,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    loop {
        let record = find(&app, id).await?;
        record::check_match(&headers, &record.etag())?;
        let delete = |db| store::delete(db, &record);
        if app.database.write(deadline, delete).await? {
            return Ok(StatusCode::NO_CONTENT);
        }
    }
}

async fn find(app: &App, id: Uuid) -> Result<Record<Fields>, Problem> {
    let record = app.database.read(|db| store::find(db, id)).await?;
    record.ok_or(Problem::NoSuchRecord)
}
