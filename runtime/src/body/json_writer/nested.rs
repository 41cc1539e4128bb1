//! Arrays and objects.

use std::borrow::Cow;

use serde_json::Value as Untyped;

use super::JsonWriter;
use super::references::is_bind;
use crate::body::dynamic::DynamicProperties;
use crate::body::error::{BodyError, BodyProblem};
use crate::body::field;
use crate::body::structured::{
    FieldVisitor, Names, Structured, VisitResult, is_collection, may_differ,
};
use crate::body::type_info::{MarkedField, is_sent};
use crate::body::type_rule::{Required, TypeRule};
use crate::body::value::Value;

impl JsonWriter {
    /// Writes `value` as a body.
    pub(crate) fn body(value: &dyn Structured, types: TypeRule) -> Result<Self, BodyError> {
        let mut writer = Self::with_types(types);
        writer.object(value)?;
        Ok(writer)
    }

    /// The output of `write` as a JSON tree.
    pub(crate) fn tree(
        write: impl FnOnce(&mut Self) -> Result<(), BodyError>,
    ) -> Result<Untyped, BodyError> {
        let mut writer = Self::new();
        write(&mut writer)?;
        writer.into_value()
    }

    /// Writes an array of values.
    ///
    /// # Errors
    /// Those of the items, with the item's index; [`BodyProblem::TooDeep`].
    pub fn array<T: Value>(&mut self, items: &[T]) -> Result<(), BodyError> {
        self.enter()?;
        // The items of a collection are not completed: a collection is replaced as a whole.
        let completion = self.completion.take();
        self.out.push(b'[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            item.write(self).map_err(|error| error.at_index(index))?;
        }
        self.out.push(b']');
        self.completion = completion;
        self.leave();
        Ok(())
    }

    /// Writes an object: `@odata.type` if the position requires it, then each field that is set, in declaration order.
    ///
    /// # Errors
    /// Those of the fields, with the field's name; [`BodyProblem::TooDeep`], [`BodyProblem::DuplicateProperty`].
    pub fn object(&mut self, value: &dyn Structured) -> Result<(), BodyError> {
        self.enter()?;
        self.out.push(b'{');
        let start = self.out.len();
        let of_other_type = self.take_completion_of_other_type(value);
        let was_replaced = self.is_replaced();
        self.set_replaced(was_replaced || value.replaces());
        if let Some(name) = self.type_of(value) {
            self.key(start, "@odata.type")?;
            self.string(&name)?;
        } else {
            self.omitted_type |= !is_collection(value);
        }
        let mut fields = ObjectFields {
            writer: self,
            start,
            has_dynamic: false,
        };
        value.visit(&mut fields)?;
        if fields.has_dynamic {
            // A name that is declared too would be in the object twice.
            let names = Names::of(value);
            if let Some(name) = names.dynamic.iter().find(|name| names.declares(name)) {
                let problem = BodyProblem::DuplicateProperty(name.clone());
                return Err(BodyError::new(problem));
            }
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

    /// The `@odata.type` of `value`.
    fn type_of(&self, value: &dyn Structured) -> Option<Cow<'static, str>> {
        if !may_differ(value)
            && let Some(current) = self.current_type(value)
        {
            return Some(Cow::Owned(current));
        }
        let is_whole = self.depth == 1;
        let is_required = match self.types.required {
            Required::None => false,
            Required::Whole => is_whole,
            Required::All => true,
        };
        let differs = match self.types.declared {
            Some(declared) if is_whole => declared != value.type_name(),
            _ => value.is_declared_type() == Some(false),
        };
        ((differs || is_required || value.info().is_typed()) && !is_collection(value))
            .then(|| Cow::Owned(["#", value.type_name()].concat()))
    }
}

struct ObjectFields<'w> {
    writer: &'w mut JsonWriter,
    start: usize,
    has_dynamic: bool,
}

impl FieldVisitor for ObjectFields<'_> {
    fn fields(&mut self, fields: &[MarkedField<'_>]) -> VisitResult {
        for field in fields.iter().filter(|field| is_sent(field)) {
            let name = field.0;
            self.writer.key(self.start, name)?;
            if let Some(completion) = &mut self.writer.completion {
                completion.path.push(name);
            }
            let start = self.writer.out.len();
            let written = field::write(field, self.writer);
            written.map_err(|error| error.within(name))?;
            if is_bind(name) {
                let value = self.writer.out.get(start..).unwrap_or_default();
                self.writer.contents.added_references |= value.starts_with(b"[") && value != b"[]";
            }
            if let Some(completion) = &mut self.writer.completion {
                completion.path.pop();
            }
        }
        Ok(())
    }

    fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult {
        for (name, value) in properties {
            self.has_dynamic = true;
            self.writer.key(self.start, name)?;
            let written = self.writer.untyped(value);
            written.map_err(|error| error.within(name))?;
        }
        Ok(())
    }
}
