use std::sync::Arc;
use std::time::{Duration, SystemTime};

use azure_core::credentials::TokenCredential;

use super::token::{Token, TokenError, TokenFuture, TokenRequest, TokenSource};
use crate::secret::Secret;

/// A credential of `azure_core` (those of `azure_identity`, for instance) as a source of tokens.
///
/// `azure_core`'s interface has no place for a claims challenge: one ends in an error that says to sign in again.
///
/// ```
/// use std::sync::Arc;
///
/// use azure_core::credentials::TokenCredential;
/// use msgraph_runtime::{AzureCredential, Client, Cloud, Error};
///
/// // `azure_identity::AzureCliCredential::new(None)?`, for instance.
/// fn client(credential: Arc<dyn TokenCredential>) -> Result<Client, Error> {
///     Client::new(Cloud::Global, AzureCredential::new(credential))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct AzureCredential(Arc<dyn TokenCredential>);

impl AzureCredential {
    /// Takes tokens from `credential`.
    pub fn new(credential: Arc<dyn TokenCredential>) -> Self {
        Self(credential)
    }
}

impl TokenSource for AzureCredential {
    fn token(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(async move {
            if let Some(claims) = request.claims {
                return Err(TokenError::new(format!(
                    "a policy of the tenant asks for a new sign-in with the claims {claims}, which this credential cannot \
                     pass on: sign in again"
                )));
            }
            let token = self
                .0
                .get_token(&[&request.scope], None)
                .await
                .map_err(|error| {
                    TokenError::with_source(
                        format!("no token for {}: {error}", request.scope),
                        error,
                    )
                })?;
            let since_epoch =
                Duration::from_secs(u64::try_from(token.expires_on.unix_timestamp()).unwrap_or(0));
            Ok(Token {
                secret: Secret::new(token.token.secret()),
                expires_at: Some(SystemTime::UNIX_EPOCH + since_epoch),
            })
        })
    }
}
