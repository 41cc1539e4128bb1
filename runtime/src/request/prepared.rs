//! A request as it goes over the wire.

use std::borrow::Cow;
use std::fmt;

use crate::request::method::Method;

/// Header names in lower case, with their values.
///
/// ```
/// use msgraph_runtime::Request;
///
/// let headers = Request::get("v1.0", "/organization", &[]).headers()?;
/// assert_eq!(headers, [("accept".into(), "application/json".into())]);
/// # Ok::<(), msgraph_runtime::RequestError>(())
/// ```
pub type HeaderList = Vec<(Cow<'static, str>, Cow<'static, str>)>;

/// A prepared request, apart from the root and API version it goes to.
pub(crate) struct WithinVersion<'r> {
    pub(crate) url: Cow<'r, str>,
    pub(crate) headers: HeaderList,
    pub(crate) body: Option<Vec<u8>>,
}

/// A request as it goes over the wire, except the token.
///
/// `Display` shows it as text for a person, with `***` in place of the token. `Debug`, which ends up in logs, leaves out the
/// body and the values of headers.
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
    /// The URL, root included, everything encoded.
    pub url: String,
    /// Names in lower case, with their values.
    pub headers: HeaderList,
    /// The body, JSON.
    pub body: Option<Vec<u8>>,
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
