use std::fmt;

use super::transport_error::reason_of;
use crate::cloud::root::RootError;
use crate::text::{MAX_MESSAGE, one_line};

/// The client cannot be built.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SetupError {
    /// The root is invalid, or a token must not be sent to it.
    Root(RootError),
    /// The HTTP client cannot be built, usually because there are no certificates. This is the reason.
    Http(String),
    /// The user agent is not a valid header value.
    UserAgent(String),
}

impl SetupError {
    pub(super) fn http(error: &reqwest::Error) -> Self {
        Self::Http(one_line(&reason_of(error).to_string(), MAX_MESSAGE))
    }
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(error) => error.fmt(f),
            Self::Http(reason) => write!(f, "cannot build the HTTP client: {reason}"),
            Self::UserAgent(value) => write!(f, "invalid user agent {value:?}"),
        }
    }
}

// The message contains the cause, so there is no source.
impl std::error::Error for SetupError {}
