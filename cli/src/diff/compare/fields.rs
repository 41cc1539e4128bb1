//! The properties of a type: those that an update sends, and those it does not.

use msgraph_codegen::index::{Field, Type};

use super::documentation::said;
use super::wording::{
    DOCS, FIELD_MORE, GOES, OTHER_NAME, OTHER_TYPE, SAME_RUST, arrow, arrow_code,
};
use super::{Comparison, Place, Side, beside};
use crate::diff::change::Verdict::{Major, Minor, Patch};
use crate::diff::change::{Change, Kind, Subject};

impl<'s> Comparison<'s> {
    pub(super) fn fields(&mut self, place: Place<'s>, old: &'s Type, new: &'s Type) {
        let why = |ty: &'s Type, wire: &str| {
            let mut left_out = ty.left_out.iter();
            let found = left_out.find(|left_out| left_out.wire == wire)?;
            Some(found.why.as_str())
        };
        for pair in beside(&old.fields, &new.fields, |f| &f.wire, |f| &f.wire) {
            match pair {
                (Some(before), Some(after)) => self.field(place, before, after),
                (Some(before), None) => {
                    let (element, kind, what, wire) = match why(new, &before.wire) {
                        Some(why) => (
                            before.element(),
                            Kind::Restricted,
                            format!("is not sent any more: {why}"),
                            "it is not sent",
                        ),
                        None => {
                            let (element, base) =
                                self.lost(&old.ty, &before.declared_by, &before.wire);
                            (
                                element,
                                Kind::Removed,
                                format!("was {}{base}", written(before)),
                                "the service does not know it",
                            )
                        }
                    };
                    self.push(
                        place,
                        Change::new(Major, Subject::Property, element, kind, what)
                            .rust(format!("field `{}` goes", before.rust))
                            .wire(wire)
                            .because(GOES),
                    );
                }
                (None, Some(after)) => {
                    let (element, kind, what) = match why(old, &after.wire) {
                        Some(why) => (
                            after.element(),
                            Kind::Restricted,
                            format!("may be sent, and was not: {why}"),
                        ),
                        None => {
                            let (element, base) =
                                self.gained(&new.ty, &after.declared_by, &after.wire);
                            (element, Kind::Added, format!("{}{base}", written(after)))
                        }
                    };
                    self.push(
                        place,
                        Change::new(Minor, Subject::Property, element, kind, what)
                            .rust(format!("field `{}: {}` comes", after.rust, after.ty))
                            .because(FIELD_MORE),
                    );
                }
                (None, None) => {}
            }
        }
        let is_field = |ty: &Type, wire: &str| ty.fields.iter().any(|field| field.wire == wire);
        for left_out in &old.left_out {
            let wire = left_out.wire.as_str();
            let (element, kind, what) = match why(new, wire) {
                Some(why) if why == left_out.why => continue,
                Some(why) => (
                    left_out.element(),
                    Kind::Restricted,
                    format!("not sent: {}", arrow(&left_out.why, why)),
                ),
                None if is_field(new, wire) => continue,
                None => {
                    let (element, base) = self.lost(&old.ty, &left_out.declared_by, wire);
                    let what = format!("was not sent: {}{base}", left_out.why);
                    (element, Kind::Removed, what)
                }
            };
            let change = Change::new(Patch, Subject::Property, element, kind, what);
            self.push(place, change.because(DOCS));
        }
        for left_out in &new.left_out {
            let wire = left_out.wire.as_str();
            if why(old, wire).is_none() && !is_field(old, wire) {
                let (element, base) = self.gained(&new.ty, &left_out.declared_by, wire);
                let what = format!("is new, and not sent: {}{base}", left_out.why);
                let change = Change::new(Patch, Subject::Property, element, Kind::Added, what);
                self.push(place, change.because(DOCS));
            }
        }
    }

    /// The element of a property that a type has no more, by what declared it; and what is to be said
    /// of where it was from.
    fn lost(&self, ty: &'s str, declaring: &'s str, wire: &str) -> (String, String) {
        let name_since = |ty| self.name_since(ty);
        match heir((&self.old, &self.new), name_since, ty, declaring) {
            Some(heir) => (
                format!("{heir}/{wire}"),
                format!(" (inherited from `{declaring}`)"),
            ),
            None => (format!("{declaring}/{wire}"), String::new()),
        }
    }

    /// As [`Comparison::lost`], of a property that a type has now.
    fn gained(&self, ty: &'s str, declaring: &'s str, wire: &str) -> (String, String) {
        let name_before = |ty| self.name_before(ty);
        match heir((&self.new, &self.old), name_before, ty, declaring) {
            Some(heir) => (
                format!("{heir}/{wire}"),
                format!(" (inherited from `{declaring}` now)"),
            ),
            None => (format!("{declaring}/{wire}"), String::new()),
        }
    }

    fn field(&mut self, place: Place<'s>, old: &'s Field, new: &'s Field) {
        let element = old.element();
        let change = |verdict, kind, what: String| {
            Change::new(verdict, Subject::Property, element.clone(), kind, what)
        };
        if self.name_since(&old.declared_by) != new.declared_by {
            let what = format!(
                "declared by {}",
                arrow_code(&old.declared_by, &new.declared_by)
            );
            self.push(place, change(Patch, Kind::Moved, what).because(SAME_RUST));
        }
        if (&old.rust, &old.setter) != (&new.rust, &new.setter) {
            let found = change(
                Major,
                Kind::Renamed,
                "another property takes the name, or left it".to_owned(),
            )
            .rust(format!("field {}", arrow_code(&old.rust, &new.rust)))
            .because(OTHER_NAME);
            self.push(place, found);
        }
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
        if retyped || old.nullable != new.nullable || other_rust {
            let kind = if retyped || old.nullable == new.nullable {
                Kind::Retyped
            } else {
                Kind::Nullability
            };
            let takes_any = |field: &Field| wrapper(&field.ty).ends_with("AnyOf");
            let what = if written(old) == written(new) {
                match (takes_any(old), takes_any(new)) {
                    (false, true) => format!("takes types that derive from `{}`", new.item_type()),
                    (true, false) => format!("takes `{}` alone", new.item_type()),
                    _ => "the type of that name is another".to_owned(),
                }
            } else {
                arrow(&written(old), &written(new))
            };
            let mut found = if other_rust {
                change(Major, kind, what)
                    .rust(format!(
                        "field `{}`: {}",
                        new.rust,
                        arrow_code(&old.ty, &new.ty)
                    ))
                    .because(OTHER_TYPE)
            } else {
                change(Patch, kind, what).because(SAME_RUST)
            };
            if old.nullable != new.nullable {
                found = found.wire(if new.nullable {
                    "null may be sent, and clears it"
                } else {
                    "null is not sent any more"
                });
            } else if retyped {
                found = found.wire("the value is of the other type");
            }
            self.push(place, found);
        }
        for change in said(Subject::Property, &element, old.into(), new.into()) {
            self.push(place, change);
        }
    }
}

/// Where a type has a property on one side alone because of what it derives from there: the type
/// whose base types are others on the other side, `ty` itself or one that it derives from. None where
/// the other side does not have the declaring type, or lets this one derive from it too: then it is
/// the declaration that came or went.
fn heir<'s>(
    (has, lacks): (&Side<'s>, &Side<'s>),
    other_name: impl Fn(&'s str) -> &'s str,
    ty: &'s str,
    declaring: &'s str,
) -> Option<&'s str> {
    let other_declaring = other_name(declaring);
    if !lacks.declared.contains_key(other_declaring) {
        return None;
    }
    has.lineage(ty)
        .take_while(|ty| *ty != declaring)
        .filter(|ty| lacks.declared.contains_key(other_name(ty)))
        .take_while(|ty| {
            let mut bases = lacks.lineage(other_name(ty));
            !bases.any(|base| base == other_declaring)
        })
        .last()
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
fn written(field: &Field) -> String {
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
