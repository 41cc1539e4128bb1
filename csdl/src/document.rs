//! A CSDL document as written, with the section numbers of OData CSDL XML 4.01. Names are not
//! resolved here; see [`crate::model`].

mod annotation;
mod container;
mod edmx;
mod enum_type;
mod expression;
pub(crate) mod identifier;
mod name;
mod navigation_property;
mod operation;
mod other_format;
mod parse;
mod property;
mod reader;
mod schema;
mod structured_type;
mod targeted_annotations;
mod type_definition;
mod type_expression;

pub use annotation::Annotation;
pub use container::{ContainerChild, ContainerChildKind, EntityContainer};
pub use edmx::Document;
pub use enum_type::{EnumType, Member};
pub use expression::Expression;
pub use name::{Name, Text};
pub use navigation_property::NavigationProperty;
pub use operation::{Operation, OperationKind, Parameter};
pub use parse::parse;
pub use property::Property;
pub use schema::Schema;
pub use structured_type::{StructuredKind, StructuredType};
pub use targeted_annotations::TargetedAnnotations;
pub use type_definition::TypeDefinition;
pub use type_expression::TypeExpression;
pub(crate) use type_expression::split_collection;
