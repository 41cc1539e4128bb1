//! Prepares a request: path, headers and body.

use std::borrow::Cow;

use super::Request;
use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::structured;
use crate::cloud::root::Root;
use crate::request::error::RequestError;
use crate::request::method::Method;
use crate::request::options::Return;
use crate::request::prepared::{HeaderList, PreparedRequest};

/// A prepared request without its method, root and API version.
pub(crate) struct Parts<'r> {
    pub(crate) url: Cow<'r, str>,
    pub(crate) headers: HeaderList,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) idempotent: bool,
}

impl Request<'_> {
    /// Prepares the request for sending to `root` with any HTTP client, or for showing it.
    ///
    /// # Errors
    /// If the request is invalid: a key, a header or a value cannot be sent, the update is empty, or `If-Match` is missing.
    pub fn prepare(&self, root: &Root) -> Result<PreparedRequest, RequestError> {
        let parts = self.parts(root)?;
        Ok(PreparedRequest {
            method: self.method,
            url: [root.as_str(), "/", self.api_version, &parts.url].concat(),
            headers: parts.headers,
            body: parts.body,
            idempotent: parts.idempotent,
        })
    }

    /// Relative references in the body are resolved against `root`.
    pub(crate) fn parts(&self, root: &Root) -> Result<Parts<'_>, RequestError> {
        let path = self.path()?;
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
        let adds = |body: &JsonWriter| body.adds_references() || body.wrote_delta();
        let idempotent =
            self.idempotent && self.options.if_match.is_none() && !body.as_ref().is_some_and(adds);
        Ok(Parts {
            url,
            headers,
            body: body.map(|body| body.into_bytes_below(root, self.api_version)),
            idempotent,
        })
    }

    /// The body as JSON, with references as given; [`prepare`](Self::prepare) makes them absolute.
    ///
    /// # Errors
    /// If a value cannot be sent.
    pub fn body_json(&self) -> Result<Option<Vec<u8>>, BodyError> {
        Ok(self.written_body()?.map(JsonWriter::into_bytes))
    }

    /// The headers of [`prepare`](Self::prepare).
    ///
    /// # Errors
    /// If a value in the body or a header cannot be sent, or `If-Match` is missing.
    pub fn headers(&self) -> Result<HeaderList, RequestError> {
        let body = self.written_body()?;
        self.headers_with(body.as_ref())
    }

    fn written_body(&self) -> Result<Option<JsonWriter>, BodyError> {
        let written = |body| JsonWriter::body(body, self.types);
        self.body.map(written).transpose()
    }

    fn headers_with(&self, body: Option<&JsonWriter>) -> Result<HeaderList, RequestError> {
        let mut headers = json_headers(body.is_some());
        let mut own = self.options.headers.iter().map(|(name, _)| name);
        if body.is_some_and(JsonWriter::wrote_delta)
            && !own.any(|name| name.eq_ignore_ascii_case("odata-version"))
        {
            headers.push((Cow::Borrowed("odata-version"), Cow::Borrowed("4.01")));
        }
        match &self.options.if_match {
            Some(version) => {
                let version = Cow::Owned(version.as_str().to_owned());
                headers.push((Cow::Borrowed("if-match"), version));
            }
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
                || RESERVED.contains(&name.as_str())
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
}

/// The headers of every request.
pub(crate) fn json_headers(has_body: bool) -> HeaderList {
    const JSON: Cow<'static, str> = Cow::Borrowed("application/json");
    let mut headers = Vec::with_capacity(4);
    headers.push((Cow::Borrowed("accept"), JSON));
    if has_body {
        headers.push((Cow::Borrowed("content-type"), JSON));
    }
    headers
}

/// Headers that the client, the transport or a method of [`Request`] sets. Set by the caller as well, they could change the
/// token, the host, the method, or where the request ends.
const RESERVED: [&str; 24] = [
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
    let is_valid = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_valid)
}

/// RFC 9110, 5.5, without non-ASCII bytes.
const fn is_field_byte(byte: u8) -> bool {
    byte == b' ' || byte == b'\t' || byte.is_ascii_graphic()
}
