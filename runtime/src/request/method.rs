use std::fmt;

/// An HTTP method.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, or calls an action. Batches are sent with it.
    Post,
    /// Updates the properties in the body.
    Patch,
    /// Replaces.
    Put,
    /// Deletes, or resets a resource that always exists.
    Delete,
}

impl Method {
    /// The name in an HTTP request.
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
