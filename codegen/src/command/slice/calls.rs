//! Calls of actions and functions.

use msgraph_csdl::path::segment::SegmentParts;
use msgraph_csdl::path::{self, ResourcePath, Segment};

use super::Slicer;
use crate::select::operation::SelectedCall;

impl Slicer<'_, '_> {
    /// Keeps the action or function of a call, with its documentation.
    pub(super) fn keep_selected_call(&mut self, path: Option<&ResourcePath>, call: &SelectedCall) {
        let schema = self.schema;
        self.keep_call(path, &call.segment, call.operation);
        let Some(operation) = schema.operations().get(call.operation) else {
            return;
        };
        self.describe(&operation.annotations);
        if call.parameters.is_some() {
            for parameter in &operation.parameters {
                self.describe(&parameter.annotations);
            }
        }
        // Because of another overload, the name of the function has its parameters.
        if let Some(overload) = path::other_overload(schema, path, operation) {
            self.keep_operation(overload);
        }
        // Because of the same operation of the items, the name of the function ends with `on_collection`.
        let of_item = path.and_then(|path| path::item_operation(schema, path, operation));
        if let Some(of_item) = of_item {
            self.keep_operation(of_item);
        }
    }

    /// Keeps what a call needs.
    pub(super) fn keep_call(&mut self, path: Option<&ResourcePath>, segment: &Segment, nth: usize) {
        let schema = self.schema;
        if let Some(operation) = schema.operations().get(nth) {
            self.keep_operation(operation);
        }
        if path.is_none() {
            let mut imports = schema.imports().iter();
            let name = SegmentParts::parse(&segment.text).map_or("", |parts| parts.name);
            let import = imports.find(|import| import.name.text == name);
            self.kept.extend(import.map(|import| import.name.span));
        }
    }
}
