//! What the service receives and returns, without sockets.

use hyper::body::Bytes;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::rejection::Refusal;

/// A request as it was received, its body read to the end.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// Raw, with the API version.
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What is answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Body>,
}

/// The body of an answer.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    Json(Value),
    Text(String),
    /// An error of Graph's shape whose message has this many bytes.
    Oversized(u64),
}

const JSON_BODY: HeaderValue = HeaderValue::from_static(
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;\
     charset=utf-8",
);
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

impl Answer {
    pub(crate) fn new(status: StatusCode) -> Self {
        Answer {
            status,
            headers: HeaderMap::new(),
            body: None,
        }
    }

    pub(super) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    pub(super) fn etag(self, etag: &str) -> Self {
        match HeaderValue::from_str(etag) {
            Ok(value) => self.with(header::ETAG, value),
            Err(_) => self,
        }
    }

    pub(crate) fn json(mut self, body: Value) -> Self {
        self.body = Some(Body::Json(body));
        self.with(header::CONTENT_TYPE, JSON_BODY)
    }

    /// The response to a request that is rejected.
    pub(crate) fn refused(request: &Request, refusal: Refusal) -> Self {
        Self::finished(request, Err(refusal))
    }

    /// The response to a request that was processed, with the headers that every one has.
    pub(crate) fn finished(request: &Request, outcome: Result<Self, Refusal>) -> Self {
        let client_request_id = request.headers.get(&CLIENT_REQUEST_ID).cloned();
        let request_id = Uuid::new_v4().to_string();
        let mut answer = match outcome {
            Ok(answer) => answer,
            Err(refusal) => refused(refusal, &request_id, client_request_id.as_ref()),
        };
        if let Ok(value) = HeaderValue::from_str(&request_id) {
            // Graph makes one up where the caller sends none.
            let echo = client_request_id.unwrap_or_else(|| value.clone());
            answer.headers.insert(REQUEST_ID, value);
            answer.headers.insert(CLIENT_REQUEST_ID, echo);
        }
        answer
    }
}

fn refused(refusal: Refusal, request_id: &str, client_request_id: Option<&HeaderValue>) -> Answer {
    let client_request_id = client_request_id
        .and_then(|value| value.to_str().ok())
        .unwrap_or(request_id);
    let date = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S");
    let mut answer = Answer::new(refusal.status).json(json!({
        "error": {
            "code": refusal.code,
            "message": refusal.message,
            "innerError": {
                "date": date.to_string(),
                "request-id": request_id,
                "client-request-id": client_request_id,
            },
        }
    }));
    for (name, value) in refusal.headers {
        answer.headers.insert(name, value);
    }
    answer
}
