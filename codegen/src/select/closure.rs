//! The types that selected types need, and so on until nothing is missing.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use msgraph_csdl::document::StructuredKind;
use msgraph_csdl::model::TypeId;

use super::{
    Body, Content, OmissionReason, OmittedProperty, Reason, SelectedField, SelectedType, Selector,
};

impl Selector<'_, '_, '_> {
    /// Selects a type.
    pub(super) fn need(&mut self, ty: TypeId, reason: Reason) {
        if let Entry::Vacant(entry) = self.selection.types.entry(ty) {
            let settings = &self.input.manifest.types;
            let settings = settings.get(&self.input.schema[ty].qualified_name());
            entry.insert(SelectedType {
                reason,
                name: settings.and_then(|settings| settings.name.clone()),
                fields: Vec::new(),
                omitted: Vec::new(),
                always_named: false,
                replaces: false,
                not_sent: Vec::new(),
            });
            self.queue.push_back(ty);
        }
    }

    pub(super) fn close(&mut self) {
        let mut found = BTreeMap::new();
        while let Some(ty) = self.queue.pop_front() {
            if self.schema().structured(ty).is_some() {
                let (fields, omitted) = self.fields(ty);
                for field in &fields {
                    self.need_types_of(ty, field);
                }
                found.insert(ty, (fields, omitted));
            }
        }
        for (ty, (mut fields, mut omitted)) in found {
            self.omit_key(ty, &mut fields, &mut omitted);
            let always_named = self.input.facts.names_always(self.schema(), ty);
            let replaces = self.type_replaces(ty);
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

    fn need_types_of(&mut self, owner: TypeId, field: &SelectedField) {
        let reason = Reason::Property(owner, field.property.clone());
        match field.content {
            Content::Enumeration(ty, _) => self.need(ty, reason),
            Content::Structured(body, _) | Content::Delta(body) => {
                let reason = match body {
                    Body::Type(_) => reason,
                    Body::AnyOf(base) => Reason::Derived(base),
                };
                for ty in self.body_types(body) {
                    self.nested.insert(ty);
                    self.need(ty, reason.clone());
                }
            }
            Content::Primitive(..) | Content::Reference(_) => {}
        }
    }

    /// Omits the key of an entity that is only a body: the path has the key already.
    fn omit_key(
        &self,
        ty: TypeId,
        fields: &mut Vec<SelectedField>,
        omitted: &mut Vec<OmittedProperty>,
    ) {
        let structured = self.schema().structured(ty);
        if structured.is_some_and(|ty| ty.kind == StructuredKind::Complex)
            || self.nested.contains(&ty)
            || self.named.contains(&ty)
            || self.input.manifest.send_read_only
        {
            return;
        }
        fields.retain(|field| {
            let is_kept = !field.is_key || self.configured_send(ty, &field.property) == Some(true);
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
