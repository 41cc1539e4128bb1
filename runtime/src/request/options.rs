//! What the caller adds to a request.

use std::time::Duration;

use crate::request::etag::ETag;

#[derive(Clone, Default)]
pub(super) struct Options {
    /// Including the question mark.
    pub(super) query: String,
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
