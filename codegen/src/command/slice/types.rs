//! The types that are generated.

use msgraph_csdl::annotations::Role;
use msgraph_csdl::model::{TypeId, TypeKind};

use super::annotations::terms;
use super::{Element, Slicer};
use crate::select::{OmissionReason, SelectedType};

impl Slicer<'_, '_> {
    /// Keeps a generated type with everything in its struct or enumeration.
    pub(super) fn keep_type(&mut self, id: TypeId, selected: &SelectedType) {
        use OmissionReason::{Computed, Configured, Immutable, Key, ReadOnly, Stream};
        let schema = self.schema;
        self.describe(Element::Type(id));
        self.keep(Role::Deprecation, &[Element::Type(id)]);
        if let TypeKind::Enumeration(ty) = &schema[id].kind {
            self.kept.types.insert(id);
            self.kept.enumerations.insert(id);
            for nth in 0..ty.members.len() {
                self.describe(Element::Member(id, nth));
                self.keep(Role::Deprecation, &[Element::Member(id, nth)]);
            }
            return;
        }
        self.kept.types.extend(schema.supertypes(id));
        self.keep_key(id);
        let omission = |name: &str| {
            let mut omitted = selected.omitted.iter();
            omitted.find(|it| it.property == name).map(|it| it.reason)
        };
        for (declaring, property) in schema.properties(id) {
            let name = property.name.text.as_ref();
            let Some(element) = self.keep_property(declaring, name) else {
                continue;
            };
            let chain = self.chain(id, name, element);
            let mut fields = selected.fields.iter();
            let field = fields.find(|field| field.property == name);
            if field.is_some() {
                self.describe(element);
                self.keep(Role::Deprecation, &chain);
            }
            match field.map_or_else(|| omission(name), |field| field.omission) {
                None => {
                    for term in terms(Role::ReadOnly) {
                        self.keep_shadowing(&chain, term);
                    }
                }
                Some(Computed | Immutable | ReadOnly) => self.keep_read_only(&chain),
                Some(Key | Stream | Configured) => {}
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
                let chain = self.chain(id, name, element);
                self.describe(element);
                self.keep(Role::Deprecation, &chain);
            }
        }
    }
}
