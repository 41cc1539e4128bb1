//! Writes a value as the JSON that it was read from was written.

use std::sync::Arc;

use serde_json::Value as Untyped;

use super::position::Following;
use super::{JsonWriter, json_problem};
use crate::body::dynamic::DynamicProperties;
use crate::body::error::BodyError;
use crate::body::json_path::PathSegment;
use crate::body::structured::{FieldVisitor, Structured, VisitResult};
use crate::body::value::Field;

impl JsonWriter {
    /// What is written next was read from `source`, and is to be written as that was.
    pub(super) fn follow(&mut self, source: &Arc<Untyped>) {
        self.following = Some(Box::new(Following {
            source: Arc::clone(source),
            path: Vec::new(),
        }));
    }

    #[cold]
    pub(super) fn annotations(
        &mut self,
        start: usize,
        value: &dyn Structured,
    ) -> Result<(), BodyError> {
        let place = self.following.as_ref().and_then(|it| it.place());
        for (name, annotation) in annotations(place, value) {
            self.key(start, &name)?;
            self.untyped(&annotation)?;
        }
        Ok(())
    }

    /// Writes what stands at `step` of the place being written; spelled as it was read, where it `is_same`.
    #[cold]
    pub(super) fn step(
        &mut self,
        step: PathSegment,
        write: &dyn Fn(&mut Self) -> Result<(), BodyError>,
        is_same: &dyn Fn(&Untyped) -> bool,
    ) -> Result<(), BodyError> {
        if let Some(following) = &mut self.following {
            following.path.push(step);
        }
        let start = self.out.len();
        let written = write(self);
        if let Some(following) = &mut self.following {
            if let Some(leaf) = following.leaf().filter(|leaf| is_same(leaf)) {
                self.out.truncate(start);
                serde_json::to_writer(&mut self.out, leaf).map_err(json_problem)?;
            }
            following.path.pop();
        }
        written
    }
}

/// The annotations of the object that `value` was read from, without those that the value writes itself.
fn annotations(source: Option<&Untyped>, value: &dyn Structured) -> Vec<(String, Untyped)> {
    let mut written = WrittenNames::default();
    // A visit fails only where its visitor does, and this one does not.
    let _ = value.visit(&mut written);
    let members = source.and_then(Untyped::as_object);
    let annotations = members.into_iter().flatten().filter(|(name, _)| {
        name.contains('@') && !written.0.iter().any(|written| written == *name)
    });
    annotations
        .map(|(name, annotation)| (name.clone(), annotation.clone()))
        .collect()
}

#[derive(Default)]
struct WrittenNames(Vec<String>);

impl FieldVisitor for WrittenNames {
    fn fields(&mut self, fields: &[(&'static str, &dyn Field)]) -> VisitResult {
        let set = fields.iter().filter(|(_, field)| !field.is_absent());
        self.0.extend(set.map(|(name, _)| (*name).to_owned()));
        Ok(())
    }

    fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult {
        let names = properties.iter().map(|(name, _)| name.to_owned());
        self.0.extend(names);
        Ok(())
    }
}
