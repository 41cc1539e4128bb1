use std::fmt;

use serde_json::{Map, Value as Json};

use crate::{AnswerHeaders, Request, RetryAfter};

/// How many of the nested `innerError` objects and `details` are kept; Graph sends two or three.
const MOST_KEPT: usize = 32;
/// How much of a message stands in the one line of `Display`; [`ServiceError::message`] has all of it.
pub(crate) const MESSAGE_SHOWN: usize = 600;
/// How much of a body that is not Graph's is kept.
pub(crate) const EXCERPT: usize = 200;

/// Graph's refusal or failure, with everything it said (Microsoft Graph reference, "Error responses").
///
/// `Display` is one line to act on: request, status, code, message, what to check, request id.
///
/// ```
/// use msgraph_runtime::{AnswerError, read_answer};
///
/// let body = br#"{"error":{"code":"BadRequest","message":"No.","target":"defaultLength",
///     "details":[{"code":"OutOfRange","message":"8 to 48.","target":"defaultLength"}],
///     "innerError":{"code":"OutOfRange","date":"2026-01-01T00:00:00","request-id":"7f1c"}}}"#;
/// let Err(AnswerError::Service(error)) = read_answer(400, &[("", "")][..], body) else { panic!("400 is an error") };
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
}

/// One of several things wrong, from `details`.
///
/// ```
/// use msgraph_runtime::{AnswerError, read_answer};
///
/// let body = br#"{"error":{"code":"BadRequest","message":"No.","target":"defaultLength",
///     "details":[{"code":"OutOfRange","message":"8 to 48.","target":"defaultLength"}],
///     "innerError":{"code":"OutOfRange","date":"2026-01-01T00:00:00","request-id":"7f1c"}}}"#;
/// let Err(AnswerError::Service(error)) = read_answer(400, &[("", "")][..], body) else { panic!("400 is an error") };
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
/// use msgraph_runtime::{AnswerError, read_answer};
///
/// let body = br#"{"error":{"code":"BadRequest","message":"No.","target":"defaultLength",
///     "details":[{"code":"OutOfRange","message":"8 to 48.","target":"defaultLength"}],
///     "innerError":{"code":"OutOfRange","date":"2026-01-01T00:00:00","request-id":"7f1c"}}}"#;
/// let Err(AnswerError::Service(error)) = read_answer(400, &[("", "")][..], body) else { panic!("400 is an error") };
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

/// Reads what a failing server sent: Graph's error object, an older one, or anything else.
pub(crate) fn read(
    status: u16,
    headers: &(impl AnswerHeaders + ?Sized),
    body: &[u8],
) -> ServiceError {
    let mut error = ServiceError {
        status,
        retry_after: RetryAfter::read(headers),
        ..ServiceError::default()
    };
    let json = serde_json::from_slice::<Json>(strip_bom(body)).ok();
    match json.as_ref().and_then(Json::as_object) {
        Some(object) => read_object(&mut error, object),
        None => error.message = excerpt(body),
    }
    if error.message.is_empty() && error.code.is_empty() {
        error.message = excerpt(body);
    }
    let inner_id =
        |pick: fn(&InnerError) -> Option<&String>| error.inner.iter().find_map(pick).cloned();
    let owned = |name| headers.header(name).map(str::to_owned);
    error.request_id = owned("request-id").or_else(|| inner_id(|inner| inner.request_id.as_ref()));
    error.client_request_id =
        owned("client-request-id").or_else(|| inner_id(|inner| inner.client_request_id.as_ref()));
    if status == 401 {
        // One challenge for each scheme, of which one has the claims.
        headers.each("www-authenticate", &mut |challenge| {
            error.claims = error.claims.take().or_else(|| claims_of(challenge));
        });
    }
    error
}

fn read_object(error: &mut ServiceError, body: &Map<String, Json>) {
    let object = match body.get("error").or_else(|| body.get("odata.error")) {
        Some(Json::Object(object)) => object,
        // Of sign-in services: { "error": "invalid_grant", "error_description": "..." }.
        Some(Json::String(code)) => {
            error.code.clone_from(code);
            error.message = text_of(body, &["error_description", "message"]).unwrap_or_default();
            return;
        }
        // Of web servers before Graph: { "Message": "..." }.
        _ => body,
    };
    error.code = text_of(object, &["code", "Code"]).unwrap_or_default();
    error.message = text_of(object, &["message", "Message"]).unwrap_or_default();
    error.target = text_of(object, &["target"]).filter(|target| !target.is_empty());
    if let Some(Json::Array(details)) = object.get("details") {
        error.details = details
            .iter()
            .filter_map(Json::as_object)
            .take(MOST_KEPT)
            .map(detail_of)
            .collect();
    }
    let mut outer = object;
    while let Some(inner) = inner_of(outer).filter(|_| error.inner.len() < MOST_KEPT) {
        error.inner.push(InnerError {
            code: text_of(inner, &["code"]),
            message: text_of(inner, &["message"]),
            date: text_of(inner, &["date"]),
            request_id: text_of(inner, &["request-id", "requestId"]),
            client_request_id: text_of(inner, &["client-request-id", "clientRequestId"]),
        });
        outer = inner;
    }
}

fn inner_of(object: &Map<String, Json>) -> Option<&Map<String, Json>> {
    ["innerError", "innererror"]
        .iter()
        .find_map(|name| object.get(*name)?.as_object())
}

fn detail_of(object: &Map<String, Json>) -> ErrorDetail {
    ErrorDetail {
        code: text_of(object, &["code"]).unwrap_or_default(),
        message: text_of(object, &["message"]).unwrap_or_default(),
        target: text_of(object, &["target"]),
    }
}

/// The first of `names` that holds text; older services write a message as `{ "lang": "en", "value": "..." }`.
fn text_of(object: &Map<String, Json>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match object.get(*name)? {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Object(message) => message.get("value")?.as_str().map(str::to_owned),
        _ => None,
    })
}

/// How a body begins, on one line: of HTML the title, where there is one.
pub(crate) fn excerpt(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(strip_bom(body));
    let shown = html_title(&text).unwrap_or(&text);
    one_line(shown, EXCERPT)
}

fn html_title(text: &str) -> Option<&str> {
    // `to_ascii_lowercase` keeps every byte's place.
    let lower = text.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower.get(open..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    text.get(start..end)
        .map(str::trim)
        .filter(|title| !title.is_empty())
}

/// Control characters and runs of white space become one space, so that a foreign text cannot begin a line of its own in
/// a log or move a terminal's cursor.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let mut line = String::new();
    for word in text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
    {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > most {
            let cut = (0..=most)
                .rev()
                .find(|at| line.is_char_boundary(*at))
                .unwrap_or(0);
            line.truncate(cut);
            line.push('…');
            break;
        }
    }
    line
}

fn strip_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// `Bearer realm="", error="insufficient_claims", claims="eyJ..."`: base64 of a JSON object (Microsoft identity
/// platform, "Claims challenges").
fn claims_of(header: &str) -> Option<String> {
    let (_, rest) = header.split_once("claims=")?;
    let encoded = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => rest.split([',', ' ']).next()?,
    };
    let bytes: crate::Binary = encoded.parse().ok()?;
    let claims = String::from_utf8(bytes.into_bytes()).ok()?;
    serde_json::from_str::<Map<String, Json>>(&claims)
        .is_ok()
        .then_some(claims)
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
