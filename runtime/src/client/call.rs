use std::fmt;

use crate::request::Request;
use crate::request::method::Method;
use crate::response::fate::Fate;
use crate::response::retry::GiveUpReason;

/// Which call an error or log line is about.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use msgraph_runtime::{Client, Cloud, GiveUpReason, Request, TokenError};
///
/// let client = Client::new(Cloud::Global, |_| async { Err(TokenError::new("nobody is signed in")) })?;
/// let error = client.send(Request::get("v1.0", "/users/{id}", &[&"adele@contoso.com"])).await.unwrap_err();
/// let call = error.call().ok_or("it was begun")?;
/// assert_eq!((call.operation(), call.attempts), ("GET /v1.0/users/{id}".to_owned(), 0));
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
    pub attempts: u32,
    /// What became of an earlier attempt: [`Fate::Unknown`] or [`Fate::Applied`] where one went out that was or may have been
    /// applied, whatever the last try came to.
    pub earlier: Option<Fate>,
    /// Why it was not tried again.
    pub gave_up: GiveUpReason,
}

/// The attempts of a call so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Attempts {
    pub(super) made: u32,
    /// What became of one before the last, where it was or may have been applied.
    pub(super) earlier: Option<Fate>,
}

impl Attempts {
    /// Remembers what the last attempt came to, before the next one.
    pub(super) fn go_on(&mut self, last: Fate) {
        match last {
            Fate::Applied => self.earlier = Some(Fate::Applied),
            Fate::Unknown => self.earlier = self.earlier.or(Some(Fate::Unknown)),
            _ => {}
        }
    }
}

impl Call {
    /// Whether what became of the last try is what became of the resource: nobody asks that of a reading, and "nothing was
    /// sent" would be wrong after a try that was.
    pub(super) fn is_alone(&self) -> bool {
        self.method != Method::Get && self.earlier.is_none()
    }

    /// Method and path template: `PATCH /v1.0/policies/...`.
    pub fn operation(&self) -> String {
        format!("{} /{}{}", self.method, self.api_version, self.template)
    }

    pub(super) fn new(
        request: &Request<'_>,
        client_request_id: &str,
        attempts: Attempts,
        gave_up: GiveUpReason,
    ) -> Self {
        Self {
            method: request.method(),
            api_version: request.api_version(),
            template: request.template(),
            client_request_id: client_request_id.to_owned(),
            attempts: attempts.made,
            earlier: attempts.earlier,
            gave_up,
        }
    }

    pub(super) fn write_attempts(&self, f: &mut fmt::Formatter<'_>, last: Fate) -> fmt::Result {
        if self.attempts > 1 {
            write!(f, "; after {} attempts", self.attempts)?;
        }
        match self.earlier {
            _ if self.method == Method::Get || last == Fate::Applied => {}
            Some(Fate::Applied) => f.write_str("; an earlier attempt was applied")?,
            Some(_) => f.write_str(
                "; an earlier attempt may have been applied: read the resource before trying again",
            )?,
            None => {}
        }
        match self.gave_up {
            GiveUpReason::WaitTooLong => write!(
                f,
                "; not tried again: Graph asks for a longer wait than is allowed"
            ),
            GiveUpReason::TimeExhausted => {
                write!(f, "; not tried again: the time for this call is used up")
            }
            GiveUpReason::NotIdempotent => {
                f.write_str("; not tried again, since twice is not the same as once")
            }
            GiveUpReason::AttemptsExhausted | GiveUpReason::Final => Ok(()),
        }
    }
}
