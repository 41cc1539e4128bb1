//! Requests written by hand: one constructor for each kind.

use http::Method;
use serde_json::Value as Untyped;

use crate::body::structured::Structured;
use crate::edm::reference::Reference;
use crate::request::builder::Request;
use crate::request::content::Content;
use crate::request::path::Key;
use crate::request::payload::Payload;

impl<'a> Request<'a> {
    /// Updates the properties that `body` sets. `path` is relative to the API version, starts with a slash, and has its
    /// placeholders in braces.
    #[inline]
    pub fn patch(
        api_version: &'static str,
        path: &'static str,
        keys: &[&dyn Key],
        body: &'a dyn Structured,
    ) -> Self {
        let payload = Payload::Structured(body);
        Self::new(Method::PATCH, api_version, path, keys, payload)
    }

    /// Replaces the resource.
    #[inline]
    pub fn put(
        api_version: &'static str,
        path: &'static str,
        keys: &[&dyn Key],
        body: &'a dyn Structured,
    ) -> Self {
        let payload = Payload::Structured(body);
        Self::new(Method::PUT, api_version, path, keys, payload)
    }

    /// Creates a resource in a collection, or calls an action with parameters. It is not
    /// [idempotent](Self::is_idempotent).
    #[inline]
    pub fn post(
        api_version: &'static str,
        path: &'static str,
        keys: &[&dyn Key],
        body: &'a dyn Structured,
    ) -> Self {
        let payload = Payload::Structured(body);
        Self::new(Method::POST, api_version, path, keys, payload)
    }

    /// Replaces the content of a media entity or stream property.
    #[inline]
    pub fn put_content(
        api_version: &'static str,
        path: &'static str,
        keys: &[&dyn Key],
        content: &'a Content,
    ) -> Self {
        let payload = Payload::Content(content);
        Self::new(Method::PUT, api_version, path, keys, payload)
    }
}

impl Request<'static> {
    /// Calls an action without parameters. It is not [idempotent](Self::is_idempotent).
    #[inline]
    pub fn post_empty(api_version: &'static str, path: &'static str, keys: &[&dyn Key]) -> Self {
        Self::new(Method::POST, api_version, path, keys, Payload::Empty)
    }
}

impl<'a> Request<'a, ()> {
    /// Adds a reference to a navigation property that is a collection; `path` ends with `/$ref`. It is not
    /// [idempotent](Self::is_idempotent): Graph rejects a reference that exists.
    #[inline]
    pub fn post_ref(
        api_version: &'static str,
        path: &'static str,
        keys: &[&dyn Key],
        reference: &'a Reference,
    ) -> Self {
        let payload = Payload::Reference(reference);
        Self::new(Method::POST, api_version, path, keys, payload)
    }

    /// Sets the reference of a navigation property; `path` ends with `/$ref`.
    #[inline]
    pub fn put_ref(
        api_version: &'static str,
        path: &'static str,
        keys: &[&dyn Key],
        reference: &'a Reference,
    ) -> Self {
        let payload = Payload::Reference(reference);
        Self::new(Method::PUT, api_version, path, keys, payload)
    }
}

impl Request<'static, Content> {
    /// Reads the content of a media entity or stream property.
    #[inline]
    pub fn get_content(api_version: &'static str, path: &'static str, keys: &[&dyn Key]) -> Self {
        let mut get = Self::new(Method::GET, api_version, path, keys, Payload::Empty);
        get.reads_content = true;
        get
    }
}

impl Request<'static, Untyped> {
    /// Reads the resource.
    #[inline]
    pub fn get(api_version: &'static str, path: &'static str, keys: &[&dyn Key]) -> Self {
        Self::new(Method::GET, api_version, path, keys, Payload::Empty)
    }
}

impl Request<'static, ()> {
    /// Deletes the resource. One that always exists is reset to its defaults.
    #[inline]
    pub fn delete(api_version: &'static str, path: &'static str, keys: &[&dyn Key]) -> Self {
        Self::new(Method::DELETE, api_version, path, keys, Payload::Empty)
    }
}
