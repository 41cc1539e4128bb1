//! A token source of any type, so that a client has no type parameter.

use std::future::Future;
use std::pin::Pin;

use crate::auth::access_token::AccessToken;
use crate::auth::error::TokenError;
use crate::auth::source::{TokenRequest, TokenSource};

type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>>;

/// A [`TokenSource`] that may be a trait object.
trait DynSource: Send + Sync {
    fn boxed_token(&self, request: TokenRequest) -> TokenFuture<'_>;
}

impl<S: TokenSource> DynSource for S {
    fn boxed_token(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(self.token(request))
    }
}

pub(super) struct BoxedSource(Box<dyn DynSource>);

impl BoxedSource {
    pub(super) fn new(source: impl TokenSource) -> Self {
        Self(Box::new(source))
    }

    pub(super) async fn token(&self, request: TokenRequest) -> Result<AccessToken, TokenError> {
        self.0.boxed_token(request).await
    }
}
