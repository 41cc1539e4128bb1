//! Reads error responses of Graph and other services.

use std::borrow::Cow;

use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;
use serde_json::{Map, Value as Json};

use super::{ErrorDetail, InnerError, ServiceError};
use crate::edm::binary::Binary;
use crate::request::required_permissions::RequiredPermissions;
use crate::response::fate::{Body, Evidence};
use crate::response::headers::{filled, texts};
use crate::response::retry_after::RetryAfter;
use crate::secret_names::without_secrets;
use crate::text::{excerpt, strip_bom};

/// Maximum number of `details` and nested `innerError` objects to keep. Graph sends two or three.
const MAX_KEPT: usize = 32;

/// Reads any response as an error: one with Graph's error object, an older one, or another body.
pub(crate) fn read(status: u16, headers: &HeaderMap, body: &[u8]) -> ServiceError {
    let json = serde_json::from_slice::<Json>(strip_bom(body)).ok();
    let owned = |name| filled(headers, name).map(str::to_owned);
    let kind = match json.as_ref().is_some_and(has_graphs_code) {
        true => Body::Error,
        false => Body::Foreign,
    };
    let mut error = ServiceError {
        status,
        fate: Evidence::new(status, headers, kind).fate(),
        code: String::new(),
        message: String::new(),
        target: None,
        details: Vec::new(),
        inner: Vec::new(),
        request_id: owned("request-id"),
        client_request_id: owned("client-request-id"),
        retry_after: RetryAfter::read(headers),
        claims: None,
        operation: None,
        permissions: RequiredPermissions::NONE,
        roles: &[],
        token: None,
    };
    if let Some(object) = json.as_ref().and_then(Json::as_object) {
        read_object(&mut error, object);
    }
    if error.message.is_empty() && error.code.is_empty() {
        error.message = excerpt(body);
    }
    // Graph's messages sometimes quote the body.
    error.each_message(&mut |message| {
        if let Cow::Owned(hidden) = without_secrets(message) {
            *message = hidden;
        }
    });
    for inner in &error.inner {
        error.request_id = error.request_id.or_else(|| inner.request_id.clone());
        let id = error.client_request_id;
        error.client_request_id = id.or_else(|| inner.client_request_id.clone());
    }
    if status == 401 {
        // There is one challenge for each scheme; one of them has the claims.
        error.claims = texts(headers, WWW_AUTHENTICATE).find_map(claims_of);
    }
    error
}

fn read_object(error: &mut ServiceError, body: &Map<String, Json>) {
    let object = match body.get("error").or_else(|| body.get("odata.error")) {
        Some(Json::Object(object)) => object,
        // Sign-in services: { "error": "invalid_grant", "error_description": "..." }.
        Some(Json::String(code)) => {
            error.code.clone_from(code);
            error.message = string(body, &["error_description", "message"]).unwrap_or_default();
            return;
        }
        // Web servers in front of Graph: { "Message": "..." }.
        _ => body,
    };
    error.code = string(object, &["code", "Code"]).unwrap_or_default();
    error.message = string(object, &["message", "Message"]).unwrap_or_default();
    error.target = string(object, &["target"]).filter(|target| !target.is_empty());
    if let Some(Json::Array(details)) = object.get("details") {
        let details = details.iter().filter_map(Json::as_object);
        let detail = |object| ErrorDetail {
            code: string(object, &["code"]).unwrap_or_default(),
            message: string(object, &["message"]).unwrap_or_default(),
            target: string(object, &["target"]),
        };
        error.details = details.take(MAX_KEPT).map(detail).collect();
    }
    let names = ["innerError", "innererror"];
    let chain = std::iter::successors(child(object, &names), |inner| child(inner, &names));
    let inner = |inner| InnerError {
        code: string(inner, &["code"]),
        message: string(inner, &["message"]),
        date: string(inner, &["date"]),
        request_id: string(inner, &["request-id", "requestId"]),
        client_request_id: string(inner, &["client-request-id", "clientRequestId"]),
    };
    error.inner = chain.take(MAX_KEPT).map(inner).collect();
}

/// OData's error object, possibly among other properties.
fn error_object(body: &Json) -> Option<&Map<String, Json>> {
    child(body.as_object()?, &["error", "odata.error"])
}

/// The value of the first of `names` that is an object.
fn child<'j>(object: &'j Map<String, Json>, names: &[&str]) -> Option<&'j Map<String, Json>> {
    names.iter().find_map(|name| object.get(*name)?.as_object())
}

/// Whether the body has an error object with a code. Gateways send objects named `error`, too.
fn has_graphs_code(body: &Json) -> bool {
    let code = error_object(body).and_then(|error| error.get("code")?.as_str());
    code.is_some_and(|code| !code.trim().is_empty())
}

/// Whether a body is an error response (OData JSON 4.01, 21.1), and not a resource with a property named `error`, such as
/// an operation. A resource also has annotations or other properties.
pub(crate) fn is_error_response(body: &Json) -> bool {
    let Some(object) = body.as_object() else {
        return false;
    };
    let has_error = match error_object(body) {
        Some(error) => string(error, &["code", "Code", "message", "Message"]).is_some(),
        None => object.get("error").is_some_and(Json::is_string),
    };
    has_error && object.iter().all(|(name, value)| is_of_error(name, value))
}

/// Whether a property is one that services write in an error response, as a sibling of `error` or as `error` itself.
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

/// The value of the first of `names` that is a string. Older services write a message as
/// `{ "lang": "en", "value": "..." }`.
fn string(object: &Map<String, Json>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match object.get(*name)? {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Object(message) => message.get("value")?.as_str().map(str::to_owned),
        _ => None,
    })
}

/// `Bearer realm="", error="insufficient_claims", claims="eyJ..."`: the claims are a JSON object in base64 (Microsoft
/// identity platform, "Claims challenges").
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
