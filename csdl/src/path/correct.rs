//! The facts about the update at a path.

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
    let of_path = facts.operation(&path.template());
    let of_path = of_path.map(|facts| facts.update);
    let known = facts.update(schema, of_path, position, path.target.ty);
    path.target.restrictions.correct(known);
    path
}
