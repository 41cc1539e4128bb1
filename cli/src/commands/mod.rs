//! The subcommands: one file or folder each, with its arguments and its `run`.

pub mod clouds;
pub mod diff;
pub mod explain;
pub mod fetch;
pub mod generate;
pub mod init;
pub mod list;
pub mod permissions;
pub mod slice;
