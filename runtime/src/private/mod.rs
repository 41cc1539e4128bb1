//! The contract with generated code, which names nothing else of this crate, so everything else may change.
//!
//! Generated code imports this module as `__rt`. Do not remove or change a name here that generated code of any version up to
//! `CONTRACT` uses. The item that it re-exports may be renamed.

pub mod expansion;
mod include;
mod tables;

pub use std::boxed::Box;
pub use std::option::Option;
pub use std::string::String;
pub use std::vec::Vec;

pub use crate::body::any_of::{AnyOf, DerivesFrom};
pub use crate::body::collection::CollectionBody;
pub use crate::body::delta::DeltaItem;
pub use crate::body::dynamic::DynamicProperties;
pub use crate::edm::binary::Binary;
pub use crate::edm::convert::{IntoItems, IntoProperty, IntoValue};
pub use crate::edm::enumeration::UnknownMember;
pub use crate::edm::flags::Flags;
#[cfg(feature = "uuid")]
pub use crate::edm::guid::Guid;
pub use crate::edm::nullable::Nullable;
pub use crate::edm::reference::Reference;
#[cfg(feature = "jiff")]
pub use crate::edm::temporal::{Date, DateTimeOffset, Duration, TimeOfDay};
pub use crate::request::builder::Request;
pub use crate::request::path::Key;
#[cfg(feature = "decimal")]
pub use rust_decimal::Decimal;
pub use serde_json::Value as Untyped;
#[cfg(feature = "uuid")]
pub use uuid::Uuid;

pub use crate::{
    __body as body, __emitted_by as emitted_by, __enumeration as enumeration, __model as model,
    __union as union,
};

use http::Method;

use crate::body::structured::Structured;

/// A PATCH; see [`Request::patch`].
pub fn patch<'a, R>(
    api_version: &'static str,
    path: &'static str,
    keys: &[&dyn Key],
    body: &'a dyn Structured,
) -> Request<'a, R> {
    Request::new(Method::PATCH, api_version, path, keys, Some(body))
}

/// A PUT; see [`Request::put`].
pub fn put<'a, R>(
    api_version: &'static str,
    path: &'static str,
    keys: &[&dyn Key],
    body: &'a dyn Structured,
) -> Request<'a, R> {
    Request::new(Method::PUT, api_version, path, keys, Some(body))
}

/// A DELETE; see [`Request::delete`].
pub fn delete<R>(
    api_version: &'static str,
    path: &'static str,
    keys: &[&dyn Key],
) -> Request<'static, R> {
    Request::new(Method::DELETE, api_version, path, keys, None)
}

/// A GET; see [`Request::get`].
pub fn get<R>(
    api_version: &'static str,
    path: &'static str,
    keys: &[&dyn Key],
) -> Request<'static, R> {
    Request::new(Method::GET, api_version, path, keys, None)
}
