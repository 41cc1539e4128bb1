//! The types that are generated.

use msgraph_csdl::model::{TypeId, TypeKind};

use super::{Element, Slicer};
use crate::select::SelectedType;

impl Slicer<'_, '_> {
    /// Keeps a generated type with everything in its struct or enumeration.
    pub(super) fn keep_type(&mut self, id: TypeId, selected: &SelectedType) {
        let schema = self.schema;
        self.describe(Element::Type(id));
        if let TypeKind::Enumeration(ty) = &schema[id].kind {
            self.kept.types.insert(id);
            self.kept.enumerations.insert(id);
            for nth in 0..ty.members.len() {
                self.describe(Element::Member(id, nth));
            }
            return;
        }
        self.kept.types.extend(schema.supertypes(id));
        self.keep_key(id);
        for (declaring, property) in schema.properties(id) {
            let name = property.name.text.as_ref();
            let element = self.keep_property(declaring, name);
            let mut fields = selected.fields.iter();
            if fields.any(|field| field.property == name) {
                self.kept.described.extend(element);
            }
        }
        for (declaring, property) in schema.navigation_properties(id) {
            let name = property.name.text.as_ref();
            let mut fields = selected.fields.iter();
            let is_field = fields.any(|field| field.property == name && selected.has(field));
            if selected.navigation.iter().any(|it| it == name) {
                self.keep_navigation(declaring, name);
            }
            if is_field && let Some(element) = self.keep_navigation(declaring, name) {
                self.describe(element);
            }
        }
    }
}
