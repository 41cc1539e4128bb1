use std::fmt;

use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName};

use crate::response::fate::Media;
use crate::response::headers::text;
use crate::secret_names::without_secrets;
use crate::text::without_token;

/// A prepared request to print or log.
///
/// `Display` shows all of it, with `***` instead of the token and of secrets in the body, and the size of content that
/// is not JSON. It recognises secrets by the names of properties: it may hide too much, and it does not hide a property
/// that is secret only according to your facts. [`request`](Self::request) returns the request with the unchanged body.
/// `Debug` leaves out the body, the values of headers and the query, so it may be logged.
///
/// ```
/// use msgraph_runtime::{Cloud, Request};
/// use msgraph_runtime::request::CollectionBody;
/// use msgraph_runtime::sans_io::DryRun;
///
/// let body = CollectionBody::from(["a".to_owned()]);
/// let request = Request::put("v1.0", "/domains/names", &[], &body);
/// let dry_run = DryRun::from(request.prepare(&Cloud::Global.into())?);
/// assert_eq!(
///     dry_run.to_string(),
///     "PUT https://graph.microsoft.com/v1.0/domains/names\n\
///      authorization: Bearer ***\n\
///      accept: application/json\n\
///      content-type: application/json\n\
///      \n\
///      {\"value\":[\"a\"]}"
/// );
/// # Ok::<(), msgraph_runtime::error::RequestError>(())
/// ```
#[derive(Clone)]
pub struct DryRun(Request<Vec<u8>>);

impl DryRun {
    /// The prepared request.
    pub const fn request(&self) -> &Request<Vec<u8>> {
        &self.0
    }
}

impl From<Request<Vec<u8>>> for DryRun {
    fn from(prepared: Request<Vec<u8>>) -> Self {
        Self(prepared)
    }
}

impl fmt::Display for DryRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", self.0.method(), self.0.uri())?;
        writeln!(f, "authorization: Bearer ***")?;
        for (name, value) in self.0.headers() {
            if name != AUTHORIZATION {
                writeln!(f, "{name}: {}", String::from_utf8_lossy(value.as_bytes()))?;
            }
        }
        match self.0.body().as_slice() {
            [] => Ok(()),
            body if is_json(&self.0) => {
                let body = String::from_utf8_lossy(body);
                write!(f, "\n{}", without_secrets(&body))
            }
            content => write!(f, "\n({} bytes)", content.len()),
        }
    }
}

/// Whether the body of a prepared request is JSON, not content.
pub(crate) fn is_json<B>(prepared: &Request<B>) -> bool {
    Media::of(text(prepared.headers(), CONTENT_TYPE)) == Media::Json
}

impl fmt::Debug for DryRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&str> = self.0.headers().keys().map(HeaderName::as_str).collect();
        f.debug_struct("DryRun")
            .field("method", self.0.method())
            .field("uri", &without_token(&self.0.uri().to_string()))
            .field("headers", &headers)
            .field("body", &format_args!("{} bytes", self.0.body().len()))
            .finish()
    }
}
