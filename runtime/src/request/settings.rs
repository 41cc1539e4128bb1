//! The methods by which the caller adds options to a request.

use std::fmt::Write as _;
use std::time::Duration;

use crate::request::builder::Request;
use crate::request::etag::ETag;
use crate::request::options::Return;
use crate::request::path::encode_query;
use crate::request::property_name::PropertyName;
use crate::response::typed::Response;

impl<R> Request<'_, R> {
    /// Reads unknown members of enumerations by name, not as `unknownFutureValue`
    /// (`Prefer: include-unknown-enum-members`). A body with such members sets this itself.
    pub const fn unknown_members(mut self) -> Self {
        self.options.unknown_members = true;
        self
    }

    /// Applies the request to this version of the resource only. If it has changed since, Graph responds with 412.
    pub fn if_match(mut self, version: ETag) -> Self {
        self.options.if_match = Some(version);
        self
    }

    /// Sets `If-Match` if Graph requires it and the caller has not set it.
    #[cfg(feature = "client")]
    pub(crate) fn or_if_match(mut self, version: Option<ETag>) -> Self {
        if self.if_match_required && self.options.if_match.is_none() {
            self.options.if_match = version;
        }
        self
    }

    /// Sets what Graph should return. By default Graph usually responds with 204.
    pub const fn returning(mut self, preference: Return) -> Self {
        self.options.preference = Some(preference);
        self
    }

    /// Adds `$select`, so that only these properties are read: `select([User::DISPLAY_NAME])`. An empty list adds
    /// nothing.
    ///
    /// For properties without a constant, use `query("$select", "displayName,manager")`.
    pub fn select<const N: usize>(self, names: [PropertyName<R::Item>; N]) -> Self
    where
        R: Response,
    {
        self.select_names(&names.map(PropertyName::as_str))
    }

    pub(super) fn select_names<S: AsRef<str>>(self, names: &[S]) -> Self {
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        if names.is_empty() {
            self
        } else {
            self.query("$select", &names.join(","))
        }
    }

    /// Adds a query option and percent-encodes it: `query("$expand", "manager")`.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        let query = &mut self.options.query;
        query.push(if query.is_empty() { '?' } else { '&' });
        // Writing to a string does not fail.
        let _ = write!(query, "{}={}", encode_query(name), encode_query(value));
        self
    }

    /// Adds a header. Several `prefer` headers are joined. The request is rejected if the client sets the header itself
    /// (`authorization`, `host`, `content-length`, ...) or there is a method for it (`if-match`).
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the time limit for one attempt, instead of the client's.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// The time limit that [`timeout`](Self::timeout) set.
    pub const fn own_timeout(&self) -> Option<Duration> {
        self.options.timeout
    }
}
