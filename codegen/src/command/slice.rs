//! Makes a small CSDL document that gives the same output.
//!
//! Whole elements are omitted, and the annotations that the generator does not read. Everything else is kept as declared.
//! Two kinds of elements are kept:
//!
//! * what is in the output: the types of the bodies with their properties, and the elements on the paths;
//! * what decides names: the types whose names collide with those.
//!
//! With less metadata there are fewer paths and fewer types, and never different ones, so nothing else is needed. A kept
//! element keeps its annotations, so that a subtree has no more paths.

mod annotations;
mod calls;
mod declarations;
mod document;
mod names;
mod paths;
mod settings;
mod types;
pub(crate) mod xml;

use std::collections::BTreeSet;

use msgraph_csdl::model::{Schema, TypeId};

use crate::read::Input;
use crate::select::Selection;

/// A small document that gives the output of this selection.
pub(crate) fn slice(input: &Input<'_>, selection: &Selection) -> String {
    let mut slicer = Slicer {
        schema: &input.schema,
        input,
        selection,
        kept: Kept::default(),
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
    slicer.keep_annotated_supertypes();
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
    /// A parameter of an operation.
    Parameter(usize, usize),
}

#[derive(Debug, Default)]
struct Kept {
    types: BTreeSet<TypeId>,
    /// The enumerations that keep all members. Others keep the first one.
    enumerations: BTreeSet<TypeId>,
    /// The types whose declared key is kept.
    keys: BTreeSet<TypeId>,
    /// The alternate keys that paths use, by their aliases.
    alternate_keys: BTreeSet<Vec<String>>,
    /// The imports of operations.
    imports: BTreeSet<usize>,
    elements: BTreeSet<Element>,
    /// The elements whose description is in the output.
    described: BTreeSet<Element>,
}

struct Slicer<'s, 'a> {
    schema: &'s Schema<'a>,
    input: &'s Input<'a>,
    selection: &'s Selection,
    kept: Kept,
}
