//! The annotations that are kept, and the parts of their values that are read.

use std::collections::BTreeSet;

use msgraph_csdl::annotations::{
    KnownTerm, Role, Shape, TERMS, alternate_keys, delete_restrictions, insert_restrictions,
    navigation_restrictions, read_restrictions, update_restrictions,
};
use msgraph_csdl::document::{Annotation, Expression};
use msgraph_csdl::model::{TypeId, TypeKind};

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

    /// The value of the first annotation with this term; `Some(None)` if it has no value.
    fn value(&self, element: Element, term: &KnownTerm) -> Option<Option<&'s Expression<'a>>> {
        let mut annotations = self.annotations(element).iter();
        let annotation = annotations.find(|annotation| term.is_term_of(annotation))?;
        Some(annotation.value.as_ref())
    }

    /// The elements with the annotations of a property as seen from a type: subtypes first, since they override.
    pub(super) fn chain(&self, from: TypeId, name: &str, declared: Element) -> Vec<Element> {
        let schema = self.schema;
        let mut chain: Vec<Element> = schema
            .supertypes(from)
            .flat_map(|id| {
                let added = schema.structured(id).map(|ty| &ty.inherited_annotations);
                let added = added.into_iter().flatten().enumerate();
                added
                    .filter(|(_, (property, _))| property == name)
                    .map(move |(nth, _)| Element::Inherited(id, nth))
            })
            .collect();
        chain.push(declared);
        chain
    }

    /// Keeps a term at the first element of a chain that has it, if it has an effect there or hides a later one.
    pub(super) fn keep_first(&mut self, chain: &[Element], term: &'static KnownTerm) {
        let mut holders = chain.iter().filter_map(|element| {
            let value = self.value(*element, term)?;
            Some((*element, value))
        });
        if let Some((first, value)) = holders.next()
            && ((term.has_effect)(value) || holders.next().is_some())
        {
            let kept = self.kept.annotations.entry((first, term.name));
            // The whole term is kept even if a part of it is also asked for.
            kept.and_modify(|kept| *kept = if is_part(term) { *kept } else { term })
                .or_insert(term);
        }
    }

    /// Keeps a term as seen from each element of a chain.
    pub(super) fn keep_seen_from_each(&mut self, chain: &[Element], term: &'static KnownTerm) {
        for nth in 0..chain.len() {
            self.keep_first(chain.get(nth..).unwrap_or_default(), term);
        }
    }

    /// Keeps the terms of a role at the first element of a chain that has each.
    pub(super) fn keep(&mut self, role: Role, chain: &[Element]) {
        for term in terms(role) {
            self.keep_first(chain, term);
        }
    }

    /// Keeps a term without effect only if it hides a later one.
    pub(super) fn keep_shadowing(&mut self, chain: &[Element], term: &'static KnownTerm) {
        let has_term = |element: &&Element| self.value(**element, term).is_some();
        if chain.iter().filter(has_term).count() > 1 {
            self.keep_first(chain, term);
        }
    }

    /// Keeps the first term that makes a property read-only.
    pub(super) fn keep_read_only(&mut self, chain: &[Element]) {
        for term in terms(Role::ReadOnly) {
            if self.has_effect(chain, term) {
                self.keep_first(chain, term);
                return;
            }
            self.keep_shadowing(chain, term);
        }
    }

    fn has_effect(&self, chain: &[Element], term: &KnownTerm) -> bool {
        let mut values = chain
            .iter()
            .filter_map(|element| self.value(*element, term));
        values.next().is_some_and(term.has_effect)
    }

    /// Keeps a term on the type, or on its nearest supertype that has it.
    pub(super) fn keep_on_supertypes(&mut self, id: TypeId, term: &'static KnownTerm) {
        let schema = self.schema;
        let chain: Vec<Element> = schema.supertypes(id).map(Element::Type).collect();
        self.keep_first(&chain, term);
        let kept = &self.kept.annotations;
        let mut supertypes = schema.supertypes(id);
        let holder = supertypes.find(|ty| kept.contains_key(&(Element::Type(*ty), term.name)));
        if let Some(holder) = holder {
            self.keep_supertypes(id, holder);
        }
    }

    /// Keeps the annotations of a complex property that matter for a subtree: how it is updated, and one term that gives
    /// it its own URL.
    pub(super) fn keep_complex(&mut self, chain: &[Element]) {
        for term in TERMS {
            if matches!(
                term.role,
                Role::Path {
                    on_links: false,
                    ..
                }
            ) {
                self.keep_first(chain, term);
            }
        }
        if self.has_offers {
            for term in OFFERS {
                self.keep_first(chain, term);
            }
        }
        let mut values = chain
            .iter()
            .filter_map(|element| self.value(*element, &update_restrictions::TERM));
        let update = values.next().flatten().map(update_restrictions::read);
        if update.and_then(|update| update.updatable) == Some(true) {
            return;
        }
        if let Some(term) = terms(Role::ComplexPath).find(|term| self.has_effect(chain, term)) {
            self.keep_first(chain, term);
        }
    }

    /// Keeps the description that is used in the doc comment.
    pub(super) fn describe(&mut self, element: Element) {
        let term = terms(Role::Description).find(|term| self.value(element, term).is_some());
        if let Some(term) = term {
            self.keep_first(&[element], term);
        }
    }

    /// Whether `NavigationRestrictions` restricts updates of a property.
    pub(super) fn restricts_updates(&self, element: Element) -> bool {
        let value = self.value(element, &navigation_restrictions::TERM);
        value
            .flatten()
            .is_some_and(navigation_restrictions::restricts_updates)
    }

    /// The kept annotations of an element: the term, and the parts of the value that are read.
    pub(super) fn kept_annotations(
        &self,
        element: Element,
    ) -> Vec<(&'static str, Option<Expression<'a>>)> {
        let mut seen = BTreeSet::new();
        let annotations = self.annotations(element).iter();
        annotations
            .filter(|annotation| annotation.qualifier.is_none())
            .filter(|annotation| seen.insert(annotation.term.text.as_ref()))
            .filter_map(|annotation| {
                let text = annotation.term.text.as_ref();
                let term = self.kept.annotations.get(&(element, text))?;
                let Some(value) = &annotation.value else {
                    return Some((term.name, None));
                };
                let nothing = term.hides_inherited.then(|| Expression::Record(Vec::new()));
                let value = self.pruned(&term.shape, value).or(nothing)?;
                Some((term.name, Some(value)))
            })
            .collect()
    }

    /// The parts of a value that are read, as deep as its shape; `None` if there are none.
    fn pruned(&self, shape: &Shape, value: &Expression<'a>) -> Option<Expression<'a>> {
        let collection = |items: &[Expression<'a>], shape: &Shape| {
            let kept = items.iter().filter_map(|item| self.pruned(shape, item));
            let kept: Vec<_> = kept.collect();
            (!kept.is_empty()).then_some(Expression::Collection(kept))
        };
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
            (Shape::Collection(shape), Expression::Collection(items)) => collection(items, shape),
            (Shape::Filtered(passes, shape), Expression::Collection(items)) => {
                let items: Vec<_> = items.iter().filter(|item| passes(item)).cloned().collect();
                collection(&items, shape)
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

/// The terms that decide which operations a position offers, in addition to those of paths.
pub(super) static OFFERS: [&KnownTerm; 4] = [
    &navigation_restrictions::OPERATIONS,
    &read_restrictions::OPERATIONS,
    &insert_restrictions::OPERATIONS,
    &delete_restrictions::TERM,
];

/// Whether only a part of the term is kept.
fn is_part(term: &KnownTerm) -> bool {
    let parts = [
        &update_restrictions::METHOD,
        &navigation_restrictions::TERM,
        &read_restrictions::TERM,
    ];
    parts.iter().any(|part| std::ptr::eq(*part, term))
}

/// The terms of a role, in order of precedence.
pub(super) fn terms(role: Role) -> impl Iterator<Item = &'static KnownTerm> {
    let terms = TERMS.iter().copied();
    terms.filter(move |term| term.role == role)
}
