use std::fmt;
use std::sync::Arc;

use crate::response::fate::Fate;
use crate::text::{MESSAGE_SHOWN, one_line};

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

pub(super) const MAY_BE_APPLIED: &str =
    "; it may have been applied or not: read the resource before trying again";

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_cause(f)?;
        self.write_fate(f)
    }
}

impl TransportError {
    pub(super) fn write_cause(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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

    pub(super) fn write_fate(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fate {
            Fate::NotSent => f.write_str("; nothing was sent"),
            Fate::Unknown => f.write_str(MAY_BE_APPLIED),
            Fate::Applied => write!(
                f,
                " after status {}: it was applied",
                self.status.unwrap_or_default()
            ),
            Fate::Rejected => write!(
                f,
                " after status {}: it was refused",
                self.status.unwrap_or_default()
            ),
            Fate::ReadOnly => Ok(()),
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
