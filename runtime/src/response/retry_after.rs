use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

use crate::response::headers::text;

/// When to retry: the `Retry-After` header (RFC 9110, 10.2.3).
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use msgraph_runtime::error::RetryAfter;
/// use msgraph_runtime::sans_io::http::{HeaderMap, HeaderValue, header};
///
/// let mut headers = HeaderMap::new();
/// headers.insert(header::RETRY_AFTER, HeaderValue::from_static("Thu, 01 Jan 2026 00:00:30 GMT"));
/// headers.insert(header::DATE, HeaderValue::from_static("Thu, 01 Jan 2026 00:00:20 GMT"));
/// let when = RetryAfter::read(&headers).expect("the response has the header");
/// assert_eq!(when.wait(SystemTime::now()), Duration::from_secs(10));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// After this wait.
    Delay(Duration),
    /// At this time, by the server's clock.
    At(SystemTime),
}

impl RetryAfter {
    /// Reads the header. If the response has the server's time, a date becomes a delay, so that a wrong clock does not
    /// matter.
    pub fn read(headers: &HeaderMap) -> Option<Self> {
        let value = text(headers, RETRY_AFTER)?.trim();
        if value
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
        {
            // RFC 9110 allows no decimals, but Graph's documentation has `Retry-After: 2.128`.
            let seconds = value.parse::<f64>().ok()?;
            // A number that is too large is as good as forever.
            let delay = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
            return Some(Self::Delay(delay));
        }
        let at = httpdate::parse_http_date(value).ok()?;
        let now = text(headers, DATE);
        match now.and_then(|date| httpdate::parse_http_date(date).ok()) {
            Some(now) => Some(Self::Delay(at.duration_since(now).unwrap_or_default())),
            None => Some(Self::At(at)),
        }
    }

    /// How long to wait; zero if the time has passed.
    pub fn wait(self, now: SystemTime) -> Duration {
        match self {
            Self::Delay(delay) => delay,
            Self::At(at) => at.duration_since(now).unwrap_or_default(),
        }
    }
}
