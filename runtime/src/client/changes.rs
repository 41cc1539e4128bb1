//! Sends only what differs from the current values.

use http::Method;
use serde_json::Value as Untyped;

use super::Client;
use super::error::Error;
use crate::body::diff::diff;
use crate::body::structured;
use crate::request::Request;
use crate::request::error::RequestError;
use crate::request::etag::ETag;
use crate::response::outcome::Outcome;

impl Client {
    /// Reads the resource, and sends only the fields that differ from its current values; `None` if none does.
    ///
    /// [`diff`](crate::diff()) decides what differs: values, not spellings. A PUT is sent as a whole, since Graph removes
    /// what it omits. If Graph requires `If-Match` and the request has none, the ETag just read is sent. Otherwise
    /// another caller may change the resource between the read and the update; to rule that out, set
    /// [`if_match`](Request::if_match).
    ///
    /// This reads only the properties that the update sets, and no navigation properties. So references
    /// (`…@odata.bind`) are always sent, although Graph rejects a reference that a collection already has. To avoid
    /// that, read them and call [`send_changes_from`](Self::send_changes_from).
    ///
    /// # Errors
    /// As [`send`](Self::send), of the read or of the update. For the read, [`Error::fate`] is
    /// [`Fate::ReadOnly`](crate::Fate::ReadOnly).
    pub async fn send_changes(&self, request: Request<'_>) -> Result<Option<Outcome>, Error> {
        if request.body().is_none() {
            return self.send(request).await.map(Some);
        }
        check_not_empty(&request)?;
        let read = self.read_back(&request).await?;
        let current = read.resource().unwrap_or(&Untyped::Null);
        self.send_difference(request, current, read.etag.clone())
            .await
    }

    /// Sends only the fields that differ from `current`, a resource that the caller has read; `None` if none does.
    ///
    /// Use it for what [`send_changes`](Self::send_changes) does not read. This adds only the members that a group lacks:
    ///
    /// ```no_run
    /// # use msgraph_runtime::{Client, Error, Request};
    /// # async fn add(client: Client, update: Request<'_>) -> Result<(), Error> {
    /// let group = Request::get("v1.0", "/groups/{id}", &[&"7"]).query("$expand", "members($select=id)");
    /// let read = client.send(group).await?;
    /// let current = read.resource().cloned().unwrap_or_default();
    /// client.send_changes_from(update, &current).await?;
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
    pub async fn send_changes_from(
        &self,
        request: Request<'_>,
        current: &Untyped,
    ) -> Result<Option<Outcome>, Error> {
        check_not_empty(&request)?;
        let etag = current.get("@odata.etag").and_then(Untyped::as_str);
        let etag = etag.and_then(|etag| etag.parse().ok());
        self.send_difference(request, current, etag).await
    }

    async fn send_difference(
        &self,
        request: Request<'_>,
        current: &Untyped,
        etag: Option<ETag>,
    ) -> Result<Option<Outcome>, Error> {
        let Some(desired) = request.body() else {
            return self.send(request).await.map(Some);
        };
        let changes = diff(current, desired).map_err(RequestError::from)?;
        if structured::is_empty(&changes) {
            return Ok(None);
        }
        let request = request.or_if_match(etag);
        let update = if request.method() == Method::PUT {
            self.send(request).await
        } else {
            self.send(request.with_body(&changes)).await
        };
        update.map(Some)
    }
}

fn check_not_empty(request: &Request<'_>) -> Result<(), RequestError> {
    match request.body() {
        Some(desired) if structured::is_empty(desired) => Err(RequestError::EmptyPatch {
            type_name: desired.type_name(),
        }),
        _ => Ok(()),
    }
}
