//! Updates that a list of path templates hides: of an item whose key the facts know, and of a type
//! that derives from the declared one.

use std::collections::BTreeMap;

use msgraph_codegen::command::Survey;
use msgraph_codegen::command::catalogue::{Catalogue, Declaration};
use msgraph_csdl::path::template::same_template;

use super::Update;
use super::pattern::Pattern;

type Types = BTreeMap<String, Declaration>;

/// Adds the items whose keys the facts know, each with its own type, and the types that derive from a
/// declared one, where the pattern finds them by no other name.
pub(super) fn add(updates: &mut Vec<Update>, catalogue: &Catalogue, filter: &Pattern) {
    for update in updates.iter_mut().filter(|it| it.offered == Some(true)) {
        name_type(update, catalogue);
    }
    let count = updates.len();
    updates.extend(known(updates, catalogue));
    updates.extend(derived(updates, catalogue, filter));
    if updates.len() > count {
        updates.sort_by(|a, b| (&a.path, &a.method, &a.ty).cmp(&(&b.path, &b.method, &b.ty)));
    }
}

/// The set of an item that any key may name.
fn set(path: &str) -> Option<&str> {
    let (set, key) = path.rsplit_once('/')?;
    key.starts_with('{').then_some(set)
}

/// Gives an update whose path was asked for with a known key the type of that item.
fn name_type(update: &mut Update, catalogue: &Catalogue) {
    let Some((set, key)) = update.path.rsplit_once('/') else {
        return;
    };
    let keys = catalogue.keys.iter();
    let keys = keys.filter(|(known, _)| same_template(known, set));
    let mut keys = keys.flat_map(|(_, keys)| keys);
    if let Some(known) = keys.find(|known| known.value.eq_ignore_ascii_case(key))
        && lineage(&known.ty, &catalogue.survey.types).any(|base| base == update.ty)
    {
        update.ty.clone_from(&known.ty);
        update.bodies = 1;
    }
}

fn known(updates: &[Update], catalogue: &Catalogue) -> Vec<Update> {
    let mut added = Vec::new();
    for update in updates {
        let Some(set) = set(&update.path) else {
            continue;
        };
        let keys = catalogue.keys.iter();
        let keys = keys.filter(|(known, _)| same_template(known, set));
        for key in keys.flat_map(|(_, keys)| keys) {
            let path = format!("{set}/{}", key.value);
            // The manifest may name it, and the facts may be of other metadata.
            let is_listed = |there: &Update| same_template(&there.path, &path);
            if lineage(&key.ty, &catalogue.survey.types).any(|base| base == update.ty)
                && !updates.iter().any(is_listed)
            {
                added.push(special(update, path, &key.ty, &catalogue.survey));
            }
        }
    }
    added
}

fn derived(updates: &[Update], catalogue: &Catalogue, filter: &Pattern) -> Vec<Update> {
    let types = &catalogue.survey.types;
    // By base type: there are thousands of updates, and thousands of types.
    let mut wanted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let matching = types.iter().filter(|(ty, _)| filter.takes_type(ty));
    for (ty, _) in matching.filter(|(_, declaration)| !declaration.is_abstract) {
        for base in lineage(ty, types).skip(1) {
            wanted.entry(base).or_default().push(ty);
        }
    }
    let mut added = Vec::new();
    for update in updates {
        let Some(found) = wanted.get(update.ty.as_str()) else {
            continue;
        };
        if filter.takes(&update.path, &update.ty) {
            continue;
        }
        for ty in found.iter().filter(|ty| !has_key(updates, update, ty)) {
            added.push(special(update, update.path.clone(), ty, &catalogue.survey));
        }
    }
    added
}

/// Whether an item of the same set is listed with this type: its path says more.
fn has_key(updates: &[Update], update: &Update, ty: &str) -> bool {
    let Some(set) = set(&update.path) else {
        return false;
    };
    updates.iter().filter(|other| other.ty == ty).any(|other| {
        let parent = other.path.rsplit_once('/').map(|(parent, _)| parent);
        parent.is_some_and(|parent| same_template(parent, set))
    })
}

/// An update with a body of one type, where the list has one for any.
fn special(update: &Update, path: String, ty: &str, survey: &Survey) -> Update {
    let takes = |rust: &&String| {
        let mut operations = survey.index.operations.iter();
        operations
            .find(|operation| operation.rust == **rust)
            .is_some_and(|operation| operation.bodies.iter().any(|body| body.ty == ty))
    };
    Update {
        method: update.method.clone(),
        offered: if path == update.path {
            update.offered
        } else {
            Some(false)
        },
        path,
        ty: ty.to_owned(),
        bodies: 1,
        generated: update.generated.iter().filter(takes).cloned().collect(),
    }
}

/// A type and those that it derives from, nearest first; nothing of one that is not declared.
fn lineage<'t>(ty: &str, types: &'t Types) -> impl Iterator<Item = &'t str> {
    // The model has no cycles: metadata with one is an error.
    std::iter::successors(types.get_key_value(ty), |(_, declaration)| {
        types.get_key_value(declaration.base.as_deref()?)
    })
    .map(|(name, _)| name.as_str())
}
