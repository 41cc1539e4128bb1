//! The methods by which the caller adds options to a request.

use std::time::Duration;

use http::Method;

use crate::read::readable::ReadValue;
use crate::request::builder::Request;
use crate::request::etag::ETag;
use crate::request::options::Return;
use crate::request::payload::Payload;
use crate::request::property_name::Selectable;
use crate::response::page::{List, Page, PageLink};
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

    /// Reads only these properties (`$select`): `select([User::DISPLAY_NAME])`. Further calls add properties.
    /// A list of several types accepts those of each: `select([User::MAIL]).select([Group::VISIBILITY])`.
    ///
    /// For properties without a constant, use `query("$select", "displayName,manager")`.
    pub fn select<P, const N: usize>(self, names: [P; N]) -> Self
    where
        R: Response,
        P: Selectable<R::Item>,
    {
        self.select_names(&names.map(P::wire_name))
    }

    pub(super) fn select_names<S: AsRef<str>>(mut self, names: &[S]) -> Self {
        for name in names {
            self.options.query.add("$select", name.as_ref());
        }
        self
    }

    /// Reads a navigation property with the resource (`$expand`): `expand("manager($select=id)")`. Further calls add more.
    pub fn expand(mut self, navigation: &str) -> Self {
        self.options.query.add("$expand", navigation);
        self
    }

    /// Adds any query option and percent-encodes its value: `query("startDateTime", "2026-01-01T00:00:00Z")`.
    ///
    /// For those of OData, there are methods, which also set the headers that Graph requires.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.options.query.push(name, value);
        self
    }

    /// Sends `ConsistencyLevel: eventual`, which Graph requires for advanced queries on directory objects: some operators
    /// of [`filter`](Request::filter), and a filter together with [`orderby`](Request::orderby). Those also require
    /// [`count`](Request::count).
    pub const fn eventual(mut self) -> Self {
        self.options.eventual = true;
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

/// Query options of lists.
impl<R> Request<'_, R> {
    /// Lists only the items for which the expression is true (`$filter`), in place of an earlier one. [`quoted`] writes a
    /// string.
    ///
    /// ```
    /// use msgraph_runtime::{Cloud, Page, Request};
    /// use msgraph_runtime::edm::Untyped;
    /// use msgraph_runtime::request::quoted;
    ///
    /// let users = Request::get("v1.0", "/users", &[]).reading::<Page<Untyped>>();
    /// let users = users.filter(&format!("displayName eq {}", quoted("Miles O'Brien"))).top(10);
    /// assert_eq!(
    ///     users.prepare(&Cloud::Global.into())?.uri(),
    ///     "https://graph.microsoft.com/v1.0/users?$filter=displayName%20eq%20%27Miles%20O%27%27Brien%27&$top=10"
    /// );
    /// # Ok::<(), msgraph_runtime::error::RequestError>(())
    /// ```
    pub fn filter(mut self, expression: &str) -> Self
    where
        R: List,
    {
        self.options.query.set("$filter", expression);
        self
    }

    /// Lists only the items that match (`$search`, with `ConsistencyLevel: eventual`), in place of an earlier search.
    ///
    /// `text` is put into double quotes: `search("displayName:Adele")`, `search("pizza")`. An expression that has them
    /// already is sent unchanged: `search(r#""displayName:Adele" OR "mail:adele""#)`.
    pub fn search(mut self, text: &str) -> Self
    where
        R: List,
    {
        let is_expression = text.trim_start_matches('(').starts_with('"');
        let quoted = match is_expression {
            true => text.to_owned(),
            false => format!("\"{}\"", text.replace('\\', r"\\").replace('"', r#"\""#)),
        };
        self.options.query.set("$search", &quoted);
        self.eventual()
    }

    /// Sorts the items (`$orderby`), in place of an earlier order: `orderby("displayName desc,id")`.
    pub fn orderby(mut self, properties: &str) -> Self
    where
        R: List,
    {
        self.options.query.set("$orderby", properties);
        self
    }

    /// Sets the size of a page (`$top`). Some services limit the whole list to it.
    pub fn top(mut self, items: u32) -> Self
    where
        R: List,
    {
        self.options.query.set("$top", &items.to_string());
        self
    }

    /// Skips the first items (`$skip`). Not every service supports it.
    pub fn skip(mut self, items: u32) -> Self
    where
        R: List,
    {
        self.options.query.set("$skip", &items.to_string());
        self
    }

    /// Counts the items on all pages (`$count=true`, with `ConsistencyLevel: eventual`): [`Page::count`].
    pub fn count(mut self) -> Self
    where
        R: List,
    {
        self.options.query.set("$count", "true");
        self.eventual()
    }
}

impl<T: ReadValue> Request<'_, Page<T>> {
    /// Reads the page at `link` instead of the first, by a GET. The link replaces the path, the query options and the body;
    /// headers are kept.
    ///
    /// The request is rejected if the link leads to another origin than the root that it is sent to.
    pub fn at(mut self, link: PageLink) -> Self {
        // The first page may be the result of an action, which is called by a POST.
        self.method = Method::GET;
        self.payload = Payload::Empty;
        self.idempotent = true;
        self.options.link = Some(link);
        self
    }
}

/// A string as a literal of an OData expression, in single quotes.
///
/// ```
/// use msgraph_runtime::request::quoted;
///
/// assert_eq!(quoted("O'Neil"), "'O''Neil'");
/// ```
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
