//! The request as a value, and what it consists of.

pub(crate) mod batch;
mod debug;
pub(crate) mod error;
pub(crate) mod etag;
pub(crate) mod method;
mod name_list;
pub(crate) mod options;
pub(crate) mod path;
mod prepare;
pub(crate) mod prepared;

use std::borrow::Cow;

use crate::body::structured::{self, Structured, is_collection};
use crate::body::type_rule::{Required, TypeRule};
use error::RequestError;
use method::Method;
use name_list::Names;
use options::Options;
use path::Key;

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
/// assert!(!request.is_idempotent(), "with If-Match, twice is not the same as once");
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
    idempotent: bool,
    options: Options,
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
            idempotent: !matches!(method, Method::Delete),
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

    /// Notes a permission that allows this request; can be called again. Named when Graph refuses with 403.
    #[inline]
    pub fn permission(mut self, name: &'static str) -> Self {
        self.permissions.push(name);
        self
    }

    /// Notes a role that the signed-in user needs besides the permission; can be called again, any one of them is enough.
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
    pub const fn not_idempotent(mut self) -> Self {
        self.idempotent = false;
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

    /// Whether the request is idempotent: it may be sent again when its fate is unknown.
    ///
    /// A DELETE is not, nor a request with `If-Match`, nor one whose body adds references to a collection
    /// (`members@odata.bind` with at least one item), since Graph rejects a reference that is there already, nor one with a
    /// nested delta, since an item without a key would be added again.
    pub fn is_idempotent(&self) -> bool {
        // With If-Match the first try, if it was applied, changed the version: the second would be refused as a conflict.
        self.idempotent && self.options.if_match.is_none() && !self.adds_to_collections()
    }
}
