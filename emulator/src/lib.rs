//! A Microsoft Graph on loopback that holds every request against CSDL metadata.
//!
//! It is for tests and demonstrations of clients that update Graph: what the metadata does not
//! allow is refused as the service would refuse it, with the property named; what it allows is
//! merged into a state that can be read back.
//!
//! As a program: `cargo run -p msgraph-emulator -- --port 8080`, and any client at the root that it
//! prints. `--help` shows how to seed entities.
//!
//! # What it does where CSDL leaves room
//!
//! - A bearer token must be there; any will do. Permissions are not emulated.
//! - Singletons exist, and what single-valued navigation properties lead to; of collections the
//!   items that `facts.toml` knows, with their defaults, and what was seeded. Each API version has
//!   its own state, and one entity that two paths lead to is two.
//! - What the service sets itself (`Core.Computed`, `Core.Immutable`, read permission only,
//!   `read-only` or `send = false` in facts) and the key may be sent back as they are, and are refused when they
//!   differ: Microsoft's guidelines for Graph ask the former of every service, and the directory
//!   answers the latter ("Property '…' is read-only and cannot be set."). OData Protocol 4.01
//!   §11.4.3 has a service ignore them; [`Builder::ignore_read_only`] does. A key is the same in a
//!   body as in a path: one that facts name, and a GUID, in any case.
//! - `@odata.type` of the body is required where the resource is of another type than the path
//!   declares (OData JSON 4.01 §4.5.3), and where facts ask for it; where it stands it must be the
//!   resource's.
//! - PATCH answers 204, or 200 with the body for `Prefer: return=representation`. Graph answers 200
//!   for some resources without being asked; a client must take both.
//! - Navigation properties travel in the body where facts name them (`inline`) and those of complex
//!   types always, as the generator has it, and replace what was there. Others
//!   are bound by `name@odata.bind`, whose URL must lead to a fitting type. A bind on a collection
//!   adds to it, `[]` adds nothing, and a reference that is there already is 400, as at Graph. A
//!   relative URL is relative to the context URL of the body, or to the URL of the request (OData
//!   JSON 4.01 §4.3).
//! - A complex value merges with what was there. One that facts mark `replaces`, and an entity of such a
//!   type, loses what the body leaves out, but for what the service sets itself.
//! - `name@odata.type` describes a value, so the body must have `name`.
//! - A member behind `unknownFutureValue` is neither taken nor given without
//!   `Prefer: include-unknown-enum-members`.
//! - An `If-Match` that does not match is 412; one that is missing where it is required is 400: the
//!   reference of Planner lists 400 and 412, and not the 428 of RFC 6585.
//! - `Updatable` and `Deletable` of the metadata are kept (405). PUT is taken where `UpdateMethod`
//!   says so; PATCH stays allowed there. Facts correct all but `Deletable`.
//! - DELETE restores the defaults where facts say `reset`, and removes elsewhere.
//! - Of query options `$select` is emulated; others that begin with `$` are refused, not ignored.
//!
//! ```
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use msgraph_emulator::Emulator;
//!
//! let emulator = Emulator::builder()
//!     .metadata_text("v1.0", "one.csdl", r#"
//!         <edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
//!           <edmx:DataServices>
//!             <Schema Namespace="microsoft.graph" xmlns="http://docs.oasis-open.org/odata/ns/edm">
//!               <EntityType Name="user">
//!                 <Key><PropertyRef Name="id" /></Key>
//!                 <Property Name="id" Type="Edm.String" Nullable="false" />
//!                 <Property Name="displayName" Type="Edm.String" />
//!               </EntityType>
//!               <EntityContainer Name="GraphService">
//!                 <EntitySet Name="users" EntityType="microsoft.graph.user" />
//!               </EntityContainer>
//!             </Schema>
//!           </edmx:DataServices>
//!         </edmx:Edmx>"#)
//!     .seed("/v1.0/users/1", serde_json::json!({"displayName": "Ada"}))
//!     .start()
//!     .await?;
//! // … PATCH {root}/v1.0/users/1 with any client …
//! let state = emulator.state("/v1.0/users/1").ok_or("gone")?;
//! assert_eq!(state["displayName"], "Ada");
//! assert!(emulator.log().is_empty());
//! # Ok(())
//! # }
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(run()).unwrap();
//! ```

#![warn(clippy::missing_errors_doc)]

mod body;
mod dispatch;
mod fault;
mod http;
mod model;
mod path;
mod rejection;
mod replaced;
mod service;
mod state;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use msgraph_codegen::facts::Facts;
use msgraph_codegen::{Sources, read_facts, read_file};
use serde_json::Value;

pub use fault::{Fault, Moment, PlannedFault, RandomFaults, RetryAfter};
pub use http::exchange::{Exchange, ExchangeAnswer};

use crate::body::ReadOnly;
use crate::dispatch::Dispatcher;
use crate::http::exchange::{Log, Observer};
use crate::http::server::{Server, Shared};
use crate::model::Model;
use crate::service::Service;

/// A running emulator. It ends, promptly and with its port free again, when it is dropped.
///
/// ```
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = msgraph_emulator::Emulator::builder().metadata_text("v1.0", "one.csdl", r#"<edmx:Edmx Version="4.0"
/// #     xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="microsoft.graph"
/// #     xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="user"><Key><PropertyRef Name="id" /></Key>
/// #     <Property Name="id" Type="Edm.String" Nullable="false" /><Property Name="displayName" Type="Edm.String" /></EntityType>
/// #     <EntityContainer Name="GraphService"><EntitySet Name="users" EntityType="microsoft.graph.user" /></EntityContainer>
/// #     </Schema></edmx:DataServices></edmx:Edmx>"#).seed("/v1.0/users/1", serde_json::json!({})).start().await?;
/// assert!(emulator.root().starts_with("http://127.0.0.1:"));
/// emulator.seed("/v1.0/users/2", serde_json::json!({ "displayName": "Ada" }))?;
/// assert_eq!(emulator.state("/v1.0/users/2").ok_or("gone")?["displayName"], "Ada");
/// assert_eq!((emulator.requests_seen(), emulator.updates_applied()), (0, 0));
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
pub struct Emulator {
    root: String,
    shared: Arc<Shared>,
    _server: Server,
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator")
            .field("root", &self.root)
            .finish_non_exhaustive()
    }
}

impl Emulator {
    /// Starts an emulator of a folder of metadata: `v1.0.csdl` and `beta.csdl`, as many of them as
    /// there are, and `facts.toml` if it is there.
    ///
    /// # Errors
    ///
    /// See [`StartError`].
    pub async fn start(metadata: impl AsRef<Path>) -> Result<Self, StartError> {
        Self::builder().folder(metadata).start().await
    }

    /// An emulator to be set up.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Scheme, host and port, without a slash at the end: `http://127.0.0.1:49152`. The API version
    /// comes behind it.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// The requests that were received with their answers, oldest first; of a long run the latest,
    /// see [`Builder::log_limit`].
    pub fn log(&self) -> Vec<Exchange> {
        self.shared.log.exchanges()
    }

    /// How many requests were received since the start.
    pub fn requests_seen(&self) -> u64 {
        self.shared.log.seen()
    }

    /// How many updates, resets and removals were applied since the start: those of a batch each, and those too whose
    /// answer was lost or late.
    pub fn updates_applied(&self) -> u64 {
        self.shared.dispatcher.service.updates()
    }

    /// What the tenant holds at a path (with its API version, percent-encoded as in a request): an
    /// entity with what is bound by reference as `name@odata.bind`, the entities of a collection, or
    /// the value of a property. `None` where a GET would answer 404.
    pub fn state(&self, path: &str) -> Option<Value> {
        self.shared.dispatcher.service.state(path)
    }

    /// Puts an entity in place, as [`Builder::seed`] does before the start.
    ///
    /// # Errors
    ///
    /// [`StartError::Seed`] when the metadata does not allow the path or the entity.
    pub fn seed(&self, path: &str, entity: Value) -> Result<(), StartError> {
        seed(&self.shared.dispatcher.service, path, entity)
    }
}

impl Emulator {
    /// Plans a fault: for the next request, or for the requests that it names. Of several that are
    /// for one request, the oldest strikes.
    ///
    /// ```
    /// # use msgraph_emulator::{Emulator, Fault, Moment, RetryAfter};
    /// # fn plan(emulator: &Emulator) {
    /// emulator.fault(Fault::Throttle { retry_after: Some(RetryAfter::Seconds(2)) });
    /// emulator.fault(Fault::Disconnect { moment: Moment::AfterApplying }.on("/users/1").times(2));
    /// # }
    /// ```
    pub fn fault(&self, fault: impl Into<PlannedFault>) {
        self.shared.dispatcher.faults.add(fault.into());
    }

    /// Strikes requests that no planned fault is for by chance, until [`Emulator::clear_faults`].
    pub fn random_faults(&self, faults: RandomFaults) {
        self.shared.dispatcher.faults.set_random(faults);
    }

    /// Plans no more faults.
    pub fn clear_faults(&self) {
        self.shared.dispatcher.faults.clear();
    }

    /// How many requests the planned faults are still to strike.
    pub fn pending_faults(&self) -> usize {
        self.shared.dispatcher.faults.pending()
    }
}

fn seed(service: &Service, path: &str, entity: Value) -> Result<(), StartError> {
    service
        .seed(path, entity)
        .map_err(|refusal| StartError::Seed {
            path: path.to_owned(),
            reason: refusal.message,
        })
}

/// Sets up an [`Emulator`].
///
/// ```
/// use msgraph_emulator::Emulator;
///
/// let builder = Emulator::builder()
///     .folder("metadata")
///     .facts_text("more.toml", "")
///     .seed("/v1.0/users/1", serde_json::json!({ "displayName": "Ada" }))
///     .port(8080)
///     .log_limit(100);
/// ```
#[derive(Clone, Debug)]
pub struct Builder {
    documents: Vec<(String, Document)>,
    facts: Vec<Document>,
    seeds: Vec<(String, Value)>,
    port: u16,
    log_limit: usize,
    observer: Observer,
    read_only: ReadOnly,
}

#[derive(Clone, Debug)]
enum Document {
    File(PathBuf),
    /// Read if it is there.
    OptionalFile(PathBuf),
    Text(String, String),
}

impl Default for Builder {
    fn default() -> Self {
        Builder {
            documents: Vec::new(),
            facts: Vec::new(),
            seeds: Vec::new(),
            port: 0,
            log_limit: 10_000,
            observer: Observer::default(),
            read_only: ReadOnly::default(),
        }
    }
}

impl Builder {
    /// Adds what a folder of metadata holds: `v1.0.csdl` and `beta.csdl`, as many of them as there
    /// are, and `facts.toml` if it is there.
    pub fn folder(mut self, folder: impl AsRef<Path>) -> Self {
        let folder = folder.as_ref();
        for version in ["v1.0", "beta"] {
            let file = folder.join(format!("{version}.csdl"));
            self.documents
                .push((version.to_owned(), Document::OptionalFile(file)));
        }
        self.facts
            .push(Document::OptionalFile(folder.join("facts.toml")));
        self
    }

    /// Adds a CSDL file to an API version (`v1.0`); several make one model.
    pub fn metadata(mut self, version: impl Into<String>, file: impl Into<PathBuf>) -> Self {
        self.documents
            .push((version.into(), Document::File(file.into())));
        self
    }

    /// Adds CSDL text to an API version; `name` is what messages call it.
    pub fn metadata_text(
        mut self,
        version: impl Into<String>,
        name: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        self.documents
            .push((version.into(), Document::Text(name.into(), text.into())));
        self
    }

    /// Adds a file of facts; a later one overrides an earlier one, entry by entry.
    pub fn facts(mut self, file: impl Into<PathBuf>) -> Self {
        self.facts.push(Document::File(file.into()));
        self
    }

    /// Adds the text of a document of facts; `name` is what messages call it.
    pub fn facts_text(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.facts.push(Document::Text(name.into(), text.into()));
        self
    }

    /// Puts an entity, or a complex value of one, at a path (with its API version) before the start.
    /// Entities on the way are made where they are missing, with nothing but their keys, and of the
    /// type that the path declares: a type-cast segment gives them another. The entity is validated
    /// like the body of a request, except that what only the service may set can be set. Each API
    /// version has its own state.
    pub fn seed(mut self, path: impl Into<String>, entity: Value) -> Self {
        self.seeds.push((path.into(), entity));
        self
    }

    /// The port on `127.0.0.1`; 0, the default, for a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// How many exchanges [`Emulator::log`] keeps: 10,000 by default, fewer if they are larger than
    /// 64 MiB together, headers included.
    pub fn log_limit(mut self, exchanges: usize) -> Self {
        self.log_limit = exchanges;
        self
    }

    /// Ignores the values of read-only properties and of the key in the body of an update, as OData
    /// Protocol 4.01 §11.4.3 asks. By default a value that differs from the current one is rejected
    /// with 400, as the directory does: that finds a client that tries to set one.
    ///
    /// ```
    /// let builder = msgraph_emulator::Emulator::builder().ignore_read_only(true);
    /// ```
    pub fn ignore_read_only(mut self, ignore: bool) -> Self {
        self.read_only = match ignore {
            true => ReadOnly::Ignore,
            false => ReadOnly::Reject,
        };
        self
    }

    /// Calls a function with each exchange as it ends, on the emulator's thread: requests wait while it
    /// runs.
    ///
    /// ```
    /// let builder = msgraph_emulator::Emulator::builder()
    ///     .on_exchange(|exchange| eprintln!("{} {}", exchange.method, exchange.path));
    /// ```
    pub fn on_exchange(mut self, function: impl Fn(&Exchange) + Send + Sync + 'static) -> Self {
        self.observer = Observer::new(function);
        self
    }

    /// Starts the emulator on a thread of its own; the caller's runtime only waits for it.
    ///
    /// # Errors
    ///
    /// See [`StartError`].
    pub async fn start(self) -> Result<Emulator, StartError> {
        // Large metadata takes a moment to read; the caller's other tasks go on meanwhile.
        let (send, receive) = tokio::sync::oneshot::channel();
        std::thread::Builder::new()
            .name("msgraph-emulator-start".to_owned())
            .spawn(move || send.send(self.start_blocking()))
            .map_err(StartError::Listen)?;
        receive
            .await
            .unwrap_or_else(|_| Err(StartError::Listen(io::Error::other("the start was lost"))))
    }

    /// Starts the emulator from code that is not async.
    ///
    /// # Errors
    ///
    /// See [`StartError`].
    pub fn start_blocking(self) -> Result<Emulator, StartError> {
        let models = self.read()?;
        if models.is_empty() {
            return Err(StartError::NoMetadata);
        }
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).map_err(StartError::Listen)?;
        let address = listener.local_addr().map_err(StartError::Listen)?;
        let root = format!("http://{address}");
        let service = Service::new(models, root.clone(), self.read_only);
        for (path, entity) in self.seeds {
            seed(&service, &path, entity)?;
        }
        let shared = Arc::new(Shared {
            dispatcher: Dispatcher::new(service),
            log: Log::new(self.log_limit, self.observer),
        });
        let server = Server::start(listener, shared.clone()).map_err(StartError::Listen)?;
        Ok(Emulator {
            root,
            shared,
            _server: server,
        })
    }

    fn read(&self) -> Result<BTreeMap<String, Model>, StartError> {
        let mut sources = Sources::new();
        let mut documents = Vec::new();
        for document in &self.facts {
            documents.extend(document.read(&mut sources)?);
        }
        let facts: Arc<Facts> =
            Arc::new(read_facts(&sources, &documents).map_err(StartError::Metadata)?);
        let mut versions: BTreeMap<&str, (Sources, Vec<_>)> = BTreeMap::new();
        for (version, document) in &self.documents {
            let (sources, documents) = versions.entry(version).or_default();
            documents.extend(document.read(sources)?);
        }
        versions
            .into_iter()
            .filter(|(_, (_, documents))| !documents.is_empty())
            .map(|(version, (sources, documents))| {
                let model = Model::read(sources, &documents, facts.clone())
                    .map_err(StartError::Metadata)?;
                Ok((version.to_owned(), model))
            })
            .collect()
    }
}

impl Document {
    fn read(&self, sources: &mut Sources) -> Result<Option<msgraph_codegen::FileId>, StartError> {
        match self {
            Document::OptionalFile(file) if !file.exists() => Ok(None),
            Document::File(file) | Document::OptionalFile(file) => read_file(sources, file)
                .map(Some)
                .map_err(StartError::Metadata),
            Document::Text(name, text) => Ok(Some(sources.add(name, text))),
        }
    }
}

/// Why an emulator did not start.
///
/// ```
/// use msgraph_emulator::{Emulator, StartError};
///
/// assert!(matches!(Emulator::builder().start_blocking(), Err(StartError::NoMetadata)));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// No metadata was given, or the folder holds none.
    NoMetadata,
    /// The metadata or the facts cannot be read; every error of the stage, rendered for a person.
    Metadata(msgraph_codegen::Error),
    /// The port cannot be listened on.
    Listen(io::Error),
    /// The metadata does not allow an entity that is to be put in place.
    Seed {
        /// Where it was to be put.
        path: String,
        /// What is wrong.
        reason: String,
    },
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::NoMetadata => f.write_str("there is no metadata to emulate"),
            StartError::Metadata(error) => write!(f, "the metadata cannot be used:\n{error}"),
            StartError::Listen(error) => write!(f, "cannot listen on loopback: {error}"),
            StartError::Seed { path, reason } => {
                write!(f, "cannot put `{path}` in place: {reason}")
            }
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            StartError::Listen(error) => Some(error),
            _ => None,
        }
    }
}
