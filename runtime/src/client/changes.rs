//! Sends only what differs from the current values.

use http::Method;
use serde_json::Value as Untyped;

use super::Client;
use super::attempt::Completed;
#[cfg(doc)]
use super::builder::ClientBuilder;
use super::error::Error;
use crate::body::diff::{Current, diff};
use crate::body::structured;
use crate::request::builder::Request;
use crate::request::error::RequestError;
use crate::request::etag::ETag;
use crate::request::limits::LimitCheck;
use crate::response::outcome::Outcome;
use crate::response::typed::Response;

/// The result of [`Client::send_changes`].
#[derive(Clone, Debug, PartialEq)]
pub enum Changed<R> {
    /// The resource already has the desired values, so nothing was sent.
    AsDesired,
    /// The changes were sent.
    Sent(Outcome<R>),
}

impl<R> Changed<R> {
    /// The outcome of the update, if one was sent.
    pub fn sent(self) -> Option<Outcome<R>> {
        match self {
            Self::AsDesired => None,
            Self::Sent(outcome) => Some(outcome),
        }
    }
}

impl<R: Response> Changed<R> {
    fn of(completed: Option<Completed>) -> Result<Self, Error> {
        match completed {
            None => Ok(Self::AsDesired),
            Some(completed) => completed.into_outcome().map(Self::Sent),
        }
    }
}

impl Client {
    /// Reads the resource, and sends only the fields that differ from its current values. An empty patch is
    /// [`Changed::AsDesired`], and nothing is sent.
    ///
    /// [`diff`](crate::request::diff()) decides what differs: values, not spellings. A PUT is sent as a whole, since Graph removes
    /// what it omits. If Graph requires `If-Match` and the request has none, the ETag just read is sent. Otherwise
    /// another caller may change the resource between the read and the update; to rule that out, set
    /// [`if_match`](Request::if_match).
    ///
    /// Documented limits are checked against the resource after the update, as [`ClientBuilder::limit_check`] determines.
    ///
    /// This reads only the properties that the update sets and those that bound their values, and no navigation
    /// properties. So references (`…@odata.bind`) are always sent, although Graph rejects a reference that a collection
    /// already has. To avoid that, read them and call [`send_changes_from`](Self::send_changes_from).
    ///
    /// # Errors
    /// As [`send`](Self::send), of the read or of the update. For the read, [`Error::fate`] is
    /// [`Fate::ReadOnly`](crate::Fate::ReadOnly).
    pub async fn send_changes<R: Response>(
        &self,
        request: Request<'_, R>,
    ) -> Result<Changed<R>, Error> {
        Changed::of(self.changes(request.erased()).await?)
    }

    async fn changes(&self, request: Request<'_>) -> Result<Option<Completed>, Error> {
        if !is_update(&request) {
            return self.complete(request).await.map(Some);
        }
        if changes_nothing(&request)? {
            return Ok(None);
        }
        let get = match self.sender.limit_check {
            LimitCheck::Off => request.to_get(),
            LimitCheck::Warn | LimitCheck::Reject => request.to_get_with_bounds(),
        };
        let read = self.send(get).await?;
        self.changes_from(request, &read.value, read.etag).await
    }

    /// Sends only the fields that differ from `current`, a resource that the caller has read: JSON, or a generated value.
    ///
    /// Use it for what [`send_changes`](Self::send_changes) does not read. This adds only the members that a group lacks:
    ///
    /// ```no_run
    /// # use msgraph_runtime::{Client, Error, Request};
    /// # async fn add(client: Client, update: Request<'_>) -> Result<(), Error> {
    /// let group = Request::get("v1.0", "/groups/{id}", &[&"7"]).query("$expand", "members($select=id)");
    /// let read = client.send(group).await?;
    /// client.send_changes_from(update, &read.value).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// Graph expands at most 20 entities. If there are more, read `/groups/{id}/members` page by page, and put them into
    /// `current["members"]`.
    ///
    /// If Graph requires `If-Match` and the request has none, the `@odata.etag` of `current` is sent.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_changes_from<R: Response>(
        &self,
        request: Request<'_, R>,
        current: &impl Current,
    ) -> Result<Changed<R>, Error> {
        if changes_nothing(&request)? {
            return Ok(Changed::AsDesired);
        }
        let current = &*current.json().map_err(RequestError::from)?;
        let etag = current.get("@odata.etag").and_then(Untyped::as_str);
        let etag = etag.and_then(|etag| etag.parse().ok());
        let sent = self.changes_from(request.erased(), current, etag);
        Changed::of(sent.await?)
    }

    async fn changes_from(
        &self,
        request: Request<'_>,
        current: &Untyped,
        etag: Option<ETag>,
    ) -> Result<Option<Completed>, Error> {
        let desired = match request.body() {
            Some(desired) if is_update(&request) => desired,
            _ => return self.complete(request).await.map(Some),
        };
        let changes = diff(current, desired).map_err(RequestError::from)?;
        if structured::is_empty(&changes) {
            return Ok(None);
        }
        // All that is desired, since the nested values of `changes` are already written.
        self.sender.check_limits(&request, current)?;
        let request = request.or_if_match(etag);
        let update = if request.method() == Method::PUT {
            self.complete_unchecked(request).await
        } else {
            self.complete_unchecked(request.with_body(&changes)).await
        };
        update.map(Some)
    }
}

/// Whether the request has a body that current values can be compared with.
fn is_update(request: &Request<'_>) -> bool {
    request.body().is_some() && matches!(*request.method(), Method::PATCH | Method::PUT)
}

/// Whether the body is an empty patch.
///
/// # Errors
/// If the body of a PUT is empty: it would remove every property.
fn changes_nothing<R>(request: &Request<'_, R>) -> Result<bool, RequestError> {
    let checked = request.check_not_empty();
    if *request.method() == Method::PATCH {
        return Ok(checked.is_err());
    }
    checked.map(|()| false)
}
