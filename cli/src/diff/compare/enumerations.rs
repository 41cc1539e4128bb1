//! Enumerations and their members.

use msgraph_codegen::index::{Enumeration, Member};

use super::documentation::said;
use super::wording::{GOES, MEMBER_MORE, OTHER_NAME, OTHER_TYPE, SAME_RUST, arrow_code};
use super::{Comparison, Place, beside};
use crate::diff::change::Verdict::{Major, Minor, Patch};
use crate::diff::change::{Change, Kind, Subject};

impl<'s> Comparison<'s> {
    pub(super) fn enumerations(&mut self) {
        const SUBJECT: Subject = Subject::Enumeration;
        let (old, new) = (&self.old.index.enumerations, &self.new.index.enumerations);
        let pairs = beside(old, new, |ty| self.name_since(&ty.ty), |ty| &ty.ty);
        for pair in pairs {
            match pair {
                (Some(before), Some(after)) => self.enumeration(before, after),
                (Some(gone), None) => self.gone(SUBJECT, "enum", &gone.ty, &gone.rust),
                (None, Some(come)) => self.come(SUBJECT, "enum", &come.ty, &come.rust),
                (None, None) => {}
            }
        }
    }

    fn enumeration(&mut self, old: &'s Enumeration, new: &'s Enumeration) {
        let place = Place {
            old: Some((&old.ty, &old.rust)),
            new: Some((&new.ty, &new.rust)),
        };
        self.declaration(Subject::Enumeration, place, (old.into(), new.into()));
        if old.flags != new.flags {
            let what = if new.flags {
                "one member → a set of members"
            } else {
                "a set of members → one member"
            };
            let change = Change::new(Major, Subject::Enumeration, &old.ty, Kind::Retyped, what)
                .rust("fields of it hold `Flags` where they held `Open`, or the other way round");
            self.push(place, change.because(OTHER_TYPE));
        }
        let element = |member: &Member| format!("{}/{}", old.ty, member.wire);
        for pair in beside(&old.members, &new.members, |m| &m.wire, |m| &m.wire) {
            match pair {
                (Some(before), Some(after)) => self.member(place, &element(before), before, after),
                (Some(gone), None) => {
                    let what = "the enumeration has it no more";
                    let change =
                        Change::new(Major, Subject::Member, element(gone), Kind::Removed, what)
                            .rust(format!("variant `{}` goes", gone.rust))
                            .wire("the service does not know it");
                    self.push(place, change.because(GOES));
                }
                (None, Some(come)) => {
                    let what = "a member more";
                    let change =
                        Change::new(Minor, Subject::Member, element(come), Kind::Added, what)
                            .rust(format!("variant `{}` comes", come.rust));
                    self.push(place, change.because(MEMBER_MORE));
                }
                (None, None) => {}
            }
        }
    }

    fn member(&mut self, place: Place<'s>, element: &str, before: &Member, after: &Member) {
        let change =
            |verdict, kind, what: &str| Change::new(verdict, Subject::Member, element, kind, what);
        if before.rust != after.rust {
            let found = change(
                Major,
                Kind::Renamed,
                "another member takes the name, or left it",
            )
            .rust(format!("variant {}", arrow_code(&before.rust, &after.rust)))
            .because(OTHER_NAME);
            self.push(place, found);
        }
        if before.evolved != after.evolved {
            let wire = if after.evolved {
                "a request with it carries `Prefer: include-unknown-enum-members`"
            } else {
                "a request with it needs no `Prefer` any more"
            };
            let what = "it stands on the other side of `unknownFutureValue`";
            let found = change(Patch, Kind::Restricted, what)
                .wire(wire)
                .because(SAME_RUST);
            self.push(place, found);
        }
        for change in said(Subject::Member, element, before.into(), after.into()) {
            self.push(place, change);
        }
    }
}
