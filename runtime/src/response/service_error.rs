mod read;

use std::fmt;

pub(crate) use read::{is_error_response, read};

use crate::request::Request;
use crate::response::fate::{Body, Evidence, Media};
use crate::response::retry_after::RetryAfter;
use crate::text::{EXCERPT, MESSAGE_SHOWN, one_line};

/// Graph's refusal or failure, with everything it said (Microsoft Graph reference, "Error responses").
///
/// `Display` is one line to act on: request, status, code, message, what to check, request id.
///
/// ```
/// use msgraph_runtime::{ResponseError, parse_response};
///
/// let body = br#"{"error":{"code":"BadRequest","message":"No.","target":"defaultLength",
///     "details":[{"code":"OutOfRange","message":"8 to 48.","target":"defaultLength"}],
///     "innerError":{"code":"OutOfRange","date":"2026-01-01T00:00:00","request-id":"7f1c"}}}"#;
/// let Err(ResponseError::Service(error)) = parse_response(400, &[("", "")][..], body) else { panic!("400 is an error") };
/// assert_eq!((error.status(), error.code(), error.target()), (400, "BadRequest", Some("defaultLength")));
/// assert_eq!(
///     error.to_string(),
///     "400 Bad Request, BadRequest (OutOfRange): No [defaultLength]; request-id 7f1c"
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ServiceError {
    status: u16,
    code: String,
    message: String,
    target: Option<String>,
    details: Vec<ErrorDetail>,
    inner: Vec<InnerError>,
    request_id: Option<String>,
    client_request_id: Option<String>,
    retry_after: Option<RetryAfter>,
    claims: Option<String>,
    operation: Option<String>,
    permissions: Vec<&'static str>,
    roles: Vec<&'static str>,
    /// Signs that Graph itself responded.
    marks: Marks,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Marks {
    request_id: bool,
    error_object: bool,
}

/// One of several things wrong, from `details`.
///
/// ```
/// use msgraph_runtime::{ResponseError, parse_response};
///
/// let body = br#"{"error":{"code":"BadRequest","message":"No.","target":"defaultLength",
///     "details":[{"code":"OutOfRange","message":"8 to 48.","target":"defaultLength"}],
///     "innerError":{"code":"OutOfRange","date":"2026-01-01T00:00:00","request-id":"7f1c"}}}"#;
/// let Err(ResponseError::Service(error)) = parse_response(400, &[("", "")][..], body) else { panic!("400 is an error") };
/// assert_eq!(error.details()[0].message, "8 to 48.");
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// Graph's code; may be empty.
    pub code: String,
    /// Graph's words; may be empty.
    pub message: String,
    /// What it speaks of, a property as a rule.
    pub target: Option<String>,
}

/// One link of the chain `innerError`, the outermost first.
///
/// ```
/// use msgraph_runtime::{ResponseError, parse_response};
///
/// let body = br#"{"error":{"code":"BadRequest","message":"No.","target":"defaultLength",
///     "details":[{"code":"OutOfRange","message":"8 to 48.","target":"defaultLength"}],
///     "innerError":{"code":"OutOfRange","date":"2026-01-01T00:00:00","request-id":"7f1c"}}}"#;
/// let Err(ResponseError::Service(error)) = parse_response(400, &[("", "")][..], body) else { panic!("400 is an error") };
/// assert_eq!(error.inner()[0].code.as_deref(), Some("OutOfRange"));
/// assert_eq!(error.request_id(), Some("7f1c"));
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct InnerError {
    /// A code more specific than the one outside.
    pub code: Option<String>,
    /// Words for it.
    pub message: Option<String>,
    /// When it happened, in UTC, as Graph writes it.
    pub date: Option<String>,
    /// Graph's name for the request.
    pub request_id: Option<String>,
    /// The caller's name for the request.
    pub client_request_id: Option<String>,
}

impl ServiceError {
    /// The HTTP status, 400 or more as a rule.
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Graph's code, as `Authorization_RequestDenied`. Empty where Graph sends an empty one or the body is not Graph's.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Graph's words in full; for a body that is not Graph's, how it begins.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What the error speaks of.
    pub fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }

    /// The several things wrong, where Graph lists them.
    pub fn details(&self) -> &[ErrorDetail] {
        &self.details
    }

    /// The chain of inner errors, the outermost first.
    pub fn inner(&self) -> &[InnerError] {
        &self.inner
    }

    /// Graph's name for the request; support asks for it.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The caller's name for the request.
    pub fn client_request_id(&self) -> Option<&str> {
        self.client_request_id.as_deref()
    }

    /// When Graph wants to be asked again.
    pub const fn retry_after(&self) -> Option<RetryAfter> {
        self.retry_after
    }

    /// The claims, as JSON text, that a new token must bring (continuous access evaluation, step-up).
    pub fn claims_challenge(&self) -> Option<&str> {
        self.claims.as_deref()
    }

    /// The same error, told of the request that it answers: then `Display` names the method and path and, for 403, the
    /// permission and role that are wanted.
    #[must_use]
    pub fn for_request(mut self, request: &Request<'_>) -> Self {
        self.operation = Some(format!(
            "{} /{}{}",
            request.method(),
            request.api_version(),
            request.template()
        ));
        self.permissions = request.permissions().collect();
        self.roles = request.roles().collect();
        self
    }

    /// What the response shows about the fate of the request.
    pub(crate) const fn evidence(&self) -> Evidence {
        let Marks {
            request_id,
            error_object,
        } = self.marks;
        Evidence {
            status: self.status,
            request_id,
            media: Media::Missing,
            body: if error_object {
                Body::Error
            } else {
                Body::Foreign
            },
        }
    }

    /// Passes every string that was taken from the response to `change`.
    #[cfg(feature = "client")]
    pub(crate) fn each_string(&mut self, change: &mut dyn FnMut(&mut String)) {
        change(&mut self.code);
        change(&mut self.message);
        let optional = [
            &mut self.target,
            &mut self.request_id,
            &mut self.client_request_id,
            &mut self.claims,
        ];
        optional.into_iter().flatten().for_each(&mut *change);
        for ErrorDetail {
            code,
            message,
            target,
        } in &mut self.details
        {
            [Some(code), Some(message), target.as_mut()]
                .into_iter()
                .flatten()
                .for_each(&mut *change);
        }
        for InnerError {
            code,
            message,
            date,
            request_id,
            client_request_id,
        } in &mut self.inner
        {
            [code, message, date, request_id, client_request_id]
                .into_iter()
                .flatten()
                .for_each(&mut *change);
        }
    }

    #[cfg(feature = "client")]
    pub(crate) fn set_client_request_id(&mut self, id: &str) {
        self.client_request_id.get_or_insert_with(|| id.to_owned());
    }

    /// What to look at, for the statuses where Graph's own words seldom say it.
    fn advice(&self) -> Option<String> {
        Some(match self.status {
            401 if self.claims.is_some() => {
                "the sign-in must be repeated: a policy of the tenant wants more proof (claims challenge)".to_owned()
            }
            401 => "check that the token is for this cloud and has not expired".to_owned(),
            403 => {
                let wanted = match (self.permissions.is_empty(), self.roles.is_empty()) {
                    (true, true) => "the permission and the role that this request needs".to_owned(),
                    (false, true) => format!("permission {}", self.permissions.join(" or ")),
                    (true, false) => format!("role {}", self.roles.join(" or ")),
                    (false, false) => {
                        format!("permission {} and, signed in as a user, role {}", self.permissions.join(" or "), self.roles.join(" or "))
                    }
                };
                format!("check {wanted}")
            }
            404 => "check the keys in the path, and that this cloud has the resource".to_owned(),
            412 => "the resource has changed since its ETag was read: read it again".to_owned(),
            _ => return None,
        })
    }
}

/// The reason phrase, for the statuses that Graph's reference lists.
fn reason(status: u16) -> &'static str {
    match status {
        400 => " Bad Request",
        401 => " Unauthorized",
        402 => " Payment Required",
        403 => " Forbidden",
        404 => " Not Found",
        405 => " Method Not Allowed",
        406 => " Not Acceptable",
        408 => " Request Timeout",
        409 => " Conflict",
        410 => " Gone",
        411 => " Length Required",
        412 => " Precondition Failed",
        413 => " Request Entity Too Large",
        415 => " Unsupported Media Type",
        416 => " Requested Range Not Satisfiable",
        422 => " Unprocessable Entity",
        423 => " Locked",
        424 => " Failed Dependency",
        428 => " Precondition Required",
        429 => " Too Many Requests",
        500 => " Internal Server Error",
        501 => " Not Implemented",
        502 => " Bad Gateway",
        503 => " Service Unavailable",
        504 => " Gateway Timeout",
        507 => " Insufficient Storage",
        509 => " Bandwidth Limit Exceeded",
        _ => "",
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = &self.operation {
            write!(f, "{operation}: ")?;
        }
        write!(f, "{}{}", self.status, reason(self.status))?;
        if !self.code.is_empty() {
            write!(f, ", {}", one_line(&self.code, EXCERPT))?;
        }
        let specific = self
            .inner
            .iter()
            .rev()
            .find_map(|inner| inner.code.as_deref());
        if let Some(specific) =
            specific.filter(|specific| !specific.is_empty() && *specific != self.code)
        {
            write!(f, " ({})", one_line(specific, EXCERPT))?;
        }
        if !self.message.is_empty() {
            let message = one_line(&self.message, MESSAGE_SHOWN);
            let is_last = self.target.is_none()
                && self.advice().is_none()
                && self.request_id.is_none()
                && self.client_request_id.is_none();
            // Its full stop would stand before a semicolon.
            let message = if is_last {
                &message
            } else {
                message.trim_end_matches('.')
            };
            write!(f, ": {message}")?;
        }
        if let Some(target) = &self.target {
            write!(f, " [{}]", one_line(target, EXCERPT))?;
        }
        if let Some(advice) = self.advice() {
            write!(f, "; {advice}")?;
        }
        if let Some(id) = &self.request_id {
            write!(f, "; request-id {}", one_line(id, EXCERPT))?;
        } else if let Some(id) = &self.client_request_id {
            write!(f, "; client-request-id {}", one_line(id, EXCERPT))?;
        }
        Ok(())
    }
}

impl std::error::Error for ServiceError {}
