//! Changes to single items of a collection, in the body of an update and in the responses of delta functions.

use std::any::Any;
use std::fmt;
use std::fmt::Debug;

use serde_json::Value as Untyped;

use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::structured::{FieldVisitor, Structured, VisitResult};
use crate::body::type_info::TypeInfo;
use crate::body::value::PatchField;

/// A change to one item of a collection.
///
/// A function called `delta` responds with a page of them. An item whose `@removed` has an unknown reason, which is noted,
/// is read as removed and not as deleted.
///
/// In the body of an update, it is an item of a nested delta, `allowedValues@delta` (OData Protocol 4.01, 11.4.3.1), which
/// changes only the named items of a collection.
/// A request with a nested delta sends `OData-Version: 4.01` and is not idempotent, because an item without a key would
/// be added twice. [`diff`](crate::request::diff()) never compares a delta, and always sends it.
///
/// ```
/// # use msgraph_runtime::__private as __rt;
/// # struct Value { id: Option<String>, is_active: Option<bool> }
/// # __rt::body! { Value: "microsoft.graph.allowedValue"; "id" id; "isActive" is_active; }
/// use msgraph_runtime::json::Structured;
/// use msgraph_runtime::edm::{DeltaItem, Removal};
///
/// let baker = Value { id: Some("Baker".into()), is_active: Some(false) };
/// let old = Value { id: Some("Old".into()), ..Default::default() };
/// let removed = DeltaItem::Removed(Removal::Deleted, old);
/// assert_eq!(removed.to_json()?, r#"{"@removed":{"reason":"deleted"},"id":"Old"}"#);
///
/// let allowed_values_delta = vec![DeltaItem::Changed(baker), removed];
/// # Ok::<(), msgraph_runtime::error::BodyError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum DeltaItem<T> {
    /// The item was added or changed. In a request: updates the item with this key, or adds it. Without a key, the
    /// service chooses one.
    Changed(T),
    /// The item was removed. In a request: removes the item with this key from the collection. The value has only the
    /// key.
    Removed(Removal, T),
}

/// Why an item is removed from a collection (OData JSON 4.01, 15.3).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Removal {
    /// It no longer belongs to the collection, but still exists.
    Changed,
    /// It is deleted.
    Deleted,
}

/// The control information of a removed item.
pub(crate) const REMOVED: &str = "@removed";

impl<T> From<T> for DeltaItem<T> {
    fn from(item: T) -> Self {
        Self::Changed(item)
    }
}

impl<T> DeltaItem<T> {
    const fn item(&self) -> &T {
        match self {
            Self::Changed(item) | Self::Removed(_, item) => item,
        }
    }
}

impl<T: Structured> Structured for DeltaItem<T> {
    fn info(&self) -> &TypeInfo {
        self.item().info()
    }

    fn is_declared_type(&self) -> Option<bool> {
        self.item().is_declared_type()
    }

    fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
        if let Self::Removed(removal, _) = self {
            visitor.fields(&[(REMOVED, 0, removal)], &[])?;
        }
        self.item().visit(visitor)
    }
}

impl PatchField for Removal {
    fn is_absent(&self) -> bool {
        false
    }

    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        writer.raw(match self {
            Self::Changed => br#"{"reason":"changed"}"#,
            Self::Deleted => br#"{"reason":"deleted"}"#,
        });
        Ok(())
    }

    fn is_same(&self, _: &Untyped) -> bool {
        false
    }

    fn is_equal(&self, other: &dyn PatchField) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref() == Some(self)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt(f)
    }
}
