//! The metadata model of Microsoft Graph: reads CSDL, resolves it, and answers questions about types, paths,
//! annotations and facts. It does not generate code.
//!
//! Documents are [`parse`]d into [`document`] and [`resolve`]d into [`model`]; [`read`] does both. [`path`] walks and
//! enumerates resource paths, and [`facts`] documents the service where its CSDL does not.

pub mod added;
pub mod annotations;
pub mod diagnostic;
pub mod document;
pub mod facts;
mod identifier;
pub mod model;
pub mod parse;
pub mod path;
pub mod read;
pub mod resolve;
pub mod segment;
pub mod source;
pub mod table;
pub mod template;
pub mod text;
