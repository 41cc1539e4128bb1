//! Changes of enumerations and their members.

use msgraph_codegen::ir::{Enumeration, Member, Role};

use super::documentation::documentation_changes;
use super::wording::{
    MEMBER_ADDED, OTHER_MEMBER, OTHER_NAME, OTHER_TYPE, REMOVED, REPORTED_THERE, SAME_RUST, adds,
    arrow_code, removes, renamed, why_renamed,
};
use super::{Comparison, Paired, Place, paired, spelling};
use crate::commands::diff::change::Verdict::{Major, Minor, Patch};
use crate::commands::diff::change::{Change, Kind, Subject};

impl<'s> Comparison<'s> {
    pub(super) fn enumerations(&mut self) {
        const SUBJECT: Subject = Subject::Enumeration;
        let (old, new) = (&self.old.index.enumerations, &self.new.index.enumerations);
        for pair in paired(old, new, |ty| self.new_name(&ty.ty), |ty| ty.ty.as_str()) {
            match pair {
                Paired::Both(before, after) => self.enumeration(before, after),
                Paired::Removed(before) => {
                    self.removed(SUBJECT, (&before.ty, Role::Plain), &before.rust)
                }
                Paired::Added(after) => self.added(SUBJECT, &after.ty, &after.rust),
            }
        }
    }

    fn enumeration(&mut self, old: &'s Enumeration, new: &'s Enumeration) {
        let place = Place {
            old: Some((&old.ty, &old.rust)),
            new: Some((&new.ty, &new.rust)),
        };
        self.declaration(Subject::Enumeration, place, old.into(), new.into(), false);
        if old.flags != new.flags {
            let flags = |ty: &Enumeration| format!("Flags<{}>", ty.rust.name);
            let (what, rust) = if new.flags {
                let rust = arrow_code(&old.rust.name, &flags(new));
                ("one member → flags", rust)
            } else {
                let rust = arrow_code(&flags(old), &new.rust.name);
                ("flags → one member", rust)
            };
            let change = Change::new(Major, Subject::Enumeration, &old.ty, Kind::Retyped, what)
                .rust(format!("in the types of its fields: {rust}"));
            self.push(place, change.because(OTHER_TYPE));
        }
        self.members(place, old, new);
    }

    fn members(&mut self, place: Place<'s>, old: &'s Enumeration, new: &'s Enumeration) {
        let wires = |ty: &'s Enumeration| ty.members.iter().map(|it| it.wire.as_str());
        let respelled = spelling::respelled(wires(old), wires(new));
        let new_name = |wire: &'s str| respelled.get(wire).copied().unwrap_or(wire);
        let element = |member: &Member| format!("{}/{}", old.ty, member.wire);
        // The other member that has the name of a variant on the other side.
        let successor = |before: &'s Member| {
            let same = new.members.iter().find(|it| it.rust == before.rust)?;
            (new_name(&before.wire) != same.wire).then_some(same.wire.as_str())
        };
        let predecessor = |after: &Member| {
            let same = old.members.iter().find(|it| it.rust == after.rust)?;
            (new_name(&same.wire) != after.wire).then_some(same.wire.as_str())
        };
        let (old, new) = (&old.members, &new.members);
        for pair in paired(old, new, |m| new_name(&m.wire), |m| m.wire.as_str()) {
            match pair {
                Paired::Both(before, after) => {
                    self.member(place, &element(before), before, after, successor(before));
                }
                Paired::Removed(before) => {
                    let successor = successor(before);
                    let change = Change::new(
                        Major,
                        Subject::Member,
                        element(before),
                        Kind::Removed,
                        "no longer a member",
                    )
                    .rust(removes("variant", &before.rust, successor))
                    .wire("the service does not accept it")
                    .because(successor.map_or(REMOVED, |_| OTHER_MEMBER));
                    self.push(place, change);
                }
                Paired::Added(after) => {
                    let predecessor = predecessor(after);
                    let change = Change::new(
                        Minor,
                        Subject::Member,
                        element(after),
                        Kind::Added,
                        "a new member",
                    )
                    .rust(adds("variant", &after.rust, predecessor))
                    .because(predecessor.map_or(MEMBER_ADDED, |_| REPORTED_THERE));
                    self.push(place, change);
                }
            }
        }
    }

    fn member(
        &mut self,
        place: Place<'s>,
        element: &str,
        before: &Member,
        after: &Member,
        successor: Option<&str>,
    ) {
        let rust = (before.rust != after.rust).then(|| {
            let rust = format!("variant {}", arrow_code(&before.rust, &after.rust));
            (rust, successor.map_or(OTHER_NAME, |_| OTHER_MEMBER))
        });
        let names = (before.wire.as_str(), after.wire.as_str());
        let mut changes: Vec<Change> = Vec::new();
        changes.extend(renamed(Subject::Member, element, names, rust, || {
            why_renamed("member", successor)
        }));
        if before.evolved != after.evolved {
            let (what, wire) = if after.evolved {
                (
                    "is now declared after `unknownFutureValue`",
                    "a request with it has `Prefer: include-unknown-enum-members`",
                )
            } else {
                (
                    "is now declared before `unknownFutureValue`",
                    "a request with it needs no `Prefer`",
                )
            };
            let change = Change::new(Patch, Subject::Member, element, Kind::Restricted, what);
            changes.push(change.wire(wire).because(SAME_RUST));
        }
        let documentation =
            documentation_changes(Subject::Member, element, before.into(), after.into());
        for change in changes.into_iter().chain(documentation) {
            self.push(place, change);
        }
    }
}
