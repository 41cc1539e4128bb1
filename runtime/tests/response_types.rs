//! What a response is read as, by the response type of the request.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)] // a test may fail loudly

mod loopback;

use loopback::{Loopback, answer};
use msgraph_runtime::error::ResponseError;
use msgraph_runtime::request::{Accepted, Changed, PropertyName, Response};
use msgraph_runtime::sans_io::http::Response as HttpResponse;
use msgraph_runtime::sans_io::parse_response;
use msgraph_runtime::{
    __private as __rt, AccessToken, Client, Cloud, Error, Fate, Nullable, Outcome, Request,
    RetryPolicy,
};
use serde_json::{Value, json};

struct Policy {
    length: Option<Nullable<i32>>,
    is_usable_once: Option<bool>,
}
__rt::model! {
    Policy: "microsoft.graph.policy";
    "defaultLength" length [LENGTH];
    "isUsableOnce" is_usable_once [IS_USABLE_ONCE];
}

const PATCH: Policy = Policy {
    length: Some(Nullable::Value(12)),
    is_usable_once: None,
};
static SENT: Policy = PATCH;

const ID: &[(&str, &str)] = &[("request-id", "r-1")];
const BODY: &str = r#"{"@odata.etag":"W/\"7\"","defaultLength":12,"new":1}"#;

fn update() -> Request<'static> {
    Request::patch("v1.0", "/policies/tap", &[], &SENT)
}

fn get() -> Request<'static, Policy> {
    Request::get("v1.0", "/policies/tap", &[]).reading()
}

fn client(server: &Loopback) -> Client {
    Client::builder(Cloud::Global, AccessToken::new("eyJ0eXAi.a-token").unwrap())
        .root(server.root.parse().unwrap())
        .retry(RetryPolicy::never())
        .build()
        .unwrap()
}

fn parsed<R: Response>(
    status: u16,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Outcome<R>, ResponseError> {
    let response = HttpResponse::builder().status(status);
    let response = headers.iter().fold(response, |response, (name, value)| {
        response.header(*name, *value)
    });
    parse_response(&response.body(body).unwrap())
}

fn value<R: Response>(status: u16, headers: &[(&str, &str)], body: &str) -> R {
    parsed(status, headers, body).unwrap().value
}

fn error<R: Response + std::fmt::Debug>(
    status: u16,
    headers: &[(&str, &str)],
    body: &str,
) -> ResponseError {
    parsed::<R>(status, headers, body).unwrap_err()
}

#[test]
fn each_response_type_reads_its_body() {
    let json: Value = serde_json::from_str(BODY).unwrap();
    value::<()>(200, ID, BODY);
    value::<()>(204, ID, "");
    assert_eq!(value::<Value>(200, ID, BODY), json);
    assert_eq!(value::<Option<Value>>(200, ID, BODY), Some(json));
    assert_eq!(value::<Option<Value>>(204, ID, ""), None);
    assert_eq!(value::<Policy>(200, ID, BODY), PATCH);
    assert_eq!(value::<Option<Policy>>(201, ID, BODY), Some(PATCH));
    assert_eq!(value::<Option<Policy>>(204, ID, ""), None);

    let monitor = [("request-id", "r-1"), ("Location", "https://graph/ops/1")];
    let progress = r#"{"status":"running"}"#;
    assert_eq!(value::<Option<Policy>>(202, &monitor, progress), None);
    assert_eq!(value::<Option<Policy>>(202, &monitor, "{}"), None);
    // As `resetPassword` responds.
    let accepted = r#"{"@odata.context":"$metadata#policy","defaultLength":12}"#;
    assert_eq!(
        value::<Option<Policy>>(202, &monitor, accepted),
        Some(PATCH)
    );
    let accepted = value::<Accepted>(202, &monitor, progress);
    assert_eq!(accepted.monitor.as_deref(), Some("https://graph/ops/1"));
    // The type that polls an operation: 202 while it runs.
    assert_eq!(value::<Value>(202, &monitor, progress)["status"], "running");
}

#[test]
fn an_outcome_keeps_the_notes_and_the_version() {
    let outcome = parsed::<Option<Policy>>(200, ID, BODY).unwrap();
    assert_eq!(outcome.etag.unwrap().as_str(), "W/\"7\"");
    assert_eq!(outcome.notes[0].to_string(), "/new: unknown property");
    // Applied, although the body is of another type.
    let outcome = parsed::<Option<Policy>>(200, ID, "[]").unwrap();
    assert_eq!(outcome.value, None);
    assert_eq!(
        outcome.notes[0].to_string(),
        "expected an object, found an array"
    );
}

#[test]
fn a_required_body_that_is_missing_is_an_error_with_its_fate() {
    let missing = error::<Policy>(200, ID, "");
    assert_eq!(missing.fate(), Fate::Applied);
    assert_eq!(
        missing.to_string(),
        "200, but the response has no body to read"
    );
    assert_eq!(error::<Value>(204, ID, " ").fate(), Fate::Applied);
    assert_eq!(error::<Value>(202, ID, "").fate(), Fate::Unknown);
    // Nothing proves that this response is from Graph.
    assert_eq!(error::<Value>(200, &[], "").fate(), Fate::Unknown);

    let other = error::<Policy>(200, ID, "[]");
    assert_eq!(other.fate(), Fate::Applied);
    assert_eq!(
        other.to_string(),
        "200, but the body cannot be read: expected an object, found an array"
    );
}

#[tokio::test]
async fn a_client_returns_the_response_type_of_the_request() {
    let json = [("request-id", "r-1"), ("content-type", "application/json")];
    let empty = answer(204, ID, "");
    let full = answer(200, &json, BODY);
    let other = answer(200, &json, r#"{"defaultLength":8}"#);
    let server = Loopback::play([
        full.clone(),
        empty.clone(),
        full.clone(),
        full,
        other,
        empty.clone(),
        empty.clone(),
        empty,
    ])
    .await;
    let client = client(&server);
    assert_eq!(client.send(get()).await.unwrap().value, PATCH);
    assert_eq!(client.send(update()).await.unwrap().value, None);
    let update = || update().reading::<Option<Policy>>();
    assert_eq!(client.read_back(&update()).await.unwrap().value, PATCH);
    let unchanged = client.send_changes(update()).await.unwrap();
    assert_eq!(unchanged, Changed::AsDesired);
    let changed = client.send_changes(update()).await.unwrap();
    assert_eq!(changed.sent().unwrap().value, None);

    let nothing = Policy::default();
    let nothing = Request::patch("v1.0", "/policies/tap", &[], &nothing);
    let unchanged = client.send_changes(nothing.clone()).await.unwrap();
    assert_eq!(unchanged, Changed::AsDesired, "without a request");
    let error = client.send(nothing).await.unwrap_err();
    assert!(error.to_string().contains("is empty"), "{error}");

    let error = client.send(get()).await.unwrap_err();
    assert_eq!((error.status(), error.fate()), (Some(204), Fate::ReadOnly));
    assert!(
        error
            .to_string()
            .starts_with("GET /v1.0/policies/tap: 204, but the response has no body to read"),
        "{error}"
    );
    let request = update().reading::<Policy>();
    let error = client.send(request).await.unwrap_err();
    assert_eq!(error.fate(), Fate::Applied);
    assert_eq!(server.seen().len(), 8);
}

#[test]
fn select_takes_constants_of_the_item() {
    let url = |request: &Request<'_, Policy>| {
        request
            .prepare(&Cloud::Global.into())
            .unwrap()
            .uri()
            .to_string()
    };
    let none: [PropertyName<Policy>; 0] = [];
    assert!(url(&get().select(none)).ends_with("/tap"));
    let both = [Policy::LENGTH, Policy::IS_USABLE_ONCE];
    assert!(url(&get().select(both)).ends_with("/tap?$select=defaultLength,isUsableOnce"));
    let read_back = update().reading::<Option<Policy>>().to_get();
    assert!(url(&read_back).ends_with("/tap?$select=defaultLength"));
}

#[test]
fn requests_and_calls_are_send() {
    fn is_send<T: Send>(_: &T) {}
    // A response type that is not `Send` itself.
    struct Local;
    async fn call(client: Client) -> Result<(), Error> {
        client.send(get()).await?;
        client.read_back(&update()).await?;
        client.send_changes(update()).await?;
        let current = json!({});
        client.send_changes_from(update(), &current).await?;
        Ok(())
    }
    let client = Client::new(Cloud::Global, AccessToken::new("eyJ0eXAi.a-token").unwrap()).unwrap();
    is_send(&call(client));
    is_send(&update());
    let name: PropertyName<std::rc::Rc<Local>> = PropertyName::new("a");
    is_send(&name);
}
