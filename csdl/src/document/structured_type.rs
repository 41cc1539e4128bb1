//! `EntityType` (§6) and `ComplexType` (§9).

use roxmltree::Node;

use super::annotation::Annotation;
use super::name::Name;
use super::navigation_property::NavigationProperty;
use super::property::Property;
use super::reader::{Reader, attributes, children};

/// The kind of a structured type.
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
    /// `OpenType`. A type derived from an open type is also open.
    pub is_open: bool,
    /// `HasStream` (§6.2): a media entity. A type derived from a media entity is also one.
    pub has_stream: bool,
    /// `Key` (§6.5): property paths.
    pub key: Option<Vec<Name<'a>>>,
    /// `Property` (§7), in document order.
    pub properties: Vec<Property<'a>>,
    /// `NavigationProperty` (§8), in document order.
    pub navigation_properties: Vec<NavigationProperty<'a>>,
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

impl<'a> StructuredType<'a> {
    pub(super) fn read(
        reader: &mut Reader<'_>,
        kind: StructuredKind,
        node: Node<'_, 'a>,
    ) -> Option<Self> {
        let [name, base_type, is_abstract, is_open, has_stream] = attributes(
            node,
            ["Name", "BaseType", "Abstract", "OpenType", "HasStream"],
        );
        let mut ty = StructuredType {
            kind,
            name: reader.identifier(node, name)?,
            base_type: base_type.and_then(|base| reader.qualified_name(base)),
            is_abstract: reader.boolean(is_abstract).unwrap_or(false),
            is_open: reader.boolean(is_open).unwrap_or(false),
            has_stream: reader.boolean(has_stream).unwrap_or(false),
            key: None,
            properties: Vec::new(),
            navigation_properties: Vec::new(),
            annotations: Vec::new(),
        };
        for (element, child) in children(node) {
            match element {
                "Property" => ty.properties.extend(Property::read(reader, child)),
                "NavigationProperty" => ty
                    .navigation_properties
                    .extend(NavigationProperty::read(reader, child)),
                "Key" if kind == StructuredKind::Complex || ty.key.is_some() => {
                    let range = reader.tag(child);
                    reader.error(
                        range,
                        format!("`{}` may not have this `Key`", ty.name.text),
                        "an entity type has at most one, and a complex type none (OData CSDL XML \
                         4.01 §6.5)",
                    );
                }
                "Key" => {
                    ty.key = Some(
                        children(child)
                            .filter(|(element, _)| *element == "PropertyRef")
                            .filter_map(|(_, reference)| reader.required(reference, "Name"))
                            .collect(),
                    );
                }
                "Annotation" => ty.annotations.extend(Annotation::read(reader, child)),
                _ => {}
            }
        }
        Some(ty)
    }
}
