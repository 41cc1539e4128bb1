//! The terms that are read, and what of their values.

use std::collections::BTreeSet;

use msgraph_csdl::annotations::{
    TERMS, alternate_keys, computed, derived_type_constraint, description,
    explicit_operation_bindings, immutable, insert_restrictions, long_description,
    navigation_restrictions, permissions, read_restrictions, requires_explicit_binding, revisions,
    update_restrictions,
};
use msgraph_csdl::document::{Annotation, Expression};
use msgraph_csdl::model::{TypeId, TypeKind};

use super::{Element, Slicer};

impl<'s, 'a> Slicer<'s, 'a> {
    /// What stands on an element.
    pub(super) fn annotations(&self, element: Element) -> &'s [Annotation<'a>] {
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
        };
        list.map(Vec::as_slice).unwrap_or_default()
    }

    /// The value of the annotation that counts; `Some(None)` where it has none.
    pub(super) fn value(&self, element: Element, term: &str) -> Option<Option<&'s Expression<'a>>> {
        let annotation = self.annotations(element).iter().find(|annotation| {
            annotation.term.text == written_term(term) && annotation.qualifier.is_none()
        })?;
        Some(annotation.value.as_ref())
    }

    /// A property as seen from a type: what types on the way add first.
    pub(super) fn chain(&self, from: TypeId, name: &str, declared: Element) -> Vec<Element> {
        let schema = self.schema;
        let mut chain: Vec<Element> = schema
            .lineage(from)
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

    /// Keeps a term where it counts: at the first element of a chain that has it, if it says
    /// something there, or hides what a later one says.
    pub(super) fn keep_first(&mut self, chain: &[Element], term: &'static str) {
        let mut holders = chain.iter().filter_map(|element| {
            let value = self.value(*element, term)?;
            Some((*element, value))
        });
        if let Some((first, value)) = holders.next()
            && (is_said(term, value) || holders.next().is_some())
        {
            self.kept.annotations.insert((first, term));
        }
    }

    /// Keeps terms that say no only where they hide a later one.
    pub(super) fn keep_shadowing(&mut self, chain: &[Element], terms: &[&'static str]) {
        for term in terms {
            let holds = |element: &&Element| self.value(**element, term).is_some();
            if chain.iter().filter(holds).count() > 1 {
                self.keep_first(chain, term);
            }
        }
    }

    /// Keeps a term on the nearest base of a type that has it, the type itself first.
    pub(super) fn of_lineage(&mut self, id: TypeId, term: &'static str) {
        let schema = self.schema;
        let chain: Vec<Element> = schema.lineage(id).map(Element::Type).collect();
        self.keep_first(&chain, term);
        let holder = schema
            .lineage(id)
            .find(|ty| self.kept.annotations.contains(&(Element::Type(*ty), term)));
        if let Some(holder) = holder {
            self.lineage(id, holder);
        }
    }

    /// A complex property has a URL of its own where one of three terms says so.
    pub(super) fn keep_addressed(&mut self, chain: &[Element]) {
        let says = |term, property| {
            let mut values = chain
                .iter()
                .filter_map(|element| self.value(*element, term));
            let value = values.next().flatten()?;
            value.property(property)?.as_bool().filter(|said| *said)
        };
        if says(update_restrictions::TERM, "Updatable").is_some() {
            return;
        }
        let other = [
            (read_restrictions::TERM, "Readable"),
            (insert_restrictions::TERM, "Insertable"),
        ]
        .into_iter()
        .find(|(term, property)| says(term, property).is_some());
        if let Some((term, _)) = other {
            self.keep_first(chain, term);
        }
    }

    /// Keeps the description that the doc comment has.
    pub(super) fn describe(&mut self, element: Element) {
        let term = [description::TERM, long_description::TERM]
            .into_iter()
            .find(|term| self.value(element, term).is_some());
        if let Some(term) = term {
            self.keep_first(&[element], term);
        }
    }

    /// Whether `NavigationRestrictions` says of one property how it is updated.
    pub(super) fn restricts_updates(&self, element: Element) -> bool {
        let value = self.value(element, navigation_restrictions::TERM).flatten();
        let restricted = value.and_then(|value| value.property("RestrictedProperties"));
        let mut restricted = restricted.map(Expression::items).unwrap_or_default().iter();
        restricted.any(|restricted| restricted.property("UpdateRestrictions").is_some())
    }

    /// What of the annotations of an element is kept.
    pub(super) fn kept_annotations(&self, element: Element) -> Vec<Annotation<'a>> {
        let mut seen = BTreeSet::new();
        self.annotations(element)
            .iter()
            .filter(|annotation| annotation.qualifier.is_none())
            .filter(|annotation| seen.insert(annotation.term.text.as_ref()))
            .filter_map(|annotation| {
                let kept = |term| self.kept.annotations.contains(&(element, term));
                let text = annotation.term.text.as_ref();
                let term = TERMS.iter().copied().find(|term| *term == text)?;
                let whole = kept(term);
                if !(whole || term == update_restrictions::TERM && kept(UPDATE_FORM)) {
                    return None;
                }
                let value = match &annotation.value {
                    None => None,
                    Some(value) if whole => Some(self.needed(term, value)?),
                    Some(value) => Some(pruned(&UPDATE_FORM_SHAPE, value).unwrap_or_else(nothing)),
                };
                Some(Annotation {
                    term: annotation.term.clone(),
                    qualifier: None,
                    value,
                })
            })
            .collect()
    }

    /// What of an annotation's value is read; `None` where that is nothing.
    fn needed(&self, term: &str, value: &Expression<'a>) -> Option<Expression<'a>> {
        let only = |keep: &dyn Fn(&Expression<'a>) -> bool| {
            let items = value.items().iter().filter(|item| keep(item));
            Expression::Collection(items.cloned().collect())
        };
        let value = match term {
            revisions::TERM => only(&|revision| revisions::is_deprecation(revision)),
            derived_type_constraint::TERM => only(&|name| {
                let name = name.as_str().map(|name| self.schema.unaliased(name));
                let id = name.and_then(|name| self.schema.find(&name));
                id.is_some_and(|id| self.kept.types.contains(&id))
            }),
            explicit_operation_bindings::TERM => only(&|name| {
                let operations = self.schema.operations().iter().enumerate();
                operations
                    .filter(|(nth, _)| self.kept.elements.contains(&Element::Operation(*nth)))
                    .any(|(_, operation)| {
                        let qualified = format!("{}.{}", operation.namespace, operation.name.text);
                        name.as_str()
                            .is_some_and(|name| self.schema.unaliased(name) == qualified)
                    })
            }),
            alternate_keys::TERM => only(&|key| {
                let parts = key
                    .property("Key")
                    .map(Expression::items)
                    .unwrap_or_default();
                let aliases: Option<Vec<String>> = parts
                    .iter()
                    .map(|part| {
                        let alias = part.property("Alias").or_else(|| part.property("Name"));
                        Some(alias?.as_str()?.to_owned())
                    })
                    .collect();
                aliases.is_some_and(|aliases| self.kept.alternate_keys.contains(&aliases))
            }),
            _ => value.clone(),
        };
        // What hides the same term of a base is kept though it says nothing.
        let hides = matches!(
            term,
            revisions::TERM
                | update_restrictions::TERM
                | navigation_restrictions::TERM
                | explicit_operation_bindings::TERM
        );
        match pruned(shape(term), &value) {
            None if hides => Some(nothing()),
            value => value,
        }
    }
}

/// How, and not whether, something is updated: `UpdateRestrictions` without `Updatable`.
pub(super) const UPDATE_FORM: &str = "how it is updated";

pub(super) fn written_term(term: &str) -> &str {
    match term {
        UPDATE_FORM => update_restrictions::TERM,
        term => term,
    }
}

/// What of a value is read.
enum Shape {
    Whole,
    /// These properties of a record.
    Record(&'static [(&'static str, Shape)]),
    /// This of each item.
    Collection(&'static Shape),
}

const HEADERS: Shape = Shape::Collection(&Shape::Record(&[
    ("Name", Shape::Whole),
    ("Required", Shape::Whole),
]));
const UPDATE_SHAPE: Shape = Shape::Record(&[
    ("Updatable", Shape::Whole),
    ("UpdateMethod", Shape::Whole),
    ("CustomHeaders", HEADERS),
]);
const UPDATE_FORM_SHAPE: Shape =
    Shape::Record(&[("UpdateMethod", Shape::Whole), ("CustomHeaders", HEADERS)]);
const NAVIGATION_SHAPE: Shape = Shape::Record(&[
    ("Navigability", Shape::Whole),
    ("IndexableByKey", Shape::Whole),
    ("Referenceable", Shape::Whole),
    (
        "RestrictedProperties",
        Shape::Collection(&Shape::Record(&[
            ("NavigationProperty", Shape::Whole),
            ("Navigability", Shape::Whole),
            ("IndexableByKey", Shape::Whole),
            ("Referenceable", Shape::Whole),
            ("UpdateRestrictions", UPDATE_SHAPE),
        ])),
    ),
]);
const REVISIONS_SHAPE: Shape = Shape::Collection(&Shape::Record(&[
    ("Kind", Shape::Whole),
    ("Date", Shape::Whole),
    ("RemovalDate", Shape::Whole),
    ("Description", Shape::Whole),
]));
const ALTERNATE_KEYS_SHAPE: Shape = Shape::Collection(&Shape::Record(&[(
    "Key",
    Shape::Collection(&Shape::Record(&[
        ("Name", Shape::Whole),
        ("Alias", Shape::Whole),
    ])),
)]));

fn shape(term: &str) -> &'static Shape {
    match term {
        update_restrictions::TERM => &UPDATE_SHAPE,
        UPDATE_FORM => &UPDATE_FORM_SHAPE,
        navigation_restrictions::TERM => &NAVIGATION_SHAPE,
        revisions::TERM => &REVISIONS_SHAPE,
        alternate_keys::TERM => &ALTERNATE_KEYS_SHAPE,
        read_restrictions::TERM => &Shape::Record(&[("Readable", Shape::Whole)]),
        insert_restrictions::TERM => &Shape::Record(&[("Insertable", Shape::Whole)]),
        _ => &Shape::Whole,
    }
}

/// A value without what is not read; as deep as its shape.
fn pruned<'a>(shape: &Shape, value: &Expression<'a>) -> Option<Expression<'a>> {
    match (shape, value) {
        (Shape::Whole, value) => Some(value.clone()),
        (Shape::Record(wanted), Expression::Record(properties)) => {
            let kept: Vec<_> = properties
                .iter()
                .filter_map(|(name, value)| {
                    let (_, shape) = wanted.iter().find(|(wanted, _)| wanted == name)?;
                    Some((name.clone(), pruned(shape, value)?))
                })
                .collect();
            (!kept.is_empty()).then_some(Expression::Record(kept))
        }
        (Shape::Collection(shape), Expression::Collection(items)) => {
            let kept: Vec<_> = items
                .iter()
                .filter_map(|item| pruned(shape, item))
                .collect();
            (!kept.is_empty()).then_some(Expression::Collection(kept))
        }
        _ => None,
    }
}

/// A record that says nothing.
fn nothing<'a>() -> Expression<'a> {
    Expression::Record(Vec::new())
}

/// Whether a term says something besides what it says by being absent.
pub(super) fn is_said(term: &str, value: Option<&Expression<'_>>) -> bool {
    let Some(value) = value else {
        return matches!(
            term,
            computed::TERM | immutable::TERM | requires_explicit_binding::TERM
        );
    };
    let says = |name, said| value.property(name).and_then(Expression::as_bool) == Some(said);
    match term {
        computed::TERM | immutable::TERM => value.as_bool() == Some(true),
        requires_explicit_binding::TERM => value.as_bool() != Some(false),
        permissions::TERM => permissions::is_read(value),
        description::TERM | long_description::TERM => value.as_str().is_some(),
        revisions::TERM => value.items().iter().any(revisions::is_deprecation),
        read_restrictions::TERM => says("Readable", true),
        insert_restrictions::TERM => says("Insertable", true),
        UPDATE_FORM => {
            update_restrictions::is_put(value) == Some(true)
                || update_restrictions::requires_if_match(value)
        }
        term => pruned(shape(term), value).is_some(),
    }
}
