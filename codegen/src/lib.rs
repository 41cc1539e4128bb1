//! Generates typed Rust clients for Microsoft Graph from its CSDL metadata. Start at [`build`].
//!
//! In a build script, the usual case is one line:
//!
//! ```no_run
//! // build.rs
//! msgraph_codegen::build("graph.toml");
//! ```
//!
//! and one in the crate, which declares a module with the generated code:
//!
//! ```ignore
//! // src/lib.rs
//! msgraph_runtime::include_graph!(pub mod graph);
//! ```
//!
//! `graph.toml` names the API version, the metadata and the operations to generate; see
//! `docs/manifest.md`. [`Config`] has more options. If your `main` returns a `Result`, use
//! [`Config::try_build`].
//!
//! [`build`], [`Config`], [`Generated`], [`Error`] and what they refer to are the public API. Hidden
//! items are for the command `msgraph` and for our tests, and may change in any version.
//!
//! The pipeline is read → select → lower → render → format; `pipeline.rs` shows it. The same input
//! always gives the same bytes. A build reads the manifest and the files that it names, uses no network, and starts
//! no process.
//!
//! | feature | default | contents |
//! |---|---|---|
//! | `index` | no | a JSON index of the generated code |
//! | `command` | no | hidden items for the command `msgraph` |

mod build;
mod cargo;
#[cfg(feature = "command")]
#[doc(hidden)]
pub mod command;
mod config;
mod day;
#[cfg(feature = "index")]
mod index;
#[doc(hidden)]
pub mod ir;
mod lower;
mod manifest;
mod output;
mod pipeline;
mod read;
mod removals;
mod render;
mod select;

#[cfg(feature = "index")]
#[doc(hidden)]
pub use config::is_index_name;
pub use config::{Config, Generated};
pub use msgraph_csdl::diagnostic::{Diagnostic, Diagnostics, Error, Severity};
pub use msgraph_csdl::source::Sources;
#[doc(hidden)]
pub use output::{ALLOWED_LINTS, HEADER, is_generated};

use std::path::PathBuf;

/// Generates what a manifest selects into `$OUT_DIR/graph.rs`. For build scripts: cargo shows errors, and
/// they fail the build. The path is relative to the package.
pub fn build(manifest: impl Into<PathBuf>) {
    Config::new(manifest).build();
}
