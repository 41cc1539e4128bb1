//! The client, in the order of a call: public API, builder, attempts, one attempt.

mod builder;
mod changes;
mod send;
mod sender;

mod attempt;
mod json_cost;
mod redact;
mod watched_body;

mod batch;
mod call;
mod error;
mod escapes;
mod trace;
mod transport_error;

#[cfg(feature = "azure")]
mod azure;
mod bearer;
mod token;
mod token_cache;

use std::fmt;
use std::sync::Arc;

use tracing::Instrument;
use tracing::field::Empty;

#[cfg(feature = "azure")]
pub use azure::AzureCredential;
pub use builder::ClientBuilder;
pub use call::Call;
pub use error::{Error, SetupError};
pub use token::{Token, TokenError, TokenFuture, TokenRequest, TokenSource};
pub use transport_error::TransportError;

use crate::cloud::Cloud;
use crate::cloud::root::Root;
use crate::request::Request;
use crate::request::error::RequestError;
use crate::request::prepared::PreparedRequest;
use crate::response::outcome::Outcome;
use send::fresh_id;
use sender::Sender;
use trace::record;

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
    sender: Arc<Sender>,
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
        ClientBuilder::new(cloud, Box::new(tokens))
    }

    /// Where requests go.
    pub fn root(&self) -> &Root {
        &self.sender.root
    }

    /// What [`send`](Self::send) would send, without the token; nothing is sent and no token asked for. Shown as text
    /// by `Display`. `client-request-id` is fresh in each call and not in it.
    ///
    /// # Errors
    /// As [`Request::prepare`].
    pub fn dry_run(&self, request: &Request<'_>) -> Result<PreparedRequest, RequestError> {
        request.prepare(&self.sender.root)
    }

    /// Sends a request, again where [`next_step`](crate::next_step()) says so.
    ///
    /// To cancel, drop the future; what was under way by then may still be applied.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::fate`] says what became of the request.
    pub async fn send(&self, request: Request<'_>) -> Result<Outcome, Error> {
        let prepared = request.prepare(&self.sender.root)?;
        let id = fresh_id();
        let span = tracing::info_span!(
            "graph_request",
            method = request.method().as_str(),
            api_version = request.api_version(),
            path = request.template(),
            client_request_id = id.as_str(),
            status = Empty,
            attempts = Empty,
            request_id = Empty,
        );
        let result = self
            .sender
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
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("root", &self.sender.root)
            .field("retry", &self.sender.retry)
            .finish_non_exhaustive()
    }
}
