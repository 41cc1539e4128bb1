//! Responses: parsed into an outcome or an error, the fate that they prove, and the retry rule.

pub(crate) mod attempts;
pub(crate) mod error;
pub(crate) mod fate;
pub(crate) mod headers;
pub(crate) mod outcome;
pub(crate) mod page;
pub(crate) mod parse;
pub(crate) mod retry;
pub(crate) mod retry_after;
pub(crate) mod retry_rule;
pub(crate) mod service_error;
pub(crate) mod success;
pub(crate) mod typed;
