//! The types whose values are read. The others need no code for reading.

use super::{Body, Response, Selector, TypeInRole};
use crate::ir::Role;

impl Selector<'_, '_, '_> {
    /// Marks the types of responses and of their properties; with `read = true`, all types. An update of a type that is
    /// read can be read, too, because a value converts to it.
    pub(super) fn mark_read(&mut self) {
        self.mark_types_read();
        let schema = self.schema();
        for (ty, selected) in &mut self.selection.types {
            let is_open = schema.structured(ty.ty).is_some_and(|ty| ty.is_open);
            if is_open && selected.is_read && matches!(ty.role, Role::Patch | Role::Plain) {
                let navigation = schema.navigation_properties(ty.ty).into_iter();
                let names = navigation.map(|(_, property)| property.name.text.to_string());
                selected.navigation = names.filter(|name| !selected.mentions(name)).collect();
            }
        }
    }

    fn mark_types_read(&mut self) {
        if self.input.manifest.read {
            for selected in self.selection.types.values_mut() {
                selected.is_read = true;
            }
            self.selection.read_unions = self.selection.unions.keys().copied().collect();
            return;
        }
        let responses = self.operations.values().map(|operation| operation.response);
        let mut open: Vec<Body> = responses.filter_map(Response::structured).collect();
        while let Some(body) = open.pop() {
            if let Body::AnyOf(declared) = body
                && !self.selection.read_unions.insert(declared)
            {
                continue;
            }
            for ty in self.body_types(body) {
                let Some(selected) = self.selection.types.get_mut(&ty) else {
                    continue;
                };
                if selected.is_read {
                    continue;
                }
                selected.is_read = true;
                let fields = selected.fields.iter();
                let fields = fields.filter(|field| selected.has(field));
                open.extend(fields.filter_map(|field| field.content.body()));
                if ty.role == Role::Plain {
                    open.push(Body::Type(TypeInRole {
                        role: Role::Patch,
                        ..ty
                    }));
                }
            }
        }
    }
}
