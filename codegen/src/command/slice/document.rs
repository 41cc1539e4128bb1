//! The kept elements as a CSDL document.

use std::collections::BTreeMap;

use msgraph_csdl::document::{ContainerChildKind, OperationKind, StructuredKind};
use msgraph_csdl::model::{
    EnumType, GRAPH_ENTITY, ItemType, StructuredType, TypeId, TypeKind, TypeReference, written_type,
};

use super::xml::{self, XmlElement};
use super::{Element, Slicer};
use crate::lower::SENTINEL;

/// The children of a schema, in the order of the document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Enumerations,
    Definitions,
    Structured,
    Operations,
    Containers,
    Annotations,
}

/// By namespace.
type Schemas<'s> = BTreeMap<&'s str, BTreeMap<Section, Vec<XmlElement>>>;

fn add<'s>(
    schemas: &mut Schemas<'s>,
    namespace: &'s str,
    section: Section,
    elements: impl IntoIterator<Item = XmlElement>,
) {
    let schema = schemas.entry(namespace).or_default();
    schema.entry(section).or_default().extend(elements);
}

impl<'s> Slicer<'s, '_> {
    pub(super) fn document(&self) -> String {
        let mut schemas = Schemas::new();
        self.add_types(&mut schemas);
        self.add_operations(&mut schemas);
        self.add_container(&mut schemas);
        // Types are written without aliases, but paths in the manifest and strings in annotations may have one.
        let aliases = self.schema.aliases().iter();
        let schemas = schemas.into_iter().map(|(namespace, sections)| {
            let mut aliases = aliases.clone();
            let alias = aliases.find(|(_, of)| of.as_ref() == namespace);
            XmlElement::new("Schema")
                .with("Namespace", namespace)
                .with("xmlns", "http://docs.oasis-open.org/odata/ns/edm")
                .with_some("Alias", alias.map(|(alias, _)| alias.as_ref()))
                .containing(sections.into_values().flatten())
        });
        xml::document(schemas.collect())
    }

    fn add_types(&self, schemas: &mut Schemas<'s>) {
        for id in &self.kept.types {
            let declaration = &self.schema[*id];
            let namespace = declaration.namespace.as_ref();
            let name = declaration.name.text.as_ref();
            let (section, element) = match &declaration.kind {
                TypeKind::Structured(ty) => {
                    let inherited = self.inherited_annotations(*id, ty);
                    if !inherited.is_empty() {
                        add(schemas, namespace, Section::Annotations, inherited);
                    }
                    (Section::Structured, self.structured(*id, ty))
                }
                TypeKind::Enumeration(ty) => (Section::Enumerations, self.enumeration(*id, ty)),
                TypeKind::Definition(primitive) => {
                    let underlying = format!("Edm.{}", primitive.name());
                    let element = XmlElement::new("TypeDefinition")
                        .with("Name", name)
                        .with("UnderlyingType", underlying)
                        .containing(self.annotations_of(Element::Type(*id)));
                    (Section::Definitions, element)
                }
            };
            add(schemas, namespace, section, [element]);
        }
    }

    fn enumeration(&self, id: TypeId, ty: &EnumType<'_>) -> XmlElement {
        // An enumeration has at least one member (OData CSDL XML 4.01 §10.3).
        let count = match ty.members.last() {
            _ if !self.kept.enumerations.contains(&id) => 1,
            // The sentinel has an effect only on the members after it.
            Some(last) if last.name.text == SENTINEL => ty.members.len() - 1,
            _ => ty.members.len(),
        };
        let members = ty.members.iter().enumerate().take(count.max(1));
        let members = members.map(|(nth, member)| {
            XmlElement::new("Member")
                .with("Name", member.name.text.as_ref())
                .with("Value", member.value.to_string())
                .containing(self.annotations_of(Element::Member(id, nth)))
        });
        let underlying = ty.underlying_type.as_ref();
        XmlElement::new("EnumType")
            .with("Name", self.schema[id].name.text.as_ref())
            .with_some("UnderlyingType", underlying.map(|name| name.text.as_ref()))
            .flag("IsFlags", ty.is_flags)
            .containing(members)
            .containing(self.annotations_of(Element::Type(id)))
    }

    fn structured(&self, id: TypeId, ty: &StructuredType<'_>) -> XmlElement {
        let schema = self.schema;
        let base = ty.base.filter(|base| self.kept.types.contains(base));
        let is_open_base = base
            .and_then(|base| schema.structured(base))
            .is_some_and(|base| base.is_open);
        let key = ty.key.iter().filter(|_| self.kept.keys.contains(&id));
        let key = key.map(|key| {
            let names = key.iter();
            XmlElement::new("Key").containing(
                names.map(|name| XmlElement::new("PropertyRef").with("Name", name.text.as_ref())),
            )
        });
        let is_kept = |element: Element| self.kept.elements.contains(&element);
        let properties = ty.properties.iter().enumerate();
        let properties = properties
            .map(|(nth, property)| (Element::Property(id, nth), property))
            .filter(|(element, property)| is_kept(*element) && !property.is_added)
            .map(|(element, property)| {
                // By default, a single value is nullable, and a collection has no null items.
                let is_default = property.nullable != property.ty.is_collection;
                let nullable = (!is_default).then(|| property.nullable.to_string());
                XmlElement::new("Property")
                    .with("Name", property.name.text.as_ref())
                    .with("Type", written_type(schema, property.ty))
                    .with_some("Nullable", nullable)
                    .containing(self.annotations_of(element))
            });
        let navigation = ty.navigation_properties.iter().enumerate();
        let navigation = navigation
            .map(|(nth, property)| (Element::Navigation(id, nth), property))
            .filter(|(element, _)| is_kept(*element))
            .map(|(element, property)| {
                let ty = TypeReference {
                    is_collection: property.is_collection,
                    item: ItemType::Declared(property.target),
                };
                XmlElement::new("NavigationProperty")
                    .with("Name", property.name.text.as_ref())
                    .with("Type", written_type(schema, ty))
                    .with_some("Nullable", (!property.nullable).then_some("false"))
                    .flag("ContainsTarget", property.contains_target)
                    .containing(self.annotations_of(element))
            });
        XmlElement::new(match ty.kind {
            StructuredKind::Entity => "EntityType",
            StructuredKind::Complex => "ComplexType",
        })
        .with("Name", schema[id].name.text.as_ref())
        .with_some("BaseType", base.map(|base| schema[base].qualified_name()))
        .flag("Abstract", ty.is_abstract)
        .flag("OpenType", ty.is_open && !is_open_base)
        .flag("HasStream", ty.has_stream)
        .containing(key)
        .containing(properties)
        .containing(navigation)
        .containing(self.annotations_of(Element::Type(id)))
    }

    /// The annotations of a type on properties that it inherits.
    fn inherited_annotations(&self, id: TypeId, ty: &StructuredType<'_>) -> Vec<XmlElement> {
        let mut elements = Vec::new();
        for (nth, (property, _)) in ty.inherited_annotations.iter().enumerate() {
            let annotations = self.annotations_of(Element::Inherited(id, nth));
            if !annotations.is_empty() && self.has_kept_property(id, property) {
                let element = XmlElement::new("Annotations")
                    .with("Target", format!("{}/{property}", self.schema[id]))
                    .containing(annotations);
                elements.push(element);
            }
        }
        elements
    }

    fn add_operations(&self, schemas: &mut Schemas<'s>) {
        for (nth, operation) in self.schema.operations().iter().enumerate() {
            let element = Element::Operation(nth);
            if !self.kept.elements.contains(&element) {
                continue;
            }
            let not_null = |nullable: bool| (!nullable).then_some("false");
            let parameters = operation.parameters.iter().enumerate();
            let parameters = parameters.map(|(at, parameter)| {
                XmlElement::new("Parameter")
                    .with("Name", parameter.name.text.as_ref())
                    .with("Type", written_type(self.schema, parameter.ty))
                    .with_some("Nullable", not_null(parameter.nullable))
                    .containing(self.annotations_of(Element::Parameter(nth, at)))
            });
            let returned = operation.return_type.map(|ty| {
                XmlElement::new("ReturnType")
                    .with("Type", written_type(self.schema, ty))
                    .with_some("Nullable", not_null(operation.return_nullable))
            });
            let written = XmlElement::new(match operation.kind {
                OperationKind::Action => "Action",
                OperationKind::Function => "Function",
            })
            .with("Name", operation.name.text.as_ref())
            .flag("IsBound", operation.is_bound)
            .flag("IsComposable", operation.is_composable)
            .containing(parameters)
            .containing(returned)
            .containing(self.annotations_of(element));
            let namespace = operation.namespace.as_ref();
            add(schemas, namespace, Section::Operations, [written]);
        }
    }

    fn add_container(&self, schemas: &mut Schemas<'s>) {
        let name = self.schema.container_name();
        let Some((namespace, name)) = name.and_then(|name| name.rsplit_once('.')) else {
            return;
        };
        let children = self.schema.container().iter().enumerate();
        let children = children.filter_map(|(nth, child)| {
            let element = Element::Child(nth);
            let (tag, attribute) = match child.kind {
                _ if !self.kept.elements.contains(&element) => return None,
                ContainerChildKind::EntitySet => ("EntitySet", "EntityType"),
                ContainerChildKind::Singleton => ("Singleton", "Type"),
                ContainerChildKind::OperationImport => return None,
            };
            let written = XmlElement::new(tag)
                .with("Name", child.name.text.as_ref())
                .with(attribute, self.schema[child.ty].qualified_name());
            Some(written.containing(self.annotations_of(element)))
        });
        let children: Vec<XmlElement> = children.chain(self.imports()).collect();
        // Without children, the container only decides which namespace is the root module.
        if !children.is_empty() || namespace != GRAPH_ENTITY.0 {
            let container = XmlElement::new("EntityContainer").with("Name", name);
            let container = container.containing(children);
            add(schemas, namespace, Section::Containers, [container]);
        }
    }

    fn imports(&self) -> impl Iterator<Item = XmlElement> {
        let imports = self.schema.imports().iter().enumerate();
        let kept = imports.filter(|(nth, _)| self.kept.imports.contains(nth));
        kept.map(|(_, import)| {
            let mut operations = self.schema.operations().iter();
            let is_action = operations.any(|it| {
                it.kind == OperationKind::Action && it.qualified_name() == import.operation
            });
            let (tag, attribute) = match is_action {
                true => ("ActionImport", "Action"),
                false => ("FunctionImport", "Function"),
            };
            XmlElement::new(tag)
                .with("Name", import.name.text.as_ref())
                .with(attribute, import.operation.as_str())
        })
    }

    fn annotations_of(&self, element: Element) -> Vec<XmlElement> {
        let annotations = self.kept_annotations(element).into_iter();
        annotations
            .map(|(term, value)| {
                let annotation = XmlElement::new("Annotation").with("Term", term);
                match value {
                    Some(value) => annotation.valued(&value),
                    None => annotation,
                }
            })
            .collect()
    }
}
