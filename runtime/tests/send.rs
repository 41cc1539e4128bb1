//! A client, its requests and its futures can be moved to another thread.
#![allow(missing_docs)]

use msgraph_runtime::edm::Untyped;
use msgraph_runtime::error::{RequestError, ResponseError};
use msgraph_runtime::request::{Batch, BatchResponses, CollectionBody};
use msgraph_runtime::sans_io::{Attempts, DryRun};
use msgraph_runtime::{Client, ClientBuilder, Error, Outcome, Page, Pager, Request};

const fn is_send_and_sync<T: Send + Sync>() {}

const fn is_send(_: &impl Send) {}

#[test]
fn values_are_send_and_sync() {
    is_send_and_sync::<Client>();
    is_send_and_sync::<ClientBuilder>();
    is_send_and_sync::<Request<'_>>();
    is_send_and_sync::<Batch<'_>>();
    is_send_and_sync::<Outcome<Option<Untyped>>>();
    is_send_and_sync::<BatchResponses>();
    is_send_and_sync::<Error>();
    is_send_and_sync::<RequestError>();
    is_send_and_sync::<ResponseError>();
    is_send_and_sync::<Attempts>();
    is_send_and_sync::<DryRun>();
    is_send_and_sync::<Pager<Untyped>>();
}

/// Compiled, but not called: it needs no server.
#[allow(dead_code, unused_must_use)]
fn futures_are_send(client: &Client, batch: Batch<'_>, current: &Untyped) {
    let body = CollectionBody::from(["a".to_owned()]);
    let request = || Request::put("v1.0", "/domains/names", &[], &body);
    is_send(&client.send(request()));
    is_send(&client.read_back(&request()));
    is_send(&client.send_changes(request()));
    is_send(&client.send_changes_from(request(), current));
    is_send(&client.send_batch(batch));
    is_send(&client.token());
    let list = || Request::get("v1.0", "/users", &[]).reading::<Page<Untyped>>();
    is_send(&client.pages(list()).next());
    is_send(&client.pages(list()).items().next());
    is_send(&client.pages(list()).collect_up_to(1));
}
