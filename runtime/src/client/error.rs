use std::fmt;
use std::sync::Arc;

use super::Tries;
use super::token::TokenError;
use crate::cloud::root::RootError;
use crate::request::Request;
use crate::request::error::RequestError;
use crate::request::method::Method;
use crate::response::fate::Fate;
use crate::response::outcome::AnswerError;
use crate::response::retry::GiveUpReason;
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
    Answer {
        /// The answer, read.
        error: AnswerError,
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

/// Which call an error or log line is about.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use msgraph_runtime::{Client, Cloud, GiveUpReason, Request, TokenError};
///
/// let client = Client::new(Cloud::Global, |_| async { Err(TokenError::new("nobody is signed in")) })?;
/// let error = client.send(Request::get("v1.0", "/users/{id}", &[&"adele@contoso.com"])).await.unwrap_err();
/// let call = error.call().ok_or("it was begun")?;
/// assert_eq!((call.operation(), call.tries), ("GET /v1.0/users/{id}".to_owned(), 0));
/// assert_eq!((call.gave_up, call.earlier), (GiveUpReason::Final, None));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Call {
    /// The HTTP method.
    pub method: Method,
    /// `v1.0` or `beta`.
    pub api_version: &'static str,
    /// The path with its placeholders.
    pub template: &'static str,
    /// The caller's name for it, sent as `client-request-id`, the same in every try.
    pub client_request_id: String,
    /// How many times it was sent.
    pub tries: u32,
    /// What became of an earlier try: [`Fate::Unknown`] or [`Fate::Applied`] where one went out that was or may have been
    /// applied, whatever the last try came to.
    pub earlier: Option<Fate>,
    /// Why it was not tried again.
    pub gave_up: GiveUpReason,
}

/// No answer, or none that could be read to its end.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use msgraph_runtime::{Client, Cloud, Error, Fate, Request, RetryPolicy, Secret};
///
/// // A port that nobody listens on.
/// let free = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
/// let client = Client::builder(Cloud::Global, Secret::new("eyJ0eXAi"))
///     .root(format!("http://{free}").parse()?)
///     .retry(RetryPolicy::never())
///     .build()?;
/// let error = client.send(Request::delete("v1.0", "/users/1", &[])).await.unwrap_err();
/// let Error::Transport { error, .. } = error else { panic!("{error}") };
/// assert_eq!((error.fate, error.is_timeout()), (Fate::NotSent, false));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TransportError {
    /// What became of the request.
    pub fate: Fate,
    /// The status, where the answer began and then broke off.
    pub status: Option<u16>,
    cause: Cause,
}

#[derive(Clone, Debug)]
enum Cause {
    // Shared: what became of a batch is told to each of its items.
    Http(Arc<reqwest::Error>),
    TooLarge(TooLarge),
}

/// What an answer has too much of.
#[derive(Clone, Copy, Debug)]
pub(super) enum TooLarge {
    Bytes,
    Values,
}

impl TransportError {
    pub(super) fn lost(fate: Fate, status: Option<u16>, error: reqwest::Error) -> Self {
        // The URL names the resource, and its keys are the tenant's.
        let cause = Cause::Http(Arc::new(error.without_url()));
        Self {
            fate,
            status,
            cause,
        }
    }

    pub(super) const fn too_large(fate: Fate, status: u16, what: TooLarge) -> Self {
        Self {
            fate,
            status: Some(status),
            cause: Cause::TooLarge(what),
        }
    }

    /// Whether the answer was larger than what is read of one: 16 MiB, or JSON values that would take 128 MiB of memory.
    pub const fn is_too_large(&self) -> bool {
        matches!(self.cause, Cause::TooLarge(_))
    }

    /// Whether the time was up.
    pub fn is_timeout(&self) -> bool {
        matches!(&self.cause, Cause::Http(error) if error.is_timeout())
    }
}

impl Error {
    /// Graph's refusal, where this is one.
    pub fn service(&self) -> Option<&ServiceError> {
        match self {
            Self::Answer {
                error: AnswerError::Service(error),
                ..
            } => Some(error),
            _ => None,
        }
    }

    /// The HTTP status, where an answer came.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Answer { error, .. } => Some(error.status()),
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
            | Self::Answer { call, .. }
            | Self::Dependency { call, .. }
            | Self::Transport { call, .. } => Some(call),
        }
    }

    /// What became of the request, as far as can be known, all tries together: a refusal of the last one does not say
    /// that an earlier one, which was lost on its way back, was not applied.
    pub fn fate(&self) -> Fate {
        let call = self.call();
        if call.is_some_and(|call| call.method == Method::Get) {
            return Fate::Harmless;
        }
        let last = match self {
            Self::Request(_) | Self::Setup(_) | Self::Token { .. } | Self::Dependency { .. } => {
                Fate::NotSent
            }
            Self::Transport { error, .. } => error.fate,
            Self::Answer { error, .. } => error.fate(),
        };
        match (last, call.and_then(|call| call.earlier)) {
            (Fate::NotSent | Fate::Refused, Some(earlier)) => earlier,
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
                call.write_tries(f, Fate::NotSent)
            }
            Self::Token { error, call } => {
                let message = one_line(&error.to_string(), MESSAGE_SHOWN);
                write!(f, "{}: no token: {message}", call.operation())?;
                call.write_tries(f, Fate::NotSent)
            }
            Self::Answer { error, call } => {
                // What Graph says tells the operation and the ids itself.
                match error {
                    AnswerError::Service(error) => write!(f, "{error}")?,
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
                call.write_tries(f, error.fate())
            }
            Self::Transport { error, call } => {
                write!(f, "{}: ", call.operation())?;
                error.write_cause(f)?;
                let applied = error.fate == Fate::Applied && call.method != Method::Get;
                if applied || call.is_alone() {
                    error.write_fate(f)?;
                }
                write!(f, "; client-request-id {}", call.client_request_id)?;
                call.write_tries(f, error.fate)
            }
        }
    }
}

const MAY_BE_APPLIED: &str =
    "; it may have been applied or not: read the resource before trying again";

impl Call {
    /// Whether what became of the last try is what became of the resource: nobody asks that of a reading, and "nothing was
    /// sent" would be wrong after a try that was.
    fn is_alone(&self) -> bool {
        self.method != Method::Get && self.earlier.is_none()
    }

    /// Method and path template: `PATCH /v1.0/policies/...`.
    pub fn operation(&self) -> String {
        format!("{} /{}{}", self.method, self.api_version, self.template)
    }

    pub(super) fn new(
        request: &Request<'_>,
        client_request_id: &str,
        tries: Tries,
        gave_up: GiveUpReason,
    ) -> Self {
        Self {
            method: request.method(),
            api_version: request.api_version(),
            template: request.template(),
            client_request_id: client_request_id.to_owned(),
            tries: tries.made,
            earlier: tries.earlier,
            gave_up,
        }
    }

    fn write_tries(&self, f: &mut fmt::Formatter<'_>, last: Fate) -> fmt::Result {
        if self.tries > 1 {
            write!(f, "; after {} tries", self.tries)?;
        }
        match self.earlier {
            _ if self.method == Method::Get || last == Fate::Applied => {}
            Some(Fate::Applied) => f.write_str("; an earlier try was applied")?,
            Some(_) => f.write_str(
                "; an earlier try may have been applied: read the resource before trying again",
            )?,
            None => {}
        }
        match self.gave_up {
            GiveUpReason::WaitTooLong => write!(
                f,
                "; not tried again: Graph asks for a longer wait than is allowed"
            ),
            GiveUpReason::TimeUsedUp => {
                write!(f, "; not tried again: the time for this call is used up")
            }
            GiveUpReason::NotRepeatable => {
                f.write_str("; not tried again, since twice is not the same as once")
            }
            GiveUpReason::TriesUsedUp | GiveUpReason::Final => Ok(()),
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_cause(f)?;
        self.write_fate(f)
    }
}

impl TransportError {
    fn write_cause(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cause = match (&self.cause, self.fate, self.is_timeout()) {
            (Cause::TooLarge(TooLarge::Bytes), ..) => "the answer is larger than 16 MiB",
            (Cause::TooLarge(TooLarge::Values), ..) => "the answer has too many JSON values",
            (_, Fate::NotSent, true) => "no connection in time",
            (_, Fate::NotSent, false) => "no connection",
            (_, _, true) => "no answer in time",
            (_, _, false) => "the connection was lost",
        };
        f.write_str(cause)?;
        // reqwest says only what it did; what went wrong is at the end of its chain.
        let mut deepest: Option<&(dyn std::error::Error + 'static)> =
            std::error::Error::source(self);
        while let Some(next) = deepest.and_then(std::error::Error::source) {
            deepest = Some(next);
        }
        if let Some(deepest) = deepest.filter(|_| !self.is_timeout()) {
            // It may name what the other side sent, as the names in a certificate.
            write!(f, " ({})", one_line(&deepest.to_string(), MESSAGE_SHOWN))?;
        }
        Ok(())
    }

    fn write_fate(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fate {
            Fate::NotSent => f.write_str("; nothing was sent"),
            Fate::Unknown => f.write_str(MAY_BE_APPLIED),
            Fate::Applied => write!(
                f,
                " after status {}: it was applied",
                self.status.unwrap_or_default()
            ),
            Fate::Refused => write!(
                f,
                " after status {}: it was refused",
                self.status.unwrap_or_default()
            ),
            Fate::Harmless => Ok(()),
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
            Self::Answer { error, .. } => Some(error),
            Self::Transport { error, .. } => Some(error),
            Self::Dependency { .. } => None,
        }
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.cause {
            Cause::Http(error) => Some(error.as_ref()),
            Cause::TooLarge(_) => None,
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
