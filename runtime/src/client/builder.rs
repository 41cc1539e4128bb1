use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use reqwest::Url;

use super::boxed_source::BoxedSource;
use super::error::Error;
use super::setup_error::SetupError;
use super::token_cache::TokenCache;
use super::{Client, Sender};
use crate::cloud::Cloud;
use crate::cloud::root::{Root, RootError};
use crate::response::retry::RetryPolicy;

/// Settings of a [`Client`].
///
/// ```
/// use std::time::Duration;
/// use msgraph_runtime::{AccessToken, Client, Cloud, RetryPolicy};
///
/// let client = Client::builder(Cloud::Global, AccessToken::new("eyJ0eXAi")?)
///     .root("http://127.0.0.1:8080".parse()?)
///     .retry(RetryPolicy { max_attempts: 2, ..Default::default() })
///     .attempt_timeout(Duration::from_secs(20))
///     .http(reqwest::Client::builder().pool_max_idle_per_host(4))
///     .build()?;
/// assert_eq!(client.root().as_str(), "http://127.0.0.1:8080");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ClientBuilder {
    cloud: Cloud,
    tokens: BoxedSource,
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
    pub(super) fn new(cloud: Cloud, tokens: BoxedSource) -> Self {
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

    /// Sends requests to `root`, such as an emulator or your own gateway. Tokens keep the scope of the cloud.
    #[must_use]
    pub fn root(mut self, root: Root) -> Self {
        self.root = Some(root);
        self
    }

    /// Uses these `reqwest` settings: proxies (not for a root on loopback), certificates, connection pools. The client
    /// always turns off redirects, `referer` and retries.
    #[must_use]
    pub fn http(mut self, http: reqwest::ClientBuilder) -> Self {
        self.http = http;
        self
    }

    /// When and how often to retry.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Time limit for connecting. Default 10 s.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Time limit for one attempt, from connecting to the end of the response. Default 30 s; never more than is left of
    /// [`RetryPolicy::max_total`].
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Time limit for getting a token, which does not count towards [`RetryPolicy::max_total`]. Default 120 s, since a
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

    /// Whether to log request and response bodies at level TRACE. Default no, since they contain the tenant's data. The
    /// token is never logged.
    #[must_use]
    pub fn log_bodies(mut self, log: bool) -> Self {
        self.log_bodies = log;
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// [`ErrorKind::Setup`](crate::ErrorKind::Setup) if the HTTP client cannot be built, or the user agent is not a valid header value.
    pub fn build(self) -> Result<Client, Error> {
        let Ok(user_agent) = HeaderValue::try_from(&self.user_agent) else {
            return Err(SetupError::UserAgent(self.user_agent).into());
        };
        let root = self.root.unwrap_or_else(|| self.cloud.into());
        let root_url = Url::parse(root.as_str())
            .map_err(|_| SetupError::Root(RootError::Malformed(root.as_str().to_owned())))?;
        // Plain HTTP is for loopback only. Through a proxy (set in the environment, say) the token would leave the
        // machine in plain text. Over HTTPS a proxy only sees a tunnel.
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
            .map_err(|error| SetupError::http(&error))?;
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
