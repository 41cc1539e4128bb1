//! The parameters of actions.

use msgraph_csdl::annotations::description::description;
use msgraph_csdl::model::Operation;

use super::{Reason, SelectedField, SelectedParameter, SelectedParameters, Selector};

impl<'a> Selector<'_, 'a, '_> {
    /// The parameters of an action as a struct. Selects their types.
    pub(super) fn parameters(&mut self, operation: &Operation<'a>) -> SelectedParameters {
        let action = operation.qualified_name();
        let mut parameters = Vec::new();
        for parameter in operation.arguments() {
            let name = parameter.name.text.to_string();
            let content = self.content(parameter.ty);
            self.need_types_of(content, Reason::Parameter(action.clone(), name.clone()));
            parameters.push(SelectedParameter {
                field: SelectedField {
                    property: name,
                    content,
                    nullable: parameter.nullable,
                    is_key: false,
                    omission: None,
                    replaces: false,
                },
                ty: parameter.ty,
                description: description(&parameter.annotations).map(str::to_owned),
            });
        }
        SelectedParameters {
            action,
            description: description(&operation.annotations).map(str::to_owned),
            parameters,
        }
    }
}
