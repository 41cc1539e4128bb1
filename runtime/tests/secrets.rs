//! The token and the secrets of bodies are in no span, no log line, no Debug output, no Display text and no dry run.
#![allow(missing_docs, clippy::unwrap_used)] // a test may fail loudly

mod loopback;

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use loopback::{Loopback, Play, answer};
use msgraph_runtime::auth::TokenRequest;
use msgraph_runtime::request::Batch;
use msgraph_runtime::{__private as __rt, AccessToken, Client, Cloud, Request, RetryPolicy};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};

const TOKEN: &str = "eyJ0eXAi-token-that-must-not-leak";
const VALUE: &str = "value-that-is-the-tenants-business";

struct Patch {
    name: Option<String>,
}
__rt::body! {
    Patch: "microsoft.graph.policy";
    "name" name;
}

/// Records the logs of all crates, at all levels.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<String>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl tracing::Subscriber for Listener {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut heard = self.0.lock().unwrap();
        write!(heard, "\nspan {}", span.metadata().name()).unwrap();
        span.record(&mut Line(&mut heard));
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Line(&mut self.0.lock().unwrap()));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        let mut heard = self.0.lock().unwrap();
        write!(heard, "\nevent {}", event.metadata().target()).unwrap();
        event.record(&mut Line(&mut heard));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn no_output_contains_the_token() {
    let listener = Listener::default();
    let heard = Arc::clone(&listener.0);
    let _guard = tracing::subscriber::set_default(listener);

    let challenge = "Bearer claims=\"eyJhIjoxfQ==\"";
    let refusal =
        r#"{"error":{"code":"BadRequest","message":"m","innerError":{"request-id":"r-9"}}}"#;
    let server = Loopback::play([
        answer(204, &[("request-id", "r-1")], ""),
        answer(401, &[("www-authenticate", challenge)], ""),
        answer(204, &[], ""),
        answer(429, &[("retry-after", "0")], ""),
        answer(400, &[], refusal),
        answer(307, &[("location", "https://elsewhere.example/")], ""),
        Play::Drop,
        Play::Half(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec()),
        Play::Hang(Duration::from_secs(5)),
        answer(200, &[("content-type", "text/html")], "<html>"),
        answer(200, &[], r#"{"responses":[{"id":"0","status":204}]}"#),
    ])
    .await;
    let source = |_: TokenRequest| async { AccessToken::new(TOKEN) };
    let client = Client::builder(Cloud::Global, source)
        .root(server.root.parse().unwrap())
        .retry(RetryPolicy {
            max_attempts: 2,
            base_delay: Duration::from_millis(1),
            ..RetryPolicy::default()
        })
        .attempt_timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let patch = Patch {
        name: Some(VALUE.into()),
    };
    let request = || Request::patch("v1.0", "/users/{id}", &[&"somebody@contoso.com"], &patch);

    let dry_run = client.dry_run(&request()).unwrap();
    let mut shown = format!(
        "{client:?} {dry_run:?} {dry_run} {:?}",
        AccessToken::new(TOKEN).unwrap()
    );
    let mut failures = 0;
    while server.seen().len() < 10 {
        let result = client.send(request()).await;
        if let Err(error) = &result {
            failures += 1;
            let mut cause: Option<&dyn std::error::Error> = Some(error);
            while let Some(error) = cause {
                write!(shown, "\n{error} {error:?}").unwrap();
                cause = error.source();
            }
        }
    }
    assert!(failures >= 4, "the script is of failures");
    let mut batch = Batch::new();
    batch.push(request());
    let outcomes = client.send_batch(batch).await.into_rest();
    write!(shown, "{outcomes:?}").unwrap();
    assert!(matches!(outcomes.as_slice(), [Ok(_)]), "{outcomes:?}");

    let heard = heard.lock().unwrap();
    for expected in [
        "span graph_request",
        "url.template=/v1.0/users/{id}",
        "http.response.status_code=204",
        "http.request.resend_count=0",
        "request_id=\"r-1\"",
        "retrying",
    ] {
        assert!(heard.contains(expected), "{expected} is missing in {heard}");
    }
    assert!(heard.contains("span graph_batch"), "{heard}");
    let spoken = heard
        .lines()
        .filter(|line| line.contains("graph_") || line.contains("msgraph_runtime"));
    for line in spoken {
        assert!(
            !line.contains(VALUE) && !line.contains("somebody@contoso.com"),
            "{line}"
        );
    }
    assert!(!heard.contains(TOKEN), "{heard}");
    assert!(!shown.contains(TOKEN), "{shown}");
}

/// After a 403, the permissions in the claims of the token are logged, and no other claim.
#[tokio::test]
async fn logs_show_only_the_permissions_of_a_token() {
    let listener = Listener::default();
    let heard = Arc::clone(&listener.0);
    let _guard = tracing::subscriber::set_default(listener);
    let claims = r#"{"aud":"https://graph.microsoft.com","upn":"adele@contoso.com","oid":"6f9619ff-8b86-d011",
        "scp":"openid User.Read 6f9619ff-8b86-d011","name":"Adele Vance","tid":"00cf4fc964ff"}"#;
    let claims = URL_SAFE_NO_PAD.encode(claims);
    let token = format!("eyJ0eXAiOiJKV1QifQ.{claims}.c2lnbmF0dXJl");
    let json = ("content-type", "application/json");
    let denied = r#"{"error":{"code":"Authorization_RequestDenied","message":"No."}}"#;
    let item = format!(r#"{{"responses":[{{"id":"0","status":403,"body":{denied}}}]}}"#);
    let server = Loopback::play([answer(403, &[json], denied), answer(200, &[json], &item)]).await;
    let client = Client::builder(Cloud::Global, AccessToken::new(token.as_str()).unwrap())
        .root(server.root.parse().unwrap())
        .log_bodies(true)
        .build()
        .unwrap();
    let error = client
        .send(Request::get("v1.0", "/me/messages", &[]))
        .await
        .unwrap_err();
    let mut batch = Batch::new();
    batch.push(Request::get("v1.0", "/me/messages", &[]));
    let outcomes = client.send_batch(batch).await.into_rest();
    let shown = format!("{error} {error:?} {outcomes:?}");
    let heard = heard.lock().unwrap();
    for shown in [&*heard, &shown] {
        assert_eq!(
            shown
                .matches("the token has delegated permission User.Read;")
                .count()
                .min(2),
            2,
            "{shown}"
        );
        for claim in [
            "adele",
            "Adele",
            "6f9619ff",
            "00cf4fc964ff",
            "openid",
            &claims,
            "c2lnbmF0dXJl",
        ] {
            assert!(!shown.contains(claim), "{claim} in {shown}");
        }
    }
}

const PASS: &str = "J+6Q+T%k2";

struct Pass {
    code: Option<__rt::Secret>,
    unknown_properties: __rt::DynamicProperties,
}
__rt::model! {
    Pass: "microsoft.graph.temporaryAccessPassAuthenticationMethod";
    "temporaryAccessPass" code: secret;
    +unknown_properties;
}

/// Anyone who has one of these URLs can read on, or download the file without a token.
#[tokio::test]
async fn no_log_shows_the_token_in_a_link() {
    let listener = Listener::default();
    let heard = Arc::clone(&listener.0);
    let _guard = tracing::subscriber::set_default(listener);
    let server = Loopback::play([answer(
        200,
        &[("content-type", "application/json")],
        r##"{"@odata.nextLink":"https://graph.microsoft.com/v1.0/u?$skiptoken=LINK-1","@odata.deltaLink":
            "https://graph.microsoft.com/v1.0/u?$deltatoken=LINK-2","value":[{"id":"shown",
            "@microsoft.graph.downloadUrl":"https://files.example/a?tempauth=LINK-3"}]}"##,
    )])
    .await;
    let client = Client::builder(Cloud::Global, AccessToken::new(TOKEN).unwrap())
        .root(server.root.parse().unwrap())
        .log_bodies(true)
        .build()
        .unwrap();
    let request =
        Request::get("v1.0", "/u", &[]).reading::<Option<msgraph_runtime::edm::Untyped>>();
    client.send(request).await.unwrap();
    let heard = heard.lock().unwrap();
    assert!(heard.contains("shown"), "{heard}");
    assert!(!heard.contains("LINK-"), "{heard}");
}

/// No log line, error or outcome shows a secret in a response, whether it is typed, untyped, an error or cut off.
#[tokio::test]
async fn no_output_contains_a_secret_of_a_response() {
    let listener = Listener::default();
    let heard = Arc::clone(&listener.0);
    let _guard = tracing::subscriber::set_default(listener);

    let issued = format!(
        r#"{{"id":"1","temporaryAccessPass":"{PASS}","clientSecrets":["{PASS}"],"keys":[{{"key":"{PASS}"}}]}}"#
    );
    let quoted = serde_json::json!({ "error": { "code": "BadRequest", "message": issued,
        "innerError": { "code": "x", "message": issued } } });
    let batch = serde_json::json!({ "responses": [{ "id": "0", "status": 201,
        "body": serde_json::from_str::<serde_json::Value>(&issued).unwrap() }] });
    let (json, cut) = ("application/json", &issued[..issued.len() - 20]);
    let responses = [
        (201, json, issued.as_str()),
        (201, json, issued.as_str()),
        (201, "text/plain", cut),
        (201, json, cut),
        (400, json, &issued),
        (502, "text/html", cut),
        (400, json, &quoted.to_string()),
        (200, json, &format!(r#"{{"value":"{PASS}"}}"#)),
        (200, json, &batch.to_string()),
    ]
    .map(|(status, kind, body)| answer(status, &[("content-type", kind)], body));
    let calls = responses.len() - 1;
    let server = Loopback::play(responses).await;
    let client = Client::builder(Cloud::Global, AccessToken::new(TOKEN).unwrap())
        .root(server.root.parse().unwrap())
        .retry(RetryPolicy::never())
        .log_bodies(true)
        .build()
        .unwrap();
    let sent = Pass {
        code: Some(PASS.into()),
        ..Pass::default()
    };
    let request = || Request::post("v1.0", "/users/{id}/passes", &[&"1"], &sent);

    let outcome = client.send(request().reading::<Pass>()).await.unwrap();
    assert_eq!(outcome.value.code.as_ref().unwrap().expose(), PASS);
    let mut shown = format!("{outcome:?} {:?}", outcome.value);
    for _ in 1..calls {
        let result = client.send(request()).await;
        write!(shown, "\n{result:?}").unwrap();
        if let Err(error) = result {
            write!(shown, "\n{error} {:?}", error.response_error()).unwrap();
        }
    }
    let mut batch = Batch::new();
    batch.push(request());
    write!(shown, "\n{:?}", client.send_batch(batch).await.into_rest()).unwrap();

    let heard = heard.lock().unwrap();
    assert!(!shown.contains(PASS), "{shown}");
    assert!(!heard.contains(PASS), "{heard}");
    assert!(heard.matches("request body").count() > calls, "{heard}");
    assert!(heard.matches("response body").count() > calls, "{heard}");
    assert!(heard.contains(r#""temporaryAccessPass":"***""#), "{heard}");
}
