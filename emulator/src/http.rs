//! The wire: connections, requests and responses, and the log of them.

pub(crate) mod exchange;
pub(crate) mod host;
pub(crate) mod idle;
pub(crate) mod server;
pub(crate) mod wire;
