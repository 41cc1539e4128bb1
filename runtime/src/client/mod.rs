//! The sender: a request value in, a typed outcome or error out.

#[cfg(feature = "azure")]
mod azure;
mod batch;
mod envelope;
mod error;
mod token;

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use tracing::Instrument;
use tracing::field::Empty;
use uuid::Uuid;

#[cfg(feature = "azure")]
pub use azure::AzureCredential;
pub use error::{Call, Error, Fate, SetupError, TransportError};
pub use token::{Token, TokenError, TokenFuture, TokenRequest, TokenSource};

use crate::retry::{FailedTry, Failure, GiveUpReason, NextStep, RetryPolicy, next_step};
use crate::{
    AnswerError, AnswerHeaders, Cloud, Outcome, PreparedRequest, Request, RequestError, Root,
    RootError, read_answer,
};
use token::TokenCache;

/// How much of a success is read; the resources this reads are a few kilobytes.
const LARGEST_ANSWER: usize = 16 << 20;
/// How much of an error is read.
const LARGEST_ERROR: usize = 64 << 10;

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
}

/// Settings of a [`Client`].
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
        let id = Uuid::new_v4().hyphenated().to_string();
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
}

fn record(span: &tracing::Span, result: &Result<Outcome, Error>) {
    if span.is_disabled() {
        return;
    }
    let (status, tries, request_id) = match result {
        Ok(outcome) => (
            Some(outcome.status),
            outcome.tries,
            outcome.request_id.as_deref(),
        ),
        Err(error) => (
            error.status(),
            error.call().map_or(0, |call| call.tries),
            error.service().and_then(crate::ServiceError::request_id),
        ),
    };
    if let Some(status) = status {
        span.record("status", status);
    }
    span.record("tries", tries);
    if let Some(id) = request_id {
        span.record("request_id", id);
    }
    if let Err(error) = result {
        tracing::warn!(parent: span, %error, "request failed");
    }
}

/// What one try came to.
enum Tried {
    Done(Outcome),
    Failed(AnswerError),
    Lost(TransportError),
}

/// What stays from one try to the next.
struct Sending {
    token: HeaderValue,
    challenged: bool,
    tries: u32,
    started: Instant,
    client_request_id: String,
}

impl Tried {
    /// The end of a call.
    fn settle(self, request: &Request<'_>, call: Call) -> Result<Outcome, Error> {
        match self {
            Self::Done(mut outcome) => {
                outcome.tries = call.tries;
                outcome.client_request_id = Some(call.client_request_id);
                Ok(outcome)
            }
            Self::Failed(AnswerError::Service(error)) => {
                let mut error = error.for_request(request);
                error.set_client_request_id(&call.client_request_id);
                Err(Error::Answer {
                    error: AnswerError::Service(Box::new(error)),
                    call,
                })
            }
            Self::Failed(error) => Err(Error::Answer { error, call }),
            Self::Lost(error) => Err(Error::Transport { error, call }),
        }
    }
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
            Err(error) => return Err(no_token(error, &id, 0)),
        };
        let timeout = request.own_timeout().unwrap_or(self.try_timeout);
        loop {
            let tried = match self.try_authorized(&prepared, &mut sending, timeout).await {
                Ok(tried) => tried,
                Err(error) => return Err(no_token(error, &id, sending.tries)),
            };
            match self.step_after(&tried, request, sending.tries, sending.started) {
                NextStep::GiveUp(reason) => {
                    return tried.settle(request, Call::new(request, &id, sending.tries, reason));
                }
                NextStep::RetryAfter(wait) => {
                    let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
                    tracing::debug!(tries = sending.tries, wait_ms, "trying again");
                    tokio::time::sleep(wait).await;
                }
            }
            // The wait may have outlasted the token.
            sending.token = match self.token().await {
                Ok(token) => token,
                Err(error) => return Err(no_token(error, &id, sending.tries)),
            };
        }
    }

    /// Gets a token. The clock of the call starts when it is there: a person may have had to sign in for it.
    async fn begin(&self, client_request_id: String) -> Result<Sending, TokenError> {
        let token = self.token().await?;
        Ok(Sending {
            token,
            challenged: false,
            tries: 0,
            started: Instant::now(),
            client_request_id,
        })
    }

    async fn token(&self) -> Result<HeaderValue, TokenError> {
        self.in_token_time(self.tokens.header()).await
    }

    async fn in_token_time(
        &self,
        fetching: impl Future<Output = Result<HeaderValue, TokenError>>,
    ) -> Result<HeaderValue, TokenError> {
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
            sending.tries += 1;
            let left = self
                .retry
                .max_total
                .saturating_sub(sending.started.elapsed());
            let token = sending.token.clone();
            let tried = self
                .try_once(
                    prepared,
                    &sending.client_request_id,
                    token,
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
                Some(claims) if !sending.challenged => {
                    sending.challenged = true;
                    tracing::debug!(
                        tries = sending.tries,
                        "claims challenge: asking for a new token"
                    );
                    sending.token = self
                        .in_token_time(self.tokens.with_claims(claims, &sending.token))
                        .await?;
                }
                _ => {
                    self.tokens.forget(&sending.token).await;
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
            Tried::Lost(_) => (Failure::FateUnknown, None),
        };
        let failed = FailedTry {
            failure,
            retry_after: retry_after.map(|when| when.wait(SystemTime::now())),
            tries,
            elapsed: started.elapsed(),
            repeatable: request.is_repeatable(),
            jitter: jitter(),
        };
        next_step(&self.retry, &failed)
    }

    /// The URL, made from the root parsed before: it saves a quarter of the work, and the origin is the root's whatever
    /// the path holds.
    fn url_of(&self, prepared: &PreparedRequest) -> Url {
        let mut url = self.root_url.clone();
        let below = prepared
            .url
            .strip_prefix(self.root.as_str())
            .unwrap_or_default();
        let (path, query) = below
            .split_once('?')
            .map_or((below, None), |(path, query)| (path, Some(query)));
        url.set_path(path);
        url.set_query(query);
        url
    }

    /// Builds the whole request, sends it once and reads the answer.
    async fn try_once(
        &self,
        prepared: &PreparedRequest,
        id: &str,
        token: HeaderValue,
        timeout: Duration,
    ) -> Tried {
        let url = self.url_of(prepared);
        let method = match prepared.method {
            crate::Method::Get => reqwest::Method::GET,
            crate::Method::Patch => reqwest::Method::PATCH,
            crate::Method::Post => reqwest::Method::POST,
            crate::Method::Put => reqwest::Method::PUT,
            crate::Method::Delete => reqwest::Method::DELETE,
        };
        let mut http = self
            .http
            .request(method, url)
            .timeout(timeout)
            .header(AUTHORIZATION, token)
            .header(HeaderName::from_static("client-request-id"), id)
            .header(USER_AGENT, &self.user_agent);
        for (name, value) in &prepared.headers {
            // A static name or value is used as it is; another is checked and copied.
            http = match (name, value) {
                (Cow::Borrowed(name), Cow::Borrowed(value)) => http.header(
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                ),
                (name, value) => http.header(name.as_ref(), value.as_ref()),
            };
        }
        if let Some(body) = &prepared.body {
            http = http.body(body.clone());
        }
        let mut answer = match http.send().await {
            Ok(answer) => answer,
            Err(error) => {
                let fate = if error.is_connect() || error.is_builder() {
                    Fate::NotSent
                } else {
                    Fate::Unknown
                };
                return Tried::Lost(TransportError::new(fate, None, Some(error)));
            }
        };
        let status = answer.status().as_u16();
        let success = answer.status().is_success();
        let most = if success {
            LARGEST_ANSWER
        } else {
            LARGEST_ERROR
        };
        let mut body = Vec::new();
        let lost = loop {
            match answer.chunk().await {
                Ok(None) => break None,
                Ok(Some(chunk)) if body.len() + chunk.len() <= most => {
                    body.extend_from_slice(&chunk)
                }
                // Of an error the beginning says enough; of a success a part is no answer.
                Ok(Some(chunk)) => {
                    body.extend(chunk.iter().take(most - body.len()));
                    break success.then_some(None);
                }
                Err(error) => break Some(Some(error)),
            }
        };
        match lost {
            Some(error) if success => {
                Tried::Lost(TransportError::new(Fate::Applied, Some(status), error))
            }
            _ => match read_answer(status, answer.headers(), &body) {
                Ok(outcome) => Tried::Done(outcome),
                Err(error) => Tried::Failed(error),
            },
        }
    }
}

/// A random number from 0 to 1.
fn jitter() -> f64 {
    let (_, low) = Uuid::new_v4().as_u64_pair();
    f64::from(u32::try_from(low & 0xffff_ffff).unwrap_or_default()) / f64::from(u32::MAX)
}

impl AnswerHeaders for HeaderMap {
    fn header(&self, name: &str) -> Option<&str> {
        self.get(name)?.to_str().ok()
    }

    fn each(&self, name: &str, show: &mut dyn FnMut(&str)) {
        self.get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .for_each(show);
    }
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
