use axum::{Router, http::StatusCode};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::Instant,
};

use super::{
    ONE,
    fields::{
        Fields,
        samples::{FIRST, SECOND},
    },
    store,
};
use crate::{
    app::testing::{Answer, Service},
    document::testing::{assert_agree, assert_has_all, document, members, schema},
    extract::decode,
    record::Record,
};

const PATH: &str = "/v1/invoices";
const JSON: (&str, &str) = ("content-type", "application/json");

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

async fn post(service: &Service) -> Answer {
    let answer = service.call(&format!("POST {PATH}"), &[JSON], FIRST).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer
}

async fn patch(service: &Service, path: &str, etag: &str, body: &str) -> Answer {
    let headers = [JSON, ("if-match", etag)];
    service
        .call(&format!("PATCH {path}"), &headers, body.to_owned())
        .await
}

#[tokio::test]
async fn what_is_created_can_be_read() {
    let service = Service::start().await;
    let created = post(&service).await;
    let sent = parse(FIRST);
    for (name, value) in sent.as_object().unwrap() {
        assert_eq!(created.body[name], *value, "{name}");
    }
    assert_eq!(created.body["created_at"], created.body["updated_at"]);

    let read = service.get(created.header("location")).await;
    assert_eq!(read.status, StatusCode::OK);
    assert_eq!(read.body, created.body);
    assert_eq!(read.header("etag"), created.header("etag"));
}

#[tokio::test]
async fn a_copy_that_is_still_good_is_not_sent_again() {
    let service = Service::start().await;
    let created = post(&service).await;
    let line = format!("GET {}", created.header("location"));
    let headers = [("if-none-match", created.header("etag"))];
    let answer = service.call(&line, &headers, "").await;
    assert_eq!(answer.status, StatusCode::NOT_MODIFIED);
    assert_eq!(answer.header("etag"), created.header("etag"));
    assert_eq!(answer.body, Value::Null);
}

#[tokio::test]
async fn pages_follow_each_other_oldest_first() {
    let service = Service::start().await;
    let empty = service.get(PATH).await;
    assert_eq!(empty.body, json!({ "data": [], "next_cursor": null }));

    let mut created = Vec::new();
    for _ in 0..5 {
        created.push(post(&service).await.body);
    }
    let mut seen = Vec::new();
    let mut next = format!("{PATH}?limit=2");
    loop {
        let page = service.get(&next).await;
        seen.extend(page.body["data"].as_array().unwrap().clone());
        let Some(cursor) = page.body["next_cursor"].as_str() else {
            assert_eq!(page.header("link"), "");
            break;
        };
        next = format!("{PATH}?limit=2&cursor={cursor}");
        assert_eq!(page.header("link"), format!(r#"<{next}>; rel="next""#));
    }
    assert_eq!(seen, created);
    let full = service.get(&format!("{PATH}?limit=5")).await;
    assert_eq!(full.body["next_cursor"], Value::Null);
}

#[tokio::test]
async fn a_malformed_query_is_refused() {
    let service = Service::start().await;
    for query in [
        "limit=0",
        "limit=101",
        "limit=05",
        "limit=%2B5",
        "limit=",
        "limit=1&limit=1",
        "cursor=",
        "cursor=AAAA",
        "cursor=AAAAAAAAAAAAAAAAAAAAAB",
    ] {
        let answer = service.get(&format!("{PATH}?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
    let answer = service.get(&format!("{PATH}?other=&other")).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn a_patch_changes_what_it_names() {
    let service = Service::start().await;
    let created = post(&service).await;
    let path = created.header("location");
    let changed = patch(&service, path, created.header("etag"), SECOND).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    for (name, value) in parse(SECOND).as_object().unwrap() {
        assert_eq!(changed.body[name], *value, "{name}");
    }
    assert_eq!(service.get(path).await.body, changed.body);
}

#[tokio::test]
async fn a_patch_that_changes_nothing_keeps_the_tag() {
    let service = Service::start().await;
    let created = post(&service).await;
    for body in ["{}", FIRST] {
        let path = created.header("location");
        let answer = patch(&service, path, created.header("etag"), body).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.body, created.body);
        assert_eq!(answer.header("etag"), created.header("etag"));
    }
}

#[tokio::test]
async fn a_patch_names_the_version_that_it_is_meant_for() {
    let service = Service::start().await;
    let created = post(&service).await;
    let path = created.header("location");
    let line = format!("PATCH {path}");
    let unconditional = service.call(&line, &[JSON], "{}").await;
    assert_eq!(unconditional.status, StatusCode::PRECONDITION_REQUIRED);
    for stale in [r#""0""#, r#"W/"1""#, "malformed"] {
        let answer = patch(&service, path, stale, "{}").await;
        assert_eq!(answer.status, StatusCode::PRECONDITION_FAILED, "{stale}");
    }
    assert_eq!(
        patch(&service, path, "*", "{}").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn of_two_writers_with_one_version_one_wins() {
    let service = Service::start().await;
    let database = &service.app.database;
    let deadline = Instant::now() + service.app.config.request_timeout;
    let record = Record::new(decode(&parse(FIRST)).unwrap());
    let insert = |db| store::insert(db, &record);
    database.write(deadline, insert).await.unwrap();
    let update = async |record| {
        let update = |db| store::update(db, record);
        database.write(deadline, update).await.unwrap()
    };
    let delete = async |record| {
        let delete = |db| store::delete(db, record);
        database.write(deadline, delete).await.unwrap()
    };
    let changed = record.changed(decode(&parse(SECOND)).unwrap());
    assert_ne!(changed.etag(), record.etag());
    assert!(update(&changed).await);
    assert!(!update(&changed).await);
    assert!(!delete(&record).await);
    assert!(delete(&changed).await);
    assert!(!delete(&changed).await);
}

#[tokio::test]
async fn of_two_patches_with_one_tag_one_is_refused() {
    let service = Service::start().await;
    let created = post(&service).await;
    let (path, etag) = (created.header("location"), created.header("etag"));
    let (one, other) = tokio::join!(
        patch(&service, path, etag, SECOND),
        patch(&service, path, etag, SECOND),
    );
    let mut statuses = [one.status, other.status];
    statuses.sort();
    let expected = [StatusCode::OK, StatusCode::PRECONDITION_FAILED];
    assert_eq!(statuses, expected);
}

#[tokio::test]
async fn what_is_deleted_is_gone() {
    let service = Service::start().await;
    let created = post(&service).await;
    let path = created.header("location");
    let line = format!("DELETE {path}");
    let stale = service.call(&line, &[("if-match", r#""0""#)], "").await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let deleted = service.call(&line, &[], "").await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    for line in [line, format!("GET {path}")] {
        let answer = service.call(&line, &[], "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn refusals_come_in_their_order() {
    let service = Service::start().await;
    let stranger = format!("{PATH}/0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b");
    let malformed = format!("{PATH}/17");
    let large = "x".repeat(service.app.config.max_body_bytes + 1);
    let text = ("content-type", "text/plain");
    for (line, headers, body, status) in [
        (format!("PUT {malformed}"), vec![], "", 405),
        (format!("POST {PATH}"), vec![], "", 415),
        (
            format!("PATCH {malformed}"),
            vec![text],
            large.as_str(),
            415,
        ),
        (
            format!("PATCH {malformed}"),
            vec![JSON],
            large.as_str(),
            413,
        ),
        (format!("PATCH {stranger}"), vec![JSON], "{", 400),
        (format!("POST {PATH}"), vec![JSON], "", 400),
        (format!("POST {PATH}"), vec![JSON], "\u{feff}{}", 400),
        (format!("PATCH {malformed}"), vec![JSON], "{}", 400),
        (format!("GET {malformed}"), vec![], "", 400),
        (format!("PATCH {stranger}"), vec![JSON], "[]", 404),
        (format!("POST {PATH}"), vec![JSON], "[]", 422),
    ] {
        let answer = service.call(&line, &headers, body.to_owned()).await;
        assert_eq!(answer.status, status, "{line}");
    }
}

#[tokio::test]
async fn a_body_that_is_encoded_is_refused() {
    let service = Service::start().await;
    for (coding, status) in [("identity", 201), ("gzip", 415)] {
        let headers = [JSON, ("content-encoding", coding)];
        let answer = service.call(&format!("POST {PATH}"), &headers, FIRST).await;
        assert_eq!(answer.status, status, "{coding}");
    }
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_not_waited_for() {
    let settings = [("REQUEST_TIMEOUT_MS", "100")];
    let service = Service::start_with(Router::new(), &settings).await;
    let (address, _serving) = service.listen().await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let header = "Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 9";
    let request = format!("POST {PATH} HTTP/1.1\r\n{header}\r\n\r\n{{");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
}

#[tokio::test]
async fn what_the_service_owns_cannot_be_set() {
    let service = Service::start().await;
    let created = post(&service).await;
    for name in ["id", "created_at", "updated_at", "other"] {
        let body = json!({ name: created.body[name] }).to_string();
        let answer = patch(&service, created.header("location"), "*", &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert_eq!(answer.body["errors"][0]["pointer"], format!("/{name}"));
    }
}

#[tokio::test]
async fn the_document_describes_the_fields() {
    let document = document();
    let operations = &document["paths"][PATH];
    let accepts = |body: &Value| decode::<Fields>(body).is_ok();
    let body = schema(&operations["post"], "/requestBody/content");
    assert_agree(&body, &parse(FIRST), accepts);

    let of_one = &document["paths"][ONE];
    let changes = schema(&of_one["patch"], "/requestBody/content");
    assert_eq!(members(&changes), members(&body));
    assert_eq!(changes["required"], Value::Null);

    let service = Service::start().await;
    let created = post(&service).await;
    let answer = schema(&operations["post"], "/responses/201/content");
    assert_has_all(&answer, &created.body);
    let answer = schema(&operations["get"], "/responses/200/content");
    assert_has_all(&answer, &service.get(PATH).await.body);
}
