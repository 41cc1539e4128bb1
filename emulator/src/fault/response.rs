//! Responses that faults produce.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{HeaderMap, StatusCode};

use crate::fault::{Fault, RetryAfter};
use crate::rejection::Rejection;
use crate::service::message::{Body, ServiceRequest, ServiceResponse};

impl Fault {
    /// The response that replaces the service's, if any.
    pub(crate) fn response(&self, request: &ServiceRequest) -> Option<ServiceResponse> {
        if let Some((status, headers, body)) = self.foreign() {
            return Some(ServiceResponse {
                status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
                headers,
                body: Some(Body::Text(body)),
                note: None,
            });
        }
        let mut response = ServiceResponse::rejected(request, self.rejection()?);
        if let Fault::OversizedError { bytes } = self {
            response.body = Some(Body::Oversized(*bytes));
        }
        Some(response)
    }

    /// The error in Graph's shape, if the fault is one.
    fn rejection(&self) -> Option<Rejection> {
        let busy = |status, code, message: &str, retry_after: &Option<RetryAfter>| {
            let mut rejection = Rejection::new(status, code, message);
            let value = retry_after.as_ref().and_then(RetryAfter::value);
            rejection
                .headers
                .extend(value.map(|value| (header::RETRY_AFTER, value)));
            rejection
        };
        Some(match self {
            Fault::Throttle { retry_after } => busy(
                StatusCode::TOO_MANY_REQUESTS,
                "TooManyRequests",
                "Too many requests.",
                retry_after,
            ),
            Fault::Unavailable { retry_after } => busy(
                StatusCode::SERVICE_UNAVAILABLE,
                "ServiceUnavailable",
                "The service is temporarily unavailable.",
                retry_after,
            ),
            Fault::GatewayTimeout { .. } => gateway_timeout(),
            Fault::OversizedError { .. } => {
                Rejection::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "")
            }
            Fault::ExpiredToken => Rejection::unauthorized(
                "Lifetime validation failed, the token is expired.",
                ", error=\"invalid_token\", error_description=\"The token is expired.\"",
            ),
            Fault::Forbidden => Rejection::insufficient_privileges(),
            Fault::ClaimsChallenge { claims } => Rejection::unauthorized(
                "Continuous access evaluation resulted in challenge with result: \
                 InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp",
                &format!(
                    ", error=\"insufficient_claims\", claims=\"{}\"",
                    STANDARD.encode(claims)
                ),
            ),
            Fault::ConcurrencyViolation => Rejection::new(
                StatusCode::CONFLICT,
                "Directory_ConcurrencyViolation",
                "Failed to acquire lock to process the request. Please retry later.",
            ),
            _ => return None,
        })
    }

    /// A response that does not come from Graph.
    fn foreign(&self) -> Option<(u16, HeaderMap, String)> {
        match self {
            Fault::Page { status } => Some((
                *status,
                HeaderMap::from_iter([(
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("text/html"),
                )]),
                "<!DOCTYPE html><html><head><title>Gateway</title></head><body>\
                 <p>The \"service\" cannot be reached.</p></body></html>"
                    .to_owned(),
            )),
            Fault::Redirect { status, location } => {
                let location = HeaderValue::try_from(location).ok();
                let headers = location.map(|location| (header::LOCATION, location));
                Some((*status, headers.into_iter().collect(), String::new()))
            }
            Fault::Raw {
                status,
                headers,
                body,
            } => {
                let headers = headers.iter().filter_map(|(name, value)| {
                    let name = HeaderName::try_from(name).ok()?;
                    let is_framing =
                        name == header::CONTENT_LENGTH || name == header::TRANSFER_ENCODING;
                    (!is_framing).then_some((name, HeaderValue::try_from(value).ok()?))
                });
                Some((*status, headers.collect(), body.clone()))
            }
            _ => None,
        }
    }
}

fn gateway_timeout() -> Rejection {
    Rejection::new(
        StatusCode::GATEWAY_TIMEOUT,
        "GatewayTimeout",
        "The service did not respond to the gateway in time.",
    )
}

impl RetryAfter {
    fn value(&self) -> Option<HeaderValue> {
        let text = match self {
            RetryAfter::Seconds(seconds) => seconds.to_string(),
            RetryAfter::DateIn(duration) => {
                let at = jiff::Timestamp::now().checked_add(*duration).ok()?;
                jiff::fmt::rfc2822::DateTimePrinter::new()
                    .timestamp_to_rfc9110_string(&at)
                    .ok()?
            }
            RetryAfter::Text(text) => text.clone(),
        };
        HeaderValue::try_from(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn dates_are_http_dates() {
        let value = RetryAfter::DateIn(Duration::from_secs(5)).value().unwrap();
        let text = value.to_str().unwrap();
        assert!(text.ends_with(" GMT") && text.len() == 29, "{text}");
    }
}
