//! Names of types and unions, in each of their roles.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use msgraph_csdl::diagnostic::{Diagnostic, Diagnostics};
use msgraph_csdl::model::{Schema, TypeId};
use msgraph_csdl::toml_table::Setting;

use super::identifier::{distinct, fold, is_upper_camel, keyword_free, upper_camel};
use super::modules::namespace_modules;
use crate::ir::{Role, RustPath};
use crate::read::Input;
use crate::select::{Name, SelectedOperation, Selection, TypeInRole};

/// The suffix of the body of an update.
const PATCH: &str = "Patch";

/// The prefix of the body of a request that creates.
const NEW: &str = "New";

/// The same before a name that is not yet in camel case. A type of the metadata that is called `newUser` wins over it.
const NEW_PART: &str = "new_";

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
            Some(name) => keyword_free(in_role(&name.text, NEW, id.role)),
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
    check_names(selection, &names, schema, diagnostics);
    names
}

/// The names that the manifest gives to types, directly or with an operation.
fn configured_names(
    schema: &Schema<'_>,
    selection: &Selection,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<TypeId, Setting> {
    let of_types = selection
        .types
        .iter()
        .filter_map(|(id, selected)| Some((id.ty, selected.name.clone()?)));
    let operations = selection.operations.iter();
    let of_operations = operations.filter_map(|operation| {
        let (id, name) = operation.type_name()?;
        Some((id, name.clone()))
    });
    let mut configured: BTreeMap<TypeId, Setting> = BTreeMap::new();
    let (mut reported, mut conflicting) = (BTreeSet::new(), BTreeSet::new());
    for (id, name) in of_types.chain(of_operations) {
        if !is_upper_camel(&name.text) && reported.insert(name.span.start) {
            diagnostics.push(
                Diagnostic::error(name.span, format!("`{}` cannot name a type", name.text))
                    .help("write it in upper camel case, without `New` and `Patch`"),
            );
        }
        let Some(first) = configured.get(&id) else {
            configured.insert(id, name);
            continue;
        };
        if first.text != name.text && conflicting.insert(name.span.start) {
            let message = format!(
                "`{}` is named `{}` and `{}`",
                schema[id], first.text, name.text
            );
            diagnostics.push(
                Diagnostic::error(name.span, message)
                    .help("a type has one name: use the same `name` in all of its entries")
                    .related(first.span, "the other name"),
            );
        }
    }
    configured
}

/// Checks the names that the manifest gives to calls, and to resources whose types are not generated.
fn check_names(
    selection: &Selection,
    names: &TypeNames,
    schema: &Schema<'_>,
    diagnostics: &mut Diagnostics,
) {
    let types = selection
        .operations
        .iter()
        .filter_map(SelectedOperation::type_name);
    let mut checked: BTreeSet<u32> = types.map(|(_, name)| name.span.start).collect();
    for operation in &selection.operations {
        let Some(name) = operation.name.as_ref().map(Name::setting) else {
            continue;
        };
        if !checked.insert(name.span.start) {
            continue;
        }
        let call = operation.call.as_ref();
        let has_struct = call.is_some_and(|call| call.parameters.is_some());
        let of_struct = RustPath::new(Vec::new(), name.text.to_string());
        if !is_upper_camel(&name.text) {
            let message = format!("`{}` is not in upper camel case", name.text);
            let help = "write it like a type, `SendMail`; the generator changes the case for functions and modules";
            diagnostics.push(Diagnostic::error(name.span, message).help(help));
        } else if let Some(other) = names.taken.get(&of_struct).filter(|_| has_struct) {
            let message = format!(
                "`{}` and the parameters of `{}` would both be named `{}`",
                schema[*other],
                operation.template(),
                name.text
            );
            let help = "choose another `name` in the manifest";
            diagnostics.push(Diagnostic::error(name.span, message).help(help));
        }
    }
}

/// A name with the prefix or the suffix of its role.
fn in_role(name: &str, new: &str, role: Role) -> String {
    let (prefix, suffix) = affixes(new, role);
    format!("{prefix}{name}{suffix}")
}

fn affixes(new: &str, role: Role) -> (&str, &str) {
    match role {
        Role::Patch => ("", PATCH),
        Role::New => (new, ""),
        Role::Plain | Role::Parameters => ("", ""),
    }
}

/// A type's CSDL name with the prefix or the suffix of its role.
fn natural_name(schema: &Schema<'_>, id: TypeInRole) -> String {
    in_role(&schema[id.ty].name.text, NEW_PART, id.role)
}

pub(crate) fn union_name(schema: &Schema<'_>, id: TypeInRole) -> String {
    let name = upper_camel(&schema[id.ty].name.text);
    format!("Any{}", in_role(&name, NEW, id.role))
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
            let (prefix, suffix) = affixes(NEW, id.role);
            let length = length + prefix.len() + suffix.len();
            if name.is_ascii() && !lengths.contains(&length) {
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
    let roles: &[Role] = if schema.is_entity(ty) {
        &[Role::Plain, Role::Patch, Role::New]
    } else {
        &[Role::Plain]
    };
    roles.iter().map(move |role| TypeInRole { ty, role: *role })
}

/// The name of a type among all whose names collide with it.
pub(crate) fn settled(schema: &Schema<'_>, rivals: &[TypeInRole], id: TypeInRole) -> String {
    let natural: Vec<String> = rivals.iter().map(|id| natural_name(schema, *id)).collect();
    let wanted = natural.iter();
    let names = distinct(wanted.map(|name| (name.as_str(), keyword_free(upper_camel(name)))));
    let mut names = rivals.iter().zip(names);
    let name = names.find(|(rival, _)| **rival == id);
    let natural = || keyword_free(upper_camel(&natural_name(schema, id)));
    name.map_or_else(natural, |(_, name)| name)
}
