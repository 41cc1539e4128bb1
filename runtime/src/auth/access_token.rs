use std::time::SystemTime;

use super::error::TokenError;
use super::token_permissions::TokenPermissions;
use crate::secret::Secret;

/// An access token for Graph. A [`TokenSource`](crate::auth::TokenSource) returns one. A token is also itself a source,
/// for a client that always sends the same token.
///
/// ```
/// use msgraph_runtime::AccessToken;
///
/// // As read from a file or from the output of a program.
/// let token = AccessToken::new("eyJ0eXAi\n")?;
/// assert_eq!(token.secret().expose(), "eyJ0eXAi");
/// assert!(AccessToken::new("").is_err());
/// # Ok::<(), msgraph_runtime::auth::TokenError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AccessToken {
    secret: Secret,
    expires_at: Option<SystemTime>,
}

impl AccessToken {
    /// Validates a token. Line breaks at its end are removed.
    ///
    /// # Errors
    /// If the string is empty or cannot be sent as a token. The error does not contain it.
    pub fn new(token: impl Into<Secret>) -> Result<Self, TokenError> {
        let secret: Secret = token.into();
        let trimmed = secret.expose().trim_end_matches(['\n', '\r']);
        if let Some(problem) = problem_of(trimmed) {
            return Err(TokenError::new(problem));
        }
        let secret = if trimmed.len() < secret.expose().len() {
            Secret::new(trimmed)
        } else {
            secret
        };
        Ok(Self {
            secret,
            expires_at: None,
        })
    }

    /// Sets when the token expires. Without an expiry, a client uses the token until Graph rejects it.
    #[must_use]
    pub fn with_expiry(mut self, expires_at: SystemTime) -> Self {
        self.expires_at = Some(expires_at);
        self
    }

    /// The token itself.
    pub const fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The permissions in the claims of the token; `None` if it is not a JWT. The format of a token is not documented for
    /// clients and may change, so use them in messages only.
    pub fn permissions(&self) -> Option<TokenPermissions> {
        TokenPermissions::read(self.secret.expose())
    }

    /// When the token expires, if known.
    pub const fn expires_at(&self) -> Option<SystemTime> {
        self.expires_at
    }
}

/// Finds the usual mistakes of reading a token from a file, a variable or the output of a program.
fn problem_of(token: &str) -> Option<&'static str> {
    let trimmed = token.trim();
    if trimmed.is_empty() {
        return Some("the token is empty");
    }
    if trimmed.len() < token.len() {
        return Some("the token begins or ends with white space: trim it");
    }
    // Usually a byte order mark.
    if !token.is_ascii() {
        return Some("the token contains non-ASCII characters");
    }
    if token.contains(|c: char| c.is_ascii_control()) {
        return Some("the token contains a line break or another control character");
    }
    match token.split_once(' ') {
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("bearer") => {
            Some("the token begins with `Bearer`: remove it, since the client adds it")
        }
        _ => None,
    }
}
