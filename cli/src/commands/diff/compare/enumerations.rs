//! Enumerations and their members.

use msgraph_codegen::index::{Enumeration, Member};

use super::declarations::Both;
use super::documentation::said;
use super::wording::{
    GOES, MEMBER_MORE, OTHER_MEMBER, OTHER_NAME, OTHER_TYPE, SAID_THERE, SAME_RUST, arrow_code,
};
use super::{Comparison, Place, beside, spelling};
use crate::commands::diff::change::Verdict::{Major, Minor, Patch};
use crate::commands::diff::change::{Change, Kind, Subject};

impl<'s> Comparison<'s> {
    pub(super) fn enumerations(&mut self) {
        const SUBJECT: Subject = Subject::Enumeration;
        let (old, new) = (&self.old.index.enumerations, &self.new.index.enumerations);
        let pairs = beside(old, new, |ty| self.name_since(&ty.ty), |ty| &ty.ty);
        for pair in pairs {
            match pair {
                (Some(before), Some(after)) => self.enumeration(before, after),
                (Some(gone), None) => self.gone(SUBJECT, &gone.ty, &gone.rust),
                (None, Some(come)) => self.come(SUBJECT, &come.ty, &come.rust),
                (None, None) => {}
            }
        }
    }

    fn enumeration(&mut self, old: &'s Enumeration, new: &'s Enumeration) {
        let place = Place {
            old: Some((&old.ty, &old.rust)),
            new: Some((&new.ty, &new.rust)),
        };
        self.declaration(
            Subject::Enumeration,
            Both {
                place,
                words: (old.into(), new.into()),
                is_written: false,
            },
        );
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
        self.members(place, old, new);
    }

    fn members(&mut self, place: Place<'s>, old: &'s Enumeration, new: &'s Enumeration) {
        let wires = |ty: &'s Enumeration| ty.members.iter().map(|it| it.wire.as_str());
        let respelled = spelling::respelled(wires(old), wires(new));
        let name_since = |wire: &'s str| respelled.get(wire).copied().unwrap_or(wire);
        let element = |member: &Member| format!("{}/{}", old.ty, member.wire);
        // The other member that has, or had, the name of a variant.
        let successor = |before: &'s Member| {
            let same = new.members.iter().find(|it| it.rust == before.rust)?;
            (name_since(&before.wire) != same.wire).then_some(same)
        };
        let predecessor = |after: &Member| {
            let same = old.members.iter().find(|it| it.rust == after.rust)?;
            (name_since(&same.wire) != after.wire).then_some(same)
        };
        let pairs = beside(
            &old.members,
            &new.members,
            |m| name_since(&m.wire),
            |m| &m.wire,
        );
        for pair in pairs {
            match pair {
                (Some(before), Some(after)) => {
                    let successor = successor(before);
                    self.member_name(place, &element(before), (before, after), successor);
                    self.member(place, &element(before), before, after);
                }
                (Some(gone), None) => {
                    self.push(place, member_gone(element(gone), gone, successor(gone)));
                }
                (None, Some(come)) => {
                    self.push(place, member_come(element(come), come, predecessor(come)));
                }
                (None, None) => {}
            }
        }
    }

    /// Another name, in the API, in Rust or in both.
    fn member_name(
        &mut self,
        place: Place<'s>,
        element: &str,
        (before, after): (&Member, &Member),
        successor: Option<&Member>,
    ) {
        let (respelled, renamed) = (before.wire != after.wire, before.rust != after.rust);
        if !respelled && !renamed {
            return;
        }
        let what = match successor {
            _ if respelled => arrow_code(&before.wire, &after.wire),
            Some(other) => format!("`{}` has the Rust name that it had", other.wire),
            None => "no other member has a claim to the Rust name any more".to_owned(),
        };
        let mut change =
            Change::new(Patch, Subject::Member, element, Kind::Renamed, what).because(SAME_RUST);
        if respelled {
            change = change.wire(format!("it is sent as `{}`", after.wire));
        }
        if renamed {
            change.verdict = Major;
            change = change
                .rust(format!("variant {}", arrow_code(&before.rust, &after.rust)))
                .because(match successor {
                    Some(_) => OTHER_MEMBER,
                    None => OTHER_NAME,
                });
        }
        self.push(place, change);
    }

    fn member(&mut self, place: Place<'s>, element: &str, before: &Member, after: &Member) {
        let change =
            |verdict, kind, what: &str| Change::new(verdict, Subject::Member, element, kind, what);
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

fn member_gone(element: String, gone: &Member, successor: Option<&Member>) -> Change {
    let (rust, reason) = match successor {
        Some(other) => (
            format!("variant `{}` is that of `{}` now", gone.rust, other.wire),
            OTHER_MEMBER,
        ),
        None => (format!("variant `{}` goes", gone.rust), GOES),
    };
    let what = "the enumeration has it no more";
    Change::new(Major, Subject::Member, element, Kind::Removed, what)
        .rust(rust)
        .wire("the service does not know it")
        .because(reason)
}

fn member_come(element: String, come: &Member, predecessor: Option<&Member>) -> Change {
    let (rust, reason) = match predecessor {
        Some(other) => (
            format!(
                "variant `{}` is of this member, and was of `{}`",
                come.rust, other.wire
            ),
            SAID_THERE,
        ),
        None => (format!("variant `{}` comes", come.rust), MEMBER_MORE),
    };
    let what = "a member more";
    Change::new(Minor, Subject::Member, element, Kind::Added, what)
        .rust(rust)
        .because(reason)
}
