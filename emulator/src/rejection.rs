//! Rejections of requests, in Graph's shape.

use hyper::StatusCode;
use hyper::header::{self, HeaderName, HeaderValue};

/// Why a request is rejected.
#[derive(Debug)]
pub(crate) struct Rejection {
    pub(crate) status: StatusCode,
    /// `error.code`.
    pub(crate) code: &'static str,
    /// `error.message`.
    pub(crate) message: String,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// What the response does not reveal, for the log.
    pub(crate) note: Option<String>,
}

pub(crate) type Result<T> = std::result::Result<T, Rejection>;

/// A [`Rejection`] with 400 and a formatted message.
macro_rules! bad_request {
    ($($message:tt)+) => {
        $crate::rejection::Rejection::bad_request(format!($($message)+))
    };
}
pub(crate) use bad_request;

impl Rejection {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Rejection {
            status,
            code,
            message: message.into(),
            headers: Vec::new(),
            note: None,
        }
    }

    /// 400.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// 501 for something that Graph may support and the emulator does not.
    pub(crate) fn not_emulated(what: impl std::fmt::Display) -> Self {
        Self::new(
            StatusCode::NOT_IMPLEMENTED,
            "NotImplemented",
            format!("{what} is not supported by the emulator."),
        )
    }

    /// 409: another item has the key, or the value of an alternate key.
    pub(crate) fn already_exists(property: &str) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "Conflict",
            format!("Another object with the same value for property {property} already exists."),
        )
    }

    /// 401, with further parameters of the challenge.
    pub(crate) fn unauthorized(message: &str, parameters: &str) -> Self {
        let challenge = HeaderValue::try_from(format!(
            "Bearer realm=\"\", \
             authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", \
             client_id=\"00000003-0000-0000-c000-000000000000\"{parameters}"
        ));
        let mut rejection = Self::new(
            StatusCode::UNAUTHORIZED,
            "InvalidAuthenticationToken",
            message,
        );
        let challenge = challenge.map(|challenge| (header::WWW_AUTHENTICATE, challenge));
        rejection.headers.extend(challenge);
        rejection
    }

    /// 403: the token or the directory roles do not allow the operation.
    pub(crate) fn insufficient_privileges() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation.",
        )
    }

    /// 404: the metadata does not have the segment at this position.
    pub(crate) fn no_segment(segment: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "ResourceNotFound",
            format!("Resource not found for the segment '{segment}'."),
        )
    }

    /// 404: the path is valid, and the resource does not exist.
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
        let mut rejection = Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            format!("The method {method} is not allowed for this resource; allowed: {allow}."),
        );
        let allow = (header::ALLOW, HeaderValue::from_static(allow));
        rejection.headers.push(allow);
        rejection
    }

    /// 412: the resource has changed since the client read the ETag.
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
