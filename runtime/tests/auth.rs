//! Access tokens, their sources, and secrets.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)] // a test may fail loudly

mod loopback;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use loopback::{Loopback, answer};
use msgraph_runtime::auth::{TokenError, TokenRequest, TokenSource};
use msgraph_runtime::{AccessToken, Client, Cloud, Error, Fate, Request, Secret};

const TOKEN: &str = "eyJ0eXAi.a-token";

/// What a client with this source sends as `authorization`.
async fn authorization(source: impl TokenSource) -> String {
    let server = Loopback::play([answer(200, &[], "{}")]).await;
    let client = Client::builder(Cloud::Global, source)
        .root(server.root.parse().unwrap())
        .build()
        .unwrap();
    client.send(Request::get("v1.0", "/me", &[])).await.unwrap();
    server.seen()[0].header("authorization").to_owned()
}

/// A source that is written as a type.
struct Tenant {
    id: String,
}

impl TokenSource for Tenant {
    async fn token(&self, request: TokenRequest) -> Result<AccessToken, TokenError> {
        tokio::task::yield_now().await;
        AccessToken::new(format!("{}@{}", self.id, request.scope))
    }
}

#[tokio::test]
async fn tokens_closures_and_types_are_sources() {
    let fixed = AccessToken::new(TOKEN).unwrap();
    assert_eq!(authorization(fixed).await, format!("Bearer {TOKEN}"));

    let closure = |_| async { AccessToken::new("from-a-closure") };
    assert_eq!(authorization(closure).await, "Bearer from-a-closure");

    let with_expiry = |request: TokenRequest| async move {
        let token = AccessToken::new(request.scope)?;
        Ok(token.with_expiry(SystemTime::now() + Duration::from_secs(3600)))
    };
    let scope = "https://graph.microsoft.com/.default";
    assert_eq!(authorization(with_expiry).await, format!("Bearer {scope}"));

    let tenant = Arc::new(Tenant { id: "a".to_owned() });
    let sent = authorization(Arc::clone(&tenant)).await;
    assert_eq!(sent, format!("Bearer {}@{scope}", tenant.id));
}

#[test]
fn a_token_may_end_with_a_line_break() {
    for token in [TOKEN, "eyJ0eXAi.a-token\n", "eyJ0eXAi.a-token\r\n"] {
        let token = AccessToken::new(token).unwrap();
        assert_eq!(token.secret().expose(), TOKEN);
        assert_eq!(token.expires_at(), None);
    }
}

#[test]
fn an_invalid_token_is_an_error_without_its_value() {
    for (token, problem) in [
        ("", "empty"),
        (" ", "empty"),
        ("\n", "empty"),
        ("\neyJ0eXAi.a-token", "white space"),
        (" eyJ0eXAi.a-token", "white space"),
        ("eyJ0eXAi.a-token\t", "white space"),
        ("eyJ0eXAi.a-token \n", "white space"),
        ("eyJ0eXAi.a-token\r\nx-injected: 1", "line break"),
        ("Bearer eyJ0eXAi.a-token", "Bearer"),
        ("bearer eyJ0eXAi.a-token\n", "Bearer"),
        ("\u{feff}eyJ0eXAi.a-token", "non-ASCII"),
        ("eyJ0eXAi.a\u{200b}-token", "non-ASCII"),
    ] {
        let error = AccessToken::new(token).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(
            shown.contains(problem) && !shown.contains("a-token"),
            "{token:?}: {shown}"
        );
    }
    let error = Error::from(AccessToken::new("").unwrap_err());
    assert_eq!(error.to_string(), "no token: the token is empty");
    assert_eq!(error.fate(), Fate::NotSent);
}

#[tokio::test]
async fn a_source_that_returns_an_invalid_token_sends_nothing() {
    let server = Loopback::play([]).await;
    let client = Client::builder(Cloud::Global, |_| async { AccessToken::new("") })
        .root(server.root.parse().unwrap())
        .build()
        .unwrap();
    let error = client
        .send(Request::delete("v1.0", "/users/{id}", &[&"adele"]))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "DELETE /v1.0/users/{id}: no token: the token is empty"
    );
    assert_eq!(error.fate(), Fate::NotSent);
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_client_lends_its_token() {
    let server = Loopback::play([answer(200, &[], "{}")]).await;
    let asked = AtomicUsize::new(0);
    let expires_at = SystemTime::now() + Duration::from_secs(3600);
    let source = move |_| {
        let number = asked.fetch_add(1, Ordering::SeqCst);
        async move { Ok(AccessToken::new(format!("token-{number}"))?.with_expiry(expires_at)) }
    };
    let client = Client::builder(Cloud::Global, source)
        .root(server.root.parse().unwrap())
        .build()
        .unwrap();
    let token = client.token().await.unwrap();
    assert_eq!(token.secret().expose(), "token-0");
    assert_eq!(token.expires_at(), Some(expires_at));
    assert_eq!(client.token().await.unwrap(), token);
    client.send(Request::get("v1.0", "/me", &[])).await.unwrap();
    assert_eq!(server.seen()[0].header("authorization"), "Bearer token-0");
}

#[tokio::test]
async fn a_source_that_does_not_respond_lends_no_token() {
    let client = Client::builder(Cloud::Global, |_| std::future::pending())
        .token_timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let error = client.token().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the token source did not respond within 50ms"
    );
}

#[test]
fn debug_shows_no_secret() {
    let secret = Secret::new("correct horse");
    let token = AccessToken::new(TOKEN)
        .unwrap()
        .with_expiry(SystemTime::UNIX_EPOCH);
    let client = Client::new(Cloud::Global, token.clone()).unwrap();
    let shown = format!("{secret:?} {token:?} {client:?}");
    assert!(
        !shown.contains("horse") && !shown.contains("eyJ0eXAi"),
        "{shown}"
    );
    assert!(shown.starts_with("Secret(***) AccessToken"), "{shown}");
}

#[test]
fn secrets_are_equal_by_value() {
    assert_eq!(Secret::new("a"), Secret::from("a".to_owned()));
    for other in ["b", "", "ab"] {
        assert_ne!(Secret::new("a"), Secret::new(other));
    }
}

#[test]
fn futures_of_tokens_are_send() {
    fn assert_send(_: impl Send) {}
    let tenant = Tenant { id: String::new() };
    assert_send(tenant.token(TokenRequest::new("scope")));
    let client = Client::new(Cloud::Global, tenant).unwrap();
    assert_send(client.token());
    assert_send(client.send(Request::get("v1.0", "/me", &[])));
}
