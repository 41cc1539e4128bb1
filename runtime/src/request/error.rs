use std::fmt;

use crate::body::error::BodyError;

/// A request that cannot be sent as it stands.
///
/// ```
/// use msgraph_runtime::{Request, RequestError};
///
/// // It would be the path of all users.
/// let error = Request::delete("v1.0", "/users/{id}", &[&""]).path().unwrap_err();
/// assert!(matches!(error, RequestError::EmptyKey { .. }));
/// let error = Request::get("v1.0", "/users", &[]).header("authorization", "Bearer x").headers().unwrap_err();
/// assert_eq!(error.to_string(), "header \"authorization\" cannot be set here");
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum RequestError {
    /// An empty key would make another path: the one of the collection.
    EmptyKey {
        /// The placeholder's name.
        placeholder: String,
    },
    /// A key `.` or `..`: URL libraries take it for a step in the path, even when it is encoded.
    DotKey {
        /// The placeholder's name.
        placeholder: String,
        /// The key.
        key: String,
    },
    /// As many keys as placeholders are needed.
    KeyCount {
        /// The path template.
        template: &'static str,
        /// How many placeholders it has.
        placeholders: usize,
        /// How many keys were given.
        keys: usize,
    },
    /// A template with a brace that has no partner.
    Template {
        /// The path template.
        template: &'static str,
    },
    /// The body cannot be written.
    Body(BodyError),
    /// The patch sets no field: sending it could only do harm.
    EmptyPatch {
        /// The qualified name of the patch's type.
        type_name: &'static str,
    },
    /// Graph wants `If-Match` here; give [`Request::if_match`](crate::Request::if_match) the ETag that was read with the resource.
    MissingIfMatch,
    /// A header that cannot be set by the caller: not a header name, a value with control characters, or one of those
    /// that the client sets itself.
    Header {
        /// The header's name.
        name: String,
    },
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyKey { placeholder } => write!(f, "the key for {{{placeholder}}} is empty"),
            Self::DotKey { placeholder, key } => {
                write!(
                    f,
                    "the key for {{{placeholder}}} is {key:?}, which a URL takes for a step in the path"
                )
            }
            Self::KeyCount {
                template,
                placeholders,
                keys,
            } => {
                write!(
                    f,
                    "{template} has {placeholders} placeholders, but {keys} keys were given"
                )
            }
            Self::Template { template } => write!(f, "{template} has a brace without its partner"),
            Self::Body(error) => write!(f, "the body cannot be written: {error}"),
            Self::EmptyPatch { type_name } => write!(f, "the update of {type_name} sets nothing"),
            Self::MissingIfMatch => f.write_str(
                "this resource is changed only with If-Match: give the ETag read with it",
            ),
            Self::Header { name } => write!(f, "header {name:?} cannot be set here"),
        }
    }
}

impl std::error::Error for RequestError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Body(error) => Some(error),
            _ => None,
        }
    }
}

impl From<BodyError> for RequestError {
    fn from(error: BodyError) -> Self {
        Self::Body(error)
    }
}
