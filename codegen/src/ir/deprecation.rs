//! Announced deprecations.

use msgraph_csdl::annotations::revisions;
use msgraph_csdl::source::Span;

/// The announced deprecation of an element.
#[derive(Clone, Debug)]
pub struct Deprecation {
    /// The element: `/child`, `namespace.type`, `namespace.type/property`.
    pub element: String,
    /// The announcement.
    pub announcement: revisions::Deprecation,
    /// The annotation.
    pub span: Span,
}

impl Deprecation {
    /// Whether a date of removal is announced, so the item has a `#[deprecated]` attribute.
    pub fn is_removal(&self) -> bool {
        self.announcement.removal_date.is_some()
    }
}
