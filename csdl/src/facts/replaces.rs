//! `replaces`: values that a service replaces as a whole instead of merging.

use super::Facts;
use crate::model::{Schema, TypeId};

impl Facts {
    /// Whether an update of a value of this type removes or resets the properties that it omits.
    pub fn replaces(&self, schema: &Schema<'_>, ty: TypeId) -> bool {
        let mut supertypes = schema.supertypes(ty);
        supertypes.find_map(|ty| self.type_replaces(schema, ty)) == Some(true)
    }

    /// The same for the value of one property.
    pub fn replaces_property(&self, schema: &Schema<'_>, ty: TypeId, property: &str) -> bool {
        let mut supertypes = schema.supertypes(ty);
        supertypes.find_map(|ty| self.property_replaces(schema, ty, property)) == Some(true)
    }

    /// The fact about this type, without supertypes.
    pub fn type_replaces(&self, schema: &Schema<'_>, ty: TypeId) -> Option<bool> {
        self.types.get(&schema[ty].qualified_name())?.replaces
    }

    /// The fact about a property of this type, without supertypes.
    pub fn property_replaces(
        &self,
        schema: &Schema<'_>,
        ty: TypeId,
        property: &str,
    ) -> Option<bool> {
        let path = format!("{}/{property}", schema[ty]);
        self.properties.get(&path)?.replaces
    }
}
