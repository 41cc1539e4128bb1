use std::fmt;
use std::str::FromStr;

use crate::{BodyError, JsonWriter, Key, RequestError, Value, path};

/// The target of a navigation property bound by reference (`manager@odata.bind`): a URL, absolute or relative to the
/// API version's root.
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

/// Text that is no URL to bind to.
///
/// ```
/// use msgraph_runtime::Reference;
///
/// assert!("".parse::<Reference>().is_err());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReferenceError(String);

impl Reference {
    /// The resource at a path below the API version's root, keys encoded as in a request:
    /// `Reference::to("/users/{id}", &[&id])`.
    ///
    /// # Errors
    /// As [`Request::path`](crate::Request::path).
    pub fn to(template: &'static str, keys: &[&dyn Key]) -> Result<Self, RequestError> {
        let path = path::expand(template, keys)?;
        // A relative reference without a leading slash resolves below the version; with one, at the host's root.
        Ok(Self(path.trim_start_matches('/').to_owned()))
    }

    /// The URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    /// Takes a URL as it is; it must not be empty nor hold white space, control or non-ASCII characters.
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
        writer.string(&self.0)
    }
}

impl fmt::Display for ReferenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a URL to refer to: it must be encoded and not empty",
            self.0
        )
    }
}

impl std::error::Error for ReferenceError {}
