use std::fmt;

use crate::read::finding::ReadNote;
use crate::request::etag::ETag;
use crate::response::error::ResponseError;
use crate::response::fate::Fate;
use crate::text::shown_location;

/// A success response, with its body as `R`.
///
/// `Debug` shows neither the value, since an untyped body may contain secrets, nor the query of the location, which may
/// authorize anyone who has it.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Outcome<R> {
    /// The body.
    pub value: R,
    /// The HTTP status, 200 to 299. After 202, Graph has accepted the request, but not applied it yet.
    pub status: u16,
    /// The version of the resource, if Graph sends it.
    pub etag: Option<ETag>,
    /// The URL of a created resource (201), or the one to monitor the progress of an accepted request (202).
    pub location: Option<String>,
    /// Everything in the body that does not match the type of [`value`](Self::value).
    pub notes: Vec<ReadNote>,
    /// Graph's id for the request, for support cases.
    pub request_id: Option<String>,
    /// The `client-request-id` that the client sent, or that Graph echoed.
    pub client_request_id: Option<String>,
    /// How many times the request was sent.
    pub attempts: u32,
}

impl<R> fmt::Debug for Outcome<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No `..`, so that a new field is not forgotten.
        let Self {
            value: _,
            status,
            etag,
            location,
            notes,
            request_id,
            client_request_id,
            attempts,
        } = self;
        f.debug_struct("Outcome")
            .field("value", &format_args!("***"))
            .field("status", status)
            .field("etag", etag)
            .field("location", &shown_location(location.as_ref()))
            .field("notes", notes)
            .field("request_id", request_id)
            .field("client_request_id", client_request_id)
            .field("attempts", attempts)
            .finish()
    }
}

impl<T> Outcome<Option<T>> {
    /// The same outcome with its value, for a create or an action whose caller needs the result.
    ///
    /// ```
    /// use msgraph_runtime::sans_io::{http, parse_response};
    ///
    /// let response = http::Response::builder().status(202).header("location", "https://graph.microsoft.com/v1.0/operations/7").body("")?;
    /// let outcome = parse_response::<Option<String>>(&response)?;
    /// assert_eq!(
    ///     outcome.required().unwrap_err().to_string(),
    ///     "202: accepted, but not applied yet, so there is no body to read; \
    ///      location https://graph.microsoft.com/v1.0/operations/7"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ResponseError::Unreadable`] if the response has no body, or one that is not a `T`. The request succeeded all the
    /// same: the fate is [`Fate::Applied`], or [`Fate::Unknown`] after 202.
    pub fn required(self) -> Result<Outcome<T>, ResponseError> {
        let Some(value) = self.value else {
            return Err(ResponseError::Unreadable {
                status: self.status,
                fate: match self.status {
                    202 => Fate::Unknown,
                    _ => Fate::Applied,
                },
                location: self.location,
                notes: self.notes,
            });
        };
        Ok(Outcome {
            value,
            status: self.status,
            etag: self.etag,
            location: self.location,
            notes: self.notes,
            request_id: self.request_id,
            client_request_id: self.client_request_id,
            attempts: self.attempts,
        })
    }
}
