//! Details of errors. Start with the client's `Error`: `kind()`, `fate()`, and methods such as `is_not_found()`.
//!
//! [`ServiceError`] is Graph's own error. [`RequestError`] and [`BodyError`] describe a request that cannot be sent,
//! and [`ResponseError`] a response that is an error or cannot be read.

pub use crate::body::error::{BodyError, BodyProblem};
pub use crate::body::limit::{Bound, LimitViolation};
#[cfg(feature = "client")]
pub use crate::client::{Call, SetupError};
pub use crate::cloud::UnknownCloud;
pub use crate::cloud::root::RootError;
pub use crate::request::error::RequestError;
pub use crate::request::etag::ETagError;
pub use crate::response::error::ResponseError;
pub use crate::response::retry::RetryLimit;
pub use crate::response::retry_after::RetryAfter;
pub use crate::response::service_error::{ErrorDetail, InnerError, ServiceError};
