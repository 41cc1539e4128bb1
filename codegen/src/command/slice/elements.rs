//! Single elements, and what each of them needs.

use msgraph_csdl::annotations::{TERMS, alternate_keys, description, long_description};
use msgraph_csdl::document::{Annotation, Name};
use msgraph_csdl::model::{
    ItemType, NavigationProperty, Operation, Property, TypeId, TypeKind, TypeReference,
};

use super::Slicer;
use crate::select::SelectedType;

/// The terms of a description. If an element has both, the first one is used.
const DESCRIPTIONS: [&str; 2] = [description::TERM, long_description::TERM];

impl<'s, 'a> Slicer<'s, 'a> {
    /// Keeps an element with the annotations that the generator reads, except for descriptions.
    pub(super) fn keep(&mut self, name: &Name<'_>, annotations: &[Annotation<'_>]) {
        self.kept.insert(name.span);
        self.keep_annotations(annotations);
    }

    fn keep_annotations(&mut self, annotations: &[Annotation<'_>]) {
        let is_read = |annotation: &&Annotation<'_>| {
            let term = annotation.term.text.as_ref();
            TERMS.contains(&term) && !DESCRIPTIONS.contains(&term)
        };
        let read = annotations.iter().filter(is_read);
        self.kept.extend(read.map(|it| it.term.span));
    }

    /// Keeps the description that is used in the doc comment.
    pub(super) fn describe(&mut self, annotations: &[Annotation<'_>]) {
        let of_term = |name: &str| annotations.iter().find(|it| it.term.text == name);
        let used = DESCRIPTIONS.into_iter().find_map(of_term);
        self.kept.extend(used.map(|it| it.term.span));
    }

    /// Keeps a type and its supertypes with their keys.
    pub(super) fn keep_type(&mut self, id: TypeId) {
        if !self.types.insert(id) {
            return;
        }
        let schema = self.schema;
        let declaration = &schema[id];
        self.keep(&declaration.name, &declaration.annotations);
        match &declaration.kind {
            TypeKind::Structured(ty) => {
                if let Some(base) = ty.base {
                    self.keep_type(base);
                }
                let key = ty.key.iter().flatten().map(|name| name.text.as_ref());
                let alternate = alternate_keys::of(&declaration.annotations);
                let alternate = alternate.iter().flatten().map(|part| part.name);
                for path in key.chain(alternate) {
                    self.keep_property_path(id, path);
                }
            }
            // An enumeration has at least one member (OData CSDL XML 4.01 §10.3).
            TypeKind::Enumeration(ty) => {
                if let Some(first) = ty.members.first() {
                    self.keep(&first.name, &first.annotations);
                }
            }
            TypeKind::Definition(_) => {}
        }
    }

    /// Keeps the properties of a path such as `address/street`.
    fn keep_property_path(&mut self, mut ty: TypeId, path: &str) {
        for name in path.split('/') {
            match self.keep_property(ty, name).map(|it| it.ty.item) {
                Some(ItemType::Declared(item)) => ty = item,
                _ => return,
            }
        }
    }

    /// Keeps a structural property that the type declares or inherits.
    pub(super) fn keep_property(&mut self, ty: TypeId, name: &str) -> Option<&'s Property<'a>> {
        let property = self.schema.property(ty, name)?;
        self.keep_type(ty);
        self.keep(&property.name, &property.annotations);
        self.keep_type_of(property.ty);
        Some(property)
    }

    /// Keeps a navigation property that the type declares or inherits.
    pub(super) fn keep_navigation(
        &mut self,
        ty: TypeId,
        name: &str,
    ) -> Option<&'s NavigationProperty<'a>> {
        let (_, property) = self.schema.navigation_property(ty, name)?;
        self.keep_type(ty);
        self.keep(&property.name, &property.annotations);
        self.keep_type(property.target);
        Some(property)
    }

    pub(super) fn keep_operation(&mut self, operation: &Operation<'_>) {
        self.keep(&operation.name, &operation.annotations);
        for parameter in &operation.parameters {
            self.keep(&parameter.name, &parameter.annotations);
            self.keep_type_of(parameter.ty);
        }
        if let Some(ty) = operation.return_type {
            self.keep_type_of(ty);
        }
    }

    fn keep_type_of(&mut self, ty: TypeReference) {
        if let ItemType::Declared(id) = ty.item {
            self.keep_type(id);
        }
    }

    /// Keeps a subtype that has content, unless a supertype has it: otherwise a subtree would not offer the content.
    pub(super) fn keep_stream(&mut self, id: TypeId) {
        let schema = self.schema;
        let has_stream = |ty: &TypeId| schema.structured(*ty).is_some_and(|ty| ty.has_stream);
        let mut types = schema.types().map(|(ty, _)| ty);
        let has_inherited = schema.supertypes(id).any(|ty| has_stream(&ty));
        let below = types.find(|ty| has_stream(ty) && schema.is_subtype_of(*ty, id));
        if let (false, Some(below)) = (has_inherited, below) {
            self.keep_type(below);
        }
    }

    /// Keeps a generated type with everything in its struct or enumeration.
    pub(super) fn keep_selected_type(&mut self, id: TypeId, selected: &SelectedType) {
        let schema = self.schema;
        self.keep_type(id);
        self.describe(&schema[id].annotations);
        if let TypeKind::Enumeration(ty) = &schema[id].kind {
            for member in &ty.members {
                self.keep(&member.name, &member.annotations);
                self.describe(&member.annotations);
            }
        }
        for (_, property) in schema.properties(id) {
            let name = property.name.text.as_ref();
            self.keep_property(id, name);
            if selected.fields.iter().any(|field| field.property == name) {
                self.describe(&property.annotations);
            }
        }
        for (_, property) in schema.navigation_properties(id) {
            let name = property.name.text.as_ref();
            let fields = selected.fields.iter();
            let mut fields = fields.filter(|field| field.property == name);
            let is_field = fields.clone().any(|field| selected.has(field));
            // The type of a nested delta is generated even if the struct has no field for it.
            let has_body = fields.any(|field| field.content.body().is_some());
            let mut listed = selected.navigation.iter().chain(&selected.not_sent);
            let mut omitted = selected.omitted.iter().map(|it| &it.property);
            let is_listed = listed.any(|it| it == name) || omitted.any(|it| it == name);
            if is_field || has_body || is_listed {
                self.keep_navigation(id, name);
            }
            if is_field {
                self.describe(&property.annotations);
            }
        }
    }

    /// Keeps the annotations of the kept types on properties that they inherit.
    pub(super) fn keep_inherited_annotations(&mut self) {
        let schema = self.schema;
        let types = self.types.iter();
        let types: Vec<_> = types
            .filter_map(|id| Some((*id, schema.structured(*id)?)))
            .collect();
        for (id, ty) in types {
            for (name, annotations) in &ty.inherited_annotations {
                let property = schema.property(id, name).map(|it| it.name.span);
                let navigation = schema.navigation_property(id, name);
                let declared = property.or(navigation.map(|(_, it)| it.name.span));
                if declared.is_some_and(|span| self.kept.contains(&span)) {
                    self.keep_annotations(annotations);
                }
            }
        }
    }
}
