//! Restrictions of a position: whether and how it is updated, and how a path may continue.

use crate::annotations::update_restrictions::UpdateRestrictions;
use crate::annotations::{
    derived_type_constraint, explicit_operation_bindings, indexable_by_key,
    navigation_restrictions, update_restrictions,
};
use crate::document::Annotation;
use crate::facts::{UpdateFacts, UpdateMethod};
use crate::model::{Schema, TypeId};

/// Annotations of a position and its type about updates, and about how a path may continue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restrictions {
    /// `Updatable`, if annotated.
    pub updatable: Option<bool>,
    /// Whether `UpdateMethod` is PUT.
    pub put: bool,
    /// Whether `CustomHeaders` requires If-Match.
    pub if_match: bool,
    /// The types that `DerivedTypeConstraint` names. A path may continue with a cast to each.
    pub(super) derived: Vec<String>,
    /// The operations that `ExplicitOperationBindings` names.
    pub(super) operations: Vec<String>,
    /// False if `Navigability` is `None`.
    pub(super) navigable: bool,
    /// False if `IndexableByKey` is false.
    pub(super) indexable: bool,
    /// Whether the items are `Referenceable`: linked here, and updated at their own paths.
    pub(super) referenceable: bool,
}

impl Restrictions {
    /// The restrictions of a position called `name`, from its annotations and those of its type and
    /// supertypes. `ty` is `None` for a complex property; otherwise it has the type, and whether
    /// the resource is contained. A contained resource must be updatable by both its position and
    /// its type; a linked one only by its position.
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
        let here = navigation
            .update
            .or_else(|| update_restrictions::of(position()));
        let of_type = inherited().find_map(update_restrictions::of);
        Restrictions {
            updatable: match (here.and_then(updatable), of_type.and_then(updatable)) {
                (_, Some(false)) if contained => Some(false),
                (None, Some(true)) if !contained => None,
                (here, of_type) => here.or(of_type),
            },
            put: here
                .and_then(|here| here.is_put)
                .or_else(|| of_type.filter(|_| contained)?.is_put)
                .unwrap_or(false),
            if_match: here
                .into_iter()
                .chain(of_type)
                .any(|restrictions| restrictions.requires_if_match),
            derived: derived_type_constraint::derived_types(position()).unwrap_or_default(),
            operations: explicit_operation_bindings::operations(position())
                .or_else(|| inherited().find_map(explicit_operation_bindings::operations))
                .unwrap_or_default(),
            navigable: !navigation.is_not_navigable,
            indexable: navigation
                .indexable_by_key
                .or_else(|| indexable_by_key::is_indexable(position()))
                .or_else(|| inherited().find_map(indexable_by_key::is_indexable))
                .unwrap_or(true),
            referenceable: navigation.is_referenceable,
        }
    }

    /// Facts override annotations.
    pub(super) fn correct(&mut self, facts: UpdateFacts) {
        self.updatable = facts.updatable.or(self.updatable);
        self.if_match |= facts.if_match;
        if let Some(method) = facts.method {
            self.put = method == UpdateMethod::Put;
        }
    }
}

fn updatable(restrictions: UpdateRestrictions) -> Option<bool> {
    restrictions.updatable
}
