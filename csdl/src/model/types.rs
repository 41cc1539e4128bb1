//! Declared types and their parts.

use std::fmt;

use super::declared::derefs;
use super::edm::Primitive;
use crate::document::{self, Annotation, EnumType, Name, Text};

/// A type in a [`Schema`](super::Schema). Ordered by qualified name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub(crate) u32);

/// A declared type.
#[derive(Debug)]
pub struct TypeDeclaration<'a> {
    /// The namespace, never an alias.
    pub namespace: Text<'a>,
    /// The name without the namespace.
    pub name: Name<'a>,
    /// Inline and targeted annotations.
    pub annotations: Vec<Annotation<'a>>,
    /// The declaration.
    pub kind: TypeKind<'a>,
}

impl TypeDeclaration<'_> {
    /// Namespace and name.
    pub fn qualified_name(&self) -> String {
        // Several times faster than `format!`, and called for every property.
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

/// The kind of a declared type.
#[derive(Debug)]
pub enum TypeKind<'a> {
    /// An entity or complex type.
    Structured(StructuredType<'a>),
    /// An enumeration type.
    Enumeration(EnumType<'a>),
    /// A type definition: a primitive type under another name.
    Definition(Primitive),
}

/// An entity or complex type. Dereferences to its declaration.
#[derive(Debug)]
pub struct StructuredType<'a> {
    /// The declaration, without what the fields below replace.
    pub declared: document::StructuredType<'a>,
    /// The base type.
    pub base: Option<TypeId>,
    /// Direct subtypes.
    pub derived: Vec<TypeId>,
    /// Whether it or a supertype accepts dynamic properties.
    pub is_open: bool,
    /// Declared by this type, not inherited.
    pub properties: Vec<Property<'a>>,
    /// Declared by this type, not inherited.
    pub navigation_properties: Vec<NavigationProperty<'a>>,
    /// Annotations that this type adds to a property of a base type.
    pub inherited_annotations: Vec<(Text<'a>, Vec<Annotation<'a>>)>,
}

/// A structural property. Dereferences to its declaration.
#[derive(Debug)]
pub struct Property<'a> {
    /// The declaration.
    pub declared: document::Property<'a>,
    /// The resolved type.
    pub ty: TypeReference,
    /// Whether it is nullable. For a collection, whether its items are.
    pub nullable: bool,
}

/// A navigation property. Dereferences to its declaration.
#[derive(Debug)]
pub struct NavigationProperty<'a> {
    /// The declaration.
    pub declared: document::NavigationProperty<'a>,
    /// The target type.
    pub target: TypeId,
    /// Whether it is collection-valued.
    pub is_collection: bool,
    /// Whether it is nullable.
    pub nullable: bool,
}

derefs! {
    StructuredType => document::StructuredType,
    Property => document::Property,
    NavigationProperty => document::NavigationProperty,
}

/// Common data of structural and navigation properties.
#[derive(Clone, Copy, Debug)]
pub struct DeclaredProperty<'s, 'a> {
    /// The type that declares it.
    pub declaring: TypeId,
    /// Its type, or the target type of a navigation property.
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
    /// A primitive type.
    Primitive(Primitive),
    /// A declared type.
    Declared(TypeId),
}
