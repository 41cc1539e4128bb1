//! One attempt: sends the request once and reads the response.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use http::header::{AUTHORIZATION, CONTENT_LENGTH, HeaderName, HeaderValue, USER_AGENT};
use http::{HeaderMap, Method, Request as HttpRequest};
use reqwest::Url;

use super::Sender;
use super::bearer::Bearer;
use super::call::Call;
use super::error::Error;
use super::json_cost::is_too_costly;
use super::progress::Progress;
use super::transport_error::{TooLarge, TransportError};
use super::watched_body::WatchedBody;
use crate::request::builder::Request;
use crate::request::dry_run::is_json;
use crate::request::prepare::is_reserved;
use crate::response::attempts::Attempts;
use crate::response::error::ResponseError;
use crate::response::fate::{Body, Evidence, Fate};
use crate::response::headers::texts;
use crate::response::outcome::Outcome;
use crate::response::parse::{parse, parse_content};
use crate::response::success::Success;
use crate::response::typed::Response;
use crate::secret_names::without_secrets;

/// Size limit of a success response.
const MAX_RESPONSE: usize = 16 << 20;
/// How much of an error response is read.
const MAX_ERROR: usize = 64 << 10;

/// The result of one attempt. The token is already removed from errors, but not yet from a success.
pub(super) enum Attempt {
    Done(Success),
    Failed(ResponseError),
    /// There is no complete response.
    Lost(TransportError),
}

impl Sender {
    /// Sends the request once, and reads the response.
    pub(super) async fn attempt(
        &self,
        prepared: &HttpRequest<Vec<u8>>,
        progress: &Progress,
        token: &Bearer,
        timeout: Duration,
    ) -> Attempt {
        let (id, reads_content) = (progress.client_request_id.as_str(), progress.reads_content);
        if !prepared.body().is_empty() && self.logs_bodies() {
            if is_json(prepared) {
                let body = String::from_utf8_lossy(prepared.body());
                tracing::trace!(body = &*without_secrets(&body), "request body");
            } else {
                tracing::trace!(bytes = prepared.body().len(), "request content");
            }
        }
        let (http, begun) = self.http_request(prepared, id, token, timeout);
        let started = Instant::now();
        let mut response = match http.send().await {
            Ok(response) => response,
            Err(error) => return Attempt::Lost(lost(error, begun.load(Ordering::Acquire))),
        };
        if let Some(client_request_id) = other_request(response.headers(), &[id]) {
            let error = ResponseError::OtherRequest {
                status: response.status().as_u16(),
                client_request_id,
            };
            return Attempt::Failed(error).without_token(token);
        }
        if reads_content {
            let remaining = || timeout.saturating_sub(started.elapsed());
            let followed = self.follow_to_content(response, prepared, remaining);
            response = match followed.await {
                Ok(response) => response,
                Err(attempt) => return attempt.without_token(token),
            };
        }
        let status = response.status().as_u16();
        let content_limit = reads_content.then_some(self.content_limit);
        let body = match read_body(&mut response, content_limit).await {
            Ok(body) => body,
            Err(error) => return Attempt::Lost(error),
        };
        if reads_content && (200..300).contains(&status) {
            if self.logs_bodies() {
                tracing::trace!(bytes = body.len(), "response content");
            }
            return match parse_content(status, response.headers(), body) {
                Ok(success) => Attempt::Done(success),
                Err(error) => Attempt::Failed(error).without_token(token),
            };
        }
        if !body.is_empty() && self.logs_bodies() {
            let shown = token.redactor().body(&body);
            let shown = String::from_utf8_lossy(&shown);
            tracing::trace!(body = &*without_secrets(&shown), "response body");
        }
        Attempt::parse(status, response.headers(), &body, token)
    }

    fn logs_bodies(&self) -> bool {
        self.log_bodies && tracing::enabled!(tracing::Level::TRACE)
    }

    /// The request, and a flag that is set once sending has begun.
    fn http_request(
        &self,
        prepared: &HttpRequest<Vec<u8>>,
        id: &str,
        token: &Bearer,
        timeout: Duration,
    ) -> (reqwest::RequestBuilder, Arc<AtomicBool>) {
        let mut headers = prepared.headers().clone();
        headers.insert(AUTHORIZATION, token.header().clone());
        headers.insert(USER_AGENT, self.user_agent.clone());
        // hyper omits it, and some front ends then respond with 411.
        if prepared.body().is_empty() && matches!(*prepared.method(), Method::POST | Method::PUT) {
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        if let Ok(id) = HeaderValue::try_from(id) {
            headers.insert(HeaderName::from_static("client-request-id"), id);
        }
        if let Some(added) = &self.attempt_headers {
            add_headers(&mut headers, &added());
        }
        let http = self
            .http
            .request(prepared.method().clone(), self.url_of(prepared))
            .timeout(timeout)
            .headers(headers);
        let begun = Arc::new(AtomicBool::new(false));
        let body = WatchedBody::new(prepared.body().clone(), Arc::clone(&begun));
        (http.body(reqwest::Body::wrap(body)), begun)
    }

    /// Builds the URL from the root's, which is already parsed: this is faster, and the path cannot change the origin.
    fn url_of(&self, prepared: &HttpRequest<Vec<u8>>) -> Url {
        let mut url = self.root_url.clone();
        url.set_path(prepared.uri().path());
        url.set_query(prepared.uri().query());
        url
    }
}

/// Adds the headers that neither the request nor the client sets.
fn add_headers(headers: &mut HeaderMap, added: &HeaderMap) {
    for name in added.keys() {
        if is_reserved(name) || headers.contains_key(name) {
            continue;
        }
        for value in added.get_all(name) {
            // Fails only for more than 32,768 headers.
            let _ = headers.try_append(name, value.clone());
        }
    }
}

/// There is no response. `begun` is whether any part of the request may have been sent.
pub(super) fn lost(error: reqwest::Error, begun: bool) -> TransportError {
    let fate = if error.is_connect() || error.is_builder() || !begun {
        Fate::NotSent
    } else {
        Fate::Unknown
    };
    TransportError::lost(fate, None, error)
}

/// Reads the body. Only the beginning of an error's is read, but a success must be complete. Without a limit for content,
/// the body is JSON.
async fn read_body(
    response: &mut reqwest::Response,
    content_limit: Option<usize>,
) -> Result<Vec<u8>, TransportError> {
    let success = response.status().is_success();
    let limit = match success {
        true => content_limit.unwrap_or(MAX_RESPONSE),
        false => MAX_ERROR,
    };
    let mut body = Vec::new();
    let is_announced = |length: u64| usize::try_from(length).is_ok_and(|length| length <= limit);
    let too_large = loop {
        // Content that is announced as too large is not read at all.
        if content_limit.is_some() && !response.content_length().is_none_or(is_announced) {
            break Some(TooLarge::Content(limit));
        }
        match response.chunk().await {
            Ok(Some(chunk)) => {
                let room = limit - body.len();
                body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
                if chunk.len() > room {
                    break Some(match content_limit {
                        Some(limit) => TooLarge::Content(limit),
                        None => TooLarge::Response,
                    });
                }
            }
            Ok(None) => {
                let is_json = content_limit.is_none();
                break (is_json && is_too_costly(&body)).then_some(TooLarge::Json);
            }
            Err(error) if success => {
                let status = Some(response.status().as_u16());
                let fate = fate_of_incomplete(response, &body);
                return Err(TransportError::lost(fate, status, error));
            }
            Err(_) => break None,
        }
    };
    match too_large {
        Some(too_large) if success => {
            let fate = fate_of_incomplete(response, &body);
            Err(TransportError::too_large(
                fate,
                response.status().as_u16(),
                too_large,
            ))
        }
        _ => Ok(body),
    }
}

/// The fate of a request whose success response is incomplete or too large.
fn fate_of_incomplete(response: &reqwest::Response, received: &[u8]) -> Fate {
    let status = response.status().as_u16();
    let body = Body::of_beginning(received);
    Evidence::new(status, response.headers(), body).fate()
}

/// The `client-request-id` in the response that is not one of `sent`: the response belongs to another request.
pub(super) fn other_request(headers: &HeaderMap, sent: &[&str]) -> Option<String> {
    texts(headers, "client-request-id")
        // Proxies may join several ids, or add quotes or braces.
        .flat_map(|echoed| echoed.split(','))
        .map(|echoed| echoed.trim_matches([' ', '\t', '"', '{', '}']))
        .filter(|echoed| !echoed.is_empty())
        .find(|echoed| !sent.iter().any(|id| id.eq_ignore_ascii_case(echoed)))
        .map(str::to_owned)
}

impl Attempt {
    pub(super) fn parse(status: u16, headers: &HeaderMap, body: &[u8], token: &Bearer) -> Self {
        let parsed = parse(status, headers, body)
            // Redacts before parsing, since the excerpt in an error could cut the token in the middle.
            .or_else(|_| parse(status, headers, &token.redactor().body(body)));
        match parsed {
            Ok(success) => Self::Done(success),
            Err(ResponseError::Service(error)) => {
                let error = error.for_token(token.token());
                Self::Failed(ResponseError::Service(Box::new(error))).without_token(token)
            }
            Err(error) => Self::Failed(error).without_token(token),
        }
    }

    /// Removes the token from everything that was taken from the response.
    pub(super) fn without_token(mut self, token: &Bearer) -> Self {
        match &mut self {
            Self::Done(success) => token.redactor().success(success),
            Self::Failed(error) => token.redactor().error(error),
            Self::Lost(_) => {}
        }
        self
    }

    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Done(success) => Some(success.status),
            Self::Failed(error) => Some(error.status()),
            Self::Lost(error) => error.status,
        }
    }

    /// The wait before the next attempt; `None` if the call ends with this one.
    pub(super) fn wait(&self, attempts: &mut Attempts) -> Option<Duration> {
        let now = Instant::now();
        match self {
            Self::Done(_) => None,
            Self::Failed(error) => attempts.wait_after_error(error, now),
            // The next response would be as large.
            Self::Lost(error) if error.is_too_large() => None,
            Self::Lost(error) => attempts.wait_after_loss(error.fate, now),
        }
    }

    /// The result of a call that ends with this attempt.
    pub(super) fn into_result(self, request: &Request<'_>, call: Call) -> Result<Completed, Error> {
        match self {
            Self::Done(success) => Ok(Completed { success, call }),
            Self::Failed(ResponseError::Service(error)) => {
                let mut error = error.for_request(request);
                error.set_client_request_id(&call.client_request_id);
                let error = ResponseError::Service(Box::new(error));
                Err(Error::response(error, call))
            }
            Self::Failed(error) => Err(Error::response(error, call)),
            Self::Lost(error) => Err(Error::transport(error, call)),
        }
    }
}

/// A call that succeeded, before the body is read.
pub(super) struct Completed {
    pub(super) success: Success,
    pub(super) call: Call,
}

impl Completed {
    pub(super) fn into_outcome<R: Response>(self) -> Result<Outcome<R>, Error> {
        let Self { mut success, call } = self;
        success.attempts = call.attempts;
        success.client_request_id = Some(call.client_request_id.clone());
        success.into_outcome().map_err(|error| {
            let error = Error::response(error, call);
            tracing::warn!(%error, "request failed");
            error
        })
    }
}
