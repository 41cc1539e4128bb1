//! Changes of operations: existence, name, parameters, request.

use std::collections::BTreeMap;

use msgraph_codegen::ir::{Api, Operation, OperationKind};
use msgraph_csdl::path::template::literals;
use msgraph_csdl::permissions::Permissions;

use super::documentation::documentation_changes;
use super::permissions::permission_changes;
use super::wording::{
    ADDED, CALLED, OTHER_NAME, OTHER_REQUEST, OTHER_TYPE, REMOVED, REPORTED_THERE, SAME_RUST, adds,
    arrow, arrow_code, list, removes,
};
use super::{Comparison, spelling};
use crate::commands::diff::change::Verdict::{Major, Minor, Patch};
use crate::commands::diff::change::{Change, Kind, Subject};

/// Identifies operations: the literals of the path, because placeholders may be renamed, and the kind. An
/// update that replaces is still an update.
type Key = (Vec<String>, OperationKind);

/// The old and new operations with the same key.
type SameKey<'s> = [Vec<&'s Operation>; 2];

impl<'s> Comparison<'s> {
    pub(super) fn operations(&mut self) {
        let mut by_path: BTreeMap<Key, SameKey<'s>> = BTreeMap::new();
        for operation in &self.old.index.operations {
            let [old, _] = by_path.entry(self.new_key(operation)).or_default();
            old.push(operation);
        }
        for operation in &self.new.index.operations {
            let [_, new] = by_path.entry(key(operation)).or_default();
            new.push(operation);
        }
        // Operations that are left may differ in the spelling of the path.
        let mut rest: BTreeMap<Key, SameKey<'s>> = BTreeMap::new();
        for ((literals, kind), mut operations) in by_path {
            self.pair(&mut operations);
            let literals = literals.iter().map(|it| spelling::fold(it)).collect();
            let [old, new] = rest.entry((literals, kind)).or_default();
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
                self.operation_removed(operation);
            }
            for operation in new {
                self.operation_added(operation);
            }
        }
    }

    /// The [`key`] of an old operation, with the new names of types in the path.
    fn new_key(&self, operation: &'s Operation) -> Key {
        let (mut literals, kind) = key(operation);
        for literal in &mut literals {
            let segments = literal.split('/').map(|it| self.new_name(it));
            let renamed: Vec<&str> = segments.collect();
            *literal = renamed.join("/");
        }
        (literals, kind)
    }

    /// Compares operations that correspond, and leaves the rest. Several at one path, for several types,
    /// correspond by body and name, or by name.
    fn pair(&mut self, [old, new]: &mut SameKey<'s>) {
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

    fn operation_removed(&mut self, operation: &'s Operation) {
        let successor = of_function(self.new.index, &operation.rust);
        let what = format!("there is no {} at this path", operation.method);
        let path = successor.map(|other| other.path.as_str());
        let reason = successor.map_or(REMOVED, |other| self.function_taken_by(operation, other));
        let change = Change::new(
            Major,
            Subject::Operation,
            &operation.path,
            Kind::Removed,
            what,
        )
        .rust(removes("function", &operation.rust, path))
        .wire("the request is not available")
        .because(reason);
        self.push_at(operation, change);
    }

    fn operation_added(&mut self, operation: &'s Operation) {
        let predecessor = of_function(self.old.index, &operation.rust);
        let what = match operation.kind.is_call() {
            true => format!("{} that calls `{}`", operation.method, operation.declared),
            false => format!("{} of a `{}`", operation.method, operation.declared),
        };
        let path = predecessor.map(|other| other.path.as_str());
        let change = Change::new(
            Minor,
            Subject::Operation,
            &operation.path,
            Kind::Added,
            what,
        )
        .rust(adds("function", &operation.rust, path))
        .because(predecessor.map_or(ADDED, |_| REPORTED_THERE));
        self.push_at(operation, change);
    }

    /// The reason if the function of another path has the name of a function.
    fn function_taken_by(&self, old: &'s Operation, new: &'s Operation) -> &'static str {
        if key_types(old) == key_types(new) && self.takes_same(old, new) {
            OTHER_REQUEST
        } else {
            CALLED
        }
    }

    fn operation(&mut self, old: &'s Operation, new: &'s Operation) {
        self.operation_name(old, new);
        let change = |verdict, kind, what: String| {
            Change::new(verdict, Subject::Operation, &old.path, kind, what)
        };
        let (old_keys, new_keys) = (key_types(old), key_types(new));
        if old_keys != new_keys {
            let what = format!("keys {}", arrow_code(&old_keys, &new_keys));
            let rust = format!("the arguments of `{}` have other types", new.rust);
            let found = change(Major, Kind::Retyped, what).rust(rust);
            self.push_at(old, found.because(OTHER_TYPE));
        }
        let (before, after) = (known(old), known(new));
        for change in permission_changes(&old.path, before, after, &self.consent) {
            self.push_at(old, change);
        }
        for change in documentation_changes(Subject::Operation, &old.path, old.into(), new.into()) {
            self.push_at(old, change);
        }
        self.body(old, new);
        self.response(old, new);
        for (before, after, kind) in [
            (&old.headers(), &new.headers(), "required headers"),
            (&old.roles, &new.roles, "roles"),
            (&old.clouds, &new.clouds, "clouds"),
        ] {
            if before != after {
                let what = format!("{kind}: {}", arrow(&list(before), &list(after)));
                let mut found = change(Patch, Kind::Restricted, what).because(SAME_RUST);
                if kind == "required headers" {
                    found = found.wire("a request without them is rejected");
                }
                self.push_at(old, found);
            }
        }
    }

    /// The method, the spelling of the path and the name of the function.
    fn operation_name(&mut self, old: &'s Operation, new: &'s Operation) {
        let respelled = !literals(&old.path).eq(literals(&new.path));
        let renamed = old.rust != new.rust;
        let (kind, what) = if old.method != new.method {
            (
                Kind::Restricted,
                arrow(&old.method.to_string(), &new.method.to_string()),
            )
        } else if respelled {
            (Kind::Renamed, arrow_code(&old.path, &new.path))
        } else if renamed {
            (Kind::Renamed, "the function has another name".to_owned())
        } else {
            return;
        };
        let mut change = Change::new(Patch, Subject::Operation, &old.path, kind, what);
        change = change.because(SAME_RUST);
        let mut wire = Vec::new();
        if old.method != new.method {
            wire.push(format!("the method is {}", new.method));
        }
        if respelled {
            wire.push(format!("the path is `{}`", new.path));
        }
        if !wire.is_empty() {
            change = change.wire(wire.join("; "));
        }
        if renamed {
            let successor = of_function(self.new.index, &old.rust);
            let reason = successor.map_or(OTHER_NAME, |other| self.function_taken_by(old, other));
            let names = format!("function {}", arrow_code(&old.rust, &new.rust));
            change = change.breaking(names, reason);
        }
        self.push_at(old, change);
    }
}

fn key(operation: &Operation) -> Key {
    let literals = literals(&operation.path).map(str::to_owned);
    let kind = match operation.kind {
        OperationKind::Replace => OperationKind::Update,
        kind => kind,
    };
    (literals.collect(), kind)
}

/// The permissions, if they are known.
fn known(operation: &Operation) -> Option<&Permissions> {
    Some(&operation.permissions.as_ref()?.permissions)
}

/// The Rust types of the keys in the path.
fn key_types(operation: &Operation) -> String {
    let parameters = operation.parameters.iter();
    let types: Vec<String> = parameters.map(|it| it.rust_type()).collect();
    types.join(", ")
}

fn of_function<'s>(index: &'s Api, function: &str) -> Option<&'s Operation> {
    let mut operations = index.operations.iter();
    operations.find(|operation| *operation.rust == *function)
}
