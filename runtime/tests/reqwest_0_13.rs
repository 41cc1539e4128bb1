//! The settings of `reqwest` that the client overrides.
#![allow(missing_docs, clippy::unwrap_used)] // a test may fail loudly

#[allow(dead_code)] // each test file uses its part
mod loopback;

use loopback::{Loopback, answer};
use msgraph_runtime::{AccessToken, Client, ClientBuilder, Cloud, Request};

fn builder(server: &Loopback) -> ClientBuilder {
    Client::builder(Cloud::Global, AccessToken::new("eyJ0eXAi").unwrap())
        .root(server.root.parse().unwrap())
}

fn request() -> Request<'static, ()> {
    Request::delete("v1.0", "/policies/tap", &[])
}

#[tokio::test]
async fn redirects_stay_off() {
    let elsewhere = Loopback::play([answer(204, &[], "")]).await;
    let server = Loopback::play([answer(307, &[("location", &elsewhere.root)], "")]).await;
    let client = builder(&server).reqwest_0_13(|http| {
        http.redirect(reqwest::redirect::Policy::limited(5))
            .referer(true)
    });
    let error = client.build().unwrap().send(request()).await.unwrap_err();
    assert_eq!(error.status(), Some(307));
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn plain_http_goes_through_no_proxy() {
    let proxy = Loopback::play([answer(204, &[], "")]).await;
    let server = Loopback::play([answer(204, &[], "")]).await;
    let proxied = reqwest::Proxy::all(&proxy.root).unwrap();
    let client = builder(&server).reqwest_0_13(|http| http.proxy(proxied));
    client.build().unwrap().send(request()).await.unwrap();
    assert_eq!((proxy.seen().len(), server.seen().len()), (0, 1));
}

/// The default of `native-tls` is TLS 1.0.
#[tokio::test]
async fn tls_is_at_least_1_2() {
    let server = Loopback::play([]).await;
    let client = builder(&server).reqwest_0_13(|http| {
        let settings = format!("{http:?}");
        assert!(settings.contains("Version(Tls1_2)"), "{settings}");
        http
    });
    client.build().unwrap();
}

#[tokio::test]
async fn other_settings_are_kept() {
    let server = Loopback::play([answer(204, &[], "")]).await;
    let client = builder(&server).reqwest_0_13(|http| {
        let headers = [("x-own".parse().unwrap(), "1".parse().unwrap())];
        http.default_headers(headers.into_iter().collect())
    });
    client.build().unwrap().send(request()).await.unwrap();
    assert_eq!(server.seen().first().unwrap().header("x-own"), "1");
}
