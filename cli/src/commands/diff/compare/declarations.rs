//! Types and enumerations as such: which there are, where they stand, what they are called; the base
//! types of structured types.

use msgraph_codegen::index::{Index, Type};

use super::documentation::{Words, said};
use super::wording::{
    FIELD_MORE, GOES, MORE, NAME_TAKEN, OTHER_NAME, SAME_RUST, arrow, arrow_code,
};
use super::{Comparison, Place, beside, spelling};
use crate::commands::diff::change::Verdict::{Major, Minor, Patch};
use crate::commands::diff::change::{Change, Kind, Subject};

/// What there is of an element that both sides have.
pub(super) struct Both<'s> {
    pub(super) place: Place<'s>,
    pub(super) words: (Words<'s>, Words<'s>),
    /// Whether requests name it, in `@odata.type`.
    pub(super) is_written: bool,
}

impl<'s> Comparison<'s> {
    pub(super) fn types(&mut self) {
        let (old, new) = (&self.old.index.types, &self.new.index.types);
        let pairs = beside(old, new, |ty| self.name_since(&ty.ty), |ty| &ty.ty);
        for pair in pairs {
            match pair {
                (Some(before), Some(after)) => self.structure(before, after),
                (Some(gone), None) => self.gone(Subject::Type, &gone.ty, &gone.rust),
                (None, Some(come)) => self.come(Subject::Type, &come.ty, &come.rust),
                (None, None) => {}
            }
        }
    }

    /// A type or enumeration that is no longer generated as such.
    pub(super) fn gone(&mut self, subject: Subject, csdl: &'s str, rust: &'s str) {
        let since = self.name_since(csdl);
        let cause = self.cause(csdl, since);
        let what = match &cause {
            Some(cause) => cause.what.as_str(),
            None if self.new.types.contains_key(since) => {
                "nothing that is selected has it any more"
            }
            None => "the metadata has it no more",
        };
        let place = Place {
            old: Some((csdl, rust)),
            new: None,
        };
        let mut found = format!("{} `{rust}` goes", item(subject));
        let marker = |index: &'s Index, name: &str| index.unions.iter().find(|it| it.ty == name);
        if let Some(union) = marker(self.old.index, csdl)
            && marker(self.new.index, since).is_none()
        {
            found.push_str(&format!(", and marker `{}`", union.rust));
        }
        // Under the same CSDL name, an item of the other sort.
        if let Some((item, rust)) = item_of(self.new.index, since) {
            found.push_str(&format!("; {item} `{rust}` comes"));
        }
        let other = self.new.by_rust.get(rust).filter(|other| **other != since);
        let reason = match other {
            Some(other) => {
                found.push_str(&format!("; the name is that of `{other}` now"));
                NAME_TAKEN
            }
            None => GOES,
        };
        let mut change = Change::new(Major, subject, csdl, Kind::Removed, what)
            .rust(found)
            .because(reason);
        change.wire = cause.and_then(|cause| cause.wire).map(str::to_owned);
        self.push(place, change);
    }

    /// A type or enumeration that is generated now.
    pub(super) fn come(&mut self, subject: Subject, csdl: &'s str, rust: &'s str) {
        let before = self.name_before(csdl);
        if item_of(self.old.index, before).is_some() {
            // Of the other sort: it is one change, that of the item that goes.
            return;
        }
        let cause = self.cause(before, csdl);
        let what = match &cause {
            Some(cause) => cause.what.as_str(),
            None if self.old.types.contains_key(before) => "something that is selected has it now",
            None => "the metadata has it now",
        };
        let place = Place {
            old: None,
            new: Some((csdl, rust)),
        };
        let mut change = Change::new(Minor, subject, csdl, Kind::Added, what)
            .rust(format!("{} `{rust}` comes", item(subject)))
            .because(MORE);
        change.wire = cause.and_then(|cause| cause.wire).map(str::to_owned);
        self.push(place, change);
    }

    /// What types and enumerations have in common.
    pub(super) fn declaration(&mut self, subject: Subject, both: Both<'s>) {
        let place = both.place;
        let (Some((old, old_rust)), Some((new, new_rust))) = (place.old, place.new) else {
            return;
        };
        let renamed = old_rust != new_rust;
        let mut found = None;
        if let Some(cause) = self.cause(old, new) {
            let mut change = Change::new(Patch, subject, old, cause.kind, cause.what);
            change.wire = cause.wire.map(str::to_owned);
            found = Some(change);
        } else if old != new {
            let kind = if spelling::is_respelled(old, new) {
                Kind::Renamed
            } else {
                Kind::Moved
            };
            let mut change = Change::new(Patch, subject, old, kind, arrow_code(old, new));
            if both.is_written {
                change = change.wire(format!("`@odata.type` is `#{new}`"));
            }
            found = Some(change);
        } else if renamed {
            let what = match self.new.by_rust.get(old_rust) {
                Some(other) => format!("`{other}` has the Rust name that it had"),
                None => "no other type has a claim to the Rust name any more".to_owned(),
            };
            found = Some(Change::new(Major, subject, old, Kind::Renamed, what));
        }
        if let Some(mut change) = found {
            change.reason = SAME_RUST.to_owned();
            if renamed {
                change.verdict = Major;
                change = change.rust(arrow_code(old_rust, new_rust));
                change.reason = match self.new.by_rust.get(old_rust) {
                    Some(_) => NAME_TAKEN,
                    None => OTHER_NAME,
                }
                .to_owned();
            }
            self.push(place, change);
        }
        for change in said(subject, old, both.words.0, both.words.1) {
            self.push(place, change);
        }
    }

    fn structure(&mut self, old: &'s Type, new: &'s Type) {
        let place = Place {
            old: Some((&old.ty, &old.rust)),
            new: Some((&new.ty, &new.rust)),
        };
        self.declaration(
            Subject::Type,
            Both {
                place,
                words: (old.into(), new.into()),
                is_written: self.new.names_type(new),
            },
        );
        if old == new {
            return;
        }
        self.base(place, old, new);
        let change =
            |verdict, kind, what: String| Change::new(verdict, Subject::Type, &old.ty, kind, what);
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
            let found = change(Patch, Kind::Restricted, what.to_owned())
                .wire(wire)
                .because(SAME_RUST);
            self.push(place, found);
        }
        if old.open != new.open {
            let (verdict, what, rust, reason) = if new.open {
                let rust = "field `dynamic_properties` comes";
                (Minor, "takes dynamic properties", rust, FIELD_MORE)
            } else {
                let rust = "field `dynamic_properties` goes";
                (Major, "takes no dynamic properties any more", rust, GOES)
            };
            let found = change(verdict, Kind::Restricted, what.to_owned())
                .rust(rust)
                .because(reason);
            self.push(place, found);
        }
        self.fields(place, old, new);
    }

    /// Another base type, or none.
    fn base(&mut self, place: Place<'s>, old: &'s Type, new: &'s Type) {
        let since = old.base.as_deref().map(|base| self.name_since(base));
        if since == new.base.as_deref() {
            return;
        }
        let written = |base: &Option<String>| match base {
            Some(base) => format!("`{base}`"),
            None => "none".to_owned(),
        };
        let what = format!(
            "base type {}",
            arrow(&written(&old.base), &written(&new.base))
        );
        let mut change =
            Change::new(Patch, Subject::Type, &old.ty, Kind::Moved, what).because(SAME_RUST);
        let was_sent = |declaring: &str| {
            let mut fields = old.fields.iter();
            fields.any(|field| {
                field.declared_by == declaring
                    && !new.fields.iter().any(|other| other.wire == field.wire)
            })
        };
        let lost: Vec<&str> = self
            .old
            .lineage(&old.ty)
            .skip(1)
            .filter(|base| !self.new.derives(&new.ty, self.name_since(base)))
            .filter(|base| was_sent(base))
            .collect();
        if !lost.is_empty() {
            let lost = super::wording::codes(&lost);
            change = change.wire(format!("what {lost} declares is no longer sent with it"));
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

/// What a type is generated as, and the Rust path.
fn item_of<'s>(index: &'s Index, name: &str) -> Option<(&'static str, &'s str)> {
    let mut types = index.types.iter();
    let mut enumerations = index.enumerations.iter();
    let structure = types.find(|ty| ty.ty == name);
    let structure = structure.map(|ty| ("struct", ty.rust.as_str()));
    structure.or_else(|| {
        let found = enumerations.find(|ty| ty.ty == name)?;
        Some(("enum", found.rust.as_str()))
    })
}
