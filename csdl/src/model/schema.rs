//! The whole model, and queries on it.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Index;

use super::service::{ContainerChild, Operation, OperationImport};
use super::types::{
    DeclaredProperty, ItemType, NavigationProperty, Property, StructuredType, TypeDeclaration,
    TypeId, TypeKind, TypeReference,
};
use crate::document::{Annotation, Name, StructuredKind, Text};

/// The common base type of Graph's entities. By Graph's conventions, it is not used as a type of
/// its own.
pub const GRAPH_ENTITY: (&str, &str) = ("microsoft.graph", "entity");

/// Graph's name for any JSON value: a complex type without properties.
const GRAPH_JSON: (&str, &str) = ("microsoft.graph", "Json");

/// The types of each namespace, by name.
pub(crate) type TypeIndex<'a> = BTreeMap<Text<'a>, HashMap<Text<'a>, TypeId>>;

/// The model of one or more documents.
#[derive(Debug, Default)]
pub struct Schema<'a> {
    pub(crate) types: Vec<TypeDeclaration<'a>>,
    pub(crate) index: TypeIndex<'a>,
    pub(crate) operations: Vec<Operation<'a>>,
    /// The indices of the operations bound to a type, or to a collection of it.
    pub(crate) bound: HashMap<(TypeId, bool), Vec<usize>>,
    pub(crate) container: Vec<ContainerChild<'a>>,
    pub(crate) imports: Vec<OperationImport<'a>>,
    /// Qualified name of the entity container.
    pub(crate) container_name: Option<String>,
    /// Namespaces by alias. If several documents declare an alias, the first is used.
    pub(crate) aliases: BTreeMap<Text<'a>, Text<'a>>,
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

    /// The index of one of the [`operations`](Self::operations).
    pub fn operation_index(&self, operation: &Operation<'a>) -> Option<usize> {
        let mut operations = self.operations.iter();
        operations.position(|other| std::ptr::eq(other, operation))
    }

    /// The operations bound to a type, or to a collection of it: those bound to the nearest supertype
    /// first, then by name.
    pub fn bound_operations(
        &self,
        ty: TypeId,
        is_collection: bool,
    ) -> impl Iterator<Item = &Operation<'a>> {
        self.supertypes(ty)
            .filter_map(move |ty| self.bound.get(&(ty, is_collection)))
            .flatten()
            .filter_map(|nth| self.operations.get(*nth))
    }

    /// Entity sets and singletons, by name.
    pub fn container(&self) -> &[ContainerChild<'a>] {
        &self.container
    }

    /// Action and function imports, by name.
    pub fn imports(&self) -> &[OperationImport<'a>] {
        &self.imports
    }

    /// Finds an entity set or singleton by name.
    pub fn container_child(&self, name: &str) -> Option<&ContainerChild<'a>> {
        self.container.iter().find(|child| child.name.text == name)
    }

    /// The qualified name of the entity container.
    pub fn container_name(&self) -> Option<&str> {
        self.container_name.as_deref()
    }

    /// Finds a type by its qualified name, with its namespace and not an alias.
    pub fn find(&self, qualified: &str) -> Option<TypeId> {
        let (namespace, name) = qualified.rsplit_once('.')?;
        self.find_in(namespace, name)
    }

    pub(crate) fn find_in(&self, namespace: &str, name: &str) -> Option<TypeId> {
        self.index.get(namespace)?.get(name).copied()
    }

    /// Replaces the alias in a qualified name, as found in URLs and annotations, with the namespace.
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

    /// Whether entities of a type may have a media stream: it, a supertype or a subtype has
    /// `HasStream`.
    pub fn has_stream(&self, id: TypeId) -> bool {
        let has_stream = |id| self.structured(id).is_some_and(|ty| ty.has_stream);
        self.supertypes(id).any(has_stream) || self.has_subtype(id, &has_stream)
    }

    /// Whether any direct or indirect subtype passes a test.
    fn has_subtype(&self, id: TypeId, passes: &dyn Fn(TypeId) -> bool) -> bool {
        let mut derived = self.structured(id).into_iter().flat_map(|ty| &ty.derived);
        derived.any(|id| passes(*id) || self.has_subtype(*id, passes))
    }

    /// Whether a type is an entity type.
    pub fn is_entity(&self, id: TypeId) -> bool {
        let ty = self.structured(id);
        ty.is_some_and(|ty| ty.kind == StructuredKind::Entity)
    }

    /// Whether a type represents any JSON value.
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

    /// The type itself and its supertypes, nearest first.
    pub fn supertypes(&self, id: TypeId) -> impl Iterator<Item = TypeId> {
        std::iter::successors(Some(id), |id| self.structured(*id)?.base)
    }

    /// Whether `id` is `ancestor` or a subtype of it.
    pub fn is_subtype_of(&self, id: TypeId, ancestor: TypeId) -> bool {
        self.supertypes(id).any(|ty| ty == ancestor)
    }

    /// All direct and indirect subtypes, by qualified name.
    pub fn subtypes(&self, id: TypeId) -> Vec<TypeId> {
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

    /// The same from the root: base types first.
    fn root_first(&self, id: TypeId) -> impl Iterator<Item = (TypeId, &StructuredType<'a>)> {
        let mut supertypes: Vec<TypeId> = self.supertypes(id).collect();
        supertypes.reverse();
        supertypes
            .into_iter()
            .filter_map(|id| Some((id, self.structured(id)?)))
    }

    /// Declared and inherited structural properties, base types first, with the declaring type. A
    /// redeclared property keeps the position of the inherited one.
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

    /// Finds a structural property by name, including inherited ones.
    pub fn property(&self, id: TypeId, name: &str) -> Option<&Property<'a>> {
        self.supertypes(id).find_map(|id| {
            self.structured(id)?
                .properties
                .iter()
                .find(|property| property.name.text == name)
        })
    }

    /// Finds a navigation property by name, including inherited ones, and its declaring type.
    pub fn navigation_property(
        &self,
        id: TypeId,
        name: &str,
    ) -> Option<(TypeId, &NavigationProperty<'a>)> {
        self.supertypes(id).find_map(|id| {
            let ty = self.structured(id)?;
            let property = ty
                .navigation_properties
                .iter()
                .find(|property| property.name.text == name)?;
            Some((id, property))
        })
    }

    /// The declaration of a structural or navigation property by name, including inherited ones.
    pub fn declared_property(&self, id: TypeId, name: &str) -> Option<DeclaredProperty<'_, 'a>> {
        self.supertypes(id).find_map(|declaring| {
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

    /// The annotations of a property for `id`, beginning with those that subtypes of the declaring
    /// type add.
    pub fn property_annotations<'s>(
        &'s self,
        id: TypeId,
        name: &'s str,
        declared: &'s [Annotation<'a>],
    ) -> impl Iterator<Item = &'s Annotation<'a>> {
        self.supertypes(id)
            .filter_map(|id| self.structured(id))
            .flat_map(|ty| &ty.inherited_annotations)
            .filter(move |(property, _)| property == name)
            .flat_map(|(_, annotations)| annotations)
            .chain(declared)
    }

    /// The key of an entity type, possibly inherited.
    pub fn key(&self, id: TypeId) -> &[Name<'a>] {
        self.supertypes(id)
            .find_map(|id| self.structured(id)?.key.as_deref())
            .unwrap_or_default()
    }
}

/// A type in CSDL notation, without aliases.
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
