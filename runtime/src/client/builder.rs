use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderValue;

use super::Client;
use super::error::{Error, SetupError};
use super::sender::Sender;
use super::token::TokenSource;
use super::token_cache::TokenCache;
use crate::cloud::Cloud;
use crate::cloud::root::{Root, RootError};
use crate::response::retry::RetryPolicy;

/// Settings of a [`Client`].
///
/// ```
/// use std::time::Duration;
/// use msgraph_runtime::{Client, Cloud, RetryPolicy, Secret};
///
/// let client = Client::builder(Cloud::Global, Secret::new("eyJ0eXAi"))
///     .root("http://127.0.0.1:8080".parse()?)
///     .retry(RetryPolicy { max_attempts: 2, ..Default::default() })
///     .connect_timeout(Duration::from_secs(5))
///     .attempt_timeout(Duration::from_secs(20))
///     .token_timeout(Duration::from_secs(60))
///     .user_agent("tenant-settings/1.0")
///     .http(reqwest::Client::builder().pool_max_idle_per_host(4))
///     .log_bodies(true)
///     .build()?;
/// assert_eq!(client.root().as_str(), "http://127.0.0.1:8080");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ClientBuilder {
    cloud: Cloud,
    tokens: Box<dyn TokenSource>,
    root: Option<Root>,
    http: reqwest::ClientBuilder,
    retry: RetryPolicy,
    connect_timeout: Duration,
    attempt_timeout: Duration,
    token_timeout: Duration,
    user_agent: String,
    log_bodies: bool,
}

impl ClientBuilder {
    pub(super) fn new(cloud: Cloud, tokens: Box<dyn TokenSource>) -> Self {
        Self {
            cloud,
            tokens,
            root: None,
            http: reqwest::Client::builder(),
            retry: RetryPolicy::default(),
            connect_timeout: Duration::from_secs(10),
            attempt_timeout: Duration::from_secs(30),
            token_timeout: Duration::from_secs(120),
            user_agent: concat!("msgraph-runtime/", env!("CARGO_PKG_VERSION")).to_owned(),
            log_bodies: false,
        }
    }

    /// Sends to another root than the cloud's: an emulator, or a gateway of your own. Tokens are still asked for with
    /// the cloud's scope.
    #[must_use]
    pub fn root(mut self, root: Root) -> Self {
        self.root = Some(root);
        self
    }

    /// Builds upon these settings of `reqwest`: proxies (not for a root on loopback), certificates, connection pools. Redirects, the `referer` header
    /// and retries are switched off whatever they say, which is why this takes a builder and not a made client.
    #[must_use]
    pub fn http(mut self, http: reqwest::ClientBuilder) -> Self {
        self.http = http;
        self
    }

    /// When to try again.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How long making a connection may take. Default 10 s.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long one try may take, from connecting to the end of the answer. Default 30 s; never more than is left of
    /// [`RetryPolicy::max_total`].
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// How long the source of tokens may take, which is not counted into [`RetryPolicy::max_total`]. Default 120 s: a
    /// person may have to sign in.
    #[must_use]
    pub fn token_timeout(mut self, timeout: Duration) -> Self {
        self.token_timeout = timeout;
        self
    }

    /// The `user-agent` header. Default `msgraph-runtime/<version>`.
    #[must_use]
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// Whether bodies are logged, of requests and answers, at level TRACE. Default no: they are the tenant's. The token is
    /// never logged.
    #[must_use]
    pub fn log_bodies(mut self, log: bool) -> Self {
        self.log_bodies = log;
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    /// [`Error::Setup`] when no HTTP client can be made, or the user agent is not fit for a header.
    pub fn build(self) -> Result<Client, Error> {
        let Ok(user_agent) = HeaderValue::try_from(&self.user_agent) else {
            return Err(SetupError::UserAgent(self.user_agent).into());
        };
        let root = self.root.unwrap_or_else(|| self.cloud.into());
        let root_url = Url::parse(root.as_str())
            .map_err(|_| SetupError::Root(RootError::Malformed(root.as_str().to_owned())))?;
        // A loopback root is plain http, and by way of a proxy (from the environment, say) the token would leave the
        // machine in plain text. Over https a proxy only sees a tunnel.
        let http = if root_url.scheme() == "http" {
            self.http.no_proxy()
        } else {
            self.http
        };
        let http = http
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .connect_timeout(self.connect_timeout)
            .build()
            .map_err(SetupError::Http)?;
        Ok(Client {
            sender: Arc::new(Sender {
                http,
                root,
                root_url,
                tokens: TokenCache::new(self.tokens, self.cloud.scope().to_owned()),
                retry: self.retry,
                attempt_timeout: self.attempt_timeout,
                token_timeout: self.token_timeout,
                user_agent,
                log_bodies: self.log_bodies,
            }),
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("cloud", &self.cloud)
            .field("root", &self.root)
            .finish_non_exhaustive()
    }
}
