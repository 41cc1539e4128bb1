//! Typed updates of the Temporary Access Pass policy of Microsoft Graph.
//!
//! The build script generates this crate from the CSDL in `metadata/`; `generated/` has a reviewed copy. It
//! is the worked example of a crate with typed updates: it has a `graph.toml`, one line in `build.rs`, and
//! one in `lib.rs`.
//!
//! ```
//! use msgraph_tap::runtime::Null;
//! use msgraph_tap::{TemporaryAccessPassPatch, update_temporary_access_pass};
//!
//! let patch = TemporaryAccessPassPatch::new()
//!     .with_is_usable_once(true) // a value
//!     .with_default_length(Null); // clears the property
//! let request = update_temporary_access_pass(&patch);
//! assert_eq!(
//!     request.body_json()?.as_deref(),
//!     Some(concat!(
//!         r##"{"@odata.type":"#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration","##,
//!         r##""defaultLength":null,"isUsableOnce":true}"##,
//!     ).as_bytes()),
//! );
//! # Ok::<(), msgraph_tap::runtime::error::BodyError>(())
//! ```
//!
//! To send it (here to a local emulator):
//!
//! ```
//! use msgraph_tap::runtime::{AccessToken, Client, Cloud};
//! use msgraph_tap::runtime::request::Changed;
//! use msgraph_tap::{TemporaryAccessPassPatch, reset_temporary_access_pass, update_temporary_access_pass};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let emulator = msgraph_emulator::Emulator::start("metadata").await?;
//! # let root = emulator.root().parse()?;
//! # let token = "eyJ0eXAi";
//! let client = Client::builder(Cloud::Global, AccessToken::new(token)?).root(root).build()?;
//! let patch = TemporaryAccessPassPatch::new().with_is_usable_once(true);
//!
//! println!("{}", client.dry_run(&update_temporary_access_pass(&patch))?);
//! let outcome = client.send(update_temporary_access_pass(&patch)).await?;
//! assert_eq!((outcome.status, outcome.attempts), (204, 1));
//!
//! let read = client.read_back(&update_temporary_access_pass(&patch)).await?;
//! assert_eq!(read.value["isUsableOnce"], true);
//! let changed = client.send_changes(update_temporary_access_pass(&patch)).await?;
//! assert_eq!(changed, Changed::AsDesired);
//! client.send(reset_temporary_access_pass()).await?;
//! # Ok(()) }
//! ```

pub use msgraph_runtime as runtime;

/// Compiles and runs the code in the documentation.
#[cfg(doctest)]
#[doc = include_str!("../docs/operations.md")]
struct Operations;

runtime::include_graph!(mod graph);

pub use graph::*;
