//! Reads error bodies, as Graph and other services write them.

use serde_json::{Map, Value as Json};

use super::{ErrorDetail, InnerError, Marks, ServiceError};
use crate::edm::binary::Binary;
use crate::response::headers::{ResponseHeaders, filled};
use crate::response::retry_after::RetryAfter;
use crate::text::{excerpt, strip_bom};

/// How many of the nested `innerError` objects and `details` are kept; Graph sends two or three.
const MOST_KEPT: usize = 32;

/// Reads what a failing server sent: Graph's error object, an older one, or anything else.
pub(crate) fn read(
    status: u16,
    headers: &(impl ResponseHeaders + ?Sized),
    body: &[u8],
) -> ServiceError {
    let mut error = ServiceError {
        status,
        retry_after: RetryAfter::read(headers),
        ..ServiceError::default()
    };
    let json = serde_json::from_slice::<Json>(strip_bom(body)).ok();
    error.marks = Marks {
        request_id: filled(headers, "request-id").is_some(),
        error_object: json.as_ref().is_some_and(has_graphs_code),
    };
    match json.as_ref().and_then(Json::as_object) {
        Some(object) => read_object(&mut error, object),
        None => error.message = excerpt(body),
    }
    if error.message.is_empty() && error.code.is_empty() {
        error.message = excerpt(body);
    }
    let inner_id =
        |pick: fn(&InnerError) -> Option<&String>| error.inner.iter().find_map(pick).cloned();
    let owned = |name| filled(headers, name).map(str::to_owned);
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

/// OData's error object in a body, possibly among other properties.
fn error_object(body: &Json) -> Option<&Map<String, Json>> {
    ["error", "odata.error"]
        .iter()
        .find_map(|name| body.get(name)?.as_object())
}

/// Whether the body has an error object with a code, as Graph writes it. Gateways have objects of that name, too.
fn has_graphs_code(body: &Json) -> bool {
    let code = error_object(body).and_then(|error| error.get("code")?.as_str());
    code.is_some_and(|code| !code.trim().is_empty())
}

/// Whether a body is an error response (OData JSON 4.01, 21.1), and not a resource with a property named `error`, such as
/// an operation.
///
/// Sign-in services send `error` as a string, and `error_description`. An error may have an id, a time and the like next
/// to it; a resource has annotations or other properties.
pub(crate) fn is_error_response(body: &Json) -> bool {
    let Some(object) = body.as_object() else {
        return false;
    };
    let says_so = match error_object(body) {
        Some(error) => text_of(error, &["code", "Code", "message", "Message"]).is_some(),
        None => object.get("error").is_some_and(Json::is_string),
    };
    says_so && object.iter().all(|(name, value)| is_of_error(name, value))
}

/// Whether a property is one that services write next to `error`.
fn is_of_error(name: &str, value: &Json) -> bool {
    let is_annotation = name.contains('@');
    let name: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    match name.as_str() {
        _ if is_annotation => false,
        "odataerror" | "innererror" | "suberror" | "claims" | "message" => true,
        "requestid" | "clientrequestid" | "correlationid" | "traceid" | "activityid" => true,
        "timestamp" | "date" => true,
        "status" | "statuscode" => value.is_number(),
        name => name.starts_with("error"),
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

/// `Bearer realm="", error="insufficient_claims", claims="eyJ..."`: base64 of a JSON object (Microsoft identity
/// platform, "Claims challenges").
fn claims_of(header: &str) -> Option<String> {
    let (_, rest) = header.split_once("claims=")?;
    let encoded = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => rest.split([',', ' ']).next()?,
    };
    let bytes: Binary = encoded.parse().ok()?;
    let claims = String::from_utf8(bytes.into_bytes()).ok()?;
    serde_json::from_str::<Map<String, Json>>(&claims)
        .is_ok()
        .then_some(claims)
}
