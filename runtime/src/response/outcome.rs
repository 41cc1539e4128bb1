use http::HeaderMap;
use http::header::{ETAG, LOCATION};
use serde_json::Value as Untyped;

use crate::read::readable::Readable;
use crate::read::tolerant::{Read, read};
use crate::request::etag::ETag;
use crate::response::headers::text;

/// A success response.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// The HTTP status, 200 to 299.
    pub status: u16,
    /// The effect of the request.
    pub effect: Effect,
    /// The version of the resource, if Graph sends it.
    pub etag: Option<ETag>,
    /// Graph's id for the request, for support cases.
    pub request_id: Option<String>,
    /// The `client-request-id` that the client sent, or that Graph echoed.
    pub client_request_id: Option<String>,
    /// How many times the request was sent.
    pub attempts: u32,
}

/// The effect of a successful request.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Effect {
    /// Applied (204, or another success without a body).
    Done,
    /// Applied, and this is the body: the resource (200 or 201).
    Resource(Untyped),
    /// Accepted, but not applied yet (202).
    Accepted {
        /// The URL that shows the progress.
        monitor: Option<String>,
    },
}

impl Outcome {
    pub(super) fn of_success(status: u16, headers: &HeaderMap, resource: Option<Untyped>) -> Self {
        let owned = |name| text(headers, name).map(str::to_owned);
        let effect = match resource {
            _ if status == 202 => Effect::Accepted {
                monitor: owned(LOCATION.as_str()).or_else(|| owned("operation-location")),
            },
            None => Effect::Done,
            Some(resource) => Effect::Resource(resource),
        };
        let etag = text(headers, ETAG)
            .and_then(|tag| tag.parse().ok())
            .or_else(|| match &effect {
                Effect::Resource(resource) => resource.get("@odata.etag")?.as_str()?.parse().ok(),
                _ => None,
            });
        Self {
            status,
            effect,
            etag,
            request_id: owned("request-id"),
            client_request_id: owned("client-request-id"),
            attempts: 1,
        }
    }

    /// The resource, if the response has one.
    pub const fn resource(&self) -> Option<&Untyped> {
        match &self.effect {
            Effect::Resource(resource) => Some(resource),
            _ => None,
        }
    }

    /// The resource as `P`, if the response has one.
    pub fn read<P: Readable>(&self) -> Option<Read<P>> {
        self.resource().map(read)
    }
}
