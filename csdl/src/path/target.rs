//! The target of a path.

use super::restrictions::Restrictions;
use crate::document::{Annotation, ContainerChildKind};
use crate::model::{ContainerChild, NavigationProperty, Schema, TypeId};

/// The target of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The kind of the resource.
    pub kind: TargetKind,
    /// The declared type.
    pub ty: TypeId,
    /// Whether it is a collection.
    pub is_collection: bool,
    /// Whether the last navigation property in the path contains its target.
    pub contained: bool,
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
    /// The result of a function.
    Function,
}

impl Target {
    /// Whether a subtree includes an update of this path. Contained navigation is included unless
    /// annotated otherwise; other navigation and complex properties only if annotated as updatable.
    /// This is the rule of Microsoft's conversion to OpenAPI.
    pub fn offers_update(&self) -> bool {
        let Restrictions { updatable, put, .. } = self.restrictions;
        match self.kind {
            // PUT replaces a collection of complex values as a whole.
            TargetKind::Complex => updatable == Some(true) && (put || !self.is_collection),
            _ if self.is_collection => false,
            TargetKind::Singleton | TargetKind::Entity => updatable.unwrap_or(true),
            TargetKind::Navigation => updatable.unwrap_or(self.contained),
            TargetKind::Function => false,
        }
    }

    /// The target of a key: one item of the collection.
    pub(super) fn item(&self) -> Self {
        Target {
            is_collection: false,
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
        contained: true,
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
    let annotations: Vec<&Annotation<'_>> = schema
        .property_annotations(source, name, &property.annotations)
        .collect();
    let contained = property.contains_target;
    let ty = (property.target, contained);
    Target {
        kind: TargetKind::Navigation,
        ty: property.target,
        is_collection: property.is_collection,
        contained,
        restrictions: Restrictions::of(schema, name, &annotations, Some(ty)),
    }
}
