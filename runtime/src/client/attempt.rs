//! One attempt: the request is built, sent once, and its response is read.

use std::borrow::Cow;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use reqwest::{Response, Url};

use super::bearer::Bearer;
use super::call::Call;
use super::error::Error;
use super::json_cost::is_too_costly;
use super::sender::Sender;
use super::transport_error::{TooLarge, TransportError};
use super::watched_body::{Begun, WatchedBody};
use crate::request::Request;
use crate::request::method::Method;
use crate::request::prepared::PreparedRequest;
use crate::response::error::ResponseError;
use crate::response::fate::{Body, Evidence, Fate, Media};
use crate::response::headers::{ResponseHeaders, filled};
use crate::response::outcome::Outcome;
use crate::response::parse::parse_response;

/// How much of a success is read; the resources this reads are a few kilobytes.
const LARGEST_RESPONSE: usize = 16 << 20;
/// How much of an error is read.
const LARGEST_ERROR: usize = 64 << 10;

/// What one attempt came to.
pub(super) enum Attempt {
    Done(Outcome),
    Failed(ResponseError),
    Lost(TransportError),
}

impl Attempt {
    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Done(outcome) => Some(outcome.status),
            Self::Failed(error) => Some(error.status()),
            Self::Lost(error) => error.status,
        }
    }

    pub(super) fn fate(&self) -> Fate {
        match self {
            Self::Done(_) => Fate::Applied,
            Self::Failed(error) => error.fate(),
            Self::Lost(error) => error.fate,
        }
    }

    /// The end of a call.
    pub(super) fn settle(self, request: &Request<'_>, call: Call) -> Result<Outcome, Error> {
        match self {
            Self::Done(mut outcome) => {
                outcome.attempts = call.attempts;
                outcome.client_request_id = Some(call.client_request_id);
                Ok(outcome)
            }
            Self::Failed(ResponseError::Service(error)) => {
                let mut error = error.for_request(request);
                error.set_client_request_id(&call.client_request_id);
                Err(Error::Response {
                    error: ResponseError::Service(Box::new(error)),
                    call,
                })
            }
            Self::Failed(error) => Err(Error::Response { error, call }),
            Self::Lost(error) => Err(Error::Transport { error, call }),
        }
    }

    /// Removes the token from everything that was taken from the response.
    pub(super) fn without_token(mut self, token: &Bearer) -> Self {
        match &mut self {
            Self::Done(outcome) => token.redactor().outcome(outcome),
            Self::Failed(error) => token.redactor().error(error),
            Self::Lost(_) => {}
        }
        self
    }

    /// Reads a response. Errors are without the token; a resource is as it was received.
    pub(super) fn read(
        status: u16,
        headers: &(impl ResponseHeaders + ?Sized),
        body: &[u8],
        token: &Bearer,
    ) -> Self {
        match parse_response(status, headers, body) {
            Ok(outcome) => Self::Done(outcome),
            // Read again without the token, because the excerpt of a body could cut it in the middle.
            Err(_) => match parse_response(status, headers, &token.redactor().body(body)) {
                Ok(outcome) => Self::Done(outcome),
                Err(error) => Self::Failed(error).without_token(token),
            },
        }
    }
}

/// Why a body was not read completely.
enum Broken {
    Lost(reqwest::Error),
    TooLarge,
}

/// The `client-request-id` that a response echoes, if it is none of `sent`: the response belongs to another request.
pub(super) fn other_request(
    headers: &(impl ResponseHeaders + ?Sized),
    sent: &[&str],
) -> Option<String> {
    let mut other = None;
    headers.each("client-request-id", &mut |echoed| {
        // A proxy may have joined several, or put one in quotes or braces.
        for echoed in echoed.split(',') {
            let echoed = echoed.trim_matches([' ', '\t', '"', '{', '}']);
            let is_ours = sent.iter().any(|id| id.eq_ignore_ascii_case(echoed));
            if !echoed.is_empty() && !is_ours {
                other.get_or_insert_with(|| echoed.to_owned());
            }
        }
    });
    other
}

/// The fate after a success whose body is incomplete or cannot be read.
fn fate_of_incomplete(status: u16, headers: &HeaderMap, received: &[u8]) -> Fate {
    let evidence = Evidence {
        status,
        request_id: filled(headers, "request-id").is_some(),
        media: Media::of(headers.header("content-type")),
        body: Body::of_beginning(received),
    };
    evidence.fate()
}

/// Reads the body; only the beginning of an error's.
async fn read_body(response: &mut Response) -> (Vec<u8>, Option<Broken>) {
    let success = response.status().is_success();
    let most = if success {
        LARGEST_RESPONSE
    } else {
        LARGEST_ERROR
    };
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(None) => return (body, None),
            Ok(Some(chunk)) if body.len() + chunk.len() <= most => body.extend_from_slice(&chunk),
            // Of an error the beginning says enough; of a success a part is no answer.
            Ok(Some(chunk)) => {
                body.extend(chunk.iter().take(most - body.len()));
                return (body, success.then_some(Broken::TooLarge));
            }
            Err(error) => return (body, Some(Broken::Lost(error))),
        }
    }
}

impl Sender {
    /// The URL, made from the root parsed before: it saves a quarter of the work, and the origin is the root's whatever
    /// the path holds.
    fn url_of(&self, prepared: &PreparedRequest) -> Url {
        let mut url = self.root_url.clone();
        let below = prepared
            .url
            .strip_prefix(self.root.as_str())
            .unwrap_or_default();
        let (path, query) = below
            .split_once('?')
            .map_or((below, None), |(path, query)| (path, Some(query)));
        url.set_path(path);
        url.set_query(query);
        url
    }

    fn logs_bodies(&self) -> bool {
        self.log_bodies && tracing::enabled!(tracing::Level::TRACE)
    }

    /// The whole request, ready to be sent.
    fn http_request(
        &self,
        prepared: &PreparedRequest,
        id: &str,
        token: &Bearer,
        timeout: Duration,
    ) -> (reqwest::RequestBuilder, Begun) {
        let method = match prepared.method {
            Method::Get => reqwest::Method::GET,
            Method::Patch => reqwest::Method::PATCH,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut http = self
            .http
            .request(method, self.url_of(prepared))
            .timeout(timeout)
            .header(AUTHORIZATION, token.header().clone())
            .header(HeaderName::from_static("client-request-id"), id)
            .header(USER_AGENT, &self.user_agent);
        for (name, value) in &prepared.headers {
            // A static name or value is used as it is; another is checked and copied.
            http = match (name, value) {
                (Cow::Borrowed(name), Cow::Borrowed(value)) => http.header(
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                ),
                (name, value) => http.header(name.as_ref(), value.as_ref()),
            };
        }
        let begun = Begun::default();
        let body = WatchedBody::new(prepared.body.clone(), begun.clone());
        (http.body(reqwest::Body::wrap(body)), begun)
    }

    /// Builds the whole request, sends it once and reads the response. Errors are without the token; a resource is as it was
    /// received.
    pub(super) async fn attempt(
        &self,
        prepared: &PreparedRequest,
        id: &str,
        token: &Bearer,
        timeout: Duration,
    ) -> Attempt {
        if let Some(body) = prepared.body.as_ref().filter(|_| self.logs_bodies()) {
            let body = String::from_utf8_lossy(body);
            tracing::trace!(body = body.as_ref(), "request body");
        }
        let (http, begun) = self.http_request(prepared, id, token, timeout);
        let mut response = match http.send().await {
            Ok(response) => response,
            Err(error) => {
                let fate = if error.is_connect() || error.is_builder() || !begun.get() {
                    Fate::NotSent
                } else {
                    Fate::Unknown
                };
                return Attempt::Lost(TransportError::lost(fate, None, error));
            }
        };
        let status = response.status().as_u16();
        if let Some(client_request_id) = other_request(response.headers(), &[id]) {
            let error = ResponseError::OtherRequest {
                status,
                client_request_id,
            };
            return Attempt::Failed(error).without_token(token);
        }
        let (body, broken) = read_body(&mut response).await;
        let headers = response.headers();
        // Nothing of a success that could not be read to its end is shown to anybody.
        if response.status().is_success() {
            let fate = || fate_of_incomplete(status, headers, &body);
            match broken {
                Some(Broken::Lost(error)) => {
                    return Attempt::Lost(TransportError::lost(fate(), Some(status), error));
                }
                Some(Broken::TooLarge) => {
                    let error = TransportError::too_large(fate(), status, TooLarge::Bytes);
                    return Attempt::Lost(error);
                }
                None if is_too_costly(&body) => {
                    let error = TransportError::too_large(fate(), status, TooLarge::Values);
                    return Attempt::Lost(error);
                }
                None => {}
            }
        }
        if !body.is_empty() && self.logs_bodies() {
            let shown = token.redactor().body(&body);
            let shown = String::from_utf8_lossy(&shown);
            tracing::trace!(body = shown.as_ref(), "answer body");
        }
        Attempt::read(status, headers, &body, token)
    }
}

impl ResponseHeaders for HeaderMap {
    fn header(&self, name: &str) -> Option<&str> {
        self.get(name)?.to_str().ok()
    }

    fn each(&self, name: &str, show: &mut dyn FnMut(&str)) {
        self.get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .for_each(show);
    }
}
