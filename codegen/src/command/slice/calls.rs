//! Calls of actions and functions.

use msgraph_csdl::model::{ItemType, Operation, TypeId};
use msgraph_csdl::path::segment::SegmentParts;
use msgraph_csdl::path::{self, ResourcePath, Segment};

use super::{Element, Slicer};
use crate::select::operation::SelectedCall;

impl<'s, 'a> Slicer<'s, 'a> {
    /// Keeps the action or function of a call, with its documentation.
    pub(super) fn keep_selected_call(&mut self, path: Option<&ResourcePath>, call: &SelectedCall) {
        let nth = call.operation;
        self.keep_call(path, &call.segment, nth);
        self.describe(Element::Operation(nth));
        let Some(operation) = self.schema.operations().get(nth) else {
            return;
        };
        if call.parameters.is_some() {
            for at in 0..operation.parameters.len() {
                self.describe(Element::Parameter(nth, at));
            }
        }
        // Because of another overload, the name of the function has its parameters.
        if let Some(overload) = path::other_overload(self.schema, path, operation) {
            self.keep_bound(path.map(|path| path.target.ty), overload);
        }
    }

    /// Keeps what a call needs.
    pub(super) fn keep_call(&mut self, path: Option<&ResourcePath>, segment: &Segment, nth: usize) {
        let Some(operation) = self.schema.operations().get(nth) else {
            return;
        };
        self.keep_bound(path.map(|path| path.target.ty), operation);
        if path.is_none() {
            let mut imports = self.schema.imports().iter();
            let name = SegmentParts::parse(&segment.text).map_or("", |parts| parts.name);
            let import = imports.position(|import| import.name.text == name);
            self.kept.imports.extend(import);
        }
    }

    /// Keeps an operation that is called on a type, and the types between it and that of the binding parameter.
    pub(super) fn keep_bound(&mut self, at: Option<TypeId>, operation: &'s Operation<'a>) {
        if let Some(nth) = self.schema.operation_index(operation) {
            self.keep_operation(nth);
        }
        let binding = operation.binding().map(|binding| binding.ty.item);
        if let (Some(ItemType::Declared(binding)), Some(at)) = (binding, at) {
            self.keep_supertypes(at, binding);
        }
    }
}
