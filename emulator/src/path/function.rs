//! Bound functions that return entities (OData URL Conventions 4.01 §4.5.3), such as
//! `range(address='A1')` in the paths of Graph's workbooks. The emulator does not evaluate a function:
//! its name with arguments is the name of a position.

use msgraph_csdl::document::OperationKind;
use msgraph_csdl::model::{ItemType, Operation, Primitive, TypeId, TypeReference};

use crate::model::Model;
use crate::model::key::normalized;
use crate::model::primitive::is_key_text;

/// A call of a function in a path.
pub(crate) struct FunctionCall {
    /// Name and arguments, the same for all spellings of the segment.
    pub(crate) name: String,
    pub(crate) ty: TypeId,
    pub(crate) is_collection: bool,
}

/// The call that a segment is, if any.
pub(crate) fn function_call(
    model: &Model,
    (ty, is_collection): (TypeId, bool),
    name: &str,
    arguments: Option<&[(Option<String>, String)]>,
) -> Option<FunctionCall> {
    let schema = model.schema();
    let name = schema.unaliased(name);
    let is_named = |operation: &Operation<'_>| {
        let namespace = name.strip_suffix(operation.name.text.as_ref());
        namespace.is_some_and(|namespace| {
            namespace.is_empty() || namespace.strip_suffix('.') == Some(&operation.namespace)
        })
    };
    let binds = |operation: &Operation<'_>| {
        let binding = operation.parameters.first();
        binding.is_some_and(|(_, binding)| {
            binding.is_collection == is_collection
                && matches!(binding.item, ItemType::Declared(to) if schema.is_subtype_of(ty, to))
        })
    };
    schema.operations().iter().find_map(|operation| {
        let is_function = operation.is_bound && operation.kind == OperationKind::Function;
        if !is_function || !is_named(operation) || !binds(operation) {
            return None;
        }
        let result = operation.return_type?;
        let ItemType::Declared(ty) = result.item else {
            return None;
        };
        if schema.key(ty).is_empty() {
            return None;
        }
        let arguments = ordered(operation, arguments.unwrap_or_default())?;
        let name = &operation.name.text;
        Some(FunctionCall {
            name: match arguments.as_str() {
                "" => name.to_string(),
                _ => format!("{name}({arguments})"),
            },
            ty,
            is_collection: result.is_collection,
        })
    })
}

/// The arguments in the order of the parameters; `None` if they do not match the parameters.
fn ordered(operation: &Operation<'_>, given: &[(Option<String>, String)]) -> Option<String> {
    let parameters = operation.parameters.get(1..)?;
    if parameters.len() != given.len() {
        return None;
    }
    let arguments = parameters.iter().map(|(name, ty)| {
        let mut given = given.iter();
        let (_, value) = given.find(|(given, _)| given.as_deref() == Some(&name.text))?;
        Some(format!("{}={}", name.text, literal(*ty, value)?))
    });
    let arguments: Option<Vec<String>> = arguments.collect();
    Some(arguments?.join(","))
}

/// A value as a URL literal; `None` if it is not of the type.
fn literal(ty: TypeReference, value: &str) -> Option<String> {
    match ty.item {
        ItemType::Primitive(Primitive::String) | ItemType::Declared(_) => {
            Some(format!("'{}'", value.replace('\'', "''")))
        }
        ItemType::Primitive(primitive) => {
            is_key_text(primitive, value).then(|| normalized(primitive, value))
        }
    }
}
