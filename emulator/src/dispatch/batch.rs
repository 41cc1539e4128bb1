//! `$batch`: several requests in one (Graph's JSON batching).

use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Bytes;
use hyper::header::{self, HeaderName};
use hyper::{HeaderMap, Method, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::path::segment::{is_batch, split};
use crate::rejection::{Rejection, Result, bad_request};
use crate::service::headers::read_json;
use crate::service::message::{Body, ServiceRequest, ServiceResponse, api_version};

/// Graph's own limit.
const MAX_REQUESTS: usize = 20;

#[derive(Deserialize)]
struct BatchJson {
    requests: Vec<ItemJson>,
}

#[derive(Deserialize)]
struct ItemJson {
    id: String,
    method: String,
    url: String,
    headers: Option<HashMap<String, String>>,
    #[serde(rename = "dependsOn")]
    depends_on: Option<Vec<String>>,
    body: Option<Value>,
}

/// A request of a batch.
pub(super) struct Item {
    pub(super) id: String,
    pub(super) request: ServiceRequest,
    depends_on: Vec<String>,
}

/// Reads the requests of a batch.
pub(super) fn read(outer: &ServiceRequest) -> Result<Vec<Item>> {
    let (_, body) = read_json(outer)?;
    let batch: BatchJson = serde_json::from_value(body)
        .map_err(|error| bad_request!("The batch is invalid: {error}."))?;
    let count = batch.requests.len();
    if count == 0 || count > MAX_REQUESTS {
        return Err(bad_request!(
            "A batch has 1 to {MAX_REQUESTS} requests, not {count}."
        ));
    }
    let items = batch.requests.into_iter().map(|item| item.read(outer));
    let items: Vec<Item> = items.collect::<Result<_>>()?;
    for (index, Item { id, depends_on, .. }) in items.iter().enumerate() {
        if items.iter().take(index).any(|other| other.id == *id) {
            return Err(bad_request!(
                "The batch has two requests with the id '{id}'."
            ));
        }
        let is_missing = |id: &&String| !items.iter().any(|other| other.id == **id);
        if let Some(other) = depends_on.iter().find(is_missing) {
            return Err(bad_request!(
                "The request '{id}' depends on '{other}', which is not in the batch."
            ));
        }
    }
    Ok(items)
}

/// A response as it is written in the response to the batch.
pub(super) fn response(id: &str, response: ServiceResponse) -> Value {
    let headers: Map<String, Value> = response
        .headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (canonical(name), Value::String(value))
        })
        .collect();
    let mut json = json!({"id": id, "status": response.status.as_u16(), "headers": headers});
    let body = match response.body {
        None => return json,
        Some(Body::Json(body)) => body,
        Some(Body::Text(text)) if text.is_empty() => return json,
        // A body that is not JSON is base64-encoded.
        Some(Body::Text(text)) => Value::String(STANDARD.encode(text)),
        Some(Body::Oversized(bytes)) => json!({
            "error": {"code": "InternalServerError", "message": format!("{bytes} bytes")}
        }),
    };
    if let Some(json) = json.as_object_mut() {
        json.insert("body".to_owned(), body);
    }
    json
}

/// In a batch, Graph capitalizes header names: `Retry-After`.
fn canonical(name: &HeaderName) -> String {
    let mut upper = true;
    name.as_str()
        .chars()
        .map(|c| {
            let written = if upper { c.to_ascii_uppercase() } else { c };
            upper = c == '-';
            written
        })
        .collect()
}

impl Item {
    /// Whether the request was not processed, and its dependencies were. `statuses` are those of the
    /// requests processed so far.
    pub(super) fn is_ready(&self, statuses: &BTreeMap<&str, StatusCode>) -> bool {
        let is_done = |id: &str| statuses.contains_key(id);
        !is_done(&self.id) && self.depends_on.iter().all(|id| is_done(id))
    }

    pub(super) fn failed_dependency(
        &self,
        statuses: &BTreeMap<&str, StatusCode>,
    ) -> Option<Rejection> {
        let mut statuses = self.depends_on.iter().map(|id| statuses.get(id.as_str()));
        let has_failed = statuses.any(|status| status.is_some_and(|status| !status.is_success()));
        has_failed.then(|| {
            Rejection::new(
                StatusCode::FAILED_DEPENDENCY,
                "FailedDependency",
                "A request that this one depends on has failed.",
            )
        })
    }
}

impl ItemJson {
    fn read(self, outer: &ServiceRequest) -> Result<Item> {
        let id = self.id;
        let reject = |reason: &str| bad_request!("The request '{id}' of the batch {reason}.");
        let method =
            Method::from_bytes(self.method.as_bytes()).map_err(|_| reject("has no HTTP method"))?;
        if self.url.contains("://") {
            return Err(reject("has a URL that is not relative to the API version"));
        }
        let (path, query) = match self.url.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (self.url.as_str(), None),
        };
        if split(path)?.iter().any(|segment| is_batch(segment)) {
            return Err(reject("is a batch itself"));
        }
        let mut headers = HeaderMap::try_from(&self.headers.unwrap_or_default())
            .map_err(|_| reject("has an invalid header"))?;
        if self.body.is_some() && !headers.contains_key(header::CONTENT_TYPE) {
            return Err(reject("has a body and no header 'Content-Type'"));
        }
        for name in ["authorization", "client-request-id"] {
            if let Some(value) = outer.headers.get(name) {
                headers.entry(name).or_insert(value.clone());
            }
        }
        let version = api_version(&outer.path);
        let body = self.body.map(|body| Bytes::from(body.to_string()));
        Ok(Item {
            request: ServiceRequest {
                method,
                path: format!("/{version}/{}", path.trim_start_matches('/')),
                query,
                headers,
                body: body.unwrap_or_default(),
            },
            id,
            depends_on: self.depends_on.unwrap_or_default(),
        })
    }
}
