//! Setting up an emulator, and starting it.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use msgraph_csdl::facts::Facts;
use msgraph_csdl::read::{read_facts, read_file};
use msgraph_csdl::source::Sources;
use serde_json::Value;

use crate::body::ReadOnly;
use crate::dispatch::Dispatcher;
use crate::emulator::{Emulator, seed};
use crate::http::exchange::{Exchange, Log, Observer};
use crate::http::server::{Server, Shared};
use crate::model::Model;
use crate::service::Service;
use crate::start_error::StartError;

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
    fn read(
        &self,
        sources: &mut Sources,
    ) -> Result<Option<msgraph_csdl::source::FileId>, StartError> {
        match self {
            Document::OptionalFile(file) if !file.exists() => Ok(None),
            Document::File(file) | Document::OptionalFile(file) => read_file(sources, file)
                .map(Some)
                .map_err(StartError::Metadata),
            Document::Text(name, text) => Ok(Some(sources.add(name, text))),
        }
    }
}
