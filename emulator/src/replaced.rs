//! What the service replaces as a whole instead of merging, by facts.

use msgraph_codegen::schema::TypeId;
use serde_json::{Map, Value};

use crate::model::Model;

impl Model {
    /// Whether an update of a value of this type removes what it leaves out.
    pub(crate) fn replaces(&self, ty: TypeId) -> bool {
        self.facts().replaces(self.schema(), ty)
    }

    /// The same, of the value of one property.
    pub(crate) fn replaces_property(&self, ty: TypeId, name: &str) -> bool {
        self.facts().replaces_property(self.schema(), ty, name)
    }

    /// The properties that a value keeps although an update replaces it: no update sends them.
    pub(crate) fn kept(&self, ty: TypeId) -> Vec<String> {
        let properties = self.schema().properties(ty);
        let read_only = properties
            .iter()
            .filter(|(_, property)| self.is_read_only(ty, property))
            .map(|(_, property)| property.name.text.to_string());
        let key = self.schema().key(ty).iter();
        read_only
            .chain(key.map(|key| key.text.to_string()))
            .collect()
    }
}

/// Removes from a value what an update that replaces it leaves out.
pub(crate) fn remove_unnamed(
    object: &mut Map<String, Value>,
    kept: &[String],
    is_named: &dyn Fn(&str) -> bool,
) {
    object.retain(|name, _| {
        name == "@odata.type" || is_named(name) || kept.iter().any(|kept| kept == name)
    });
}
