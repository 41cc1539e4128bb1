//! A token as the `authorization` header, with what removes it from responses.

use std::sync::Arc;

use reqwest::header::HeaderValue;

use super::redact::Redactor;
use crate::secret::Secret;

/// The `authorization` header with a token. Cheap to clone.
#[derive(Clone)]
pub(super) struct Bearer(Arc<Parts>);

struct Parts {
    header: HeaderValue,
    redactor: Redactor,
}

impl Bearer {
    /// Makes the header. An error says what is wrong with the token, without showing it.
    pub(super) fn new(token: &Secret) -> Result<Self, &'static str> {
        let token = token.expose();
        if let Some(problem) = problem_of(token) {
            return Err(problem);
        }
        let mut header = HeaderValue::try_from(format!("Bearer {token}"))
            .map_err(|_| "the token holds characters that no header can carry")?;
        header.set_sensitive(true);
        let redactor = Redactor::new(token);
        Ok(Self(Arc::new(Parts { header, redactor })))
    }

    pub(super) fn header(&self) -> &HeaderValue {
        &self.0.header
    }

    pub(super) fn redactor(&self) -> &Redactor {
        &self.0.redactor
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.0.header == other.0.header
    }
}

/// The mistakes that happen when a token is read from a file, a variable or a program's output.
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
        return Some("the token holds characters outside ASCII, which no token has");
    }
    match token.split_once(' ') {
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("bearer") => {
            Some("the token begins with `Bearer`: leave that out, the client writes it")
        }
        _ => None,
    }
}
