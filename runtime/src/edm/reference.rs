pub(crate) mod url;

use std::fmt;
use std::str::FromStr;

use serde_json::Value as Untyped;

use self::url::{is_same_url, split_origin};
use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::value::Value;
use crate::request::error::RequestError;
use crate::request::path;
use crate::request::path::Key;

/// The target of a navigation property bound by reference (`manager@odata.bind`).
///
/// A relative reference, with or without a leading slash, is below the root and API version of the request. Preparing the
/// request makes it absolute, since OData resolves a relative one against the URL of the request (OData JSON 4.01, 4.3).
/// An absolute URL is sent unchanged.
///
/// ```
/// use msgraph_runtime::Reference;
///
/// let manager = Reference::to("/users/{id}", &[&"adele@contoso.com"])?;
/// assert_eq!(manager.as_str(), "users/adele@contoso.com");
/// # Ok::<(), msgraph_runtime::RequestError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Reference(String);

/// A string that is not a valid reference.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReferenceError(String);

impl Reference {
    /// The resource at a path below the API version: `Reference::to("/users/{id}", &[&id])`. Keys are encoded.
    ///
    /// # Errors
    /// Those of [`Request::path`](crate::Request::path).
    pub fn to(template: &'static str, keys: &[&dyn Key]) -> Result<Self, RequestError> {
        let path = path::expand(template, keys)?;
        Ok(Self(path.trim_start_matches('/').to_owned()))
    }

    /// The URL: absolute, or relative to the API version.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    /// Accepts a URL that is not empty and contains no white space, control or non-ASCII characters.
    fn from_str(url: &str) -> Result<Self, ReferenceError> {
        if url.is_empty() || !url.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ReferenceError(url.to_owned()));
        }
        Ok(Self(url.to_owned()))
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Value for Reference {
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        if split_origin(&self.0).is_some() {
            writer.string(&self.0)
        } else {
            writer.relative_reference(&self.0)
        }
    }

    fn is_same(&self, current: &Untyped) -> bool {
        current
            .as_str()
            .is_some_and(|url| is_same_url(&self.0, url))
    }
}

impl fmt::Display for ReferenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a valid reference: a URL, not empty and percent-encoded",
            self.0
        )
    }
}

impl std::error::Error for ReferenceError {}
