//! Changes of types and enumerations themselves: existence, namespace, name, base type.

use std::collections::BTreeMap;

use msgraph_codegen::ir::{Api, Role, Struct};

use super::documentation::{Documentation, documentation_changes};
use super::wording::{
    ADDED, FIELD_ADDED, NAME_TAKEN, OTHER_NAME, REMOVED, SAME_RUST, adds, arrow, arrow_code, codes,
    removes, why_renamed,
};
use super::{Comparison, Paired, Place, paired, spelling};
use crate::commands::diff::change::Verdict::{Major, Minor, Patch};
use crate::commands::diff::change::{Change, Kind, Subject};
use crate::support::index::NameInRole;

impl<'s> Comparison<'s> {
    pub(super) fn types(&mut self) {
        let (old, new) = (&self.old.index.structs, &self.new.index.structs);
        let (old_counts, new_counts) = (counts(old), counts(new));
        // An entity type that becomes a complex type is the same type.
        let only = |old: &str, new: &str| {
            (old_counts.get(old), new_counts.get(new)) == (Some(&1), Some(&1))
        };
        // The parameters of an action have a struct for each path.
        let module = |ty: &'s Struct| match ty.role {
            Role::Parameters => ty.rust.module.as_slice(),
            _ => &[],
        };
        let in_role = |old: &'s str, new: &'s str, ty: &'s Struct| {
            (new, (!only(old, new)).then_some(ty.role), module(ty))
        };
        let before = |ty: &'s Struct| in_role(&ty.ty, self.new_name(&ty.ty), ty);
        let after = |ty: &'s Struct| in_role(self.old_name(&ty.ty), &ty.ty, ty);
        for pair in paired(old, new, before, after) {
            match pair {
                Paired::Both(before, after) => self.structure(before, after),
                Paired::Removed(before) => {
                    let ty = (before.ty.as_str(), before.role);
                    self.removed(Subject::Type, ty, &before.rust);
                }
                Paired::Added(after) => self.added(Subject::Type, &after.ty, &after.rust),
            }
        }
    }

    /// A type or enumeration that is no longer generated.
    pub(super) fn removed(
        &mut self,
        subject: Subject,
        (csdl, role): NameInRole<'s>,
        rust: &'s str,
    ) {
        let new_name = self.new_name(csdl);
        let cause = self.cause(csdl, new_name);
        let what = match &cause {
            Some(cause) => cause.what.as_str(),
            None if self.new.types.contains_key(new_name) => "is no longer used in the selection",
            None => "is no longer in the metadata",
        };
        let mut effect = removes(item(subject), rust, None);
        let marker = |index: &'s Api, name: &str| {
            let mut unions = index.unions.iter();
            unions.find(|it| it.ty == name && it.role == role)
        };
        if let Some(union) = marker(self.old.index, csdl)
            && marker(self.new.index, new_name).is_none()
        {
            effect.push_str(&format!(" and marker `{}`", union.rust));
        }
        // The same CSDL name may now be an item of another kind.
        if let Some((item, rust)) = other_item(self.new.index, subject, new_name) {
            effect.push_str(&format!("; {}", adds(item, rust, None)));
        }
        let successor = self.new.by_rust.get(rust);
        let successor = successor.filter(|successor| **successor != new_name);
        if let Some(other) = successor {
            effect.push_str(&format!("; the name now belongs to `{other}`"));
        }
        let mut change = Change::new(Major, subject, csdl, Kind::Removed, what)
            .rust(effect)
            .because(successor.map_or(REMOVED, |_| NAME_TAKEN));
        change.wire = cause.map(|cause| cause.wire.to_owned());
        let place = Place {
            old: Some((csdl, rust)),
            new: None,
        };
        self.push(place, change);
    }

    /// A type or enumeration that is newly generated.
    pub(super) fn added(&mut self, subject: Subject, csdl: &'s str, rust: &'s str) {
        let old_name = self.old_name(csdl);
        if other_item(self.old.index, subject, old_name).is_some() {
            // Reported with the item of another kind that is removed.
            return;
        }
        let cause = self.cause(old_name, csdl);
        let what = match &cause {
            Some(cause) => cause.what.as_str(),
            None if self.old.types.contains_key(old_name) => "is now used in the selection",
            None => "is new in the metadata",
        };
        let mut change = Change::new(Minor, subject, csdl, Kind::Added, what)
            .rust(adds(item(subject), rust, None))
            .because(ADDED);
        change.wire = cause.map(|cause| cause.wire.to_owned());
        let place = Place {
            old: None,
            new: Some((csdl, rust)),
        };
        self.push(place, change);
    }

    /// A type or enumeration on both sides. `is_written`: requests name it in `@odata.type`.
    pub(super) fn declaration(
        &mut self,
        subject: Subject,
        place: Place<'s>,
        old_documentation: Documentation<'s>,
        new_documentation: Documentation<'s>,
        is_written: bool,
    ) {
        let (Some((old, old_rust)), Some((new, new_rust))) = (place.old, place.new) else {
            return;
        };
        let renamed = old_rust != new_rust;
        let successor = self.new.by_rust.get(old_rust).copied();
        let mut change = None;
        if let Some(cause) = self.cause(old, new) {
            change =
                Some(Change::new(Patch, subject, old, cause.kind, cause.what).wire(cause.wire));
        } else if old != new {
            let kind = if spelling::is_respelled(old, new) {
                Kind::Renamed
            } else {
                Kind::Moved
            };
            let mut moved = Change::new(Patch, subject, old, kind, arrow_code(old, new));
            if is_written {
                moved = moved.wire(format!("`@odata.type` is `#{new}`"));
            }
            change = Some(moved);
        } else if renamed {
            let what = why_renamed("type", successor);
            change = Some(Change::new(Major, subject, old, Kind::Renamed, what));
        }
        if let Some(mut change) = change {
            change = if renamed {
                let reason = successor.map_or(OTHER_NAME, |_| NAME_TAKEN);
                change.breaking(arrow_code(old_rust, new_rust), reason)
            } else {
                change.because(SAME_RUST)
            };
            self.push(place, change);
        }
        for change in documentation_changes(subject, old, old_documentation, new_documentation) {
            self.push(place, change);
        }
    }

    fn structure(&mut self, old: &'s Struct, new: &'s Struct) {
        let place = Place {
            old: Some((&old.ty, &old.rust)),
            new: Some((&new.ty, &new.rust)),
        };
        let is_written = self.new.writes_type_name(new);
        self.declaration(Subject::Type, place, old.into(), new.into(), is_written);
        self.base(place, old, new);
        let change = |verdict, what: &str| {
            Change::new(verdict, Subject::Type, &old.ty, Kind::Restricted, what)
        };
        if old.writes_odata_type != new.writes_odata_type {
            let (what, wire) = if new.writes_odata_type {
                (
                    "`@odata.type` is written in every position",
                    "a value names its type",
                )
            } else {
                (
                    "`@odata.type` is no longer written in every position",
                    "a value of the declared type does not name it",
                )
            };
            self.push(place, change(Patch, what).wire(wire).because(SAME_RUST));
        }
        if old.open != new.open {
            let change = if new.open {
                change(Minor, "accepts dynamic properties")
                    .rust(adds("field", "dynamic_properties", None))
                    .because(FIELD_ADDED)
            } else {
                change(Major, "no longer accepts dynamic properties")
                    .rust(removes("field", "dynamic_properties", None))
                    .because(REMOVED)
            };
            self.push(place, change);
        }
        self.fields(place, old, new);
    }

    fn base(&mut self, place: Place<'s>, old: &'s Struct, new: &'s Struct) {
        let since = old.base.as_deref().map(|base| self.new_name(base));
        if since == new.base.as_deref() {
            return;
        }
        let written = |base: &Option<String>| match base {
            Some(base) => format!("`{base}`"),
            None => "none".to_owned(),
        };
        let (before, after) = (written(&old.base), written(&new.base));
        let what = format!("base type {}", arrow(&before, &after));
        let mut change = Change::new(Patch, Subject::Type, &old.ty, Kind::Moved, what);
        change = change.because(SAME_RUST);
        let lost_field = |declaring: &str| {
            old.fields.iter().any(|field| {
                let mut fields = new.fields.iter();
                field.declared_by == declaring && !fields.any(|other| other.wire == field.wire)
            })
        };
        let supertypes = self.old.supertypes(&old.ty).skip(1);
        let lost: Vec<&str> = supertypes
            .filter(|base| !self.new.is_subtype(&new.ty, self.new_name(base)))
            .filter(|base| lost_field(base))
            .collect();
        if !lost.is_empty() {
            let lost = codes(&lost);
            change = change.wire(format!("properties of {lost} are no longer sent with it"));
        }
        self.push(place, change);
    }
}

fn item(subject: Subject) -> &'static str {
    match subject {
        Subject::Enumeration => "enum",
        _ => "struct",
    }
}

/// How many structs each type has.
fn counts(structs: &[Struct]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for ty in structs {
        *counts.entry(ty.ty.as_str()).or_default() += 1;
    }
    counts
}

/// The item of the other kind that is generated for a type, and its Rust path.
fn other_item<'s>(index: &'s Api, subject: Subject, name: &str) -> Option<(&'static str, &'s str)> {
    if matches!(subject, Subject::Enumeration) {
        let ty = index.structs.iter().find(|ty| ty.ty == name)?;
        return Some(("struct", &ty.rust));
    }
    let ty = index.enumerations.iter().find(|ty| ty.ty == name)?;
    Some(("enum", &ty.rust))
}
