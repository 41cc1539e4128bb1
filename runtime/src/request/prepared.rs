use std::borrow::Cow;
use std::fmt;

use crate::request::method::Method;

/// Headers, with their names in lower case.
pub type HeaderList = Vec<(Cow<'static, str>, Cow<'static, str>)>;

/// A request as it goes over the wire, except for the token.
///
/// `Display` shows all of it, with `***` instead of the token. `Debug` leaves out the body and the values of headers, so
/// that it may be logged.
///
/// ```
/// use msgraph_runtime::{Cloud, CollectionBody, Request};
///
/// let body = CollectionBody::from(["a".to_owned()]);
/// let prepared = Request::put("v1.0", "/domains/names", &[], &body).prepare(&Cloud::Global.into())?;
/// assert_eq!(
///     prepared.to_string(),
///     "PUT https://graph.microsoft.com/v1.0/domains/names\n\
///      authorization: Bearer ***\n\
///      accept: application/json\n\
///      content-type: application/json\n\
///      \n\
///      {\"value\":[\"a\"]}"
/// );
/// # Ok::<(), msgraph_runtime::RequestError>(())
/// ```
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct PreparedRequest {
    /// The HTTP method.
    pub method: Method,
    /// The whole URL, percent-encoded.
    pub url: String,
    /// All headers except `authorization`, `client-request-id` and those of the transport.
    pub headers: HeaderList,
    /// The body, as JSON.
    pub body: Option<Vec<u8>>,
    /// Whether the request may be sent again if the previous attempt may have been applied.
    ///
    /// Not idempotent are: a DELETE; a request with `If-Match`, since the first attempt may have changed the version; a
    /// body that adds references to a collection (`members@odata.bind` with at least one item), since Graph rejects a
    /// reference that already exists; and a nested delta, since an item without a key would be added again.
    pub idempotent: bool,
}

impl fmt::Display for PreparedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", self.method, self.url)?;
        writeln!(f, "authorization: Bearer ***")?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {value}")?;
        }
        match &self.body {
            Some(body) => write!(f, "\n{}", String::from_utf8_lossy(body)),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for PreparedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_ref()).collect();
        let length = self.body.as_ref().map(Vec::len);
        f.debug_struct("PreparedRequest")
            .field("method", &self.method)
            .field("url", &self.url)
            .field("headers", &headers)
            .field("body", &length.map(|length| format!("{length} bytes")))
            .finish_non_exhaustive()
    }
}
