//! `$batch`: several requests in one (Graph's JSON batching).

use std::collections::BTreeMap;

use base64::Engine as _;
use hyper::body::Bytes;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, StatusCode};
use serde_json::{Map, Value, json};

use crate::path::segment::{is_batch, split};
use crate::rejection::Refusal;
use crate::service::headers::read_json;
use crate::service::message::{Answer, Body, Request};

/// Graph's own limit.
const MAX_REQUESTS: usize = 20;

/// A request of a batch.
pub(super) struct Item {
    pub(super) id: String,
    pub(super) request: Request,
    depends_on: Vec<String>,
}

/// Reads the requests of a batch.
pub(super) fn read(outer: &Request) -> Result<Vec<Item>, Refusal> {
    let (_, body) = read_json(outer)?;
    let Some(requests) = body.get("requests").and_then(Value::as_array) else {
        return Err(Refusal::bad_request("The batch has no array 'requests'."));
    };
    if requests.is_empty() || requests.len() > MAX_REQUESTS {
        return Err(Refusal::bad_request(format!(
            "A batch has 1 to {MAX_REQUESTS} requests, not {}.",
            requests.len()
        )));
    }
    let items = requests
        .iter()
        .map(|request| Item::read(request, outer))
        .collect::<Result<Vec<_>, _>>()?;
    check_ids(&items)?;
    Ok(items)
}

/// Each id is that of one request, and dependencies are in the batch.
fn check_ids(items: &[Item]) -> Result<(), Refusal> {
    for (index, item) in items.iter().enumerate() {
        if items.iter().take(index).any(|other| other.id == item.id) {
            return Err(Refusal::bad_request(format!(
                "The batch has two requests with the id '{}'.",
                item.id
            )));
        }
        for id in &item.depends_on {
            if !items.iter().any(|other| other.id == *id) {
                return Err(Refusal::bad_request(format!(
                    "The request '{}' depends on '{id}', which is not in the batch.",
                    item.id
                )));
            }
        }
    }
    Ok(())
}

/// The response to one request, as it stands in the body of the response to the batch.
pub(super) fn response(id: &str, answer: Answer) -> Value {
    let headers: Map<String, Value> = answer
        .headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (canonical(name), Value::String(value))
        })
        .collect();
    let mut response = json!({"id": id, "status": answer.status.as_u16(), "headers": headers});
    let body = match answer.body {
        None => None,
        Some(Body::Json(body)) => Some(body),
        // A body that is not JSON travels as base64.
        Some(Body::Text(text)) if text.is_empty() => None,
        Some(Body::Text(text)) => Some(Value::String(
            base64::engine::general_purpose::STANDARD.encode(text),
        )),
        Some(Body::Oversized(bytes)) => Some(json!({
            "error": {"code": "InternalServerError", "message": format!("{bytes} bytes")}
        })),
    };
    if let (Some(body), Some(response)) = (body, response.as_object_mut()) {
        response.insert("body".to_owned(), body);
    }
    response
}

/// Inside of a batch, names of headers are JSON, and Graph writes them as `Retry-After`.
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
    /// Whether it was not processed, and all that it depends on was. `statuses` are those of the
    /// requests processed so far.
    pub(super) fn is_ready(&self, statuses: &BTreeMap<&str, StatusCode>) -> bool {
        let is_done = |id: &str| statuses.contains_key(id);
        !is_done(&self.id) && self.depends_on.iter().all(|id| is_done(id))
    }

    /// The rejection of a request that depends on one that failed.
    pub(super) fn failed_dependency(
        &self,
        statuses: &BTreeMap<&str, StatusCode>,
    ) -> Option<Refusal> {
        let mut depends_on = self.depends_on.iter();
        let failed = |id: &String| {
            let status = statuses.get(id.as_str());
            status.is_some_and(|status| !status.is_success())
        };
        depends_on.any(failed).then(|| {
            Refusal::new(
                StatusCode::FAILED_DEPENDENCY,
                "FailedDependency",
                "A request that this one depends on has failed.",
            )
        })
    }

    fn read(value: &Value, outer: &Request) -> Result<Self, Refusal> {
        let text = |name: &str| {
            value.get(name).and_then(Value::as_str).ok_or_else(|| {
                Refusal::bad_request(format!("A request of the batch has no string '{name}'."))
            })
        };
        let id = text("id")?.to_owned();
        let refuse = |reason: &str| {
            Refusal::bad_request(format!("The request '{id}' of the batch {reason}."))
        };
        let method = Method::from_bytes(text("method")?.as_bytes())
            .map_err(|_| refuse("has no HTTP method"))?;
        let (path, query) = path_and_query(text("url")?, outer, &refuse)?;
        let headers = headers(value.get("headers"), outer)
            .ok_or_else(|| refuse("has headers that are not an object of strings"))?;
        let depends_on = depends_on(value.get("dependsOn"))
            .ok_or_else(|| refuse("has a 'dependsOn' that is not an array of strings"))?;
        let body = value.get("body").map(Value::to_string).unwrap_or_default();
        if !body.is_empty() && !headers.contains_key(header::CONTENT_TYPE) {
            return Err(refuse("has a body and no header 'Content-Type'"));
        }
        Ok(Item {
            id,
            request: Request {
                method,
                path,
                query,
                headers,
                body: Bytes::from(body),
            },
            depends_on,
        })
    }
}

/// The path of a request of the batch, with the API version, and its query.
fn path_and_query(
    url: &str,
    outer: &Request,
    refuse: &dyn Fn(&str) -> Refusal,
) -> Result<(String, Option<String>), Refusal> {
    if url.contains("://") {
        return Err(refuse("has a URL that is not relative to the API version"));
    }
    let (path, query) = match url.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (url, None),
    };
    // A batch in a batch in a batch would have no end.
    if split(path)?.iter().any(|segment| is_batch(segment)) {
        return Err(refuse("is a batch itself"));
    }
    // The batch and its requests are of one API version.
    let mut segments = outer.path.split('/');
    let version = segments.find(|segment| !segment.is_empty()).unwrap_or("");
    let path = format!("/{version}/{}", path.trim_start_matches('/'));
    Ok((path, query))
}

/// The ids of the requests that one depends on; `None` if they are not an array of strings.
fn depends_on(value: Option<&Value>) -> Option<Vec<String>> {
    match value {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(ids) => ids
            .as_array()?
            .iter()
            .map(|id| id.as_str().map(str::to_owned))
            .collect(),
    }
}

/// The headers of a request of the batch; the token and the caller's id are those of the batch.
fn headers(value: Option<&Value>, outer: &Request) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    for name in [
        header::AUTHORIZATION,
        HeaderName::from_static("client-request-id"),
    ] {
        if let Some(value) = outer.headers.get(&name) {
            headers.insert(name, value.clone());
        }
    }
    match value {
        None | Some(Value::Null) => {}
        Some(Value::Object(own)) => {
            for (name, value) in own {
                let name = HeaderName::try_from(name).ok()?;
                headers.insert(name, HeaderValue::try_from(value.as_str()?).ok()?);
            }
        }
        Some(_) => return None,
    }
    Some(headers)
}
