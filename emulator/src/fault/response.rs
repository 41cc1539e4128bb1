//! The response that a fault makes.

use base64::Engine as _;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{HeaderMap, StatusCode};

use crate::fault::{Fault, RetryAfter};
use crate::rejection::Refusal;

impl Fault {
    /// The error in Graph's shape that the fault stands for, where it is one.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        let busy = |status, code, message: &str, retry_after: &Option<RetryAfter>| {
            let refusal = Refusal::new(status, code, message);
            match retry_after.as_ref().and_then(RetryAfter::value) {
                Some(value) => refusal.header(header::RETRY_AFTER, value),
                None => refusal,
            }
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
            Fault::GatewayTimeout { applied: false } => gateway_timeout(),
            Fault::ExpiredToken => Refusal::new(
                StatusCode::UNAUTHORIZED,
                "InvalidAuthenticationToken",
                "Lifetime validation failed, the token is expired.",
            )
            .header(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(
                    "Bearer realm=\"\", \
                     authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", \
                     client_id=\"00000003-0000-0000-c000-000000000000\", error=\"invalid_token\", \
                     error_description=\"The token is expired.\"",
                ),
            ),
            Fault::Forbidden => Refusal::new(
                StatusCode::FORBIDDEN,
                "Authorization_RequestDenied",
                "Insufficient privileges to complete the operation.",
            ),
            Fault::ClaimsChallenge { claims } => claims_challenge(claims),
            Fault::ConcurrencyViolation => Refusal::new(
                StatusCode::CONFLICT,
                "Directory_ConcurrencyViolation",
                "Failed to acquire lock to process the request. Please retry later.",
            ),
            _ => return None,
        })
    }

    /// An answer that is not Graph's: status, headers and body.
    pub(crate) fn foreign(&self) -> Option<(StatusCode, HeaderMap, String)> {
        let (status, headers, body) = match self {
            Fault::Page { status } => (
                *status,
                vec![("content-type".to_owned(), "text/html".to_owned())],
                "<!DOCTYPE html><html><head><title>Gateway</title></head><body>\
                 <p>The \"service\" cannot be reached.</p></body></html>"
                    .to_owned(),
            ),
            Fault::Redirect { status, location } => (
                *status,
                vec![("location".to_owned(), location.clone())],
                String::new(),
            ),
            Fault::Raw {
                status,
                headers,
                body,
            } => (*status, headers.clone(), body.clone()),
            _ => return None,
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = headers
            .into_iter()
            .filter_map(|(name, value)| {
                let name = HeaderName::try_from(name).ok()?;
                let framing = name == header::CONTENT_LENGTH || name == header::TRANSFER_ENCODING;
                (!framing).then_some((name, HeaderValue::try_from(value).ok()?))
            })
            .collect();
        Some((status, headers, body))
    }
}

pub(crate) fn gateway_timeout() -> Refusal {
    Refusal::new(
        StatusCode::GATEWAY_TIMEOUT,
        "GatewayTimeout",
        "The service did not answer the gateway in time.",
    )
}

/// As continuous access evaluation writes it.
fn claims_challenge(claims: &str) -> Refusal {
    let refusal = Refusal::new(
        StatusCode::UNAUTHORIZED,
        "InvalidAuthenticationToken",
        "Continuous access evaluation resulted in challenge with result: InteractionRequired and \
         code: TokenIssuedBeforeRevocationTimestamp",
    );
    let claims = base64::engine::general_purpose::STANDARD.encode(claims);
    let challenge = HeaderValue::try_from(format!(
        "Bearer realm=\"\", \
         authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", \
         client_id=\"00000003-0000-0000-c000-000000000000\", error=\"insufficient_claims\", \
         claims=\"{claims}\""
    ));
    match challenge {
        Ok(challenge) => refusal.header(header::WWW_AUTHENTICATE, challenge),
        Err(_) => refusal,
    }
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
