//! The parts of a request. Start with a generated function, which returns a [`Request`](crate::Request).
//!
//! Without one, write the request by hand: [`Request::patch`](crate::Request::patch) takes the keys of the path, each a
//! [`Key`]. Its response type is a [`Response`]. [`diff`] compares two values, `Batch` sends up to 20 requests at once,
//! [`quoted`] writes strings of filters, and [`PageLink`] is where a list continues.

#[cfg(feature = "client")]
pub(crate) mod batch;
pub(crate) mod builder;
mod constructors;
pub(crate) mod content;
pub(crate) mod dry_run;
pub(crate) mod error;
pub(crate) mod etag;
pub(crate) mod limits;
pub(crate) mod options;
#[cfg(feature = "client")]
mod page_request;
pub(crate) mod path;
pub(crate) mod payload;
pub(crate) mod prepare;
pub(crate) mod property_name;
mod query;
mod settings;

#[cfg(feature = "client")]
pub use batch::{Batch, Ticket, TicketId};
pub use content::Content;
pub use etag::ETag;
pub use limits::LimitCheck;
pub use options::Return;
pub use path::Key;
pub use property_name::{HasProperties, PropertyName, Selectable};
pub use settings::quoted;

pub use crate::body::collection::CollectionBody;
pub use crate::body::diff::{Changes, Current, diff};
#[cfg(feature = "client")]
pub use crate::client::{BatchResponses, Changed, Items};
#[cfg(feature = "stream")]
pub use crate::client::{ItemStream, PageStream};
pub use crate::cloud::root::Root;
pub use crate::response::page::{List, PageLink, PageLinkError};
pub use crate::response::typed::{Accepted, Response};
