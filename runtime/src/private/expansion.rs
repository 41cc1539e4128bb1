//! What the macros of the contract expand to. Generated code does not name it.

pub use crate::body::any_of::DerivesFrom;
pub use crate::body::copy::{cloned, converted};
pub use crate::body::equality::is_equal;
pub use crate::body::error::BodyError;
pub use crate::body::json_writer::JsonWriter;
pub use crate::body::limit::Limit;
pub use crate::body::shown::fmt_structured;
pub use crate::body::structured::{FieldVisitor, Structured, VisitResult};
pub use crate::body::type_info::{MarkedField, TypeInfo, mark, setting};
pub use crate::body::value::Value;
pub use crate::edm::convert::ArrayItem;
pub use crate::edm::enumeration::{
    Enumeration, MemberError, UnknownMember, fmt_member, from_wire, hash_member, is_same_member,
    parse_member, read_member, write_member,
};
pub use crate::read::notes::ReadNotes;
pub use crate::read::readable::{FieldReader, ReadValue, Readable};
pub use crate::read::union::{Union, UnionMember};
pub use crate::request::property_name::PropertyName;
pub use serde_json::Value as Untyped;
