//! What an update takes.

use std::collections::BTreeSet;

use msgraph_codegen::index::Operation;

use super::Comparison;
use super::wording::{OTHER_TYPE, SAME_RUST, arrow_code, codes};
use crate::commands::diff::change::Verdict::{Major, Minor, Patch};
use crate::commands::diff::change::{Change, Kind, Subject, Verdict};

impl<'s> Comparison<'s> {
    pub(super) fn body(&mut self, old: &'s Operation, new: &'s Operation) {
        let found = if is_collection(old) != is_collection(new) {
            let what = if is_collection(new) {
                "one value → a collection"
            } else {
                "a collection → one value"
            };
            let change = change(old, Major, what.to_owned());
            Some(change.rust(self.takes(old, new)).because(OTHER_TYPE))
        } else {
            self.other_bodies(old, new)
        };
        let found = match (found, self.body_type(old, new)) {
            // The type is named because of the change.
            (Some(change), Some((_, wire))) if change.wire.is_none() => change.wire(wire),
            (Some(change), _) => change,
            (None, Some((what, wire))) => {
                let mut change = change(old, Patch, what.to_owned());
                change.kind = Kind::Restricted;
                change.wire(wire).because(SAME_RUST)
            }
            (None, None) => return,
        };
        self.push_at(old, found);
    }

    /// Whether a body of the same type writes `@odata.type` and did not, or the other way round: what
    /// that is, and what requests have of it.
    fn body_type(
        &self,
        old: &'s Operation,
        new: &'s Operation,
    ) -> Option<(&'static str, &'static str)> {
        let writes = |operation: &Operation, ty: &str, declared: &str| {
            operation.odata_type != "differing" || ty != declared
        };
        let writes_now = old.bodies.iter().find_map(|body| {
            let ty = self.name_since(&body.ty);
            new.bodies.iter().find(|body| body.ty == ty)?;
            let before = writes(old, ty, self.name_since(&old.declared));
            let after = writes(new, ty, &new.declared);
            (before != after).then_some(after)
        })?;
        Some(if writes_now {
            ("the body writes `@odata.type`", "the body names its type")
        } else {
            (
                "the body no longer writes `@odata.type`",
                "the body does not name its type",
            )
        })
    }

    fn other_bodies(&self, old: &'s Operation, new: &'s Operation) -> Option<Change> {
        let (lost, more) = (self.lost_bodies(old, new), self.more_bodies(old, new));
        let declared = self.name_since(&old.declared);
        let is_base = self.new.derives(declared, &new.declared);
        let now = is_base.then(|| {
            format!(
                "is declared as `{}` now, a base type of `{declared}`",
                new.declared
            )
        });
        if !lost.is_empty() {
            let mut what = format!("takes no more: {}", codes(&lost));
            if !more.is_empty() {
                what.push_str(&format!("; takes instead: {}", codes(&more)));
            }
            if let Some(now) = &now {
                what = format!("{now}; {what}");
            }
            let mut found = change(old, Major, what)
                .rust(self.takes(old, new))
                .because(OTHER_TYPE);
            if is_base {
                found = found.wire(format!(
                    "a body of `{declared}` is valid there with `@odata.type`"
                ));
                if lost.contains(&declared) {
                    found = found.help(way_out(declared));
                }
            } else if declared != new.declared {
                found =
                    found.wire("a body of such a type is not what the path is declared to have");
            }
            return Some(found);
        }
        if !more.is_empty() {
            let mut what = format!("takes besides: {}", codes(&more));
            if let Some(now) = &now {
                what = format!("{now}; {what}");
            }
            return Some(
                change(old, Minor, what)
                    .rust(format!("`{}` takes more types", new.rust))
                    .because("a function that takes more types takes those it took"),
            );
        }
        Some(change(old, Patch, now?).because(SAME_RUST))
    }

    /// The types that it no longer takes, by their names on the new side.
    fn lost_bodies(&self, old: &'s Operation, new: &'s Operation) -> Vec<&'s str> {
        let after = bodies(new);
        let before = bodies(old).into_iter().map(|ty| self.name_since(ty));
        let before: BTreeSet<&str> = before.collect();
        before.difference(&after).copied().collect()
    }

    fn more_bodies(&self, old: &'s Operation, new: &'s Operation) -> Vec<&'s str> {
        let before = bodies(old).into_iter().map(|ty| self.name_since(ty));
        let before: BTreeSet<&str> = before.collect();
        bodies(new).difference(&before).copied().collect()
    }

    /// Whether code that calls one may call the other.
    pub(super) fn takes_same(&self, old: &'s Operation, new: &'s Operation) -> bool {
        is_collection(old) == is_collection(new) && self.lost_bodies(old, new).is_empty()
    }

    /// What the function took and takes.
    fn takes(&self, old: &'s Operation, new: &'s Operation) -> String {
        let takes = |operation: &Operation| operation.takes.clone().unwrap_or_default();
        if takes(old) == takes(new) {
            let has_more = !self.more_bodies(old, new).is_empty();
            let which = if has_more { "other" } else { "fewer" };
            format!("`{}` takes {which} types", new.rust)
        } else {
            let takes = arrow_code(&takes(old), &takes(new));
            format!("`{}` takes {takes}", new.rust)
        }
    }
}

fn change(operation: &Operation, verdict: Verdict, what: String) -> Change {
    let path = &operation.path;
    Change::new(verdict, Subject::Update, path, Kind::Retyped, what)
}

fn bodies(operation: &Operation) -> BTreeSet<&str> {
    let bodies = operation.bodies.iter();
    bodies.map(|body| body.ty.as_str()).collect()
}

fn is_collection(operation: &Operation) -> bool {
    let takes = operation.takes.as_deref().unwrap_or_default();
    takes.starts_with("&CollectionBody<")
}

/// What keeps the struct of a type as the body of an update whose path is declared as a base type.
fn way_out(ty: &str) -> String {
    let local = ty.rsplit('.').next().unwrap_or(ty);
    let mut letters = local.chars();
    let name: String = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default();
    format!(
        "`type = \"{ty}\"` in the `[[update]]` of this path keeps that body; the function is called \
         after it then, or with `name = \"{name}\"` as you choose"
    )
}
