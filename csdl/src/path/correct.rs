//! The facts about the operations at a path.

use super::ResourcePath;
use super::steps::{Step, steps};
use crate::facts::Facts;
use crate::model::Schema;

/// The path, with the restrictions of its target corrected by the facts.
pub fn corrected(schema: &Schema<'_>, facts: &Facts, mut path: ResourcePath) -> ResourcePath {
    let steps = steps(schema, &path);
    // A key or a cast still belongs to the property before it.
    let leads = |step: &&Step<'_, '_>| !matches!(step, Step::Key | Step::Cast(_));
    let position = match steps.iter().rev().find(leads) {
        Some(Step::Navigation(source, _, property)) => Some((*source, property.name.text.as_ref())),
        Some(Step::Complex(source, property)) => Some((*source, property.name.text.as_ref())),
        _ => None,
    };
    let of_path = facts.of_path(&path.template());
    let known = facts.capabilities(schema, of_path, position, path.target.ty);
    path.target.restrictions.correct(known);
    path.target.has_stream |= schema.supertypes(path.target.ty).any(|ty| {
        let facts = facts.types.get(&schema[ty].qualified_name());
        facts.is_some_and(|facts| facts.has_stream)
    });
    path
}
