//! Restrictions of a position: which operations it offers, and how a path may continue.

use crate::annotations::navigation_restrictions::NavigationRestrictions;
use crate::annotations::{
    delete_restrictions, derived_type_constraint, explicit_operation_bindings, indexable_by_key,
    insert_restrictions, navigation_restrictions, read_restrictions, update_restrictions,
};
use crate::document::Annotation;
use crate::facts::{CapabilityFacts, UpdateMethod};
use crate::model::{Schema, TypeId};

/// Annotations of a position and its type about operations, and about how a path may continue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restrictions {
    /// `Updatable`, if annotated.
    pub updatable: Option<bool>,
    /// Whether `UpdateMethod` is PUT.
    pub put: bool,
    /// Whether `CustomHeaders` requires If-Match.
    pub if_match: bool,
    /// `Readable`, if annotated.
    pub readable: Option<bool>,
    /// `Readable` in `ReadByKeyRestrictions`, if annotated: takes precedence for one item of a
    /// collection.
    pub readable_by_key: Option<bool>,
    /// `Insertable`, if annotated.
    pub insertable: Option<bool>,
    /// `Deletable`, if annotated.
    pub deletable: Option<bool>,
    /// `Referenceable`, if annotated. If true, the items are linked here, and read and updated at
    /// their own paths.
    pub referenceable: Option<bool>,
    /// The types that `DerivedTypeConstraint` names. A path may continue with a cast to each.
    pub(super) derived: Vec<String>,
    /// The operations that `ExplicitOperationBindings` names.
    pub(super) operations: Vec<String>,
    /// Whether `Navigability` is `None`.
    pub(super) is_not_navigable: bool,
    /// Whether `IndexableByKey` is false.
    pub(super) is_not_indexable: bool,
}

impl Restrictions {
    /// The restrictions of the position of a property of `source`; `own` are the annotations in the
    /// property's declaration.
    pub(super) fn of_property(
        schema: &Schema<'_>,
        source: TypeId,
        name: &str,
        own: &[Annotation<'_>],
        ty: Option<(TypeId, bool)>,
    ) -> Self {
        let annotations = schema.property_annotations(source, name, own);
        let annotations: Vec<&Annotation<'_>> = annotations.collect();
        Self::of(schema, name, &annotations, ty)
    }

    /// The restrictions of a position called `name`, from its annotations and those of its type and
    /// supertypes. `ty` is `None` for a complex or stream property; otherwise it has the type, and
    /// whether the resource is contained. An operation on a contained resource must be allowed by
    /// both its position and its type; on a linked one only by its position.
    pub(super) fn of(
        schema: &Schema<'_>,
        name: &str,
        position: &[&Annotation<'_>],
        ty: Option<(TypeId, bool)>,
    ) -> Self {
        let contained = ty.is_none_or(|(_, contained)| contained);
        let types = ty.into_iter().flat_map(|(ty, _)| schema.supertypes(ty));
        let types: Vec<TypeId> = types.collect();
        let inherited = || types.iter().map(|ty| &schema[*ty].annotations);
        let position = || position.iter().copied();
        let navigation = navigation_restrictions::of_property(position(), name);
        let indexable = navigation
            .indexable_by_key
            .or_else(|| indexable_by_key::is_indexable(position()))
            .or_else(|| inherited().find_map(indexable_by_key::is_indexable));
        let update = navigation
            .update
            .or_else(|| update_restrictions::of(position()));
        let update_of_type = inherited().find_map(update_restrictions::of);
        Restrictions {
            updatable: allowed(
                contained,
                update.and_then(|update| update.updatable),
                update_of_type.and_then(|update| update.updatable),
            ),
            put: update
                .and_then(|here| here.is_put)
                .or_else(|| update_of_type.filter(|_| contained)?.is_put)
                .unwrap_or(false),
            if_match: update
                .into_iter()
                .chain(update_of_type)
                .any(|restrictions| restrictions.requires_if_match),
            referenceable: navigation.referenceable,
            derived: derived_type_constraint::derived_types(position()).unwrap_or_default(),
            operations: explicit_operation_bindings::operations(position())
                .or_else(|| inherited().find_map(explicit_operation_bindings::operations))
                .unwrap_or_default(),
            is_not_navigable: navigation.is_not_navigable,
            is_not_indexable: indexable == Some(false),
            ..Restrictions::of_items(&navigation, contained, position(), inherited())
        }
    }

    /// The restrictions of reading, creating and deleting.
    fn of_items<'s, 'a: 's>(
        navigation: &NavigationRestrictions,
        contained: bool,
        position: impl Iterator<Item = &'s Annotation<'a>> + Clone,
        inherited: impl Iterator<Item = &'s Vec<Annotation<'a>>> + Clone,
    ) -> Self {
        let read = navigation
            .read
            .or_else(|| read_restrictions::of(position.clone()))
            .unwrap_or_default();
        let read_of_type = inherited.clone().find_map(read_restrictions::of);
        let read_of_type = read_of_type.unwrap_or_default();
        let insertable = navigation
            .insertable
            .or_else(|| insert_restrictions::insertable(position.clone()));
        let deletable = navigation
            .deletable
            .or_else(|| delete_restrictions::deletable(position));
        let both = |here, of_type| allowed(contained, here, of_type);
        let mut inherited = inherited;
        Restrictions {
            readable: both(read.readable, read_of_type.readable),
            readable_by_key: both(read.readable_by_key, read_of_type.readable_by_key),
            insertable: both(
                insertable,
                inherited.clone().find_map(insert_restrictions::insertable),
            ),
            deletable: both(
                deletable,
                inherited.find_map(delete_restrictions::deletable),
            ),
            ..Restrictions::default()
        }
    }

    /// Whether the items of a collection can be addressed by key.
    pub fn is_indexable(&self) -> bool {
        !self.is_not_indexable
    }

    /// Facts override annotations.
    pub(super) fn correct(&mut self, facts: CapabilityFacts) {
        self.updatable = facts.updatable.or(self.updatable);
        self.if_match |= facts.if_match;
        if let Some(method) = facts.method {
            self.put = method == UpdateMethod::Put;
        }
        if let Some(readable) = facts.readable {
            self.readable = Some(readable);
            self.readable_by_key = None;
        }
        self.insertable = facts.insertable.or(self.insertable);
        self.deletable = facts.deletable.or(self.deletable);
        self.referenceable = facts.referenceable.or(self.referenceable);
    }
}

/// Whether a position and a type allow an operation.
fn allowed(contained: bool, here: Option<bool>, of_type: Option<bool>) -> Option<bool> {
    match (here, of_type) {
        (_, Some(false)) if contained => Some(false),
        (None, Some(true)) if !contained => None,
        (here, of_type) => here.or(of_type),
    }
}
