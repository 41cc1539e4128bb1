//! The annotations that are kept, and the parts of their values that are read.

use std::collections::BTreeSet;

use msgraph_csdl::annotations::{Shape, TERMS, alternate_keys, description, long_description};
use msgraph_csdl::document::{Annotation, Expression};
use msgraph_csdl::model::TypeKind;

use super::{Element, Slicer};

impl<'s, 'a> Slicer<'s, 'a> {
    fn annotations(&self, element: Element) -> &'s [Annotation<'a>] {
        let schema = self.schema;
        let structured = |id| schema.structured(id);
        let list = match element {
            Element::Type(id) => Some(&schema[id].annotations),
            Element::Property(id, nth) => structured(id)
                .and_then(|ty| ty.properties.get(nth))
                .map(|property| &property.annotations),
            Element::Navigation(id, nth) => structured(id)
                .and_then(|ty| ty.navigation_properties.get(nth))
                .map(|property| &property.annotations),
            Element::Inherited(id, nth) => structured(id)
                .and_then(|ty| ty.inherited_annotations.get(nth))
                .map(|(_, annotations)| annotations),
            Element::Member(id, nth) => match &schema[id].kind {
                TypeKind::Enumeration(ty) => ty.members.get(nth).map(|member| &member.annotations),
                _ => None,
            },
            Element::Child(nth) => schema.container().get(nth).map(|child| &child.annotations),
            Element::Operation(nth) => schema
                .operations()
                .get(nth)
                .map(|operation| &operation.annotations),
            Element::Parameter(operation, nth) => schema
                .operations()
                .get(operation)
                .and_then(|operation| operation.parameters.get(nth))
                .map(|parameter| &parameter.annotations),
        };
        list.map(Vec::as_slice).unwrap_or_default()
    }

    /// Keeps the description that is used in the doc comment.
    pub(super) fn describe(&mut self, element: Element) {
        self.kept.described.insert(element);
    }

    /// Keeps the supertypes whose annotations apply to the kept types.
    pub(super) fn keep_annotated_supertypes(&mut self) {
        let schema = self.schema;
        for id in self.kept.types.clone() {
            let supertypes = schema.supertypes(id);
            let annotated =
                supertypes.filter(|ty| !self.kept_annotations(Element::Type(*ty)).is_empty());
            if let Some(topmost) = annotated.last() {
                self.keep_supertypes(id, topmost);
            }
        }
    }

    /// The kept annotations of an element: the term, and the parts of the value that are read.
    pub(super) fn kept_annotations(
        &self,
        element: Element,
    ) -> Vec<(&'static str, Option<Expression<'a>>)> {
        let annotations = self.annotations(element);
        let has_description = || {
            annotations
                .iter()
                .any(|it| description::TERM.is_term_of(it))
        };
        let is_described = self.kept.described.contains(&element);
        let mut seen = BTreeSet::new();
        let kept = annotations.iter().filter_map(|annotation| {
            let mut terms = TERMS.iter();
            let term = terms.find(|term| term.is_term_of(annotation))?;
            let is_used = match term.name {
                name if name == description::TERM.name => is_described,
                name if name == long_description::TERM.name => is_described && !has_description(),
                _ => true,
            };
            if !is_used || !seen.insert(term.name) {
                return None;
            }
            let value = match &annotation.value {
                None => None,
                Some(value) => match self.pruned(&term.shape, value) {
                    None if term.name == alternate_keys::TERM.name => return None,
                    // An empty value hides that of a supertype.
                    kept => Some(kept.unwrap_or(Expression::Record(Vec::new()))),
                },
            };
            Some((term.name, value))
        });
        kept.collect()
    }

    /// The parts of a value that are read, as deep as its shape; `None` if there are none.
    fn pruned(&self, shape: &Shape, value: &Expression<'a>) -> Option<Expression<'a>> {
        match (shape, value) {
            (Shape::Whole, value) => Some(value.clone()),
            (Shape::Record(parts), Expression::Record(properties)) => {
                let kept = properties.iter().filter_map(|(name, value)| {
                    let (_, shape) = parts.iter().find(|(part, _)| part == name)?;
                    Some((name.clone(), self.pruned(shape, value)?))
                });
                let kept: Vec<_> = kept.collect();
                (!kept.is_empty()).then_some(Expression::Record(kept))
            }
            (Shape::Collection(shape), Expression::Collection(items)) => {
                let kept = items.iter().filter_map(|item| self.pruned(shape, item));
                let kept: Vec<_> = kept.collect();
                (!kept.is_empty()).then_some(Expression::Collection(kept))
            }
            (Shape::Type, name) => {
                let id = self.schema.find(&self.schema.unaliased(name.as_str()?))?;
                self.kept.types.contains(&id).then(|| name.clone())
            }
            (Shape::Operation, name) => {
                let wanted = self.schema.unaliased(name.as_str()?);
                let mut operations = self.schema.operations().iter().enumerate();
                operations
                    .any(|(nth, operation)| {
                        self.kept.elements.contains(&Element::Operation(nth))
                            && wanted == format!("{}.{}", operation.namespace, operation.name.text)
                    })
                    .then(|| name.clone())
            }
            (Shape::AlternateKey(shape), key) => {
                let parts = alternate_keys::key(key);
                let aliases: Option<Vec<_>> =
                    parts.map(|part| Some(part?.alias.to_owned())).collect();
                let is_kept = self.kept.alternate_keys.contains(&aliases?);
                is_kept.then(|| self.pruned(shape, key))?
            }
            _ => None,
        }
    }
}
