//! Lists as streams of pages and items.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may fail loudly

#[allow(dead_code)] // each test file uses its part
mod loopback;

use std::pin::Pin;

use futures_core::Stream;
use loopback::{Loopback, Play, answer};
use msgraph_runtime::edm::Untyped;
use msgraph_runtime::{
    __private as __rt, AccessToken, Client, Cloud, Page, Pager, Request, RetryPolicy,
};
use serde_json::json;

async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    std::future::poll_fn(|context| Pin::new(&mut *stream).poll_next(context)).await
}

fn pages(server: &Loopback) -> Pager<Untyped> {
    let token = AccessToken::new("eyJ0eXAi.the-token-itself").unwrap();
    let client = Client::builder(Cloud::Global, token)
        .root(server.root.parse().unwrap())
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let list: Request<'static, Page<Untyped>> = __rt::get("v1.0", "/users", &[]);
    client.pages(list)
}

fn page(root: &str, items: &[i32], next: &str) -> Play {
    let body = json!({ "value": items, "@odata.nextLink": format!("{root}{next}") });
    answer(
        200,
        &[("content-type", "application/json")],
        &body.to_string(),
    )
}

fn script(root: &str) -> Vec<Play> {
    let last = answer(200, &[], r#"{"value":[4]}"#);
    vec![
        page(root, &[1, 2], "/a"),
        page(root, &[], "/b"),
        page(root, &[3], "/c"),
        last,
    ]
}

fn is_send<T: Send>(value: T) -> T {
    value
}

#[tokio::test]
async fn every_page_and_every_item() {
    let server = Loopback::play_at(script).await;
    let mut stream = is_send(pages(&server).into_stream());
    let mut lengths = Vec::new();
    while let Some(page) = next(&mut stream).await {
        lengths.push(page.unwrap().items.len());
    }
    assert_eq!(lengths, [2, 0, 1, 1]);
    assert!(next(&mut stream).await.is_none());

    let server = Loopback::play_at(script).await;
    let mut items = pages(&server).items();
    assert_eq!(items.next().await.unwrap(), Some(json!(1)));
    // It begins with the items that were read already.
    let mut stream = is_send(items.into_stream());
    let mut numbers = Vec::new();
    while let Some(item) = next(&mut stream).await {
        numbers.push(item.unwrap());
    }
    assert_eq!(numbers, [2, 3, 4].map(Untyped::from));
}

#[tokio::test]
async fn a_stream_ends_after_an_error() {
    let server = Loopback::play_at(|root| {
        let mut script = script(root);
        script.insert(1, Play::Drop);
        script
    })
    .await;
    let mut stream = pages(&server).items().into_stream();
    assert_eq!(next(&mut stream).await.unwrap().unwrap(), json!(1));
    assert_eq!(next(&mut stream).await.unwrap().unwrap(), json!(2));
    next(&mut stream).await.unwrap().unwrap_err();
    assert!(next(&mut stream).await.is_none());
    assert_eq!(server.seen().len(), 2);
}
