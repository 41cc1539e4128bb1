//! `$batch`: several requests in one (Graph's JSON batching).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Bytes;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, StatusCode};
use serde_json::{Map, Value, json};

use crate::path::segment::{is_batch, split};
use crate::rejection::{Rejection, Result, bad_request};
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
pub(super) fn read(outer: &ServiceRequest) -> Result<Vec<Item>> {
    let (_, body) = read_json(outer)?;
    let Some(requests) = body.get("requests").and_then(Value::as_array) else {
        return Err(bad_request!("The batch has no array 'requests'."));
    };
    let count = requests.len();
    if count == 0 || count > MAX_REQUESTS {
        return Err(bad_request!(
            "A batch has 1 to {MAX_REQUESTS} requests, not {count}."
        ));
    }
    let items = requests.iter().map(|request| Item::read(request, outer));
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

/// The JSON of a response, as an item of the batch response.
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
        Some(Body::Bytes(bytes)) => Value::String(STANDARD.encode(bytes)),
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

    fn read(value: &Value, outer: &ServiceRequest) -> Result<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let Some(id) = text("id") else {
            return Err(bad_request!("A request of the batch has no string 'id'."));
        };
        let reject = |reason: &str| bad_request!("The request '{id}' of the batch {reason}.");
        let required =
            |name: &str| text(name).ok_or_else(|| reject(&format!("has no string '{name}'")));
        let method = Method::from_bytes(required("method")?.as_bytes())
            .map_err(|_| reject("has no HTTP method"))?;
        let url = required("url")?;
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
        let headers = headers(value.get("headers"), outer).map_err(|reason| reject(&reason))?;
        let depends_on = depends_on(value.get("dependsOn"))
            .ok_or_else(|| reject("has a 'dependsOn' that is not an array of strings"))?;
        let body = match value.get("body") {
            None => Vec::new(),
            // A body that is not JSON is base64-encoded.
            Some(Value::String(text)) if !is_json(&headers) => STANDARD
                .decode(text)
                .map_err(|_| reject("has a body that is not JSON and not base64"))?,
            Some(body) => body.to_string().into_bytes(),
        };
        if !body.is_empty() && !headers.contains_key(header::CONTENT_TYPE) {
            return Err(reject("has a body and no header 'Content-Type'"));
        }
        let version = api_version(&outer.path);
        Ok(Item {
            id: id.to_owned(),
            request: ServiceRequest {
                method,
                path: format!("/{version}/{}", path.trim_start_matches('/')),
                query,
                headers,
                body: Bytes::from(body),
            },
            depends_on,
        })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE);
    let media_type = media_type.and_then(|value| value.to_str().ok());
    media_type.is_none_or(|media_type| media_type.starts_with("application/json"))
}

/// The ids of `dependsOn`; `None` if it is not an array of strings.
fn depends_on(value: Option<&Value>) -> Option<Vec<String>> {
    let Some(ids) = value.filter(|ids| !ids.is_null()) else {
        return Some(Vec::new());
    };
    let ids = ids.as_array()?.iter();
    ids.map(|id| id.as_str().map(str::to_owned)).collect()
}

/// The headers of a request in the batch. The token and `client-request-id` default to the batch's.
fn headers(
    value: Option<&Value>,
    outer: &ServiceRequest,
) -> std::result::Result<HeaderMap, String> {
    const NOT_STRINGS: &str = "has headers that are not an object of strings";
    let mut headers = HeaderMap::new();
    for name in ["authorization", "client-request-id"] {
        if let Some(value) = outer.headers.get(name) {
            headers.insert(name, value.clone());
        }
    }
    let Some(own) = value.filter(|own| !own.is_null()) else {
        return Ok(headers);
    };
    for (name, value) in own.as_object().ok_or(NOT_STRINGS)? {
        let value = value.as_str().ok_or(NOT_STRINGS)?;
        let invalid = || format!("has an invalid header: '{name}'");
        let key = HeaderName::try_from(name).map_err(|_| invalid())?;
        headers.insert(key, HeaderValue::try_from(value).map_err(|_| invalid())?);
    }
    Ok(headers)
}
