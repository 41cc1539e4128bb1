//! Requests and responses, independent of sockets.

use std::borrow::Cow;

use hyper::body::Bytes;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, StatusCode};
use serde_json::{Map, Value, json};
use url::form_urlencoded;
use uuid::Uuid;

use crate::rejection::{Rejection, Result};

/// A request with its whole body.
#[derive(Clone, Debug)]
pub(crate) struct ServiceRequest {
    pub(crate) method: Method,
    /// As sent, with the API version.
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A response.
#[derive(Clone, Debug)]
pub(crate) struct ServiceResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Body>,
    /// For the log only.
    pub(crate) note: Option<String>,
}

/// The body of a response.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    Json(Value),
    Text(String),
    Bytes(Bytes),
    /// An error in Graph's shape with a message of this many bytes.
    Oversized(u64),
}

const JSON_BODY: HeaderValue = HeaderValue::from_static(
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;\
     charset=utf-8",
);
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// The first segment of a path, the API version.
pub(crate) fn api_version(path: &str) -> &str {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    segments.next().unwrap_or("")
}

impl ServiceRequest {
    /// The value of a query option.
    pub(super) fn query_option(&self, name: &str) -> Option<Cow<'_, str>> {
        let query = self.query.as_deref().unwrap_or("");
        let mut options = form_urlencoded::parse(query.as_bytes());
        options
            .find(|(option, _)| option == name)
            .map(|(_, value)| value)
    }
}

impl ServiceResponse {
    pub(crate) fn new(status: StatusCode) -> Self {
        ServiceResponse {
            status,
            headers: HeaderMap::new(),
            body: None,
            note: None,
        }
    }

    pub(super) fn etag(mut self, etag: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(etag) {
            self.headers.insert(header::ETAG, value);
        }
        self
    }

    pub(super) fn location(mut self, url: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(url) {
            self.headers.insert(header::LOCATION, value);
        }
        self
    }

    pub(crate) fn json(mut self, body: Value) -> Self {
        self.body = Some(Body::Json(body));
        self.headers.insert(header::CONTENT_TYPE, JSON_BODY);
        self
    }

    /// Adds properties to a JSON object.
    pub(super) fn add_properties(&mut self, properties: Map<String, Value>) {
        if let Some(Body::Json(Value::Object(object))) = &mut self.body {
            object.extend(properties);
        }
    }

    /// A plain text body.
    pub(crate) fn text(mut self, text: String) -> Self {
        self.body = Some(Body::Text(text));
        let media_type = HeaderValue::from_static("text/plain");
        self.headers.insert(header::CONTENT_TYPE, media_type);
        self
    }

    /// A body of another media type.
    pub(crate) fn bytes(mut self, media_type: HeaderValue, bytes: Bytes) -> Self {
        self.body = Some(Body::Bytes(bytes));
        self.headers.insert(header::CONTENT_TYPE, media_type);
        self
    }

    pub(crate) fn rejected(request: &ServiceRequest, rejection: Rejection) -> Self {
        Self::finish(request, Err(rejection))
    }

    /// Turns a rejection into a response, and adds the headers that all responses have.
    pub(crate) fn finish(request: &ServiceRequest, outcome: Result<Self>) -> Self {
        let request_id = Uuid::new_v4().to_string();
        let client_request_id = request.headers.get(&CLIENT_REQUEST_ID);
        let mut response = outcome.unwrap_or_else(|rejection| {
            let client_request_id = client_request_id.and_then(|value| value.to_str().ok());
            let client_request_id = client_request_id.unwrap_or(&request_id);
            let date = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S");
            let mut response = ServiceResponse::new(rejection.status).json(json!({
                "error": {
                    "code": rejection.code,
                    "message": rejection.message,
                    "innerError": {
                        "date": date.to_string(),
                        "request-id": request_id,
                        "client-request-id": client_request_id,
                    },
                }
            }));
            response.headers.extend(rejection.headers);
            response.note = rejection.note;
            response
        });
        if let Ok(value) = HeaderValue::from_str(&request_id) {
            // Graph uses its own id if the client sends none.
            let echo = client_request_id.unwrap_or(&value).clone();
            response.headers.insert(CLIENT_REQUEST_ID, echo);
            response.headers.insert(REQUEST_ID, value);
        }
        response
    }
}
