//! What the headers of a request ask for, and the JSON that they describe.

use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::rejection::Refusal;
use crate::service::json;
use crate::service::message::Request;

const PREFER: HeaderName = HeaderName::from_static("prefer");

/// Whether the request carries a bearer token. Any will do: what it grants is not emulated.
pub(crate) fn authenticated(headers: &HeaderMap) -> Result<(), Refusal> {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, token)| {
            scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty()
        });
    match token {
        Some(_) => Ok(()),
        None => Err(Refusal::new(
            StatusCode::UNAUTHORIZED,
            "InvalidAuthenticationToken",
            "Access token is empty.",
        )
        .header(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static(
                "Bearer realm=\"\", \
                 authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", \
                 client_id=\"00000003-0000-0000-c000-000000000000\"",
            ),
        )),
    }
}

/// The preferences of all `Prefer` headers (RFC 7240), without white space.
pub(super) fn preferences(headers: &HeaderMap) -> impl Iterator<Item = String> {
    headers
        .get_all(&PREFER)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split([',', ';']))
        .map(|prefer| {
            prefer
                .chars()
                .filter(|c| !c.is_whitespace() && *c != '"')
                .collect::<String>()
                .to_ascii_lowercase()
        })
}

/// Whether the body is one of OData 4.01, which has nested deltas.
pub(super) fn takes_delta(headers: &HeaderMap) -> bool {
    let version = headers.get("odata-version");
    let version = version.and_then(|version| version.to_str().ok()?.trim().parse::<f64>().ok());
    version.is_some_and(|version| version >= 4.01)
}

pub(super) fn takes_evolved_members(headers: &HeaderMap) -> bool {
    preferences(headers).any(|prefer| prefer == "include-unknown-enum-members")
}

pub(crate) struct MediaType {
    pub(super) ieee754_compatible: bool,
}

impl MediaType {
    fn read(headers: &HeaderMap) -> Result<Self, Refusal> {
        if let Some(encoding) = headers.get(header::CONTENT_ENCODING)
            && encoding != "identity"
        {
            return Err(Refusal::unsupported_media_type(
                "The content encoding of the request is not supported.",
            ));
        }
        let text = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("");
        let mut parts = text.split(';').map(str::trim);
        let media_type = parts.next().unwrap_or("");
        if !media_type.eq_ignore_ascii_case("application/json") {
            return Err(Refusal::unsupported_media_type(
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
                return Err(Refusal::unsupported_media_type(format!(
                    "The charset '{value}' is not supported; JSON is UTF-8."
                )));
            }
        }
        Ok(MediaType { ieee754_compatible })
    }
}

/// The JSON value that a request carries.
pub(crate) fn read_json(request: &Request) -> Result<(MediaType, Value), Refusal> {
    let media_type = MediaType::read(&request.headers)?;
    let body = &request.body;
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Refusal::bad_request(
            "Empty Payload. JSON content expected.",
        ));
    }
    let value = json::parse(body).map_err(|error| {
        Refusal::bad_request(format!("Unable to read JSON request payload: {error}."))
    })?;
    Ok((media_type, value))
}
