//! The JSON of batch requests and responses (Microsoft Graph reference, "JSON batching").

use http::header::CONTENT_TYPE;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request as HttpRequest, Uri};
use serde::de::IgnoredAny;
use serde_json::{Map, Value as Json};

use crate::body::json_writer::JsonWriter;
use crate::client::attempt::{Attempt, other_request};
use crate::client::bearer::Bearer;
use crate::cloud::root::Root;
use crate::edm::binary::Binary;
use crate::request::builder::Request;
use crate::request::error::RequestError;
use crate::request::prepare::json_headers;
use crate::response::error::ResponseError;
use crate::response::fate::Media;
use crate::response::headers::text;

/// How many requests Graph allows in a batch.
pub(crate) const MAX_ITEMS: usize = 20;

/// A request as an entry of the batch body.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) index: usize,
    pub(crate) client_request_id: String,
    pub(crate) idempotent: bool,
    /// Its JSON up to `dependsOn`, which may differ in each attempt.
    json: Vec<u8>,
}

impl Entry {
    pub(crate) fn new(
        index: usize,
        request: &Request<'_>,
        client_request_id: String,
        root: &Root,
    ) -> Result<Self, RequestError> {
        if request.content().is_some() || request.reads_content() {
            return Err(RequestError::ContentInBatch);
        }
        let (prepared, idempotent) = request.prepare_idempotent(root)?;
        let url = prepared
            .uri()
            .path_and_query()
            .map_or("", PathAndQuery::as_str);
        let below_version = url
            .strip_prefix('/')
            .and_then(|url| url.strip_prefix(request.api_version()))
            .ok_or(RequestError::OtherVersionInBatch)?;
        let mut writer = JsonWriter::new();
        writer.raw(b"{\"id\":");
        writer.string(&index.to_string())?;
        writer.raw(b",\"method\":");
        writer.string(request.method().as_str())?;
        writer.raw(b",\"url\":");
        writer.string(below_version)?;
        writer.raw(b",\"headers\":{\"client-request-id\":");
        writer.string(&client_request_id)?;
        for (name, value) in prepared.headers() {
            writer.raw(b",");
            writer.string(name.as_str())?;
            writer.raw(b":");
            writer.string(value.to_str().unwrap_or_default())?;
        }
        writer.raw(b"}");
        if !prepared.body().is_empty() {
            writer.raw(b",\"body\":");
            writer.raw(prepared.body());
        }
        Ok(Self {
            index,
            client_request_id,
            idempotent,
            json: writer.into_bytes(),
        })
    }
}

/// The request for a batch of entries, each with the indices that it depends on.
pub(crate) fn envelope<'e, After: Iterator<Item = usize>>(
    root: &Root,
    api_version: &str,
    entries: impl Iterator<Item = (&'e Entry, After)>,
) -> HttpRequest<Vec<u8>> {
    let mut body = b"{\"requests\":[".to_vec();
    for (position, (entry, after)) in entries.enumerate() {
        if position > 0 {
            body.push(b',');
        }
        body.extend_from_slice(&entry.json);
        let ids: Vec<String> = after.map(|index| format!("\"{index}\"")).collect();
        if !ids.is_empty() {
            body.extend_from_slice(format!(",\"dependsOn\":[{}]", ids.join(",")).as_bytes());
        }
        body.push(b'}');
    }
    body.extend_from_slice(b"]}");
    let mut prepared = HttpRequest::new(body);
    *prepared.method_mut() = Method::POST;
    *prepared.uri_mut() = uri_of_batch(root, api_version);
    *prepared.headers_mut() = json_headers(true);
    prepared
}

#[expect(
    clippy::expect_used,
    reason = "the URLs of the entries begin the same way, and are valid"
)]
fn uri_of_batch(root: &Root, api_version: &str) -> Uri {
    let uri = format!("{root}/{api_version}/$batch");
    uri.parse().expect("the root and the API version are valid")
}

/// The attempt of an item, from the response to its batch.
pub(crate) fn parse_item(entry: &Entry, batch: &Json, batch_id: &str, token: &Bearer) -> Attempt {
    let found = ItemResponse::find(entry.index, batch).and_then(|item| {
        // Graph does not document whether it echoes the id of the item or of the batch.
        let ids = [entry.client_request_id.as_str(), batch_id];
        match other_request(&item.headers, &ids) {
            Some(client_request_id) => Err(ResponseError::OtherRequest {
                status: item.status,
                client_request_id,
            }),
            None => Ok(item),
        }
    });
    let attempt = match found {
        Ok(item) => Attempt::parse(item.status, &item.headers, &item.body, token),
        Err(error) => Attempt::Failed(error),
    };
    attempt.without_token(token)
}

/// An entry of `responses`.
struct ItemResponse {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl ItemResponse {
    fn find(index: usize, batch: &Json) -> Result<Self, ResponseError> {
        let wrong = |problem: &str| ResponseError::BatchEntry {
            index,
            problem: problem.to_owned(),
        };
        let missing = || wrong("has no entry");
        let id = index.to_string();
        let responses = batch
            .get("responses")
            .and_then(Json::as_array)
            .ok_or_else(missing)?;
        let has_id = |entry: &&Json| match entry.get("id") {
            Some(Json::String(text)) => *text == id,
            Some(Json::Number(number)) => number.to_string() == id,
            _ => false,
        };
        let mut entries = responses.iter().filter(has_id);
        let entry = entries.next().ok_or_else(missing)?;
        if entries.next().is_some() {
            return Err(wrong("has two entries with id"));
        }
        let status = entry.get("status").and_then(|status| match status {
            Json::String(text) => text.parse().ok(),
            number => u16::try_from(number.as_u64()?).ok(),
        });
        let status = match status {
            Some(status @ 200..600) => status,
            Some(status @ ..1000) => {
                return Err(wrong(&format!("has status {status} for entry")));
            }
            _ => return Err(wrong("has no status for entry")),
        };
        let headers = entry.get("headers").and_then(Json::as_object);
        let headers = headers.map(header_map).unwrap_or_default();
        let body = match entry.get("body") {
            None | Some(Json::Null) => Vec::new(),
            Some(Json::String(body)) => decoded(body, text(&headers, CONTENT_TYPE)),
            Some(body) => body.to_string().into_bytes(),
        };
        Ok(Self {
            status,
            headers,
            body,
        })
    }
}

/// A body that is not JSON should be in base64, but some servers send it as plain text.
fn decoded(text: &str, content_type: Option<&str>) -> Vec<u8> {
    let plain = || text.as_bytes().to_vec();
    if Media::of(content_type) == Media::Json && serde_json::from_str::<IgnoredAny>(text).is_ok() {
        return plain();
    }
    text.parse::<Binary>()
        .map_or_else(|_| plain(), Binary::into_bytes)
}

/// Skips what is not a valid header.
fn header_map(headers: &Map<String, Json>) -> HeaderMap {
    let pair = |(name, value): (&String, &Json)| {
        let value = match value {
            Json::Number(number) => HeaderValue::try_from(number.to_string()),
            Json::String(text) => HeaderValue::try_from(text),
            _ => return None,
        };
        Some((HeaderName::try_from(name).ok()?, value.ok()?))
    };
    headers.iter().filter_map(pair).collect()
}
