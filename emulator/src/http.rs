//! HTTP on loopback: connections, requests and responses, and the log of exchanges.

mod connections;
pub(crate) mod exchange;
pub(crate) mod handler;
mod host;
pub(crate) mod log;
mod oversized;
pub(crate) mod server;
mod truncation;
