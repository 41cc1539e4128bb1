//! The client, in call order: `Client`, its builder, the attempts of a call, one attempt.

mod builder;
mod send;

#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod tls;

mod attempt;
mod content;
mod json_cost;
mod limits;
mod progress;
mod redact;
mod watched_body;

mod batch;
mod changes;
mod pager;

mod call;
mod error;
mod error_kind;
mod escapes;
mod setup_error;
mod trace;
mod transport_error;
mod url_template;

mod bearer;
mod boxed_source;
mod token_cache;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, Request as HttpRequest};
use reqwest::Url;
use serde_json::Value as Untyped;
use tracing::Instrument;

pub use batch::BatchResponses;
pub use builder::ClientBuilder;
pub use call::Call;
pub use changes::Changed;
pub use error::Error;
pub use error_kind::ErrorKind;
#[cfg(feature = "stream")]
pub use pager::{ItemStream, PageStream};
pub use pager::{Items, Pager};
pub use setup_error::SetupError;

use crate::auth::access_token::AccessToken;
use crate::auth::error::TokenError;
use crate::auth::source::TokenSource;
use crate::cloud::Cloud;
use crate::cloud::root::Root;
use crate::request::builder::Request;
use crate::request::dry_run::DryRun;
use crate::request::error::RequestError;
use crate::request::limits::LimitCheck;
use crate::response::outcome::Outcome;
use crate::response::retry::RetryPolicy;
use crate::response::typed::Response;
use attempt::Completed;
use boxed_source::BoxedSource;
use send::fresh_id;
use token_cache::TokenCache;

/// Sends requests to Graph.
///
/// Cheap to clone: clones share connections and the token. Whatever the settings, the client sends the token to the
/// origin of its root only, follows no redirects, except those of a GET of content, and those without the token, sends no
/// `referer`, and uses plain HTTP only on loopback.
///
/// ```no_run
/// use msgraph_runtime::{AccessToken, Client, Cloud, Request};
///
/// # async fn read(token: String) -> Result<(), msgraph_runtime::Error> {
/// let client = Client::new(Cloud::Global, AccessToken::new(token)?)?;
/// let user = Request::get("v1.0", "/users/{id}", &[&"adele@contoso.com"]).query("$select", "displayName");
/// let outcome = client.send(user).await?;
/// println!("{}, request-id {:?}", outcome.value["displayName"], outcome.request_id);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Client {
    sender: Arc<Sender>,
}

/// The settings and shared state of a client.
struct Sender {
    http: reqwest::Client,
    root: Root,
    root_url: Url,
    tokens: TokenCache,
    retry: RetryPolicy,
    attempt_timeout: Duration,
    token_timeout: Duration,
    content_limit: usize,
    user_agent: HeaderValue,
    log_bodies: bool,
    limit_check: LimitCheck,
    attempt_headers: Option<AttemptHeaders>,
}

/// Returns further headers for each attempt.
type AttemptHeaders = Box<dyn Fn() -> HeaderMap + Send + Sync>;

impl Client {
    /// A client for `cloud` with the defaults of [`ClientBuilder`].
    ///
    /// # Errors
    /// [`ErrorKind::Setup`] if the HTTP client cannot be built.
    pub fn new(cloud: Cloud, tokens: impl TokenSource) -> Result<Self, Error> {
        Self::builder(cloud, tokens).build()
    }

    /// A builder for a client with other settings.
    pub fn builder(cloud: Cloud, tokens: impl TokenSource) -> ClientBuilder {
        ClientBuilder::new(cloud, BoxedSource::new(tokens))
    }

    /// The root that requests are sent to.
    pub fn root(&self) -> &Root {
        &self.sender.root
    }

    /// The token that the client sends, for requests that you send yourself.
    ///
    /// It is cached. If it is about to expire, the source is asked for a new one.
    ///
    /// # Errors
    /// If the source fails, or does not respond within [`ClientBuilder::token_timeout`].
    pub async fn token(&self) -> Result<AccessToken, TokenError> {
        let bearer = self.sender.token().await?;
        Ok(bearer.token().clone())
    }

    /// Returns what [`send`](Self::send) would send, without sending it or getting a token. Print it with `Display`, which
    /// hides secrets in the body.
    ///
    /// It lacks `client-request-id`, which is new for each call.
    ///
    /// # Errors
    /// As [`Request::prepare`].
    pub fn dry_run<R>(&self, request: &Request<'_, R>) -> Result<DryRun, RequestError> {
        request.prepare(&self.sender.root).map(DryRun::from)
    }

    /// Sends a request, retries it as [`Attempts`](crate::sans_io::Attempts) decides, and reads the response as the
    /// request's [`Response`] type.
    ///
    /// To cancel, drop the future. A request that was already sent may still be applied.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::fate`] tells whether the request was applied.
    pub async fn send<R: Response>(&self, request: Request<'_, R>) -> Result<Outcome<R>, Error> {
        self.complete(request.erased()).await?.into_outcome()
    }

    async fn complete(&self, request: Request<'_>) -> Result<Completed, Error> {
        self.sender.check_limits(&request, &Untyped::Null)?;
        self.complete_unchecked(request).await
    }

    /// Completes a request whose limits were already checked.
    async fn complete_unchecked(&self, request: Request<'_>) -> Result<Completed, Error> {
        let (prepared, idempotent) = request.prepare_idempotent(&self.sender.root)?;
        self.complete_prepared(&request, &prepared, idempotent)
            .await
    }

    async fn complete_prepared(
        &self,
        request: &Request<'_>,
        prepared: &HttpRequest<Vec<u8>>,
        idempotent: bool,
    ) -> Result<Completed, Error> {
        let id = fresh_id();
        let span = self.sender.call_span(request, &id);
        let result = self
            .sender
            .send(request, prepared, idempotent, id)
            .instrument(span.clone())
            .await;
        trace::record(&span, &result);
        result
    }

    /// Reads the current values of what `request` would write: sends its [`to_get`](Request::to_get).
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn read_back<R: Response>(
        &self,
        request: &Request<'_, R>,
    ) -> Result<Outcome<R::Item>, Error> {
        self.send(request.to_get()).await
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("root", &self.sender.root)
            .field("retry", &self.sender.retry)
            .finish_non_exhaustive()
    }
}
