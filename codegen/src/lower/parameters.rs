//! The parameters of actions.

use super::Lowering;
use super::fields::{Declaration, names, setter_name};
use crate::ir::{Reason, Role, RustPath, Struct};
use crate::select::SelectedParameters;

impl Lowering<'_, '_> {
    /// The struct of the parameters of the action at a path, with the name that its module has for it.
    pub(super) fn parameters(
        &self,
        selected: &SelectedParameters,
        template: &str,
        rust: RustPath,
    ) -> Struct {
        let action = &selected.action;
        let parameters = selected.parameters.iter();
        let names = names(None, parameters.clone().map(|parameter| &parameter.field));
        let fields = parameters.zip(names).map(|(parameter, (wire, name))| {
            let field = &parameter.field;
            let setter = self.input.manifest.setters.then(|| setter_name(&name));
            let shape = self.shape(None, &rust.module, field.content);
            let facts = &self.input.facts.properties;
            let declaration = Declaration {
                ty: parameter.ty,
                declared_by: action.clone(),
                description: parameter.description.as_deref(),
                facts: facts.get(&format!("{action}/{wire}")),
                deprecation: None,
            };
            self.field(field, (wire, name, setter), shape, declaration)
        });
        Struct {
            ty: action.clone(),
            role: Role::Parameters,
            is_entity: false,
            base: None,
            description: selected.description.clone(),
            writes_odata_type: false,
            has_constants: false,
            is_read: self.input.manifest.read,
            open: false,
            keeps_unknown: false,
            patch: None,
            replaces: false,
            not_sent: Vec::new(),
            fields: fields.collect(),
            left_out: Vec::new(),
            navigation: Vec::new(),
            unions: Vec::new(),
            reason: Reason::Action(template.to_owned()),
            deprecation: None,
            rust: rust.clone(),
        }
    }
}
