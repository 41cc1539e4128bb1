//! The metadata model of Microsoft Graph: reads CSDL, resolves it, and answers questions about types, paths,
//! annotations and facts. It does not generate code. Start at [`read`], which does the steps up to the model.
//!
//! The modules are in the order in which data flows through them. The crate has no Cargo features.

pub mod source;

pub mod document;

pub mod annotations;

pub mod resolve;

pub mod model;

pub mod permissions;

pub mod read;

pub mod toml_table;

pub mod facts;

pub mod path;

// For all of them:

pub mod diagnostic;

pub mod text;
