use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use http::Method;
use serde_json::Value as Untyped;

use crate::body::structured::{self, Structured, is_collection};
use crate::body::type_rule::{Required, TypeRule};
use crate::request::content::Content;
use crate::request::error::RequestError;
use crate::request::options::Options;
use crate::request::path;
use crate::request::path::Key;
use crate::request::payload::Payload;
use crate::request::required_permissions::RequiredPermissions;
use crate::response::typed::Response;

/// A request to Graph. Generated functions return it, and a client sends it. `R` is its [`Response`] type.
///
/// Building one never fails: errors are reported when it is prepared or sent. `Debug` shows the names of the properties
/// and headers that it sets, but not their values, since some are passwords.
///
/// ```
/// use std::time::Duration;
/// use msgraph_runtime::{Cloud, Request};
/// use msgraph_runtime::request::{CollectionBody, Return};
///
/// // What a generated function does:
/// let body = CollectionBody::from(["a".to_owned()]);
/// let request = Request::put("v1.0", "/domains/{id}/names", &[&"contoso.com"], &body)
///     .permissions(&["Domain.ReadWrite.All"])
///     .roles(&["Domain Name Administrator"]);
///
/// // What its caller may add:
/// let request = request
///     .if_match("W/\"7\"".parse()?)
///     .returning(Return::Representation)
///     .header("x-ms-throttle-priority", "low")
///     .timeout(Duration::from_secs(5));
///
/// let prepared = request.prepare(&Cloud::Global.into())?;
/// assert_eq!(prepared.uri(), "https://graph.microsoft.com/v1.0/domains/contoso.com/names");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct Request<'a, R = Option<Untyped>> {
    pub(super) method: Method,
    pub(super) api_version: &'static str,
    pub(super) template: &'static str,
    pub(super) path: Result<Cow<'static, str>, RequestError>,
    pub(super) payload: Payload<'a>,
    pub(super) types: TypeRule,
    pub(super) permissions: RequiredPermissions,
    pub(super) roles: &'static [&'static str],
    pub(super) if_match_required: bool,
    pub(super) idempotent: bool,
    /// Whether a success response is content, not JSON.
    pub(super) reads_content: bool,
    pub(super) options: Options,
    pub(super) response: PhantomData<fn() -> R>,
}

impl<'a, R> Request<'a, R> {
    /// A request with any response type.
    pub(crate) fn new(
        method: Method,
        api_version: &'static str,
        template: &'static str,
        keys: &[&dyn Key],
        payload: Payload<'a>,
    ) -> Self {
        Self {
            // A delayed DELETE may delete what was created after the first one.
            idempotent: method != Method::POST && method != Method::DELETE,
            reads_content: false,
            path: match method {
                Method::GET => path::expand_for_reading(template, keys),
                _ => path::expand(template, keys),
            },
            method,
            api_version,
            template,
            payload,
            types: TypeRule::default(),
            permissions: RequiredPermissions::NONE,
            roles: &[],
            if_match_required: false,
            options: Options::default(),
            response: PhantomData,
        }
    }

    /// Reads the response as `S`: `reading::<X>()` for a GET, `reading::<Option<X>>()` for an update,
    /// `reading::<Page<X>>()` for a collection.
    pub fn reading<S: Response>(self) -> Request<'a, S> {
        let payload = self.payload;
        let mut request = self.with_payload(payload);
        request.reads_content = S::IS_CONTENT;
        request
    }

    /// Leaves the response type to the caller, who reads the response.
    #[cfg(feature = "client")]
    pub(crate) fn erased(self) -> Request<'a> {
        let payload = self.payload;
        self.with_payload(payload)
    }

    /// The same request with another body and any response type.
    pub(super) fn with_payload<'b, S>(self, payload: Payload<'b>) -> Request<'b, S> {
        Request {
            method: self.method,
            api_version: self.api_version,
            template: self.template,
            path: self.path,
            payload,
            types: self.types,
            permissions: self.permissions,
            roles: self.roles,
            if_match_required: self.if_match_required,
            idempotent: self.idempotent,
            reads_content: self.reads_content,
            options: self.options,
            response: PhantomData,
        }
    }

    /// Replaces the body, for example with the changes that [`diff`](crate::request::diff()) found.
    pub const fn with_body(mut self, body: &'a dyn Structured) -> Self {
        self.payload = Payload::Structured(body);
        self
    }

    /// The GET that reads what this request would write: `$select` has the properties that the body sets. If it sets
    /// none, or the service replaces the whole resource, all properties are read. Unknown enumeration members are read
    /// by name.
    ///
    /// Graph omits some navigation properties from a selection. To read those, use [`Request::get`]. The GET of a POST cannot
    /// be sent, since there is no resource yet.
    pub fn to_get(&self) -> Request<'static, R::Item>
    where
        R: Response,
    {
        // The items of a replaced collection are not properties.
        let body = self
            .body()
            .filter(|body| !is_collection(*body) && !body.replaces());
        let names = body.map(structured::selection).unwrap_or_default();
        let payload = Payload::Empty;
        let mut get = Request::new(Method::GET, self.api_version, self.template, &[], payload);
        get.path = match self.method {
            Method::POST => Err(RequestError::NothingToRead {
                template: self.template,
            }),
            _ => self.path.clone(),
        };
        get.permissions = self.permissions;
        get.roles = self.roles;
        get.select_names(&names).unknown_members()
    }

    /// Sets the permissions, any of which allows this request, delegated or application. An item may name several that
    /// are needed together: `A and B`. An error with status 403 names the permissions.
    #[inline]
    pub const fn permissions(self, names: &'static [&'static str]) -> Self {
        self.delegated_permissions(names)
            .application_permissions(names)
    }

    /// Sets the delegated permissions, any of which allows this request for a signed-in user.
    #[inline]
    pub const fn delegated_permissions(mut self, names: &'static [&'static str]) -> Self {
        self.permissions.delegated = names;
        self
    }

    /// Sets the application permissions, any of which allows this request for an application without a user.
    #[inline]
    pub const fn application_permissions(mut self, names: &'static [&'static str]) -> Self {
        self.permissions.application = names;
        self
    }

    /// Sets the roles, any of which, in addition to a permission, allows a signed-in user to make this request.
    #[inline]
    pub const fn roles(mut self, names: &'static [&'static str]) -> Self {
        self.roles = names;
        self
    }

    /// Marks the request as one that Graph accepts only with `If-Match`. Without an ETag it is not sent.
    #[inline]
    pub const fn if_match_required(mut self) -> Self {
        self.if_match_required = true;
        self
    }

    /// Sets the type that the metadata declares for the path. A body of another type then writes `@odata.type` (OData
    /// JSON 4.01, 4.5.3), which distinguishes a derived type from its base. The default is the type of the body.
    #[inline]
    pub const fn declared_type(mut self, name: &'static str) -> Self {
        self.types.declared = Some(name);
        self
    }

    /// Writes `@odata.type` in the body even if it has the declared type.
    #[inline]
    pub const fn body_type_required(mut self) -> Self {
        self.types.required = Required::Whole;
        self
    }

    /// Writes `@odata.type` in the body and in every structured value in it, even if they have the declared type. The
    /// documentation of Intune's updates does so.
    #[inline]
    pub const fn all_types_required(mut self) -> Self {
        self.types.required = Required::All;
        self
    }

    /// Marks the request as not idempotent: it is not retried if the previous attempt may have been applied.
    #[inline]
    pub const fn not_idempotent(mut self) -> Self {
        self.idempotent = false;
        self
    }

    /// Marks a POST as idempotent, so that it is retried like a PATCH. This is right only if a second one changes nothing
    /// that the first did not.
    #[inline]
    pub const fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// The HTTP method.
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// `v1.0` or `beta`.
    pub const fn api_version(&self) -> &'static str {
        self.api_version
    }

    /// The path with its placeholders, without the API version. It names no resource, so it may be logged.
    pub const fn template(&self) -> &'static str {
        self.template
    }

    /// The path without the API version. Each key is percent-encoded as a single segment.
    ///
    /// # Errors
    /// If a key is empty, `.` or `..`, or the number of keys differs from the number of placeholders.
    pub fn path(&self) -> Result<&str, RequestError> {
        self.path.as_deref().map_err(Clone::clone)
    }

    /// The body; `None` if it is empty, a reference, or content.
    pub const fn body(&self) -> Option<&'a dyn Structured> {
        self.payload.structured()
    }

    /// The content that the request sends.
    pub const fn content(&self) -> Option<&'a Content> {
        self.payload.content()
    }

    /// Whether a success response is content, not JSON.
    pub const fn reads_content(&self) -> bool {
        self.reads_content
    }

    /// What the request sends.
    pub(crate) const fn payload(&self) -> Payload<'a> {
        self.payload
    }

    /// The least privileged permissions for this request, as far as they are known.
    pub const fn known_permissions(&self) -> RequiredPermissions {
        self.permissions
    }

    /// The known roles, any of which allows a signed-in user to make this request.
    pub const fn known_roles(&self) -> &'static [&'static str] {
        self.roles
    }

    /// Whether Graph accepts this request only with `If-Match`.
    pub const fn needs_if_match(&self) -> bool {
        self.if_match_required
    }
}

/// Shows the names of the properties that a body sets.
struct Sent<'a>(Payload<'a>);

impl fmt::Debug for Sent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Payload::Empty => f.write_str("None"),
            Payload::Structured(body) => {
                write!(f, "{} ", body.type_name())?;
                f.debug_set().entries(structured::selection(body)).finish()
            }
            Payload::Reference(reference) => reference.fmt(f),
            Payload::Content(content) => content.fmt(f),
        }
    }
}

impl<R> Clone for Request<'_, R> {
    fn clone(&self) -> Self {
        Self {
            path: self.path.clone(),
            options: self.options.clone(),
            method: self.method.clone(),
            ..*self
        }
    }
}

impl<R> fmt::Debug for Request<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers = self.options.headers.iter().map(|(name, _)| name);
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("api_version", &self.api_version)
            .field("template", &self.template)
            .field("path", &self.path)
            .field("query", &self.options.query.encoded())
            .field("body", &Sent(self.payload))
            .field("headers", &headers.collect::<Vec<_>>())
            .field("permissions", &self.permissions)
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}
