//! The paths of operations.

use msgraph_csdl::document::ContainerChildKind;
use msgraph_csdl::model::{ItemType, TypeId, TypeReference};
use msgraph_csdl::path::segment::SegmentParts;
use msgraph_csdl::path::{self, ResourcePath, Segment, SegmentKind, Step, TargetKind};

use super::{Element, Slicer};
use crate::select::SelectedOperation;

impl<'s, 'a> Slicer<'s, 'a> {
    /// Keeps the path of an operation.
    pub(super) fn keep_selected(&mut self, operation: &SelectedOperation) {
        if let Some(call) = &operation.call {
            self.keep_selected_call(operation.path.as_ref(), call);
        }
        if let Some(path) = &operation.path {
            self.keep_path(path);
            if operation.kind.is_of_content() && path.target.kind != TargetKind::Stream {
                self.keep_stream(path.target.ty);
            }
        }
    }

    pub(super) fn keep_path(&mut self, path: &ResourcePath) {
        let mut at: Option<TypeId> = None;
        for (segment, step) in path.segments.iter().zip(path::steps(self.schema, path)) {
            at = self.keep_step(step, at).or(at);
            if let Some(ty) = at {
                self.keep_keys(segment, ty);
            }
        }
    }

    /// Keeps the element of a step from a type, and returns the type that it leads to, unless that is primitive.
    fn keep_step(&mut self, step: Step<'s, 'a>, at: Option<TypeId>) -> Option<TypeId> {
        match step {
            Step::Child(child) => {
                let mut children = self.schema.container().iter();
                let nth = children.position(|other| other.name.text == child.name.text);
                self.kept.elements.extend(nth.map(Element::Child));
                self.kept.types.insert(child.ty);
                let ty = self.schema.structured(child.ty);
                let is_concrete = ty.is_some_and(|ty| !ty.is_abstract);
                if child.kind == ContainerChildKind::EntitySet && is_concrete {
                    self.keep_key(child.ty);
                }
                Some(child.ty)
            }
            Step::Key => at,
            Step::Navigation(from, declaring, property) => {
                self.keep_supertypes(from, declaring);
                self.keep_navigation(declaring, &property.name.text);
                Some(property.target)
            }
            Step::Complex(from, property) => {
                self.keep_inherited(from, &property.name.text);
                declared(property.ty)
            }
            Step::Cast(ty) => {
                if let Some(declared) = at {
                    self.keep_supertypes(ty, declared);
                }
                Some(ty)
            }
            Step::Function(operation) => {
                self.keep_bound(at, operation);
                operation.return_type.and_then(declared)
            }
        }
    }

    /// Keeps the key, or the alternate key, that a segment uses.
    fn keep_keys(&mut self, segment: &Segment, ty: TypeId) {
        let parts = SegmentParts::parse(&segment.text).ok();
        let names: Vec<&str> = match segment.kind {
            SegmentKind::Function | SegmentKind::Action => return,
            SegmentKind::Key => Vec::new(),
            _ => parts
                .iter()
                .flat_map(SegmentParts::argument_names)
                .collect(),
        };
        let schema = self.schema;
        let is_key = |name: &&str| schema.key(ty).iter().any(|key| key.text == *name);
        if names.is_empty() {
            if !segment.parameters.is_empty() {
                self.keep_key(ty);
            }
            return;
        }
        if names.iter().any(is_key) {
            self.keep_key(ty);
        }
        for key in path::alternate_keys(schema, ty) {
            if key.iter().any(|part| names.contains(&part.alias)) {
                let aliases = key.iter().map(|part| part.alias.to_owned());
                self.kept.alternate_keys.insert(aliases.collect());
                for part in key {
                    self.keep_inherited(ty, part.name);
                }
            }
        }
    }
}

fn declared(ty: TypeReference) -> Option<TypeId> {
    match ty.item {
        ItemType::Declared(id) => Some(id),
        ItemType::Primitive(_) => None,
    }
}
