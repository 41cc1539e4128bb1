//! Updates and resets: which there are, what they take, what a request must carry.

use std::collections::{BTreeMap, BTreeSet};

use msgraph_codegen::index::{Index, Operation};
use msgraph_codegen::literals;

use super::Comparison;
use super::documentation::said;
use super::wording::{
    GOES, MORE, OTHER_NAME, OTHER_PATH, OTHER_TYPE, SAID_THERE, SAME_RUST, arrow, arrow_code,
    codes, list,
};
use crate::diff::change::Verdict::{Major, Minor, Patch};
use crate::diff::change::{Change, Kind, Subject};

impl<'s> Comparison<'s> {
    pub(super) fn operations(&mut self) {
        // There may be several at one path, for several types. They are told apart by what they
        // take, then by their names.
        let mut at_path: BTreeMap<(Vec<&str>, bool), [Vec<&'s Operation>; 2]> = BTreeMap::new();
        for (nth, index) in [self.old.index, self.new.index].into_iter().enumerate() {
            for operation in &index.operations {
                let key = (
                    literals(&operation.path).collect(),
                    operation.takes.is_none(),
                );
                if let Some(list) = at_path.entry(key).or_default().get_mut(nth) {
                    list.push(operation);
                }
            }
        }
        // Where a path is another, its function may have the name that it had.
        let paths = |index: &'s Index| -> BTreeMap<&'s str, &'s str> {
            let operations = index.operations.iter();
            operations
                .map(|operation| (operation.rust.as_str(), operation.path.as_str()))
                .collect()
        };
        let (paths_before, paths_since) = (paths(self.old.index), paths(self.new.index));
        for [mut old, mut new] in at_path.into_values() {
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
            for operation in old {
                let function = &operation.rust;
                let (rust, reason) = match paths_since.get(function.as_str()) {
                    Some(path) => (
                        format!("function `{function}` is that of `{path}` now"),
                        OTHER_PATH,
                    ),
                    None => (format!("function `{function}` goes"), GOES),
                };
                self.push_at(
                    &operation.path,
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
            for operation in new {
                let function = &operation.rust;
                let (rust, reason) = match paths_before.get(function.as_str()) {
                    Some(path) => (
                        format!("function `{function}` is of this path, and was of `{path}`"),
                        SAID_THERE,
                    ),
                    None => (format!("function `{function}` comes"), MORE),
                };
                self.push_at(
                    &operation.path,
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
        }
    }

    fn operation(&mut self, old: &'s Operation, new: &'s Operation) {
        if old == new {
            return;
        }
        // As the element is called: a placeholder may have another name since.
        let path = old.path.as_str();
        let change = |verdict, kind, what: String| {
            Change::new(verdict, Subject::Update, &old.path, kind, what)
        };
        if old.method != new.method {
            self.push_at(
                path,
                change(Major, Kind::Restricted, arrow(&old.method, &new.method))
                    .rust(format!("function {}", arrow_code(&old.rust, &new.rust)))
                    .wire(format!("the method is {}", new.method))
                    .because(OTHER_NAME),
            );
        } else if old.rust != new.rust {
            self.push_at(
                path,
                change(
                    Major,
                    Kind::Renamed,
                    "the function has another name".to_owned(),
                )
                .rust(format!("function {}", arrow_code(&old.rust, &new.rust)))
                .because(OTHER_NAME),
            );
        }
        let types = |operation: &Operation| {
            let types: Vec<&str> = operation.parameters.iter().map(|p| p.ty.as_str()).collect();
            types.join(", ")
        };
        if types(old) != types(new) {
            self.push_at(
                path,
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
        for change in said(Subject::Update, &old.path, old.into(), new.into()) {
            self.push_at(path, change);
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
                self.push_at(path, found);
            }
        }
    }

    /// What an update takes.
    fn body(&mut self, old: &'s Operation, new: &'s Operation) {
        let bodies = |operation: &'s Operation| -> BTreeSet<&'s str> {
            operation
                .bodies
                .iter()
                .map(|body| body.ty.as_str())
                .collect()
        };
        let before: BTreeSet<&str> = bodies(old)
            .into_iter()
            .map(|ty| self.name_since(ty))
            .collect();
        let after = bodies(new);
        let form = |operation: &Operation| {
            let takes = operation.takes.as_deref().unwrap_or_default();
            takes.split(['<', ' ']).next().unwrap_or_default() == "&CollectionBody"
        };
        let as_collection = (form(old), form(new));
        let lost: Vec<&str> = before.difference(&after).copied().collect();
        let more: Vec<&str> = after.difference(&before).copied().collect();
        let rust = || {
            let takes = |operation: &Operation| operation.takes.clone().unwrap_or_default();
            if takes(old) == takes(new) {
                let which = if more.is_empty() { "fewer" } else { "other" };
                format!("`{}` takes {which} types", new.rust)
            } else {
                format!(
                    "`{}` takes {}",
                    new.rust,
                    arrow_code(&takes(old), &takes(new))
                )
            }
        };
        let change = |verdict, what: String| {
            Change::new(verdict, Subject::Update, &old.path, Kind::Retyped, what)
        };
        let found = if as_collection.0 != as_collection.1 {
            let what = if as_collection.1 {
                "one value → a collection"
            } else {
                "a collection → one value"
            };
            change(Major, what.to_owned())
                .rust(rust())
                .because(OTHER_TYPE)
        } else if !lost.is_empty() {
            let mut what = format!("takes no more: {}", codes(&lost));
            if !more.is_empty() {
                what.push_str(&format!("; takes instead: {}", codes(&more)));
            }
            change(Major, what)
                .rust(rust())
                .wire("a body of such a type is not what the path is declared to have")
                .because(OTHER_TYPE)
        } else if !more.is_empty() {
            change(Minor, format!("takes besides: {}", codes(&more)))
                .rust(format!("`{}` takes more types", new.rust))
                .because("a function that takes more types takes those it took")
        } else {
            return;
        };
        self.push_at(&old.path, found);
    }
}
