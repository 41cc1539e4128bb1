//! Declared types and what they consist of.

use std::fmt;

use super::edm::Primitive;
use crate::document::{Annotation, Name, StructuredKind, Text};

/// A type of a [`Schema`](super::Schema); ordered by qualified name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub(crate) u32);

/// A declared type.
#[derive(Debug)]
pub struct TypeDeclaration<'a> {
    /// The namespace, never an alias.
    pub namespace: Text<'a>,
    /// The name in the namespace.
    pub name: Name<'a>,
    /// Inline and targeted annotations.
    pub annotations: Vec<Annotation<'a>>,
    /// What is declared.
    pub kind: TypeKind<'a>,
}

impl TypeDeclaration<'_> {
    /// Namespace and name.
    pub fn qualified_name(&self) -> String {
        // Made for every property of the whole metadata: several times faster than `format!`.
        let (namespace, name) = (self.namespace.as_ref(), self.name.text.as_ref());
        let mut qualified = String::with_capacity(namespace.len() + 1 + name.len());
        qualified.push_str(namespace);
        qualified.push('.');
        qualified.push_str(name);
        qualified
    }
}

impl fmt::Display for TypeDeclaration<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.namespace)?;
        f.write_str(".")?;
        f.write_str(&self.name.text)
    }
}

/// What a type declaration declares.
#[derive(Debug)]
pub enum TypeKind<'a> {
    /// An entity or complex type.
    Structured(StructuredType<'a>),
    /// An enumeration type.
    Enumeration(EnumType<'a>),
    /// A type definition: a primitive type under another name.
    Definition(Primitive),
}

/// An entity or complex type.
#[derive(Debug)]
pub struct StructuredType<'a> {
    /// Entity or complex.
    pub kind: StructuredKind,
    /// The base type.
    pub base: Option<TypeId>,
    /// The types that name this one as their base.
    pub derived: Vec<TypeId>,
    /// Whether no value is of just this type.
    pub is_abstract: bool,
    /// Whether it or a base type takes dynamic properties.
    pub is_open: bool,
    /// The key that is declared here: property paths.
    pub key: Option<Vec<Name<'a>>>,
    /// Declared here, not inherited.
    pub properties: Vec<Property<'a>>,
    /// Declared here, not inherited.
    pub navigation_properties: Vec<NavigationProperty<'a>>,
    /// Annotations that this type adds to a property of a base type.
    pub inherited_annotations: Vec<(Text<'a>, Vec<Annotation<'a>>)>,
}

/// A structural property.
#[derive(Debug)]
pub struct Property<'a> {
    /// The name on the wire.
    pub name: Name<'a>,
    /// The type.
    pub ty: TypeReference,
    /// Whether null is a value of it (of a collection: of its items).
    pub nullable: bool,
    /// Inline and targeted annotations.
    pub annotations: Vec<Annotation<'a>>,
    /// Whether the manifest or the facts declare it, and not the metadata.
    pub is_added: bool,
}

/// A navigation property.
#[derive(Debug)]
pub struct NavigationProperty<'a> {
    /// The name on the wire.
    pub name: Name<'a>,
    /// The entity type it leads to.
    pub target: TypeId,
    /// Whether it leads to many.
    pub is_collection: bool,
    /// Whether there may be no target.
    pub nullable: bool,
    /// Whether the target lives and dies with the source.
    pub contains_target: bool,
    /// Inline and targeted annotations.
    pub annotations: Vec<Annotation<'a>>,
}

/// What structural and navigation properties have in common.
#[derive(Clone, Copy, Debug)]
pub struct DeclaredProperty<'s, 'a> {
    /// The type that declares it.
    pub declaring: TypeId,
    /// Its type; that of the entity that a navigation property leads to.
    pub ty: TypeReference,
    /// Inline and targeted annotations.
    pub annotations: &'s [Annotation<'a>],
}

/// The type of a property, parameter or result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeReference {
    /// Whether it is a collection of the item type.
    pub is_collection: bool,
    /// The type of one item.
    pub item: ItemType,
}

/// A primitive or a declared type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemType {
    /// A type of the namespace `Edm`.
    Primitive(Primitive),
    /// A type of the model.
    Declared(TypeId),
}

/// An enumeration type.
#[derive(Debug)]
pub struct EnumType<'a> {
    /// Whether a value is a set of members.
    pub is_flags: bool,
    /// The underlying type where it is written.
    pub underlying_type: Option<Name<'a>>,
    /// The members in document order.
    pub members: Vec<Member<'a>>,
}

/// A member of an enumeration.
#[derive(Debug)]
pub struct Member<'a> {
    /// The name on the wire.
    pub name: Name<'a>,
    /// The number it stands for.
    pub value: i64,
    /// Inline and targeted annotations.
    pub annotations: Vec<Annotation<'a>>,
}
