//! Types and enumerations as such: which there are, where they stand, what they are called; the base
//! types of structured types, and what derives from them.

use std::collections::BTreeSet;

use msgraph_codegen::index::{Index, Type};

use super::documentation::{Words, said};
use super::wording::{FIELD_MORE, GOES, MORE, OTHER_NAME, OTHER_TYPE, SAME_RUST, arrow_code};
use super::{Comparison, Place, beside};
use crate::diff::change::Verdict::{Major, Minor, Patch};
use crate::diff::change::{Change, Kind, Subject};

impl<'s> Comparison<'s> {
    pub(super) fn types(&mut self) {
        let (old, new) = (&self.old.index.types, &self.new.index.types);
        let pairs = beside(old, new, |ty| self.name_since(&ty.ty), |ty| &ty.ty);
        for pair in pairs {
            match pair {
                (Some(before), Some(after)) => self.structure(before, after),
                (Some(gone), None) => self.gone(Subject::Type, "struct", &gone.ty, &gone.rust),
                (None, Some(come)) => self.come(Subject::Type, "struct", &come.ty, &come.rust),
                (None, None) => {}
            }
        }
    }

    /// A type or enumeration that is generated no more.
    pub(super) fn gone(&mut self, subject: Subject, item: &str, csdl: &'s str, rust: &'s str) {
        let what = if self.new.declared.contains_key(self.name_since(csdl)) {
            "nothing that is selected has it any more"
        } else {
            "the metadata has it no more"
        };
        let place = Place {
            old: Some((csdl, rust)),
            new: None,
        };
        let union = |index: &'s Index, name: &str| index.unions.iter().find(|it| it.ty == name);
        let marker = match union(self.old.index, csdl) {
            Some(marker) if union(self.new.index, self.name_since(csdl)).is_none() => {
                format!(", and marker `{}`", marker.rust)
            }
            _ => String::new(),
        };
        self.push(
            place,
            Change::new(Major, subject, csdl, Kind::Removed, what)
                .rust(format!("{item} `{rust}` goes{marker}"))
                .because(GOES),
        );
    }

    /// A type or enumeration that is generated now.
    pub(super) fn come(&mut self, subject: Subject, item: &str, csdl: &'s str, rust: &'s str) {
        let what = if self.old.declared.contains_key(csdl) {
            "something that is selected has it now"
        } else {
            "the metadata has it now"
        };
        let place = Place {
            old: None,
            new: Some((csdl, rust)),
        };
        self.push(
            place,
            Change::new(Minor, subject, csdl, Kind::Added, what)
                .rust(format!("{item} `{rust}` comes"))
                .because(MORE),
        );
    }

    /// What types and enumerations have in common.
    pub(super) fn declaration(
        &mut self,
        subject: Subject,
        place: Place<'s>,
        words: (Words<'_>, Words<'_>),
    ) {
        let (Some((old, old_rust)), Some((new, new_rust))) = (place.old, place.new) else {
            return;
        };
        let renamed = old_rust != new_rust;
        let rust = || arrow_code(old_rust, new_rust);
        let verdict = if renamed { Major } else { Patch };
        let reason = if renamed { OTHER_NAME } else { SAME_RUST };
        if old != new {
            let mut change = Change::new(verdict, subject, old, Kind::Moved, arrow_code(old, new))
                .wire("it goes by the other name in `@odata.type`, where it is written")
                .because(reason);
            if renamed {
                change = change.rust(rust());
            }
            self.push(place, change);
        } else if renamed {
            let what = "another type takes the name, or left it";
            self.push(
                place,
                Change::new(verdict, subject, old, Kind::Renamed, what)
                    .rust(rust())
                    .because(reason),
            );
        }
        for change in said(subject, old, words.0, words.1) {
            self.push(place, change);
        }
    }

    fn structure(&mut self, old: &'s Type, new: &'s Type) {
        if old == new {
            return;
        }
        let place = Place {
            old: Some((&old.ty, &old.rust)),
            new: Some((&new.ty, &new.rust)),
        };
        self.declaration(Subject::Type, place, (old.into(), new.into()));
        let change =
            |verdict, kind, what: String| Change::new(verdict, Subject::Type, &old.ty, kind, what);
        let base = |ty: &Type| ty.base.clone().unwrap_or_else(|| "none".to_owned());
        if old.base.as_deref().map(|base| self.name_since(base)) != new.base.as_deref() {
            let what = format!("base type {}", arrow_code(&base(old), &base(new)));
            self.push(place, change(Patch, Kind::Moved, what).because(SAME_RUST));
        }
        if old.writes_odata_type != new.writes_odata_type {
            let (what, wire) = if new.writes_odata_type {
                ("`@odata.type` is written", "a value says its type")
            } else {
                (
                    "`@odata.type` is written no more",
                    "a value does not say its type",
                )
            };
            let found = change(Patch, Kind::Restricted, what.to_owned())
                .wire(wire)
                .because(SAME_RUST);
            self.push(place, found);
        }
        if old.open != new.open {
            let (verdict, what, reason) = if new.open {
                (Minor, "takes dynamic properties", FIELD_MORE)
            } else {
                (Major, "takes no dynamic properties any more", GOES)
            };
            let found = change(verdict, Kind::Restricted, what.to_owned())
                .rust("the field of dynamic properties")
                .because(reason);
            self.push(place, found);
        }
        self.fields(place, old, new);
    }

    pub(super) fn unions(&mut self) {
        let (old, new) = (self.old.index, self.new.index);
        for before in &old.unions {
            let name = self.name_since(&before.ty);
            let after = new.unions.iter().find(|union| union.ty == name);
            let place = Place {
                old: Some((&before.ty, &before.rust)),
                new: after.map(|union| (union.ty.as_str(), union.rust.as_str())),
            };
            let Some(after) = after else {
                let has_struct =
                    |index: &Index, name: &str| index.types.iter().any(|ty| ty.ty == name);
                if has_struct(old, &before.ty) && !has_struct(new, name) {
                    // Said with the struct.
                    continue;
                }
                let (kind, what) = if self.new.declared.contains_key(name) {
                    let what = "no position takes several types that derive from it any more";
                    (Kind::Restricted, what)
                } else {
                    (Kind::Removed, "the metadata has it no more")
                };
                let change = Change::new(Major, Subject::Type, &before.ty, kind, what)
                    .rust(format!("marker `{}` goes", before.rust));
                self.push(place, change.because(GOES));
                continue;
            };
            if before.rust != after.rust && before.ty == after.ty {
                let what = "another type takes the name of the marker, or left it";
                let change = Change::new(Major, Subject::Type, &before.ty, Kind::Renamed, what)
                    .rust(arrow_code(&before.rust, &after.rust));
                self.push(place, change.because(OTHER_NAME));
            }
            let members: BTreeSet<&str> = after
                .members
                .iter()
                .map(|member| member.ty.as_str())
                .collect();
            for member in &before.members {
                let name = self.name_since(&member.ty);
                // A type that is generated no more is a change of its own.
                let is_there = new.types.iter().any(|ty| ty.ty == name);
                if is_there && !members.contains(name) {
                    let what = format!("derives from `{}` no more", before.ty);
                    let change =
                        Change::new(Major, Subject::Type, &member.ty, Kind::Restricted, what)
                            .rust(format!(
                                "`{}` is refused where `{}` is taken",
                                member.rust, after.rust
                            ))
                            .wire("it does not stand where that type is declared");
                    self.push(place, change.because(OTHER_TYPE));
                }
            }
        }
    }
}
