//! Values of types that this code does not know, where the declared type is abstract.

use std::fmt;

use crate::body::dynamic::DynamicProperties;
use crate::body::shown::fmt_structured;
use crate::body::structured::{FieldVisitor, Structured, VisitResult};
use crate::body::type_info::TypeInfo;

/// The properties of a value as they were read, its `@odata.type` included. They are sent unchanged, because the service
/// replaces a collection as a whole: otherwise "read the list, add an item, send the list" would destroy the value.
pub(crate) struct UnknownSubtype(pub(crate) DynamicProperties);

impl Structured for UnknownSubtype {
    fn info(&self) -> &TypeInfo {
        &TypeInfo {
            name: "UnknownSubtype",
            type_name: "Edm.ComplexType",
            ..TypeInfo::EMPTY
        }
    }

    fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
        visitor.fields(&[], &[&self.0])
    }
}

impl fmt::Debug for UnknownSubtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_structured(self, f)
    }
}
