//! The client of a tool for Temporary Access Passes in Microsoft Graph: the policy, passes, and group members.
//!
//! The build script generates this crate from the CSDL in `metadata/`; `generated/` has a reviewed copy. It
//! is the worked example of a crate with a generated client: it has a `graph.toml`, one line in `build.rs`, and
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
//! use msgraph_tap::{TemporaryAccessPassPatch, temporary_access_pass, update_temporary_access_pass};
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
//! client.send(temporary_access_pass::reset()).await?;
//! # Ok(()) }
//! ```
//!
//! To issue a pass, and to list those of a user:
//!
//! ```
//! use msgraph_tap::runtime::{Client, Get};
//! use msgraph_tap::{NewPass, pass};
//!
//! # async fn issue(client: &Client, user: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let new = NewPass::new().with_lifetime_in_minutes(60);
//! let issued = client.send(pass::create(user, &new)).await?.required()?.value;
//! if let Some(code) = issued.temporary_access_pass.get() {
//!     println!("{}", code.expose()); // `{issued:?}` does not show it
//! }
//! let mut passes = client.pages(pass::list(user)).items();
//! while let Some(pass) = passes.next().await? {
//!     println!("{pass:?}");
//! }
//! # Ok(()) }
//! ```

pub use msgraph_runtime as runtime;

/// Compiles and runs the code in the documentation.
#[cfg(doctest)]
#[doc = include_str!("../docs/operations.md")]
struct Operations;

/// As above.
#[cfg(doctest)]
#[doc = include_str!("../docs/paging.md")]
struct Paging;

runtime::include_graph!(mod graph);

pub use graph::*;
