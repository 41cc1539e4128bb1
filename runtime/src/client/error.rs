use std::fmt;

use super::call::Call;
use super::transport_error::{MAY_BE_APPLIED, TransportError};
use crate::auth::error::TokenError;
use crate::cloud::root::RootError;
use crate::request::error::RequestError;
use crate::request::method::Method;
use crate::response::error::ResponseError;
use crate::response::fate::Fate;
use crate::response::service_error::ServiceError;
use crate::text::{MAX_MESSAGE, one_line};

/// Why a call to Graph failed. `Display` is one line: what failed, and what to do.
///
/// ```
/// # async fn remove(client: msgraph_runtime::Client) {
/// use msgraph_runtime::{Fate, Request};
///
/// let request = Request::delete("v1.0", "/users/{id}", &[&"adele@contoso.com"]);
/// if let Err(error) = client.send(request).await {
///     match error.fate() {
///         Fate::Unknown => println!("check whether the user still exists: {error}"),
///         Fate::Applied => println!("deleted, but: {error}"),
///         _ => println!("not deleted: {error}"),
///     }
/// }
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The request is invalid, and was not sent.
    Request(RequestError),
    /// The client cannot be built.
    Setup(SetupError),
    /// There is no token for the first or next attempt.
    Token {
        /// The error of the token source.
        error: TokenError,
        /// The call that needed the token.
        call: Call,
    },
    /// The response is not a success.
    Response {
        /// The parsed response.
        error: ResponseError,
        /// The call that it responds to.
        call: Call,
    },
    /// The batch item depends on another one, which failed.
    Dependency {
        /// The position of the other item in the batch.
        index: usize,
        /// The call that was skipped.
        call: Call,
    },
    /// There is no complete response.
    Transport {
        /// The error of the HTTP client.
        error: TransportError,
        /// The call that failed.
        call: Call,
    },
}

/// The client cannot be built.
#[derive(Debug)]
#[non_exhaustive]
pub enum SetupError {
    /// The root is invalid, or a token must not be sent to it.
    Root(RootError),
    /// The HTTP client cannot be built, usually because there are no certificates.
    Http(reqwest::Error),
    /// The user agent is not a valid header value.
    UserAgent(String),
    /// There is no token to build it with.
    Token(TokenError),
}

impl Error {
    /// Graph's own error, if the response has one.
    pub fn service(&self) -> Option<&ServiceError> {
        match self {
            Self::Response {
                error: ResponseError::Service(error),
                ..
            } => Some(error),
            _ => None,
        }
    }

    /// The HTTP status, if there was a response.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Response { error, .. } => Some(error.status()),
            Self::Transport { error, .. } => error.status,
            _ => None,
        }
    }

    /// Graph's error code, if there is one.
    pub fn code(&self) -> Option<&str> {
        self.service()
            .map(ServiceError::code)
            .filter(|code| !code.is_empty())
    }

    /// The failed call; `None` if none was started.
    pub const fn call(&self) -> Option<&Call> {
        match self {
            Self::Request(_) | Self::Setup(_) => None,
            Self::Token { call, .. }
            | Self::Response { call, .. }
            | Self::Dependency { call, .. }
            | Self::Transport { call, .. } => Some(call),
        }
    }

    /// Whether the request was applied, counting every attempt: if the last one was rejected, an earlier one whose
    /// response was lost may still have been applied.
    pub fn fate(&self) -> Fate {
        let call = self.call();
        if call.is_some_and(|call| call.method == Method::Get) {
            return Fate::ReadOnly;
        }
        let last = match self {
            Self::Request(_) | Self::Setup(_) | Self::Token { .. } | Self::Dependency { .. } => {
                Fate::NotSent
            }
            Self::Transport { error, .. } => error.fate,
            Self::Response { error, .. } => error.fate(),
        };
        match (last, call.and_then(|call| call.earlier)) {
            (Fate::NotSent | Fate::Rejected, Some(earlier)) => earlier,
            (Fate::Unknown, Some(Fate::Applied)) => Fate::Applied,
            (last, _) => last,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(error) => write!(f, "not sent: {error}"),
            Self::Setup(error) => error.fmt(f),
            Self::Dependency { index, call } => {
                let operation = call.operation();
                write!(
                    f,
                    "{operation}: skipped: it depends on item {index} of the batch, which failed"
                )?;
                call.write_attempts(f, Fate::NotSent)
            }
            Self::Token { error, call } => {
                let message = one_line(&error.to_string(), MAX_MESSAGE);
                write!(f, "{}: no token: {message}", call.operation())?;
                call.write_attempts(f, Fate::NotSent)
            }
            Self::Response { error, call } => {
                match error {
                    // It writes the operation and the ids itself.
                    ResponseError::Service(error) => write!(f, "{error}")?,
                    _ => write!(
                        f,
                        "{}: {error}; client-request-id {}",
                        call.operation(),
                        call.client_request_id
                    )?,
                }
                if error.fate() == Fate::Unknown && call.last_decides() {
                    f.write_str(MAY_BE_APPLIED)?;
                }
                call.write_attempts(f, error.fate())
            }
            Self::Transport { error, call } => {
                write!(f, "{}: ", call.operation())?;
                error.write_cause(f)?;
                let applied = error.fate == Fate::Applied && call.method != Method::Get;
                if applied || call.last_decides() {
                    error.write_fate(f)?;
                }
                write!(f, "; client-request-id {}", call.client_request_id)?;
                call.write_attempts(f, error.fate)
            }
        }
    }
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(error) => error.fmt(f),
            Self::Http(error) => write!(f, "cannot build the HTTP client: {error}"),
            Self::UserAgent(value) => write!(f, "invalid user agent {value:?}"),
            Self::Token(error) => {
                write!(f, "no token: {}", one_line(&error.to_string(), MAX_MESSAGE))
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Request(error) => Some(error),
            Self::Setup(error) => Some(error),
            Self::Token { error, .. } => Some(error),
            Self::Response { error, .. } => Some(error),
            Self::Transport { error, .. } => Some(error),
            Self::Dependency { .. } => None,
        }
    }
}

impl std::error::Error for SetupError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Root(error) => Some(error),
            Self::Http(error) => Some(error),
            Self::UserAgent(_) => None,
            Self::Token(error) => Some(error),
        }
    }
}

impl From<RequestError> for Error {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

impl From<SetupError> for Error {
    fn from(error: SetupError) -> Self {
        Self::Setup(error)
    }
}

impl From<TokenError> for Error {
    fn from(error: TokenError) -> Self {
        Self::Setup(SetupError::Token(error))
    }
}

impl From<RootError> for Error {
    fn from(error: RootError) -> Self {
        Self::Setup(SetupError::Root(error))
    }
}
