use std::sync::Arc;
use std::time::{Duration, SystemTime};

use azure_core::credentials::TokenCredential;

use super::access_token::AccessToken;
use super::error::TokenError;
use super::source::{TokenRequest, TokenSource};

/// Gets tokens from a credential of `azure_core`, such as those of `azure_identity`.
///
/// These credentials cannot satisfy a claims challenge: the call then fails, and the error says to sign in again.
///
/// ```
/// use std::sync::Arc;
///
/// use azure_core::credentials::TokenCredential;
/// use msgraph_runtime::auth::AzureCredential;
/// use msgraph_runtime::{Client, Cloud, Error};
///
/// // `credential` is, for example, `azure_identity::AzureCliCredential::new(None)?`.
/// fn client(credential: Arc<dyn TokenCredential>) -> Result<Client, Error> {
///     Client::new(Cloud::Global, AzureCredential::new(credential))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct AzureCredential(Arc<dyn TokenCredential>);

impl AzureCredential {
    /// A source that gets its tokens from `credential`.
    pub fn new(credential: Arc<dyn TokenCredential>) -> Self {
        Self(credential)
    }
}

impl TokenSource for AzureCredential {
    async fn token(&self, request: TokenRequest) -> Result<AccessToken, TokenError> {
        if let Some(claims) = request.claims {
            return Err(TokenError::new(format!(
                "a policy of the tenant requires the claims {claims}, which this credential cannot request: sign in again"
            )));
        }
        let token = self.0.get_token(&[&request.scope], None).await;
        let token = token.map_err(|error| {
            let message = format!("{error} (scope {})", request.scope);
            TokenError::with_source(message, error)
        })?;
        let since_epoch = u64::try_from(token.expires_on.unix_timestamp()).unwrap_or(0);
        let expires_at = SystemTime::UNIX_EPOCH + Duration::from_secs(since_epoch);
        Ok(AccessToken::new(token.token.secret())?.with_expiry(expires_at))
    }
}
