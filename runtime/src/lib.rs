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
//!     Ok(Some(outcome)) => println!("{} after {} tries", outcome.status, outcome.tries),
//!     Err(error) => eprintln!("{error} ({:?})", error.fate()),
//! }
//! # Ok(()) }
//! ```

#![warn(clippy::missing_errors_doc)]

mod alternatives;
mod annotation;
mod answer;
mod answer_headers;
mod any_of;
mod batch;
mod binary;
mod body_error;
mod bound;
#[cfg(feature = "client")]
mod client;
mod cloud;
mod collection_body;
mod diff;
mod dynamic;
mod enumeration;
mod etag;
mod fate;
#[cfg(feature = "uuid")]
mod guid;
#[cfg(feature = "client")]
mod json_cost;
mod json_writer;
mod nullable;
mod patch;
mod path;
mod read;
mod read_values;
mod reference;
mod replaced;
mod request;
mod request_debug;
mod retry;
mod retry_after;
mod root;
mod secret;
mod service_error;
mod shown;
mod source;
mod structured;
#[cfg(feature = "jiff")]
mod temporal;
mod type_rule;
mod union;
mod value;

pub use alternatives::Alternatives;
pub use answer::{AnswerError, Effect, Outcome, read_answer};
pub use answer_headers::AnswerHeaders;
pub use any_of::{AnyOf, DerivesFrom};
pub use batch::{Batch, BatchIndex};
pub use binary::{Binary, BinaryError};
pub use body_error::{BodyError, BodyProblem};
#[cfg(feature = "azure")]
pub use client::AzureCredential;
#[cfg(feature = "client")]
pub use client::{
    Call, Client, ClientBuilder, Error, SetupError, Token, TokenError, TokenFuture, TokenRequest,
    TokenSource, TransportError,
};
pub use cloud::{Cloud, UnknownCloud};
pub use collection_body::CollectionBody;
pub use diff::{Changes, diff};
pub use dynamic::{DynamicProperties, DynamicPropertyError};
pub use enumeration::{Enumeration, Flags, Open, UnknownMember};
pub use etag::{ETag, ETagError};
pub use fate::Fate;
#[cfg(feature = "uuid")]
pub use guid::{Guid, GuidError};
pub use json_writer::JsonWriter;
pub use nullable::Nullable;
pub use patch::{Document, PatchError, any_from_json, from_json, from_value};
pub use path::Key;
pub use read::{
    FieldReader, Read, ReadField, ReadFinding, ReadNote, ReadNotes, ReadValue, Readable, read,
};
pub use reference::{Reference, ReferenceError};
pub use replaced::Replaced;
pub use request::{HeaderList, Method, PreparedRequest, Request, RequestError, Return};
pub use retry::{FailedTry, Failure, GiveUpReason, NextStep, RetryPolicy, next_step};
pub use retry_after::RetryAfter;
pub use root::{Root, RootError};
pub use secret::Secret;
pub use service_error::{ErrorDetail, InnerError, ServiceError};
pub use structured::{FieldVisitor, Structured, VisitResult};
#[cfg(feature = "jiff")]
pub use temporal::{Date, DateTimeOffset, Duration, TemporalError, TimeOfDay};
pub use union::{Union, UnionMember};
pub use value::{Field, Value};

/// A value whose type the metadata leaves open (`Edm.Untyped`, and the values of dynamic properties).
pub use serde_json::Value as Untyped;

/// The value of a [`Guid`], and a key of a path that is one.
#[cfg(feature = "uuid")]
pub use uuid::Uuid;

/// `Edm.Decimal`, written as a JSON number with every digit it holds.
#[cfg(feature = "decimal")]
pub use rust_decimal::Decimal;
