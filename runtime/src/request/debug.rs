//! `Debug` of requests, without the values that they send: some are passwords.

use std::fmt;

use crate::body::structured::{self, Structured};
use crate::request::Request;
use crate::request::prepared::PreparedRequest;

/// Shows the names of the properties that a body sets.
struct BodyNames<'a>(&'a dyn Structured);

impl fmt::Debug for BodyNames<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.0.type_name())?;
        f.debug_set()
            .entries(structured::selection(self.0))
            .finish()
    }
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let permissions: Vec<&str> = self.permissions().collect();
        let roles: Vec<&str> = self.roles().collect();
        f.debug_struct("Request")
            .field("method", &self.method())
            .field("api_version", &self.api_version())
            .field("template", &self.template())
            .field("path", &self.path())
            .field("query", &self.query_options())
            .field("body", &self.body().map(BodyNames))
            .field("headers", &self.own_header_names())
            .field("permissions", &permissions)
            .field("roles", &roles)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for PreparedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_ref()).collect();
        let length = self.body.as_ref().map(Vec::len);
        f.debug_struct("PreparedRequest")
            .field("method", &self.method)
            .field("url", &self.url)
            .field("headers", &headers)
            .field("body", &length.map(|length| format!("{length} bytes")))
            .finish()
    }
}
