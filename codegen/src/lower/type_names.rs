//! Names of types and unions.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use msgraph_csdl::diagnostic::{Diagnostic, Diagnostics};
use msgraph_csdl::document::StructuredKind;
use msgraph_csdl::model::{Schema, TypeId};
use msgraph_csdl::toml_table::Setting;

use super::identifier::{USED_TYPES, distinct, fold, is_upper_camel, reserved_type, upper_camel};
use super::modules::namespace_modules;
use crate::ir::RustPath;
use crate::read::Input;
use crate::select::{Body, Selection};

/// The suffix of the struct of an entity type.
const PATCH: &str = "Patch";

/// The paths of the types of the output.
#[derive(Default)]
pub(super) struct TypeNames {
    pub(super) types: BTreeMap<TypeId, RustPath>,
    pub(super) unions: BTreeMap<TypeId, RustPath>,
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
    let rivals_of = |id: TypeId, name: &str| -> &[TypeId] {
        let rivals = rivals.get(&(&*schema[id].namespace, fold(name)));
        rivals.map(Vec::as_slice).unwrap_or_default()
    };
    let mut names = TypeNames::default();
    for id in selection.types.keys().copied() {
        let name = match configured.get(&id) {
            Some(name) if is_entity(schema, id) => format!("{}{PATCH}", name.text),
            Some(name) => reserved_type(name.text.to_string()),
            None => settled(schema, rivals_of(id, &natural_name(schema, id)), id),
        };
        let path = RustPath::new(module(id), name);
        if let Some(other) = names.taken.insert(path.clone(), id) {
            let name = configured.get(&id).or_else(|| configured.get(&other));
            let message = format!(
                "`{}` and `{}` would both be named `{}`",
                schema[other], schema[id], path.name
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
        let mut path = RustPath::new(module(id), name.clone());
        while USED_TYPES.contains(&name.as_str())
            || names.taken.contains_key(&path)
            || !rivals_of(id, &name).is_empty()
        {
            name.push_str("Type");
            path = RustPath::new(module(id), name.clone());
        }
        names.taken.insert(path.clone(), id);
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
        .filter_map(|(id, selected)| Some((*id, selected.name.clone()?)));
    let of_updates = selection
        .updates
        .iter()
        .filter_map(|update| match update.body {
            Body::Type(id) => Some((id, update.name.clone()?)),
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

fn is_entity(schema: &Schema<'_>, id: TypeId) -> bool {
    let ty = schema.structured(id);
    ty.is_some_and(|ty| ty.kind == StructuredKind::Entity)
}

/// A type's CSDL name with the suffix of its kind in Rust.
fn natural_name(schema: &Schema<'_>, id: TypeId) -> String {
    let name = schema[id].name.text.as_ref();
    let suffix = if is_entity(schema, id) { PATCH } else { "" };
    format!("{name}{suffix}")
}

pub(crate) fn union_name(schema: &Schema<'_>, id: TypeId) -> String {
    format!("Any{}", upper_camel(&schema[id].name.text))
}

/// All types of the metadata whose folded name is that of a selected type or of a union, by
/// namespace and folded name.
pub(crate) fn rivals<'s>(
    schema: &'s Schema<'_>,
    selected: &Selection,
) -> HashMap<(&'s str, String), Vec<TypeId>> {
    let types = selected.types.keys();
    let types = types.map(|id| (*id, natural_name(schema, *id)));
    let unions = selected.unions.keys();
    let unions = unions.map(|id| (*id, union_name(schema, *id)));
    let mut rivals: HashMap<(&str, String), Vec<TypeId>> = types
        .chain(unions)
        .map(|(id, name)| ((&*schema[id].namespace, fold(&name)), Vec::new()))
        .collect();
    // Folding the thousands of names of the metadata costs more than comparing their lengths.
    let lengths: BTreeSet<usize> = rivals.keys().map(|(_, folded)| folded.len()).collect();
    for (id, declaration) in schema.types() {
        let name = &declaration.name.text;
        let suffix = if is_entity(schema, id) {
            PATCH.len()
        } else {
            0
        };
        let length = name.bytes().filter(|byte| *byte != b'_').count() + suffix;
        if name.is_ascii() && !lengths.contains(&length) {
            continue;
        }
        let key = (&*declaration.namespace, fold(&natural_name(schema, id)));
        if let Some(list) = rivals.get_mut(&key) {
            list.push(id);
        }
    }
    rivals
}

/// The name of a type among all whose names collide with it.
pub(crate) fn settled(schema: &Schema<'_>, rivals: &[TypeId], id: TypeId) -> String {
    let natural: Vec<String> = rivals.iter().map(|id| natural_name(schema, *id)).collect();
    let wanted = natural.iter();
    let names = distinct(wanted.map(|name| (name.as_str(), reserved_type(upper_camel(name)))));
    let mut names = rivals.iter().zip(names);
    let name = names.find(|(rival, _)| **rival == id);
    name.map_or_else(String::new, |(_, name)| name)
}
