//! The types that selected types need, and so on until nothing is missing.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{
    Body, Content, OmissionReason, OmittedProperty, Reason, SelectedField, SelectedType, Selector,
    TypeInRole,
};
use crate::ir::Role;

impl Selector<'_, '_, '_> {
    /// Selects a type in a role.
    pub(super) fn need(&mut self, ty: TypeInRole, reason: Reason) {
        if let Entry::Vacant(entry) = self.selection.types.entry(ty) {
            let settings = &self.input.manifest.types;
            let settings = settings.get(&self.input.schema[ty.ty].qualified_name());
            entry.insert(SelectedType {
                reason,
                name: settings.and_then(|settings| settings.name.clone()),
                fields: Vec::new(),
                omitted: Vec::new(),
                has_values_only: false,
                is_sent: false,
                is_posted: false,
                is_read: false,
                always_named: false,
                replaces: false,
                navigation: Vec::new(),
                not_sent: Vec::new(),
            });
            self.queue.push_back(ty);
        }
    }

    pub(super) fn close(&mut self) {
        let mut found = BTreeMap::new();
        while let Some(ty) = self.queue.pop_front() {
            if self.schema().structured(ty.ty).is_some() {
                let (fields, omitted) = self.fields(ty);
                for field in &fields {
                    let reason = Reason::Property(ty.ty, field.property.clone());
                    self.need_types_of(field.content, reason);
                }
                found.insert(ty, (fields, omitted));
            }
        }
        for (ty, (mut fields, mut omitted)) in found {
            self.omit_key(ty, &mut fields, &mut omitted);
            let always_named = self.input.facts.names_always(self.schema(), ty.ty);
            let replaces = ty.role != Role::New && self.type_replaces(ty.ty);
            if let Some(selected) = self.selection.types.get_mut(&ty) {
                selected.fields = fields;
                selected.omitted = omitted;
                selected.always_named = always_named;
                selected.replaces = replaces;
            }
        }
        for ty in self.replaced_types() {
            let not_sent = self.not_sent(ty);
            if let Some(selected) = self.selection.types.get_mut(&ty) {
                selected.not_sent = not_sent;
            }
        }
    }

    /// Selects the types of a field's values.
    pub(super) fn need_types_of(&mut self, content: Content, reason: Reason) {
        match content {
            Content::Enumeration(ty, _) => self.need(TypeInRole::plain(ty), reason),
            Content::Structured(body, _) | Content::Delta(body) => {
                let reason = match body {
                    Body::Type(_) => reason,
                    Body::AnyOf(base) => Reason::Derived(base.ty),
                };
                for ty in self.body_types(body) {
                    self.need(ty, reason.clone());
                }
            }
            Content::Primitive(..) | Content::Reference(_) => {}
        }
    }

    /// Omits the key from the body of an update: the path has the key already.
    fn omit_key(
        &self,
        TypeInRole { ty, role }: TypeInRole,
        fields: &mut Vec<SelectedField>,
        omitted: &mut Vec<OmittedProperty>,
    ) {
        if role != Role::Patch || self.named.contains(&ty) || self.input.manifest.send_read_only {
            return;
        }
        fields.retain(|field| {
            let is_kept =
                !field.is_key || self.configured_omission(ty, &field.property) == Some(None);
            if !is_kept {
                omitted.push(OmittedProperty {
                    property: field.property.clone(),
                    reason: OmissionReason::Key,
                });
            }
            is_kept
        });
    }
}
