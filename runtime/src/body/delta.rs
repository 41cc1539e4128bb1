//! Nested deltas: changes to single items of a collection, in the body of an update.

use serde_json::Value as Untyped;

use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::structured::{FieldVisitor, Structured, VisitResult, described_by};
use crate::body::value::PatchField;

/// An item of a nested delta, `allowedValues@delta` (OData Protocol 4.01, 11.4.3.1), which changes only the named items of
/// a collection.
///
/// A request with a nested delta sends `OData-Version: 4.01` and is not idempotent, because an item without a key would
/// be added twice. [`diff`](crate::diff()) never compares a delta, and always sends it.
///
/// ```
/// # use msgraph_runtime::{FieldVisitor, Structured, VisitResult};
/// # #[derive(Debug, Default)] struct Value { id: Option<String>, is_active: Option<bool> }
/// # impl Structured for Value {
/// #     fn type_name(&self) -> &'static str { "microsoft.graph.allowedValue" }
/// #     fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
/// #         visitor.fields(&[("id", &self.id), ("isActive", &self.is_active)])
/// #     }
/// # }
/// use msgraph_runtime::{DeltaItem, Removal};
///
/// let baker = Value { id: Some("Baker".into()), is_active: Some(false) };
/// let old = Value { id: Some("Old".into()), ..Default::default() };
/// let removed = DeltaItem::Removed(Removal::Deleted, old);
/// assert_eq!(removed.to_json()?, r#"{"@removed":{"reason":"deleted"},"id":"Old"}"#);
///
/// let allowed_values_delta = vec![DeltaItem::Changed(baker), removed];
/// # Ok::<(), msgraph_runtime::BodyError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum DeltaItem<T> {
    /// Updates the item with this key, or adds it. Without a key, the service chooses one.
    Changed(T),
    /// Removes the item with this key from the collection. The value sets only the key.
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
    described_by!(item);

    fn is_declared_type(&self) -> Option<bool> {
        self.item().is_declared_type()
    }

    fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
        if let Self::Removed(removal, _) = self {
            visitor.fields(&[(REMOVED, removal)])?;
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
}

/// Wraps a field that contains a nested delta, in generated code. See [`DeltaItem`].
#[derive(Clone, Copy)]
pub struct Delta<'f>(pub &'f dyn PatchField);

impl PatchField for Delta<'_> {
    fn is_absent(&self) -> bool {
        self.0.is_absent()
    }

    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        writer.note_delta();
        self.0.write(writer)
    }

    fn is_same(&self, _: &Untyped) -> bool {
        false
    }
}
