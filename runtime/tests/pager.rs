//! Lists, read page by page from a server that follows a script.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)] // a test may fail loudly

#[allow(dead_code)] // each test file uses its part
mod loopback;

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use loopback::{Loopback, Play, answer};
use msgraph_runtime::auth::TokenRequest;
use msgraph_runtime::edm::Untyped;
use msgraph_runtime::error::RequestError;
use msgraph_runtime::request::{CollectionBody, PageLink};
use msgraph_runtime::{
    __private as __rt, AccessToken, Client, Cloud, Error, ErrorKind, Fate, Page, Pager, Request,
    RetryPolicy,
};
use serde_json::json;

const JSON: (&str, &str) = ("content-type", "application/json");

fn list() -> Request<'static, Page<Untyped>> {
    __rt::get("v1.0", "/users", &[])
}

fn client(server: &Loopback) -> Client {
    with_policy(server, RetryPolicy::never())
}

fn with_policy(server: &Loopback, policy: RetryPolicy) -> Client {
    let token = AccessToken::new("eyJ0eXAi.the-token-itself").unwrap();
    Client::builder(Cloud::Global, token)
        .root(server.root.parse().unwrap())
        .retry(policy)
        .build()
        .unwrap()
}

/// A page with these items, and a link at `root` if `next` is not empty.
fn page(root: &str, items: &[i32], next: &str) -> Play {
    let mut body = json!({ "value": items });
    if !next.is_empty() {
        body["@odata.nextLink"] = json!(format!("{root}{next}"));
    }
    answer(200, &[JSON], &body.to_string())
}

/// Two pages and a last one.
fn three(root: &str) -> Vec<Play> {
    vec![
        page(root, &[1, 2], "/v1.0/users?$skiptoken=a"),
        page(root, &[3], "/v1.0/users?$skiptoken=b"),
        page(root, &[4], ""),
    ]
}

async fn numbers(pager: &mut Pager<Untyped>) -> Result<Vec<i64>, Error> {
    let mut numbers = Vec::new();
    while let Some(page) = pager.next().await? {
        numbers.extend(page.items.iter().filter_map(Untyped::as_i64));
    }
    Ok(numbers)
}

fn lines(server: &Loopback) -> Vec<String> {
    let seen = server.seen();
    let line = |line: &str| line.trim_end_matches(" HTTP/1.1").to_owned();
    seen.iter().map(|seen| line(&seen.line)).collect()
}

/// A URL has no fragment in a request, so the rest of the link would be lost, and the same page returned forever.
#[tokio::test]
async fn a_number_sign_in_a_link_is_not_the_start_of_a_fragment() {
    let server = Loopback::play_at(|root| {
        vec![
            page(
                root,
                &[1],
                "/v1.0/users?$filter=startswith(a,'#')&$skiptoken=b",
            ),
            page(root, &[2], ""),
        ]
    })
    .await;
    let mut pager = client(&server).pages(list());
    assert_eq!(numbers(&mut pager).await.unwrap(), [1, 2]);
    assert_eq!(
        lines(&server).last().unwrap(),
        "GET /v1.0/users?$filter=startswith(a,%27%23%27)&$skiptoken=b"
    );
}

#[tokio::test]
async fn every_page_is_requested_by_its_link_as_given() {
    const SECOND: &str =
        "/v1.0/users?$filter=startswith(displayName,%27a+b%27)&$skiptoken=RFNw%2FdA~:{1}|x==";
    const THIRD: &str = "/v1.0/Users('o%2Fx')/all?%24skiptoken=é&$filter=a lt 'b' \"<>";
    let server = Loopback::play_at(|root| {
        vec![
            page(root, &[1, 2], SECOND),
            page(root, &[], THIRD),
            page(root, &[3], ""),
        ]
    })
    .await;
    let request = list()
        .query("$top", "2")
        .header("ConsistencyLevel", "eventual")
        .header("Prefer", "odata.maxpagesize=2");
    let mut pager = client(&server).pages(request);
    assert_eq!(pager.link(), None);
    assert_eq!(numbers(&mut pager).await.unwrap(), [1, 2, 3]);
    assert!(pager.next().await.unwrap().is_none(), "it stays at the end");
    assert_eq!(
        lines(&server),
        [
            "GET /v1.0/users?$top=2".to_owned(),
            format!("GET {SECOND}"),
            "GET /v1.0/Users('o%2Fx')/all?%24skiptoken=%C3%A9&$filter=a%20lt%20%27b%27%20%22%3C%3E"
                .to_owned(),
        ]
    );
    for seen in server.seen() {
        assert_eq!(seen.header("consistencylevel"), "eventual");
        assert_eq!(seen.header("prefer"), "odata.maxpagesize=2");
        assert_eq!(seen.header("accept"), "application/json");
        assert_eq!(
            seen.header("authorization"),
            "Bearer eyJ0eXAi.the-token-itself"
        );
    }
}

#[tokio::test]
async fn a_link_to_another_origin_is_not_followed() {
    let other = Loopback::play([]).await;
    let server = Loopback::play_at(|root| {
        let port = root.rsplit(':').next().unwrap();
        vec![
            page(&other.root, &[1], "/v1.0/users?$skiptoken=a"),
            page("", &[1], &format!("http://localhost:{port}/v1.0/users")),
            page("", &[1], &format!("https://127.0.0.1:{port}/v1.0/users")),
            page("", &[1], &format!("{root}0/v1.0/users")),
            page("", &[1], &format!("{root}@graph.example/v1.0/users")),
            page("", &[1], "https:graph.example/v1.0/users"),
        ]
    })
    .await;
    let client = client(&server);
    for _ in 0..6 {
        let mut pager = client.pages(list());
        let first = pager.next().await.unwrap().unwrap();
        assert_eq!(first.items, [json!(1)], "the page itself is not lost");
        for _ in 0..2 {
            let error = pager.next().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Request, "{error}");
            assert_eq!(error.fate(), Fate::NotSent);
            let Some(RequestError::ForeignLink { origin: link, root }) = error.request_error()
            else {
                panic!("{error}")
            };
            assert_eq!(root, &server.root);
            let text = error.to_string();
            assert!(
                text.contains(link.as_str()) && text.contains(root),
                "{text}"
            );
            assert!(!text.contains("skiptoken"), "{text}");
        }
    }
    let link: PageLink = format!("{}/v1.0/users?$deltatoken=a", other.root)
        .parse()
        .unwrap();
    let error = client.pages(list().at(link)).next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request, "{error}");
    assert_eq!(server.seen().len(), 6);
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn a_link_that_is_not_a_url_is_an_error() {
    for link in [
        "/v1.0/users?$skiptoken=a",
        "users",
        "",
        "//127.0.0.1/v1.0/users",
    ] {
        let body = json!({ "value": [1], "@odata.nextLink": link }).to_string();
        let server = Loopback::play([answer(200, &[JSON], &body)]).await;
        let mut pager = client(&server).pages(list());
        pager.next().await.unwrap().unwrap();
        let error = pager.next().await.unwrap_err();
        assert!(
            error.to_string().contains("not an absolute URL"),
            "{link:?}: {error}"
        );
    }
}

#[tokio::test]
async fn a_list_that_does_not_end_is_an_error() {
    // Each page links to the next one, and the last one to an earlier one.
    for links in [
        &["/v1.0/users"][..],
        &["/v1.0/users?a", "/v1.0/users?a"],
        &[
            "/v1.0/users?a",
            "/v1.0/users?b",
            "/v1.0/users?c",
            "/v1.0/users?b",
        ],
    ] {
        let server = Loopback::play_at(|root| {
            let pages = links.iter().map(|link| page(root, &[1], link));
            pages.collect()
        })
        .await;
        let mut pager = client(&server).pages(list());
        for _ in links {
            pager.next().await.unwrap().unwrap();
        }
        for _ in 0..2 {
            let error = pager.next().await.unwrap_err();
            assert_eq!(
                error.request_error(),
                Some(&RequestError::LinkCycle),
                "{error}"
            );
        }
        assert_eq!(server.seen().len(), links.len());
    }
}

#[tokio::test]
async fn a_page_is_retried_without_losing_or_repeating_items() {
    let faults = [
        answer(503, &[("request-id", "r")], ""),
        answer(429, &[], ""),
        answer(504, &[], ""),
        Play::Drop,
        Play::Half(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"value\":[3".to_vec()),
        Play::Hang(Duration::from_secs(5)),
    ];
    for fault in faults {
        let server = Loopback::play_at(|root| {
            let mut script = three(root);
            script.insert(1, fault.clone());
            script.insert(3, fault.clone());
            script
        })
        .await;
        let policy = RetryPolicy {
            base_delay: Duration::from_millis(1),
            ..RetryPolicy::default()
        };
        let request = list().timeout(Duration::from_millis(300));
        let mut pager = with_policy(&server, policy).pages(request);
        assert_eq!(
            numbers(&mut pager).await.unwrap(),
            [1, 2, 3, 4],
            "{fault:?}"
        );
        assert_eq!(server.seen().len(), 5, "{fault:?}");
    }
}

#[tokio::test]
async fn after_an_error_the_same_page_is_requested_again() {
    let rejected = r#"{"error":{"code":"Authorization_RequestDenied","message":"No."}}"#;
    let server = Loopback::play_at(|root| {
        let mut script = three(root);
        script.insert(0, Play::Drop);
        script.insert(2, answer(403, &[JSON], rejected));
        // An item that cannot be read, such as after a change of the API.
        script.insert(4, answer(200, &[JSON], r#"{"value": 7}"#));
        script
    })
    .await;
    let mut pager = client(&server).pages(list().permissions(&["User.Read.All"]));
    let mut numbers = Vec::new();
    let mut errors = Vec::new();
    loop {
        match pager.next().await {
            Ok(Some(page)) => numbers.extend(page.items),
            Ok(None) => break,
            Err(error) => errors.push(error),
        }
    }
    assert_eq!(numbers, [1, 2, 3, 4].map(Untyped::from));
    let kinds = [
        ErrorKind::Transport,
        ErrorKind::Service,
        ErrorKind::InvalidResponse,
    ];
    assert_eq!(errors.iter().map(Error::kind).collect::<Vec<_>>(), kinds);
    for error in &errors {
        assert_eq!(error.fate(), Fate::ReadOnly);
        let text = error.to_string();
        assert!(text.starts_with("GET /v1.0/users: "), "{text}");
        assert!(!text.contains("skiptoken"), "{text}");
    }
    assert!(errors[1].to_string().contains("User.Read.All"));

    // One item at a time, too.
    let server = Loopback::play_at(|root| {
        let mut script = three(root);
        script.insert(1, Play::Drop);
        script
    })
    .await;
    let mut items = client(&server).pages(list()).items();
    items.collect_up_to(3).await.unwrap_err();
    assert_eq!(
        items.collect_up_to(3).await.unwrap(),
        [1, 2, 3].map(Untyped::from)
    );
    assert_eq!(items.next().await.unwrap(), Some(json!(4)));
    assert_eq!(items.next().await.unwrap(), None);
}

#[tokio::test]
async fn a_dropped_future_loses_no_page() {
    let server = Loopback::play_at(|root| {
        let mut script = three(root);
        script.insert(1, Play::Hang(Duration::from_secs(5)));
        script.insert(0, Play::Hang(Duration::from_secs(5)));
        script
    })
    .await;
    let mut items = client(&server).pages(list()).items();
    let mut numbers = Vec::new();
    let mut dropped = 0;
    loop {
        match tokio::time::timeout(Duration::from_millis(200), items.next()).await {
            Ok(item) => match item.unwrap() {
                Some(item) => numbers.push(item),
                None => break,
            },
            Err(_) => dropped += 1,
        }
    }
    assert_eq!(
        (numbers, dropped),
        ([1, 2, 3, 4].map(Untyped::from).to_vec(), 2)
    );
}

#[tokio::test]
async fn the_token_is_renewed_between_pages() {
    let claims = r#"Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ==""#;
    let expired = r#"{"error":{"code":"InvalidAuthenticationToken","message":"Expired."}}"#;
    let server = Loopback::play_at(|root| {
        let mut script = three(root);
        script.insert(
            2,
            answer(401, &[JSON, ("www-authenticate", claims)], expired),
        );
        script
    })
    .await;
    let issued = Mutex::new(0);
    let source = move |_: TokenRequest| {
        let mut issued = issued.lock().unwrap();
        *issued += 1;
        // Each one expires before the next page.
        let token = AccessToken::new(format!("eyJ0eXAi.token-number-{issued}"))
            .map(|token| token.with_expiry(SystemTime::now()));
        async move { token }
    };
    let client = Client::builder(Cloud::Global, source)
        .root(server.root.parse().unwrap())
        .build()
        .unwrap();
    assert_eq!(
        numbers(&mut client.pages(list())).await.unwrap(),
        [1, 2, 3, 4]
    );
    let tokens: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("authorization").to_owned())
        .collect();
    assert_eq!(
        tokens,
        [1, 2, 3, 4].map(|nth| format!("Bearer eyJ0eXAi.token-number-{nth}"))
    );
}

#[tokio::test]
async fn delta_links_are_handed_out_and_resumed() {
    let delta = || -> Request<'static, Page<Untyped>> { __rt::get("v1.0", "/users/delta()", &[]) };
    let server = Loopback::play_at(|root| {
        let last = |link: &str| {
            let body = json!({ "value": [2], "@odata.deltaLink": format!("{root}{link}") });
            answer(200, &[JSON], &body.to_string())
        };
        vec![
            page(root, &[1], "/v1.0/users/delta()?$skiptoken=a"),
            last("/v1.0/users/delta()?$deltatoken=b"),
            last("/v1.0/users/delta()?$deltatoken=c"),
        ]
    })
    .await;
    let client = client(&server);
    let mut pager = client.pages(delta().header("Prefer", "return=minimal"));
    pager.next().await.unwrap().unwrap();
    assert_eq!(pager.delta_link(), None);
    // Stored and continued in the middle.
    let stored = pager.link().unwrap().as_str().to_owned();
    let mut items = client.pages(delta().at(stored.parse().unwrap())).items();
    assert_eq!(items.next().await.unwrap(), Some(json!(2)));
    assert_eq!(items.next().await.unwrap(), None);
    let link = items.delta_link().unwrap().clone();
    let shown = format!("{items:?}{link:?}");
    assert!(
        !shown.contains("=b") && shown.contains("/users/delta"),
        "{shown}"
    );

    let mut pager = client.pages(delta().header("Prefer", "return=minimal").at(link));
    assert_eq!(numbers(&mut pager).await.unwrap(), [2]);
    assert!(pager.delta_link().unwrap().as_str().ends_with("=c"));
    assert_eq!(pager.link(), None);
    assert_eq!(
        lines(&server),
        [
            "GET /v1.0/users/delta()",
            "GET /v1.0/users/delta()?$skiptoken=a",
            "GET /v1.0/users/delta()?$deltatoken=b",
        ]
    );
    let prefer: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("prefer").to_owned())
        .collect();
    assert_eq!(prefer, ["return=minimal", "", "return=minimal"]);
}

#[tokio::test]
async fn an_expired_link_requires_a_new_start() {
    let inner = r#"{"error":{"code":"Gone","message":"m","innerError":{"code":"resyncRequired"}}}"#;
    for (status, body, expected) in [
        (
            410,
            r#"{"error":{"code":"syncStateNotFound","message":"m"}}"#,
            true,
        ),
        (
            410,
            r#"{"error":{"code":"SomethingNew","message":"m"}}"#,
            true,
        ),
        (
            400,
            r#"{"error":{"code":"SyncStateNotFound","message":"m"}}"#,
            true,
        ),
        (404, inner, true),
        (
            400,
            r#"{"error":{"code":"Request_BadRequest","message":"m"}}"#,
            false,
        ),
        (410, "<html>", false),
    ] {
        let server = Loopback::play([answer(status, &[JSON], body)]).await;
        let link = format!("{}/v1.0/users/delta?$deltatoken=a", server.root);
        let mut pager = client(&server).pages(list().at(link.parse().unwrap()));
        let error = pager.next().await.unwrap_err();
        assert_eq!(error.is_resync_required(), expected, "{error}");
        let advice = error
            .to_string()
            .contains("read the list again from the start");
        assert_eq!(advice, expected || status == 410, "{error}");
    }
}

#[tokio::test]
async fn collecting_stops_at_the_maximum() {
    let server = Loopback::play_at(three).await;
    let collected = client(&server)
        .pages(list())
        .collect_up_to(2)
        .await
        .unwrap();
    assert_eq!(collected, [1, 2].map(Untyped::from));
    assert_eq!(server.seen().len(), 1, "the second page is not needed");

    let server = Loopback::play_at(three).await;
    let mut items = client(&server).pages(list()).items();
    assert_eq!(items.collect_up_to(0).await.unwrap(), [] as [Untyped; 0]);
    assert_eq!(items.collect_up_to(1).await.unwrap(), [json!(1)]);
    assert_eq!(
        items.collect_up_to(usize::MAX).await.unwrap(),
        [2, 3, 4].map(Untyped::from)
    );
    assert_eq!(items.collect_up_to(1).await.unwrap(), [] as [Untyped; 0]);
}

#[tokio::test]
async fn pages_after_the_result_of_an_action_are_read() {
    let server = Loopback::play_at(three).await;
    let body = CollectionBody::from(["a".to_owned()]);
    let action: Request<'_, Page<Untyped>> =
        __rt::post("v1.0", "/directoryObjects/getByIds", &[], &body);
    let mut pager = client(&server).pages(action);
    assert_eq!(numbers(&mut pager).await.unwrap(), [1, 2, 3, 4]);
    let seen = server.seen();
    assert!(seen[0].line.starts_with("POST ") && !seen[0].body.is_empty());
    for seen in &seen[1..] {
        assert!(seen.line.starts_with("GET /v1.0/users?$skiptoken="));
        assert_eq!((seen.header("content-type"), seen.body.as_str()), ("", ""));
    }
}

#[tokio::test]
async fn an_invalid_request_is_reported_by_the_first_page() {
    let server = Loopback::play([]).await;
    let client = client(&server);
    let request =
        || -> Request<'static, Page<Untyped>> { __rt::get("v1.0", "/users/{id}/messages", &[&""]) };
    let error = client.pages(request()).next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request, "{error}");
    // A link has its own path, but not its own headers.
    let link = || -> PageLink { format!("{}/v1.0/users", server.root).parse().unwrap() };
    let invalid = list().header("host", "graph.example");
    let error = client.pages(invalid.at(link())).next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request, "{error}");
    assert!(server.seen().is_empty());
}
