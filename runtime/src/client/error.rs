use std::error::Error as StdError;
use std::fmt;
use std::time::{Duration, SystemTime};

use http::Method;

use super::call::Call;
use super::error_kind::ErrorKind;
use super::setup_error::SetupError;
use super::transport_error::TransportError;
use crate::auth::error::TokenError;
use crate::cloud::root::RootError;
use crate::request::error::RequestError;
use crate::response::error::ResponseError;
use crate::response::fate::Fate;
use crate::response::service_error::ServiceError;
use crate::text::{MAX_MESSAGE, one_line};

/// Why a call to Graph failed.
///
/// `Display` is one line: what failed, and what to do. `Debug` starts with that line, and continues with the details.
/// [`source`](StdError::source) skips the causes that the line contains, so that a printed chain of errors repeats
/// nothing.
///
/// ```
/// # async fn remove(client: msgraph_runtime::Client) {
/// use msgraph_runtime::{Fate, Request};
///
/// let request = Request::delete("v1.0", "/users/{id}", &[&"adele@contoso.com"]);
/// match client.send(request).await {
///     Ok(_) => println!("deleted"),
///     Err(error) if error.is_not_found() => println!("there is no such user"),
///     Err(error) => match error.fate() {
///         Fate::Unknown => println!("check whether the user still exists: {error}"),
///         Fate::Applied => println!("deleted, but: {error}"),
///         _ => println!("not deleted: {error}"),
///     },
/// }
/// # }
/// ```
pub struct Error(Box<ErrorParts>);

struct ErrorParts {
    cause: ErrorCause,
    /// `None` if no call was started.
    call: Option<Call>,
}

enum ErrorCause {
    Setup(SetupError),
    Request(RequestError),
    Token(TokenError),
    Transport(TransportError),
    Response(ResponseError),
    /// The position of the other item in the batch.
    Dependency(usize),
}

impl Error {
    fn new(cause: ErrorCause, call: Option<Call>) -> Self {
        Self(Box::new(ErrorParts { cause, call }))
    }

    pub(super) fn token(error: TokenError, call: Call) -> Self {
        Self::new(ErrorCause::Token(error), Some(call))
    }

    pub(super) fn transport(error: TransportError, call: Call) -> Self {
        Self::new(ErrorCause::Transport(error), Some(call))
    }

    pub(super) fn response(error: ResponseError, call: Call) -> Self {
        Self::new(ErrorCause::Response(error), Some(call))
    }

    /// The error of a batch item that depends on the one at `index`.
    pub(super) fn dependency(index: usize, call: Call) -> Self {
        Self::new(ErrorCause::Dependency(index), Some(call))
    }

    /// What failed.
    pub const fn kind(&self) -> ErrorKind {
        match &self.0.cause {
            ErrorCause::Setup(_) => ErrorKind::Setup,
            ErrorCause::Request(_) => ErrorKind::Request,
            ErrorCause::Token(_) => ErrorKind::Token,
            ErrorCause::Transport(error) if error.is_too_large() => ErrorKind::TooLarge,
            ErrorCause::Transport(_) => ErrorKind::Transport,
            ErrorCause::Response(ResponseError::Service(_)) => ErrorKind::Service,
            ErrorCause::Response(ResponseError::Redirect { .. }) => ErrorKind::Redirect,
            ErrorCause::Response(
                ResponseError::NotGraph { .. }
                | ResponseError::BatchEntry { .. }
                | ResponseError::OtherRequest { .. }
                | ResponseError::Unreadable { .. },
            ) => ErrorKind::InvalidResponse,
            ErrorCause::Dependency(_) => ErrorKind::Dependency,
        }
    }

    /// Whether the request was applied, counting every attempt: if the last one was rejected, an earlier one whose
    /// response was lost may still have been applied.
    pub fn fate(&self) -> Fate {
        let call = self.call();
        if call.is_some_and(|call| call.method == Method::GET) {
            return Fate::ReadOnly;
        }
        let last = match &self.0.cause {
            ErrorCause::Request(RequestError::ForeignTicket) => Fate::Unknown,
            ErrorCause::Setup(_)
            | ErrorCause::Request(_)
            | ErrorCause::Token(_)
            | ErrorCause::Dependency(_) => Fate::NotSent,
            ErrorCause::Transport(error) => error.fate,
            ErrorCause::Response(error) => error.fate(),
        };
        match (last, call.and_then(|call| call.earlier)) {
            (Fate::NotSent | Fate::Rejected, Some(earlier)) => earlier,
            (Fate::Unknown, Some(Fate::Applied)) => Fate::Applied,
            (last, _) => last,
        }
    }

    /// The HTTP status, if there was a response.
    pub fn status(&self) -> Option<u16> {
        match &self.0.cause {
            ErrorCause::Response(error) => Some(error.status()),
            ErrorCause::Transport(error) => error.status,
            _ => None,
        }
    }

    /// Graph's error code, if there is one.
    pub fn code(&self) -> Option<&str> {
        let code = self.service().map(ServiceError::code);
        code.filter(|code| !code.is_empty())
    }

    /// How long Graph asks to wait before the next attempt.
    pub fn retry_after(&self) -> Option<Duration> {
        let when = self.response_error()?.retry_after()?;
        Some(when.wait(SystemTime::now()))
    }

    /// Whether Graph does not have the resource: a 404 or 410. A response without Graph's error code or request id does not
    /// count, since it comes from a proxy.
    pub fn is_not_found(&self) -> bool {
        self.is_from_graph() && matches!(self.status(), Some(404 | 410))
    }

    /// Whether a link of a `delta` function or to a page has expired, so that the list must be read again from the start:
    /// a 410, or the code `syncStateNotFound` or `syncStateInvalid`. A resource that was deleted for good is a 410 too.
    pub fn is_resync_required(&self) -> bool {
        self.is_from_graph() && self.service().is_some_and(ServiceError::is_resync_required)
    }

    /// Whether Graph denied access, because of the token or its permissions: a 401 or 403.
    pub fn is_denied(&self) -> bool {
        self.is_from_graph() && matches!(self.status(), Some(401 | 403))
    }

    /// Whether the request conflicts with the state of the resource: a 409, such as when it already exists, or a 412, when
    /// it has changed since its ETag was read.
    pub fn is_conflict(&self) -> bool {
        self.is_from_graph() && matches!(self.status(), Some(409 | 412))
    }

    /// Whether the request was throttled: a 429, from Graph or from a gateway before it.
    pub fn is_throttled(&self) -> bool {
        self.service().is_some_and(|error| error.status() == 429)
    }

    /// Whether a time limit was exceeded: the client's, or that of a server (a 408 or 504).
    pub fn is_timeout(&self) -> bool {
        match &self.0.cause {
            ErrorCause::Transport(error) => error.is_timeout(),
            ErrorCause::Token(error) => error.is_timeout(),
            ErrorCause::Response(error) => matches!(error.status(), 408 | 504),
            _ => false,
        }
    }

    fn is_from_graph(&self) -> bool {
        self.service()
            .is_some_and(|error| !error.code().is_empty() || error.request_id().is_some())
    }

    /// The failed call; `None` if none was started.
    pub const fn call(&self) -> Option<&Call> {
        self.0.call.as_ref()
    }

    /// Graph's own error, if the response has one.
    pub fn service(&self) -> Option<&ServiceError> {
        match self.response_error() {
            Some(ResponseError::Service(error)) => Some(error),
            _ => None,
        }
    }

    /// The response, for [`ErrorKind::Service`], [`ErrorKind::Redirect`] and [`ErrorKind::InvalidResponse`].
    pub const fn response_error(&self) -> Option<&ResponseError> {
        match &self.0.cause {
            ErrorCause::Response(error) => Some(error),
            _ => None,
        }
    }

    /// What is wrong with the request, for [`ErrorKind::Request`].
    pub const fn request_error(&self) -> Option<&RequestError> {
        match &self.0.cause {
            ErrorCause::Request(error) => Some(error),
            _ => None,
        }
    }

    /// The error of the token source, for [`ErrorKind::Token`].
    pub const fn token_error(&self) -> Option<&TokenError> {
        match &self.0.cause {
            ErrorCause::Token(error) => Some(error),
            _ => None,
        }
    }

    /// Why the client cannot be built, for [`ErrorKind::Setup`].
    pub const fn setup_error(&self) -> Option<&SetupError> {
        match &self.0.cause {
            ErrorCause::Setup(error) => Some(error),
            _ => None,
        }
    }

    /// The position in the batch of the item that failed, for [`ErrorKind::Dependency`].
    pub const fn failed_dependency(&self) -> Option<usize> {
        match &self.0.cause {
            ErrorCause::Dependency(index) => Some(*index),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A service error writes the operation and the ids itself.
        let call = self.call();
        let foreign = call.filter(|_| self.kind() != ErrorKind::Service);
        if let Some(call) = foreign {
            write!(f, "{}: ", call.operation())?;
        }
        let last = match &self.0.cause {
            ErrorCause::Setup(error) => return error.fmt(f),
            ErrorCause::Request(error @ RequestError::ForeignTicket) => return error.fmt(f),
            ErrorCause::Request(error) => return write!(f, "not sent: {error}"),
            ErrorCause::Token(error) => {
                write!(f, "no token: {}", one_line(&error.to_string(), MAX_MESSAGE))?;
                Fate::NotSent
            }
            ErrorCause::Dependency(index) => {
                write!(
                    f,
                    "skipped: it depends on item {index} of the batch, which failed"
                )?;
                Fate::NotSent
            }
            ErrorCause::Transport(error) => {
                error.fmt(f)?;
                if let Some(call) = call {
                    call.write_fate(f, error.fate)?;
                    call.write_id(f)?;
                }
                error.fate
            }
            ErrorCause::Response(error) => {
                error.fmt(f)?;
                if let Some(call) = foreign {
                    call.write_id(f)?;
                }
                if let Some(call) = call.filter(|_| error.fate() == Fate::Unknown) {
                    call.write_fate(f, Fate::Unknown)?;
                }
                error.fate()
            }
        };
        call.map_or(Ok(()), |call| call.write_attempts(f, last))
    }
}

/// The line of `Display`, then the details.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{self}")?;
        let ErrorParts { cause, call } = &*self.0;
        let mut details = f.debug_struct("Error");
        details.field("fate", &self.fate());
        match cause {
            ErrorCause::Setup(error) => details.field("setup", error),
            ErrorCause::Request(error) => details.field("request", error),
            ErrorCause::Token(error) => details.field("token", error),
            ErrorCause::Transport(error) => details.field("transport", error),
            ErrorCause::Response(error) => details.field("response", error),
            ErrorCause::Dependency(index) => details.field("failed_dependency", index),
        };
        if let Some(call) = call {
            details.field("call", call);
        }
        details.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.cause {
            // The source of a token is the user's code, so its error may have any causes.
            ErrorCause::Token(error) => source_behind(error),
            // The other messages contain all causes.
            _ => None,
        }
    }
}

/// The first cause of `error` behind those that its message contains.
fn source_behind(error: &TokenError) -> Option<&(dyn StdError + 'static)> {
    let line = error.to_string();
    let causes = || std::iter::successors(error.source(), |cause| (*cause).source());
    let contained = causes().map(|cause| line.contains(&cause.to_string()));
    let behind = contained
        .enumerate()
        .filter(|(_, contained)| *contained)
        .last()
        .map_or(0, |(at, _)| at + 1);
    causes().nth(behind)
}

impl From<RequestError> for Error {
    fn from(error: RequestError) -> Self {
        Self::new(ErrorCause::Request(error), None)
    }
}

impl From<SetupError> for Error {
    fn from(error: SetupError) -> Self {
        Self::new(ErrorCause::Setup(error), None)
    }
}

impl From<RootError> for Error {
    fn from(error: RootError) -> Self {
        SetupError::Root(error).into()
    }
}

/// An outcome without the value that its caller [requires](crate::Outcome::required).
impl From<ResponseError> for Error {
    fn from(error: ResponseError) -> Self {
        Self::new(ErrorCause::Response(error), None)
    }
}

/// A token that cannot be used, before any call.
impl From<TokenError> for Error {
    fn from(error: TokenError) -> Self {
        Self::new(ErrorCause::Token(error), None)
    }
}
