//! Operations as functions.

use std::collections::BTreeMap;

use msgraph_csdl::annotations::description::description;
use msgraph_csdl::facts::{KnownPermissions, NamedTypes, OperationFacts};
use msgraph_csdl::model;
use msgraph_csdl::path::ResourceOperation;

use super::Lowering;
use super::identifier::Taken;
use super::keys::parameters;
use super::places::Place;
use super::scope::Scope;
use crate::ir::{self, AcceptedType, Api, ODataType, Operation, OperationKind, RustPath};
use crate::select::{Body, ResponseValue, SelectedOperation, TypeInRole};

impl<'s> Lowering<'s, '_> {
    pub(super) fn operations(&self, api: &mut Api) {
        let mut by_module: BTreeMap<Vec<String>, Vec<(&'s SelectedOperation, String)>> =
            BTreeMap::new();
        for operation in &self.selection.operations {
            let Place { modules, function } = self.place(operation);
            let mut path = Vec::with_capacity(modules.len());
            for (name, url) in modules {
                path.push(name);
                let module = api.modules.entry(path.clone()).or_default();
                module.url = module.url.take().or(url);
            }
            by_module
                .entry(path)
                .or_default()
                .push((operation, function));
        }
        for (module, operations) in by_module {
            // The order of templates decides which name gets the number.
            let mut taken = Taken::default();
            let mut scope = Scope::new(self, module);
            // Their names do not depend on what the module imports.
            for (operation, _) in &operations {
                scope.parameters(operation, &operation.template());
            }
            for (operation, function) in operations {
                let name = taken.unique(&function, |_| false);
                let rust = RustPath::new(scope.module.clone(), name);
                let operation = self.operation(operation, rust, &mut scope);
                api.operations.push(operation);
            }
            api.structs.append(&mut scope.structs);
            if !scope.imports.is_empty() {
                let module = api.modules.entry(scope.module).or_default();
                module.imports = scope.imports;
            }
        }
    }

    fn operation(
        &self,
        selected: &'s SelectedOperation,
        rust: RustPath,
        scope: &mut Scope<'_, 's, '_>,
    ) -> Operation {
        let template = selected.template();
        let call = self.called(selected);
        let facts = self.facts(selected, &template);
        let list = |of: fn(&OperationFacts) -> &Vec<String>| {
            facts.map_or_else(Vec::new, |facts| of(facts).clone())
        };
        let name = |ty| self.input.schema[ty].qualified_name();
        let declared = call
            .map(model::Operation::qualified_name)
            .or_else(|| selected.declared().map(name))
            .unwrap_or_default();
        let subject = match selected.subject {
            Some(Body::Type(subject)) => name(subject.ty),
            Some(Body::AnyOf(_)) | None => declared.clone(),
        };
        let target = selected.path.as_ref().map(|path| &path.target);
        let parameter_struct = scope.parameters(selected, &template);
        let body = selected.body.map(|body| ir::Body {
            is_collection: selected.replaces_collection(),
            ..scope.body(body)
        });
        Operation {
            kind: selected.kind,
            method: selected.kind.method(),
            parameters: parameters(selected),
            declared,
            subject,
            body: body.or(parameter_struct),
            bodies: selected
                .body
                .map_or_else(Vec::new, |body| self.accepted(body)),
            response: response(selected, scope),
            results: self.results(selected),
            odata_type: self.odata_type(selected, &template),
            if_match: facts.is_some_and(|facts| facts.capabilities.if_match)
                || (selected.kind.changes_resource()
                    && target.is_some_and(|target| target.restrictions.if_match)),
            idempotent: facts.is_some_and(|facts| facts.idempotent),
            permissions: self.permissions(selected, &template),
            roles: list(|facts| &facts.roles),
            clouds: list(|facts| &facts.clouds),
            description: call
                .and_then(|call| description(&call.annotations))
                .map(str::to_owned),
            note: facts.and_then(|facts| facts.note.clone()),
            source: facts.map(|facts| facts.source.clone()),
            deprecations: self.deprecations(selected, call),
            path: template,
            rust,
        }
    }

    /// The types that the response may have.
    fn results(&self, selected: &SelectedOperation) -> Vec<AcceptedType> {
        match selected.response.value() {
            Some(ResponseValue::Structured(body)) => self.accepted(*body),
            Some(ResponseValue::Enumeration(id)) => {
                self.accepted(Body::Type(TypeInRole::plain(*id)))
            }
            Some(ResponseValue::Primitive(_)) | None => Vec::new(),
        }
    }

    /// The action or function of a call.
    pub(super) fn called(&self, selected: &SelectedOperation) -> Option<&'s model::Operation<'_>> {
        let call = selected.call.as_ref()?;
        self.input.schema.operations().get(call.operation)
    }

    fn facts(&self, selected: &SelectedOperation, template: &str) -> Option<&'s OperationFacts> {
        let facts = &self.input.facts;
        let method = selected.kind.method().to_string();
        match selected.kind {
            OperationKind::Reference => None,
            // Its roles are those of the update, unless documented.
            OperationKind::Reset => facts
                .operation_of(&method, template)
                .or_else(|| facts.operation(template)),
            _ => facts.operation_of(&method, template),
        }
    }

    /// The permissions of the operation. A reset without any needs those of the update.
    fn permissions(
        &self,
        selected: &SelectedOperation,
        template: &str,
    ) -> Option<KnownPermissions> {
        if selected.kind == OperationKind::Reference {
            return None;
        }
        let generic = selected.generic_template();
        // An entry without `/$ref` is for the reference.
        let is_of_reference = selected.kind == OperationKind::Delete
            && selected
                .path
                .as_ref()
                .is_some_and(|path| path.target.offers(ResourceOperation::RemoveRef));
        let of_method = |method: &str| {
            let map = self.input.permissions.as_ref();
            let map = map.filter(|_| !is_of_reference);
            let facts = &self.input.facts;
            facts.permissions(map, method, template, &generic)
        };
        let update = || {
            let is_reset = selected.kind == OperationKind::Reset;
            is_reset.then(|| of_method("PATCH").or_else(|| of_method("PUT")))?
        };
        of_method(&selected.kind.method().to_string()).or_else(update)
    }

    fn odata_type(&self, selected: &SelectedOperation, template: &str) -> ODataType {
        let Some(body) = selected.body else {
            return ODataType::Nested;
        };
        let is_declared = matches!(body, Body::Type(id) if Some(id.ty) == selected.declared());
        // When a collection is replaced, each item compares its own type.
        let is_list = selected.replaces_collection();
        match self.input.facts.named_types(template) {
            NamedTypes::All => ODataType::All,
            NamedTypes::Body if !is_list => ODataType::Body,
            NamedTypes::Body | NamedTypes::Differing if is_list || is_declared => ODataType::Nested,
            NamedTypes::Body | NamedTypes::Differing => ODataType::Differing,
        }
    }
}

fn response(selected: &SelectedOperation, scope: &mut Scope<'_, '_, '_>) -> ir::Response {
    selected.response.map(|value| match value {
        ResponseValue::Structured(body) => ir::ResponseValue::Structured(ir::Body {
            is_collection: selected.replaces_collection(),
            ..scope.body(body)
        }),
        ResponseValue::Enumeration(id) => ir::ResponseValue::Enumeration {
            ty: scope.imported(Body::Type(TypeInRole::plain(id))),
            flags: scope.lowering.is_flags(id),
        },
        ResponseValue::Primitive(primitive) => ir::ResponseValue::Primitive(primitive),
    })
}
