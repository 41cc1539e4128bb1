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
    /// The URL of the proxy is invalid. This is the reason.
    Proxy(String),
    /// A certificate or its key is invalid. This is the reason.
    Certificate(String),
    /// The user agent is not a valid header value.
    UserAgent(String),
}

impl SetupError {
    pub(super) fn http(error: &reqwest::Error) -> Self {
        Self::Http(reason(error))
    }

    pub(super) fn proxy(error: &reqwest::Error) -> Self {
        Self::Proxy(reason(error))
    }

    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub(super) fn certificate(error: &reqwest::Error) -> Self {
        Self::Certificate(reason(error))
    }
}

fn reason(error: &reqwest::Error) -> String {
    one_line(&reason_of(error).to_string(), MAX_MESSAGE)
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(error) => error.fmt(f),
            Self::Http(reason) => write!(f, "cannot build the HTTP client: {reason}"),
            Self::Proxy(reason) => write!(f, "invalid proxy URL: {reason}"),
            Self::Certificate(reason) => write!(f, "invalid certificate or key: {reason}"),
            Self::UserAgent(value) => write!(f, "invalid user agent {value:?}"),
        }
    }
}

// The message contains the cause, so there is no source.
impl std::error::Error for SetupError {}
