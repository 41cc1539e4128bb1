//! Spans and their fields, named as in OpenTelemetry's conventions for HTTP clients. No field contains a key, a token or a URL.

use std::borrow::Cow;

use http::Method;
use tracing::Span;
use tracing::field::{Empty, display};

use super::Sender;
use super::attempt::{Attempt, Completed};
use super::error::Error;
use super::error_kind::ErrorKind;
use super::transport_error::TransportError;
use super::url_template::UrlTemplate;
use crate::request::builder::Request;
use crate::response::error::ResponseError;
use crate::response::service_error::ServiceError;

impl Sender {
    /// The span of a call: all its attempts and waits.
    pub(super) fn call_span(&self, request: &Request<'_>, client_request_id: &str) -> Span {
        tracing::info_span!(
            "graph_request",
            http.request.method = request.method().as_str(),
            url.template = %UrlTemplate::of(request),
            server.address = self.root_url.host_str(),
            server.port = self.root_url.port_or_known_default(),
            client_request_id,
            http.response.status_code = Empty,
            http.request.resend_count = Empty,
            error.type = Empty,
            request_id = Empty,
            otel.status_code = Empty,
        )
    }

    /// The span of a batch of up to 20 items.
    pub(super) fn batch_span(
        &self,
        api_version: &'static str,
        items: usize,
        client_request_id: &str,
    ) -> Span {
        tracing::info_span!(
            "graph_batch",
            http.request.method = "POST",
            url.template = %UrlTemplate::of_batch(api_version),
            server.address = self.root_url.host_str(),
            server.port = self.root_url.port_or_known_default(),
            items,
            client_request_id,
            http.response.status_code = Empty,
            http.request.resend_count = Empty,
            error.type = Empty,
            request_id = Empty,
            otel.status_code = Empty,
        )
    }

    /// The span of one attempt: one HTTP request.
    pub(super) fn attempt_span(
        &self,
        method: &Method,
        template: UrlTemplate,
        attempts_before: u32,
    ) -> Span {
        tracing::info_span!(
            target: "msgraph_runtime::attempt",
            "graph_attempt",
            otel.name = %format_args!("{method} {template}"),
            otel.kind = "client",
            http.request.method = method.as_str(),
            url.template = %template,
            server.address = self.root_url.host_str(),
            server.port = self.root_url.port_or_known_default(),
            http.request.resend_count = (attempts_before > 0).then_some(attempts_before),
            http.response.status_code = Empty,
            error.type = Empty,
            otel.status_code = Empty,
        )
    }
}

/// Records the result of an attempt in its span.
pub(super) fn record_attempt(span: &Span, attempt: &Attempt) {
    if span.is_disabled() {
        return;
    }
    span.record("http.response.status_code", attempt.status());
    let error_type = match attempt {
        Attempt::Done(_) => None,
        Attempt::Failed(error) => Some(type_of_response(error)),
        Attempt::Lost(error) => Some(type_of_loss(error).into()),
    };
    record_error_type(span, error_type.as_deref());
}

/// Records how the attempts of a batch ended.
pub(super) fn record_batch(span: &Span, batch: &Attempt, attempts: u32) {
    record_attempt(span, batch);
    span.record("http.request.resend_count", attempts.saturating_sub(1));
}

/// The result of a call.
pub(super) struct ResultFields<'r> {
    pub(super) status: Option<u16>,
    pub(super) resends: u32,
    pub(super) request_id: Option<&'r str>,
    pub(super) error_type: Option<Cow<'static, str>>,
}

impl<'r> ResultFields<'r> {
    pub(super) fn of(result: &'r Result<Completed, Error>) -> Self {
        let (status, attempts, request_id, error_type) = match result {
            Ok(completed) => (
                Some(completed.success.status),
                completed.call.attempts,
                completed.success.request_id.as_deref(),
                None,
            ),
            Err(error) => (
                error.status(),
                error.call().map_or(0, |call| call.attempts),
                error.service().and_then(ServiceError::request_id),
                Some(error_type(error)),
            ),
        };
        Self {
            status,
            resends: attempts.saturating_sub(1),
            request_id,
            error_type,
        }
    }
}

/// Records the result of a call in its span.
pub(super) fn record(span: &Span, result: &Result<Completed, Error>) {
    if span.is_disabled() {
        return;
    }
    let fields = ResultFields::of(result);
    span.record("http.response.status_code", fields.status);
    span.record("http.request.resend_count", fields.resends);
    span.record("request_id", fields.request_id);
    record_error_type(span, fields.error_type.as_deref());
    if let Err(error) = result {
        tracing::warn!(parent: span, %error, "request failed");
    }
}

fn record_error_type(span: &Span, error_type: Option<&str>) {
    if let Some(error_type) = error_type {
        span.record("error.type", display(error_type));
        span.record("otel.status_code", "ERROR");
    }
}

/// `error.type`: the status of an error, otherwise the kind of error.
fn error_type(error: &Error) -> Cow<'static, str> {
    if let Some(error) = error.response_error() {
        return type_of_response(error);
    }
    match error.kind() {
        ErrorKind::Token => "token".into(),
        ErrorKind::TooLarge => "too_large".into(),
        ErrorKind::Dependency => "dependency".into(),
        _ if error.is_timeout() => "timeout".into(),
        ErrorKind::Transport => "connection".into(),
        _ => "request".into(),
    }
}

fn type_of_response(error: &ResponseError) -> Cow<'static, str> {
    match (error.status(), error) {
        (status @ 400.., _) => status.to_string().into(),
        (_, ResponseError::Redirect { .. }) => "redirect".into(),
        (_, _) => "invalid_response".into(),
    }
}

fn type_of_loss(error: &TransportError) -> &'static str {
    if error.is_too_large() {
        "too_large"
    } else if error.is_timeout() {
        "timeout"
    } else {
        "connection"
    }
}
