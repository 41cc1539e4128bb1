//! What the subcommands share.

pub(crate) mod arguments;
pub mod console;
pub mod failure;
pub(crate) mod files;
pub(crate) mod html;
pub(crate) mod index;
pub(crate) mod interrupt;
pub(crate) mod lock;
pub mod output_format;
pub mod permission_document;
pub(crate) mod permission_ids;
pub(crate) mod shell;
pub mod smallest_set;
pub(crate) mod terminal;
pub mod text;
pub(crate) mod type_name;
pub(crate) mod unified_diff;
