//! The Rust example at the start of a page.

use msgraph_codegen::ir::{Field, Operation, OperationKind, Role, Struct};

use super::Page;

/// How many properties an example sets.
const MAX_SETTERS: usize = 2;

/// The module that `msgraph init` adds.
const MODULE: &str = "graph";

impl Page {
    /// Rust code to copy: a request, or a value of the type.
    pub(super) fn rust_example(&self) -> Option<String> {
        let preferred = |operation: &&Operation| match operation.kind {
            OperationKind::Update | OperationKind::Replace => 0,
            OperationKind::Create | OperationKind::Action => 1,
            _ => 2,
        };
        if let Some(operation) = self.operations().min_by_key(preferred) {
            return Some(self.request(operation));
        }
        let mut shown = self.types.iter().filter(|ty| self.is_shown(ty));
        if let Some(ty) = shown.find(|ty| ty.fields.iter().any(|it| it.setter.is_some())) {
            let name = if ty.role == Role::Patch {
                "patch"
            } else {
                "value"
            };
            return Some(format!("let {name} = {};", self.value(ty)));
        }
        let enumeration = self.enumerations.iter();
        let mut enumeration = enumeration.filter(|ty| self.shown.contains(&ty.ty));
        let (ty, member) = enumeration.find_map(|ty| Some((ty, ty.members.first()?)))?;
        Some(format!(
            "let value = {MODULE}::{}::{};",
            ty.rust, member.rust
        ))
    }

    fn request(&self, operation: &Operation) -> String {
        let mut lines = String::new();
        let parameters = operation.parameters.iter();
        let mut arguments: Vec<String> = parameters
            .map(|parameter| match parameter.rust_type().as_str() {
                "&str" => format!("\"{}\"", parameter.rust.replace('_', "-")),
                _ => parameter.rust.clone(),
            })
            .collect();
        if let Some(argument) = operation
            .kind
            .body_argument()
            .filter(|_| operation.takes().is_some())
        {
            if let Some(body) = self.body(operation) {
                lines.push_str(&format!("let {argument} = {};\n", self.value(body)));
            }
            arguments.push(format!("&{argument}"));
        }
        let function = format!("{MODULE}::{}", operation.rust);
        lines.push_str(&format!(
            "let request = {function}({});\n",
            arguments.join(", ")
        ));
        lines + "let outcome = client.send(request).await?;"
    }

    /// The first struct that the body of an operation may be.
    fn body(&self, operation: &Operation) -> Option<&Struct> {
        let mut types = self.types.iter();
        if operation.kind == OperationKind::Action {
            return types.find(|ty| ty.role == Role::Parameters && ty.ty == operation.declared);
        }
        let first = operation.bodies.first()?;
        types.find(|ty| ty.rust == first.rust)
    }

    /// A value of a struct with a few of its properties.
    fn value(&self, ty: &Struct) -> String {
        let is_sent =
            |field: &&Field| !field.secret && field.deprecation.is_none() && !field.is_key;
        let fields = ty.fields.iter().filter(is_sent);
        let setters = fields.filter_map(|field| Some((field, field.setter.as_ref()?)));
        let setters: Vec<String> = setters
            .filter_map(|(field, setter)| {
                Some(format!("\n    .{setter}({})", self.argument(field)?))
            })
            .take(MAX_SETTERS)
            .collect();
        format!("{MODULE}::{}::new(){}", ty.rust, setters.concat())
    }

    /// A value of a field; `None` if it has no short one.
    fn argument(&self, field: &Field) -> Option<String> {
        if field.csdl.is_collection || field.delta || field.is_reference() {
            return None;
        }
        match field.csdl.item.as_str() {
            "Edm.String" => Some("\"…\"".to_owned()),
            "Edm.Boolean" => Some("true".to_owned()),
            "Edm.Int16" | "Edm.Int32" | "Edm.Int64" => {
                let minimum = field.facts.as_ref().and_then(|facts| facts.minimum);
                Some(minimum.unwrap_or(1).to_string())
            }
            item => {
                let mut all = self.enumerations.iter();
                let ty = all.find(|ty| ty.ty == item && !ty.flags)?;
                let member = ty.members.first()?;
                Some(format!("{MODULE}::{}::{}", ty.rust, member.rust))
            }
        }
    }
}
