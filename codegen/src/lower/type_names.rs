//! Names of types and unions, in each of their roles.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use msgraph_csdl::diagnostic::{Diagnostic, Diagnostics};
use msgraph_csdl::model::{Schema, TypeId};
use msgraph_csdl::toml_table::Setting;

use super::identifier::{distinct, fold, is_upper_camel, keyword_free, upper_camel};
use super::modules::namespace_modules;
use crate::ir::{Role, RustPath};
use crate::read::Input;
use crate::select::{Body, Selection, TypeInRole};

/// The suffix of the body of an update.
const PATCH: &str = "Patch";

/// The paths of the types of the output.
#[derive(Default)]
pub(super) struct TypeNames {
    pub(super) types: BTreeMap<TypeInRole, RustPath>,
    pub(super) unions: BTreeMap<TypeInRole, RustPath>,
    /// All of them.
    pub(super) taken: BTreeMap<RustPath, TypeId>,
}

/// Names all selected types and unions.
pub(super) fn type_names(
    input: &Input<'_>,
    selection: &Selection,
    diagnostics: &mut Diagnostics,
) -> TypeNames {
    let schema = &input.schema;
    let configured = configured_names(schema, selection, diagnostics);
    let modules = namespace_modules(schema, &|_| true);
    let rivals = rivals(schema, selection);
    let module = |id: TypeId| {
        modules
            .get(&*schema[id].namespace)
            .cloned()
            .unwrap_or_default()
    };
    let rivals_of = |id: TypeInRole, name: &str| -> &[TypeInRole] {
        let rivals = rivals.get(&(&*schema[id.ty].namespace, fold(name)));
        rivals.map(Vec::as_slice).unwrap_or_default()
    };
    let mut names = TypeNames::default();
    for id in selection.types.keys().copied() {
        let name = match configured.get(&id.ty) {
            Some(name) => keyword_free(format!("{}{}", name.text, suffix(id.role))),
            None => settled(schema, rivals_of(id, &natural_name(schema, id)), id),
        };
        let path = RustPath::new(module(id.ty), name);
        if let Some(other) = names.taken.insert(path.clone(), id.ty) {
            let name = configured.get(&id.ty).or_else(|| configured.get(&other));
            let message = format!(
                "`{}` and `{}` would both be named `{}`",
                schema[other], schema[id.ty], path.name
            );
            diagnostics.push(
                Diagnostic::error(name.map(|name| name.span), message)
                    .help("choose another `name` in the manifest"),
            );
        }
        names.types.insert(id, path);
    }
    for id in selection.unions.keys().copied() {
        // Marker types are synthetic, so types from the metadata win a name conflict.
        let mut name = union_name(schema, id);
        let mut path = RustPath::new(module(id.ty), name.clone());
        while names.taken.contains_key(&path) || !rivals_of(id, &name).is_empty() {
            name.push_str("Type");
            path = RustPath::new(module(id.ty), name.clone());
        }
        names.taken.insert(path.clone(), id.ty);
        names.unions.insert(id, path);
    }
    names
}

/// The names that the manifest gives to types, directly or with an update.
fn configured_names(
    schema: &Schema<'_>,
    selection: &Selection,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<TypeId, Setting> {
    let of_types = selection
        .types
        .iter()
        .filter_map(|(id, selected)| Some((id.ty, selected.name.clone()?)));
    let of_updates = selection
        .updates
        .iter()
        .filter_map(|update| match update.body {
            Body::Type(id) => Some((id.ty, update.name.clone()?)),
            Body::AnyOf(_) => None,
        });
    let mut configured: BTreeMap<TypeId, Setting> = BTreeMap::new();
    for (id, name) in of_types.chain(of_updates) {
        if !is_upper_camel(&name.text) {
            diagnostics.push(
                Diagnostic::error(name.span, format!("`{}` cannot name a type", name.text))
                    .help("write it in upper camel case, without the ending `Patch`"),
            );
        }
        let Some(first) = configured.get(&id) else {
            configured.insert(id, name);
            continue;
        };
        if first.text != name.text {
            let message = format!(
                "`{}` is named `{}` and `{}`",
                schema[id], first.text, name.text
            );
            diagnostics.push(
                Diagnostic::error(name.span, message)
                    .help("a type has one name: use the same `name` in all of its updates")
                    .related(first.span, "the other name"),
            );
        }
    }
    configured
}

fn suffix(role: Role) -> &'static str {
    match role {
        Role::Patch => PATCH,
        Role::Plain => "",
    }
}

/// A type's CSDL name with the suffix of its role.
fn natural_name(schema: &Schema<'_>, id: TypeInRole) -> String {
    format!("{}{}", schema[id.ty].name.text, suffix(id.role))
}

pub(crate) fn union_name(schema: &Schema<'_>, id: TypeInRole) -> String {
    let name = upper_camel(&schema[id.ty].name.text);
    format!("Any{name}{}", suffix(id.role))
}

/// All types of the metadata, in each role, whose folded name is that of a selected type or of a union,
/// by namespace and folded name.
pub(crate) fn rivals<'s>(
    schema: &'s Schema<'_>,
    selected: &Selection,
) -> HashMap<(&'s str, String), Vec<TypeInRole>> {
    let types = selected.types.keys();
    let types = types.map(|id| (*id, natural_name(schema, *id)));
    let unions = selected.unions.keys();
    let unions = unions.map(|id| (*id, union_name(schema, *id)));
    let mut rivals: HashMap<(&str, String), Vec<TypeInRole>> = types
        .chain(unions)
        .map(|(id, name)| ((&*schema[id.ty].namespace, fold(&name)), Vec::new()))
        .collect();
    // Folding the thousands of names of the metadata costs more than comparing their lengths.
    let lengths: BTreeSet<usize> = rivals.keys().map(|(_, folded)| folded.len()).collect();
    for (ty, declaration) in schema.types() {
        let name = &declaration.name.text;
        let length = name.bytes().filter(|byte| *byte != b'_').count();
        for id in roles(schema, ty) {
            if name.is_ascii() && !lengths.contains(&(length + suffix(id.role).len())) {
                continue;
            }
            let key = (&*declaration.namespace, fold(&natural_name(schema, id)));
            if let Some(list) = rivals.get_mut(&key) {
                list.push(id);
            }
        }
    }
    rivals
}

/// The roles that a type may have.
fn roles(schema: &Schema<'_>, ty: TypeId) -> impl Iterator<Item = TypeInRole> {
    let plain = TypeInRole::plain(ty);
    let body = TypeInRole::body(schema, ty);
    [plain].into_iter().chain((body != plain).then_some(body))
}

/// The name of a type among all whose names collide with it.
pub(crate) fn settled(schema: &Schema<'_>, rivals: &[TypeInRole], id: TypeInRole) -> String {
    let natural: Vec<String> = rivals.iter().map(|id| natural_name(schema, *id)).collect();
    let wanted = natural.iter();
    let names = distinct(wanted.map(|name| (name.as_str(), keyword_free(upper_camel(name)))));
    let mut names = rivals.iter().zip(names);
    let name = names.find(|(rival, _)| **rival == id);
    name.map_or_else(String::new, |(_, name)| name)
}
