//! The properties of a type: those with a field, and those that are omitted.

use msgraph_csdl::annotations::{computed, immutable, permissions};
use msgraph_csdl::document::{Annotation, StructuredKind};
use msgraph_csdl::model::{
    ItemType, NavigationProperty, Primitive, Property, TypeId, TypeKind, TypeReference,
};

use super::{Content, OmissionReason, OmittedProperty, SelectedField, Selector, TypeInRole};
use crate::ir::Role;
use crate::manifest::PropertySettings;

impl<'a> Selector<'_, 'a, '_> {
    /// The body of an update omits what no request sends. A plain value has it as read-only fields, except for streams.
    pub(super) fn fields(
        &mut self,
        TypeInRole { ty, role }: TypeInRole,
    ) -> (Vec<SelectedField>, Vec<OmittedProperty>) {
        let schema = self.schema();
        let mut fields = Vec::new();
        let mut omitted = Vec::new();
        let structured = schema.structured(ty);
        let is_entity = structured.is_some_and(|ty| ty.kind == StructuredKind::Entity);
        let key = schema.key(ty);
        for (_, property) in schema.properties(ty) {
            let name = property.name.text.to_string();
            let is_key = is_entity && key.iter().any(|key| key.text == name);
            match self.omission(ty, property, is_key) {
                Some(reason) if role == Role::Patch || is_stream(property) => {
                    omitted.push(OmittedProperty {
                        property: name,
                        reason,
                    });
                }
                read_only => fields.push(SelectedField {
                    property: name,
                    content: self.content(property.ty),
                    nullable: property.nullable && !property.ty.is_collection,
                    is_key,
                    read_only,
                    replaces: self.property_replaces(ty, property),
                }),
            }
        }
        for (_, property) in schema.navigation_properties(ty) {
            self.navigation(ty, property, &mut fields);
        }
        (fields, omitted)
    }

    fn content(&mut self, ty: TypeReference) -> Content {
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
    /// is contained; and a nested delta.
    fn navigation(
        &mut self,
        ty: TypeId,
        property: &NavigationProperty<'a>,
        fields: &mut Vec<SelectedField>,
    ) {
        let name = property.name.text.as_ref();
        let is_collection = property.is_collection;
        let mut add = |content, nullable| {
            fields.push(SelectedField {
                property: name.to_owned(),
                content,
                nullable,
                is_key: false,
                read_only: None,
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
        if is_collection && self.accepts_delta(ty, name) {
            let item = self.position(TypeInRole::plain(property.target));
            add(Content::Delta(item), false);
        }
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

    /// Whether the manifest or the facts configure a property to be sent. `send-read-only` overrides the facts as it does
    /// the annotations.
    pub(super) fn configured_send(&self, ty: TypeId, name: &str) -> Option<bool> {
        let sends_read_only = self.input.manifest.send_read_only;
        let send = self.configured(ty, name, |ty, _, settings| {
            if let Some(send) = settings.and_then(|settings| settings.send) {
                return Some(Some(send));
            }
            let send = self.input.facts.sends(ty, name)?;
            Some((send || !sends_read_only).then_some(send))
        });
        send.flatten()
    }

    fn omission(
        &self,
        ty: TypeId,
        property: &Property<'a>,
        is_key: bool,
    ) -> Option<OmissionReason> {
        let name = property.name.text.as_ref();
        if let Some(send) = self.configured_send(ty, name) {
            return (!send).then_some(OmissionReason::Configured);
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

fn is_stream(property: &Property<'_>) -> bool {
    matches!(property.ty.item, ItemType::Primitive(Primitive::Stream))
}
