//! Typed updates of the Temporary Access Pass policy of Microsoft Graph.
//!
//! Everything but the client is generated from the CSDL in `metadata/` when this crate is built, and
//! `generated/` holds a reviewed copy of it. The crate is the worked example of what another crate
//! does to have typed updates of its own: a `graph.toml`, one line in `build.rs`, one `include!`.
//!
//! ```
//! use msgraph_tap::{TemporaryAccessPassPatch, update_temporary_access_pass};
//!
//! let patch = TemporaryAccessPassPatch::new()
//!     .is_usable_once(true) // a value
//!     .default_length(None); // null: clears it
//! let request = update_temporary_access_pass(&patch);
//! assert_eq!(
//!     request.body_json()?.as_deref(),
//!     Some(concat!(
//!         r##"{"@odata.type":"#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration","##,
//!         r##""defaultLength":null,"isUsableOnce":true}"##,
//!     ).as_bytes()),
//! );
//! # Ok::<(), msgraph_tap::runtime::BodyError>(())
//! ```

pub use msgraph_runtime as runtime;

include!(concat!(env!("OUT_DIR"), "/graph.rs"));
