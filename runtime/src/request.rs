use std::borrow::Cow;
use std::fmt;

use crate::{BodyError, JsonWriter, Key, Structured, path, structured};

/// An HTTP method.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Method {
    /// Read.
    Get,
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
/// Making one never fails and, for a path without keys, allocates nothing; what is wrong with it comes out of
/// [`path`](Self::path), [`body_json`](Self::body_json) and of sending.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    method: Method,
    api_version: &'static str,
    template: &'static str,
    path: Result<Cow<'static, str>, RequestError>,
    body: Option<&'a dyn Structured>,
    permissions: Names,
    roles: Names,
    if_match_required: bool,
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
            permissions: Names::default(),
            roles: Names::default(),
            if_match_required: false,
        }
    }

    /// Notes a permission that allows this request; repeatable. Named when Graph refuses with 403.
    #[must_use]
    #[inline]
    pub fn permission(mut self, name: &'static str) -> Self {
        self.permissions.push(name);
        self
    }

    /// Notes a role that the signed-in user needs besides the permission; repeatable, any one of them is enough.
    #[must_use]
    #[inline]
    pub fn role(mut self, name: &'static str) -> Self {
        self.roles.push(name);
        self
    }

    /// Notes that Graph wants `If-Match` here: without an ETag the request is not sent.
    #[must_use]
    #[inline]
    pub const fn if_match_required(mut self) -> Self {
        self.if_match_required = true;
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

    /// The body as JSON.
    ///
    /// # Errors
    /// When a value in it cannot be sent.
    pub fn body_json(&self) -> Result<Option<Vec<u8>>, BodyError> {
        Ok(self.written_body()?.map(JsonWriter::into_bytes))
    }

    /// The headers that this request needs, apart from the token's and the transport's own.
    ///
    /// # Errors
    /// When a value in the body cannot be sent.
    pub fn headers(&self) -> Result<Vec<(&'static str, Cow<'static, str>)>, BodyError> {
        let mut headers = vec![("accept", Cow::Borrowed("application/json"))];
        if let Some(body) = self.written_body()? {
            headers.push(("content-type", Cow::Borrowed("application/json")));
            if body.wrote_evolved_member() {
                headers.push(("prefer", Cow::Borrowed("include-unknown-enum-members")));
            }
        }
        Ok(headers)
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

    fn written_body(&self) -> Result<Option<JsonWriter>, BodyError> {
        self.body.map(structured::written).transpose()
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
