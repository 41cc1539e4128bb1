use std::time::{Duration, SystemTime};

use crate::response::headers::ResponseHeaders;

/// When to come back: the `Retry-After` header (RFC 9110, 10.2.3).
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use msgraph_runtime::RetryAfter;
///
/// let headers = [("retry-after", "Thu, 01 Jan 2026 00:00:30 GMT"), ("date", "Thu, 01 Jan 2026 00:00:20 GMT")];
/// let when = RetryAfter::read(&headers[..]).ok_or("none")?;
/// assert_eq!(when.wait(SystemTime::now()), Duration::from_secs(10));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RetryAfter {
    /// After this time.
    Delay(Duration),
    /// At this moment, by the server's clock.
    At(SystemTime),
}

impl RetryAfter {
    /// Reads the header. A moment becomes a delay where the answer says what time it is there, so that a wrong clock
    /// here does no harm.
    pub fn read(headers: &(impl ResponseHeaders + ?Sized)) -> Option<Self> {
        let text = headers.header("retry-after")?.trim();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            // More digits than a number holds is as good as for ever.
            return Some(Self::Delay(Duration::from_secs(
                text.parse().unwrap_or(u64::MAX),
            )));
        }
        // Against RFC 9110, and yet in Graph's own documentation: `Retry-After: 2.128`.
        let decimal = text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        if let Some(seconds) = text.parse::<f64>().ok().filter(|_| decimal) {
            return Some(Self::Delay(
                Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX),
            ));
        }
        let at = httpdate::parse_http_date(text).ok()?;
        match headers
            .header("date")
            .and_then(|date| httpdate::parse_http_date(date).ok())
        {
            Some(there) => Some(Self::Delay(at.duration_since(there).unwrap_or_default())),
            None => Some(Self::At(at)),
        }
    }

    /// How long to wait, when it is `now`; nothing when the moment has passed.
    pub fn wait(self, now: SystemTime) -> Duration {
        match self {
            Self::Delay(delay) => delay,
            Self::At(at) => at.duration_since(now).unwrap_or_default(),
        }
    }
}
