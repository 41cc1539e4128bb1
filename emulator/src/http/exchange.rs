//! A request and its response, as logged.

use hyper::{HeaderMap, header};

use crate::fault::Fault;
use crate::service::message::{Body, ServiceRequest, ServiceResponse};

/// A request that the emulator received, and its response.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exchange {
    /// `GET`, `PATCH`, ….
    pub method: String,
    /// The path as sent, with the API version and percent-encoding.
    pub path: String,
    /// The query as sent, without the `?`.
    pub query: Option<String>,
    /// Names in lower case and values, in the order sent. The value of `authorization` is
    /// `Bearer ***`.
    pub headers: Vec<(String, String)>,
    /// The body, with bytes that are not UTF-8 replaced.
    pub body: String,
    /// `None` if the connection was closed without a response.
    pub response: Option<ExchangeResponse>,
    /// What the response does not reveal: with
    /// [`Builder::enforce_permissions`](crate::Builder::enforce_permissions), the permission that the token
    /// lacks, or that there is no permission data for the operation.
    pub note: Option<String>,
    /// The fault that was applied to the request.
    pub fault: Option<Fault>,
    /// The requests of a batch, in processing order. A fault of one is in its exchange.
    pub items: Vec<Exchange>,
}

/// The response in an [`Exchange`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExchangeResponse {
    /// The HTTP status code.
    pub status: u16,
    /// Names in lower case and values.
    pub headers: Vec<(String, String)>,
    /// The body, or an empty string.
    pub body: String,
}

impl Exchange {
    pub(super) fn new(
        request: &ServiceRequest,
        response: Option<&ServiceResponse>,
        fault: Option<Fault>,
        items: Vec<Exchange>,
    ) -> Self {
        Exchange {
            method: request.method.to_string(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: without_secrets(&request.headers),
            body: String::from_utf8_lossy(&request.body).into_owned(),
            response: response.map(|response| ExchangeResponse {
                status: response.status.as_u16(),
                headers: without_secrets(&response.headers),
                body: match &response.body {
                    None => String::new(),
                    Some(Body::Json(body)) => body.to_string(),
                    Some(Body::Text(text)) => text.clone(),
                    Some(Body::Bytes(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
                    Some(Body::Oversized(bytes)) => format!("(an error of {bytes} bytes)"),
                },
            }),
            note: response.and_then(|response| response.note.clone()),
            fault,
            items,
        }
    }

    /// A request header by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// The status code of the response, if there is one.
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|response| response.status)
    }

    /// Approximate size in memory.
    pub(super) fn bytes(&self) -> usize {
        let headers = |headers: &[(String, String)]| -> usize {
            let sizes = headers.iter().map(|(name, value)| name.len() + value.len());
            sizes.sum()
        };
        let response = self.response.as_ref();
        let response = response.map_or(0, |response| {
            response.body.len() + headers(&response.headers)
        });
        let query = self.query.as_ref().map_or(0, String::len);
        let items: usize = self.items.iter().map(Exchange::bytes).sum();
        self.path.len() + query + headers(&self.headers) + self.body.len() + response + items
    }
}

impl ExchangeResponse {
    /// A header by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

fn find<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    let mut headers = headers.iter();
    headers
        .find(|(header, _)| header == name)
        .map(|(_, value)| value.as_str())
}

fn without_secrets(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            let value = match *name == header::AUTHORIZATION {
                true => redacted(value.as_bytes()).to_owned(),
                false => String::from_utf8_lossy(value.as_bytes()).into_owned(),
            };
            (name.as_str().to_owned(), value)
        })
        .collect()
}

fn redacted(authorization: &[u8]) -> &'static str {
    match authorization.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case(b"bearer ") => "Bearer ***",
        _ => "***",
    }
}

#[cfg(test)]
mod tests {
    use super::redacted;

    #[test]
    fn tokens_are_redacted_whatever_their_scheme() {
        assert_eq!(redacted(b"Bearer abc"), "Bearer ***");
        assert_eq!(redacted(b"bearer abc"), "Bearer ***");
        assert_eq!(redacted(b"abc"), "***");
        assert_eq!(redacted(b"Basic abc"), "***");
    }
}
