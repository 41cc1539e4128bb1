use std::fmt;

/// An HTTP method.
///
/// ```
/// use msgraph_runtime::{Method, Request};
///
/// assert_eq!(Request::delete("v1.0", "/users/1", &[]).method(), Method::Delete);
/// assert_eq!(Method::Patch.to_string(), "PATCH");
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Method {
    /// Read.
    Get,
    /// Create, or act; a batch is sent by it.
    Post,
    /// Change what the body names.
    Patch,
    /// Replace.
    Put,
    /// Remove, or restore the defaults where the resource always exists.
    Delete,
}

impl Method {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
