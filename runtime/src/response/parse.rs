use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, Response};
use serde_json::Value as Untyped;

use crate::response::error::ResponseError;
use crate::response::fate::{Body, Evidence};
use crate::response::headers::text;
use crate::response::outcome::Outcome;
use crate::response::service_error;
use crate::text::{excerpt, strip_bom, without_userinfo};

/// Parses a response from any HTTP client.
///
/// If you send `client-request-id`, compare it with that of the [`Outcome`] or [`ServiceError`](crate::ServiceError):
/// a broken proxy may return the response to another request. The client does so.
///
/// # Errors
/// If the status is not a success, or the response is not from Graph: its body is HTML, not JSON, or an error object.
///
/// ```
/// use msgraph_runtime::{Effect, ResponseError};
/// use msgraph_runtime::sans_io::{http, parse_response};
///
/// let response = http::Response::builder().status(204).header("request-id", "7f1c").body("")?;
/// let done = parse_response(&response)?;
/// assert_eq!((done.effect, done.request_id.as_deref()), (Effect::Done, Some("7f1c")));
///
/// let body = r#"{"error":{"code":"Request_BadRequest","message":"No."}}"#;
/// let response = http::Response::builder().status(400).body(body)?;
/// let Err(ResponseError::Service(error)) = parse_response(&response) else {
///     panic!("400 is an error")
/// };
/// assert_eq!(error.code(), "Request_BadRequest");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parse_response(response: &Response<impl AsRef<[u8]>>) -> Result<Outcome, ResponseError> {
    let body = response.body().as_ref();
    parse(response.status().as_u16(), response.headers(), body)
}

pub(crate) fn parse(
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Outcome, ResponseError> {
    match status {
        200..=299 => {}
        300..=399 => {
            return Err(ResponseError::Redirect {
                status,
                location: text(headers, LOCATION).map(without_userinfo),
            });
        }
        _ => return Err(ResponseError::of_service(status, headers, body)),
    }
    let is_empty = body.iter().all(u8::is_ascii_whitespace);
    let json = match is_empty {
        true => None,
        false => serde_json::from_slice::<Untyped>(strip_bom(body)).ok(),
    };
    let kind = match &json {
        None if is_empty => Body::Empty,
        None => Body::Foreign,
        Some(json) if service_error::is_error_response(json) => Body::Error,
        Some(_) => Body::Json,
    };
    if kind == Body::Error {
        return Err(ResponseError::of_service(status, headers, body));
    }
    if !Evidence::new(status, headers, kind).is_success() {
        return Err(ResponseError::NotGraph {
            status,
            content_type: text(headers, CONTENT_TYPE).map(str::to_owned),
            excerpt: excerpt(body),
        });
    }
    Ok(Outcome::of_success(status, headers, json))
}
