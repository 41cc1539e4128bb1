//! What tracing is told of a call.

use super::error::Error;
use crate::response::outcome::Outcome;
use crate::response::service_error::ServiceError;

/// What is told of a call that has come to its end.
pub(super) struct Told<'r> {
    pub(super) status: Option<u16>,
    pub(super) attempts: u32,
    pub(super) request_id: Option<&'r str>,
}

impl<'r> Told<'r> {
    pub(super) fn of(result: &'r Result<Outcome, Error>) -> Self {
        match result {
            Ok(outcome) => Self {
                status: Some(outcome.status),
                attempts: outcome.attempts,
                request_id: outcome.request_id.as_deref(),
            },
            Err(error) => Self {
                status: error.status(),
                attempts: error.call().map_or(0, |call| call.attempts),
                request_id: error.service().and_then(ServiceError::request_id),
            },
        }
    }
}

pub(super) fn record(span: &tracing::Span, result: &Result<Outcome, Error>) {
    if span.is_disabled() {
        return;
    }
    let told = Told::of(result);
    span.record("status", told.status);
    span.record("attempts", told.attempts);
    span.record("request_id", told.request_id);
    if let Err(error) = result {
        tracing::warn!(parent: span, %error, "request failed");
    }
}
