use std::fmt;

use crate::request::builder::Request;

/// `url.template`: the path with its placeholders, which names no resource.
#[derive(Clone, Copy, Debug)]
pub(super) struct UrlTemplate {
    pub(super) api_version: &'static str,
    pub(super) path: &'static str,
}

impl UrlTemplate {
    pub(super) fn of<R>(request: &Request<'_, R>) -> Self {
        Self {
            api_version: request.api_version(),
            path: request.template(),
        }
    }

    /// The template of a batch.
    pub(super) const fn of_batch(api_version: &'static str) -> Self {
        let path = "/$batch";
        Self { api_version, path }
    }
}

impl fmt::Display for UrlTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}{}", self.api_version, self.path)
    }
}
