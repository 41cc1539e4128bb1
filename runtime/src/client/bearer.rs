//! The token as a header, together with its redactor.

use std::sync::Arc;

use bytes::Bytes;
use http::HeaderValue;
use zeroize::Zeroizing;

use super::redact::Redactor;
use crate::auth::access_token::AccessToken;
use crate::auth::error::TokenError;

/// A token with its `authorization` header. Cheap to clone.
#[derive(Clone)]
pub(super) struct Bearer {
    shared: Arc<Shared>,
}

struct Shared {
    token: AccessToken,
    header: HeaderValue,
    redactor: Redactor,
}

impl Bearer {
    pub(super) fn new(token: AccessToken) -> Result<Self, TokenError> {
        let secret = token.secret().expose();
        // Zeroed when the last clone of the header is dropped. One allocation, so that growing leaves no copy behind.
        let header = Zeroizing::new(["Bearer ", secret].concat().into_bytes());
        let mut header = HeaderValue::from_maybe_shared(Bytes::from_owner(header))
            .map_err(|_| TokenError::new("the token is not a valid header value"))?;
        header.set_sensitive(true);
        let redactor = Redactor::new(secret);
        let shared = Shared {
            token,
            header,
            redactor,
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    pub(super) fn token(&self) -> &AccessToken {
        &self.shared.token
    }

    pub(super) fn header(&self) -> &HeaderValue {
        &self.shared.header
    }

    pub(super) fn redactor(&self) -> &Redactor {
        &self.shared.redactor
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.token().secret() == other.token().secret()
    }
}
