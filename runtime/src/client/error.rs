use std::fmt;

use super::call::Call;
use super::token::TokenError;
use super::transport_error::{MAY_BE_APPLIED, TransportError};
use crate::cloud::root::RootError;
use crate::request::error::RequestError;
use crate::request::method::Method;
use crate::response::error::ResponseError;
use crate::response::fate::Fate;
use crate::response::service_error::ServiceError;
use crate::text::{MESSAGE_SHOWN, one_line};

/// Why a call to Graph did not succeed. `Display` is one line to act on.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use msgraph_runtime::{Client, Cloud, Error, Fate, Request, TokenError};
///
/// let client = Client::new(Cloud::Global, |_| async { Err(TokenError::new("nobody is signed in")) })?;
/// let error = client.send(Request::delete("v1.0", "/users/{id}", &[&"adele@contoso.com"])).await.unwrap_err();
/// assert_eq!(error.to_string(), "DELETE /v1.0/users/{id}: no token: nobody is signed in");
/// match error.fate() {
///     Fate::Unknown => println!("read it before trying again: {error}"),
///     Fate::Applied => println!("done, but: {error}"),
///     _ => println!("nothing has changed: {error}"),
/// }
/// # assert!(matches!(error, Error::Token { .. }));
/// # Ok(()) }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The request cannot be sent as it stands; nothing was sent.
    Request(RequestError),
    /// The client cannot be made.
    Setup(SetupError),
    /// No token; nothing was sent since.
    Token {
        /// What the source of tokens said.
        error: TokenError,
        /// Which call it was for.
        call: Call,
    },
    /// Graph answered, and not with success.
    Response {
        /// The answer, read.
        error: ResponseError,
        /// Which call it answers.
        call: Call,
    },
    /// An item of a batch that was to be done after another one, which failed; it was not done.
    Dependency {
        /// The place of the other in the batch.
        index: usize,
        /// Which call was not done.
        call: Call,
    },
    /// No answer came.
    Transport {
        /// What the HTTP client said.
        error: TransportError,
        /// Which call it was.
        call: Call,
    },
}

/// The client cannot be made.
///
/// ```
/// use msgraph_runtime::{Client, Cloud, Error, Secret, SetupError};
///
/// let error = Client::builder(Cloud::Global, Secret::new("eyJ0eXAi")).user_agent("two\nlines").build().unwrap_err();
/// assert!(matches!(error, Error::Setup(SetupError::UserAgent(_))));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum SetupError {
    /// The root is not one to send a token to.
    Root(RootError),
    /// The HTTP client cannot be made, for want of certificates as a rule.
    Http(reqwest::Error),
    /// The user agent holds characters that no header can carry.
    UserAgent(String),
}

impl Error {
    /// Graph's refusal, where this is one.
    pub fn service(&self) -> Option<&ServiceError> {
        match self {
            Self::Response {
                error: ResponseError::Service(error),
                ..
            } => Some(error),
            _ => None,
        }
    }

    /// The HTTP status, where an answer came.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Response { error, .. } => Some(error.status()),
            Self::Transport { error, .. } => error.status,
            _ => None,
        }
    }

    /// Graph's code, where it gave one.
    pub fn code(&self) -> Option<&str> {
        self.service()
            .map(ServiceError::code)
            .filter(|code| !code.is_empty())
    }

    /// Which call this is about; `None` when it was never begun.
    pub const fn call(&self) -> Option<&Call> {
        match self {
            Self::Request(_) | Self::Setup(_) => None,
            Self::Token { call, .. }
            | Self::Response { call, .. }
            | Self::Dependency { call, .. }
            | Self::Transport { call, .. } => Some(call),
        }
    }

    /// What became of the request, as far as can be known, all attempts together: a refusal of the last one does not say
    /// that an earlier one, which was lost on its way back, was not applied.
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
                write!(
                    f,
                    "{}: not done: it was to wait for item {index} of the batch, which failed",
                    call.operation()
                )?;
                call.write_attempts(f, Fate::NotSent)
            }
            Self::Token { error, call } => {
                let message = one_line(&error.to_string(), MESSAGE_SHOWN);
                write!(f, "{}: no token: {message}", call.operation())?;
                call.write_attempts(f, Fate::NotSent)
            }
            Self::Response { error, call } => {
                // What Graph says tells the operation and the ids itself.
                match error {
                    ResponseError::Service(error) => write!(f, "{error}")?,
                    _ => write!(
                        f,
                        "{}: {error}; client-request-id {}",
                        call.operation(),
                        call.client_request_id
                    )?,
                }
                if error.fate() == Fate::Unknown && call.is_alone() {
                    f.write_str(MAY_BE_APPLIED)?;
                }
                call.write_attempts(f, error.fate())
            }
            Self::Transport { error, call } => {
                write!(f, "{}: ", call.operation())?;
                error.write_cause(f)?;
                let applied = error.fate == Fate::Applied && call.method != Method::Get;
                if applied || call.is_alone() {
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
            Self::Http(error) => write!(f, "no HTTP client: {error}"),
            Self::UserAgent(text) => write!(f, "{text:?} cannot be sent as user agent"),
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

impl From<RootError> for Error {
    fn from(error: RootError) -> Self {
        Self::Setup(SetupError::Root(error))
    }
}
