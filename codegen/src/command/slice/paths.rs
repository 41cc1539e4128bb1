//! The paths of operations.

use msgraph_csdl::annotations::{
    Role, alternate_keys, indexable_by_key, navigation_restrictions, update_restrictions,
};
use msgraph_csdl::document::ContainerChildKind;
use msgraph_csdl::model::{ItemType, TypeId};
use msgraph_csdl::path::segment::SegmentParts;
use msgraph_csdl::path::{self, ResourcePath, Segment, SegmentKind, Step, TargetKind};

use super::annotations::OFFERS;
use super::{Element, Slicer};
use crate::select::SelectedOperation;

impl<'s, 'a> Slicer<'s, 'a> {
    /// Keeps the path of an operation, and the annotations on it that matter.
    pub(super) fn keep_selected(&mut self, operation: &SelectedOperation) {
        let schema = self.schema;
        if let Some(call) = &operation.call {
            self.keep_selected_call(operation.path.as_ref(), call);
        }
        let Some(path) = &operation.path else {
            return;
        };
        let position = self.keep_path(path);
        for step in path::steps(schema, path) {
            if let Some((chain, ty)) = self.position(step) {
                self.keep(Role::Deprecation, &chain);
                self.keep(Role::Deprecation, &[Element::Type(ty)]);
            } else if let Step::Cast(ty) = step {
                self.keep(Role::Deprecation, &[Element::Type(ty)]);
            }
        }
        if operation.kind.is_of_content() && path.target.kind != TargetKind::Stream {
            self.keep_stream(path.target.ty);
        }
        if let Some((chain, ty)) = position.filter(|_| operation.call.is_none()) {
            self.keep_operations_of(operation, path, &chain, ty);
        }
    }

    /// Keeps the annotations on the target of an operation that decide how it is updated, and what it offers. Subtrees are
    /// handled elsewhere.
    fn keep_operations_of(
        &mut self,
        operation: &SelectedOperation,
        path: &ResourcePath,
        chain: &[Element],
        ty: TypeId,
    ) {
        let schema = self.schema;
        let is_complex = matches!(chain.last(), Some(Element::Property(..)));
        let is_offering = self.offering.contains(&path.template());
        if is_offering {
            for term in OFFERS.into_iter().chain([&indexable_by_key::TERM]) {
                self.keep_first(chain, term);
                if !is_complex {
                    self.keep_on_supertypes(ty, term);
                }
            }
        }
        // Whether it can be updated matters for collections only.
        let updates = if path.target.is_collection || is_offering {
            &update_restrictions::TERM
        } else {
            &update_restrictions::METHOD
        };
        if operation.kind.changes_resource() || is_offering {
            let of_type = schema
                .supertypes(ty)
                .map(Element::Type)
                .filter(|_| !is_complex);
            let all: Vec<Element> = chain.iter().copied().chain(of_type).collect();
            self.keep_first(&all, updates);
            if chain.iter().any(|element| self.restricts_updates(*element)) {
                self.keep_first(chain, &navigation_restrictions::TERM);
            }
            if !is_complex {
                self.keep_on_supertypes(ty, updates);
            }
        }
    }

    /// Keeps a path. Returns its last position.
    pub(super) fn keep_path(&mut self, path: &ResourcePath) -> Option<(Vec<Element>, TypeId)> {
        let mut last = None;
        let mut at: Option<TypeId> = None;
        for (segment, step) in path.segments.iter().zip(path::steps(self.schema, path)) {
            self.keep_step(step, at);
            if let Some((chain, ty)) = self.position(step) {
                self.kept.elements.extend(chain.last());
                self.kept.types.insert(ty);
                at = Some(ty);
                last = Some((chain, ty));
            } else if let Step::Cast(ty) = step {
                at = Some(ty);
            }
            if let Some(ty) = at {
                self.keep_keys(segment, ty);
            }
        }
        last
    }

    /// Keeps the element of a step from a type.
    fn keep_step(&mut self, step: Step<'s, 'a>, at: Option<TypeId>) {
        match step {
            Step::Child(child) => {
                self.kept.types.insert(child.ty);
                let ty = self.schema.structured(child.ty);
                let is_concrete = ty.is_some_and(|ty| !ty.is_abstract);
                if child.kind == ContainerChildKind::EntitySet && is_concrete {
                    self.keep_key(child.ty);
                }
            }
            Step::Key => {}
            Step::Navigation(from, declaring, property) => {
                self.keep_supertypes(from, declaring);
                let element = self.keep_navigation(declaring, &property.name.text);
                self.on_path.extend(element);
            }
            Step::Complex(from, property) => {
                let name = property.name.text.as_ref();
                let element = self.keep_inherited(from, name);
                if let (Some(element), true) = (element, self.has_subtree) {
                    let chain = self.chain(from, name, element);
                    self.keep_complex(&chain);
                }
            }
            Step::Cast(ty) => {
                if let Some(declared) = at {
                    self.keep_supertypes(ty, declared);
                }
            }
            Step::Function(operation) => self.keep_bound(at, operation),
        }
    }

    /// The elements whose annotations apply at a step, nearest first, and the type there. Keys and casts do not change the
    /// position.
    fn position(&self, step: Step<'s, 'a>) -> Option<(Vec<Element>, TypeId)> {
        let schema = self.schema;
        match step {
            Step::Child(child) => {
                let mut children = schema.container().iter();
                let nth = children.position(|other| other.name.text == child.name.text)?;
                Some((vec![Element::Child(nth)], child.ty))
            }
            Step::Navigation(from, declaring, property) => {
                let name = property.name.text.as_ref();
                let element =
                    Element::Navigation(declaring, self.navigation_index(declaring, name)?);
                Some((self.chain(from, name, element), property.target))
            }
            Step::Complex(from, property) => {
                let name = property.name.text.as_ref();
                let declaring = self.declaring(from, name)?;
                let element = Element::Property(declaring, self.property_index(declaring, name)?);
                match property.ty.item {
                    ItemType::Declared(ty) => Some((self.chain(from, name, element), ty)),
                    ItemType::Primitive(_) => None,
                }
            }
            Step::Function(operation) => {
                let nth = schema.operation_index(operation)?;
                match operation.return_type?.item {
                    ItemType::Declared(ty) => Some((vec![Element::Operation(nth)], ty)),
                    ItemType::Primitive(_) => None,
                }
            }
            Step::Key | Step::Cast(_) => None,
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
                let holders = schema.supertypes(ty).filter(|ty| {
                    let annotations = &schema[*ty].annotations;
                    annotations
                        .iter()
                        .any(|a| a.term.text == alternate_keys::TERM.name)
                });
                for holder in holders.collect::<Vec<_>>() {
                    self.keep_supertypes(ty, holder);
                    self.keep_first(&[Element::Type(holder)], &alternate_keys::TERM);
                }
            }
        }
    }
}
