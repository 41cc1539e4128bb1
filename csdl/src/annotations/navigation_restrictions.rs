//! `Capabilities.NavigationRestrictions`.

use super::read_restrictions::{self, ReadRestrictions};
use super::term::annotation;
use super::update_restrictions::{self, UpdateRestrictions};
use super::{delete_restrictions, insert_restrictions};
use crate::document::{Annotation, Expression};

/// The term.
pub const TERM: &str = "Org.OData.Capabilities.V1.NavigationRestrictions";

/// The restrictions of one navigation property by a value of the term: its own entry in
/// `RestrictedProperties` takes precedence over the record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NavigationRestrictions {
    /// Whether `Navigability` is `None`: no path continues here.
    pub is_not_navigable: bool,
    /// `IndexableByKey`.
    pub indexable_by_key: Option<bool>,
    /// `Referenceable`: items are linked here, and updated where they are contained.
    pub referenceable: Option<bool>,
    /// `UpdateRestrictions` of the entry.
    pub update: Option<UpdateRestrictions>,
    /// `ReadRestrictions` of the entry.
    pub read: Option<ReadRestrictions>,
    /// `Insertable` in `InsertRestrictions` of the entry.
    pub insertable: Option<bool>,
    /// `Deletable` in `DeleteRestrictions` of the entry.
    pub deletable: Option<bool>,
}

/// The restrictions of the property that has these annotations.
pub fn of_property<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
    name: &str,
) -> NavigationRestrictions {
    let Some(record) = annotation(annotations, TERM) else {
        return NavigationRestrictions::default();
    };
    let entry = entries(record).iter().find(|entry| {
        let path = entry.property("NavigationProperty");
        path.and_then(Expression::as_str)
            .is_none_or(|path| path == name)
    });
    let of_entry = |name| entry.and_then(|entry| entry.property(name));
    let property = |name| {
        entry
            .and_then(|entry| entry.property(name))
            .or_else(|| record.property(name))
    };
    NavigationRestrictions {
        is_not_navigable: property("Navigability")
            .is_some_and(|value| value.members().any(|member| member == "None")),
        indexable_by_key: property("IndexableByKey").map(|value| value.as_bool() != Some(false)),
        referenceable: property("Referenceable").and_then(Expression::as_bool),
        update: of_entry("UpdateRestrictions").map(update_restrictions::read),
        read: of_entry("ReadRestrictions").map(read_restrictions::read),
        insertable: of_entry("InsertRestrictions").and_then(insert_restrictions::read),
        deletable: of_entry("DeleteRestrictions").and_then(delete_restrictions::read),
    }
}

fn entries<'e, 'a>(record: &'e Expression<'a>) -> &'e [Expression<'a>] {
    let entries = record.property("RestrictedProperties");
    entries.map(Expression::items).unwrap_or_default()
}
