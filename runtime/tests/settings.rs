//! Settings of the HTTP client: proxies, certificates, connections.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)] // a test may fail loudly

#[allow(dead_code)] // each test file uses its part
mod loopback;

use loopback::{Loopback, answer};
use msgraph_runtime::{
    AccessToken, Client, ClientBuilder, Cloud, ErrorKind, Fate, Request, RetryPolicy,
};

const TOKEN: &str = "eyJ0eXAi.token-that-must-not-leak";

fn builder() -> ClientBuilder {
    Client::builder(Cloud::Global, AccessToken::new(TOKEN).unwrap()).retry(RetryPolicy::never())
}

fn at(server: &Loopback) -> ClientBuilder {
    builder().root(server.root.parse().unwrap())
}

fn request() -> Request<'static, ()> {
    Request::delete("v1.0", "/policies/tap", &[])
}

fn problem(builder: ClientBuilder) -> String {
    let error = builder.build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Setup);
    error.to_string()
}

#[tokio::test]
async fn a_proxy_sees_a_tunnel_and_its_own_password() {
    let proxy = Loopback::play([answer(502, &[], "")]).await;
    let url = proxy.root.replace("//", "//user:pass%21@");
    let client = builder().proxy(url).build().unwrap();
    let error = client.send(request()).await.unwrap_err();
    assert_eq!(error.fate(), Fate::NotSent, "{error}");
    let seen = proxy.seen();
    assert_eq!(seen[0].line, "CONNECT graph.microsoft.com:443 HTTP/1.1");
    assert_eq!(
        seen[0].header("proxy-authorization"),
        "Basic dXNlcjpwYXNzIQ=="
    );
    assert!(!format!("{seen:?}").contains(TOKEN));
}

#[tokio::test]
async fn plain_http_goes_through_no_proxy() {
    let proxy = Loopback::play([answer(204, &[], "")]).await;
    let server = Loopback::play([answer(204, &[], "")]).await;
    let client = at(&server).proxy(proxy.root.as_str()).build().unwrap();
    client.send(request()).await.unwrap();
    assert_eq!((proxy.seen().len(), server.seen().len()), (0, 1));
}

#[test]
fn an_invalid_proxy_is_named_without_its_password() {
    let builder = || builder().proxy("http://user:hunter2@[::1:80");
    assert!(!format!("{:?}", builder()).contains("hunter2"));
    let problem = problem(builder());
    assert!(
        problem.contains("proxy") && !problem.contains("hunter2"),
        "{problem}"
    );
}

#[test]
fn an_invalid_certificate_is_rejected() {
    const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const KEY: &str = "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n";
    for invalid in [
        builder().root_certificates_pem("not a certificate"),
        builder().root_certificates_pem(CERTIFICATE),
        builder().root_certificate_der([0, 1, 2]),
        builder().client_certificate_pem("", ""),
        builder().client_certificate_pem(CERTIFICATE, ""),
        builder().client_certificate_pem(CERTIFICATE, KEY),
    ] {
        let shown = format!("{invalid:?}");
        let problem = problem(invalid);
        assert!(
            problem.contains("certificate") || problem.contains("private key"),
            "{problem}"
        );
        assert!(!(problem + &shown).contains("hunter2"));
    }
}

#[tokio::test]
async fn connections_are_kept_as_set() {
    let server = Loopback::play(vec![answer(204, &[], ""); 2]).await;
    let client = at(&server)
        .pool_idle_timeout(std::time::Duration::from_secs(1))
        .pool_max_idle_per_host(0)
        .build()
        .unwrap();
    for _ in 0..2 {
        client.send(request()).await.unwrap();
    }
    assert_eq!(server.seen().len(), 2);
}
