//! A success response before its body is read.

use http::HeaderMap;
use http::header::{ETAG, LOCATION};

use crate::read::notes::ReadNotes;
use crate::request::etag::ETag;
use crate::response::error::ResponseError;
use crate::response::fate::Fate;
use crate::response::headers::text;
use crate::response::outcome::Outcome;
use crate::response::typed::{Received, ReceivedBody, Response};

/// A success response before its body is read as the response type of the request.
#[derive(Debug)]
pub(crate) struct Success {
    pub(crate) status: u16,
    /// Whether the request was applied, if the body cannot be read.
    pub(crate) fate: Fate,
    pub(crate) body: ReceivedBody,
    pub(crate) etag: Option<ETag>,
    pub(crate) location: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) client_request_id: Option<String>,
    pub(crate) attempts: u32,
}

impl Success {
    pub(super) fn new(status: u16, headers: &HeaderMap, body: ReceivedBody, fate: Fate) -> Self {
        let owned = |name| text(headers, name).map(str::to_owned);
        let etag = text(headers, ETAG)
            .and_then(|tag| tag.parse().ok())
            .or_else(|| annotated_etag(&body));
        Self {
            status,
            fate,
            body,
            etag,
            location: owned(LOCATION.as_str()).or_else(|| owned("operation-location")),
            request_id: owned("request-id"),
            client_request_id: owned("client-request-id"),
            attempts: 1,
        }
    }

    pub(crate) fn into_outcome<R: Response>(mut self) -> Result<Outcome<R>, ResponseError> {
        let mut notes = ReadNotes::default();
        let received = Received {
            status: self.status,
            location: self.location.as_deref(),
            body: std::mem::take(&mut self.body),
        };
        let Some(value) = R::read(received, &mut notes) else {
            return Err(self.unreadable(notes));
        };
        Ok(Outcome {
            value,
            status: self.status,
            etag: self.etag,
            location: self.location,
            notes: notes.into_notes(),
            request_id: self.request_id,
            client_request_id: self.client_request_id,
            attempts: self.attempts,
        })
    }

    fn unreadable(self, notes: ReadNotes) -> ResponseError {
        ResponseError::Unreadable {
            status: self.status,
            fate: self.fate,
            location: self.location,
            notes: notes.into_notes(),
        }
    }
}

fn annotated_etag(body: &ReceivedBody) -> Option<ETag> {
    match body {
        ReceivedBody::Json(json) => json.get("@odata.etag")?.as_str()?.parse().ok(),
        ReceivedBody::Empty | ReceivedBody::Content(_) => None,
    }
}
