//! What the caller adds to a request.

use std::time::Duration;

use crate::request::etag::ETag;
use crate::request::query::Query;
use crate::response::page::PageLink;

#[derive(Clone, Default)]
pub(super) struct Options {
    pub(super) query: Query,
    /// Replaces the path and the query options.
    pub(super) link: Option<PageLink>,
    /// Whether to send `ConsistencyLevel: eventual`.
    pub(super) eventual: bool,
    pub(super) if_match: Option<ETag>,
    pub(super) preference: Option<Return>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) timeout: Option<Duration>,
    pub(super) unknown_members: bool,
}

/// What Graph should return after an update (`Prefer: return=...`, RFC 7240).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Return {
    /// Nothing: 204.
    Minimal,
    /// The updated resource: 200 with a body, if Graph supports it.
    Representation,
}
