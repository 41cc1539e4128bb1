//! Another type of a property.

use msgraph_codegen::index::Field;

use super::Comparison;
use super::wording::{OTHER_TYPE, SAME_RUST, arrow, arrow_code};
use crate::commands::diff::change::Verdict::{Major, Patch};
use crate::commands::diff::change::{Change, Kind, Subject};

impl<'s> Comparison<'s> {
    /// What is otherwise of the type of a property, in CSDL or in Rust.
    pub(super) fn retyped(&self, old: &'s Field, new: &'s Field) -> Option<Change> {
        let retyped = self.name_since(old.item_type()) != new.item_type()
            || old.is_collection() != new.is_collection();
        // That one member became a set of them, or the other way round, is a change of the
        // enumeration.
        let is_held_otherwise =
            wrapper(&old.ty) != wrapper(&new.ty) && !self.turned_flags.contains(new.item_type());
        // Under the same CSDL name: the generated item that it names goes by another path now, which
        // is a change of that item; or it is a type definition, of which there is no item.
        let is_item =
            self.old.items.contains(old.item_type()) && self.new.items.contains(new.item_type());
        let is_other_primitive = innermost(&old.ty) != innermost(&new.ty) && !is_item;
        let other_rust = retyped && old.ty != new.ty || is_held_otherwise || is_other_primitive;
        if !retyped && old.nullable == new.nullable && !other_rust {
            return None;
        }
        let kind = if retyped || old.nullable == new.nullable {
            Kind::Retyped
        } else {
            Kind::Nullability
        };
        let what = what(old, new);
        let mut found =
            Change::new(Patch, Subject::Property, old.element(), kind, what).because(SAME_RUST);
        if other_rust {
            let types = arrow_code(&old.ty, &new.ty);
            found = found
                .rust(format!("field `{}`: {types}", new.rust))
                .because(OTHER_TYPE);
            found.verdict = Major;
        }
        if old.is_collection() != new.is_collection() {
            found = found.wire(multiplicity(old, new));
        } else if old.nullable != new.nullable {
            found = found.wire(if new.nullable {
                "null may be sent, and clears it"
            } else {
                "null is not sent any more"
            });
        } else if retyped && other_rust {
            found = self.other_value(old, new, found);
        }
        Some(found)
    }

    /// What a request sends instead; where the type is a base type of the one it was, both are valid.
    fn other_value(&self, old: &'s Field, new: &'s Field, found: Change) -> Change {
        let was = self.name_since(old.item_type());
        let is_base = self.new.derives(was, new.item_type());
        if !is_base || old.is_reference() || old.is_collection() != new.is_collection() {
            return found.wire("the value is of the other type");
        }
        let found = found.wire(format!(
            "a value of `{was}` is valid there with `@odata.type`"
        ));
        let is_abstract = self.new.types.get(was).is_some_and(|ty| ty.is_abstract);
        if takes_any(new) || is_abstract {
            return found;
        }
        found.help(format!(
            "a `[[struct]]` with `type = \"{was}\"` in the manifest lets the field take it too"
        ))
    }
}

/// What a request sends where one value became many, or the other way round.
fn multiplicity(old: &Field, new: &Field) -> &'static str {
    match (new.is_collection(), old.nullable, new.nullable) {
        (true, true, false) => "an array is sent instead of a single value, and never null",
        (true, ..) => "an array is sent instead of a single value",
        (false, false, true) => {
            "a single value is sent instead of an array; null may be sent, and clears it"
        }
        (false, ..) => "a single value is sent instead of an array",
    }
}

fn what(old: &Field, new: &Field) -> String {
    if written(old) != written(new) {
        return arrow(&written(old), &written(new));
    }
    let boxed = |field: &Field| wrapper(&field.ty).ends_with("Box");
    match (takes_any(old), takes_any(new)) {
        (false, true) => format!("takes types that derive from `{}`", new.item_type()),
        (true, false) => format!("takes `{}` alone", new.item_type()),
        _ => match (boxed(old), boxed(new)) {
            (false, true) => "its type has values of this type in it now".to_owned(),
            (true, false) => "its type no longer has values of this type in it".to_owned(),
            _ => "the type of that name is another".to_owned(),
        },
    }
}

fn takes_any(field: &Field) -> bool {
    wrapper(&field.ty).ends_with("AnyOf")
}

/// What is around the innermost type: `Option<Vec<Open<` of `Option<Vec<Open<State>>>`.
fn wrapper(ty: &str) -> &str {
    ty.rfind('<')
        .and_then(|at| ty.get(..at))
        .unwrap_or_default()
}

/// The innermost type: `State` of `Option<Vec<Open<State>>>`.
fn innermost(ty: &str) -> &str {
    let inner = ty.rsplit('<').next().unwrap_or(ty);
    inner.trim_end_matches('>')
}

/// The type of a field as CSDL has it.
pub(super) fn written(field: &Field) -> String {
    let kind = if field.is_reference() {
        "reference to "
    } else {
        ""
    };
    let null = match (field.is_collection(), field.nullable) {
        (true, _) => "",
        (false, true) => ", nullable",
        (false, false) => ", not nullable",
    };
    format!("{kind}`{}`{null}", field.csdl)
}
