use super::url_template::UrlTemplate;
use crate::response::attempts::Attempts;

/// State passed from one attempt of a call to the next.
pub(super) struct Progress {
    pub(super) client_request_id: String,
    pub(super) template: UrlTemplate,
    /// The time spent on getting tokens does not count.
    pub(super) attempts: Attempts,
    /// Whether a claims challenge was answered with a new token.
    pub(super) challenged: bool,
    /// Whether a success response is content.
    pub(super) reads_content: bool,
}

impl Progress {
    pub(super) const fn new(
        client_request_id: String,
        template: UrlTemplate,
        attempts: Attempts,
        reads_content: bool,
    ) -> Self {
        Self {
            client_request_id,
            template,
            attempts,
            challenged: false,
            reads_content,
        }
    }
}
