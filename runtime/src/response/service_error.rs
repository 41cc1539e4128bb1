mod forbidden;
mod read;

use std::fmt;

use http::StatusCode;

pub(crate) use read::{is_error_response, read};

use crate::auth::access_token::AccessToken;
use crate::auth::token_permissions::TokenPermissions;
use crate::request::builder::Request;
use crate::request::required_permissions::RequiredPermissions;
use crate::response::fate::Fate;
use crate::response::retry_after::RetryAfter;
use crate::text::{MAX_EXCERPT, MAX_MESSAGE, one_line};

/// An error response of Graph, with everything in it (Microsoft Graph reference, "Error responses").
///
/// `Display` is one line: request, status, code, message, what to check, request id.
///
/// ```
/// use msgraph_runtime::error::ResponseError;
/// use msgraph_runtime::sans_io::{http, parse_response};
///
/// let body = r#"{"error":{"code":"BadRequest","message":"No.","target":"defaultLength",
///     "details":[{"code":"OutOfRange","message":"8 to 48.","target":"defaultLength"}],
///     "innerError":{"code":"OutOfRange","date":"2026-01-01T00:00:00","request-id":"7f1c"}}}"#;
/// let response = http::Response::builder().status(400).body(body)?;
/// let Err(ResponseError::Service(error)) = parse_response::<()>(&response) else { panic!("400 is an error") };
/// assert_eq!((error.status(), error.code(), error.target()), (400, "BadRequest", Some("defaultLength")));
/// assert_eq!(error.details()[0].message, "8 to 48.");
/// assert_eq!(
///     error.to_string(),
///     "400 Bad Request, BadRequest (OutOfRange): No [defaultLength]; request-id 7f1c"
/// );
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ServiceError {
    status: u16,
    fate: Fate,
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
    permissions: RequiredPermissions,
    roles: &'static [&'static str],
    token: Option<TokenPermissions>,
}

/// One of several problems, from `details`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// Graph's code, which may be empty.
    pub code: String,
    /// Graph's message, which may be empty.
    pub message: String,
    /// The target of the error, usually a property.
    pub target: Option<String>,
}

/// An element of the chain `innerError`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct InnerError {
    /// A more specific code.
    pub code: Option<String>,
    /// Its message.
    pub message: Option<String>,
    /// When the error occurred, in UTC, as Graph writes it.
    pub date: Option<String>,
    /// Graph's id for the request.
    pub request_id: Option<String>,
    /// The `client-request-id`.
    pub client_request_id: Option<String>,
}

impl ServiceError {
    /// The HTTP status, usually 400 or more.
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Graph's code, such as `Authorization_RequestDenied`. It may be empty, for example if the body is not Graph's.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Graph's whole message, or the beginning of a body that is not Graph's.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The target of the error, usually a property.
    pub fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }

    /// The individual problems, if Graph lists them.
    pub fn details(&self) -> &[ErrorDetail] {
        &self.details
    }

    /// The chain of inner errors, the outermost first.
    pub fn inner(&self) -> &[InnerError] {
        &self.inner
    }

    /// Graph's id for the request, for support cases.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The `client-request-id`.
    pub fn client_request_id(&self) -> Option<&str> {
        self.client_request_id.as_deref()
    }

    /// When Graph allows the next attempt.
    pub const fn retry_after(&self) -> Option<RetryAfter> {
        self.retry_after
    }

    /// The claims that a new token must have, as JSON (continuous access evaluation, step-up authentication).
    pub fn claims_challenge(&self) -> Option<&str> {
        self.claims.as_deref()
    }

    /// Adds what is known about the request. `Display` then names the method and path and, for a 403, the least privileged
    /// permission and role.
    #[must_use]
    pub fn for_request<R>(mut self, request: &Request<'_, R>) -> Self {
        self.operation = Some(format!(
            "{} /{}{}",
            request.method(),
            request.api_version(),
            request.template()
        ));
        self.permissions = request.known_permissions();
        self.roles = request.known_roles();
        self
    }

    /// Adds the permissions of the token that was sent, if the status is 403. `Display` then compares them with what the
    /// request needs.
    #[must_use]
    pub fn for_token(mut self, token: &AccessToken) -> Self {
        if self.status == 403 {
            self.token = token.permissions();
        }
        self
    }

    /// The permissions of the token that was sent. `None` if the status is not 403 or the token's claims cannot be read.
    pub const fn token_permissions(&self) -> Option<&TokenPermissions> {
        self.token.as_ref()
    }

    /// See [`ResponseError::fate`](crate::ResponseError::fate).
    pub(crate) const fn fate(&self) -> Fate {
        self.fate
    }

    /// Whether a delta link or the link to a page has expired.
    pub(crate) fn is_resync_required(&self) -> bool {
        const CODES: [&str; 3] = ["syncStateNotFound", "syncStateInvalid", "resyncRequired"];
        let codes = self.inner.iter().filter_map(|inner| inner.code.as_deref());
        let mut codes = codes.chain([self.code.as_str()]);
        self.status == 410
            || codes.any(|code| CODES.iter().any(|known| known.eq_ignore_ascii_case(code)))
    }

    /// Passes every message to `change`.
    fn each_message(&mut self, change: &mut dyn FnMut(&mut String)) {
        change(&mut self.message);
        let details = self.details.iter_mut().map(|detail| &mut detail.message);
        let inner = self
            .inner
            .iter_mut()
            .filter_map(|inner| inner.message.as_mut());
        details.chain(inner).for_each(change);
    }

    /// Passes every string that comes from the response to `change`.
    #[cfg(feature = "client")]
    pub(crate) fn each_string(&mut self, change: &mut dyn FnMut(&mut String)) {
        change(&mut self.code);
        change(&mut self.message);
        let ids = [&mut self.request_id, &mut self.client_request_id];
        let optional = ids.into_iter().chain([&mut self.target, &mut self.claims]);
        optional.flatten().for_each(&mut *change);
        // No `..`, so that a new field is not forgotten.
        for ErrorDetail {
            code,
            message,
            target,
        } in &mut self.details
        {
            change(code);
            change(message);
            target.iter_mut().for_each(&mut *change);
        }
        for InnerError {
            code,
            message,
            date,
            request_id,
            client_request_id,
        } in &mut self.inner
        {
            let optional = [code, message, date, request_id, client_request_id];
            optional.into_iter().flatten().for_each(&mut *change);
        }
    }

    #[cfg(feature = "client")]
    pub(crate) fn set_client_request_id(&mut self, id: &str) {
        self.client_request_id.get_or_insert_with(|| id.to_owned());
    }

    /// What to check, for statuses whose message rarely explains the cause.
    fn advice(&self) -> Option<String> {
        let advice = match self.status {
            _ if self.is_resync_required() => {
                "if this is a delta link or the link to a page, it has expired: read the list again from the start"
            }
            401 if self.claims.is_some() => {
                "sign in again: a policy of the tenant requires stronger authentication (claims challenge)"
            }
            401 => "check that the token is for this cloud and has not expired",
            403 => {
                return Some(forbidden::advice(
                    self.permissions,
                    self.roles,
                    self.token.as_ref(),
                ));
            }
            404 => "check the keys in the path, and that this cloud has the resource",
            412 => "the resource has changed since its ETag was read: read it again",
            _ => return None,
        };
        Some(advice.to_owned())
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = &self.operation {
            write!(f, "{operation}: ")?;
        }
        write!(f, "{}", self.status)?;
        let status = StatusCode::from_u16(self.status).ok();
        if let Some(reason) = status.and_then(|status| status.canonical_reason()) {
            write!(f, " {reason}")?;
        }
        if !self.code.is_empty() {
            write!(f, ", {}", one_line(&self.code, MAX_EXCERPT))?;
        }
        let innermost = self
            .inner
            .iter()
            .rev()
            .find_map(|inner| inner.code.as_deref());
        if let Some(code) = innermost.filter(|code| !code.is_empty() && *code != self.code) {
            write!(f, " ({})", one_line(code, MAX_EXCERPT))?;
        }
        let advice = self.advice();
        let id = match (&self.request_id, &self.client_request_id) {
            (Some(id), _) => Some(("request-id", id)),
            (None, Some(id)) => Some(("client-request-id", id)),
            (None, None) => None,
        };
        if !self.message.is_empty() {
            let message = one_line(&self.message, MAX_MESSAGE);
            let is_last = self.target.is_none() && advice.is_none() && id.is_none();
            // No full stop before a semicolon.
            let message = match is_last {
                true => &message,
                false => message.trim_end_matches('.'),
            };
            write!(f, ": {message}")?;
        }
        if let Some(target) = &self.target {
            write!(f, " [{}]", one_line(target, MAX_EXCERPT))?;
        }
        if let Some(advice) = advice {
            write!(f, "; {advice}")?;
        }
        match id {
            Some((name, id)) => write!(f, "; {name} {}", one_line(id, MAX_EXCERPT)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ServiceError {}
