//! `Action` and `Function` (§12).

use roxmltree::Node;

use super::annotation::Annotation;
use super::name::Name;
use super::reader::{Reader, attributes, children};
use super::type_expression::TypeExpression;

/// The kind of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationKind {
    /// `Action`.
    Action,
    /// `Function`.
    Function,
}

/// One overload of an `Action` or `Function` (§12).
#[derive(Debug)]
pub struct Operation<'a> {
    /// Action or function.
    pub kind: OperationKind,
    /// `Name`.
    pub name: Name<'a>,
    /// `IsBound`: the first parameter is the binding parameter.
    pub is_bound: bool,
    /// `IsComposable`.
    pub is_composable: bool,
    /// `Parameter` (§12.9), in document order.
    pub parameters: Vec<Parameter<'a>>,
    /// `ReturnType` (§12.8).
    pub return_type: Option<TypeExpression<'a>>,
    /// `Nullable` of the `ReturnType`, if present. For a collection, it applies to the items.
    pub return_nullable: Option<bool>,
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

/// `Parameter` (§12.9).
#[derive(Debug)]
pub struct Parameter<'a> {
    /// `Name`.
    pub name: Name<'a>,
    /// `Type`.
    pub ty: TypeExpression<'a>,
    /// `Nullable`, if present. For a collection, it applies to the items.
    pub nullable: Option<bool>,
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

impl<'a> Operation<'a> {
    pub(super) fn read(
        reader: &mut Reader<'_>,
        kind: OperationKind,
        node: Node<'_, 'a>,
    ) -> Option<Self> {
        let [name, is_bound, is_composable] = attributes(node, ["Name", "IsBound", "IsComposable"]);
        let mut operation = Operation {
            kind,
            name: reader.identifier(node, name)?,
            is_bound: reader.boolean(is_bound).unwrap_or(false),
            is_composable: reader.boolean(is_composable).unwrap_or(false),
            parameters: Vec::new(),
            return_type: None,
            return_nullable: None,
            annotations: Vec::new(),
        };
        for (element, child) in children(node) {
            match element {
                "Parameter" => operation.parameters.extend(Parameter::read(reader, child)),
                "ReturnType" => {
                    let [ty, nullable] = attributes(child, ["Type", "Nullable"]);
                    operation.return_type = TypeExpression::read(reader, child, ty);
                    operation.return_nullable = reader.boolean(nullable);
                }
                "Annotation" => operation
                    .annotations
                    .extend(Annotation::read(reader, child)),
                _ => {}
            }
        }
        Some(operation)
    }
}

impl<'a> Parameter<'a> {
    fn read(reader: &mut Reader<'_>, node: Node<'_, 'a>) -> Option<Self> {
        let [name, ty, nullable] = attributes(node, ["Name", "Type", "Nullable"]);
        let name = reader.identifier(node, name);
        let ty = TypeExpression::read(reader, node, ty);
        let nullable = reader.boolean(nullable);
        Some(Parameter {
            name: name?,
            ty: ty?,
            nullable,
            annotations: Annotation::all(reader, node),
        })
    }
}
