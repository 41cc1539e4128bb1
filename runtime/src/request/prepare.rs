//! Writes a request: path, headers and body.

use std::borrow::Cow;

use super::Request;
use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::structured;
use crate::cloud::root::Root;
use crate::request::error::RequestError;
use crate::request::method::Method;
use crate::request::options::Return;
use crate::request::prepared::{HeaderList, PreparedRequest, WithinVersion};

impl Request<'_> {
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

    fn headers_with(&self, body: Option<&JsonWriter>) -> Result<HeaderList, RequestError> {
        let mut headers: HeaderList = Vec::with_capacity(4);
        headers.push((Cow::Borrowed("accept"), Cow::Borrowed("application/json")));
        if body.is_some() {
            headers.push((
                Cow::Borrowed("content-type"),
                Cow::Borrowed("application/json"),
            ));
        }
        let mut own = self.options.headers.iter().map(|(name, _)| name);
        if body.is_some_and(JsonWriter::wrote_delta)
            && !own.any(|name| name.eq_ignore_ascii_case("odata-version"))
        {
            headers.push((Cow::Borrowed("odata-version"), Cow::Borrowed("4.01")));
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
        match self.options.preference {
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

    /// Whether the body adds to collections: references (OData JSON 4.01, 8.5), or items of a nested delta.
    pub(super) fn adds_to_collections(&self) -> bool {
        let body = self.written_body().ok().flatten();
        body.is_some_and(|body| body.adds_references() || body.wrote_delta())
    }

    fn written_body(&self) -> Result<Option<JsonWriter>, BodyError> {
        let written = |body| JsonWriter::body(body, self.types);
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
