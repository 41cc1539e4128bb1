//! Refusals in Graph's own shape.

use hyper::StatusCode;
use hyper::header::{self, HeaderName, HeaderValue};

/// A request that Graph would refuse: what stands in the answer.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    /// `error.code`.
    pub(crate) code: &'static str,
    /// `error.message`.
    pub(crate) message: String,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Refusal {
            status,
            code,
            message: message.into(),
            headers: Vec::new(),
        }
    }

    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// 400: the request is not what the metadata allows.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// 400 for a query option or construct that Graph may know but this emulator does not.
    pub(crate) fn not_emulated(what: impl std::fmt::Display) -> Self {
        Self::bad_request(format!("{what} is not supported by the emulator."))
    }

    /// 404: the metadata has no such segment here.
    pub(crate) fn no_segment(segment: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "ResourceNotFound",
            format!("Resource not found for the segment '{segment}'."),
        )
    }

    /// 404: the path is right, but nothing is there.
    pub(crate) fn no_resource(key: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "ResourceNotFound",
            format!(
                "Resource '{key}' does not exist or one of its queried reference-property objects \
                 are not present."
            ),
        )
    }

    /// 405, with the methods that are allowed.
    pub(crate) fn method_not_allowed(method: &hyper::Method, allow: &'static str) -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            format!("The method {method} is not allowed for this resource; allowed: {allow}."),
        )
        .header(header::ALLOW, HeaderValue::from_static(allow))
    }

    /// 412: the resource has changed since the ETag was read.
    pub(crate) fn precondition_failed() -> Self {
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            "PreconditionFailed",
            "The ETag in If-Match does not match the current one of the resource.",
        )
    }

    /// 415.
    pub(crate) fn unsupported_media_type(message: impl Into<String>) -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UnsupportedMediaType",
            message,
        )
    }
}
