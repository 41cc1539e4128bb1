//! The sender: a request value in, a typed outcome or error out.

mod attempt;
#[cfg(feature = "azure")]
mod azure;
mod batch;
mod bearer;
mod error;
mod json_cost;
mod redact;
mod token;
mod watched_body;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use reqwest::Url;
use reqwest::header::HeaderValue;
use tracing::Instrument;
use tracing::field::Empty;

#[cfg(feature = "azure")]
pub use azure::AzureCredential;
pub use error::{Call, Error, SetupError, TransportError};
pub use token::{Token, TokenError, TokenFuture, TokenRequest, TokenSource};

use crate::body::diff::diff;
use crate::body::structured;
use crate::cloud::Cloud;
use crate::cloud::root::{Root, RootError};
use crate::request::Request;
use crate::request::error::RequestError;
use crate::request::etag::ETag;
use crate::request::method::Method;
use crate::request::prepared::PreparedRequest;
use crate::response::fate::Fate;
use crate::response::outcome::{AnswerError, Outcome};
use crate::response::retry::{FailedTry, Failure, GiveUpReason, NextStep, RetryPolicy, next_step};
use attempt::Tried;
use bearer::Bearer;
use token::TokenCache;

/// Sends requests to Graph.
///
/// Cheap to clone; clones share connections and the token. It holds to these, whatever it is told:
/// the token goes to the root's origin only, redirects are not followed, no `referer` is sent, and plain http is for
/// loopback.
///
/// ```no_run
/// use msgraph_runtime::{Client, Cloud, Request, Secret};
///
/// # async fn read(token: String) -> Result<(), msgraph_runtime::Error> {
/// let client = Client::new(Cloud::Global, Secret::new(token))?;
/// let outcome = client.send(Request::get("v1.0", "/users/{id}", &[&"adele@contoso.com"]).select(["displayName"])).await?;
/// println!("{:?}, request-id {:?}", outcome.resource(), outcome.request_id);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    http: reqwest::Client,
    root: Root,
    root_url: Url,
    tokens: TokenCache,
    retry: RetryPolicy,
    try_timeout: Duration,
    token_timeout: Duration,
    user_agent: HeaderValue,
    log_bodies: bool,
}

/// Settings of a [`Client`].
///
/// ```
/// use std::time::Duration;
/// use msgraph_runtime::{Client, Cloud, RetryPolicy, Secret};
///
/// let client = Client::builder(Cloud::Global, Secret::new("eyJ0eXAi"))
///     .root("http://127.0.0.1:8080".parse()?)
///     .retry(RetryPolicy { max_tries: 2, ..Default::default() })
///     .connect_timeout(Duration::from_secs(5))
///     .try_timeout(Duration::from_secs(20))
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
    try_timeout: Duration,
    token_timeout: Duration,
    user_agent: String,
    log_bodies: bool,
}

impl Client {
    /// A client for a cloud, with the defaults of [`ClientBuilder`].
    ///
    /// # Errors
    /// [`Error::Setup`] when no HTTP client can be made.
    pub fn new(cloud: Cloud, tokens: impl TokenSource) -> Result<Self, Error> {
        Self::builder(cloud, tokens).build()
    }

    /// A client to be set up further.
    pub fn builder(cloud: Cloud, tokens: impl TokenSource) -> ClientBuilder {
        ClientBuilder {
            cloud,
            tokens: Box::new(tokens),
            root: None,
            http: reqwest::Client::builder(),
            retry: RetryPolicy::default(),
            connect_timeout: Duration::from_secs(10),
            try_timeout: Duration::from_secs(30),
            token_timeout: Duration::from_secs(120),
            user_agent: concat!("msgraph-runtime/", env!("CARGO_PKG_VERSION")).to_owned(),
            log_bodies: false,
        }
    }

    /// Where requests go.
    pub fn root(&self) -> &Root {
        &self.inner.root
    }

    /// What [`send`](Self::send) would send, without the token; nothing is sent and no token asked for. Shown as text
    /// by `Display`. `client-request-id` is fresh in each call and not in it.
    ///
    /// # Errors
    /// As [`Request::prepare`].
    pub fn dry_run(&self, request: &Request<'_>) -> Result<PreparedRequest, RequestError> {
        request.prepare(&self.inner.root)
    }

    /// Sends a request, again where [`next_step`] says so.
    ///
    /// To cancel, drop the future; what was under way by then may still be applied.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::fate`] says what became of the request.
    pub async fn send(&self, request: Request<'_>) -> Result<Outcome, Error> {
        let prepared = request.prepare(&self.inner.root)?;
        let id = fresh_id();
        let span = tracing::info_span!(
            "graph_request",
            method = request.method().as_str(),
            api_version = request.api_version(),
            path = request.template(),
            client_request_id = id.as_str(),
            status = Empty,
            tries = Empty,
            request_id = Empty,
        );
        let result = self
            .inner
            .send(&request, prepared, id)
            .instrument(span.clone())
            .await;
        record(&span, &result);
        result
    }

    /// Reads back what `request` would write: sends its [`to_get`](Request::to_get).
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn read_back(&self, request: &Request<'_>) -> Result<Outcome, Error> {
        self.send(request.to_get()).await
    }

    /// Reads the resource, and sends only the fields that differ from its current values; `None` when nothing does.
    ///
    /// [`diff`](crate::diff()) decides what differs: values, not spellings. A PUT that differs is sent as a whole, since
    /// it would remove what it leaves out. Where Graph requires `If-Match` and the request has none, the version that was
    /// read is sent. Elsewhere another caller may change the resource between the reading and the update: give the
    /// request an [`if_match`](Request::if_match) of your own to rule that out.
    ///
    /// The reading asks for the properties that the update sets, and that leaves out what is behind navigation
    /// properties. So references (`…@odata.bind`) are sent each time, although Graph rejects one that a collection has
    /// already. Read them yourself and call [`send_changes_from`](Self::send_changes_from).
    ///
    /// # Errors
    /// As [`send`](Self::send), of the reading or of the update; [`Error::fate`] is [`Fate::Harmless`] for the former.
    pub async fn send_changes(&self, request: Request<'_>) -> Result<Option<Outcome>, Error> {
        if request.body().is_none() {
            return self.send(request).await.map(Some);
        }
        check_not_empty(&request)?;
        let read = self.read_back(&request).await?;
        let current = read.resource().unwrap_or(&serde_json::Value::Null);
        self.send_difference(request, current, read.etag.clone())
            .await
    }

    /// Sends only the fields that differ from `current`, the resource as the caller has read it; `None` when nothing
    /// does.
    ///
    /// For what [`send_changes`](Self::send_changes) does not read. To bind only the members that a group does not have:
    ///
    /// ```no_run
    /// # use msgraph_runtime::{Client, Error, Request};
    /// # async fn add(client: Client, update: Request<'_>) -> Result<(), Error> {
    /// let group = Request::get("v1.0", "/groups/{id}", &[&"7"]).query("$expand", "members($select=id)");
    /// let read = client.send(group).await?;
    /// let current = read.resource().cloned().unwrap_or_default();
    /// client.send_changes_from(update, &current).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// Graph expands at most 20 entities. Of more, read `/groups/{id}/members` page by page, and put them into
    /// `current["members"]`.
    ///
    /// Where Graph requires `If-Match` and the request has none, the `@odata.etag` of `current` is sent.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_changes_from(
        &self,
        request: Request<'_>,
        current: &serde_json::Value,
    ) -> Result<Option<Outcome>, Error> {
        check_not_empty(&request)?;
        let etag = current
            .get("@odata.etag")
            .and_then(serde_json::Value::as_str);
        let etag = etag.and_then(|etag| etag.parse().ok());
        self.send_difference(request, current, etag).await
    }

    async fn send_difference(
        &self,
        request: Request<'_>,
        current: &serde_json::Value,
        version: Option<ETag>,
    ) -> Result<Option<Outcome>, Error> {
        let Some(desired) = request.body() else {
            return self.send(request).await.map(Some);
        };
        let changes = diff(current, desired).map_err(RequestError::from)?;
        if structured::is_empty(&changes) {
            return Ok(None);
        }
        let request = request.or_if_match(version);
        let update = if request.method() == Method::Put {
            self.send(request).await
        } else {
            self.send(request.with_body(&changes)).await
        };
        update.map(Some)
    }
}

fn check_not_empty(request: &Request<'_>) -> Result<(), RequestError> {
    match request.body() {
        Some(desired) if structured::is_empty(desired) => Err(RequestError::EmptyPatch {
            type_name: desired.type_name(),
        }),
        _ => Ok(()),
    }
}

/// What is told of a call that has come to its end.
struct Told<'r> {
    status: Option<u16>,
    tries: u32,
    request_id: Option<&'r str>,
}

impl<'r> Told<'r> {
    fn of(result: &'r Result<Outcome, Error>) -> Self {
        match result {
            Ok(outcome) => Self {
                status: Some(outcome.status),
                tries: outcome.tries,
                request_id: outcome.request_id.as_deref(),
            },
            Err(error) => Self {
                status: error.status(),
                tries: error.call().map_or(0, |call| call.tries),
                request_id: error.service().and_then(crate::ServiceError::request_id),
            },
        }
    }
}

fn record(span: &tracing::Span, result: &Result<Outcome, Error>) {
    if span.is_disabled() {
        return;
    }
    let told = Told::of(result);
    span.record("status", told.status);
    span.record("tries", told.tries);
    span.record("request_id", told.request_id);
    if let Err(error) = result {
        tracing::warn!(parent: span, %error, "request failed");
    }
}

/// The tries of a call so far.
#[derive(Clone, Copy, Debug, Default)]
struct Tries {
    made: u32,
    /// What became of one before the last, where it was or may have been applied.
    earlier: Option<Fate>,
}

impl Tries {
    /// Remembers what the last try came to, before the next one.
    fn go_on(&mut self, tried: &Tried) {
        match tried.fate() {
            Fate::Applied => self.earlier = Some(Fate::Applied),
            Fate::Unknown => self.earlier = self.earlier.or(Some(Fate::Unknown)),
            _ => {}
        }
    }
}

/// What stays from one try to the next.
struct Sending {
    token: Bearer,
    challenged: bool,
    tries: Tries,
    started: Instant,
    client_request_id: String,
}

impl Inner {
    async fn send(
        &self,
        request: &Request<'_>,
        prepared: PreparedRequest,
        id: String,
    ) -> Result<Outcome, Error> {
        let no_token = |error, id: &str, tries| Error::Token {
            error,
            call: Call::new(request, id, tries, GiveUpReason::Final),
        };
        let mut sending = match self.begin(id.clone()).await {
            Ok(sending) => sending,
            Err(error) => return Err(no_token(error, &id, Tries::default())),
        };
        let timeout = request.own_timeout().unwrap_or(self.try_timeout);
        loop {
            let tried = match self.try_authorized(&prepared, &mut sending, timeout).await {
                Ok(tried) => tried,
                Err(error) => return Err(no_token(error, &id, sending.tries)),
            };
            match self.step_after(&tried, request, sending.tries.made, sending.started) {
                NextStep::GiveUp(reason) => {
                    let call = Call::new(request, &id, sending.tries, reason);
                    return tried.without_token(&sending.token).settle(request, call);
                }
                NextStep::RetryAfter(wait) => {
                    sending.tries.go_on(&tried);
                    let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
                    tracing::debug!(
                        tries = sending.tries.made,
                        status = tried.status(),
                        wait_ms,
                        "trying again"
                    );
                    tokio::time::sleep(wait).await;
                }
            }
            // The wait may have outlasted the token.
            if let Err(error) = self.renew(&mut sending, None).await {
                return Err(no_token(error, &id, sending.tries));
            }
        }
    }

    /// Gets a token. The clock of the call starts when it is there: a person may have had to sign in for it.
    async fn begin(&self, client_request_id: String) -> Result<Sending, TokenError> {
        let token = match self.tokens.ready() {
            Some(token) => token,
            None => self.in_token_time(self.tokens.bearer()).await?,
        };
        Ok(Sending {
            token,
            challenged: false,
            tries: Tries::default(),
            started: Instant::now(),
            client_request_id,
        })
    }

    /// A token for the next try, a new one where these claims are asked for. The time that it takes is not the call's: a
    /// person may have to sign in again.
    async fn renew(&self, sending: &mut Sending, claims: Option<&str>) -> Result<(), TokenError> {
        let asked = Instant::now();
        let fetched = match claims {
            None => self.in_token_time(self.tokens.bearer()).await,
            Some(claims) => {
                sending.challenged = true;
                tracing::debug!(
                    tries = sending.tries.made,
                    "claims challenge: asking for a new token"
                );
                self.in_token_time(self.tokens.with_claims(claims, &sending.token))
                    .await
            }
        };
        sending.started += asked.elapsed();
        sending.token = fetched?;
        Ok(())
    }

    async fn in_token_time(
        &self,
        fetching: impl Future<Output = Result<Bearer, TokenError>>,
    ) -> Result<Bearer, TokenError> {
        tokio::time::timeout(self.token_timeout, fetching)
            .await
            .unwrap_or_else(|_| {
                Err(TokenError::new(format!(
                    "the source of tokens gave none in {:?}",
                    self.token_timeout
                )))
            })
    }

    /// One try, and a second one with a new token where Graph asks for more claims, once in a call.
    async fn try_authorized(
        &self,
        prepared: &PreparedRequest,
        sending: &mut Sending,
        timeout: Duration,
    ) -> Result<Tried, TokenError> {
        loop {
            sending.tries.made += 1;
            let left = self
                .retry
                .max_total
                .saturating_sub(sending.started.elapsed());
            let tried = self
                .try_once(
                    prepared,
                    &sending.client_request_id,
                    &sending.token,
                    timeout.min(left),
                )
                .await;
            let Tried::Failed(AnswerError::Service(error)) = &tried else {
                return Ok(tried);
            };
            if error.status() != 401 {
                return Ok(tried);
            }
            match error.claims_challenge() {
                Some(claims) if !sending.challenged => self.renew(sending, Some(claims)).await?,
                _ => {
                    self.tokens.forget(&sending.token);
                    return Ok(tried);
                }
            }
        }
    }

    /// What the retry rule says to this try; a success ends the call as well.
    fn step_after(
        &self,
        tried: &Tried,
        request: &Request<'_>,
        tries: u32,
        started: Instant,
    ) -> NextStep {
        let (failure, retry_after) = match tried {
            Tried::Done(_) => return NextStep::GiveUp(GiveUpReason::Final),
            Tried::Failed(error) => (error.as_failure(), error.retry_after()),
            Tried::Lost(error) if error.fate == Fate::NotSent => (Failure::NotSent, None),
            // It would be as large again.
            Tried::Lost(error) if error.is_too_large() => {
                return NextStep::GiveUp(GiveUpReason::Final);
            }
            Tried::Lost(_) => (Failure::FateUnknown, None),
        };
        let failed = FailedTry {
            failure,
            retry_after: retry_after.map(|when| when.wait(SystemTime::now())),
            tries,
            elapsed: started.elapsed(),
            repeatable: request.is_repeatable(),
            jitter: fastrand::f64(),
        };
        next_step(&self.retry, &failed)
    }
}

/// A name for a call. It is to be told from others, not to be guessed: no call into the kernel for it.
fn fresh_id() -> String {
    let random = fastrand::u128(..).to_le_bytes();
    uuid::Builder::from_random_bytes(random)
        .into_uuid()
        .hyphenated()
        .to_string()
}

impl ClientBuilder {
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
    pub fn try_timeout(mut self, timeout: Duration) -> Self {
        self.try_timeout = timeout;
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
            inner: Arc::new(Inner {
                http,
                root,
                root_url,
                tokens: TokenCache::new(self.tokens, self.cloud.scope().to_owned()),
                retry: self.retry,
                try_timeout: self.try_timeout,
                token_timeout: self.token_timeout,
                user_agent,
                log_bodies: self.log_bodies,
            }),
        })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("root", &self.inner.root)
            .field("retry", &self.inner.retry)
            .finish_non_exhaustive()
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
