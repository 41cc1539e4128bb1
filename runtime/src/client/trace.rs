//! The result of a call, as `tracing` fields.

use super::attempt::Completed;
use super::error::Error;
use crate::response::service_error::ServiceError;

pub(super) struct ResultFields<'r> {
    pub(super) status: Option<u16>,
    pub(super) attempts: u32,
    pub(super) request_id: Option<&'r str>,
}

impl<'r> ResultFields<'r> {
    pub(super) fn of(result: &'r Result<Completed, Error>) -> Self {
        match result {
            Ok(completed) => Self {
                status: Some(completed.success.status),
                attempts: completed.call.attempts,
                request_id: completed.success.request_id.as_deref(),
            },
            Err(error) => Self {
                status: error.status(),
                attempts: error.call().map_or(0, |call| call.attempts),
                request_id: error.service().and_then(ServiceError::request_id),
            },
        }
    }
}

pub(super) fn record(span: &tracing::Span, result: &Result<Completed, Error>) {
    if span.is_disabled() {
        return;
    }
    let fields = ResultFields::of(result);
    span.record("status", fields.status);
    span.record("attempts", fields.attempts);
    span.record("request_id", fields.request_id);
    if let Err(error) = result {
        tracing::warn!(parent: span, %error, "request failed");
    }
}
