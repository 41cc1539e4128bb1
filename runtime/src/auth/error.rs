use std::fmt;
use std::sync::Arc;

/// There is no valid token: a source failed, or a string is not a token.
#[derive(Clone, Debug)]
pub struct TokenError {
    message: String,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    /// Whether the source exceeded the client's time limit.
    #[cfg(feature = "client")]
    timed_out: bool,
}

impl TokenError {
    /// An error with this message, which must not contain secrets.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
            #[cfg(feature = "client")]
            timed_out: false,
        }
    }

    #[cfg(feature = "client")]
    pub(crate) fn timed_out(limit: std::time::Duration) -> Self {
        Self {
            timed_out: true,
            ..Self::new(format!("the token source did not respond within {limit:?}"))
        }
    }

    #[cfg(feature = "client")]
    pub(crate) const fn is_timeout(&self) -> bool {
        self.timed_out
    }

    /// An error with this message and cause.
    pub fn with_source(
        message: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self {
            source: Some(source.into().into()),
            ..Self::new(message)
        }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TokenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn std::error::Error + 'static))
    }
}
