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
pub use crate::request::content::Content;
pub use crate::request::path::Key;
pub use crate::response::page::Page;
pub use crate::secret::Secret;
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
use crate::request::payload::Payload;

/// A PATCH; see [`Request::patch`].
pub fn patch<'a, R>(
    api_version: &'static str,
    path: &'static str,
    keys: &[&dyn Key],
    body: &'a dyn Structured,
) -> Request<'a, R> {
    let payload = Payload::Structured(body);
    Request::new(Method::PATCH, api_version, path, keys, payload)
}

/// A PUT; see [`Request::put`].
pub fn put<'a, R>(
    api_version: &'static str,
    path: &'static str,
    keys: &[&dyn Key],
    body: &'a dyn Structured,
) -> Request<'a, R> {
    let payload = Payload::Structured(body);
    Request::new(Method::PUT, api_version, path, keys, payload)
}

/// A POST; see [`Request::post`].
pub fn post<'a, R>(
    api_version: &'static str,
    path: &'static str,
    keys: &[&dyn Key],
    body: &'a dyn Structured,
) -> Request<'a, R> {
    let payload = Payload::Structured(body);
    Request::new(Method::POST, api_version, path, keys, payload)
}

/// A POST without a body; see [`Request::post_empty`].
pub fn post_empty<R>(
    api_version: &'static str,
    path: &'static str,
    keys: &[&dyn Key],
) -> Request<'static, R> {
    Request::new(Method::POST, api_version, path, keys, Payload::Empty)
}

/// A POST of a reference; see [`Request::post_ref`].
pub fn post_ref<'a>(
    api_version: &'static str,
    path: &'static str,
    keys: &[&dyn Key],
    reference: &'a Reference,
) -> Request<'a, ()> {
    Request::post_ref(api_version, path, keys, reference)
}

/// A PUT of a reference; see [`Request::put_ref`].
pub fn put_ref<'a>(
    api_version: &'static str,
    path: &'static str,
    keys: &[&dyn Key],
    reference: &'a Reference,
) -> Request<'a, ()> {
    Request::put_ref(api_version, path, keys, reference)
}

/// A reference to an entity; see [`Reference::to`].
pub fn reference(api_version: &'static str, path: &'static str, keys: &[&dyn Key]) -> Reference {
    Reference::within(api_version, path, keys)
}

/// A GET of content; see [`Request::get_content`].
pub fn get_content(
    api_version: &'static str,
    path: &'static str,
    keys: &[&dyn Key],
) -> Request<'static, Content> {
    Request::get_content(api_version, path, keys)
}

/// A PUT of content; see [`Request::put_content`].
pub fn put_content<'a, R>(
    api_version: &'static str,
    path: &'static str,
    keys: &[&dyn Key],
    content: &'a Content,
) -> Request<'a, R> {
    let payload = Payload::Content(content);
    Request::new(Method::PUT, api_version, path, keys, payload)
}

/// A DELETE; see [`Request::delete`].
pub fn delete<R>(
    api_version: &'static str,
    path: &'static str,
    keys: &[&dyn Key],
) -> Request<'static, R> {
    Request::new(Method::DELETE, api_version, path, keys, Payload::Empty)
}

/// A GET; see [`Request::get`].
pub fn get<R>(
    api_version: &'static str,
    path: &'static str,
    keys: &[&dyn Key],
) -> Request<'static, R> {
    Request::new(Method::GET, api_version, path, keys, Payload::Empty)
}
