//! The properties of a type: those that an update sends, and those it does not.

use std::collections::{BTreeMap, BTreeSet};

use msgraph_codegen::index::{Field, LeftOut, Type};

use super::documentation::said;
use super::retyped::written;
use super::turned::property;
use super::wording::{
    DOCS, FIELD_MORE, GOES, NAME_TAKEN, OTHER_NAME, OTHER_PROPERTY, SAID_THERE, SAME_RUST, arrow,
    arrow_code,
};
use super::{Comparison, Place, Side, beside, spelling};
use crate::commands::diff::change::Verdict::{Major, Minor, Patch};
use crate::commands::diff::change::{Change, Kind, Subject};

/// The field of dynamic properties, which is none of a property's.
const DYNAMIC: &str = "dynamic_properties";

/// A type on both sides, and which property of the old side is which of the new.
struct Scope<'s> {
    place: Place<'s>,
    old: &'s Type,
    new: &'s Type,
    /// Properties that have another spelling now.
    respelled: BTreeMap<&'s str, &'s str>,
    /// Properties that were structural and lead to something now, or the other way round.
    turned: BTreeSet<&'s str>,
}

impl<'s> Scope<'s> {
    fn name_since(&self, wire: &'s str) -> &'s str {
        self.respelled.get(wire).copied().unwrap_or(wire)
    }

    fn fields(&self, ty: &'s Type) -> Vec<&'s Field> {
        let fields = ty.fields.iter();
        fields
            .filter(|field| !self.turned.contains(property(&field.wire)))
            .collect()
    }

    fn left_out(&self, ty: &'s Type) -> Vec<&'s LeftOut> {
        let left_out = ty.left_out.iter();
        left_out
            .filter(|left_out| !self.turned.contains(property(&left_out.wire)))
            .collect()
    }

    /// The other property that has the Rust name of one now.
    fn successor(&self, before: &'s Field) -> Option<&'s Field> {
        let mut fields = self.new.fields.iter();
        let same = fields.find(|field| field.rust == before.rust)?;
        (same.wire != self.name_since(&before.wire)).then_some(same)
    }

    /// The other property that had the Rust name of one.
    fn predecessor(&self, after: &'s Field) -> Option<&'s Field> {
        let mut fields = self.old.fields.iter();
        let same = fields.find(|field| field.rust == after.rust)?;
        (self.name_since(&same.wire) != after.wire).then_some(same)
    }
}

/// Why an update does not send a property.
fn why<'s>(ty: &'s Type, wire: &str) -> Option<&'s str> {
    let mut left_out = ty.left_out.iter();
    let found = left_out.find(|left_out| left_out.wire == wire)?;
    Some(found.why.as_str())
}

impl<'s> Comparison<'s> {
    pub(super) fn fields(&mut self, place: Place<'s>, old: &'s Type, new: &'s Type) {
        let turned = self.turned(place, old, new);
        let mut scope = Scope {
            place,
            old,
            new,
            respelled: BTreeMap::new(),
            turned,
        };
        let wires = |ty| {
            let fields = scope.fields(ty).into_iter().map(|it| it.wire.as_str());
            let left_out = scope.left_out(ty).into_iter().map(|it| it.wire.as_str());
            fields.chain(left_out).collect::<Vec<_>>()
        };
        scope.respelled = spelling::respelled(wires(old), wires(new));
        let (before, after) = (scope.fields(old), scope.fields(new));
        let pairs = beside(&before, &after, |f| scope.name_since(&f.wire), |f| &f.wire);
        for pair in pairs {
            match pair {
                (Some(before), Some(after)) => self.field(&scope, before, after),
                (Some(before), None) => self.field_gone(&scope, before),
                (None, Some(after)) => self.field_come(&scope, after),
                (None, None) => {}
            }
        }
        self.not_sent(&scope);
    }

    fn field_gone(&mut self, scope: &Scope<'s>, before: &'s Field) {
        let (element, kind, what, wire) = match why(scope.new, scope.name_since(&before.wire)) {
            Some(why) => (
                before.element(),
                Kind::Restricted,
                format!("is not sent any more: {why}"),
                Some("it is not sent"),
            ),
            None => {
                let lost = self.lost(&scope.old.ty, &before.declared_by, &before.wire);
                let what = format!("was {}{}", written(before), lost.inherited);
                // Of what is inherited, the change of the base type says it.
                let wire = lost.inherited.is_empty();
                let wire = wire.then_some("the service does not know it");
                (lost.element, Kind::Removed, what, wire)
            }
        };
        let (rust, reason) = match scope.successor(before) {
            Some(other) => (
                format!("field `{}` is that of `{}` now", before.rust, other.wire),
                passes_to(before, other),
            ),
            None => (format!("field `{}` goes", before.rust), GOES),
        };
        let mut change = Change::new(Major, Subject::Property, element, kind, what)
            .rust(rust)
            .because(reason);
        change.wire = wire.map(str::to_owned);
        self.push(scope.place, change);
    }

    fn field_come(&mut self, scope: &Scope<'s>, after: &'s Field) {
        let mut old = scope.old.left_out.iter();
        let left_out = old.find(|it| scope.name_since(&it.wire) == after.wire);
        let (element, kind, what) = match left_out {
            Some(left_out) => (
                left_out.element(),
                Kind::Restricted,
                format!("may be sent, and was not: {}", left_out.why),
            ),
            None => {
                let gained = self.gained(&scope.new.ty, &after.declared_by, &after.wire);
                let what = format!("{}{}", written(after), gained.inherited);
                (gained.element, Kind::Added, what)
            }
        };
        let (rust, reason) = match scope.predecessor(after) {
            Some(other) => (
                format!(
                    "field `{}: {}` is of this property, and was of `{}`",
                    after.rust, after.ty, other.wire
                ),
                SAID_THERE,
            ),
            None => (
                format!("field `{}: {}` comes", after.rust, after.ty),
                FIELD_MORE,
            ),
        };
        self.push(
            scope.place,
            Change::new(Minor, Subject::Property, element, kind, what)
                .rust(rust)
                .because(reason),
        );
    }

    /// The properties that an update does not send, on one side or both.
    fn not_sent(&mut self, scope: &Scope<'s>) {
        let is_field = |ty: &Type, wire: &str| ty.fields.iter().any(|field| field.wire == wire);
        let mut known = BTreeSet::new();
        for left_out in scope.left_out(scope.old) {
            let wire = scope.name_since(&left_out.wire);
            known.insert(wire);
            let (element, kind, what) = match why(scope.new, wire) {
                Some(_) if wire != left_out.wire => (
                    left_out.element(),
                    Kind::Renamed,
                    arrow_code(&left_out.wire, wire),
                ),
                Some(why) if why == left_out.why => continue,
                Some(why) => (
                    left_out.element(),
                    Kind::Restricted,
                    format!("not sent: {}", arrow(&left_out.why, why)),
                ),
                None if is_field(scope.new, wire) => continue,
                None => {
                    let lost = self.lost(&scope.old.ty, &left_out.declared_by, wire);
                    let what = format!("was not sent: {}{}", left_out.why, lost.inherited);
                    (lost.element, Kind::Removed, what)
                }
            };
            let change = Change::new(Patch, Subject::Property, element, kind, what);
            self.push(scope.place, change.because(DOCS));
        }
        let sent = scope.old.fields.iter();
        known.extend(sent.map(|field| scope.name_since(&field.wire)));
        for left_out in scope.left_out(scope.new) {
            if !known.contains(left_out.wire.as_str()) {
                let gained = self.gained(&scope.new.ty, &left_out.declared_by, &left_out.wire);
                let what = format!("is new, and not sent: {}{}", left_out.why, gained.inherited);
                let change =
                    Change::new(Patch, Subject::Property, gained.element, Kind::Added, what);
                self.push(scope.place, change.because(DOCS));
            }
        }
    }

    /// A property that a type no longer has, by what declared it.
    fn lost(&self, ty: &'s str, declaring: &'s str, wire: &str) -> Found {
        let name_since = |ty| self.name_since(ty);
        match heir((&self.old, &self.new), name_since, ty, declaring) {
            Some(heir) => Found {
                element: format!("{heir}/{wire}"),
                inherited: format!(" (inherited from `{declaring}`)"),
            },
            None => Found::declared(declaring, wire),
        }
    }

    /// As [`Comparison::lost`], of a property that a type has now.
    fn gained(&self, ty: &'s str, declaring: &'s str, wire: &str) -> Found {
        let name_before = |ty| self.name_before(ty);
        match heir((&self.new, &self.old), name_before, ty, declaring) {
            Some(heir) => Found {
                element: format!("{heir}/{wire}"),
                inherited: format!(" (inherited from `{declaring}` now)"),
            },
            None => Found::declared(declaring, wire),
        }
    }

    fn field(&mut self, scope: &Scope<'s>, old: &'s Field, new: &'s Field) {
        let place = scope.place;
        let element = old.element();
        if self.name_since(&old.declared_by) != new.declared_by {
            let what = format!(
                "declared by {}",
                arrow_code(&old.declared_by, &new.declared_by)
            );
            let change = Change::new(Patch, Subject::Property, element.clone(), Kind::Moved, what);
            self.push(place, change.because(SAME_RUST));
        }
        self.field_name(scope, old, new);
        if let Some(change) = self.retyped(old, new) {
            self.push(place, change);
        }
        for change in said(Subject::Property, &element, old.into(), new.into()) {
            self.push(place, change);
        }
    }

    /// Another name, in the API, in Rust or in both.
    fn field_name(&mut self, scope: &Scope<'s>, old: &'s Field, new: &'s Field) {
        let renamed = (&old.rust, &old.setter) != (&new.rust, &new.setter);
        let respelled = old.wire != new.wire;
        if !renamed && !respelled {
            return;
        }
        let successor = scope.successor(old);
        let what = match successor {
            _ if respelled => arrow_code(&old.wire, &new.wire),
            Some(other) => format!("`{}` has the Rust name that it had", other.wire),
            None if old.rust == DYNAMIC && scope.new.open => {
                "the type is open, and the field of its dynamic properties has the name".to_owned()
            }
            None => "no other property has a claim to the Rust name any more".to_owned(),
        };
        let element = old.element();
        let mut change =
            Change::new(Patch, Subject::Property, element, Kind::Renamed, what).because(SAME_RUST);
        if respelled {
            change = change.wire(format!("it is sent as `{}`", new.wire));
        }
        if renamed {
            let reason = match successor {
                Some(other) => passes_to(old, other),
                None if old.rust == new.rust => self.setter_passes(scope, old),
                None => OTHER_NAME,
            };
            let names = if old.rust == new.rust {
                let setter = |field: &'s Field| field.setter.as_deref().unwrap_or("none");
                format!("setter {}", arrow_code(setter(old), setter(new)))
            } else {
                format!("field {}", arrow_code(&old.rust, &new.rust))
            };
            change.verdict = Major;
            change = change.rust(names).because(reason);
        }
        self.push(scope.place, change);
    }

    /// The reason where a field keeps its name and its setter does not.
    fn setter_passes(&self, scope: &Scope<'s>, old: &Field) -> &'static str {
        let mut fields = scope.new.fields.iter();
        if fields.any(|field| field.setter == old.setter) {
            OTHER_PROPERTY
        } else {
            OTHER_NAME
        }
    }
}

/// A property that one side has.
struct Found {
    element: String,
    /// Where it was inherited from, if that is why the other side does not have it.
    inherited: String,
}

impl Found {
    fn declared(declaring: &str, wire: &str) -> Self {
        Found {
            element: format!("{declaring}/{wire}"),
            inherited: String::new(),
        }
    }
}

/// The reason where the Rust name of a property is another's now.
fn passes_to(before: &Field, other: &Field) -> &'static str {
    if before.ty == other.ty {
        OTHER_PROPERTY
    } else {
        NAME_TAKEN
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
    if !lacks.types.contains_key(other_declaring) {
        return None;
    }
    has.lineage(ty)
        .take_while(|ty| *ty != declaring)
        .filter(|ty| lacks.types.contains_key(other_name(ty)))
        .take_while(|ty| {
            let mut bases = lacks.lineage(other_name(ty));
            !bases.any(|base| base == other_declaring)
        })
        .last()
}
