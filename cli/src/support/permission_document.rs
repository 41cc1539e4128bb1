//! Reads Microsoft's `permissions.json`.

mod document;
mod least;

use std::collections::{BTreeMap, HashMap};

use msgraph_csdl::permissions::{MapEntry, PermissionMap, Permissions, Scheme, map_path};

use document::{Document, Options};
use least::{Granted, Reach};

/// Reads Microsoft's permission data into a map. Each line of the header becomes a comment at its top.
///
/// # Errors
///
/// The text is not a permission document. The message contains line and column.
pub fn read(text: &str, header: &str) -> Result<PermissionMap, serde_json::Error> {
    let document: Document = serde_json::from_str(text)?;
    let operations = operations(&document);
    let mut reach = Reach::new();
    for granted in operations.values().flat_map(HashMap::values).flatten() {
        *reach.entry(granted.permission).or_default() += 1;
    }
    let entries = operations.into_iter().map(|((path, method), schemes)| {
        let mut permissions = Permissions::default();
        for (scheme, granted) in schemes {
            *permissions.of_mut(scheme) = Some(least::access(method, &path, granted, &reach));
        }
        MapEntry {
            path,
            method: method.to_owned(),
            permissions,
        }
    });
    Ok(PermissionMap::from_entries(header, entries))
}

type Operations<'d> = BTreeMap<(String, &'static str), HashMap<Scheme, Vec<Granted<'d>>>>;

/// What is granted for each operation, by path and method.
fn operations(document: &Document) -> Operations<'_> {
    let mut operations = Operations::new();
    for (name, permission) in &document.permissions.0 {
        for set in &permission.path_sets {
            for (path, options) in &set.paths.0 {
                let path = map_path(path);
                for method in &set.methods {
                    let schemes = operations.entry((path.clone(), method.name())).or_default();
                    for scheme in &set.scheme_keys {
                        let granted = schemes.entry((*scheme).into()).or_default();
                        add(granted, &name.0, options.least.contains(scheme), options);
                    }
                }
            }
        }
    }
    operations
}

/// Adds a permission, or what another path set says of it.
fn add<'d>(
    granted: &mut Vec<Granted<'d>>,
    permission: &'d str,
    is_least: bool,
    options: &'d Options,
) {
    let also = options.also.iter().map(String::as_str);
    match granted.iter_mut().find(|one| one.permission == permission) {
        Some(one) => {
            one.is_least |= is_least;
            one.also.extend(also);
        }
        None => granted.push(Granted {
            permission,
            is_least,
            also: also.collect(),
        }),
    }
}
