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

use crate::read::Input;
use crate::select::Selection;
use crate::select::subtree::subtree;

/// The smallest document that gives the output of this selection.
pub(crate) fn slice(input: &Input<'_>, selection: &Selection) -> String {
    let updates = &input.manifest.updates;
    let mut slicer = Slicer {
        schema: &input.schema,
        input,
        selection,
        has_subtree: updates.iter().any(|update| subtree(update).is_some()),
        kept: Kept::default(),
        on_path: BTreeSet::new(),
    };
    for (id, selected) in &selection.types {
        slicer.keep_type(id.ty, selected);
    }
    for update in &selection.updates {
        slicer.keep_update(update);
    }
    slicer.keep_configured();
    for update in updates {
        slicer.keep_excluded(update);
    }
    slicer.keep_rivals();
    if slicer.has_subtree {
        slicer.keep_restrictions();
    }
    slicer.keep_namespaces();
    slicer.document()
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
    kept: Kept,
    /// The navigation properties on paths.
    on_path: BTreeSet<Element>,
}
