use std::fmt;
use std::str::FromStr;

/// An entity tag (RFC 9110, 8.8.3), from the `ETag` header or `@odata.etag`.
///
/// ```
/// use msgraph_runtime::Request;
/// use msgraph_runtime::request::ETag;
///
/// let read: ETag = "W/\"7\"".parse()?;
/// let request = Request::delete("v1.0", "/planner/tasks/{id}", &[&"a"]).if_match(read);
/// # Ok::<(), msgraph_runtime::error::ETagError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct ETag(String);

/// A string that is not a valid entity tag.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ETagError(String);

impl ETag {
    /// `*`: any version, as long as the resource exists.
    pub fn any() -> Self {
        Self("*".to_owned())
    }

    /// The tag as in a header, with its quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ETag {
    type Err = ETagError;

    fn from_str(text: &str) -> Result<Self, ETagError> {
        let opaque = text.strip_prefix("W/").unwrap_or(text);
        let quoted = opaque
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        let is_valid = |byte: u8| byte.is_ascii_graphic() && byte != b'"';
        if text == "*" || quoted.is_some_and(|tag| tag.bytes().all(is_valid)) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ETagError(text.to_owned()))
        }
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for ETagError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not an entity tag: write \"...\", W/\"...\" or *",
            self.0
        )
    }
}

impl std::error::Error for ETagError {}
