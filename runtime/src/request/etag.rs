use std::fmt;
use std::str::FromStr;

/// An entity tag (RFC 9110, 8.8.3), as Graph gives it in the `ETag` header and in `@odata.etag`.
///
/// ```
/// use msgraph_runtime::{ETag, Request};
///
/// let read: ETag = "W/\"7\"".parse()?;
/// let request = Request::delete("v1.0", "/planner/tasks/{id}", &[&"a"]).if_match(read);
/// assert!(request.headers()?.contains(&("if-match".into(), "W/\"7\"".into())));
/// assert_eq!(ETag::any().as_str(), "*");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct ETag(String);

/// Text that is no entity tag.
///
/// ```
/// use msgraph_runtime::ETag;
///
/// let error = "without quotes".parse::<ETag>().unwrap_err();
/// assert_eq!(error.to_string(), "\"without quotes\" is not an entity tag: write \"...\", W/\"...\" or *");
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ETagError(String);

impl ETag {
    /// `*`: any version, so long as the resource exists.
    pub fn any() -> Self {
        Self("*".to_owned())
    }

    /// The tag as it stands in a header, quotes included.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ETag {
    type Err = ETagError;

    fn from_str(text: &str) -> Result<Self, ETagError> {
        let opaque = text.strip_prefix("W/").unwrap_or(text);
        let inner = opaque
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        let valid = text == "*"
            || inner.is_some_and(|inner| {
                inner
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && byte != b'"')
            });
        if valid {
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
