//! Copies of values, with everything that is set.

use serde_json::Value as Untyped;

use crate::body::dynamic::DynamicProperties;
use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::structured::{FieldVisitor, Structured, VisitResult};
use crate::body::type_info::MarkedField;
use crate::body::value::PatchField;
use crate::read::notes::ReadNotes;
use crate::read::parse::parse;
use crate::read::readable::{FieldReader, ReadField, Readable};

/// Everything that is set in `value`, also what no request sends: read-only and unknown properties, and
/// `unknownFutureValue`. A response that was read and written by this function is equal to the original, except for
/// spellings such as `1.0`, and annotations that only describe it.
///
/// # Errors
/// If objects and arrays are nested deeper than 127 levels.
pub fn complete(value: &dyn Structured) -> Result<Untyped, BodyError> {
    JsonWriter::tree(|writer| writer.object(value))
}

/// Implements `Clone` for a generated type that can be read.
pub fn cloned<T: Readable>(value: &T) -> T {
    let mut clone = T::default();
    clone.visit_mut(&mut ClonedFrom(value));
    clone
}

/// Sets the fields of a value to those of another one of the same type.
struct ClonedFrom<'s>(&'s dyn Structured);

impl FieldReader for ClonedFrom<'_> {
    fn fields(&mut self, fields: &mut [(&'static str, &mut dyn ReadField)]) {
        // The visitor never fails.
        let _ = self.0.visit(&mut ClonedFields(fields));
    }

    fn dynamic(&mut self, properties: &mut DynamicProperties) {
        // The visitor never fails.
        let _ = self.0.visit(&mut ClonedUndeclared(properties));
    }

    fn unknown(&mut self, properties: &mut DynamicProperties) {
        self.dynamic(properties);
    }
}

struct ClonedFields<'c, 'f>(&'c mut [(&'static str, &'f mut dyn ReadField)]);

impl FieldVisitor for ClonedFields<'_, '_> {
    fn fields(&mut self, sources: &[MarkedField<'_>], _: &[&DynamicProperties]) -> VisitResult {
        for ((_, field), (_, _, source)) in self.0.iter_mut().zip(sources) {
            field.copy(*source);
        }
        Ok(())
    }
}

struct ClonedUndeclared<'c>(&'c mut DynamicProperties);

impl FieldVisitor for ClonedUndeclared<'_> {
    fn fields(&mut self, _: &[MarkedField<'_>], undeclared: &[&DynamicProperties]) -> VisitResult {
        for properties in undeclared {
            self.0.clone_from(properties);
        }
        Ok(())
    }
}

/// The properties of `value` that `T` has, without those that were only read.
pub fn converted<T: Readable>(value: &dyn Structured) -> T {
    let mut converted = T::default();
    converted.visit_mut(&mut CopiedFrom(value));
    converted
}

/// Sets the fields of a value from those of another one.
struct CopiedFrom<'s>(&'s dyn Structured);

impl FieldReader for CopiedFrom<'_> {
    fn fields(&mut self, fields: &mut [(&'static str, &mut dyn ReadField)]) {
        // The visitor never fails.
        let _ = self.0.visit(&mut CopiedFields(fields));
    }

    fn dynamic(&mut self, properties: &mut DynamicProperties) {
        // The visitor never fails.
        let _ = self.0.visit(&mut CopiedUndeclared(properties));
    }

    fn unknown(&mut self, properties: &mut DynamicProperties) {
        self.dynamic(properties);
    }
}

struct CopiedFields<'c, 'f>(&'c mut [(&'static str, &'f mut dyn ReadField)]);

impl FieldVisitor for CopiedFields<'_, '_> {
    fn fields(&mut self, sources: &[MarkedField<'_>], _: &[&DynamicProperties]) -> VisitResult {
        for (name, field) in &mut *self.0 {
            let source = sources.iter().find(|source| source.0 == *name);
            if let Some((_, _, source)) = source
                && !source.is_absent()
                && !field.copy(*source)
            {
                copy_as_json(*source, *field);
            }
        }
        Ok(())
    }
}

/// For fields of different types, such as unions with different markers.
fn copy_as_json(source: &dyn PatchField, field: &mut dyn ReadField) {
    let mut notes = ReadNotes::default();
    let text = JsonWriter::copy_of(|writer| source.write(writer)).and_then(JsonWriter::into_string);
    // The text has every digit of a number; a tree has not. A value that is nested too deep was not read from JSON.
    if let Some(json) = text.ok().and_then(|text| parse(&text, &mut notes)) {
        field.read(&json, &mut notes);
    }
}

/// The undeclared properties that a value sends.
struct CopiedUndeclared<'c>(&'c mut DynamicProperties);

impl FieldVisitor for CopiedUndeclared<'_> {
    fn fields(&mut self, _: &[MarkedField<'_>], undeclared: &[&DynamicProperties]) -> VisitResult {
        for (name, value) in undeclared.iter().flat_map(|properties| properties.sent()) {
            self.0.push(name.to_owned(), value.clone(), true);
        }
        Ok(())
    }
}
