//! Responses: what they show about the request, and whether to send it again.

pub(crate) mod error;
pub(crate) mod fate;
pub(crate) mod headers;
pub(crate) mod outcome;
pub(crate) mod parse;
pub(crate) mod retry;
pub(crate) mod retry_after;
pub(crate) mod service_error;
