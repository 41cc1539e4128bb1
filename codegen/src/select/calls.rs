//! `[[call]]`: actions and functions.

use msgraph_csdl::document;
use msgraph_csdl::model::{ItemType, Operation, Primitive, Schema, TypeKind, TypeReference};
use msgraph_csdl::path::{self, Call};

use super::operation::{Name, Response, ResponseValue, SelectedCall, SelectedOperation};
use super::{Reason, Selector, TypeInRole};
use crate::ir::OperationKind;
use crate::manifest;

impl<'s, 'a> Selector<'s, 'a, '_> {
    pub(super) fn call(&mut self, entry: &'s manifest::Call) {
        match entry.at.subtree() {
            Some(prefix) => self.calls_below(entry, prefix),
            None => self.single_call(entry),
        }
    }

    fn single_call(&mut self, entry: &'s manifest::Call) {
        self.check_single(&entry.at);
        let path = &entry.at.path;
        match path::walk_call(self.schema(), &path.text) {
            Ok(call) => {
                if let Some(binding) = &call.binding
                    && !self.is_query()
                {
                    self.check_keys(path, binding);
                }
                self.take_call(call, entry.name.clone().map(Name::Function));
            }
            Err(mut wrong) => {
                if path::walk(self.schema(), &path.text).is_ok() {
                    wrong.help = "it is a resource: select it with a `[[resource]]`".to_owned();
                }
                self.wrong_segment(path, wrong);
            }
        }
    }

    fn calls_below(&mut self, entry: &'s manifest::Call, prefix: &str) {
        self.check_subtree([(entry.name.as_ref().map(|name| name.span), "name")]);
        let Some(paths) = self.paths_in(&entry.at, prefix) else {
            return;
        };
        let schema = self.schema();
        let calls = paths.iter().flat_map(|path| path::calls(schema, path));
        let calls: Vec<Call<'s, 'a>> = calls.collect();
        let all = calls.len();
        let calls = self.without_excluded(&entry.at, calls, Call::template);
        if calls.is_empty() {
            let subtree = &entry.at.path;
            let message = format!("`{}` selects no action or function", subtree.text);
            let help = match all {
                0 => "it has none".to_owned(),
                all => format!("it has {all}; all are excluded"),
            };
            self.error(subtree.span, message, help);
        }
        for call in calls {
            self.take_call(call, None);
        }
    }

    pub(super) fn take_call(&mut self, call: Call<'s, 'a>, name: Option<Name>) {
        let schema = self.schema();
        let template = call.template();
        let Call {
            binding,
            segment,
            operation,
        } = call;
        let Some(nth) = schema.operation_index(operation) else {
            return;
        };
        let kind = OperationKind::from(operation.kind);
        let response = self.call_response(kind, operation, &template);
        let has_parameters = kind == OperationKind::Action && !operation.arguments().is_empty();
        let parameters = has_parameters.then(|| self.parameters(operation));
        self.take(SelectedOperation {
            kind,
            path: binding.map(|path| path::corrected(schema, &self.input.facts, path)),
            call: Some(SelectedCall {
                segment,
                operation: nth,
                parameters,
            }),
            subject: None,
            body: None,
            response,
            name,
        });
    }

    fn call_response(
        &mut self,
        kind: OperationKind,
        operation: &Operation<'a>,
        template: &str,
    ) -> Response {
        let Some(ty) = operation.return_type else {
            return Response::Nothing;
        };
        if ty.item == ItemType::Primitive(Primitive::Stream) {
            return Response::Content;
        }
        let value = self.returned(ty, template);
        if ty.is_collection && returns_changes(self.schema(), operation) {
            Response::Changes(value)
        } else if ty.is_collection {
            Response::Page(value)
        } else if kind == OperationKind::Action || operation.return_nullable {
            Response::Optional(value)
        } else {
            Response::Required(value)
        }
    }

    /// One item of what a call returns.
    fn returned(&mut self, ty: TypeReference, template: &str) -> ResponseValue {
        let id = match ty.item {
            ItemType::Primitive(primitive) => return ResponseValue::Primitive(primitive),
            ItemType::Declared(id) => id,
        };
        match &self.schema()[id].kind {
            _ if self.schema().is_untyped(id) => ResponseValue::Primitive(Primitive::Untyped),
            TypeKind::Structured(_) => {
                ResponseValue::Structured(self.position(TypeInRole::plain(id)))
            }
            TypeKind::Enumeration(_) => {
                self.need(TypeInRole::plain(id), Reason::Response(template.to_owned()));
                ResponseValue::Enumeration(id)
            }
            TypeKind::Definition(primitive) => ResponseValue::Primitive(*primitive),
        }
    }
}

/// Whether an operation returns changes to entities. All such functions of Graph have this name; the metadata does not
/// annotate them.
fn returns_changes(schema: &Schema<'_>, operation: &Operation<'_>) -> bool {
    let returned = operation.return_type.map(|ty| ty.item);
    let is_entity = match returned {
        Some(ItemType::Declared(id)) => schema.is_entity(id),
        _ => false,
    };
    let is_function = operation.kind == document::OperationKind::Function;
    is_function && operation.is_bound && operation.name.text == "delta" && is_entity
}
