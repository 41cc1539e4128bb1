//! A credential of `azure_core` as a token source.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)] // a test may fail loudly

mod loopback;

use std::sync::Arc;

use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::time::OffsetDateTime;
use loopback::{Loopback, answer};
use msgraph_runtime::auth::{AzureCredential, TokenRequest, TokenSource};
use msgraph_runtime::{Client, Cloud, Request};

#[derive(Debug)]
struct Fixed(Result<i64, &'static str>);

#[async_trait::async_trait]
impl TokenCredential for Fixed {
    async fn get_token(
        &self,
        scopes: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        match self.0 {
            Ok(expiry) => Ok(AccessToken::new(
                scopes.join(" "),
                OffsetDateTime::from_unix_timestamp(expiry).unwrap(),
            )),
            Err(problem) => Err(azure_core::Error::with_message(
                azure_core::error::ErrorKind::Credential,
                problem,
            )),
        }
    }
}

const IN_2100: i64 = 4_102_444_800;

#[tokio::test]
async fn the_scope_is_that_of_the_cloud() {
    let server = Loopback::play([answer(200, &[], "{}")]).await;
    let client = Client::builder(
        Cloud::China,
        AzureCredential::new(Arc::new(Fixed(Ok(IN_2100)))),
    )
    .root(server.root.parse().unwrap())
    .build()
    .unwrap();
    client.send(Request::get("v1.0", "/me", &[])).await.unwrap();
    let sent: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("authorization").to_owned())
        .collect();
    assert_eq!(
        sent,
        ["Bearer https://microsoftgraph.chinacloudapi.cn/.default"]
    );
    assert_eq!(
        server
            .seen()
            .first()
            .map(|seen| (seen.line.as_str(), seen.body.as_str())),
        Some(("GET /v1.0/me HTTP/1.1", ""))
    );
}

#[tokio::test]
async fn a_failing_credential_is_the_source_of_the_error() {
    let credential = AzureCredential::new(Arc::new(Fixed(Err("az login first"))));
    let client = Client::new(Cloud::Global, credential).unwrap();
    let error = client
        .send(Request::get("v1.0", "/me", &[]))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("az login first"), "{error}");
    let cause = error.token_error().and_then(std::error::Error::source);
    assert!(
        cause.is_some_and(|cause| cause.is::<azure_core::Error>()),
        "{error:?}"
    );
}

#[tokio::test]
async fn the_expiry_is_kept() {
    let credential = AzureCredential::new(Arc::new(Fixed(Ok(IN_2100))));
    let token = credential.token(TokenRequest::new("scope")).await.unwrap();
    let since = token
        .expires_at()
        .unwrap()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    assert_eq!(since.as_secs(), 4_102_444_800);
    let error = credential
        .token(TokenRequest::new("scope").with_claims("{\"a\":1}"))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("{\"a\":1}"), "{error}");
}
