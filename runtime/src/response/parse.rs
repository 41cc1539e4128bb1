use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, Response as HttpResponse};
use serde_json::Value as Untyped;

use crate::request::content::Content;
use crate::response::error::ResponseError;
use crate::response::fate::{Body, Evidence};
use crate::response::headers::text;
use crate::response::outcome::Outcome;
use crate::response::service_error;
use crate::response::success::Success;
use crate::response::typed::{ReceivedBody, Response};
use crate::text::{excerpt, strip_bom, without_userinfo};

/// Parses a response from any HTTP client, and reads its body as `R`, the response type of the request.
///
/// If you send `client-request-id`, compare it with that of the [`Outcome`] or [`ServiceError`](crate::error::ServiceError):
/// a broken proxy may return the response to another request. The client does so.
///
/// # Errors
/// If the status is not a success; if the response is not from Graph: its body is HTML, not JSON, or an error object; or
/// if the body cannot be read as `R`.
///
/// ```
/// use msgraph_runtime::error::ResponseError;
/// use msgraph_runtime::sans_io::{http, parse_response};
///
/// let response = http::Response::builder().status(204).header("request-id", "7f1c").body("")?;
/// let done = parse_response::<()>(&response)?;
/// assert_eq!((done.status, done.request_id.as_deref()), (204, Some("7f1c")));
///
/// let body = r#"{"error":{"code":"Request_BadRequest","message":"No."}}"#;
/// let response = http::Response::builder().status(400).body(body)?;
/// let Err(ResponseError::Service(error)) = parse_response::<()>(&response) else {
///     panic!("400 is an error")
/// };
/// assert_eq!(error.code(), "Request_BadRequest");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parse_response<R: Response>(
    response: &HttpResponse<impl AsRef<[u8]>>,
) -> Result<Outcome<R>, ResponseError> {
    let (status, headers) = (response.status().as_u16(), response.headers());
    let body = response.body().as_ref();
    let success = match R::IS_CONTENT {
        true => parse_content(status, headers, body.to_vec()),
        false => parse(status, headers, body),
    };
    success?.into_outcome()
}

/// Parses a response whose success has content as its body.
pub(crate) fn parse_content(
    status: u16,
    headers: &HeaderMap,
    bytes: Vec<u8>,
) -> Result<Success, ResponseError> {
    if !(200..=299).contains(&status) || status == 202 {
        return parse(status, headers, &bytes);
    }
    let evidence = Evidence::new(status, headers, Body::Foreign);
    // A file may be HTML, but so is the page of a captive portal.
    if !evidence.is_content() {
        return Err(not_graph(status, headers, &bytes));
    }
    let content_type = text(headers, CONTENT_TYPE).map(str::to_owned);
    let content = Content {
        bytes,
        content_type,
    };
    let body = ReceivedBody::Content(content);
    Ok(Success::new(status, headers, body, evidence.fate()))
}

/// Parses a response, but does not read its body as a type yet.
pub(crate) fn parse(
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Success, ResponseError> {
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
    let evidence = Evidence::new(status, headers, kind);
    if !evidence.is_success() {
        return Err(not_graph(status, headers, body));
    }
    let body = json.map_or(ReceivedBody::Empty, ReceivedBody::Json);
    Ok(Success::new(status, headers, body, evidence.fate()))
}

fn not_graph(status: u16, headers: &HeaderMap, body: &[u8]) -> ResponseError {
    ResponseError::NotGraph {
        status,
        content_type: text(headers, CONTENT_TYPE).map(str::to_owned),
        excerpt: excerpt(body),
    }
}
