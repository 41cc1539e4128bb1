//! Bound functions that lead to entities (OData URL Conventions 4.01 §4.5.3): Graph's workbooks have
//! such segments in the middle of a path, `range(address='A1')` and `itemAt(index=0)`. The function
//! is not evaluated; with its arguments it is the name of a place.

use msgraph_csdl::document::OperationKind;
use msgraph_csdl::model::{ItemType, Operation, Primitive, TypeId, TypeReference};

use crate::model::Model;
use crate::model::key::normalized;
use crate::model::primitive::is_key_text;

/// A function that a segment calls.
pub(crate) struct Called {
    /// Name and arguments, the same for all spellings of the segment.
    pub(crate) name: String,
    /// The type of the entities that it leads to.
    pub(crate) ty: TypeId,
    pub(crate) is_collection: bool,
}

/// What a segment calls, if it does.
pub(crate) fn called(
    model: &Model,
    (ty, is_collection): (TypeId, bool),
    name: &str,
    arguments: Option<&[(Option<String>, String)]>,
) -> Option<Called> {
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
        let arguments = written(operation, arguments.unwrap_or_default())?;
        Some(Called {
            name: match arguments.as_str() {
                "" => operation.name.text.to_string(),
                _ => format!("{}({arguments})", operation.name.text),
            },
            ty,
            is_collection: result.is_collection,
        })
    })
}

/// The arguments in the order of the parameters; `None` if they are not those of the function.
fn written(operation: &Operation<'_>, given: &[(Option<String>, String)]) -> Option<String> {
    let parameters = operation.parameters.get(1..)?;
    if parameters.len() != given.len() {
        return None;
    }
    let written: Option<Vec<String>> = parameters
        .iter()
        .map(|(name, ty)| {
            let is = |(given, _): &&(Option<String>, String)| given.as_deref() == Some(&name.text);
            let (_, value) = given.iter().find(is)?;
            Some(format!("{}={}", name.text, literal(*ty, value)?))
        })
        .collect();
    Some(written?.join(","))
}

/// A value as a URL writes it; `None` if it is not of the type.
fn literal(ty: TypeReference, value: &str) -> Option<String> {
    let quoted = || format!("'{}'", value.replace('\'', "''"));
    match ty.item {
        ItemType::Primitive(Primitive::String) | ItemType::Declared(_) => Some(quoted()),
        ItemType::Primitive(primitive) => {
            is_key_text(primitive, value).then(|| normalized(primitive, value))
        }
    }
}
