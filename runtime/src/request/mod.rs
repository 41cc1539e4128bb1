//! The parts of a request. Start with a generated function, which returns a [`Request`](crate::Request).
//!
//! Without one, write the request by hand: [`Request::patch`](crate::Request::patch) takes the keys of the path, each a
//! [`Key`]. Its response type is a [`Response`]. [`diff`] compares two values, and `Batch` sends up to 20 requests at
//! once.

#[cfg(feature = "client")]
pub(crate) mod batch;
pub(crate) mod builder;
pub(crate) mod dry_run;
pub(crate) mod error;
pub(crate) mod etag;
pub(crate) mod options;
pub(crate) mod path;
pub(crate) mod prepare;
pub(crate) mod property_name;
mod settings;

#[cfg(feature = "client")]
pub use batch::{Batch, Ticket, TicketId};
pub use etag::ETag;
pub use options::Return;
pub use path::Key;
pub use property_name::PropertyName;

pub use crate::body::collection::CollectionBody;
pub use crate::body::diff::{Changes, diff};
#[cfg(feature = "client")]
pub use crate::client::{BatchResponses, Changed};
pub use crate::cloud::root::Root;
pub use crate::response::typed::{Accepted, Response};
