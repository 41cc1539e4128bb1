//! The markers of positions that take any of several types, and which types those are.

use std::collections::BTreeSet;

use msgraph_codegen::index::{Accepted, Index, Union};

use super::wording::{GOES, NAME_TAKEN, OTHER_NAME, OTHER_TYPE, arrow_code};
use super::{Comparison, Place};
use crate::commands::diff::change::Verdict::Major;
use crate::commands::diff::change::{Change, Kind, Subject};

impl<'s> Comparison<'s> {
    pub(super) fn unions(&mut self) {
        for before in &self.old.index.unions {
            let name = self.name_since(&before.ty);
            let after = self.new.index.unions.iter().find(|union| union.ty == name);
            let place = Place {
                old: Some((&before.ty, &before.rust)),
                new: after.map(|union| (union.ty.as_str(), union.rust.as_str())),
            };
            match after {
                Some(after) => self.union(place, before, after),
                None => self.marker_gone(place, before, name),
            }
        }
    }

    fn marker_gone(&mut self, place: Place<'s>, before: &'s Union, name: &str) {
        let has_struct = |index: &Index, name: &str| index.types.iter().any(|ty| ty.ty == name);
        if has_struct(self.old.index, &before.ty) && !has_struct(self.new.index, name) {
            // Said with the struct.
            return;
        }
        let (kind, what) = if self.new.types.contains_key(name) {
            let what = "no position takes several types that derive from it any more";
            (Kind::Restricted, what)
        } else {
            (Kind::Removed, "the metadata has it no more")
        };
        let mut change = Change::new(Major, Subject::Type, &before.ty, kind, what)
            .rust(format!("marker `{}` goes", before.rust))
            .because(GOES);
        // The positions are there, and take the type alone: it is no longer abstract, or it is that
        // which the manifest names.
        let mut members = before.members.iter();
        let left = members.find(|member| {
            let member = self.name_since(&member.ty);
            member != name && self.new.derives(member, name)
        });
        if let Some(left) = left
            && has_struct(self.new.index, name)
        {
            let left = self.name_since(&left.ty);
            change = change.help(format!(
                "a `[[struct]]` with `type = \"{left}\"` in the manifest lets that type in again"
            ));
        }
        self.push(place, change);
    }

    fn union(&mut self, place: Place<'s>, before: &'s Union, after: &'s Union) {
        if before.rust != after.rust && before.ty == after.ty {
            let (what, reason) = match self.new.by_rust.get(before.rust.as_str()) {
                Some(other) => (
                    format!("`{other}` has the Rust name that the marker had"),
                    NAME_TAKEN,
                ),
                None => (
                    "no type has a claim to the Rust name of the marker any more".to_owned(),
                    OTHER_NAME,
                ),
            };
            let change = Change::new(Major, Subject::Type, &before.ty, Kind::Renamed, what)
                .rust(arrow_code(&before.rust, &after.rust));
            self.push(place, change.because(reason));
        }
        let members: BTreeSet<&str> = after.members.iter().map(|it| it.ty.as_str()).collect();
        for member in &before.members {
            let name = self.name_since(&member.ty);
            // A type that is no longer generated is a change of its own.
            let is_there = self.new.index.types.iter().any(|ty| ty.ty == name);
            if is_there && !members.contains(name) {
                self.no_longer_taken(place, member, after);
            }
        }
    }

    fn no_longer_taken(&mut self, place: Place<'s>, member: &'s Accepted, union: &'s Union) {
        let mut what = format!("is no longer taken where `{}` is declared", union.ty);
        // Where its own base type is another, that is a change of its own and tells the cause.
        let base = |side: &super::Side<'s>, name: &str| side.types.get(name)?.base.clone();
        let name = self.name_since(&member.ty);
        let before = base(&self.old, &member.ty);
        let before = before.as_deref().map(|base| self.name_since(base));
        if !self.new.derives(name, &union.ty) && before == base(&self.new, name).as_deref() {
            what.push_str(", from which it no longer derives");
        }
        let change = Change::new(Major, Subject::Type, &member.ty, Kind::Restricted, what)
            .rust(format!(
                "`{}` is refused where `{}` is taken",
                member.rust, union.rust
            ))
            .wire("a value of it is not valid there");
        self.push(place, change.because(OTHER_TYPE));
    }
}
