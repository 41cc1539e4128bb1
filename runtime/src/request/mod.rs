//! The request as a value, and what it consists of.

pub(crate) mod batch;
mod debug;
pub(crate) mod etag;
pub(crate) mod path;

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::time::Duration;

use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::structured;
use crate::body::structured::Structured;
use crate::body::type_rule::{Required, TypeRule, is_collection};
use crate::cloud::root::Root;
use crate::request::etag::ETag;
use crate::request::path::Key;

/// Header names in lower case, with their values.
///
/// ```
/// use msgraph_runtime::Request;
///
/// let headers = Request::get("v1.0", "/organization", &[]).headers()?;
/// assert_eq!(headers, [("accept".into(), "application/json".into())]);
/// # Ok::<(), msgraph_runtime::RequestError>(())
/// ```
pub type HeaderList = Vec<(Cow<'static, str>, Cow<'static, str>)>;

/// An HTTP method.
///
/// ```
/// use msgraph_runtime::{Method, Request};
///
/// assert_eq!(Request::delete("v1.0", "/users/1", &[]).method(), Method::Delete);
/// assert_eq!(Method::Patch.to_string(), "PATCH");
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Method {
    /// Read.
    Get,
    /// Create, or act; a batch is sent by it.
    Post,
    /// Change what the body names.
    Patch,
    /// Replace.
    Put,
    /// Remove, or restore the defaults where the resource always exists.
    Delete,
}

impl Method {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A request as a value: what generated functions give back, and what a client sends.
///
/// `Debug` shows the names of the properties and headers that it sets, not their values: some are passwords.
///
/// Making one never fails and, for a path without keys, allocates nothing; what is wrong with it comes out of
/// [`path`](Self::path), [`body_json`](Self::body_json) and of sending.
///
/// ```
/// use std::time::Duration;
/// use msgraph_runtime::{Cloud, CollectionBody, Request, Return};
///
/// // Generated functions do this much; the rest is the caller's.
/// let body = CollectionBody::from(["a".to_owned()]);
/// let request = Request::put("v1.0", "/domains/{id}/names", &[&"contoso.com"], &body)
///     .permission("Domain.ReadWrite.All")
///     .role("Domain Name Administrator");
///
/// let request = request
///     .if_match("W/\"7\"".parse()?)
///     .returning(Return::Representation)
///     .header("x-ms-throttle-priority", "low")
///     .timeout(Duration::from_secs(5));
/// assert_eq!(request.path()?, "/domains/contoso.com/names");
/// assert!(!request.is_repeatable(), "with If-Match, twice is not the same as once");
///
/// let reading = request.to_get().query("$expand", "owner");
/// assert_eq!(
///     reading.prepare(&Cloud::Global.into())?.url,
///     "https://graph.microsoft.com/v1.0/domains/contoso.com/names?$expand=owner"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a request does nothing until it is sent"]
#[derive(Clone)]
pub struct Request<'a> {
    method: Method,
    api_version: &'static str,
    template: &'static str,
    path: Result<Cow<'static, str>, RequestError>,
    body: Option<&'a dyn Structured>,
    types: TypeRule,
    permissions: Names,
    roles: Names,
    if_match_required: bool,
    repeatable: bool,
    options: Options,
}

/// What the caller adds to a request; most add nothing.
#[derive(Clone, Default)]
struct Options {
    query: String,
    if_match: Option<ETag>,
    answer: Option<Return>,
    headers: Vec<(String, String)>,
    timeout: Option<Duration>,
    unknown_members: bool,
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

/// A request, apart from the root and API version it goes to.
pub(crate) struct WithinVersion<'r> {
    pub(crate) url: Cow<'r, str>,
    pub(crate) headers: HeaderList,
    pub(crate) body: Option<Vec<u8>>,
}

/// A list that needs no allocation for the usual one name.
#[derive(Clone, Debug, Default)]
struct Names {
    first: Option<&'static str>,
    more: Vec<&'static str>,
}

impl Names {
    #[inline]
    fn push(&mut self, name: &'static str) {
        match self.first {
            None => self.first = Some(name),
            Some(_) => self.more.push(name),
        }
    }

    fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.first.into_iter().chain(self.more.iter().copied())
    }
}

/// A request that cannot be sent as it stands.
///
/// ```
/// use msgraph_runtime::{Request, RequestError};
///
/// // It would be the path of all users.
/// let error = Request::delete("v1.0", "/users/{id}", &[&""]).path().unwrap_err();
/// assert!(matches!(error, RequestError::EmptyKey { .. }));
/// let error = Request::get("v1.0", "/users", &[]).header("authorization", "Bearer x").headers().unwrap_err();
/// assert_eq!(error.to_string(), "header \"authorization\" cannot be set here");
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum RequestError {
    /// An empty key would make another path: the one of the collection.
    EmptyKey {
        /// The placeholder's name.
        placeholder: String,
    },
    /// A key `.` or `..`: URL libraries take it for a step in the path, even when it is encoded.
    DotKey {
        /// The placeholder's name.
        placeholder: String,
        /// The key.
        key: String,
    },
    /// As many keys as placeholders are needed.
    KeyCount {
        /// The path template.
        template: &'static str,
        /// How many placeholders it has.
        placeholders: usize,
        /// How many keys were given.
        keys: usize,
    },
    /// A template with a brace that has no partner.
    Template {
        /// The path template.
        template: &'static str,
    },
    /// The body cannot be written.
    Body(BodyError),
    /// The patch sets no field: sending it could only do harm.
    EmptyPatch {
        /// The qualified name of the patch's type.
        type_name: &'static str,
    },
    /// Graph wants `If-Match` here; give [`Request::if_match`] the ETag that was read with the resource.
    MissingIfMatch,
    /// A header that cannot be set by the caller: not a header name, a value with control characters, or one of those
    /// that the client sets itself.
    Header {
        /// The header's name.
        name: String,
    },
}

impl<'a> Request<'a> {
    /// An update of the resource at `path` (from the API version's root, starting with a slash; placeholders in braces)
    /// that changes what `body` sets.
    #[inline]
    pub fn patch(
        api_version: &'static str,
        path: &'static str,
        keys: &[&dyn Key],
        body: &'a dyn Structured,
    ) -> Self {
        Self::new(Method::Patch, api_version, path, keys, Some(body))
    }

    /// A replacement of the resource at `path`.
    #[inline]
    pub fn put(
        api_version: &'static str,
        path: &'static str,
        keys: &[&dyn Key],
        body: &'a dyn Structured,
    ) -> Self {
        Self::new(Method::Put, api_version, path, keys, Some(body))
    }

    /// A reading of the resource at `path`.
    #[inline]
    pub fn get(api_version: &'static str, path: &'static str, keys: &[&dyn Key]) -> Self {
        Self::new(Method::Get, api_version, path, keys, None)
    }

    /// A removal of the resource at `path`; where the resource always exists, Graph restores its defaults.
    #[inline]
    pub fn delete(api_version: &'static str, path: &'static str, keys: &[&dyn Key]) -> Self {
        Self::new(Method::Delete, api_version, path, keys, None)
    }

    fn new(
        method: Method,
        api_version: &'static str,
        template: &'static str,
        keys: &[&dyn Key],
        body: Option<&'a dyn Structured>,
    ) -> Self {
        Self {
            method,
            api_version,
            template,
            path: path::expand(template, keys),
            body,
            types: TypeRule::default(),
            permissions: Names::default(),
            roles: Names::default(),
            if_match_required: false,
            // A PATCH or PUT that says the same twice leaves the same behind; a DELETE that comes late may remove what
            // was made in between.
            repeatable: !matches!(method, Method::Delete),
            options: Options::default(),
        }
    }

    /// The same request with another body, cut down to what changes by [`diff`](crate::diff()), as a rule.
    pub const fn with_body(mut self, body: &'a dyn Structured) -> Self {
        self.body = Some(body);
        self
    }

    /// The reading of what this request would write: GET for the same resource, `$select` with the properties that the
    /// body sets (all where it sets none, and where the service replaces the whole resource), and enumeration members by
    /// their own names.
    ///
    /// Graph leaves some navigation properties out of a selection; where that matters, use [`Request::get`].
    pub fn to_get(&self) -> Request<'static> {
        // The items of a collection that is replaced whole are no properties to select.
        let body = self
            .body
            .filter(|body| !is_collection(*body) && !body.replaces());
        let names = body.map(structured::selection).unwrap_or_default();
        let mut reading = Request::new(Method::Get, self.api_version, self.template, &[], None);
        reading.path = self.path.clone();
        reading.permissions = self.permissions.clone();
        reading.roles = self.roles.clone();
        reading
            .select(names.iter().map(String::as_str))
            .unknown_members()
    }

    /// Asks for members of evolvable enumerations by their own names, not as `unknownFutureValue`
    /// (`Prefer: include-unknown-enum-members`). A body that holds such members asks for it by itself.
    pub const fn unknown_members(mut self) -> Self {
        self.options.unknown_members = true;
        self
    }

    /// Notes a permission that allows this request; repeatable. Named when Graph refuses with 403.
    #[inline]
    pub fn permission(mut self, name: &'static str) -> Self {
        self.permissions.push(name);
        self
    }

    /// Notes a role that the signed-in user needs besides the permission; repeatable, any one of them is enough.
    #[inline]
    pub fn role(mut self, name: &'static str) -> Self {
        self.roles.push(name);
        self
    }

    /// Notes that Graph wants `If-Match` here: without an ETag the request is not sent.
    #[inline]
    pub const fn if_match_required(mut self) -> Self {
        self.if_match_required = true;
        self
    }

    /// Names the type that the metadata declares for the path. A body of another type then writes `@odata.type`, as OData
    /// asks for (OData JSON 4.01, 4.5.3); so a derived type is told from its base.
    ///
    /// Generated functions name it where the types differ or may do so. A request made by hand is taken to be for a
    /// resource of the body's own type, until this says otherwise.
    ///
    /// ```
    /// # use msgraph_runtime::{FieldVisitor, Structured, VisitResult};
    /// # #[derive(Debug, Default)] struct IosPatch { name: Option<String> }
    /// # impl Structured for IosPatch {
    /// #     fn type_name(&self) -> &'static str { "microsoft.graph.iosConfiguration" }
    /// #     fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult { visitor.fields(&[("name", &self.name)]) }
    /// # }
    /// use msgraph_runtime::Request;
    ///
    /// let body = IosPatch { name: Some("a".into()) };
    /// let request = Request::patch("v1.0", "/configurations/{id}", &[&"7"], &body);
    /// assert_eq!(request.body_json()?.as_deref(), Some(br#"{"name":"a"}"#.as_slice()));
    ///
    /// let request = request.declared_type("microsoft.graph.configuration");
    /// let json = br##"{"@odata.type":"#microsoft.graph.iosConfiguration","name":"a"}"##;
    /// assert_eq!(request.body_json()?.as_deref(), Some(json.as_slice()));
    /// # Ok::<(), msgraph_runtime::BodyError>(())
    /// ```
    #[inline]
    pub const fn declared_type(mut self, name: &'static str) -> Self {
        self.types.declared = Some(name);
        self
    }

    /// Writes `@odata.type` in the body also where it is of the declared type.
    #[inline]
    pub const fn body_type_required(mut self) -> Self {
        self.types.required = Required::Whole;
        self
    }

    /// Writes `@odata.type` in the body and in every structured value in it, also where it is of the declared type: as
    /// Intune's updates are documented.
    #[inline]
    pub const fn all_types_required(mut self) -> Self {
        self.types.required = Required::All;
        self
    }

    /// Notes that sending this twice is not the same as sending it once: it is then not repeated when its fate is
    /// unknown.
    #[inline]
    pub const fn not_repeatable(mut self) -> Self {
        self.repeatable = false;
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
        self.options.answer = Some(answer);
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
        let _ = write!(
            query,
            "{}={}",
            path::encode_query(name),
            path::encode_query(value)
        );
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

    /// The HTTP method.
    pub const fn method(&self) -> Method {
        self.method
    }

    /// `v1.0` or `beta`.
    pub const fn api_version(&self) -> &'static str {
        self.api_version
    }

    /// The path with its placeholders, without the API version: fit for logs, since it names no resource.
    pub const fn template(&self) -> &'static str {
        self.template
    }

    /// The path with its keys, each one percent-encoded as one segment; without the API version.
    ///
    /// # Errors
    /// When a key is empty, `.` or `..`, or their number is not that of the placeholders.
    pub fn path(&self) -> Result<&str, RequestError> {
        match &self.path {
            Ok(path) => Ok(path),
            Err(error) => Err(error.clone()),
        }
    }

    /// The body.
    pub const fn body(&self) -> Option<&'a dyn Structured> {
        self.body
    }

    /// The body as JSON. References are as they were given; [`prepare`](Self::prepare) makes them absolute.
    ///
    /// # Errors
    /// When a value in it cannot be sent.
    pub fn body_json(&self) -> Result<Option<Vec<u8>>, BodyError> {
        Ok(self.written_body()?.map(JsonWriter::into_bytes))
    }

    /// The headers that this request needs, apart from the token's, `client-request-id` and the transport's own.
    ///
    /// # Errors
    /// When a value in the body cannot be sent, a header of the caller's is refused, or `If-Match` is missing.
    pub fn headers(&self) -> Result<HeaderList, RequestError> {
        let body = self.written_body()?;
        self.headers_with(body.as_ref())
    }

    /// Everything about the request that goes over the wire to `root`, except the token: for any HTTP client, and to be
    /// looked at before sending.
    ///
    /// # Errors
    /// When the path cannot be expanded, the body cannot be written or sets nothing, a header is refused, or `If-Match`
    /// is missing.
    pub fn prepare(&self, root: &Root) -> Result<PreparedRequest, RequestError> {
        let WithinVersion { url, headers, body } = self.within_version(root)?;
        Ok(PreparedRequest {
            method: self.method,
            url: [root.as_str(), "/", self.api_version, &url].concat(),
            headers,
            body,
        })
    }

    /// URL below the API version, headers and body. References in it lead below `root`.
    pub(crate) fn within_version(&self, root: &Root) -> Result<WithinVersion<'_>, RequestError> {
        let path = self.path.as_deref().map_err(Clone::clone)?;
        if let Some(body) = self.body
            && self.method == Method::Patch
            && structured::is_empty(body)
        {
            return Err(RequestError::EmptyPatch {
                type_name: body.type_name(),
            });
        }
        let url = match self.options.query.as_str() {
            "" => Cow::Borrowed(path),
            query => Cow::Owned([path, query].concat()),
        };
        let body = self.written_body()?;
        let headers = self.headers_with(body.as_ref())?;
        Ok(WithinVersion {
            url,
            headers,
            body: body.map(|body| body.into_bytes_below(root, self.api_version)),
        })
    }

    /// The permissions that allow this request, as far as known; any one of them is enough.
    pub fn permissions(&self) -> impl Iterator<Item = &'static str> {
        self.permissions.iter()
    }

    /// The roles that the signed-in user may have for it, as far as known.
    pub fn roles(&self) -> impl Iterator<Item = &'static str> {
        self.roles.iter()
    }

    /// Whether Graph wants `If-Match` here.
    pub const fn needs_if_match(&self) -> bool {
        self.if_match_required
    }

    /// Whether the request may be sent again when nobody knows what became of it.
    pub const fn is_repeatable(&self) -> bool {
        // With If-Match the first try, if it was applied, changed the version: the second would be refused as a conflict.
        self.repeatable && self.options.if_match.is_none()
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

    fn headers_with(&self, body: Option<&JsonWriter>) -> Result<HeaderList, RequestError> {
        let mut headers: HeaderList = Vec::with_capacity(4);
        headers.push((Cow::Borrowed("accept"), Cow::Borrowed("application/json")));
        if body.is_some() {
            headers.push((
                Cow::Borrowed("content-type"),
                Cow::Borrowed("application/json"),
            ));
        }
        match &self.options.if_match {
            Some(version) => headers.push((
                Cow::Borrowed("if-match"),
                Cow::Owned(version.as_str().to_owned()),
            )),
            None if self.if_match_required => return Err(RequestError::MissingIfMatch),
            None => {}
        }
        let mut prefer: Vec<&str> = Vec::new();
        match self.options.answer {
            Some(Return::Minimal) => prefer.push("return=minimal"),
            Some(Return::Representation) => prefer.push("return=representation"),
            None => {}
        }
        if self.options.unknown_members || body.is_some_and(JsonWriter::wrote_evolved_member) {
            prefer.push("include-unknown-enum-members");
        }
        for (name, value) in &self.options.headers {
            let name = name.to_ascii_lowercase();
            if !is_token(&name)
                || !value.bytes().all(is_field_byte)
                || KEPT_FOR_CLIENT.contains(&name.as_str())
            {
                return Err(RequestError::Header { name });
            }
            if name == "prefer" {
                prefer.push(value);
            } else {
                headers.push((Cow::Owned(name), Cow::Owned(value.clone())));
            }
        }
        if !prefer.is_empty() {
            headers.push((Cow::Borrowed("prefer"), Cow::Owned(prefer.join(", "))));
        }
        Ok(headers)
    }

    fn written_body(&self) -> Result<Option<JsonWriter>, BodyError> {
        let written = |body| structured::written(body, self.types);
        self.body.map(written).transpose()
    }
}

/// Headers that the client, the transport or a method of [`Request`] sets. One of them twice, or another's, would let a
/// request speak with another token, to another host, by another method, or end where the next one begins.
const KEPT_FOR_CLIENT: [&str; 24] = [
    "accept",
    "authorization",
    "client-request-id",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "host",
    "if-match",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-original-url",
];

/// RFC 9110, 5.6.2.
fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// RFC 9110, 5.5, without the bytes beyond ASCII.
const fn is_field_byte(byte: u8) -> bool {
    byte == b' ' || byte == b'\t' || byte.is_ascii_graphic()
}

/// A request as it goes over the wire, except the token.
///
/// `Display` shows it as text for a person, with `***` in place of the token. `Debug`, which ends up in logs, leaves out the
/// body and the values of headers.
///
/// ```
/// use msgraph_runtime::{Cloud, CollectionBody, Request};
///
/// let body = CollectionBody::from(["a".to_owned()]);
/// let prepared = Request::put("v1.0", "/domains/names", &[], &body).prepare(&Cloud::Global.into())?;
/// assert_eq!(
///     prepared.to_string(),
///     "PUT https://graph.microsoft.com/v1.0/domains/names\n\
///      authorization: Bearer ***\n\
///      accept: application/json\n\
///      content-type: application/json\n\
///      \n\
///      {\"value\":[\"a\"]}"
/// );
/// # Ok::<(), msgraph_runtime::RequestError>(())
/// ```
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct PreparedRequest {
    /// The HTTP method.
    pub method: Method,
    /// The URL, root included, everything encoded.
    pub url: String,
    /// Names in lower case, with their values.
    pub headers: HeaderList,
    /// The body, JSON.
    pub body: Option<Vec<u8>>,
}

impl fmt::Display for PreparedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", self.method, self.url)?;
        writeln!(f, "authorization: Bearer ***")?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {value}")?;
        }
        match &self.body {
            Some(body) => write!(f, "\n{}", String::from_utf8_lossy(body)),
            None => Ok(()),
        }
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyKey { placeholder } => write!(f, "the key for {{{placeholder}}} is empty"),
            Self::DotKey { placeholder, key } => {
                write!(
                    f,
                    "the key for {{{placeholder}}} is {key:?}, which a URL takes for a step in the path"
                )
            }
            Self::KeyCount {
                template,
                placeholders,
                keys,
            } => {
                write!(
                    f,
                    "{template} has {placeholders} placeholders, but {keys} keys were given"
                )
            }
            Self::Template { template } => write!(f, "{template} has a brace without its partner"),
            Self::Body(error) => write!(f, "the body cannot be written: {error}"),
            Self::EmptyPatch { type_name } => write!(f, "the update of {type_name} sets nothing"),
            Self::MissingIfMatch => f.write_str(
                "this resource is changed only with If-Match: give the ETag read with it",
            ),
            Self::Header { name } => write!(f, "header {name:?} cannot be set here"),
        }
    }
}

impl std::error::Error for RequestError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Body(error) => Some(error),
            _ => None,
        }
    }
}

impl From<BodyError> for RequestError {
    fn from(error: BodyError) -> Self {
        Self::Body(error)
    }
}
