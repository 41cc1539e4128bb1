//! The target of a path.

use super::restrictions::Restrictions;
use crate::document::{Annotation, ContainerChildKind};
use crate::model::{ContainerChild, NavigationProperty, Property, Schema, TypeId};

/// The target of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The kind of the resource.
    pub kind: TargetKind,
    /// The declared type; for a stream property, the type before it.
    pub ty: TypeId,
    /// Whether it is a collection.
    pub is_collection: bool,
    /// Whether it is one item of a collection, addressed by its key.
    pub is_item: bool,
    /// Whether the last navigation property in the path contains its target.
    pub contained: bool,
    /// Whether it has content that is not JSON: a media entity, or a stream property.
    pub has_stream: bool,
    /// Annotations and facts about the resource.
    pub restrictions: Restrictions,
}

/// The kind of a path's target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetKind {
    /// A singleton.
    Singleton,
    /// An entity of a set.
    Entity,
    /// The target of a navigation property.
    Navigation,
    /// The value of a complex property.
    Complex,
    /// The content of a stream property.
    Stream,
    /// The result of a function.
    Function,
}

impl Target {
    /// The target of a key: one item of the collection.
    pub(super) fn item(&self) -> Self {
        Target {
            is_collection: false,
            is_item: true,
            ..self.clone()
        }
    }
}

pub(super) fn container_target(schema: &Schema<'_>, child: &ContainerChild<'_>) -> Target {
    let annotations: Vec<&Annotation<'_>> = child.annotations.iter().collect();
    Target {
        kind: match child.kind {
            ContainerChildKind::Singleton => TargetKind::Singleton,
            _ => TargetKind::Entity,
        },
        ty: child.ty,
        is_collection: child.kind == ContainerChildKind::EntitySet,
        is_item: false,
        contained: true,
        has_stream: schema.has_stream(child.ty),
        restrictions: Restrictions::of(
            schema,
            &child.name.text,
            &annotations,
            Some((child.ty, true)),
        ),
    }
}

pub(super) fn navigation_target(
    schema: &Schema<'_>,
    source: TypeId,
    property: &NavigationProperty<'_>,
) -> Target {
    let name = &property.name.text;
    let contained = property.contains_target;
    let ty = Some((property.target, contained));
    Target {
        kind: TargetKind::Navigation,
        ty: property.target,
        is_collection: property.is_collection,
        is_item: false,
        contained,
        has_stream: schema.has_stream(property.target),
        restrictions: Restrictions::of_property(schema, source, name, &property.annotations, ty),
    }
}

/// The target of a property whose type is complex: `ty`.
pub(super) fn complex_target(
    schema: &Schema<'_>,
    source: TypeId,
    property: &Property<'_>,
    ty: TypeId,
) -> Target {
    let name = &property.name.text;
    Target {
        kind: TargetKind::Complex,
        ty,
        is_collection: property.ty.is_collection,
        is_item: false,
        contained: true,
        has_stream: false,
        restrictions: Restrictions::of_property(schema, source, name, &property.annotations, None),
    }
}

pub(super) fn stream_target(
    schema: &Schema<'_>,
    source: TypeId,
    property: &Property<'_>,
) -> Target {
    let name = &property.name.text;
    Target {
        kind: TargetKind::Stream,
        ty: source,
        is_collection: false,
        is_item: false,
        contained: true,
        has_stream: true,
        restrictions: Restrictions::of_property(schema, source, name, &property.annotations, None),
    }
}
