//! Makes the smallest CSDL document that gives the same output.
//!
//! Whole elements are omitted, and the annotations that the generator does not read. Everything else is kept as declared.
//! Three kinds of elements are kept:
//!
//! * what is in the output: the types of the bodies with their properties, and the elements on the paths;
//! * what decides names: the types whose names collide with those;
//! * what limits subtrees: the restrictions on everything that is kept.
//!
//! With less metadata there are fewer paths and fewer types, and never different ones, so nothing else is needed.

mod annotations;
mod calls;
mod collisions;
mod declarations;
mod document;
mod names;
mod paths;
mod restrictions;
mod settings;
mod types;
pub(crate) mod xml;

use std::collections::{BTreeMap, BTreeSet};

use msgraph_csdl::annotations::KnownTerm;
use msgraph_csdl::model::{Schema, TypeId};
use msgraph_csdl::path;

use crate::read::Input;
use crate::select::Selection;

/// The smallest document that gives the output of this selection.
pub(crate) fn slice(input: &Input<'_>, selection: &Selection) -> String {
    let manifest = &input.manifest;
    let mut slicer = Slicer {
        schema: &input.schema,
        input,
        selection,
        has_subtree: manifest.paths().any(|entry| entry.subtree().is_some()),
        kept: Kept::default(),
        has_offers: manifest
            .resources
            .iter()
            .any(|entry| entry.at.subtree().is_some()),
        offering: offering(input),
        on_path: BTreeSet::new(),
    };
    for (id, selected) in &selection.types {
        slicer.keep_type(id.ty, selected);
    }
    for operation in &selection.operations {
        slicer.keep_selected(operation);
    }
    slicer.keep_configured();
    slicer.keep_excluded();
    slicer.keep_rivals();
    if slicer.has_subtree {
        slicer.keep_restrictions();
    }
    slicer.keep_namespaces();
    slicer.document()
}

/// The templates of the single paths of entries without `operations`, and of their items.
fn offering(input: &Input<'_>) -> BTreeSet<String> {
    let schema = &input.schema;
    let resources = input.manifest.resources.iter();
    let without = resources.filter(|entry| entry.operations.is_empty());
    let paths = without.filter_map(|entry| path::walk(schema, &entry.at.path.text).ok());
    let templates = paths.flat_map(|path| {
        let item = path
            .target
            .is_collection
            .then(|| path::item(schema, &path).template());
        [Some(path.template()), item]
    });
    templates.flatten().collect()
}

/// An element that can have annotations. Children are identified by their index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Element {
    Type(TypeId),
    Property(TypeId, usize),
    Navigation(TypeId, usize),
    /// An entry of `inherited_annotations`.
    Inherited(TypeId, usize),
    Member(TypeId, usize),
    Child(usize),
    Operation(usize),
    /// A parameter of an operation.
    Parameter(usize, usize),
}

#[derive(Clone, Debug, Default)]
struct Kept {
    types: BTreeSet<TypeId>,
    /// The enumerations that keep all members. Others keep the first one.
    enumerations: BTreeSet<TypeId>,
    /// The types whose declared key is kept.
    keys: BTreeSet<TypeId>,
    /// The alternate keys that paths use, by their aliases.
    alternate_keys: BTreeSet<Vec<String>>,
    /// The types whose `HasStream` is kept.
    streams: BTreeSet<TypeId>,
    /// The imports of operations.
    imports: BTreeSet<usize>,
    elements: BTreeSet<Element>,
    annotations: BTreeMap<(Element, &'static str), &'static KnownTerm>,
}

#[derive(Clone)]
struct Slicer<'s, 'a> {
    schema: &'s Schema<'a>,
    input: &'s Input<'a>,
    selection: &'s Selection,
    /// Whether the manifest has an entry for a subtree.
    has_subtree: bool,
    /// Whether a subtree selects the operations that the metadata offers.
    has_offers: bool,
    /// The single paths of entries that do, without subtrees.
    offering: BTreeSet<String>,
    kept: Kept,
    /// The navigation properties on paths.
    on_path: BTreeSet<Element>,
}
