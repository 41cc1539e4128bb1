//! Request headers, and the JSON body that they describe.

use hyper::HeaderMap;
use hyper::header;
use serde_json::Value;

use crate::rejection::{Rejection, Result, bad_request};
use crate::service::json;
use crate::service::message::ServiceRequest;

/// The bearer token, unless it is empty.
pub(super) fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// The preferences in `Prefer` headers (RFC 7240).
fn preferences(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = headers.get_all("prefer").iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split([',', ';']))
}

/// Whether the client states a preference.
pub(super) fn prefers(headers: &HeaderMap, preference: &str) -> bool {
    preferences(headers).any(|value| {
        let mut value = value.replace('"', "");
        value.retain(|c| !c.is_whitespace());
        value.eq_ignore_ascii_case(preference)
    })
}

/// The value of a preference: `odata.maxpagesize=2`.
pub(super) fn preference(headers: &HeaderMap, name: &str) -> Option<String> {
    preferences(headers).find_map(|preference| {
        let (found, value) = preference.split_once('=')?;
        let is_found = found.trim().eq_ignore_ascii_case(name);
        is_found.then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// Whether the client asks for an advanced query of the directory.
pub(super) fn is_eventual(headers: &HeaderMap) -> bool {
    let level = headers.get("consistencylevel");
    level.is_some_and(|level| level.as_bytes().eq_ignore_ascii_case(b"eventual"))
}

pub(super) fn accepts_unknown_enum_members(headers: &HeaderMap) -> bool {
    prefers(headers, "include-unknown-enum-members")
}

/// Whether the body is OData 4.01, and so may have nested deltas.
pub(super) fn is_odata_4_01(headers: &HeaderMap) -> bool {
    let version = headers.get("odata-version");
    let version = version.and_then(|version| version.to_str().ok()?.trim().parse::<f64>().ok());
    version.is_some_and(|version| version >= 4.01)
}

/// The JSON body of a request, and whether its media type has `IEEE754Compatible=true`.
pub(crate) fn read_json(request: &ServiceRequest) -> Result<(bool, Value)> {
    let ieee754_compatible = check_media_type(&request.headers)?;
    let body = &request.body;
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(bad_request!("Empty Payload. JSON content expected."));
    }
    let value = json::parse(body)
        .map_err(|error| bad_request!("Unable to read JSON request payload: {error}."))?;
    Ok((ieee754_compatible, value))
}

fn check_media_type(headers: &HeaderMap) -> Result<bool> {
    let encoding = headers.get(header::CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| encoding != "identity") {
        return Err(Rejection::unsupported_media_type(
            "The content encoding of the request is not supported.",
        ));
    }
    let media_type = headers.get(header::CONTENT_TYPE);
    let media_type = media_type.and_then(|value| value.to_str().ok());
    let mut parts = media_type.unwrap_or("").split(';').map(str::trim);
    if !parts
        .next()
        .is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"))
    {
        return Err(Rejection::unsupported_media_type(
            "Entity only allows writes with a JSON Content-Type header.",
        ));
    }
    let mut ieee754_compatible = false;
    for parameter in parts {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let value = value.trim_matches('"');
        if name.eq_ignore_ascii_case("ieee754compatible") {
            ieee754_compatible = value.eq_ignore_ascii_case("true");
        } else if name.eq_ignore_ascii_case("charset") && !value.eq_ignore_ascii_case("utf-8") {
            return Err(Rejection::unsupported_media_type(format!(
                "The charset '{value}' is not supported; JSON is UTF-8."
            )));
        }
    }
    Ok(ieee754_compatible)
}
