//! Changes of the type of a property.

use std::mem::discriminant;

use msgraph_codegen::ir::{Field, Shape};

use super::Comparison;
use super::wording::{OTHER_TYPE, OTHER_VALUE, SAME_RUST, arrow, arrow_code};
use crate::commands::diff::change::Verdict::Patch;
use crate::commands::diff::change::{Change, Kind, Subject};
use crate::support::index::field_text;

impl<'s> Comparison<'s> {
    /// The change of a property's type in CSDL or in Rust.
    pub(super) fn retyped(&self, old: &'s Field, new: &'s Field) -> Option<Change> {
        let retyped = self.new_name(old.csdl.item.as_str()) != new.csdl.item.as_str()
            || old.csdl.is_collection != new.csdl.is_collection;
        // If an enumeration became flags, that is a change of the enumeration.
        let has_other_wrapper =
            wrapper(old) != wrapper(new) && !self.changed_flags.contains(new.csdl.item.as_str());
        // Another name of a generated item is a change of that item. Type definitions have no item.
        let is_item = self.old.items.contains(old.csdl.item.as_str())
            && self.new.items.contains(new.csdl.item.as_str());
        let is_other_primitive = is_other_primitive(&old.shape, &new.shape) && !is_item;
        let (old_type, new_type) = (old.rust_type(), new.rust_type());
        let other_rust = retyped && old_type != new_type || has_other_wrapper || is_other_primitive;
        if !retyped && old.nullable == new.nullable && !other_rust {
            return None;
        }
        let kind = if retyped || old.nullable == new.nullable {
            Kind::Retyped
        } else {
            Kind::Nullability
        };
        let is_sent = self.is_sent(old);
        let what = what(old, new);
        let mut found = Change::new(Patch, Subject::Property, old.element(), kind, what);
        found = if other_rust {
            let types = arrow_code(&old_type, &new_type);
            let reason = if is_sent { OTHER_TYPE } else { OTHER_VALUE };
            found.breaking(format!("field `{}`: {types}", new.rust), reason)
        } else {
            found.because(SAME_RUST)
        };
        Some(if new.read_only || !is_sent {
            found
        } else if old.csdl.is_collection != new.csdl.is_collection {
            found.wire(multiplicity(old, new))
        } else if old.nullable != new.nullable {
            found.wire(if new.nullable {
                "null may be sent, and clears it"
            } else {
                "null is no longer sent"
            })
        } else if retyped && other_rust {
            self.other_value(old, new, found)
        } else {
            found
        })
    }

    /// Whether a request may send a property of the old types. Without generated setters, any property may
    /// be sent.
    pub(super) fn is_sent(&self, field: &Field) -> bool {
        let index = self.old.index;
        let mut fields = index.structs.iter().flat_map(|ty| &ty.fields);
        !index.setters
            || fields.any(|it| {
                it.setter.is_some() && it.wire == field.wire && it.declared_by == field.declared_by
            })
    }

    /// The effect on requests. Values of the old type stay valid if the new type is its base type.
    fn other_value(&self, old: &'s Field, new: &'s Field, found: Change) -> Change {
        let old_type = self.new_name(old.csdl.item.as_str());
        if !self.new.is_subtype(old_type, new.csdl.item.as_str()) || old.is_reference() {
            return found.wire("the value has the new type");
        }
        let found = found.wire(format!(
            "a value of `{old_type}` is valid there with `@odata.type`"
        ));
        let is_abstract = self
            .new
            .types
            .get(old_type)
            .is_some_and(|ty| ty.is_abstract);
        if takes_any(new) || is_abstract {
            return found;
        }
        found.help(format!(
            "a `[[struct]]` with `type = \"{old_type}\"` in the manifest makes the field accept it too"
        ))
    }
}

fn multiplicity(old: &Field, new: &Field) -> &'static str {
    match (new.csdl.is_collection, old.nullable, new.nullable) {
        (true, true, false) => "an array is sent instead of a single value, and never null",
        (true, ..) => "an array is sent instead of a single value",
        (false, false, true) => {
            "a single value is sent instead of an array; null may be sent, and clears it"
        }
        (false, ..) => "a single value is sent instead of an array",
    }
}

fn what(old: &Field, new: &Field) -> String {
    let (old_text, new_text) = (field_text(old), field_text(new));
    if old_text != new_text {
        return arrow(&old_text, &new_text);
    }
    let boxed = |field: &Field| matches!(field.shape, Shape::Struct { boxed: true, .. });
    match (takes_any(old), takes_any(new)) {
        (false, true) => format!("accepts subtypes of `{}`", new.csdl.item.as_str()),
        (true, false) => format!("accepts only `{}`", new.csdl.item.as_str()),
        _ => match (boxed(old), boxed(new)) {
            (false, true) => "its type is now recursive".to_owned(),
            (true, false) => "its type is no longer recursive".to_owned(),
            _ => "another type has that name".to_owned(),
        },
    }
}

fn takes_any(field: &Field) -> bool {
    matches!(field.shape, Shape::Union(_))
}

/// What surrounds the type of an item in Rust.
fn wrapper(field: &Field) -> impl PartialEq + use<> {
    let item = match field.shape {
        Shape::Primitive(_)
        | Shape::Enumeration { flags: false, .. }
        | Shape::Struct { boxed: false, .. }
        | Shape::Reference => "",
        Shape::Enumeration { flags: true, .. } => "Flags",
        Shape::Struct { boxed: true, .. } => "Box",
        Shape::Union(_) => "AnyOf",
    };
    (item, field.delta, field.csdl.is_collection, field.nullable)
}

fn is_other_primitive(old: &Shape, new: &Shape) -> bool {
    match (old, new) {
        (Shape::Primitive(old), Shape::Primitive(new)) => old != new,
        _ => discriminant(old) != discriminant(new),
    }
}
