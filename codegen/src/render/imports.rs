//! The names of the runtime that the items of a module use.

use std::collections::BTreeSet;

use super::modules::Items;
use super::types;
use crate::ir::{Api, Operation, Struct};

/// The names to import.
pub(super) fn runtime_names(items: &Items<'_>, api: &Api) -> BTreeSet<&'static str> {
    let mut names = BTreeSet::new();
    for operation in &items.operations {
        of_operation(operation, &mut names);
    }
    for item in &items.structs {
        of_struct(item, &mut names);
        if api.readable {
            names.extend(["FieldReader", "Readable"]);
        }
    }
    if api.readable && !items.unions.is_empty() {
        names.extend(["Union", "UnionMember"]);
    }
    if !items.enumerations.is_empty() {
        names.insert("Enumeration");
    }
    names
}

fn of_operation(operation: &Operation, names: &mut BTreeSet<&'static str>) {
    names.insert("Request");
    for parameter in &operation.parameters {
        types::argument(parameter.ty).collect_runtime(names);
    }
    if let Some(body) = &operation.body {
        types::body(body).collect_runtime(names);
    }
}

fn of_struct(item: &Struct, names: &mut BTreeSet<&'static str>) {
    names.extend(["FieldVisitor", "Structured", "VisitResult"]);
    for field in &item.fields {
        types::field(field).collect_runtime(names);
        names.extend(types::wrapper(field));
    }
    if item.open {
        names.insert("DynamicProperties");
    }
    if !item.unions.is_empty() {
        names.insert("DerivesFrom");
    }
}
