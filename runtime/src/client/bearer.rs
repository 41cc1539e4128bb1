//! The token as a header, together with its redactor.

use std::sync::Arc;

use reqwest::header::HeaderValue;

use super::redact::Redactor;
use crate::secret::Secret;

/// The `authorization` header. Cheap to clone.
#[derive(Clone)]
pub(super) struct Bearer {
    header: HeaderValue,
    redactor: Arc<Redactor>,
}

impl Bearer {
    /// An error says what is wrong with the token, without its value.
    pub(super) fn new(token: &Secret) -> Result<Self, &'static str> {
        let token = token.expose();
        if let Some(problem) = problem_of(token) {
            return Err(problem);
        }
        let mut header = HeaderValue::try_from(format!("Bearer {token}"))
            .map_err(|_| "the token contains characters that are not allowed in a header")?;
        header.set_sensitive(true);
        let redactor = Arc::new(Redactor::new(token));
        Ok(Self { header, redactor })
    }

    pub(super) fn header(&self) -> &HeaderValue {
        &self.header
    }

    pub(super) fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.header == other.header
    }
}

/// Finds the usual mistakes of reading a token from a file, a variable or the output of a program.
fn problem_of(token: &str) -> Option<&'static str> {
    let trimmed = token.trim();
    if trimmed.is_empty() {
        return Some("the token is empty");
    }
    let (before, after) = token.split_once(trimmed)?;
    if before.contains(['\n', '\r']) {
        return Some("the token begins with a line break: trim it");
    }
    if after.contains(['\n', '\r']) {
        return Some("the token ends with a line break: trim it");
    }
    if trimmed != token {
        return Some("the token begins or ends with white space: trim it");
    }
    // Usually a byte order mark.
    if !token.is_ascii() {
        return Some("the token contains non-ASCII characters");
    }
    match token.split_once(' ') {
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("bearer") => {
            Some("the token begins with `Bearer`: remove it, since the client adds it")
        }
        _ => None,
    }
}
