//! Changes of the properties of a type: sent ones, which have fields, and others.

use std::collections::{BTreeMap, BTreeSet};

use msgraph_codegen::ir::{Field, OmittedProperty, Role, Struct};

use super::documentation::documentation_changes;
use super::sorts::property;
use super::wording::{
    ADDED, CALLED, DOCS, FIELD_ADDED, NAME_TAKEN, OTHER_BODY, OTHER_NAME, OTHER_PROPERTY, REMOVED,
    REPORTED_THERE, SAME_RUST, adds, arrow, arrow_code, removes, renamed, why_renamed,
};
use super::{Comparison, Paired, Place, Side, paired, spelling};
use crate::commands::diff::change::Verdict::{Major, Minor, Patch};
use crate::commands::diff::change::{Change, Kind, Subject, Verdict};
use crate::support::index::field_text;

/// The field of an open type's dynamic properties.
const DYNAMIC: &str = "dynamic_properties";

/// A type on both sides, and how its properties correspond.
struct Scope<'s> {
    place: Place<'s>,
    old: &'s Struct,
    new: &'s Struct,
    /// The new spelling of properties.
    respelled: BTreeMap<&'s str, &'s str>,
    /// Properties that are reported as changes of their sort.
    resorted: BTreeSet<&'s str>,
}

impl<'s> Scope<'s> {
    fn new_name(&self, wire: &'s str) -> &'s str {
        self.respelled.get(wire).copied().unwrap_or(wire)
    }

    fn fields(&self, ty: &'s Struct) -> Vec<&'s Field> {
        let fields = ty.fields.iter();
        fields
            .filter(|field| !self.resorted.contains(property(&field.wire)))
            .collect()
    }

    fn left_out(&self, ty: &'s Struct) -> Vec<&'s OmittedProperty> {
        let left_out = ty.left_out.iter();
        left_out
            .filter(|left_out| !self.resorted.contains(property(&left_out.wire)))
            .collect()
    }

    /// The other property whose field now has the name of one.
    fn successor(&self, before: &'s Field) -> Option<&'s Field> {
        let mut fields = self.new.fields.iter();
        let same = fields.find(|field| field.rust == before.rust)?;
        (same.wire != self.new_name(&before.wire)).then_some(same)
    }

    /// The other property whose field had the name of one.
    fn predecessor(&self, after: &'s Field) -> Option<&'s str> {
        let mut fields = self.old.fields.iter();
        let same = fields.find(|field| field.rust == after.rust)?;
        (self.new_name(&same.wire) != after.wire).then_some(&same.wire)
    }
}

/// Why a property is not sent.
fn why_left_out<'s>(ty: &'s Struct, wire: &str) -> Option<&'s str> {
    let mut left_out = ty.left_out.iter();
    let found = left_out.find(|left_out| left_out.wire == wire)?;
    Some(found.why)
}

fn change(verdict: Verdict, element: String, kind: Kind, what: String) -> Change {
    Change::new(verdict, Subject::Property, element, kind, what)
}

impl<'s> Comparison<'s> {
    pub(super) fn fields(&mut self, place: Place<'s>, old: &'s Struct, new: &'s Struct) {
        let mut scope = Scope {
            place,
            old,
            new,
            respelled: BTreeMap::new(),
            resorted: self.resorted(place, old, new),
        };
        let wires = |ty| {
            let fields = scope.fields(ty).into_iter().map(|it| it.wire.as_str());
            let left_out = scope.left_out(ty).into_iter().map(|it| it.wire.as_str());
            fields.chain(left_out).collect::<Vec<_>>()
        };
        scope.respelled = spelling::respelled(wires(old), wires(new));
        let (before, after) = (scope.fields(old), scope.fields(new));
        for pair in paired(
            &before,
            &after,
            |f| scope.new_name(&f.wire),
            |f| f.wire.as_str(),
        ) {
            match pair {
                Paired::Both(before, after) => self.field(&scope, before, after),
                Paired::Removed(before) => self.field_removed(&scope, before),
                Paired::Added(after) => self.field_added(&scope, after),
            }
        }
        self.not_sent(&scope);
    }

    fn field_removed(&mut self, scope: &Scope<'s>, before: &'s Field) {
        let name = scope.new_name(&before.wire);
        let mut found = match why_left_out(scope.new, name) {
            Some(why) => {
                let what = format!("is no longer sent: {why}");
                change(Major, before.element(), Kind::Restricted, what).wire("it is not sent")
            }
            None => {
                let lost = self.lost(&scope.old.ty, &before.declared_by, &before.wire);
                let what = format!("was {}{}", field_text(before), lost.inherited);
                let found = change(Major, lost.element, Kind::Removed, what);
                if lost.inherited.is_empty() && !before.read_only && self.is_sent(before) {
                    found.wire("the service does not accept it")
                } else {
                    found
                }
            }
        };
        let successor = scope.successor(before);
        let other = successor.map(|other| other.wire.as_str());
        let reason = successor.map_or(REMOVED, |other| taken_by(before, other));
        found = found.rust(removes("field", &before.rust, other));
        self.push(scope.place, found.because(reason));
    }

    fn field_added(&mut self, scope: &Scope<'s>, after: &'s Field) {
        let mut old = scope.old.left_out.iter();
        let left_out = old.find(|it| scope.new_name(&it.wire) == after.wire);
        let (element, kind, what) = match left_out {
            Some(left_out) => (
                left_out.element(),
                Kind::Restricted,
                format!("may be sent; before: {}", left_out.why),
            ),
            None => {
                let gained = self.gained(&scope.new.ty, &after.declared_by, &after.wire);
                let what = format!("{}{}", field_text(after), gained.inherited);
                (gained.element, Kind::Added, what)
            }
        };
        let is_required = scope.new.role == Role::Parameters && !after.nullable;
        let predecessor = scope.predecessor(after);
        let field = format!("{}: {}", after.rust, after.rust_type());
        let mut found = change(Minor, element, kind, what)
            .rust(adds("field", &field, predecessor))
            .because(predecessor.map_or(FIELD_ADDED, |_| REPORTED_THERE));
        if is_required && !after.csdl.is_collection {
            found = found.wire("the service may reject a request without it");
        }
        self.push(scope.place, found);
    }

    /// Properties that at least one side does not send.
    fn not_sent(&mut self, scope: &Scope<'s>) {
        let is_field = |ty: &Struct, wire: &str| ty.fields.iter().any(|field| field.wire == wire);
        let mut known = BTreeSet::new();
        for left_out in scope.left_out(scope.old) {
            let wire = scope.new_name(&left_out.wire);
            known.insert(wire);
            let (element, kind, what) = match why_left_out(scope.new, wire) {
                Some(_) if wire != left_out.wire => (
                    left_out.element(),
                    Kind::Renamed,
                    arrow_code(&left_out.wire, wire),
                ),
                Some(why) if why == left_out.why => continue,
                Some(why) => (
                    left_out.element(),
                    Kind::Restricted,
                    format!("not sent: {}", arrow(left_out.why, why)),
                ),
                None if is_field(scope.new, wire) => continue,
                None => {
                    let lost = self.lost(&scope.old.ty, &left_out.declared_by, wire);
                    let what = format!("was not sent: {}{}", left_out.why, lost.inherited);
                    (lost.element, Kind::Removed, what)
                }
            };
            self.push(
                scope.place,
                change(Patch, element, kind, what).because(DOCS),
            );
        }
        let sent = scope.old.fields.iter();
        known.extend(sent.map(|field| scope.new_name(&field.wire)));
        for left_out in scope.left_out(scope.new) {
            if !known.contains(left_out.wire.as_str()) {
                let gained = self.gained(&scope.new.ty, &left_out.declared_by, &left_out.wire);
                let what = format!("is new, and not sent: {}{}", left_out.why, gained.inherited);
                let found = change(Patch, gained.element, Kind::Added, what);
                self.push(scope.place, found.because(DOCS));
            }
        }
    }

    /// A property that a type no longer has.
    fn lost(&self, ty: &'s str, declaring: &'s str, wire: &str) -> OneSided {
        let new_name = |ty| self.new_name(ty);
        let heir = heir((&self.old, &self.new), new_name, ty, declaring);
        OneSided::new(heir, declaring, wire, "inherited from")
    }

    /// A property that a type did not have.
    fn gained(&self, ty: &'s str, declaring: &'s str, wire: &str) -> OneSided {
        let old_name = |ty| self.old_name(ty);
        let heir = heir((&self.new, &self.old), old_name, ty, declaring);
        OneSided::new(heir, declaring, wire, "now inherited from")
    }

    fn field(&mut self, scope: &Scope<'s>, old: &'s Field, new: &'s Field) {
        let element = old.element();
        let mut changes = Vec::new();
        if self.new_name(&old.declared_by) != new.declared_by {
            let types = arrow_code(&old.declared_by, &new.declared_by);
            let what = format!("declared by {types}");
            let moved = change(Patch, element.clone(), Kind::Moved, what);
            changes.push(moved.because(SAME_RUST));
        }
        changes.extend(read_only(old, new));
        changes.extend(field_name(scope, old, new));
        changes.extend(self.retyped(old, new));
        changes.extend(documentation_changes(
            Subject::Property,
            &element,
            old.into(),
            new.into(),
        ));
        for change in changes {
            self.push(scope.place, change);
        }
    }
}

/// Whether requests still send a value that has a field. A read-only one has no setter.
fn read_only(old: &Field, new: &Field) -> Option<Change> {
    if old.read_only == new.read_only {
        return immutable(old, new).filter(|_| !old.read_only);
    }
    let (verdict, what, wire, reason) = match (new.read_only, &old.setter, &new.setter) {
        (true, None, _) => (Major, "is now read-only", "it is not sent", OTHER_BODY),
        (true, Some(_), _) => (Major, "is now read-only", "it is not sent", CALLED),
        (false, _, None) => (Patch, "is no longer read-only", "it is sent", SAME_RUST),
        (false, _, Some(_)) => (Minor, "is no longer read-only", "it is sent", ADDED),
    };
    let mut found = change(verdict, old.element(), Kind::Restricted, what.to_owned());
    found.rust = match (&old.setter, &new.setter) {
        (Some(setter), None) => Some(removes("setter", setter, None)),
        (None, Some(setter)) => Some(adds("setter", setter, None)),
        _ => None,
    };
    Some(found.wire(wire).because(reason))
}

/// Whether updates still send a value that has a field.
fn immutable(old: &Field, new: &Field) -> Option<Change> {
    let (verdict, what, wire, reason) = match (old.immutable, new.immutable) {
        (false, true) => (
            Major,
            "is now set on creation only",
            "updates do not send it",
            OTHER_BODY,
        ),
        (true, false) => (
            Patch,
            "is no longer set on creation only",
            "updates send it",
            SAME_RUST,
        ),
        _ => return None,
    };
    let found = change(verdict, old.element(), Kind::Restricted, what.to_owned());
    Some(found.wire(wire).because(reason))
}

fn field_name<'s>(scope: &Scope<'s>, old: &'s Field, new: &'s Field) -> Option<Change> {
    let successor = scope.successor(old);
    let rust = if old.rust != new.rust {
        let names = format!("field {}", arrow_code(&old.rust, &new.rust));
        let reason = successor.map_or(OTHER_NAME, |other| taken_by(old, other));
        Some((names, reason))
    } else {
        None
    };
    let names = (old.wire.as_str(), new.wire.as_str());
    let found = renamed(Subject::Property, &old.element(), names, rust, || {
        if successor.is_none() && old.rust == DYNAMIC && scope.new.open {
            "the field of the open type's dynamic properties has its old Rust name".to_owned()
        } else {
            why_renamed("property", successor.map(|other| other.wire.as_str()))
        }
    });
    found.map(|mut found| {
        found.wire = found.wire.filter(|_| !new.read_only);
        found
    })
}

/// The reason if the field of another property has the name of a field.
fn taken_by(before: &Field, other: &Field) -> &'static str {
    if before.rust_type() == other.rust_type() {
        OTHER_PROPERTY
    } else {
        NAME_TAKEN
    }
}

/// A property that only one side has.
struct OneSided {
    element: String,
    /// The supertype it is inherited from, if that is why the other side lacks it.
    inherited: String,
}

impl OneSided {
    fn new(heir: Option<&str>, declaring: &str, wire: &str, inherited: &str) -> Self {
        OneSided {
            element: format!("{}/{wire}", heir.unwrap_or(declaring)),
            inherited: match heir {
                Some(_) => format!(" ({inherited} `{declaring}`)"),
                None => String::new(),
            },
        }
    }
}

/// Finds the type whose base type changed, if that is why one side lacks an inherited property: `ty` or one
/// of its supertypes. `None` if the declaring type or the declaration was added or removed.
fn heir<'s>(
    (has, lacks): (&Side<'s>, &Side<'s>),
    other_name: impl Fn(&'s str) -> &'s str,
    ty: &'s str,
    declaring: &'s str,
) -> Option<&'s str> {
    let other_declaring = other_name(declaring);
    if !lacks.types.contains_key(other_declaring) {
        return None;
    }
    has.supertypes(ty)
        .take_while(|ty| *ty != declaring)
        .filter(|ty| lacks.types.contains_key(other_name(ty)))
        .take_while(|ty| {
            let mut bases = lacks.supertypes(other_name(ty));
            !bases.any(|base| base == other_declaring)
        })
        .last()
}
