//! Configures and starts an emulator.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use msgraph_csdl::read::{add_built_in_facts, read_facts, read_file};
use msgraph_csdl::source::{FileId, Sources};
use serde_json::Value;

use crate::body::ReadOnly;
use crate::creation::Creation;
use crate::dispatch::Dispatcher;
use crate::emulator::{Emulator, seed, seed_error};
use crate::http::exchange::Exchange;
use crate::http::handler::Shared;
use crate::http::log::{Log, Observer};
use crate::http::server::Server;
use crate::invocation::{Invocation, InvocationResponse};
use crate::model::Model;
use crate::service::{Service, Settings};
use crate::start_error::StartError;

impl Emulator {
    /// Starts an emulator from a folder, see [`Builder::folder`].
    ///
    /// # Errors
    ///
    /// See [`StartError`].
    pub async fn start(metadata: impl AsRef<Path>) -> Result<Self, StartError> {
        Self::builder().folder(metadata).start().await
    }

    /// Returns a builder without metadata.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

/// Configures an [`Emulator`].
///
/// ```
/// use msgraph_emulator::Emulator;
///
/// let builder = Emulator::builder()
///     .folder("metadata")
///     .seed("/v1.0/users/1", serde_json::json!({ "displayName": "Ada" }))
///     .on_exchange(|exchange| eprintln!("{} {}", exchange.method, exchange.path))
///     .port(8080);
/// ```
#[derive(Clone, Debug)]
pub struct Builder {
    metadata: Vec<(String, Input)>,
    built_in_facts: bool,
    facts: Vec<Input>,
    seeds: Vec<(String, Value)>,
    port: u16,
    log_limit: usize,
    observer: Option<Observer>,
    settings: Settings,
    contents: Vec<SeededContent>,
}

/// The content of [`Builder::seed_content`].
#[derive(Clone, Debug)]
struct SeededContent {
    path: String,
    media_type: String,
    bytes: Vec<u8>,
}

#[derive(Clone, Debug)]
enum Input {
    File(PathBuf),
    OptionalFile(PathBuf),
    Text { name: String, text: String },
}

impl Default for Builder {
    fn default() -> Self {
        Builder {
            metadata: Vec::new(),
            built_in_facts: true,
            facts: Vec::new(),
            seeds: Vec::new(),
            port: 0,
            log_limit: 10_000,
            observer: None,
            settings: Settings::default(),
            contents: Vec::new(),
        }
    }
}

impl Builder {
    /// Adds `v1.0.csdl`, `beta.csdl` and `facts.toml` from a folder, as far as they exist.
    pub fn folder(mut self, folder: impl AsRef<Path>) -> Self {
        let file = |name| Input::OptionalFile(folder.as_ref().join(name));
        self.metadata.push(("v1.0".to_owned(), file("v1.0.csdl")));
        self.metadata.push(("beta".to_owned(), file("beta.csdl")));
        self.facts.push(file("facts.toml"));
        self
    }

    /// Adds a CSDL file to an API version such as `v1.0`. Several files make one model.
    pub fn metadata(mut self, version: impl Into<String>, file: impl Into<PathBuf>) -> Self {
        let input = Input::File(file.into());
        self.metadata.push((version.into(), input));
        self
    }

    /// Adds CSDL text to an API version. Error messages use `name`.
    pub fn metadata_text(
        mut self,
        version: impl Into<String>,
        name: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        let (name, text) = (name.into(), text.into());
        let input = Input::Text { name, text };
        self.metadata.push((version.into(), input));
        self
    }

    /// Uses only the facts of [`Builder::facts`] and similar methods. The built-in facts document how Graph behaves where
    /// its metadata does not.
    pub fn without_built_in_facts(mut self) -> Self {
        self.built_in_facts = false;
        self
    }

    /// Adds a file of facts. Its entries override the built-in ones and those of earlier files.
    pub fn facts(mut self, file: impl Into<PathBuf>) -> Self {
        self.facts.push(Input::File(file.into()));
        self
    }

    /// Adds facts as text. Error messages use `name`.
    pub fn facts_text(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        let (name, text) = (name.into(), text.into());
        self.facts.push(Input::Text { name, text });
        self
    }

    /// Creates an entity, or sets a complex value, at a path with its API version.
    ///
    /// Missing entities on the way are created with nothing but their keys. They have the declared
    /// type unless the path has a type cast. The entity is validated like the body of a request, but
    /// may set read-only properties.
    pub fn seed(mut self, path: impl Into<String>, entity: Value) -> Self {
        self.seeds.push((path.into(), entity));
        self
    }

    /// Sets the port on `127.0.0.1`. The default, 0, selects a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the number of exchanges that [`Emulator::log`] keeps. The default is 10,000. The log also
    /// keeps at most 64 MiB.
    pub fn log_limit(mut self, exchanges: usize) -> Self {
        self.log_limit = exchanges;
        self
    }

    /// Ignores read-only properties and keys in the body of an update, as OData Protocol 4.01 §11.4.3
    /// requires.
    ///
    /// By default, a value that differs from the current one is rejected with 400, as in the directory,
    /// which reveals clients that try to change one.
    pub fn ignore_read_only(mut self, ignore: bool) -> Self {
        self.settings.read_only = match ignore {
            true => ReadOnly::Ignore,
            false => ReadOnly::Reject,
        };
        self
    }

    /// Sets the content of a media entity (`…/$value`) or stream property, at a path with its API
    /// version. Missing entities on the way are created.
    pub fn seed_content(
        mut self,
        path: impl Into<String>,
        media_type: impl Into<String>,
        bytes: impl Into<Vec<u8>>,
    ) -> Self {
        self.contents.push(SeededContent {
            path: path.into(),
            media_type: media_type.into(),
            bytes: bytes.into(),
        });
        self
    }

    /// Responds to a GET of a stream property with 302 to a URL that works without a token, and rejects
    /// one, as Graph does for the files of a drive. By default, the response has the content itself.
    pub fn redirect_content(mut self, redirect: bool) -> Self {
        self.settings.redirects_content = redirect;
        self
    }

    /// Checks the permissions in bearer tokens, which must then be JSON Web Tokens, such as those of
    /// [`token`]. Microsoft's permission data and the facts list the permissions that an operation needs.
    /// In a batch, each request is checked on its own. Signature and expiry are not checked.
    ///
    /// | the token | the response |
    /// |---|---|
    /// | is not a JSON Web Token | 401 |
    /// | grants no permission for the operation | 403 |
    /// | is for an application, and the path starts with `/me` | 400 |
    ///
    /// - An operation without permission data is allowed, and its [`Exchange::note`] states it.
    /// - A DELETE of a linked resource without `/$ref` is rejected.
    /// - A property, `$count` or cast without data needs the permission of the resource that it belongs to.
    /// - `$expand` also needs the permission to read what it expands.
    /// - A permission for some properties allows an update of only these. One for some resources, such as the
    ///   signed-in user (`User.Read`), does not suffice.
    ///
    /// [`token`]: crate::token()
    /// [`Exchange::note`]: crate::Exchange::note
    pub fn enforce_permissions(mut self) -> Self {
        self.settings.enforces_permissions = true;
        self
    }

    /// Responds to calls of an action or function, given by its path, with or without the API version
    /// (`/users/{id}/revokeSignInSessions`), or by its qualified name, which matches at every path.
    /// Other operations are answered with 501.
    ///
    /// The function is called after the emulator has checked that the binding parameter exists and that
    /// the metadata allows the parameters. It may return JSON, `()` or an [`InvocationResponse`].
    ///
    /// ```
    /// use msgraph_emulator::{Emulator, InvocationResponse};
    /// use serde_json::json;
    ///
    /// let builder = Emulator::builder()
    ///     .folder("metadata")
    ///     .on("microsoft.graph.revokeSignInSessions", |_| json!(true))
    ///     .on("/users/{id}/changePassword", |call| {
    ///         match call.parameters.get("newPassword") {
    ///             Some(_) => InvocationResponse::no_content(),
    ///             None => InvocationResponse::error(400, "BadRequest", "A password is required."),
    ///         }
    ///     });
    /// ```
    pub fn on<R: Into<InvocationResponse>>(
        mut self,
        operation: impl Into<String>,
        respond: impl Fn(&Invocation) -> R + Send + Sync + 'static,
    ) -> Self {
        let respond = move |invocation: &Invocation| respond(invocation).into();
        self.settings.invocations.add(operation.into(), respond);
        self
    }

    /// Completes each entity that a POST creates in the collection at a path, with or without the API
    /// version, as the service does with computed properties. The function must not use the emulator.
    ///
    /// ```
    /// use msgraph_emulator::Emulator;
    /// use serde_json::json;
    ///
    /// let passes = "/users/{id}/authentication/temporaryAccessPassMethods";
    /// let builder = Emulator::builder().folder("metadata").on_create(passes, |creation| {
    ///     creation.entity.insert("isUsable".into(), json!(true));
    ///     let pass = json!("TAPRocks!");
    ///     creation.returned_once.insert("temporaryAccessPass".into(), pass);
    /// });
    /// ```
    pub fn on_create(
        mut self,
        collection: impl Into<String>,
        complete: impl Fn(&mut Creation) + Send + Sync + 'static,
    ) -> Self {
        self.settings.creations.add(collection.into(), complete);
        self
    }

    /// Calls a function after each exchange, on the emulator's thread: it delays other requests.
    pub fn on_exchange(mut self, function: impl Fn(&Exchange) + Send + Sync + 'static) -> Self {
        self.observer = Some(Observer::new(function));
        self
    }

    /// Starts the emulator on a thread of its own.
    ///
    /// # Errors
    ///
    /// See [`StartError`].
    pub async fn start(self) -> Result<Emulator, StartError> {
        // Large metadata takes a moment to read, which must not block the caller's other tasks.
        let (send, receive) = tokio::sync::oneshot::channel();
        std::thread::Builder::new()
            .name("msgraph-emulator-start".to_owned())
            .spawn(move || send.send(self.start_blocking()))
            .map_err(StartError::Listen)?;
        let lost = |_| {
            Err(StartError::Listen(io::Error::other(
                "the emulator thread ended during startup",
            )))
        };
        receive.await.unwrap_or_else(lost)
    }

    /// Starts the emulator from code that is not async.
    ///
    /// # Errors
    ///
    /// See [`StartError`].
    pub fn start_blocking(self) -> Result<Emulator, StartError> {
        let models = self.read()?;
        if models.is_empty() {
            let inputs = self.metadata.into_iter();
            let missing = inputs.filter_map(|(_, input)| match input {
                Input::OptionalFile(file) => Some(file),
                Input::File(_) | Input::Text { .. } => None,
            });
            return Err(StartError::NoMetadata {
                missing: missing.collect(),
            });
        }
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).map_err(StartError::Listen)?;
        let address = listener.local_addr().map_err(StartError::Listen)?;
        let root = format!("http://{address}");
        let service = Service::new(models, root.clone(), self.settings);
        if let Some(operation) = service.unknown_operation() {
            let operation = operation.to_owned();
            return Err(StartError::UnknownOperation { operation });
        }
        for (path, entity) in self.seeds {
            seed(&service, &path, entity)?;
        }
        for SeededContent {
            path,
            media_type,
            bytes,
        } in self.contents
        {
            let seeded = service.seed_content(&path, &media_type, bytes);
            seeded.map_err(|rejection| seed_error(path, rejection))?;
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
        let mut files = Vec::new();
        if self.built_in_facts {
            files.push(add_built_in_facts(&mut sources));
        }
        for input in &self.facts {
            files.extend(input.read(&mut sources)?);
        }
        let facts = read_facts(&sources, &files).map_err(StartError::Metadata)?;
        let facts = Arc::new(facts);
        let mut versions: BTreeMap<&str, (Sources, Vec<FileId>)> = BTreeMap::new();
        for (version, input) in &self.metadata {
            let (sources, files) = versions.entry(version).or_default();
            files.extend(input.read(sources)?);
        }
        versions
            .into_iter()
            .filter(|(_, (_, files))| !files.is_empty())
            .map(|(version, (sources, files))| {
                let model = Model::read(sources, &files, facts.clone());
                Ok((version.to_owned(), model.map_err(StartError::Metadata)?))
            })
            .collect()
    }
}

impl Input {
    fn read(&self, sources: &mut Sources) -> Result<Option<FileId>, StartError> {
        match self {
            Input::OptionalFile(file) if !file.exists() => Ok(None),
            Input::File(file) | Input::OptionalFile(file) => read_file(sources, file)
                .map(Some)
                .map_err(StartError::Metadata),
            Input::Text { name, text } => Ok(Some(sources.add(name, text))),
        }
    }
}
