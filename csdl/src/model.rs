//! The resolved model: every name looked up, inheritance checked, annotations where they belong.
//!
//! The order of types, operations and container children is by name, so that nothing behind this
//! stage depends on the order in a document. Properties keep the order of their declaration.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::ops::Index;

use crate::document::{
    Annotation, ContainerChildKind, Expression, Name, OperationKind, StructuredKind, Text,
};
use crate::vocabulary;

/// The common base of Graph's entities. Its name is part of Graph's conventions: no SDK counts it
/// as a type that callers tell apart.
pub const GRAPH_ENTITY: (&str, &str) = ("microsoft.graph", "entity");

/// Graph's name for any JSON value: a complex type without properties.
const GRAPH_JSON: (&str, &str) = ("microsoft.graph", "Json");

/// The model of one or more documents.
#[derive(Debug, Default)]
pub struct Schema<'a> {
    pub(crate) types: Vec<TypeDeclaration<'a>>,
    pub(crate) index: HashMap<Text<'a>, HashMap<Text<'a>, TypeId>>,
    pub(crate) operations: Vec<Operation<'a>>,
    pub(crate) container: Vec<ContainerChild<'a>>,
    /// Qualified name of the entity container.
    pub(crate) container_name: Option<String>,
    /// Namespaces by alias; of one that several documents declare, that of the first.
    pub(crate) aliases: BTreeMap<Text<'a>, Text<'a>>,
}

/// A type of a [`Schema`]; ordered by qualified name.
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

/// The types of the namespace `Edm` that a value can have (OData CSDL XML 4.01 §4.4 to §4.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named like the type it stands for")]
pub enum Primitive {
    Binary,
    Boolean,
    Byte,
    Date,
    DateTimeOffset,
    Decimal,
    Double,
    Duration,
    Guid,
    Int16,
    Int32,
    Int64,
    SByte,
    Single,
    Stream,
    String,
    TimeOfDay,
    /// Any JSON value: `Edm.Untyped`, the abstract types, and the geographies, which OData writes
    /// as GeoJSON.
    Untyped,
}

impl Primitive {
    /// The type of a name without the `Edm.`.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "Binary" => Self::Binary,
            "Boolean" => Self::Boolean,
            "Byte" => Self::Byte,
            "Date" => Self::Date,
            "DateTimeOffset" => Self::DateTimeOffset,
            "Decimal" => Self::Decimal,
            "Double" => Self::Double,
            "Duration" => Self::Duration,
            "Guid" => Self::Guid,
            "Int16" => Self::Int16,
            "Int32" => Self::Int32,
            "Int64" => Self::Int64,
            "SByte" => Self::SByte,
            "Single" => Self::Single,
            "Stream" => Self::Stream,
            "String" => Self::String,
            "TimeOfDay" => Self::TimeOfDay,
            "Untyped" | "PrimitiveType" | "ComplexType" | "EntityType" => Self::Untyped,
            _ if name
                .strip_prefix("Geography")
                .or_else(|| name.strip_prefix("Geometry"))
                .is_some_and(|shape| {
                    matches!(
                        shape,
                        "" | "Point"
                            | "LineString"
                            | "Polygon"
                            | "MultiPoint"
                            | "MultiLineString"
                            | "MultiPolygon"
                            | "Collection"
                    )
                }) =>
            {
                Self::Untyped
            }
            _ => return None,
        })
    }

    /// The name without the `Edm.`; every type that holds any JSON value is `Untyped`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Binary => "Binary",
            Self::Boolean => "Boolean",
            Self::Byte => "Byte",
            Self::Date => "Date",
            Self::DateTimeOffset => "DateTimeOffset",
            Self::Decimal => "Decimal",
            Self::Double => "Double",
            Self::Duration => "Duration",
            Self::Guid => "Guid",
            Self::Int16 => "Int16",
            Self::Int32 => "Int32",
            Self::Int64 => "Int64",
            Self::SByte => "SByte",
            Self::Single => "Single",
            Self::Stream => "Stream",
            Self::String => "String",
            Self::TimeOfDay => "TimeOfDay",
            Self::Untyped => "Untyped",
        }
    }
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

/// One overload of an action or function.
#[derive(Debug)]
pub struct Operation<'a> {
    /// Action or function.
    pub kind: OperationKind,
    /// The namespace, never an alias.
    pub namespace: Text<'a>,
    /// The name in the namespace.
    pub name: Name<'a>,
    /// Whether the first parameter is the binding parameter.
    pub is_bound: bool,
    /// Whether a path may go on behind it.
    pub is_composable: bool,
    /// Name and type, the binding parameter first.
    pub parameters: Vec<(Name<'a>, TypeReference)>,
    /// The type of the result.
    pub return_type: Option<TypeReference>,
    /// Inline and targeted annotations.
    pub annotations: Vec<Annotation<'a>>,
}

/// An entity set or singleton.
#[derive(Debug)]
pub struct ContainerChild<'a> {
    /// Entity set or singleton.
    pub kind: ContainerChildKind,
    /// The first segment of its URLs.
    pub name: Name<'a>,
    /// The entity type.
    pub ty: TypeId,
    /// Navigation property bindings: path and target, as written.
    pub bindings: Vec<(Name<'a>, Name<'a>)>,
    /// Inline and targeted annotations.
    pub annotations: Vec<Annotation<'a>>,
}

impl<'a> Index<TypeId> for Schema<'a> {
    type Output = TypeDeclaration<'a>;

    #[expect(
        clippy::indexing_slicing,
        reason = "only `resolve` makes a `TypeId`, from the length of this very list"
    )]
    fn index(&self, id: TypeId) -> &TypeDeclaration<'a> {
        &self.types[id.0 as usize]
    }
}

impl<'a> Schema<'a> {
    /// All declared types, by qualified name.
    pub fn types(&self) -> impl Iterator<Item = (TypeId, &TypeDeclaration<'a>)> {
        (0u32..).map(TypeId).zip(&self.types)
    }

    /// All operations, by name.
    pub fn operations(&self) -> &[Operation<'a>] {
        &self.operations
    }

    /// Entity sets and singletons, by name.
    pub fn container(&self) -> &[ContainerChild<'a>] {
        &self.container
    }

    /// An entity set or singleton by name.
    pub fn container_child(&self, name: &str) -> Option<&ContainerChild<'a>> {
        self.container.iter().find(|child| child.name.text == name)
    }

    /// The qualified name of the entity container.
    pub fn container_name(&self) -> Option<&str> {
        self.container_name.as_deref()
    }

    /// A type by its qualified name: with its namespace, not an alias.
    pub fn find(&self, qualified: &str) -> Option<TypeId> {
        let (namespace, name) = qualified.rsplit_once('.')?;
        self.index.get(namespace)?.get(name).copied()
    }

    /// The aliases of namespaces, each with its namespace.
    pub fn aliases(&self) -> &BTreeMap<Text<'a>, Text<'a>> {
        &self.aliases
    }

    /// A qualified name with the namespace, where it is written with an alias: URLs, and texts in annotations, may be.
    pub fn unaliased<'n>(&self, qualified: &'n str) -> Cow<'n, str> {
        let split = qualified.rsplit_once('.');
        match split.and_then(|(alias, name)| Some((self.aliases.get(alias)?, name))) {
            Some((namespace, name)) => Cow::Owned(format!("{namespace}.{name}")),
            None => Cow::Borrowed(qualified),
        }
    }

    pub(crate) fn kind_mut(&mut self, id: TypeId) -> Option<&mut TypeKind<'a>> {
        let declaration = self.types.get_mut(id.0 as usize)?;
        Some(&mut declaration.kind)
    }

    /// The structured type of an id; `None` for enumerations and definitions.
    pub fn structured(&self, id: TypeId) -> Option<&StructuredType<'a>> {
        match &self[id].kind {
            TypeKind::Structured(ty) => Some(ty),
            _ => None,
        }
    }

    /// Whether a type stands for any JSON value.
    pub fn is_untyped(&self, id: TypeId) -> bool {
        let declaration = &self[id];
        let name = (
            declaration.namespace.as_ref(),
            declaration.name.text.as_ref(),
        );
        name == GRAPH_JSON
            && self
                .structured(id)
                .is_some_and(|ty| ty.properties.is_empty() && ty.base.is_none())
    }

    /// The type and its base types, nearest first.
    pub fn lineage(&self, id: TypeId) -> impl Iterator<Item = TypeId> {
        std::iter::successors(Some(id), |id| self.structured(*id)?.base)
    }

    /// Whether `id` is `ancestor` or derives from it.
    pub fn is_a(&self, id: TypeId, ancestor: TypeId) -> bool {
        self.lineage(id).any(|ty| ty == ancestor)
    }

    /// All types that derive from this one, directly or not, by qualified name.
    pub fn descendants(&self, id: TypeId) -> Vec<TypeId> {
        let mut found = Vec::new();
        let mut open = vec![id];
        while let Some(ty) = open.pop() {
            if let Some(ty) = self.structured(ty) {
                found.extend(&ty.derived);
                open.extend(&ty.derived);
            }
        }
        found.sort_unstable();
        found
    }

    /// The lineage from the root down: base types first.
    fn root_first(&self, id: TypeId) -> impl Iterator<Item = (TypeId, &StructuredType<'a>)> {
        let mut lineage: Vec<TypeId> = self.lineage(id).collect();
        lineage.reverse();
        lineage
            .into_iter()
            .filter_map(|id| Some((id, self.structured(id)?)))
    }

    /// Declared and inherited structural properties, base types first, with the declaring type. A
    /// property that a derived type declares again stands where the base has it, as derived.
    pub fn properties(&self, id: TypeId) -> Vec<(TypeId, &Property<'a>)> {
        let mut all: Vec<(TypeId, &Property<'a>)> = Vec::new();
        for (declaring, ty) in self.root_first(id) {
            let inherited = all.len();
            for property in &ty.properties {
                match all
                    .iter_mut()
                    .take(inherited)
                    .find(|(_, base)| base.name.text == property.name.text)
                {
                    Some(slot) => *slot = (declaring, property),
                    None => all.push((declaring, property)),
                }
            }
        }
        all
    }

    /// Declared and inherited navigation properties, base types first, with the declaring type.
    pub fn navigation_properties(&self, id: TypeId) -> Vec<(TypeId, &NavigationProperty<'a>)> {
        self.root_first(id)
            .flat_map(|(declaring, ty)| {
                ty.navigation_properties
                    .iter()
                    .map(move |property| (declaring, property))
            })
            .collect()
    }

    /// A structural property by name, inherited ones included.
    pub fn property(&self, id: TypeId, name: &str) -> Option<&Property<'a>> {
        self.lineage(id).find_map(|id| {
            self.structured(id)?
                .properties
                .iter()
                .find(|property| property.name.text == name)
        })
    }

    /// A navigation property by name with the declaring type, inherited ones included.
    pub fn navigation_property(
        &self,
        id: TypeId,
        name: &str,
    ) -> Option<(TypeId, &NavigationProperty<'a>)> {
        self.lineage(id).find_map(|id| {
            let ty = self.structured(id)?;
            let property = ty
                .navigation_properties
                .iter()
                .find(|property| property.name.text == name)?;
            Some((id, property))
        })
    }

    /// What a structural or navigation property of this name is declared as, inherited ones included.
    pub fn declared_property(&self, id: TypeId, name: &str) -> Option<DeclaredProperty<'_, 'a>> {
        self.lineage(id).find_map(|declaring| {
            let ty = self.structured(declaring)?;
            let mut properties = ty.properties.iter();
            if let Some(property) = properties.find(|property| property.name.text == name) {
                return Some(DeclaredProperty {
                    declaring,
                    ty: property.ty,
                    annotations: &property.annotations,
                });
            }
            let mut properties = ty.navigation_properties.iter();
            let property = properties.find(|property| property.name.text == name)?;
            Some(DeclaredProperty {
                declaring,
                ty: TypeReference {
                    is_collection: property.is_collection,
                    item: ItemType::Declared(property.target),
                },
                annotations: &property.annotations,
            })
        })
    }

    /// The annotations of a property as seen from `id`: what a type on the way from it to the
    /// declaring type adds comes first.
    pub fn property_annotations<'s>(
        &'s self,
        id: TypeId,
        name: &'s str,
        declared: &'s [Annotation<'a>],
    ) -> impl Iterator<Item = &'s Annotation<'a>> {
        self.lineage(id)
            .filter_map(|id| self.structured(id))
            .flat_map(|ty| &ty.inherited_annotations)
            .filter(move |(property, _)| property == name)
            .flat_map(|(_, annotations)| annotations)
            .chain(declared)
    }

    /// The key of an entity type: its own or an inherited one.
    pub fn key(&self, id: TypeId) -> &[Name<'a>] {
        self.lineage(id)
            .find_map(|id| self.structured(id)?.key.as_deref())
            .unwrap_or_default()
    }
}

/// The value of the first annotation with this term and no qualifier.
pub fn annotation<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
    term: &str,
) -> Option<&'s Expression<'a>> {
    const TAGGED: &Expression<'static> = &Expression::Bool(true);
    annotations
        .into_iter()
        .find(|annotation| annotation.term.text == term && annotation.qualifier.is_none())
        // Every term that the generator asks for by its mere presence is a `Core.Tag`, whose
        // default is true.
        .map(|annotation| annotation.value.as_ref().unwrap_or(TAGGED))
}

/// Whether a tagging term stands here and is not false.
pub fn is_tagged<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
    term: &str,
) -> bool {
    annotation(annotations, term).and_then(Expression::as_bool) == Some(true)
}

/// A deprecation that `Core.Revisions` announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deprecation {
    /// `Date`, when it was announced.
    pub date: Option<String>,
    /// `RemovalDate`, when the element goes.
    pub removal_date: Option<String>,
    /// `Description`.
    pub description: Option<String>,
}

/// The deprecation among the annotations, if there is one.
pub fn deprecation<'s, 'a: 's>(
    annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
) -> Option<Deprecation> {
    let revision = annotation(annotations, vocabulary::REVISIONS)?
        .items()
        .iter()
        .find(|revision| {
            revision
                .property("Kind")
                .is_some_and(|kind| kind.members().any(|member| member == "Deprecated"))
        })?;
    let text = |name| {
        revision
            .property(name)
            .and_then(Expression::as_str)
            .map(str::to_owned)
    };
    Some(Deprecation {
        date: text("Date"),
        removal_date: text("RemovalDate"),
        description: text("Description"),
    })
}

/// A type as CSDL writes it, without aliases.
pub fn written_type(schema: &Schema<'_>, ty: TypeReference) -> String {
    let item = match ty.item {
        ItemType::Primitive(primitive) => format!("Edm.{}", primitive.name()),
        ItemType::Declared(id) => schema[id].qualified_name(),
    };
    if ty.is_collection {
        format!("Collection({item})")
    } else {
        item
    }
}
