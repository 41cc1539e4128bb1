//! Prepares a request: path, headers and body.

use http::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue, IF_MATCH};
use http::{HeaderMap, Method, Uri};

use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::purpose::Purpose;
use crate::body::structured;
use crate::body::value::Value;
use crate::cloud::root::Root;
use crate::request::builder::Request;
use crate::request::error::RequestError;
use crate::request::options::Return;
use crate::request::path::encode_link;
use crate::request::payload::Payload;
use crate::text::without_userinfo;

const PREFER: HeaderName = HeaderName::from_static("prefer");
const ODATA_VERSION: HeaderName = HeaderName::from_static("odata-version");
const CONSISTENCY_LEVEL: HeaderName = HeaderName::from_static("consistencylevel");
const OCTET_STREAM: &str = "application/octet-stream";

impl<R> Request<'_, R> {
    /// Prepares the request for sending to `root` with any HTTP client. It has all headers except `authorization`,
    /// `client-request-id` and those of the transport. The body is JSON, or empty if there is none.
    ///
    /// To show the request, use [`DryRun`](crate::sans_io::DryRun).
    ///
    /// # Errors
    /// If the request is invalid: a key, a header or a value cannot be sent, the update is empty, or `If-Match` is missing.
    pub fn prepare(&self, root: &Root) -> Result<http::Request<Vec<u8>>, RequestError> {
        self.prepare_idempotent(root).map(|(prepared, _)| prepared)
    }

    /// The prepared request, and whether it is idempotent. Relative references in the body are resolved against `root`.
    pub(crate) fn prepare_idempotent(
        &self,
        root: &Root,
    ) -> Result<(http::Request<Vec<u8>>, bool), RequestError> {
        if self.method == Method::PATCH {
            self.check_not_empty()?;
        }
        let uri = Uri::try_from(self.url(root)?).map_err(|_| RequestError::Url {
            template: self.template,
        })?;
        let body = self.written_body()?;
        let headers = self.headers_with(body.as_ref())?;
        let idempotent = self.is_idempotent_with(body.as_ref());
        let bytes = match (body, self.content()) {
            (Some(body), _) => body.into_bytes_below(root, self.api_version),
            (None, Some(content)) => content.bytes.clone(),
            (None, None) => Vec::new(),
        };
        let mut prepared = http::Request::new(bytes);
        *prepared.method_mut() = self.method.clone();
        *prepared.uri_mut() = uri;
        *prepared.headers_mut() = headers;
        Ok((prepared, idempotent))
    }

    fn url(&self, root: &Root) -> Result<String, RequestError> {
        let Some(link) = &self.options.link else {
            let query = self.options.query.encoded();
            let below_root = [self.api_version, self.path()?, &query].concat();
            return Ok([root.as_str(), "/", &below_root].concat());
        };
        let (origin, below_root) = link.split().unwrap_or_default();
        if !root.is_origin(origin) {
            return Err(RequestError::ForeignLink {
                origin: without_userinfo(origin),
                root: root.to_string(),
            });
        }
        Ok(format!("{}{}", root.as_str(), encode_link(below_root)))
    }

    /// Rejects a body that sets nothing.
    pub(crate) fn check_not_empty(&self) -> Result<(), RequestError> {
        match self.body() {
            Some(body) if structured::is_empty(body) => Err(RequestError::EmptyPatch {
                type_name: body.type_name(),
            }),
            _ => Ok(()),
        }
    }

    /// Whether the request may be sent again if the previous attempt may have been applied.
    ///
    /// These are not idempotent: a POST, unless the request is marked as [`idempotent`](Request::idempotent); a DELETE; a
    /// request with `If-Match`, since the first attempt may have changed the
    /// version; a body that adds references to a collection (`members@odata.bind` with at least one item), since Graph
    /// rejects a reference that already exists; a nested delta, since an item without a key would be added again; and a
    /// body that cannot be written.
    pub fn is_idempotent(&self) -> bool {
        self.written_body()
            .is_ok_and(|body| self.is_idempotent_with(body.as_ref()))
    }

    fn is_idempotent_with(&self, body: Option<&JsonWriter>) -> bool {
        let adds = |body: &JsonWriter| body.adds_references() || body.wrote_delta();
        self.idempotent && self.options.if_match.is_none() && !body.is_some_and(adds)
    }

    /// The body as JSON, with references as given; [`prepare`](Self::prepare) makes them absolute. `None` if there is none,
    /// or it is [`content`](Self::content).
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
    pub fn headers(&self) -> Result<HeaderMap, RequestError> {
        let body = self.written_body()?;
        self.headers_with(body.as_ref())
    }

    fn written_body(&self) -> Result<Option<JsonWriter>, BodyError> {
        match self.payload() {
            Payload::Structured(body) => {
                let purpose = if self.method == Method::POST {
                    Purpose::Creation
                } else {
                    Purpose::Update
                };
                JsonWriter::body(body, self.types, purpose).map(Some)
            }
            Payload::Reference(reference) => {
                let mut writer = JsonWriter::new();
                writer.raw(br#"{"@odata.id":"#);
                reference.write(&mut writer)?;
                writer.raw(b"}");
                Ok(Some(writer))
            }
            Payload::Empty | Payload::Content(_) => Ok(None),
        }
    }

    fn headers_with(&self, body: Option<&JsonWriter>) -> Result<HeaderMap, RequestError> {
        let mut headers = json_headers(body.is_some());
        if let Some(content) = self.content() {
            let content_type = content.content_type.as_deref().unwrap_or(OCTET_STREAM);
            let content_type = HeaderValue::try_from(content_type);
            let content_type = content_type.map_err(|_| invalid(CONTENT_TYPE.as_str()))?;
            headers.insert(CONTENT_TYPE, content_type);
        }
        if self.reads_content() {
            headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        }
        let has = |wanted: &HeaderName| {
            let mut own = self.options.headers.iter();
            own.any(|(name, _)| name.eq_ignore_ascii_case(wanted.as_str()))
        };
        if self.options.eventual && !has(&CONSISTENCY_LEVEL) {
            headers.insert(CONSISTENCY_LEVEL, HeaderValue::from_static("eventual"));
        }
        if body.is_some_and(JsonWriter::wrote_delta) && !has(&ODATA_VERSION) {
            headers.insert(ODATA_VERSION, HeaderValue::from_static("4.01"));
        }
        match &self.options.if_match {
            Some(version) => {
                let version = HeaderValue::try_from(version.as_str());
                headers.insert(IF_MATCH, version.map_err(|_| invalid(IF_MATCH.as_str()))?);
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
            let rejected = || invalid(name);
            let name = HeaderName::try_from(name).map_err(|_| rejected())?;
            if is_reserved(&name) || !value.bytes().all(is_field_byte) {
                return Err(rejected());
            }
            if name == PREFER {
                prefer.push(value);
                continue;
            }
            let mut value = HeaderValue::try_from(value).map_err(|_| rejected())?;
            // `Debug` of the prepared request does not show it.
            value.set_sensitive(true);
            headers.try_append(name, value).map_err(|_| rejected())?;
        }
        if !prefer.is_empty() {
            let prefer = HeaderValue::try_from(prefer.join(", "));
            headers.insert(PREFER, prefer.map_err(|_| invalid(PREFER.as_str()))?);
        }
        Ok(headers)
    }
}

/// The headers of every request.
pub(crate) fn json_headers(has_body: bool) -> HeaderMap {
    const JSON: HeaderValue = HeaderValue::from_static("application/json");
    let mut headers = HeaderMap::with_capacity(4);
    headers.insert(ACCEPT, JSON);
    if has_body {
        headers.insert(CONTENT_TYPE, JSON);
    }
    headers
}

fn invalid(name: &str) -> RequestError {
    RequestError::Header {
        name: name.to_ascii_lowercase(),
    }
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

/// Whether the caller cannot set this header.
pub(crate) fn is_reserved(name: &HeaderName) -> bool {
    RESERVED.contains(&name.as_str())
}

/// RFC 9110, 5.5, without non-ASCII bytes.
const fn is_field_byte(byte: u8) -> bool {
    byte == b' ' || byte == b'\t' || byte.is_ascii_graphic()
}
