//! `$batch`: several requests in one (Graph's JSON batching).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Bytes;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, StatusCode};
use serde_json::{Map, Value, json};

use crate::path::segment::{is_batch, split};
use crate::rejection::{Rejection, bad_request};
use crate::service::headers::read_json;
use crate::service::message::{Body, ServiceRequest, ServiceResponse, api_version};

/// Graph's own limit.
const MAX_REQUESTS: usize = 20;

/// A request of a batch.
pub(super) struct Item {
    pub(super) id: String,
    pub(super) request: ServiceRequest,
    depends_on: Vec<String>,
}

/// Reads the requests of a batch.
pub(super) fn read(outer: &ServiceRequest) -> Result<Vec<Item>, Rejection> {
    let (_, body) = read_json(outer)?;
    let Some(requests) = body.get("requests").and_then(Value::as_array) else {
        return Err(bad_request!("The batch has no array 'requests'."));
    };
    if requests.is_empty() || requests.len() > MAX_REQUESTS {
        return Err(bad_request!(
            "A batch has 1 to {MAX_REQUESTS} requests, not {}.",
            requests.len()
        ));
    }
    let items: Vec<Item> = requests
        .iter()
        .map(|request| Item::read(request, outer))
        .collect::<Result<_, _>>()?;
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

    fn read(value: &Value, outer: &ServiceRequest) -> Result<Self, Rejection> {
        let string = |name: &str| {
            let string = value.get(name).and_then(Value::as_str);
            string.ok_or_else(|| bad_request!("A request of the batch has no string '{name}'."))
        };
        let id = string("id")?.to_owned();
        let reject = |reason: &str| bad_request!("The request '{id}' of the batch {reason}.");
        let method = Method::from_bytes(string("method")?.as_bytes())
            .map_err(|_| reject("has no HTTP method"))?;
        let (path, query) = path_and_query(string("url")?, outer, &reject)?;
        let headers = headers(value.get("headers"), outer)
            .ok_or_else(|| reject("has headers that are not an object of strings"))?;
        let depends_on = depends_on(value.get("dependsOn"))
            .ok_or_else(|| reject("has a 'dependsOn' that is not an array of strings"))?;
        let body = value.get("body").map(Value::to_string).unwrap_or_default();
        if !body.is_empty() && !headers.contains_key(header::CONTENT_TYPE) {
            return Err(reject("has a body and no header 'Content-Type'"));
        }
        Ok(Item {
            request: ServiceRequest {
                method,
                path,
                query,
                headers,
                body: Bytes::from(body),
            },
            id,
            depends_on,
        })
    }
}

/// The path of a request, with the API version of the batch, and its query.
fn path_and_query(
    url: &str,
    outer: &ServiceRequest,
    reject: &dyn Fn(&str) -> Rejection,
) -> Result<(String, Option<String>), Rejection> {
    if url.contains("://") {
        return Err(reject("has a URL that is not relative to the API version"));
    }
    let (path, query) = match url.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (url, None),
    };
    if split(path)?.iter().any(|segment| is_batch(segment)) {
        return Err(reject("is a batch itself"));
    }
    let version = api_version(&outer.path);
    let path = format!("/{version}/{}", path.trim_start_matches('/'));
    Ok((path, query))
}

/// `None` if the value is not an array of strings.
fn depends_on(value: Option<&Value>) -> Option<Vec<String>> {
    match value {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(ids) => {
            let ids = ids.as_array()?.iter();
            ids.map(|id| id.as_str().map(str::to_owned)).collect()
        }
    }
}

/// The headers of a request, with the token and client request id of the batch; `None` if they are
/// not an object of strings.
fn headers(value: Option<&Value>, outer: &ServiceRequest) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    for name in ["authorization", "client-request-id"] {
        if let Some(value) = outer.headers.get(name) {
            headers.insert(HeaderName::from_static(name), value.clone());
        }
    }
    match value {
        None | Some(Value::Null) => {}
        Some(value) => {
            for (name, value) in value.as_object()? {
                let name = HeaderName::try_from(name).ok()?;
                headers.insert(name, HeaderValue::try_from(value.as_str()?).ok()?);
            }
        }
    }
    Some(headers)
}
