//! The paths of operations.

use msgraph_csdl::path::{self, ResourcePath, Step, TargetKind};

use super::Slicer;
use crate::select::SelectedOperation;

impl Slicer<'_, '_> {
    /// Keeps the path of an operation.
    pub(super) fn keep_selected(&mut self, operation: &SelectedOperation) {
        if let Some(call) = &operation.call {
            self.keep_selected_call(operation.path.as_ref(), call);
        }
        if let Some(path) = &operation.path {
            self.keep_path(path);
            if operation.kind.is_of_content() && path.target.kind != TargetKind::Stream {
                self.keep_stream(path.target.ty);
            }
        }
    }

    pub(super) fn keep_path(&mut self, path: &ResourcePath) {
        for step in path::steps(self.schema, path) {
            match step {
                Step::Child(child) => {
                    self.keep(&child.name, &child.annotations);
                    self.keep_type(child.ty);
                }
                Step::Key => {}
                Step::Navigation(from, _, property) => {
                    self.keep_navigation(from, &property.name.text);
                }
                Step::Complex(from, property) => {
                    self.keep_property(from, &property.name.text);
                }
                Step::Cast(ty) => self.keep_type(ty),
                Step::Function(operation) => self.keep_operation(operation),
            }
        }
    }
}
