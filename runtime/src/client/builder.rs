use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use reqwest::Url;

use super::boxed_source::BoxedSource;
use super::error::Error;
use super::setup_error::SetupError;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
use super::tls;
use super::token_cache::TokenCache;
use super::{AttemptHeaders, Client, Sender};
use crate::cloud::Cloud;
use crate::cloud::root::{Root, RootError};
use crate::request::limits::LimitCheck;
use crate::response::retry::RetryPolicy;
use crate::secret::Secret;

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
///     .pool_max_idle_per_host(4)
///     .build()?;
/// assert_eq!(client.root().as_str(), "http://127.0.0.1:8080");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ClientBuilder {
    cloud: Cloud,
    tokens: BoxedSource,
    root: Option<Root>,
    /// The error is that of the first invalid setting.
    http: Result<reqwest::ClientBuilder, SetupError>,
    retry: RetryPolicy,
    attempt_timeout: Duration,
    token_timeout: Duration,
    content_limit: usize,
    user_agent: String,
    log_bodies: bool,
    limit_check: LimitCheck,
    attempt_headers: Option<AttemptHeaders>,
}

impl ClientBuilder {
    pub(super) fn new(cloud: Cloud, tokens: BoxedSource) -> Self {
        let http = reqwest::Client::builder().connect_timeout(Duration::from_secs(10));
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        let http = tls::with_backend(http);
        Self {
            cloud,
            tokens,
            root: None,
            http: Ok(http),
            retry: RetryPolicy::default(),
            attempt_timeout: Duration::from_secs(30),
            token_timeout: Duration::from_secs(120),
            content_limit: 100 << 20,
            user_agent: concat!("msgraph-runtime/", env!("CARGO_PKG_VERSION")).to_owned(),
            log_bodies: false,
            limit_check: LimitCheck::default(),
            attempt_headers: None,
        }
    }

    fn with_http(
        mut self,
        set: impl FnOnce(reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, SetupError>,
    ) -> Self {
        self.http = self.http.and_then(set);
        self
    }

    /// Sends requests to `root`, such as an emulator or your own gateway. Tokens keep the scope of the cloud.
    #[must_use]
    pub fn root(mut self, root: Root) -> Self {
        self.root = Some(root);
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
    pub fn connect_timeout(self, timeout: Duration) -> Self {
        self.with_http(|http| Ok(http.connect_timeout(timeout)))
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

    /// The maximum size of [`Content`](crate::request::Content) that is read, in bytes, since it is kept in memory. Default
    /// 100 MiB. Large content also takes longer than [`attempt_timeout`](Self::attempt_timeout): set
    /// [`Request::timeout`](crate::Request::timeout) and [`RetryPolicy::max_total`].
    #[must_use]
    pub fn content_limit(mut self, bytes: usize) -> Self {
        self.content_limit = bytes;
        self
    }

    /// The `user-agent` header. Default `msgraph-runtime/<version>`.
    #[must_use]
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// Whether to log request and response bodies at level TRACE. Default no, since they contain the tenant's data. The
    /// token is never logged, nor are properties whose names are those of secrets, such as `password` or `clientSecret`.
    #[must_use]
    pub fn log_bodies(mut self, log: bool) -> Self {
        self.log_bodies = log;
        self
    }

    /// What to do if a request violates a documented limit: log a warning (the default), fail before sending it, or not
    /// check. `send_changes` checks against the current values too, and reads them if the result depends on them.
    #[must_use]
    pub fn limit_check(mut self, check: LimitCheck) -> Self {
        self.limit_check = check;
        self
    }

    /// Adds headers to each attempt, such as `traceparent` to continue a trace in a gateway, or a signature that a gateway needs.
    /// `headers` is called before each attempt, in the `tracing` span of the attempt.
    ///
    /// A header that the client or the request sets, such as `authorization`, is ignored. The URL that stores
    /// [`Content`](crate::request::Content) gets none of them.
    ///
    /// ```
    /// use msgraph_runtime::{AccessToken, Client, Cloud};
    /// use msgraph_runtime::sans_io::http::{HeaderMap, HeaderName, HeaderValue};
    ///
    /// fn traceparent() -> Option<HeaderValue> {
    ///     // From the current context of your tracer.
    /// #   None
    /// }
    ///
    /// let client = Client::builder(Cloud::Global, AccessToken::new("eyJ0eXAi")?)
    ///     .attempt_headers(|| {
    ///         let mut headers = HeaderMap::new();
    ///         headers.extend(traceparent().map(|value| (HeaderName::from_static("traceparent"), value)));
    ///         headers
    ///     })
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn attempt_headers(
        mut self,
        headers: impl Fn() -> HeaderMap + Send + Sync + 'static,
    ) -> Self {
        self.attempt_headers = Some(Box::new(headers));
        self
    }

    /// The proxy for requests to Graph, instead of the one in the environment (`HTTPS_PROXY`) or the settings of the
    /// system. The URL may contain a user name and a password. A root on loopback is always reached directly.
    #[must_use]
    pub fn proxy(self, url: impl Into<Secret>) -> Self {
        self.with_http(|http| {
            let proxy = reqwest::Proxy::all(url.into().expose());
            let proxy = proxy.map_err(|error| SetupError::proxy(&error))?;
            // Otherwise reqwest would keep an earlier proxy, too.
            Ok(http.no_proxy().proxy(proxy))
        })
    }

    /// Uses no proxy, not even one in the environment or the settings of the system.
    #[must_use]
    pub fn no_proxy(self) -> Self {
        self.with_http(|http| Ok(http.no_proxy()))
    }

    /// Also trusts these root certificates, such as that of a proxy that inspects traffic. `pem` may contain several.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    #[must_use]
    pub fn root_certificates_pem(self, pem: impl Into<Vec<u8>>) -> Self {
        self.with_http(|http| Ok(http.tls_certs_merge(tls::root_certificates(&pem.into())?)))
    }

    /// Also trusts this root certificate.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    #[must_use]
    pub fn root_certificate_der(self, der: impl Into<Vec<u8>>) -> Self {
        self.with_http(|http| {
            let certificate = reqwest::Certificate::from_der(&der.into());
            let certificate = certificate.map_err(|error| SetupError::certificate(&error))?;
            Ok(http.tls_certs_merge([certificate]))
        })
    }

    /// Identifies the client with this certificate (mutual TLS). `chain` is the certificate and those of its issuers,
    /// `key` the private key, both as PEM. With the feature `native-tls`, the key must be PKCS #8.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    #[must_use]
    pub fn client_certificate_pem(self, chain: impl Into<String>, key: impl Into<Secret>) -> Self {
        self.with_http(|http| Ok(http.identity(tls::identity(&chain.into(), &key.into())?)))
    }

    /// How long an idle connection is kept. Default 90 s.
    #[must_use]
    pub fn pool_idle_timeout(self, timeout: Duration) -> Self {
        self.with_http(|http| Ok(http.pool_idle_timeout(timeout)))
    }

    /// How many idle connections are kept. Default: no limit.
    #[must_use]
    pub fn pool_max_idle_per_host(self, count: usize) -> Self {
        self.with_http(|http| Ok(http.pool_max_idle_per_host(count)))
    }

    /// Changes settings of `reqwest` 0.13 for which this builder has no method. The client always turns off redirects,
    /// `referer` and retries. Each version of `reqwest` has its own feature, so a new one is not a breaking change.
    ///
    /// ```
    /// # use msgraph_runtime::{AccessToken, Client, Cloud};
    /// let token = AccessToken::new("eyJ0eXAi")?;
    /// let client = Client::builder(Cloud::Global, token)
    ///     .reqwest_0_13(|http| http.tcp_nodelay(false))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "reqwest_0_13")]
    #[must_use]
    pub fn reqwest_0_13(
        self,
        adjust: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
    ) -> Self {
        self.with_http(|http| Ok(adjust(http)))
    }

    /// Builds the client.
    ///
    /// # Errors
    /// [`ErrorKind::Setup`](crate::ErrorKind::Setup) if the HTTP client cannot be
    /// built, or a proxy, a certificate or the user agent is invalid.
    pub fn build(self) -> Result<Client, Error> {
        let Ok(user_agent) = HeaderValue::try_from(&self.user_agent) else {
            return Err(SetupError::UserAgent(self.user_agent).into());
        };
        let root = self.root.unwrap_or_else(|| self.cloud.into());
        let root_url = Url::parse(root.as_str())
            .map_err(|_| SetupError::Root(RootError::Malformed(root.as_str().to_owned())))?;
        let mut http = self.http?;
        // Plain HTTP is for loopback only. Through a proxy (set in the environment, say) the token would leave the
        // machine in plain text. Over HTTPS a proxy only sees a tunnel.
        if root_url.scheme() == "http" {
            http = http.no_proxy();
        }
        let http = http
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
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
                content_limit: self.content_limit,
                user_agent,
                log_bodies: self.log_bodies,
                limit_check: self.limit_check,
                attempt_headers: self.attempt_headers,
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
