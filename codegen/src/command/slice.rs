//! Makes a small CSDL document that gives the same output.
//!
//! It is an excerpt of the metadata: it omits whole elements, and annotations that the generator does not read. It keeps
//! two kinds of elements:
//!
//! * what is in the output: the types of the bodies with their properties, and the elements on the paths;
//! * what decides names: the types whose names collide with those.
//!
//! Removing elements removes paths and types but never adds any, so nothing else is needed. A kept type keeps its
//! supertypes and keys, and a kept element its annotations, because without them a subtree could have more paths.

mod calls;
mod elements;
pub(crate) mod excerpt;
mod names;
mod paths;
mod settings;

use std::collections::BTreeSet;

use msgraph_csdl::model::{Schema, TypeId};
use msgraph_csdl::source::Span;

use crate::read::Input;
use crate::select::Selection;

/// A small document that gives the output of this selection.
pub(crate) fn slice(input: &Input<'_>, selection: &Selection) -> String {
    let mut slicer = Slicer {
        schema: &input.schema,
        input,
        selection,
        types: BTreeSet::new(),
        kept: BTreeSet::new(),
    };
    for (id, selected) in &selection.types {
        slicer.keep_selected_type(id.ty, selected);
    }
    for operation in &selection.operations {
        slicer.keep_selected(operation);
    }
    slicer.keep_configured();
    slicer.keep_excluded();
    slicer.keep_rivals();
    slicer.keep_namespaces();
    slicer.keep_inherited_annotations();
    excerpt::of(input, &slicer.kept)
}

struct Slicer<'s, 'a> {
    schema: &'s Schema<'a>,
    input: &'s Input<'a>,
    selection: &'s Selection,
    types: BTreeSet<TypeId>,
    /// What is kept: the names of elements, and the terms of annotations.
    kept: BTreeSet<Span>,
}
