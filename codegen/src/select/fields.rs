//! The properties of a type: those with a field, and those that are omitted.

use msgraph_csdl::annotations::{computed, immutable, permissions};
use msgraph_csdl::document::Annotation;
use msgraph_csdl::model::{
    ItemType, NavigationProperty, Primitive, Property, TypeId, TypeKind, TypeReference,
};

use super::{Content, OmissionReason, OmittedProperty, SelectedField, Selector, TypeInRole};
use crate::ir::Role;
use crate::manifest::PropertySettings;
use crate::read::Input;

impl<'a> Selector<'_, 'a, '_> {
    /// The body of an update omits what an update does not send, and a new entity what no request sends. A plain value has
    /// it as read-only or immutable fields. Streams have no field.
    pub(super) fn fields(
        &mut self,
        TypeInRole { ty, role }: TypeInRole,
    ) -> (Vec<SelectedField>, Vec<OmittedProperty>) {
        let schema = self.schema();
        let mut fields = Vec::new();
        let mut omitted = Vec::new();
        let is_entity = schema.is_entity(ty);
        let key = schema.key(ty);
        for (_, property) in schema.properties(ty) {
            let name = property.name.text.to_string();
            let is_key = is_entity && key.iter().any(|key| key.text == name);
            let omission = self.omission(ty, property, is_key);
            match omission_in(role, omission) {
                Some(reason) if role != Role::Plain || is_stream(property) => {
                    omitted.push(OmittedProperty {
                        property: name,
                        reason,
                    });
                }
                omission => fields.push(SelectedField {
                    property: name,
                    content: self.content(property.ty),
                    nullable: property.nullable && !property.ty.is_collection,
                    is_key,
                    omission,
                    replaces: role != Role::New && self.property_replaces(ty, property),
                }),
            }
        }
        for (_, property) in schema.navigation_properties(ty) {
            let name = property.name.text.as_ref();
            let omission = self.configured_omission(ty, name).flatten();
            match omission_in(role, omission) {
                Some(reason) if role == Role::Patch => omitted.push(OmittedProperty {
                    property: name.to_owned(),
                    reason,
                }),
                omission => {
                    fields.extend(self.navigation(TypeInRole { ty, role }, property, omission))
                }
            }
        }
        (fields, omitted)
    }

    /// The value of a property or a parameter.
    pub(super) fn content(&mut self, ty: TypeReference) -> Content {
        match ty.item {
            ItemType::Primitive(primitive) => Content::Primitive(primitive, ty.is_collection),
            ItemType::Declared(id) if self.schema().is_untyped(id) => {
                Content::Primitive(Primitive::Untyped, ty.is_collection)
            }
            ItemType::Declared(id) => match &self.schema()[id].kind {
                TypeKind::Structured(_) => {
                    let position = self.position(TypeInRole::plain(id));
                    Content::Structured(position, ty.is_collection)
                }
                TypeKind::Enumeration(_) => Content::Enumeration(id, ty.is_collection),
                TypeKind::Definition(primitive) => Content::Primitive(*primitive, ty.is_collection),
            },
        }
    }

    /// Fields of a navigation property: the value, if the service accepts it in the body; a reference, unless the target
    /// is contained; and in updates a nested delta.
    fn navigation(
        &mut self,
        TypeInRole { ty, role }: TypeInRole,
        property: &NavigationProperty<'a>,
        omission: Option<OmissionReason>,
    ) -> Vec<SelectedField> {
        let name = property.name.text.as_ref();
        let is_collection = property.is_collection;
        let mut fields = Vec::new();
        let mut add = |content, nullable| {
            fields.push(SelectedField {
                property: name.to_owned(),
                content,
                nullable,
                is_key: false,
                omission,
                replaces: false,
            });
        };
        let nullable = property.nullable && !is_collection;
        if self.is_inline(ty, name) {
            let body = self.position(TypeInRole::plain(property.target));
            add(Content::Structured(body, is_collection), nullable);
        }
        if !property.contains_target {
            add(Content::Reference(is_collection), nullable);
        }
        if is_collection && role != Role::New && self.accepts_delta(ty, name) {
            let item = self.position(TypeInRole::plain(property.target));
            add(Content::Delta(item), false);
        }
        fields
    }

    /// Whether the value of a navigation property is sent in the body.
    fn is_inline(&self, ty: TypeId, property: &str) -> bool {
        let (schema, manifest) = (self.schema(), &self.input.manifest);
        manifest.inline_all
            || self.input.facts.is_inline(schema, ty, property)
            || schema.supertypes(ty).any(|ty| {
                let settings = manifest.types.get(&schema[ty].qualified_name());
                let mut inline = settings.iter().flat_map(|settings| &settings.inline);
                inline.any(|name| name.text == property)
            })
    }

    fn accepts_delta(&self, ty: TypeId, name: &str) -> bool {
        let facts = &self.input.facts.properties;
        let delta = self.configured(ty, name, |_, path, settings| {
            let configured = settings.and_then(|settings| settings.delta);
            configured.or_else(|| facts.get(path)?.delta)
        });
        delta == Some(true)
    }

    /// The setting of the nearest type that has one. `find` gets the type, the property's path, and its settings in the
    /// manifest.
    pub(super) fn configured<T>(
        &self,
        ty: TypeId,
        name: &str,
        find: impl Fn(&str, &str, Option<&PropertySettings>) -> Option<T>,
    ) -> Option<T> {
        if !self.configured.contains(name) {
            return None;
        }
        self.schema().supertypes(ty).find_map(|ty| {
            let ty = self.schema()[ty].qualified_name();
            let path = format!("{ty}/{name}");
            find(&ty, &path, self.input.manifest.properties.get(&path))
        })
    }

    /// Why updates omit a property, or that they send it, if the manifest or the facts configure that. `send-read-only`
    /// overrides the facts as it does the annotations.
    pub(super) fn configured_omission(
        &self,
        ty: TypeId,
        name: &str,
    ) -> Option<Option<OmissionReason>> {
        let Input {
            manifest, facts, ..
        } = self.input;
        let omission = self.configured(ty, name, |ty, _, settings| {
            if let Some(send) = settings.and_then(|settings| settings.send) {
                return Some(Some((!send).then_some(OmissionReason::Configured)));
            }
            let omission = if facts.sends(ty, name)? {
                None
            } else if facts
                .types
                .get(ty)
                .is_some_and(|ty| ty.create_only.contains(name))
            {
                Some(OmissionReason::Immutable)
            } else {
                Some(OmissionReason::Configured)
            };
            Some((omission.is_none() || !manifest.send_read_only).then_some(omission))
        });
        omission.flatten()
    }

    fn omission(
        &self,
        ty: TypeId,
        property: &Property<'a>,
        is_key: bool,
    ) -> Option<OmissionReason> {
        let name = property.name.text.as_ref();
        if let Some(omission) = self.configured_omission(ty, name) {
            // The key of a value in a list can be sent, even if the client chooses it on creation.
            return omission.filter(|reason| !is_key || *reason != OmissionReason::Immutable);
        }
        if is_stream(property) {
            return Some(OmissionReason::Stream);
        }
        if is_key || self.input.manifest.send_read_only {
            return None;
        }
        let annotations = &property.annotations;
        let annotations = self.schema().property_annotations(ty, name, annotations);
        let annotations: Vec<&Annotation<'_>> = annotations.collect();
        let annotations = || annotations.iter().copied();
        if computed::is_computed(annotations()) {
            Some(OmissionReason::Computed)
        } else if immutable::is_immutable(annotations()) {
            Some(OmissionReason::Immutable)
        } else if permissions::is_read_only(annotations()) {
            Some(OmissionReason::ReadOnly)
        } else {
            None
        }
    }
}

/// Why a value in a role does not send a property that updates omit for a reason.
fn omission_in(role: Role, reason: Option<OmissionReason>) -> Option<OmissionReason> {
    reason.filter(|reason| role != Role::New || *reason != OmissionReason::Immutable)
}

fn is_stream(property: &Property<'_>) -> bool {
    matches!(property.ty.item, ItemType::Primitive(Primitive::Stream))
}
