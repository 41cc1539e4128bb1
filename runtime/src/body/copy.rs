//! Copies of values, with everything that is set.

use serde_json::Value as Untyped;

use crate::body::dynamic::DynamicProperties;
use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::structured::{Structured, each_part};
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
        each_part(self.0, |sources, _| {
            for ((_, field), (_, _, source)) in fields.iter_mut().zip(sources) {
                field.copy(*source);
            }
        });
    }

    fn dynamic(&mut self, properties: &mut DynamicProperties) {
        each_part(self.0, |_, undeclared| {
            for source in undeclared {
                properties.clone_from(source);
            }
        });
    }

    fn unknown(&mut self, properties: &mut DynamicProperties) {
        self.dynamic(properties);
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
        each_part(self.0, |sources, _| {
            for (name, field) in &mut *fields {
                let source = sources.iter().find(|source| source.0 == *name);
                if let Some((_, _, source)) = source
                    && !source.is_absent()
                    && !field.copy(*source)
                {
                    copy_as_json(*source, *field);
                }
            }
        });
    }

    fn dynamic(&mut self, properties: &mut DynamicProperties) {
        each_part(self.0, |_, undeclared| {
            for (name, value) in undeclared.iter().flat_map(|source| source.sent()) {
                properties.push(name.to_owned(), value.clone(), true);
            }
        });
    }

    fn unknown(&mut self, properties: &mut DynamicProperties) {
        self.dynamic(properties);
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
