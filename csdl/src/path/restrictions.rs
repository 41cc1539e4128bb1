//! What annotations say of a position: whether and how it is updated, and how a path may go on there.

use crate::annotations::{
    annotation, derived_type_constraint, explicit_operation_bindings, indexable_by_key,
    navigation_restrictions, update_restrictions,
};
use crate::document::{Annotation, Expression};
use crate::facts::{UpdateFacts, UpdateMethod};
use crate::model::{Schema, TypeId};

/// What the annotations of a position, and of the type there, say of updates and of how a path may
/// go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restrictions {
    /// `Updatable`, where it is said.
    pub updatable: Option<bool>,
    /// Whether `UpdateMethod` says PUT.
    pub put: bool,
    /// Whether `CustomHeaders` requires If-Match.
    pub if_match: bool,
    /// The derived types that `DerivedTypeConstraint` names, each of which a path may go on with.
    pub(super) derived: Vec<String>,
    /// The operations that `ExplicitOperationBindings` names.
    pub(super) operations: Vec<String>,
    /// Unless `Navigability` is `None`.
    pub(super) navigable: bool,
    /// Unless `IndexableByKey` is false.
    pub(super) indexable: bool,
    /// Whether the items are `Referenceable`: linked here, and updated where they live.
    pub(super) referenceable: bool,
}

impl Restrictions {
    /// Of a position called `name`, by its annotations; and by those of its type and the bases of
    /// that, where they count: not for a complex property. The type is given with whether what is
    /// there is contained, and not only linked: then it needs the permission of both, and else takes
    /// none from its type.
    pub(super) fn of(
        schema: &Schema<'_>,
        name: &str,
        position: &[&Annotation<'_>],
        ty: Option<(TypeId, bool)>,
    ) -> Self {
        let contained = ty.is_none_or(|(_, contained)| contained);
        let types = ty.into_iter().flat_map(|(ty, _)| schema.lineage(ty));
        let types: Vec<TypeId> = types.collect();
        let own = |term| annotation(position.iter().copied(), term);
        let inherited = |term| {
            types
                .iter()
                .find_map(|ty| annotation(&schema[*ty].annotations, term))
        };
        let navigation = own(navigation_restrictions::TERM);
        let restricted =
            navigation.and_then(|record| navigation_restrictions::of_property(record, name));
        // What is said of this property alone goes before what is said of all.
        let said = |property| {
            let of_one = restricted.and_then(|restricted| restricted.property(property));
            of_one.or_else(|| navigation?.property(property))
        };
        let here = restricted
            .and_then(|restricted| restricted.property("UpdateRestrictions"))
            .or_else(|| own(update_restrictions::TERM));
        let of_type = inherited(update_restrictions::TERM);
        let updatable = |record: Option<&Expression<'_>>| update_restrictions::updatable(record?);
        let is_put = |record: Option<&Expression<'_>>| update_restrictions::is_put(record?);
        Restrictions {
            updatable: match (updatable(here), updatable(of_type)) {
                (_, Some(false)) if contained => Some(false),
                (None, Some(true)) if !contained => None,
                (here, of_type) => here.or(of_type),
            },
            put: is_put(here)
                .or_else(|| is_put(of_type.filter(|_| contained)))
                .unwrap_or(false),
            if_match: here
                .into_iter()
                .chain(of_type)
                .any(update_restrictions::requires_if_match),
            derived: names(own(derived_type_constraint::TERM)),
            operations: names(
                own(explicit_operation_bindings::TERM)
                    .or_else(|| inherited(explicit_operation_bindings::TERM)),
            ),
            navigable: said("Navigability")
                .is_none_or(|navigability| navigation_restrictions::is_navigable(navigability)),
            indexable: said("IndexableByKey")
                .or_else(|| own(indexable_by_key::TERM))
                .or_else(|| inherited(indexable_by_key::TERM))
                .and_then(Expression::as_bool)
                .unwrap_or(true),
            referenceable: said("Referenceable").and_then(Expression::as_bool) == Some(true),
        }
    }

    /// Facts overrule annotations.
    pub(super) fn correct(&mut self, facts: UpdateFacts) {
        self.updatable = facts.updatable.or(self.updatable);
        self.if_match |= facts.if_match;
        if let Some(method) = facts.method {
            self.put = method == UpdateMethod::Put;
        }
    }
}

/// The strings of a collection.
fn names(expression: Option<&Expression<'_>>) -> Vec<String> {
    expression
        .map(Expression::items)
        .unwrap_or_default()
        .iter()
        .filter_map(|name| Some(name.as_str()?.to_owned()))
        .collect()
}
