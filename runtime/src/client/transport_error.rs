use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::response::fate::Fate;
use crate::text::{MAX_MESSAGE, one_line};

/// There is no complete response: the connection failed, the time limit passed, or the response is too large.
#[derive(Clone, Debug)]
pub(super) struct TransportError {
    /// Whether the request was applied.
    pub(super) fate: Fate,
    /// The status, if the beginning of a response arrived.
    pub(super) status: Option<u16>,
    cause: Cause,
}

#[derive(Clone, Debug)]
enum Cause {
    // Shared, since every item of a batch gets the error of the batch.
    Http(Arc<reqwest::Error>),
    TooLarge(TooLarge),
}

/// Which limit a response exceeds.
#[derive(Clone, Copy, Debug)]
pub(super) enum TooLarge {
    /// That of a response, 16 MiB.
    Response,
    /// That of the memory for its JSON values, 128 MiB.
    Json,
    /// That of content, in bytes.
    Content(usize),
}

impl TransportError {
    pub(super) fn lost(fate: Fate, status: Option<u16>, error: reqwest::Error) -> Self {
        // The URL contains keys of the tenant's resources.
        let cause = Cause::Http(Arc::new(error.without_url()));
        Self {
            fate,
            status,
            cause,
        }
    }

    pub(super) const fn too_large(fate: Fate, status: u16, limit: TooLarge) -> Self {
        Self {
            fate,
            status: Some(status),
            cause: Cause::TooLarge(limit),
        }
    }

    /// Whether the response exceeds a limit of size.
    pub(super) const fn is_too_large(&self) -> bool {
        matches!(self.cause, Cause::TooLarge(_))
    }

    /// Whether a time limit passed.
    pub(super) fn is_timeout(&self) -> bool {
        matches!(&self.cause, Cause::Http(error) if error.is_timeout())
    }
}

/// The last cause of an error of `reqwest`. Its own message is only what it was doing.
pub(super) fn reason_of(error: &reqwest::Error) -> &(dyn Error + 'static) {
    let causes = std::iter::successors(Some(error as &(dyn Error + 'static)), |cause| {
        (*cause).source()
    });
    causes.last().unwrap_or(error)
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = match &self.cause {
            Cause::TooLarge(limit) => return limit.fmt(f),
            Cause::Http(error) => error,
        };
        f.write_str(match (self.fate, error.is_timeout()) {
            (Fate::NotSent, true) => return f.write_str("timed out while connecting"),
            (_, true) => return f.write_str("timed out while waiting for the response"),
            (Fate::NotSent, false) => "no connection",
            (_, false) => "the connection was lost",
        })?;
        // It may contain foreign text, such as names in a certificate.
        let reason = one_line(&reason_of(error).to_string(), MAX_MESSAGE);
        write!(f, " ({reason})")
    }
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Response => f.write_str("the response is larger than 16 MiB"),
            Self::Json => f.write_str("the response has too many JSON values"),
            Self::Content(limit) => write!(
                f,
                "the content is larger than {limit} bytes, the `content_limit` of the client"
            ),
        }
    }
}
