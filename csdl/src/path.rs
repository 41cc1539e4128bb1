//! Resource paths, walked from the entity container segment by segment.

mod call;
mod correct;
mod enumerate;
mod fact_paths;
mod form;
mod keys;
mod literals;
mod placeholders;
mod resource_operation;
mod restrictions;
pub mod segment;
mod steps;
mod target;
pub mod template;
mod walk;

pub use call::{Call, calls, item_operation, other_overload, walk_call};
pub use correct::corrected;
pub use enumerate::{Bounds, TooManyPaths, enumerate};
pub use fact_paths::{check_fact_paths, in_any_case};
pub use keys::alternate_keys;
pub use placeholders::{item, with_placeholders};
pub use resource_operation::ResourceOperation;
pub use restrictions::Restrictions;
pub use steps::{Step, steps};
pub use target::{Target, TargetKind};
pub use walk::{WrongSegment, derivation_help, walk};

use crate::model::Primitive;
use segment::SegmentParts;

/// A path from the service root to a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourcePath {
    /// The segments, in order.
    pub segments: Vec<Segment>,
    /// The target.
    pub target: Target,
}

/// One segment of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// As in the URL, with placeholders in braces.
    pub text: String,
    /// What it is.
    pub kind: SegmentKind,
    /// The placeholders in it, in order.
    pub parameters: Vec<PathParameter>,
    /// Whether the parentheses name the only property of the type's own key: `x(id='a')`.
    pub names_own_key: bool,
}

/// The kind of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentKind {
    /// An entity set, singleton, navigation property, complex property or stream property.
    Name,
    /// A key after an entity set or collection.
    Key,
    /// A cast to a derived type, optionally with a key in parentheses.
    Cast,
    /// A function: a composable one, or the call at the end of a path.
    Function,
    /// An action, which ends a path.
    Action,
}

impl Segment {
    /// Creates a segment without placeholders.
    fn of(text: &str, kind: SegmentKind) -> Self {
        Segment {
            text: text.to_owned(),
            kind,
            parameters: Vec::new(),
            names_own_key: false,
        }
    }

    /// The decoded literal key of the segment, and the name before it if the key is in parentheses:
    /// `x/a`, `x('a')` and, for the type's own key, `x(id='a')`.
    pub fn literal_key(&self) -> Option<(Option<&str>, String)> {
        if !self.parameters.is_empty() {
            return None;
        }
        if self.kind == SegmentKind::Key {
            return Some((None, segment::decode(&self.text)?));
        }
        let parts = SegmentParts::parse(&self.text).ok()?;
        match parts.arguments?.as_slice() {
            [argument] if argument.name.is_none() || self.names_own_key => {
                Some((Some(parts.name), argument.value()?))
            }
            _ => None,
        }
    }
}

/// A placeholder in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathParameter {
    /// Without braces.
    pub name: String,
    /// The type of the key or parameter.
    pub ty: Primitive,
}

impl ResourcePath {
    /// The path as a template: `/users/{user-id}`.
    pub fn template(&self) -> String {
        self.segments
            .iter()
            .fold(String::new(), |mut all, segment| {
                all.push('/');
                all.push_str(&segment.text);
                all
            })
    }

    /// The path as a template with a placeholder for every key and without casts, for [`PermissionMap::find`].
    ///
    /// [`PermissionMap::find`]: crate::permissions::PermissionMap::find
    pub fn generic_template(&self) -> String {
        let mut template = String::new();
        for segment in &self.segments {
            let is_cast = segment.kind == SegmentKind::Cast;
            match (segment.kind, segment.literal_key()) {
                (SegmentKind::Key, Some(_)) => template.push_str("/{}"),
                (_, Some((Some(name), _))) => {
                    if !is_cast {
                        template.push('/');
                        template.push_str(name);
                    }
                    template.push_str("/{}");
                }
                _ if is_cast && !segment.text.contains('(') => {}
                _ => {
                    template.push('/');
                    template.push_str(&segment.text);
                }
            }
        }
        template
    }

    fn then(&self, segment: Segment, target: Target) -> Self {
        let mut segments = Vec::with_capacity(self.segments.len() + 1);
        segments.extend_from_slice(&self.segments);
        segments.push(segment);
        ResourcePath { segments, target }
    }
}
