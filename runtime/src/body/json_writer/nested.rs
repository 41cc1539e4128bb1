//! Arrays and objects.

use std::borrow::Cow;

use super::JsonWriter;
use crate::body::dynamic::DynamicProperties;
use crate::body::error::{BodyError, BodyProblem};
use crate::body::json_path::PathSegment;
use crate::body::structured::{FieldVisitor, Structured, VisitResult, is_collection, may_differ};
use crate::body::type_rule::{Required, TypeRule};
use crate::body::value::{Field, Value};

impl JsonWriter {
    /// The value written as a body, with what the writer noted on the way.
    pub(crate) fn body(value: &dyn Structured, types: TypeRule) -> Result<Self, BodyError> {
        let mut writer = Self::new().naming(types);
        if let Some(source) = value.document_source() {
            writer.follow(source);
        }
        writer.object(value)?;
        Ok(writer)
    }

    /// An array of values.
    ///
    /// # Errors
    /// Those of the items, with the item's index; [`BodyProblem::TooDeep`].
    pub fn array<T: Value>(&mut self, items: &[T]) -> Result<(), BodyError> {
        self.enter()?;
        // A collection is replaced as it is, so its items are completed by nothing.
        let completion = self.completion.take();
        self.out.push(b'[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            let written = if self.following.is_none() {
                item.write(self)
            } else {
                self.step(
                    PathSegment::Index(index),
                    &|writer| item.write(writer),
                    &|leaf| item.is_same_item(leaf),
                )
            };
            written.map_err(|error| error.at_index(index))?;
        }
        self.out.push(b']');
        self.completion = completion;
        self.leave();
        Ok(())
    }

    /// An object: `@odata.type` first where the value writes it, then each field that is set, in its order.
    ///
    /// # Errors
    /// Those of the fields, with the field's name; [`BodyProblem::TooDeep`], [`BodyProblem::DuplicateProperty`].
    pub fn object(&mut self, value: &dyn Structured) -> Result<(), BodyError> {
        self.enter()?;
        self.out.push(b'{');
        let start = self.out.len();
        let of_other_type = self.completion_of_other_type(value);
        let was_replaced = self.is_replaced();
        self.set_replaced(was_replaced || value.replaces());
        if self.following.is_some() {
            self.annotations(start, value)?;
        } else if let Some(name) = self.type_of(value) {
            self.key(start, "@odata.type")?;
            self.string(&name)?;
        } else {
            self.left_type_out |= !is_collection(value);
        }
        let mut writing = ObjectFields {
            writer: self,
            start,
            has_dynamic: false,
        };
        value.visit(&mut writing)?;
        if writing.has_dynamic {
            // A name in both places would stand twice in the object, and which one wins is the reader's choice.
            value.visit(&mut CollidingNames::default())?;
        }
        if self.is_replaced() {
            self.complete(start, value)?;
        }
        self.set_replaced(was_replaced);
        self.completion = of_other_type.or(self.completion.take());
        self.out.push(b'}');
        self.leave();
        Ok(())
    }

    /// What `value` writes as `@odata.type`. One that cannot be of another type leaves what was read as it is.
    fn type_of(&self, value: &dyn Structured) -> Option<Cow<'static, str>> {
        let read = || self.read_type(value).map(Cow::Owned);
        let kept = if may_differ(value) { None } else { read() };
        kept.or_else(|| self.type_by_rule(value, self.depth == 1))
    }

    /// The same by the rule alone; `is_whole` where it is the whole body.
    fn type_by_rule(&self, value: &dyn Structured, is_whole: bool) -> Option<Cow<'static, str>> {
        if let Some(always) = value.odata_type() {
            return Some(Cow::Borrowed(always));
        }
        let is_required = match self.types.required {
            Required::None => false,
            Required::Whole => is_whole,
            Required::All => true,
        };
        let differs = match self.types.declared {
            Some(declared) if is_whole => declared != value.type_name(),
            _ => value.is_declared_type() == Some(false),
        };
        // The wrapper around a collection is no value of a type.
        ((differs || is_required) && !is_collection(value))
            .then(|| Cow::Owned(["#", value.type_name()].concat()))
    }
}

struct ObjectFields<'w> {
    writer: &'w mut JsonWriter,
    start: usize,
    has_dynamic: bool,
}

impl FieldVisitor for ObjectFields<'_> {
    fn fields(&mut self, fields: &[(&'static str, &dyn Field)]) -> VisitResult {
        for (name, field) in fields {
            if !field.is_absent() {
                self.writer.key(self.start, name)?;
                let written = if self.writer.completion.is_some() {
                    self.writer
                        .complete_field(name, &|writer| field.write(writer))
                } else if self.writer.following.is_none() {
                    field.write(self.writer)
                } else {
                    self.writer.step(
                        PathSegment::Declared(name),
                        &|writer| field.write(writer),
                        &|leaf| field.is_same(leaf),
                    )
                };
                written.map_err(|error| error.within(name))?;
            }
        }
        Ok(())
    }

    fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult {
        for (name, value) in properties {
            self.has_dynamic = true;
            self.writer.key(self.start, name)?;
            self.writer
                .untyped(value)
                .map_err(|error| error.within(name))?;
        }
        Ok(())
    }
}

/// Second pass over an object with dynamic properties; emitted types list their declared fields first.
#[derive(Default)]
struct CollidingNames {
    declared: Vec<&'static str>,
}

impl FieldVisitor for CollidingNames {
    fn fields(&mut self, fields: &[(&'static str, &dyn Field)]) -> VisitResult {
        self.declared.extend(fields.iter().map(|(name, _)| *name));
        Ok(())
    }

    fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult {
        match properties
            .iter()
            .find(|(name, _)| self.declared.contains(name))
        {
            Some((name, _)) => Err(BodyError::new(BodyProblem::DuplicateProperty(
                name.to_owned(),
            ))),
            None => Ok(()),
        }
    }
}
