//! Query options: their encoding, and the headers that they require.
#![allow(missing_docs, clippy::unwrap_used)] // a test may fail loudly

use msgraph_runtime::edm::Untyped;
use msgraph_runtime::error::RequestError;
use msgraph_runtime::request::{PageLink, quoted};
use msgraph_runtime::{Cloud, Page, Request};

const ROOT: &str = "https://graph.microsoft.com/v1.0";

fn users() -> Request<'static, Page<Untyped>> {
    Request::get("v1.0", "/users", &[]).reading()
}

fn query(request: &Request<'_, Page<Untyped>>) -> String {
    let prepared = request.prepare(&Cloud::Global.into()).unwrap();
    prepared.uri().query().unwrap_or_default().to_owned()
}

fn consistency(request: &Request<'_, Page<Untyped>>) -> Option<String> {
    let headers = request.headers().unwrap();
    let value = headers.get("consistencylevel")?;
    Some(value.to_str().unwrap().to_owned())
}

#[test]
fn options_are_encoded() {
    for (request, expected) in [
        (users(), ""),
        (
            users().filter("accountEnabled eq true"),
            "$filter=accountEnabled%20eq%20true",
        ),
        (
            users().filter(&format!("displayName eq {}", quoted("a&b=c+d#e%20'f'"))),
            "$filter=displayName%20eq%20%27a%26b%3Dc%2Bd%23e%2520%27%27f%27%27%27",
        ),
        (
            users().filter("startsWith(mail,'ä')"),
            "$filter=startsWith(mail,%27%C3%A4%27)",
        ),
        (
            users().orderby("displayName desc,id"),
            "$orderby=displayName%20desc,id",
        ),
        (users().top(5).skip(10), "$top=5&$skip=10"),
        (users().count(), "$count=true"),
        (
            users().search("displayName:Adele V"),
            "$search=%22displayName:Adele%20V%22",
        ),
        (
            users().search(r#"a "b" \c"#),
            "$search=%22a%20%5C%22b%5C%22%20%5C%5Cc%22",
        ),
        (
            users().search(r#""displayName:a" OR "mail:b""#),
            "$search=%22displayName:a%22%20OR%20%22mail:b%22",
        ),
        (
            users().search(r#"("a" OR "b")"#),
            "$search=(%22a%22%20OR%20%22b%22)",
        ),
        (
            users().query("$expand", "manager($levels=max;$select=id)"),
            "$expand=manager($levels%3Dmax%3B$select%3Did)",
        ),
    ] {
        assert_eq!(query(&request), expected);
    }
}

#[test]
fn lists_grow_and_other_options_are_replaced() {
    let request = users().expand("manager").expand("memberOf($select=id)");
    assert_eq!(query(&request), "$expand=manager,memberOf($select%3Did)");
    // After an escape-hatch option of the same name too.
    let request = users().query("$expand", "manager").expand("memberOf");
    assert_eq!(query(&request), "$expand=manager,memberOf");
    let request = users().filter("a eq 1").top(1).filter("b eq 2").top(2);
    assert_eq!(query(&request), "$filter=b%20eq%202&$top=2");
    let request = users()
        .search("a")
        .search("b")
        .orderby("a")
        .orderby("b")
        .count()
        .count();
    assert_eq!(query(&request), "$search=%22b%22&$orderby=b&$count=true");
    // The escape hatch replaces nothing.
    let request = users().query("a", "1").query("a", "2");
    assert_eq!(query(&request), "a=1&a=2");
}

#[test]
fn advanced_queries_ask_for_eventual_consistency() {
    let eventual = Some("eventual".to_owned());
    assert_eq!(consistency(&users().filter("a eq 1").top(1)), None);
    assert_eq!(consistency(&users().count()), eventual);
    assert_eq!(consistency(&users().search("a")), eventual);
    assert_eq!(
        consistency(&users().filter("not(a eq 1)").eventual()),
        eventual
    );
    let own = users().count().header("consistencyLEVEL", "session");
    assert_eq!(consistency(&own), Some("session".to_owned()));
    assert_eq!(
        own.headers()
            .unwrap()
            .get_all("consistencylevel")
            .iter()
            .count(),
        1
    );
}

#[test]
fn a_page_link_replaces_path_and_query_and_keeps_headers() {
    let link: PageLink = format!("{ROOT}/users?$top=2&$skiptoken=m~A%2B'b'=")
        .parse()
        .unwrap();
    let request = users()
        .count()
        .top(1)
        .header("Prefer", "a")
        .at(link.clone());
    let prepared = request.prepare(&Cloud::Global.into()).unwrap();
    assert_eq!(prepared.uri().to_string(), link.as_str());
    assert_eq!(prepared.headers()["consistencylevel"], "eventual");
    assert_eq!(prepared.headers()["prefer"], "a");
}

#[test]
fn a_page_link_to_another_origin_is_not_followed() {
    let origin_of = |link: &str| {
        let request = users().at(link.parse().unwrap());
        match request.prepare(&Cloud::Global.into()) {
            Err(error @ RequestError::ForeignLink { .. }) => Some(error.to_string()),
            Ok(_) => None,
            Err(error) => Some(format!("unexpected: {error}")),
        }
    };
    let foreign = |origin: &str| {
        Some(format!(
            "the page link leads to {origin}, but this client sends requests to https://graph.microsoft.com"
        ))
    };
    assert_eq!(
        origin_of("https://GRAPH.microsoft.com:443/v1.0/users?$skiptoken=a"),
        None
    );
    for (link, origin) in [
        (
            "https://graph.microsoft.us/v1.0/users",
            "https://graph.microsoft.us",
        ),
        (
            "http://graph.microsoft.com/v1.0/users",
            "http://graph.microsoft.com",
        ),
        (
            "https://graph.microsoft.com:80/users",
            "https://graph.microsoft.com:80",
        ),
        (
            "https://graph.microsoft.com.evil.example/users",
            "https://graph.microsoft.com.evil.example",
        ),
        (
            "https://graph.microsoft.com@evil.example/users",
            "https://***@evil.example",
        ),
        (
            r"https://graph.microsoft.com\@evil.example/users",
            r"https://graph.microsoft.com\@evil.example",
        ),
    ] {
        let message = origin_of(link);
        assert!(
            message == foreign(origin) || link.contains('\\') && message.is_some(),
            "{link}: {message:?}"
        );
    }
}

#[test]
fn a_stored_link_is_an_absolute_url() {
    for wrong in [
        "",
        "users?$skiptoken=a",
        "/v1.0/users",
        "https://graph.microsoft.com/a b",
        "https://a/\n",
    ] {
        assert!(wrong.parse::<PageLink>().is_err(), "{wrong:?}");
    }
    let link: PageLink = format!("{ROOT}/users?$skiptoken=secret").parse().unwrap();
    assert_eq!(
        format!("{link:?}"),
        format!("PageLink(\"{ROOT}/users?***\")")
    );
    assert!(!format!("{:?}", users().at(link)).contains("secret"));
}
