//! What the caller adds to a request.

use std::fmt::Write as _;
use std::time::Duration;

use super::Request;
use crate::request::etag::ETag;
use crate::request::path::encode_query;

/// What the caller adds to a request; most add nothing.
#[derive(Clone, Default)]
pub(super) struct Options {
    pub(super) query: String,
    pub(super) if_match: Option<ETag>,
    pub(super) preference: Option<Return>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) timeout: Option<Duration>,
    pub(super) unknown_members: bool,
}

/// What Graph is asked to send back after an update (`Prefer: return=...`, RFC 7240).
///
/// ```
/// use msgraph_runtime::{Request, Return};
///
/// let request = Request::delete("v1.0", "/users/1", &[]).returning(Return::Minimal);
/// assert!(request.headers()?.contains(&("prefer".into(), "return=minimal".into())));
/// # Ok::<(), msgraph_runtime::RequestError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Return {
    /// Nothing: 204.
    Minimal,
    /// The resource as it is now: 200 with a body, where Graph supports it.
    Representation,
}

impl Request<'_> {
    /// Asks for members of evolvable enumerations by their own names, not as `unknownFutureValue`
    /// (`Prefer: include-unknown-enum-members`). A body that holds such members asks for it by itself.
    pub const fn unknown_members(mut self) -> Self {
        self.options.unknown_members = true;
        self
    }

    /// Applies only to this version of the resource; Graph answers 412 when it is another by now.
    pub fn if_match(mut self, version: ETag) -> Self {
        self.options.if_match = Some(version);
        self
    }

    /// Where Graph wants `If-Match` and the caller gave none, this version.
    #[cfg(feature = "client")]
    pub(crate) fn or_if_match(mut self, version: Option<ETag>) -> Self {
        if self.if_match_required && self.options.if_match.is_none() {
            self.options.if_match = version;
        }
        self
    }

    /// Asks for the resource to be sent back, or not. Without it Graph does as it likes, which is 204 mostly.
    pub const fn returning(mut self, answer: Return) -> Self {
        self.options.preference = Some(answer);
        self
    }

    /// Adds `$select`: only these properties are read. An empty list adds nothing.
    pub fn select<'n>(self, names: impl IntoIterator<Item = &'n str>) -> Self {
        let names = names.into_iter().collect::<Vec<_>>().join(",");
        if names.is_empty() {
            self
        } else {
            self.query("$select", &names)
        }
    }

    /// Adds a query option, percent-encoded: `query("$expand", "manager")`.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        let query = &mut self.options.query;
        query.push(if query.is_empty() { '?' } else { '&' });
        // Writing to a string does not fail.
        let _ = write!(query, "{}={}", encode_query(name), encode_query(value));
        self
    }

    /// Adds a header. Those that belong to the client (`authorization`, `host`, `content-length`, ...) or have a method
    /// of their own here (`if-match`) are refused on sending; a further `prefer` is added to the others.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.headers.push((name.into(), value.into()));
        self
    }

    /// How long one try may take, in place of the client's setting.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// The names of the headers that the caller added.
    pub(crate) fn own_header_names(&self) -> Vec<&str> {
        self.options
            .headers
            .iter()
            .map(|(name, _)| name.as_str())
            .collect()
    }

    /// The query, from the question mark on.
    pub(crate) fn query_options(&self) -> &str {
        &self.options.query
    }

    /// How long one try may take, where the caller said.
    pub const fn own_timeout(&self) -> Option<Duration> {
        self.options.timeout
    }
}
