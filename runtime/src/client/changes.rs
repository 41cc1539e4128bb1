//! Sends only what differs from the current values.

use serde_json::Value as Untyped;

use super::Client;
use super::error::Error;
use crate::body::diff::diff;
use crate::body::structured;
use crate::request::Request;
use crate::request::error::RequestError;
use crate::request::etag::ETag;
use crate::request::method::Method;
use crate::response::outcome::Outcome;

impl Client {
    /// Reads the resource, and sends only the fields that differ from its current values; `None` when nothing does.
    ///
    /// [`diff`](crate::diff()) decides what differs: values, not spellings. A PUT that differs is sent as a whole, since
    /// it would remove what it leaves out. Where Graph requires `If-Match` and the request has none, the version that was
    /// read is sent. Elsewhere another caller may change the resource between the reading and the update: give the
    /// request an [`if_match`](Request::if_match) of your own to rule that out.
    ///
    /// The reading asks for the properties that the update sets, and that leaves out what is behind navigation
    /// properties. So references (`…@odata.bind`) are sent each time, although Graph rejects one that a collection has
    /// already. Read them yourself and call [`send_changes_from`](Self::send_changes_from).
    ///
    /// # Errors
    /// As [`send`](Self::send), of the reading or of the update; [`Error::fate`] is [`Fate::ReadOnly`](crate::Fate::ReadOnly) for the former.
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

    /// Sends only the fields that differ from `current`, the resource as the caller has read it; `None` when nothing
    /// does.
    ///
    /// For what [`send_changes`](Self::send_changes) does not read. To bind only the members that a group does not have:
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
    /// Graph expands at most 20 entities. Of more, read `/groups/{id}/members` page by page, and put them into
    /// `current["members"]`.
    ///
    /// Where Graph requires `If-Match` and the request has none, the `@odata.etag` of `current` is sent.
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
        version: Option<ETag>,
    ) -> Result<Option<Outcome>, Error> {
        let Some(desired) = request.body() else {
            return self.send(request).await.map(Some);
        };
        let changes = diff(current, desired).map_err(RequestError::from)?;
        if structured::is_empty(&changes) {
            return Ok(None);
        }
        let request = request.or_if_match(version);
        let update = if request.method() == Method::Put {
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
