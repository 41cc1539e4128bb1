//! Updates that path templates hide: those of items with documented keys, and those of subtypes.

use std::collections::BTreeMap;

use msgraph_codegen::command::Survey;
use msgraph_codegen::command::catalogue::Catalogue;
use msgraph_csdl::path::template::same_template;

use super::pattern::Pattern;
use super::report::ListedUpdate;
use crate::support::type_name::supertypes;

/// Adds updates of items whose keys are documented in the facts, and updates of subtypes that match the
/// pattern although the declared type does not.
pub(super) fn add(updates: &mut Vec<ListedUpdate>, catalogue: &Catalogue, pattern: &Pattern) {
    for update in updates.iter_mut().filter(|it| it.offered == Some(true)) {
        name_type(update, catalogue);
    }
    let count = updates.len();
    updates.extend(known(updates, catalogue));
    updates.extend(derived(updates, catalogue, pattern));
    if updates.len() > count {
        updates.sort_by(|a, b| (&a.path, &a.method, &a.ty).cmp(&(&b.path, &b.method, &b.ty)));
    }
}

/// The entity set of a path that ends with a placeholder.
fn set(path: &str) -> Option<&str> {
    let (set, key) = path.rsplit_once('/')?;
    key.starts_with('{').then_some(set)
}

fn is_subtype(ty: &str, base: &str, catalogue: &Catalogue) -> bool {
    let types = &catalogue.survey.types;
    types.contains_key(ty) && supertypes(ty, types).any(|it| it == base)
}

/// Sets the type of an update whose path ends with a documented key.
fn name_type(update: &mut ListedUpdate, catalogue: &Catalogue) {
    let Some((set, key)) = update.path.rsplit_once('/') else {
        return;
    };
    let keys = catalogue.keys.iter();
    let mut keys = keys
        .filter(|(known, _)| same_template(known, set))
        .flat_map(|(_, keys)| keys);
    if let Some(known) = keys.find(|known| known.value.eq_ignore_ascii_case(key))
        && is_subtype(&known.ty, &update.ty, catalogue)
    {
        update.ty.clone_from(&known.ty);
        update.bodies = 1;
    }
}

fn known(updates: &[ListedUpdate], catalogue: &Catalogue) -> Vec<ListedUpdate> {
    let mut added = Vec::new();
    for update in updates {
        let Some(set) = set(&update.path) else {
            continue;
        };
        let keys = catalogue.keys.iter();
        let keys = keys.filter(|(known, _)| same_template(known, set));
        for key in keys.flat_map(|(_, keys)| keys) {
            let path = format!("{set}/{}", key.value);
            let is_listed = |other: &ListedUpdate| same_template(&other.path, &path);
            // The facts may document keys of other metadata.
            if is_subtype(&key.ty, &update.ty, catalogue) && !updates.iter().any(is_listed) {
                added.push(of_one_type(update, path, &key.ty, &catalogue.survey));
            }
        }
    }
    added
}

fn derived(
    updates: &[ListedUpdate],
    catalogue: &Catalogue,
    pattern: &Pattern,
) -> Vec<ListedUpdate> {
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
    for update in updates {
        let Some(found) = subtypes.get(update.ty.as_str()) else {
            continue;
        };
        if pattern.matches(&update.path, &update.ty) {
            continue;
        }
        for ty in found.iter().filter(|ty| !has_key(updates, update, ty)) {
            let path = update.path.clone();
            added.push(of_one_type(update, path, ty, &catalogue.survey));
        }
    }
    added
}

/// Whether an item of the same set is listed with this type and its documented key.
fn has_key(updates: &[ListedUpdate], update: &ListedUpdate, ty: &str) -> bool {
    let Some(set) = set(&update.path) else {
        return false;
    };
    updates.iter().filter(|other| other.ty == ty).any(|other| {
        let parent = other.path.rsplit_once('/').map(|(parent, _)| parent);
        parent.is_some_and(|parent| same_template(parent, set))
    })
}

/// The update with a body of one type.
fn of_one_type(update: &ListedUpdate, path: String, ty: &str, survey: &Survey) -> ListedUpdate {
    let takes_type = |function: &&String| {
        let mut operations = survey.index.operations.iter();
        operations
            .find(|operation| *operation.rust == **function)
            .is_some_and(|operation| operation.bodies.iter().any(|body| body.ty == ty))
    };
    ListedUpdate {
        method: update.method.clone(),
        offered: if path == update.path {
            update.offered
        } else {
            Some(false)
        },
        path,
        ty: ty.to_owned(),
        bodies: 1,
        generated: update
            .generated
            .iter()
            .filter(takes_type)
            .cloned()
            .collect(),
    }
}
