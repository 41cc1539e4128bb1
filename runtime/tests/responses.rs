//! Error responses of Graph, of the servers in front of it, and of others.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)] // a test may fail loudly

use std::time::{Duration, SystemTime};

use msgraph_runtime::error::{ResponseError, RetryAfter, ServiceError};
use msgraph_runtime::sans_io::http::{HeaderMap, Response};
use msgraph_runtime::sans_io::parse_response;

fn refused(status: u16, headers: &[(&str, &str)], body: &[u8]) -> ServiceError {
    let response = Response::builder().status(status);
    let response = headers.iter().fold(response, |response, (name, value)| {
        response.header(*name, *value)
    });
    match parse_response::<()>(&response.body(body).unwrap()) {
        Err(ResponseError::Service(error)) => *error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn everything_in_graphs_error_is_kept() {
    let body = br#"{"error":{"code":"BadRequest","message":"Invalid \"length\".","target":"defaultLength",
        "details":[{"code":"OutOfRange","message":"8 to 48","target":"defaultLength"},{"message":"second"},7],
        "innerError":{"code":"lengthInvalid","date":"2026-01-01T00:00:00","request-id":"r","client-request-id":"c",
            "innererror":{"code":"deepest","message":"m"}}}}"#;
    let error = refused(400, &[], body);
    assert_eq!(
        (error.code(), error.message()),
        ("BadRequest", "Invalid \"length\".")
    );
    assert_eq!(error.target(), Some("defaultLength"));
    assert_eq!(error.details().len(), 2);
    assert_eq!(
        (
            error.details()[0].code.as_str(),
            error.details()[1].message.as_str()
        ),
        ("OutOfRange", "second")
    );
    let codes: Vec<_> = error
        .inner()
        .iter()
        .map(|inner| inner.code.as_deref())
        .collect();
    assert_eq!(codes, [Some("lengthInvalid"), Some("deepest")]);
    assert_eq!(
        (error.request_id(), error.client_request_id()),
        (Some("r"), Some("c"))
    );
    assert_eq!(
        error.to_string(),
        "400 Bad Request, BadRequest (deepest): Invalid \"length\" [defaultLength]; request-id r"
    );
    let by_header = refused(400, &[("Request-Id", "from-header")], body);
    assert_eq!(by_header.request_id(), Some("from-header"));
}

#[test]
fn errors_of_other_services_are_read() {
    let rows: [(u16, &[u8], &str); 16] = [
        (
            400,
            br#"{"error":{"code":"","message":"No code."}}"#,
            "400 Bad Request: No code.",
        ),
        (
            400,
            br#"{"error":{"code":"C","message":""}}"#,
            "400 Bad Request, C",
        ),
        (
            400,
            br#"{"error":{"code":"C","message":null,"innerError":7,"details":{}}}"#,
            "400 Bad Request, C",
        ),
        (
            400,
            br#"{"error":{"code":17,"message":["x"]}}"#,
            "400 Bad Request, 17",
        ),
        (
            400,
            br#"{"error":"invalid_grant","error_description":"Expired."}"#,
            "400 Bad Request, invalid_grant: Expired.",
        ),
        (
            400,
            br#"{"odata.error":{"code":"C","message":{"lang":"en","value":"Old."}}}"#,
            "400 Bad Request, C: Old.",
        ),
        (
            500,
            br#"{"Message":"An error has occurred."}"#,
            "500 Internal Server Error: An error has occurred.",
        ),
        (
            500,
            br#"{"unexpected":true}"#,
            "500 Internal Server Error: {\"unexpected\":true}",
        ),
        (500, b"[1]", "500 Internal Server Error: [1]"),
        (503, b"", "503 Service Unavailable"),
        (503, b" \r\n", "503 Service Unavailable"),
        (
            502,
            b"<html><HEAD><Title a=b> Bad\n gateway </Title>...",
            "502 Bad Gateway: Bad gateway",
        ),
        (502, b"<title>", "502 Bad Gateway: <title>"),
        (
            502,
            b"\xff\xfe plain",
            "502 Bad Gateway: \u{fffd}\u{fffd} plain",
        ),
        (
            502,
            b"line\r\nInjected: \x1b[31mline",
            "502 Bad Gateway: line Injected: [31mline",
        ),
        (
            599,
            b"\xef\xbb\xbf{\"error\":{\"code\":\"Bom\"}}",
            "599, Bom",
        ),
    ];
    for (status, body, expected) in rows {
        assert_eq!(refused(status, &[], body).to_string(), expected);
    }
}

#[test]
fn display_is_truncated_but_the_fields_are_not() {
    let body = format!(
        r#"{{"error":{{"code":"C","message":"{}"}}}}"#,
        "é".repeat(5000)
    );
    let error = refused(400, &[], body.as_bytes());
    assert_eq!(error.message().len(), 10_000);
    assert!(error.to_string().len() < 700);
    let nested = format!(
        "{}{}",
        "{\"innerError\":".repeat(100),
        "{}".to_owned() + &"}".repeat(100)
    );
    assert_eq!(
        refused(400, &[], format!("{{\"error\":{nested}}}").as_bytes())
            .inner()
            .len(),
        32
    );
    let too_deep = "{\"error\":".repeat(100_000);
    assert!(refused(400, &[], too_deep.as_bytes()).to_string().len() < 700);
}

const BEARER: &str = "Bearer realm=\"\", error=\"insufficient_claims\", claims=\"eyJhIjoxfQ\"";
type Headers = &'static [(&'static str, &'static str)];

#[test]
fn claims_are_found_in_any_challenge() {
    let rows: [(Headers, Option<&str>); 5] = [
        (&[("WWW-Authenticate", BEARER)], Some("{\"a\":1}")),
        (
            &[
                ("www-authenticate", "PoP realm=\"\""),
                ("www-authenticate", BEARER),
            ],
            Some("{\"a\":1}"),
        ),
        (
            &[("www-authenticate", "Bearer claims=eyJhIjoxfQ==, x=y")],
            Some("{\"a\":1}"),
        ),
        (
            &[("www-authenticate", "Bearer claims=\"not base64!\"")],
            None,
        ),
        (&[("www-authenticate", "Bearer claims=\"AAAA\"")], None),
    ];
    for (headers, expected) in rows {
        assert_eq!(
            refused(401, headers, b"").claims_challenge(),
            expected,
            "{headers:?}"
        );
    }
    assert_eq!(
        refused(403, &[("www-authenticate", BEARER)], b"").claims_challenge(),
        None
    );
}

#[test]
fn retry_after_is_seconds_or_a_date_by_the_servers_clock() {
    let wait = |headers: &[(&str, &str)], now: SystemTime| {
        let pair = |(name, value): &(&str, &str)| Some((name.parse().ok()?, value.parse().ok()?));
        let headers: HeaderMap = headers.iter().filter_map(pair).collect();
        RetryAfter::read(&headers).map(|when| when.wait(now))
    };
    let secs = |seconds| Some(Duration::from_secs(seconds));
    let epoch = SystemTime::UNIX_EPOCH;
    let date = "Thu, 01 Jan 1970 00:01:40 GMT";
    assert_eq!(wait(&[("Retry-After", "7")], epoch), secs(7));
    assert_eq!(wait(&[("retry-after", " 0 ")], epoch), secs(0));
    assert_eq!(
        wait(&[("retry-after", "99999999999999999999999")], epoch),
        Some(Duration::MAX)
    );
    assert_eq!(wait(&[("retry-after", date)], epoch), secs(100));
    assert_eq!(
        wait(&[("retry-after", date)], epoch + Duration::from_secs(1000)),
        secs(0)
    );
    let there = ("date", "Thu, 01 Jan 1970 00:01:30 GMT");
    assert_eq!(
        wait(
            &[("retry-after", date), there],
            epoch + Duration::from_secs(99_999)
        ),
        secs(10)
    );
    let decimal = Some(Duration::from_millis(2128));
    assert_eq!(wait(&[("retry-after", "2.128")], epoch), decimal);
    for nonsense in [
        "",
        "soon",
        "-5",
        "1.5.5",
        ".",
        "1e9",
        "NaN",
        "Thu, 01 Foo 1970",
    ] {
        assert_eq!(
            wait(&[("retry-after", nonsense)], epoch),
            None,
            "{nonsense}"
        );
    }
}
