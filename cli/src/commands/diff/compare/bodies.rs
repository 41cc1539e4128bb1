//! Changes of the types that an operation accepts.

use std::collections::BTreeSet;

use msgraph_codegen::ir::Operation;

use super::Comparison;
use super::wording::{CALLED, OTHER_TYPE, SAME_RUST, arrow_code, codes};
use crate::commands::diff::change::Verdict::{Major, Minor, Patch};
use crate::commands::diff::change::{Change, Kind, Subject, Verdict};
use crate::support::index::{names_type, takes_collection};

impl<'s> Comparison<'s> {
    pub(super) fn body(&mut self, old: &'s Operation, new: &'s Operation) {
        let found = if old.body.is_some() != new.body.is_some() {
            let what = match new.body.is_some() {
                true => "has parameters",
                false => "no longer has parameters",
            };
            let change = change(old, Major, what.to_owned());
            Some(change.rust(self.takes(old, new)).because(CALLED))
        } else if takes_collection(old) != takes_collection(new) {
            let what = if takes_collection(new) {
                "one value → a collection"
            } else {
                "a collection → one value"
            };
            let change = change(old, Major, what.to_owned());
            Some(change.rust(self.takes(old, new)).because(OTHER_TYPE))
        } else {
            self.other_bodies(old, new)
        };
        let found = match (found, self.type_name(old, new)) {
            // The change is the reason for the `@odata.type`.
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

    /// Whether a body of the same type now has `@odata.type`, or no longer has it: the change, and its
    /// effect on requests.
    fn type_name(
        &self,
        old: &'s Operation,
        new: &'s Operation,
    ) -> Option<(&'static str, &'static str)> {
        let writes_now = old.bodies.iter().find_map(|body| {
            let ty = self.new_name(&body.ty);
            new.bodies.iter().find(|body| body.ty == ty)?;
            let (before, after) = (names_type(old, &body.ty), names_type(new, ty));
            (before != after).then_some(after)
        })?;
        Some(if writes_now {
            ("the body has `@odata.type`", "the body names its type")
        } else {
            (
                "the body no longer has `@odata.type`",
                "the body does not name its type",
            )
        })
    }

    fn other_bodies(&self, old: &'s Operation, new: &'s Operation) -> Option<Change> {
        let (removed, added) = (self.removed_bodies(old, new), self.added_bodies(old, new));
        let declared = self.new_name(&old.declared);
        let is_base = self.new.is_subtype(declared, &new.declared);
        let mut what = Vec::new();
        if is_base {
            what.push(format!(
                "is now declared as `{}`, a base type of `{declared}`",
                new.declared
            ));
        }
        if !removed.is_empty() {
            what.push(format!("no longer accepts {}", codes(&removed)));
        }
        if !added.is_empty() {
            what.push(format!("now accepts {}", codes(&added)));
        }
        if what.is_empty() {
            return None;
        }
        let what = what.join("; ");
        if removed.is_empty() {
            return Some(if added.is_empty() {
                change(old, Patch, what).because(SAME_RUST)
            } else {
                change(old, Minor, what)
                    .rust(format!("`{}` accepts more types", new.rust))
                    .because("the function still accepts all old types")
            });
        }
        let mut found = change(old, Major, what)
            .rust(self.takes(old, new))
            .because(OTHER_TYPE);
        if is_base {
            found = found.wire(format!(
                "a body of `{declared}` is valid there with `@odata.type`"
            ));
            if removed.contains(&declared) {
                found = found.help(keep_body(declared));
            }
        } else if declared != new.declared {
            found = found.wire("the path is no longer declared to have such a body");
        }
        Some(found)
    }

    /// The types that are no longer accepted, by their new names.
    fn removed_bodies(&self, old: &'s Operation, new: &'s Operation) -> Vec<&'s str> {
        let (before, after) = (self.old_bodies(old), bodies(new));
        before.difference(&after).copied().collect()
    }

    fn added_bodies(&self, old: &'s Operation, new: &'s Operation) -> Vec<&'s str> {
        let (before, after) = (self.old_bodies(old), bodies(new));
        after.difference(&before).copied().collect()
    }

    fn old_bodies(&self, old: &'s Operation) -> BTreeSet<&'s str> {
        let bodies = bodies(old).into_iter();
        bodies.map(|ty| self.new_name(ty)).collect()
    }

    /// Whether callers of one function can call the other.
    pub(super) fn takes_same(&self, old: &'s Operation, new: &'s Operation) -> bool {
        takes_collection(old) == takes_collection(new) && self.removed_bodies(old, new).is_empty()
    }

    fn takes(&self, old: &'s Operation, new: &'s Operation) -> String {
        let takes = |operation: &Operation| operation.takes().unwrap_or_default();
        if takes(old) == takes(new) {
            let has_added = !self.added_bodies(old, new).is_empty();
            let which = if has_added { "other" } else { "fewer" };
            format!("`{}` accepts {which} types", new.rust)
        } else {
            match (takes(old).as_str(), takes(new).as_str()) {
                ("", after) => format!("`{}` takes `{after}`", new.rust),
                (before, "") => format!("`{}` no longer takes `{before}`", new.rust),
                (before, after) => {
                    format!("`{}` takes {}", new.rust, arrow_code(before, after))
                }
            }
        }
    }
}

fn change(operation: &Operation, verdict: Verdict, what: String) -> Change {
    let path = &operation.path;
    Change::new(verdict, Subject::Operation, path, Kind::Retyped, what)
}

fn bodies(operation: &Operation) -> BTreeSet<&str> {
    let bodies = operation.bodies.iter();
    bodies.map(|body| body.ty.as_str()).collect()
}

/// How to keep the body of an update whose path is now declared as a base type.
fn keep_body(ty: &str) -> String {
    let local = ty.rsplit('.').next().unwrap_or(ty);
    let mut letters = local.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let name: String = first.chain(letters).collect();
    format!(
        "`type = \"{ty}\"` in the `[[update]]` of this path keeps the body; the function is then named \
         after the type, or as you choose with `name = \"{name}\"`"
    )
}
