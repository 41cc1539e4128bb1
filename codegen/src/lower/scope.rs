//! The type names in the module of a function.

use std::collections::{BTreeMap, BTreeSet};

use super::Lowering;
use super::identifier::{keyword_free, numbered, upper_camel};
use crate::ir::{self, RustPath, Struct, TypeRef};
use crate::select::{Body, SelectedOperation};

/// A module of functions while they are named.
pub(super) struct Scope<'l, 's, 'a> {
    pub(super) lowering: &'l Lowering<'s, 'a>,
    pub(super) module: Vec<String>,
    /// Types of other modules that it imports.
    pub(super) imports: BTreeSet<TypeRef>,
    /// The parameters of its actions.
    pub(super) structs: Vec<Struct>,
    /// Their names, by the index of the action.
    named: BTreeMap<usize, String>,
}

impl<'l, 's, 'a> Scope<'l, 's, 'a> {
    pub(super) fn new(lowering: &'l Lowering<'s, 'a>, module: Vec<String>) -> Self {
        Scope {
            lowering,
            module,
            imports: BTreeSet::new(),
            structs: Vec::new(),
            named: BTreeMap::new(),
        }
    }

    /// A structured value as named in this module.
    pub(super) fn body(&mut self, body: Body) -> ir::Body {
        ir::Body {
            ty: self.imported(body),
            is_union: matches!(body, Body::AnyOf(_)),
            is_collection: false,
        }
    }

    /// A type as named in this module, which imports it unless it has that name.
    pub(super) fn imported(&mut self, body: Body) -> TypeRef {
        let mut ty = self.lowering.type_ref(&self.module, body);
        if ty.path.len() == 1 {
            return ty;
        }
        let name = &self.lowering.path(body).name;
        let is_other =
            |import: &TypeRef| import.path.last() == Some(name) && import.path != ty.path;
        if !self.has_type(name) && !self.imports.iter().any(is_other) {
            self.imports.insert(ty.clone());
            ty.path = vec![name.clone()];
        }
        ty
    }

    /// The struct with the parameters of an action. Calls of one action in one module share it.
    pub(super) fn parameters(
        &mut self,
        selected: &SelectedOperation,
        template: &str,
    ) -> Option<ir::Body> {
        let call = selected.call.as_ref()?;
        let parameters = call.parameters.as_ref()?;
        let name = match self.named.get(&call.operation) {
            Some(name) => name.clone(),
            None => {
                let wanted = match &selected.name {
                    Some(name) => name.setting().text.to_string(),
                    None => {
                        let mut name = upper_camel(local_name(&parameters.action));
                        if self.lowering.is_bound_to_items_too(selected) {
                            name.push_str("OnCollection");
                        }
                        name
                    }
                };
                let name = self.free(&keyword_free(wanted));
                let rust = RustPath::new(self.module.clone(), name.clone());
                let item = self.lowering.parameters(parameters, template, rust);
                self.structs.push(item);
                self.named.insert(call.operation, name.clone());
                name
            }
        };
        Some(ir::Body {
            ty: TypeRef { path: vec![name] },
            is_union: false,
            is_collection: false,
        })
    }

    /// The name, or with the first number from 2 that makes it free.
    fn free(&self, wanted: &str) -> String {
        let further = (2..).map(|number| numbered(wanted, number));
        let mut names = [wanted.to_owned()].into_iter().chain(further);
        let is_free = |name: &String| {
            let mut imports = self.imports.iter();
            !self.has_type(name) && imports.all(|import| import.path.last() != Some(name))
        };
        names.find(is_free).unwrap_or_default()
    }

    /// Whether the module itself has a type of this name.
    fn has_type(&self, name: &str) -> bool {
        let own = RustPath::new(self.module.clone(), name.to_owned());
        self.lowering.names.taken.contains_key(&own) || self.named.values().any(|it| it == name)
    }
}

fn local_name(qualified: &str) -> &str {
    qualified.rsplit('.').next().unwrap_or(qualified)
}
