pub(crate) mod url;

use std::fmt;
use std::str::FromStr;

use serde_json::Value as Untyped;

use self::url::{is_same_url, split_origin};
use crate::body::error::{BodyError, BodyProblem};
use crate::body::json_writer::JsonWriter;
use crate::body::value::Value;
use crate::request::path;
use crate::request::path::Key;

/// The target of a navigation property bound by reference (`manager@odata.bind`), or of an `add_ref` or `set_ref`.
///
/// Generated functions called `reference` build one: `users::reference(user_id)`.
///
/// A relative reference, with or without a leading slash, is relative to the root and API version of the request.
/// Preparing the request makes it absolute, since OData resolves a relative one against the URL of the request (OData
/// JSON 4.01, 4.3). An absolute URL is sent unchanged.
///
/// ```
/// use msgraph_runtime::edm::Reference;
///
/// let manager = Reference::to("/users/{id}", &[&"adele@contoso.com"]);
/// assert_eq!(manager.as_str(), "users/adele@contoso.com");
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Reference {
    url: String,
    /// What is wrong with a key or the template.
    problem: Option<String>,
}

/// A string that is not a valid reference.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReferenceError(String);

impl Reference {
    /// The resource at a path below the API version: `Reference::to("/users/{id}", &[&id])`. Keys are percent-encoded.
    ///
    /// If a key or the template is invalid, as for [`Request::path`](crate::Request::path), the body cannot be sent.
    pub fn to(template: &'static str, keys: &[&dyn Key]) -> Self {
        let path = path::expand(template, keys);
        let url = path.as_deref().unwrap_or(template).trim_start_matches('/');
        Self {
            url: url.to_owned(),
            problem: path.as_ref().err().map(ToString::to_string),
        }
    }

    /// The resource at a path below `api_version`, whatever the version of the request.
    pub(crate) fn within(
        api_version: &'static str,
        template: &'static str,
        keys: &[&dyn Key],
    ) -> Self {
        let reference = Self::to(template, keys);
        Self {
            url: [api_version, "/", &reference.url].concat(),
            ..reference
        }
    }

    /// The URL: absolute, or relative to the API version. The template if a key is invalid.
    pub fn as_str(&self) -> &str {
        &self.url
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    /// Accepts a URL that is not empty and contains no white space, control or non-ASCII characters.
    fn from_str(url: &str) -> Result<Self, ReferenceError> {
        if url.is_empty() || !url.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ReferenceError(url.to_owned()));
        }
        Ok(Self {
            url: url.to_owned(),
            problem: None,
        })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

impl Value for Reference {
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        if let Some(problem) = &self.problem {
            let problem = BodyProblem::InvalidReference(problem.clone());
            return Err(BodyError::new(problem));
        }
        if split_origin(&self.url).is_some() {
            writer.string(&self.url)
        } else {
            writer.relative_reference(&self.url)
        }
    }

    fn is_same(&self, current: &Untyped) -> bool {
        let url = current.as_str().filter(|_| self.problem.is_none());
        url.is_some_and(|url| is_same_url(&self.url, url))
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
