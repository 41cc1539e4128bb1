//! If a server repeats the token (encoded, truncated, inside base64), no error, log line or outcome shows it. An error is
//! one visible line.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)] // a test may fail loudly

#[allow(dead_code)] // each test file uses its part
mod loopback;

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use loopback::{Loopback, Play, answer};
use msgraph_runtime::auth::TokenError;
use msgraph_runtime::edm::Binary;
use msgraph_runtime::error::{BodyError, BodyProblem, ResponseError, SetupError};
use msgraph_runtime::json::from_json;
use msgraph_runtime::request::{Accepted, Batch, Root};
use msgraph_runtime::sans_io::http::Response;
use msgraph_runtime::sans_io::{DryRun, parse_response};
use msgraph_runtime::{__private as __rt, AccessToken, Client, Cloud, Request, RetryPolicy};
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};

/// Opaque, with characters that JSON, URLs and HTML escape.
const TOKEN: &str = "EwB4A8l6+BAAUO9chh8cJscQLmU+LSWpbnr0v/mZbQ==&p=\"x\"<secret-part>";
/// Like those of Microsoft's identity platform.
const JWT: &str =
    "eyJ0eXAiOiJKV1QiLCJub25jZSI6.eyJhdWQiOiJodHRwczovL2dyYXBoLm1pY3Jvc29mdC5jb20i.c2lnbmF0dXJl";

struct Patch {
    password: Option<String>,
}
__rt::model! {
    Patch: "microsoft.graph.passwordProfile";
    "password" password;
}

const PASSWORD: &str = "xWwvJ]6NMw+bWH-d";

fn patch() -> Patch {
    Patch {
        password: Some(PASSWORD.into()),
    }
}

/// Records everything that the client logs, bodies included.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<String>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        write!(self.0, " {field}={value}").unwrap();
    }
}

impl tracing::Subscriber for Listener {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target().starts_with("msgraph_runtime")
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Line(&mut self.0.lock().unwrap()));
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Line(&mut self.0.lock().unwrap()));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut Line(&mut self.0.lock().unwrap()));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// All output of calls against `script`, with one request each, and then with `items` as batches of one each.
async fn shown(token: &str, script: Vec<Play>, items: Vec<serde_json::Value>) -> String {
    let listener = Listener::default();
    let heard = Arc::clone(&listener.0);
    let _guard = tracing::subscriber::set_default(listener);
    let calls = script.len();
    let batches: Vec<Play> = items
        .iter()
        .map(|item| {
            let body = json!({ "responses": [item] }).to_string();
            answer(
                200,
                &[("content-type", "application/json"), ("request-id", "r")],
                &body,
            )
        })
        .collect();
    let server = Loopback::play(script.into_iter().chain(batches)).await;
    let client = Client::builder(Cloud::Global, AccessToken::new(token).unwrap())
        .root(server.root.parse().unwrap())
        .retry(RetryPolicy::never())
        .log_bodies(true)
        .build()
        .unwrap();
    let patch = patch();
    let request = || Request::patch("v1.0", "/users/{id}", &[&"adele"], &patch);
    let mut shown = String::new();
    for _ in 0..calls {
        let result = client.send(request()).await;
        write!(shown, "\n{result:?}").unwrap();
        let mut cause = result
            .as_ref()
            .err()
            .map(|error| error as &dyn std::error::Error);
        while let Some(error) = cause {
            write!(shown, "\n{error}").unwrap();
            cause = error.source();
        }
    }
    for _ in items {
        let batch: Batch<'_> = [request()].into_iter().collect();
        for result in client.send_batch(batch).await.into_rest() {
            write!(shown, "\n{result:?}").unwrap();
            if let Err(error) = result {
                write!(shown, "\n{error}").unwrap();
            }
        }
    }
    format!("{shown}\n{}", heard.lock().unwrap())
}

/// Escapes everything except letters and digits, like `\u002B`.
fn json_escaped(token: &str, upper: bool) -> String {
    token.chars().fold(String::new(), |mut text, c| {
        match c {
            '/' => text.push_str("\\/"),
            c if c.is_ascii_alphanumeric() => text.push(c),
            c if upper => write!(text, "\\u{:04X}", u32::from(c)).unwrap(),
            c => write!(text, "\\u{:04x}", u32::from(c)).unwrap(),
        }
        text
    })
}

fn percent_encoded(token: &str) -> String {
    percent_encoding::utf8_percent_encode(token, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn html_escaped(token: &str) -> String {
    token
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('+', "&#43;")
        .replace('/', "&#x2F;")
}

/// Every notation of the token that a person could decode.
fn spellings(token: &str) -> Vec<String> {
    vec![
        token.to_owned(),
        token.replace('"', "\\\""),
        json_escaped(token, true),
        json_escaped(token, false),
        percent_encoded(token),
        percent_encoded(token)
            .replace("%2B", "%2b")
            .replace("%2F", "%2f"),
        html_escaped(token),
        percent_encoded(&percent_encoded(token)),
        percent_encoded(token).replace('%', "%2525"),
        html_escaped(token).replace('&', "&amp;"),
        html_escaped(token).replace('&', "&#38;amp;"),
        html_escaped(token).replace('&', "%26"),
        html_escaped(token).replace('&', "\\u0026"),
    ]
}

fn not_within(text: &str, secret: &str) {
    if let Some(at) = text.find(secret) {
        let around = text.get(at.saturating_sub(200)..(at + 200).min(text.len()));
        panic!("{secret} is in …{}…", around.unwrap_or_default());
    }
}

fn hidden(token: &str, shown: &str) {
    // `Debug` output escapes quotes and backslashes once more.
    let plain = shown.replace("\\\\", "\\").replace("\\\"", "\"");
    for text in [shown, plain.as_str()] {
        let lower = text.to_lowercase();
        for spelling in spellings(token) {
            let middle = &spelling[spelling.len() / 3..spelling.len() * 2 / 3];
            not_within(&lower, &middle.to_lowercase());
        }
        // A prefix of the token is a truncated token.
        not_within(&lower, &token[..20].to_lowercase());
    }
    // Also inside base64.
    for part in shown.split(|c: char| !(c.is_ascii_alphanumeric() || "+/=-_".contains(c))) {
        for skipped in 0..4.min(part.len()) {
            let part = part[skipped..].trim_end_matches('=');
            let whole = &part[..part.len() - part.len() % 4];
            if let Ok(bytes) = whole.parse::<Binary>() {
                let text = String::from_utf8_lossy(bytes.as_bytes()).into_owned();
                assert!(!text.contains(&token[4..20]), "{part} is base64 of it");
            }
        }
    }
}

fn base64(text: &str) -> String {
    Binary::from(text.as_bytes().to_vec()).to_string()
}

#[tokio::test]
async fn a_token_is_hidden_in_every_notation() {
    for token in [TOKEN, JWT] {
        let mut script = Vec::new();
        let mut items = Vec::new();
        for spelling in spellings(token) {
            let said = format!("you sent {spelling} to us");
            let html = ("content-type", "text/html");
            let json = ("content-type", "application/json");
            let parsed = json!({ "error": { "code": said, "message": said, "target": said,
                "details": [{ "code": said, "message": said, "target": said }],
                "innerError": { "code": said, "message": said, "date": said, "request-id": said, "client-request-id": said } } });
            // In JSON, escaped like this server does it.
            let raw = format!("{{\"error\":{{\"code\":\"C\",\"message\":\"{said}\"}}}}");
            let header = said.replace(['\r', '\n'], "");
            script.extend([
                answer(400, &[json], &parsed.to_string()),
                answer(400, &[json], &raw),
                answer(502, &[html], &said),
                answer(502, &[html], &format!("<title>{said}</title>")),
                answer(200, &[html], &said),
                answer(200, &[json], &parsed.to_string()),
                answer(
                    200,
                    &[json],
                    &json!({ "name": said, &said: [said] }).to_string(),
                ),
                answer(
                    307,
                    &[("location", &format!("https://a.example/?t={spelling}"))],
                    "",
                ),
                answer(400, &[("request-id", &header)], ""),
                answer(204, &[("request-id", &header)], ""),
                answer(202, &[("request-id", "r"), ("location", &header)], ""),
                answer(200, &[("content-type", &header)], "x"),
                answer(204, &[("client-request-id", &header)], ""),
            ]);
            for of in ["text/html", "application/json", "text/plain"] {
                let headers = json!({ "Content-Type": of, "request-id": said, "Location": said });
                for (status, body) in [
                    (400, json!(said)),
                    (400, json!(base64(&said))),
                    (502, json!(base64(&format!("x{said}")))),
                    (
                        502,
                        json!(base64(&format!("xy{said}")).trim_end_matches('=')),
                    ),
                    (200, json!(base64(&said))),
                    (200, json!({ "name": said })),
                    (400, parsed.clone()),
                    (400, json!(base64(&parsed.to_string()))),
                    (302, json!(null)),
                ] {
                    items.push(
                        json!({ "id": "0", "status": status, "headers": headers, "body": body }),
                    );
                }
            }
        }
        let shown = shown(token, script, items).await;
        hidden(token, &shown);
        assert!(shown.contains("***"));
    }
}

#[tokio::test]
async fn a_truncated_token_is_hidden() {
    for token in [TOKEN, JWT] {
        let mut script = Vec::new();
        let mut items = Vec::new();
        for spelling in spellings(token) {
            // The client stops reading an error in the middle of the token.
            for kept in [12, 20, spelling.len() - 1] {
                let start = (64 << 10) - kept;
                let filler = |head: &str| format!("{head}{}", "x".repeat(start - head.len()));
                script.push(answer(
                    400,
                    &[],
                    &format!("{}{spelling} and more", filler("")),
                ));
                let open = "{\"error\":{\"code\":\"C\",\"message\":\"";
                script.push(answer(
                    400,
                    &[],
                    &format!("{}{spelling}\"}}}}", filler(open)),
                ));
                // The server stopped here.
                let cut = &spelling[..kept];
                let head = "HTTP/1.1 403 X\r\ncontent-type: text/html\r\ncontent-length: 9999\r\n\r\nyou sent ";
                script.push(Play::Half(format!("{head}{cut}").into_bytes()));
                script.push(answer(502, &[], &format!("you sent {cut}")));
                let url = format!("https://a.example/?t={cut}");
                script.push(answer(302, &[("location", &url)], ""));
                script.push(answer(202, &[("location", &url)], ""));
                script.push(answer(400, &[("request-id", cut)], ""));
                script.push(answer(200, &[], &json!({ "sent": cut }).to_string()));
                items.push(
                    json!({ "id": "0", "status": 502, "headers": { "content-type": "text/html" },
                    "body": base64(&format!("you sent {cut}")) }),
                );
                items.push(json!({ "id": "0", "status": 502, "headers": { "content-type": "application/json" },
                    "body": { "error": { "code": "C", "message": format!("you sent {cut}") } } }));
            }
            // An error is truncated for display, and a gateway truncates what it shows.
            let near = format!("{}{spelling} and more", "y".repeat(185));
            script.push(answer(502, &[], &near));
            script.push(answer(
                502,
                &[],
                &format!("you sent {}... to us", &spelling[..spelling.len() - 5]),
            ));
        }
        hidden(token, &shown(token, script, items).await);
    }
}

#[tokio::test]
async fn another_token_with_the_same_beginning_is_kept_in_data() {
    // Another token of the same issuer, as in a resource or a pre-authenticated URL.
    let other = format!("{}another", &JWT[..40]);
    let url = format!("https://contoso.sharepoint.com/monitor?tempauth={other}");
    let body = json!({ "token": other }).to_string();
    let server = Loopback::play([
        answer(200, &[("content-type", "application/json")], &body),
        answer(202, &[("location", &url)], ""),
        answer(302, &[("location", &url)], ""),
    ])
    .await;
    let client = Client::builder(Cloud::Global, AccessToken::new(JWT).unwrap())
        .root(server.root.parse().unwrap())
        .build()
        .unwrap();
    let read = || client.send(Request::get("v1.0", "/users/1", &[]));
    let outcome = read().await.unwrap();
    assert_eq!(outcome.value["token"], other);
    let accepted = Request::get("v1.0", "/users/1", &[]).reading::<Accepted>();
    let accepted = client.send(accepted).await.unwrap();
    assert_eq!(accepted.value.monitor.as_ref(), Some(&url));
    assert_eq!(accepted.location.as_ref(), Some(&url));
    let error = read().await.unwrap_err();
    let Some(ResponseError::Redirect { location, .. }) = error.response_error() else {
        panic!("302 is a redirect")
    };
    assert_eq!(location, &Some(url));
}

#[tokio::test]
async fn a_body_of_escapes_is_redacted_in_linear_time() {
    let started = std::time::Instant::now();
    for bytes in ["\\", "%", "&", "%4", "&#x", "E", "EwB4A8l6"] {
        let body = bytes.repeat((64 << 10) / bytes.len());
        let long = serde_json::json!({ "a": bytes.repeat((64 << 10) / bytes.len()) }).to_string();
        shown(
            TOKEN,
            vec![answer(400, &[], &body), answer(200, &[], &long)],
            Vec::new(),
        )
        .await;
    }
    assert!(started.elapsed() < std::time::Duration::from_secs(60));
}

#[test]
fn a_request_shows_no_values_in_debug() {
    let patch = patch();
    let request = || {
        Request::patch("v1.0", "/users/{id}", &[&"adele@contoso.com"], &patch)
            .header("x-secret", PASSWORD)
    };
    let dry_run = DryRun::from(request().prepare(&Cloud::Global.into()).unwrap());
    let batch: Batch<'_> = [request()].into_iter().collect();
    let bytes = format!("{:?}", PASSWORD.as_bytes());
    for shown in [
        format!("{:?}", request()),
        format!("{:#?}", request()),
        format!("{batch:?}"),
        format!("{dry_run:?}"),
        format!("{dry_run:#?}"),
    ] {
        assert!(!shown.contains(PASSWORD), "{shown}");
        assert!(!shown.contains(bytes.trim_matches(['[', ']'])), "{shown}");
        assert!(shown.contains("x-secret"), "{shown}");
    }
    let body = dry_run.to_string();
    let body = body.rsplit('\n').next().unwrap();
    assert!(!body.contains(PASSWORD) && body.contains("***"), "{body}");
    let shown = format!("{:?}", request());
    for expected in ["/users/{id}", "microsoft.graph.passwordProfile", "password"] {
        assert!(shown.contains(expected), "{expected} is not in {shown}");
    }
}

#[test]
fn urls_are_shown_without_userinfo() {
    for url in [
        "https://user:hunter2-secret@graph.example",
        "http://hunter2-secret@graph.example/",
        "http://user:hunter2-secret@127.0.0.1:1",
        "ftp://user:hunter2-secret@graph.example",
        "user:hunter2-secret@graph.example",
        "//user:hunter2-secret@graph.example",
        "https://user:a/hunter2-secret@graph.example",
        "https://user:a@hunter2-secret@graph.example",
        "https://user:a?hunter2-secret@graph.example",
        "https://user:a#hunter2-secret@graph.example",
        "https://graph.example?sig=hunter2-secret",
        "https://graph.example/#access_token=hunter2-secret",
    ] {
        let error = url.parse::<Root>().unwrap_err();
        let setup = SetupError::Root(error.clone());
        let shown = format!("{error} {error:?} {setup} {setup:?}");
        assert!(!shown.contains("hunter2-secret"), "{shown}");
        assert!(
            shown.contains("graph.example") || url.contains("127.0.0.1"),
            "{shown}"
        );
    }
    let location = "https://user:hunter2-secret@graph.example/users/a@b?x=c@d";
    let error = parse_response::<()>(&redirect(location)).unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("hunter2-secret"), "{shown}");
    assert!(
        shown.contains("https://***@graph.example/users/a@b?***"),
        "{shown}"
    );
}

fn redirect(location: &str) -> Response<&'static str> {
    let response = Response::builder().status(302).header("location", location);
    response.body("").unwrap()
}

#[test]
fn a_location_in_any_notation_is_shown_without_userinfo() {
    for (location, expected) in [
        ("https:/u:hunter2@h/a@b", "https:/***@h/a@b"),
        ("https:u:hunter2@h?x=a@b", "https:***@h?x=a@b"),
        ("https:\\\\u:hunter2@h\\a@b", "https:\\\\***@h\\a@b"),
        ("https:\\/u:hunter2@h", "https:\\/***@h"),
        ("https:////u:hunter2@h", "https:////***@h"),
        ("//u:hunter2@h/", "//***@h/"),
        ("/\\u:hunter2@h/", "/\\***@h/"),
        ("/users/a@b", "/users/a@b"),
        ("users/a@b:c", "users/a@b:c"),
        ("https:/h/users/a@b", "https:/h/users/a@b"),
    ] {
        let error = parse_response::<()>(&redirect(location)).unwrap_err();
        let ResponseError::Redirect { location, .. } = error else {
            panic!("302 is a redirect")
        };
        assert_eq!(location.as_deref(), Some(expected));
    }
}

fn wrapped(text: &str, width: usize, at: &str) -> String {
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(width)
        .map(String::from_utf8_lossy)
        .collect();
    lines.join(at)
}

#[tokio::test]
async fn a_token_with_line_breaks_is_hidden() {
    let html = ("content-type", "text/html");
    let json = ("content-type", "application/json");
    for token in [TOKEN, JWT] {
        let mut script = Vec::new();
        let mut items = Vec::new();
        for at in [
            "\n",
            "\r\n",
            " ",
            "\r\n\t ",
            "\\n",
            "\\\\r\\\\n",
            "%0D%0A",
            "&#10;",
            "\\u000a",
        ] {
            for width in [5, 12, 20] {
                for text in [
                    wrapped(token, width, at),
                    wrapped(&base64(&format!("Bearer {token}")), width, at),
                ] {
                    let said = format!("you sent {text} to us");
                    let parsed = json!({ "error": { "code": said, "message": said } });
                    script.extend([
                        answer(502, &[html], &said),
                        answer(400, &[json], &parsed.to_string()),
                        answer(200, &[json], &json!({ "sent": said }).to_string()),
                        answer(502, &[], &format!("you sent {}", &text[..text.len() / 2])),
                    ]);
                    items.push(json!({ "id": "0", "status": 502, "body": base64(&said) }));
                }
            }
        }
        let shown = shown(token, script, items).await;
        let mut dense = shown.clone();
        for gap in [
            "\\", "%0D%0A", "&#10;", "u000a", "***", " ", "\n", "\r", "\t",
        ] {
            dense = dense.replace(gap, "");
        }
        // Otherwise, the letters of escapes would be between those of the token.
        let dense = dense.replace("rnt", "").replace("rn", "");
        for secret in [
            token[..20].to_owned(),
            base64(&format!("Bearer {token}"))[10..30].to_owned(),
        ] {
            not_within(&dense, &secret);
            for width in [5, 12, 20] {
                for letters in ["n", "rn", "rnt"] {
                    not_within(&dense, &wrapped(&secret, width, letters));
                }
            }
        }
        assert!(shown.contains("***"));
    }
}

type Headers<'a> = &'a [(&'a str, &'a str)];

/// Invisible characters, and those that change the direction of a line.
const INVISIBLE: [char; 22] = [
    '\u{34f}',
    '\u{115f}',
    '\u{1160}',
    '\u{180b}',
    '\u{2800}',
    '\u{3164}',
    '\u{fe00}',
    '\u{fe0f}',
    '\u{ffa0}',
    '\u{e0100}',
    '\u{ad}',
    '\u{61c}',
    '\u{180e}',
    '\u{200b}',
    '\u{200d}',
    '\u{200f}',
    '\u{202a}',
    '\u{202e}',
    '\u{2066}',
    '\u{2069}',
    '\u{feff}',
    '\u{e0041}',
];

#[tokio::test]
async fn invisible_characters_are_escaped_in_errors() {
    for c in INVISIBLE {
        let said = format!("a{c}b");
        let escape = c.escape_unicode().to_string();
        let body = json!({ "error": { "code": said, "message": said, "target": said,
            "innerError": { "code": format!("inner{c}"), "request-id": said } } })
        .to_string();
        let responses: [(u16, Headers<'_>, &str); 5] = [
            (400, &[], &body),
            (302, &[("location", &said)], ""),
            (200, &[("content-type", &said)], "<html>"),
            (502, &[], &said),
            (200, &[], &said),
        ];
        for (status, headers, body) in responses {
            let response = Response::builder().status(status);
            let response = headers.iter().fold(response, |response, (name, value)| {
                response.header(*name, *value)
            });
            let text = parse_response::<()>(&response.body(body).unwrap())
                .unwrap_err()
                .to_string();
            assert!(
                !text.contains(c) && text.contains(&escape),
                "{escape}: {text}"
            );
        }
        let error = BodyError::new(BodyProblem::TooDeep).within(&said);
        let note = from_json::<Patch>(&json!({ &said: 1 }).to_string()).unwrap_err();
        for text in [error.to_string(), note.to_string()] {
            assert!(
                !text.contains(c) && text.contains(&escape),
                "{escape}: {text}"
            );
        }
        let message = said.clone();
        let source = move |_| {
            let message = message.clone();
            async move { Err(TokenError::new(message)) }
        };
        let client = Client::new(Cloud::Global, source).unwrap();
        let error = client
            .send(Request::get("v1.0", "/users/1", &[]))
            .await
            .unwrap_err();
        let text = error.to_string();
        assert!(
            !text.contains(c) && text.contains(&escape),
            "{escape}: {text}"
        );
    }
}
