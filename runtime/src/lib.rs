//! What generated Microsoft Graph updates stand on.
//!
//! Two halves:
//!
//! - **Without I/O**, always present: [`Nullable`], the patch trait [`Structured`], open enumerations ([`Open`],
//!   [`Flags`]), the primitive types of OData that Rust has no exact match for, and the [`Request`] value that a
//!   generated function gives back. No HTTP crate and no async runtime stands below it.
//! - **`client`**, a default feature: a thin sender over `reqwest`.
//!
//! Generated code is data; what it means is here. A type lists its fields once, in [`Structured::visit`], and
//! everything else (writing, listing what is set, comparing) is done over that list. A type generated with reading has
//! a second one, [`Readable::visit_mut`]: for answers, read tolerantly ([`read()`]), and for files, read strictly
//! ([`from_json`], [`Document`]).
//!
//! ```no_run
//! # #[cfg(feature = "client")]
//! use msgraph_runtime::{Client, Error};
//! use msgraph_runtime::{Cloud, Request, Secret};
//! # use msgraph_runtime::{FieldVisitor, Nullable, Structured, VisitResult};
//! # #[derive(Debug, Default)]
//! # struct TapPatch { is_usable_once: Option<Nullable<bool>> }
//! # impl Structured for TapPatch {
//! #     fn type_name(&self) -> &'static str { "microsoft.graph.tap" }
//! #     fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
//! #         visitor.fields(&[("isUsableOnce", &self.is_usable_once)])
//! #     }
//! # }
//! # fn update_tap(patch: &TapPatch) -> Request<'_> { Request::patch("v1.0", "/policies/tap", &[], patch) }
//!
//! # #[cfg(feature = "client")]
//! # async fn update(token: Secret) -> Result<(), Error> {
//! let client = Client::new(Cloud::Global, token)?;
//! let desired = TapPatch { is_usable_once: Some(true.into()), ..Default::default() };
//! let request = update_tap(&desired);
//!
//! println!("{}", client.dry_run(&request)?);
//! match client.send_changes(request).await {
//!     Ok(None) => println!("as it should be"),
//!     Ok(Some(outcome)) => println!("{} after {} attempts", outcome.status, outcome.attempts),
//!     Err(error) => eprintln!("{error} ({:?})", error.fate()),
//! }
//! # Ok(()) }
//! ```

#![warn(clippy::missing_errors_doc)]

mod body;
#[cfg(feature = "client")]
mod client;
mod cloud;
mod edm;
mod read;
mod request;
mod response;
mod secret;
mod text;

pub use body::any_of::{AnyOf, DerivesFrom};
pub use body::collection::CollectionBody;
pub use body::delta::{Delta, DeltaItem, Removal};
pub use body::diff::{Changes, diff};
pub use body::dynamic::{DynamicProperties, DynamicPropertyError};
pub use body::error::{BodyError, BodyProblem};
pub use body::json_writer::JsonWriter;
pub use body::replaced::Replaced;
pub use body::structured::{FieldVisitor, Structured, VisitResult};
pub use body::value::{Field, Value};

pub use edm::binary::{Binary, BinaryError};
pub use edm::enumeration::{Enumeration, Flags, Open, UnknownMember};
#[cfg(feature = "uuid")]
pub use edm::guid::{Guid, GuidError};
pub use edm::nullable::Nullable;
pub use edm::reference::{Reference, ReferenceError};
#[cfg(feature = "jiff")]
pub use edm::temporal::{Date, DateTimeOffset, Duration, TemporalError, TimeOfDay};

pub use read::alternatives::Alternatives;
pub use read::document::Document;
pub use read::error::PatchError;
pub use read::finding::{ReadFinding, ReadNote};
pub use read::notes::ReadNotes;
pub use read::readable::{FieldReader, ReadField, ReadValue, Readable};
pub use read::strict::{any_from_json, from_json, from_value};
pub use read::tolerant::{Read, read};
pub use read::union::{Union, UnionMember};

pub use request::Request;
pub use request::batch::{Batch, BatchIndex};
pub use request::error::RequestError;
pub use request::etag::{ETag, ETagError};
pub use request::method::Method;
pub use request::options::Return;
pub use request::path::Key;
pub use request::prepared::{HeaderList, PreparedRequest};

pub use response::error::ResponseError;
pub use response::fate::Fate;
pub use response::headers::ResponseHeaders;
pub use response::outcome::{Effect, Outcome};
pub use response::parse::parse_response;
pub use response::retry::{FailedAttempt, Failure, GiveUpReason, NextStep, RetryPolicy, next_step};
pub use response::retry_after::RetryAfter;
pub use response::service_error::{ErrorDetail, InnerError, ServiceError};

pub use cloud::root::{Root, RootError};
pub use cloud::{Cloud, UnknownCloud};
pub use secret::Secret;

#[cfg(feature = "azure")]
pub use client::AzureCredential;
#[cfg(feature = "client")]
pub use client::{
    Call, Client, ClientBuilder, Error, SetupError, Token, TokenError, TokenFuture, TokenRequest,
    TokenSource, TransportError,
};

/// A value whose type the metadata leaves open (`Edm.Untyped`, and the values of dynamic properties).
pub use serde_json::Value as Untyped;

/// The value of a [`Guid`], and a key of a path that is one.
#[cfg(feature = "uuid")]
pub use uuid::Uuid;

/// `Edm.Decimal`, written as a JSON number with every digit it holds.
#[cfg(feature = "decimal")]
pub use rust_decimal::Decimal;
