//! Changes of markers, and of the types that their positions accept.

use std::collections::BTreeSet;

use msgraph_codegen::ir::{AcceptedType, Api, Union};

use super::wording::{
    NAME_TAKEN, OTHER_NAME, OTHER_TYPE, REMOVED, arrow_code, removes, why_renamed,
};
use super::{Comparison, Place, Side};
use crate::commands::diff::change::Verdict::Major;
use crate::commands::diff::change::{Change, Kind, Subject};

impl<'s> Comparison<'s> {
    pub(super) fn unions(&mut self) {
        for before in &self.old.index.unions {
            let name = self.new_name(&before.ty);
            let mut unions = self.new.index.unions.iter();
            let after = unions.find(|union| union.ty == name && union.role == before.role);
            let place = Place {
                old: Some((&before.ty, &before.rust)),
                new: after.map(|union| (union.ty.as_str(), union.rust.as_str())),
            };
            match after {
                Some(after) => self.union(place, before, after),
                None => self.marker_removed(place, before, name),
            }
        }
    }

    fn marker_removed(&mut self, place: Place<'s>, before: &'s Union, name: &str) {
        let has_struct = |index: &Api, name: &str| {
            let mut structs = index.structs.iter();
            structs.any(|ty| ty.ty == name && ty.role == before.role)
        };
        if has_struct(self.old.index, &before.ty) && !has_struct(self.new.index, name) {
            // Reported with the struct.
            return;
        }
        let (kind, what) = if self.new.types.contains_key(name) {
            (
                Kind::Restricted,
                "no position accepts several subtypes any more",
            )
        } else {
            (Kind::Removed, "is no longer in the metadata")
        };
        let mut change = Change::new(Major, Subject::Type, &before.ty, kind, what)
            .rust(removes("marker", &before.rust, None))
            .because(REMOVED);
        // The positions still exist, but accept only the type itself.
        let subtypes = before
            .members
            .iter()
            .map(|member| self.new_name(&member.ty));
        let mut subtypes =
            subtypes.filter(|member| *member != name && self.new.is_subtype(member, name));
        if let Some(subtype) = subtypes.next()
            && has_struct(self.new.index, name)
        {
            change = change.help(format!(
                "a `[[struct]]` with `type = \"{subtype}\"` in the manifest adds that type again"
            ));
        }
        self.push(place, change);
    }

    fn union(&mut self, place: Place<'s>, before: &'s Union, after: &'s Union) {
        if before.rust != after.rust && before.ty == after.ty {
            let successor = self.new.by_rust.get(before.rust.as_str()).copied();
            let what = why_renamed("type", successor);
            let reason = if successor.is_some() {
                NAME_TAKEN
            } else {
                OTHER_NAME
            };
            let change = Change::new(Major, Subject::Type, &before.ty, Kind::Renamed, what)
                .rust(arrow_code(&before.rust, &after.rust));
            self.push(place, change.because(reason));
        }
        let members: BTreeSet<&str> = after.members.iter().map(|it| it.ty.as_str()).collect();
        for member in &before.members {
            let name = self.new_name(&member.ty);
            // A type that is no longer generated is another change.
            let mut structs = self.new.index.structs.iter();
            let is_generated = structs.any(|ty| ty.ty == name && ty.role == after.role);
            if is_generated && !members.contains(name) {
                self.no_longer_accepted(place, member, after);
            }
        }
    }

    fn no_longer_accepted(&mut self, place: Place<'s>, member: &'s AcceptedType, union: &'s Union) {
        let mut what = format!("is no longer accepted where `{}` is declared", union.ty);
        // If its own base type changed, that is another change, which names the cause.
        let base = |side: &Side<'s>, name: &str| side.types.get(name)?.base.as_deref();
        let name = self.new_name(&member.ty);
        let before = base(&self.old, &member.ty).map(|base| self.new_name(base));
        if !self.new.is_subtype(name, &union.ty) && before == base(&self.new, name) {
            what.push_str(", from which it no longer derives");
        }
        let (member_rust, union_rust) = (&member.rust, &union.rust);
        let change = Change::new(Major, Subject::Type, &member.ty, Kind::Restricted, what)
            .rust(format!("`{member_rust}` is not accepted as `{union_rust}`"))
            .wire("a value of it is invalid there");
        self.push(place, change.because(OTHER_TYPE));
    }
}
