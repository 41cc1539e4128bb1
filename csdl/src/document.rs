//! A CSDL document as it is written: OData CSDL XML 4.01, section numbers beside each element.
//! Names are not looked up and nothing is inherited here; that is [`crate::model`].

use std::borrow::Cow;

use crate::source::{FileId, Span};

/// A text of the document; owned only where XML escapes had to be undone.
pub type Text<'a> = Cow<'a, str>;

/// A text with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name<'a> {
    /// The text.
    pub text: Text<'a>,
    /// Where it stands.
    pub span: Span,
}

/// `edmx:Edmx` (§3.1) with the schemas of its `edmx:DataServices` (§3.2).
#[derive(Debug)]
pub struct Document<'a> {
    /// The source that it was read from.
    pub file: FileId,
    /// `edmx:Reference` (§3.3): kept, never followed.
    pub references: Vec<Reference<'a>>,
    /// `Schema`.
    pub schemas: Vec<Schema<'a>>,
}

/// `edmx:Reference` (§3.3).
#[derive(Debug)]
pub struct Reference<'a> {
    /// `Uri`.
    pub uri: Name<'a>,
    /// `edmx:Include` (§3.4): namespace and alias. An alias holds in the whole document.
    pub includes: Vec<(Name<'a>, Option<Name<'a>>)>,
}

/// `Schema` (§5).
#[derive(Debug)]
pub struct Schema<'a> {
    /// `Namespace` (§5.1).
    pub namespace: Name<'a>,
    /// `Alias` (§5.2): holds in the whole document, also before it is declared.
    pub alias: Option<Name<'a>>,
    /// `EntityType` (§6) and `ComplexType` (§9).
    pub structured_types: Vec<StructuredType<'a>>,
    /// `EnumType` (§10).
    pub enum_types: Vec<EnumType<'a>>,
    /// `TypeDefinition` (§11).
    pub type_definitions: Vec<TypeDefinition<'a>>,
    /// `Action` and `Function` (§12).
    pub operations: Vec<Operation<'a>>,
    /// `EntityContainer` (§13).
    pub containers: Vec<EntityContainer<'a>>,
    /// `Term` (§14.1).
    pub terms: Vec<Term<'a>>,
    /// `Annotations` with an external target (§14.2).
    pub annotations: Vec<TargetedAnnotations<'a>>,
}

/// What a structured type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StructuredKind {
    /// `EntityType`.
    Entity,
    /// `ComplexType`.
    Complex,
}

/// `EntityType` (§6) or `ComplexType` (§9).
#[derive(Debug)]
pub struct StructuredType<'a> {
    /// Entity or complex.
    pub kind: StructuredKind,
    /// `Name`.
    pub name: Name<'a>,
    /// `BaseType`, as written.
    pub base_type: Option<Name<'a>>,
    /// `Abstract`.
    pub is_abstract: bool,
    /// `OpenType`; a type derived from an open one is open too.
    pub is_open: bool,
    /// `Key` (§6.5): property paths.
    pub key: Option<Vec<Name<'a>>>,
    /// `Property` (§7), in document order.
    pub properties: Vec<Property<'a>>,
    /// `NavigationProperty` (§8), in document order.
    pub navigation_properties: Vec<NavigationProperty<'a>>,
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

/// The value of a `Type` attribute: a qualified name, or `Collection(…)` of one.
#[derive(Clone, Debug)]
pub struct TypeExpression<'a> {
    /// Whether it stands in `Collection(…)`.
    pub is_collection: bool,
    /// The qualified name, as written.
    pub name: Name<'a>,
}

/// `Property` (§7).
#[derive(Debug)]
pub struct Property<'a> {
    /// `Name`.
    pub name: Name<'a>,
    /// `Type`.
    pub ty: TypeExpression<'a>,
    /// `Nullable` where it is written; of a collection it speaks of the items.
    pub nullable: Option<bool>,
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

/// `NavigationProperty` (§8).
#[derive(Debug)]
pub struct NavigationProperty<'a> {
    /// `Name`.
    pub name: Name<'a>,
    /// `Type`.
    pub ty: TypeExpression<'a>,
    /// `Nullable` where it is written.
    pub nullable: Option<bool>,
    /// `ContainsTarget`.
    pub contains_target: bool,
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

/// `EnumType` (§10).
#[derive(Debug)]
pub struct EnumType<'a> {
    /// `Name`.
    pub name: Name<'a>,
    /// `IsFlags`.
    pub is_flags: bool,
    /// `UnderlyingType` where it is written.
    pub underlying_type: Option<Name<'a>>,
    /// `Member`, in document order.
    pub members: Vec<Member<'a>>,
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

/// `Member` (§10.3) of an enumeration.
#[derive(Debug)]
pub struct Member<'a> {
    /// `Name`.
    pub name: Name<'a>,
    /// `Value`; counted from 0 where no member has one.
    pub value: i64,
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

/// `TypeDefinition` (§11).
#[derive(Debug)]
pub struct TypeDefinition<'a> {
    /// `Name`.
    pub name: Name<'a>,
    /// `UnderlyingType`, as written.
    pub underlying_type: Name<'a>,
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

/// What an operation is.
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
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

/// `EntityContainer` (§13).
#[derive(Debug)]
pub struct EntityContainer<'a> {
    /// `Name`.
    pub name: Name<'a>,
    /// `Extends`, as written.
    pub extends: Option<Name<'a>>,
    /// `EntitySet` (§13.2), `Singleton` (§13.3) and the imports, in document order.
    pub children: Vec<ContainerChild<'a>>,
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

/// What a child of a container is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContainerChildKind {
    /// `EntitySet`.
    EntitySet,
    /// `Singleton`.
    Singleton,
    /// `ActionImport` (§13.5) or `FunctionImport` (§13.6).
    OperationImport,
}

/// `EntitySet` (§13.2), `Singleton` (§13.3), `ActionImport` or `FunctionImport`.
#[derive(Debug)]
pub struct ContainerChild<'a> {
    /// What it is.
    pub kind: ContainerChildKind,
    /// `Name`.
    pub name: Name<'a>,
    /// `EntityType` of a set, `Type` of a singleton, the operation of an import; as written.
    pub ty: Name<'a>,
    /// `NavigationPropertyBinding` (§13.4): path and target.
    pub bindings: Vec<(Name<'a>, Name<'a>)>,
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

/// `Term` (§14.1).
#[derive(Debug)]
pub struct Term<'a> {
    /// `Name`.
    pub name: Name<'a>,
    /// `Type`.
    pub ty: TypeExpression<'a>,
    /// `DefaultValue`, as written.
    pub default_value: Option<Name<'a>>,
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

/// `Annotations` (§14.2.2): annotations that stand apart from what they speak of.
#[derive(Debug)]
pub struct TargetedAnnotations<'a> {
    /// `Target` (§14.2.2), as written.
    pub target: Name<'a>,
    /// The annotations.
    pub annotations: Vec<Annotation<'a>>,
}

/// `Annotation` (§14.2).
#[derive(Clone, Debug)]
pub struct Annotation<'a> {
    /// `Term`, as written: with namespace or alias.
    pub term: Name<'a>,
    /// `Qualifier`.
    pub qualifier: Option<Text<'a>>,
    /// The value; absent where the term's default value is meant.
    pub value: Option<Expression<'a>>,
}

/// The value of an annotation (§14.3 constant, §14.4 dynamic).
#[derive(Clone, Debug, PartialEq)]
pub enum Expression<'a> {
    /// `Bool` (§14.3.2).
    Bool(bool),
    /// `String` (§14.3.11).
    String(Text<'a>),
    /// `Int` (§14.3.10).
    Int(i64),
    /// `Date` (§14.3.3).
    Date(Text<'a>),
    /// Another constant (`Binary`, `DateTimeOffset`, `Decimal`, `Duration`, `Float`, `Guid`,
    /// `TimeOfDay`): the element's name and its text.
    Constant(&'static str, Text<'a>),
    /// `EnumMember` (§14.3.7): the members, as written.
    EnumMember(Vec<Text<'a>>),
    /// `AnnotationPath`, `ModelElementPath`, `NavigationPropertyPath`, `PropertyPath` (§14.4.1).
    Path(Text<'a>),
    /// `Collection` (§14.4.6).
    Collection(Vec<Expression<'a>>),
    /// `Record` (§14.4.12): property name and value.
    Record(Vec<(Text<'a>, Expression<'a>)>),
    /// `Null` (§14.4.11).
    Null,
    /// Any other dynamic expression (`And` … `Mod` §14.4.2 to §14.4.4, `Apply`, `Cast`, `If`,
    /// `IsOf`, `LabeledElement`, `LabeledElementReference`, `Path`, `UrlRef`): the element's name and
    /// its operands, of `Path` its text. The generator needs no value that is computed, so none is evaluated.
    Dynamic(Text<'a>, Vec<Expression<'a>>),
}

impl<'a> Expression<'a> {
    /// The value of a record's property.
    pub fn property(&self, name: &str) -> Option<&Expression<'a>> {
        match self {
            Expression::Record(properties) => properties
                .iter()
                .find(|(property, _)| property == name)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The items of a collection; none of anything else.
    pub fn items(&self) -> &[Expression<'a>] {
        match self {
            Expression::Collection(items) => items,
            _ => &[],
        }
    }

    /// The value of a Boolean constant.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Expression::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// Whether a service computes it, or a part of it.
    pub fn is_dynamic(&self) -> bool {
        match self {
            Expression::Dynamic(..) => true,
            Expression::Collection(items) => items.iter().any(Expression::is_dynamic),
            Expression::Record(properties) => {
                properties.iter().any(|(_, value)| value.is_dynamic())
            }
            _ => false,
        }
    }

    /// The text of a string, date or path.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Expression::String(text) | Expression::Date(text) | Expression::Path(text) => {
                Some(text)
            }
            _ => None,
        }
    }

    /// The names of an enumeration value, without the enumeration's name:
    /// `Org.OData.Core.V1.Permission/Read` gives `Read`.
    pub fn members(&self) -> impl Iterator<Item = &str> {
        let members = match self {
            Expression::EnumMember(members) => members.as_slice(),
            _ => &[],
        };
        members
            .iter()
            .map(|member| member.rsplit('/').next().unwrap_or(member))
    }
}
