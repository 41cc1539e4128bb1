use crate::read::finding::ReadNote;
use crate::request::etag::ETag;

/// A success response, with its body as `R`.
#[derive(Clone, Debug, PartialEq)]
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
