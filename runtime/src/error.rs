//! What errors consist of. Start with `kind()` and `fate()` of the client's `Error`, and `is_not_found()` and the like.
//!
//! The types of this module are the details: [`ServiceError`] is Graph's own error, [`RequestError`] and [`BodyError`]
//! are requests that cannot be sent, and [`ResponseError`] is a response that is an error or cannot be read.

pub use crate::body::error::{BodyError, BodyProblem};
#[cfg(feature = "client")]
pub use crate::client::{Call, SetupError};
pub use crate::cloud::UnknownCloud;
pub use crate::cloud::root::RootError;
pub use crate::request::error::RequestError;
pub use crate::request::etag::ETagError;
pub use crate::response::error::ResponseError;
pub use crate::response::retry_after::RetryAfter;
pub use crate::response::service_error::{ErrorDetail, InnerError, ServiceError};
