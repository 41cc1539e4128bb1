use serde_json::Value as Untyped;

use crate::read::readable::Readable;
use crate::read::tolerant::{Read, read};
use crate::request::etag::ETag;
use crate::response::headers::ResponseHeaders;

/// What Graph said to a request that it took.
///
/// ```
/// use msgraph_runtime::parse_response;
///
/// let body = br#"{"@odata.etag":"W/\"7\"","defaultLength":8}"#;
/// let outcome = parse_response(200, &[("request-id", "7f1c")][..], body)?;
/// assert_eq!(outcome.resource().and_then(|resource| resource["defaultLength"].as_i64()), Some(8));
/// assert_eq!(outcome.etag, Some("W/\"7\"".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// The HTTP status, 200 to 299.
    pub status: u16,
    /// What came of it.
    pub effect: Effect,
    /// The resource's version, where Graph gives one.
    pub etag: Option<ETag>,
    /// Graph's name for the request; support asks for it.
    pub request_id: Option<String>,
    /// The caller's name for the request, as sent by the client or given back by Graph.
    pub client_request_id: Option<String>,
    /// How many times the request was sent; 1 when the first try was enough.
    pub attempts: u32,
}

/// What came of a request.
///
/// ```
/// use msgraph_runtime::{Effect, parse_response};
///
/// let accepted = parse_response(202, &[("location", "https://graph.microsoft.com/v1.0/operations/1")][..], b"")?;
/// match accepted.effect {
///     Effect::Done => println!("done"),
///     Effect::Resource(resource) => println!("done: {resource}"),
///     Effect::Accepted { monitor } => assert!(monitor.is_some_and(|url| url.ends_with("/operations/1"))),
///     _ => {}
/// }
/// # Ok::<(), msgraph_runtime::ResponseError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Effect {
    /// Done, nothing more to say (204, or another success without a body).
    Done,
    /// Done, and this is the resource now (200 or 201): the untyped body.
    Resource(Untyped),
    /// Taken, not done yet (202).
    Accepted {
        /// Where to ask how it goes.
        monitor: Option<String>,
    },
}

impl Outcome {
    pub(super) fn of_success(
        status: u16,
        headers: &(impl ResponseHeaders + ?Sized),
        resource: Option<Untyped>,
    ) -> Self {
        let owned = |name| headers.header(name).map(str::to_owned);
        let effect = match resource {
            _ if status == 202 => Effect::Accepted {
                monitor: owned("location").or_else(|| owned("operation-location")),
            },
            None => Effect::Done,
            Some(resource) => Effect::Resource(resource),
        };
        let etag = headers
            .header("etag")
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

    /// The resource, where Graph sent it back.
    pub const fn resource(&self) -> Option<&Untyped> {
        match &self.effect {
            Effect::Resource(resource) => Some(resource),
            _ => None,
        }
    }

    /// The resource that Graph sent back, read; `None` where it sent none.
    pub fn read<P: Readable>(&self) -> Option<Read<P>> {
        self.resource().map(read)
    }
}
