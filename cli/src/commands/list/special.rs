//! Operations that path templates hide: those of items with documented keys, and those of subtypes.

use std::collections::BTreeMap;

use msgraph_codegen::command::Survey;
use msgraph_codegen::command::catalogue::Catalogue;
use msgraph_codegen::ir::OperationKind;
use msgraph_csdl::facts::{KnownKey, same_path};
use msgraph_csdl::path::template::same_template;

use super::pattern::Pattern;
use super::report::{ListedOperation, sort};
use crate::support::type_name::supertypes;

/// Adds operations on items whose keys are documented in the facts, and those of subtypes that match the
/// pattern although the declared type does not.
pub(super) fn add(operations: &mut Vec<ListedOperation>, catalogue: &Catalogue, pattern: &Pattern) {
    for operation in operations
        .iter_mut()
        .filter(|it| it.offered == Some(true) || it.kind == OperationKind::Reset)
    {
        name_type(operation, catalogue);
    }
    let count = operations.len();
    operations.extend(known(operations, catalogue));
    operations.extend(derived(operations, catalogue, pattern));
    if operations.len() > count {
        sort(operations);
    }
}

/// The documented keys of an entity set.
fn known_keys<'c>(set: &str, catalogue: &'c Catalogue) -> impl Iterator<Item = &'c KnownKey> {
    let sets = catalogue.survey.keys.iter();
    let same = sets.filter(move |(known, _)| same_path(known, set));
    same.flat_map(|(_, keys)| &keys.values)
}

/// The entity set of a path that ends with a placeholder.
fn set(path: &str) -> Option<&str> {
    let (set, key) = path.rsplit_once('/')?;
    key.starts_with('{').then_some(set)
}

/// Whether two operations do the same. The facts may document that DELETE resets a resource.
fn is_same(one: &ListedOperation, other: &ListedOperation) -> bool {
    let kind = |it: &ListedOperation| match it.kind {
        OperationKind::Reset => OperationKind::Delete,
        kind => kind,
    };
    kind(one) == kind(other)
}

fn is_subtype(ty: &str, base: &str, catalogue: &Catalogue) -> bool {
    let types = &catalogue.survey.types;
    types.contains_key(ty) && supertypes(ty, types).any(|it| it == base)
}

/// Sets the type of an operation whose path ends with a documented key.
fn name_type(operation: &mut ListedOperation, catalogue: &Catalogue) {
    let Some((set, key)) = operation.path.rsplit_once('/') else {
        return;
    };
    if let Some(known) =
        known_keys(set, catalogue).find(|known| known.value.eq_ignore_ascii_case(key))
        && is_subtype(&known.ty, &operation.ty, catalogue)
    {
        operation.ty.clone_from(&known.ty);
        operation.bodies = 1;
    }
}

fn known(operations: &[ListedOperation], catalogue: &Catalogue) -> Vec<ListedOperation> {
    let mut added = Vec::new();
    for operation in operations {
        let Some(set) = set(&operation.path) else {
            continue;
        };
        for key in known_keys(set, catalogue) {
            let path = format!("{set}/{}", key.value);
            let is_listed = |other: &ListedOperation| {
                is_same(other, operation) && same_template(&other.path, &path)
            };
            // The facts may document keys of other metadata.
            if is_subtype(&key.ty, &operation.ty, catalogue) && !operations.iter().any(is_listed) {
                added.push(of_one_type(operation, path, &key.ty, &catalogue.survey));
            }
        }
    }
    added
}

fn derived(
    operations: &[ListedOperation],
    catalogue: &Catalogue,
    pattern: &Pattern,
) -> Vec<ListedOperation> {
    let types = &catalogue.survey.types;
    // Both lists have thousands of entries, so the matching subtypes are grouped by supertype.
    let mut subtypes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let matching = types.iter().filter(|(ty, _)| pattern.matches_type(ty));
    for (ty, _) in matching.filter(|(_, declaration)| !declaration.is_abstract) {
        for base in supertypes(ty, types).skip(1) {
            subtypes.entry(base).or_default().push(ty);
        }
    }
    let mut added = Vec::new();
    for operation in operations {
        let Some(found) = subtypes.get(operation.ty.as_str()) else {
            continue;
        };
        if operation.kind.is_call() || pattern.matches(&operation.path, &operation.ty) {
            continue;
        }
        for ty in found
            .iter()
            .filter(|ty| !has_key(operations, operation, ty))
        {
            let path = operation.path.clone();
            added.push(of_one_type(operation, path, ty, &catalogue.survey));
        }
    }
    added
}

/// Whether an item of the same set is listed with this type and its documented key.
fn has_key(operations: &[ListedOperation], operation: &ListedOperation, ty: &str) -> bool {
    let Some(set) = set(&operation.path) else {
        return false;
    };
    let mut same = operations
        .iter()
        .filter(|it| is_same(it, operation) && it.ty == ty);
    same.any(|other| {
        let parent = other.path.rsplit_once('/').map(|(parent, _)| parent);
        parent.is_some_and(|parent| same_template(parent, set))
    })
}

/// The operation on a resource of one type.
fn of_one_type(
    operation: &ListedOperation,
    path: String,
    ty: &str,
    survey: &Survey,
) -> ListedOperation {
    let takes_type = |function: &&String| {
        let mut operations = survey.index.operations.iter();
        let found = operations.find(|operation| *operation.rust == **function);
        found.is_some_and(|it| it.bodies.is_empty() || it.bodies.iter().any(|body| body.ty == ty))
    };
    ListedOperation {
        method: operation.method.clone(),
        kind: operation.kind,
        offered: if path == operation.path {
            operation.offered
        } else {
            Some(false)
        },
        path,
        ty: ty.to_owned(),
        bodies: 1,
        generated: operation
            .generated
            .iter()
            .filter(takes_type)
            .cloned()
            .collect(),
    }
}
