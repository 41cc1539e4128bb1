use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::response::fate::Fate;
use crate::text::{MAX_MESSAGE, one_line};

/// There is no complete response: the connection failed, the time limit passed, or the response is too large.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TransportError {
    /// Whether the request was applied.
    pub fate: Fate,
    /// The status, if the beginning of a response arrived.
    pub status: Option<u16>,
    cause: Cause,
}

#[derive(Clone, Debug)]
enum Cause {
    // Shared, since every item of a batch gets the error of the batch.
    Http(Arc<reqwest::Error>),
    TooLarge(&'static str),
}

pub(super) const MAY_BE_APPLIED: &str =
    "; it may have been applied: read the resource before retrying";

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

    pub(super) const fn too_large(fate: Fate, status: u16, message: &'static str) -> Self {
        Self {
            fate,
            status: Some(status),
            cause: Cause::TooLarge(message),
        }
    }

    /// Whether the response exceeds 16 MiB, or its JSON values would take more than 128 MiB of memory.
    pub const fn is_too_large(&self) -> bool {
        matches!(self.cause, Cause::TooLarge(_))
    }

    /// Whether a time limit passed.
    pub fn is_timeout(&self) -> bool {
        matches!(&self.cause, Cause::Http(error) if error.is_timeout())
    }

    pub(super) fn write_cause(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (&self.cause, self.fate, self.is_timeout()) {
            (Cause::TooLarge(message), ..) => message,
            (_, Fate::NotSent, true) => "timed out while connecting",
            (_, Fate::NotSent, false) => "no connection",
            (_, _, true) => "timed out while waiting for the response",
            (_, _, false) => "the connection was lost",
        })?;
        // reqwest's own message is only what it was doing; the last source is the reason.
        let sources = std::iter::successors(self.source(), |error| (*error).source());
        if let Some(reason) = sources.last().filter(|_| !self.is_timeout()) {
            // It may contain foreign text, such as names in a certificate.
            write!(f, " ({})", one_line(&reason.to_string(), MAX_MESSAGE))?;
        }
        Ok(())
    }

    pub(super) fn write_fate(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fate {
            Fate::NotSent => f.write_str("; nothing was sent"),
            Fate::Unknown => f.write_str(MAY_BE_APPLIED),
            Fate::Applied => f.write_str("; it was applied"),
            Fate::Rejected | Fate::ReadOnly => Ok(()),
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_cause(f)?;
        self.write_fate(f)
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.cause {
            Cause::Http(error) => Some(error.as_ref()),
            Cause::TooLarge(_) => None,
        }
    }
}
