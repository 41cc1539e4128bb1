//! Updates and resets: which there are, what they take, what a request must carry.

use std::collections::BTreeMap;

use msgraph_codegen::index::{Index, Operation};
use msgraph_csdl::path::template::literals;

use super::documentation::said;
use super::wording::{
    CALLED, GOES, MORE, OTHER_NAME, OTHER_REQUEST, OTHER_TYPE, SAID_THERE, SAME_RUST, arrow,
    arrow_code, list,
};
use super::{Comparison, spelling};
use crate::commands::diff::change::Verdict::{Major, Minor, Patch};
use crate::commands::diff::change::{Change, Kind, Subject};

/// What tells operations apart: the literals of the path, and whether it takes a body. A placeholder
/// may have another name since.
type Key = (Vec<String>, bool);

/// The operations of one key, of both sides.
type AtPath<'s> = [Vec<&'s Operation>; 2];

impl<'s> Comparison<'s> {
    pub(super) fn operations(&mut self) {
        let mut at_path: BTreeMap<Key, AtPath<'s>> = BTreeMap::new();
        for operation in &self.old.index.operations {
            let [old, _] = at_path.entry(self.key_since(operation)).or_default();
            old.push(operation);
        }
        for operation in &self.new.index.operations {
            let [_, new] = at_path.entry(key(operation)).or_default();
            new.push(operation);
        }
        // What is left of both sides, by the spelling of the path.
        let mut rest: BTreeMap<Key, AtPath<'s>> = BTreeMap::new();
        for ((literals, is_reset), mut operations) in at_path {
            self.pair(&mut operations);
            let literals = literals.iter().map(|it| spelling::fold(it)).collect();
            let [old, new] = rest.entry((literals, is_reset)).or_default();
            let [before, after] = operations;
            old.extend(before);
            new.extend(after);
        }
        for mut operations in rest.into_values() {
            if let [[_], [_]] = operations.each_ref().map(Vec::as_slice) {
                self.pair(&mut operations);
            }
            let [old, new] = operations;
            for operation in old {
                self.operation_gone(operation);
            }
            for operation in new {
                self.operation_come(operation);
            }
        }
    }

    /// As [`key`], with the types in the path as they are called on the new side.
    fn key_since(&self, operation: &'s Operation) -> Key {
        let (mut literals, is_reset) = key(operation);
        for literal in &mut literals {
            let segments = literal.split('/').map(|it| self.name_since(it));
            let renamed: Vec<&str> = segments.collect();
            *literal = renamed.join("/");
        }
        (literals, is_reset)
    }

    /// Compares those that are one, and leaves the rest. There may be several at one path, for several
    /// types: they are told apart by what they take, then by their names.
    fn pair(&mut self, [old, new]: &mut AtPath<'s>) {
        let same: [fn(&Operation, &Operation) -> bool; 3] = [
            |a, b| a.bodies == b.bodies && a.rust == b.rust,
            |a, b| a.rust == b.rust,
            |_, _| true,
        ];
        for is_same in same {
            old.retain(|before| {
                let found = new.iter().position(|after| is_same(before, after));
                let Some(found) = found else { return true };
                let after = new.remove(found);
                self.operation(before, after);
                false
            });
        }
    }

    fn operation_gone(&mut self, operation: &'s Operation) {
        let function = &operation.rust;
        let (rust, reason) = match of_function(self.new.index, function) {
            Some(other) => (
                format!("function `{function}` is that of `{}` now", other.path),
                self.function_passes(operation, other),
            ),
            None => (format!("function `{function}` goes"), GOES),
        };
        self.push_at(
            operation,
            Change::new(
                Major,
                Subject::Update,
                &operation.path,
                Kind::Removed,
                format!("there is no {} at this path", operation.method),
            )
            .rust(rust)
            .wire("the request is not on offer")
            .because(reason),
        );
    }

    fn operation_come(&mut self, operation: &'s Operation) {
        let function = &operation.rust;
        let (rust, reason) = match of_function(self.old.index, function) {
            Some(other) => (
                format!(
                    "function `{function}` is of this path, and was of `{}`",
                    other.path
                ),
                SAID_THERE,
            ),
            None => (format!("function `{function}` comes"), MORE),
        };
        self.push_at(
            operation,
            Change::new(
                Minor,
                Subject::Update,
                &operation.path,
                Kind::Added,
                format!("{} of a `{}`", operation.method, operation.declared),
            )
            .rust(rust)
            .because(reason),
        );
    }

    /// The reason where the function of one path is that of another now.
    fn function_passes(&self, old: &'s Operation, new: &'s Operation) -> &'static str {
        if types(old) == types(new) && self.takes_same(old, new) {
            OTHER_REQUEST
        } else {
            CALLED
        }
    }

    fn operation(&mut self, old: &'s Operation, new: &'s Operation) {
        self.called(old, new);
        if old == new {
            return;
        }
        // By the old path: a placeholder may have another name since.
        let change = |verdict, kind, what: String| {
            Change::new(verdict, Subject::Update, &old.path, kind, what)
        };
        if types(old) != types(new) {
            self.push_at(
                old,
                change(
                    Major,
                    Kind::Retyped,
                    format!("keys {}", arrow_code(&types(old), &types(new))),
                )
                .rust(format!(
                    "the arguments of `{}` are of other types",
                    new.rust
                ))
                .because(OTHER_TYPE),
            );
        }
        if old.takes.is_none() && new.takes.is_none() {
            // A reset comes with an update, whose changes say the rest.
            return;
        }
        for change in said(Subject::Update, &old.path, old.into(), new.into()) {
            self.push_at(old, change);
        }
        self.body(old, new);
        for (before, after, kind) in [
            (&old.headers, &new.headers, "headers that the service wants"),
            (&old.permissions, &new.permissions, "permissions"),
            (&old.roles, &new.roles, "roles"),
            (&old.clouds, &new.clouds, "clouds"),
        ] {
            if before != after {
                let what = format!("{kind}: {}", arrow(&list(before), &list(after)));
                let mut found = change(Patch, Kind::Restricted, what).because(SAME_RUST);
                if kind.starts_with("headers") {
                    found = found.wire("a request without them is refused");
                }
                self.push_at(old, found);
            }
        }
    }

    /// The method, the spelling of the path and the name of the function.
    fn called(&mut self, old: &'s Operation, new: &'s Operation) {
        let (before, after): (Vec<&str>, Vec<&str>) =
            (literals(&old.path).collect(), literals(&new.path).collect());
        let respelled = before != after;
        let renamed = old.rust != new.rust;
        let (kind, what) = if old.method != new.method {
            (Kind::Restricted, arrow(&old.method, &new.method))
        } else if respelled {
            (Kind::Renamed, arrow_code(&old.path, &new.path))
        } else if renamed {
            (Kind::Renamed, "the function has another name".to_owned())
        } else {
            return;
        };
        let mut change =
            Change::new(Patch, Subject::Update, &old.path, kind, what).because(SAME_RUST);
        let mut wire = Vec::new();
        if old.method != new.method {
            wire.push(format!("the method is {}", new.method));
        }
        if respelled {
            wire.push(format!("the request goes to `{}`", new.path));
        }
        if !wire.is_empty() {
            change = change.wire(wire.join("; "));
        }
        if renamed {
            change.verdict = Major;
            let reason = match of_function(self.new.index, &old.rust) {
                Some(other) => self.function_passes(old, other),
                None => OTHER_NAME,
            };
            change = change
                .rust(format!("function {}", arrow_code(&old.rust, &new.rust)))
                .because(reason);
        }
        self.push_at(old, change);
    }
}

fn key(operation: &Operation) -> Key {
    let literals = literals(&operation.path).map(str::to_owned);
    (literals.collect(), operation.takes.is_none())
}

/// The types of the arguments that stand in the path.
fn types(operation: &Operation) -> String {
    let types: Vec<&str> = operation
        .parameters
        .iter()
        .map(|it| it.ty.as_str())
        .collect();
    types.join(", ")
}

fn of_function<'s>(index: &'s Index, function: &str) -> Option<&'s Operation> {
    let mut operations = index.operations.iter();
    operations.find(|operation| operation.rust == function)
}
