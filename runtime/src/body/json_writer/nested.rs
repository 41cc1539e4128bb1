//! Arrays and objects.

use std::borrow::Cow;

use serde_json::Value as Untyped;

use super::JsonWriter;
use super::references::is_bind;
use crate::body::dynamic::DynamicProperties;
use crate::body::error::{BodyError, BodyProblem};
use crate::body::field;
use crate::body::odata_type::ODATA_TYPE;
use crate::body::purpose::Purpose;
use crate::body::structured::{FieldVisitor, Structured, VisitResult, is_collection, may_differ};
use crate::body::type_info::{MarkedField, is_sent};
use crate::body::type_rule::{Required, TypeRule};
use crate::body::value::Value;

impl JsonWriter {
    /// Writes `value` as a body.
    pub(crate) fn body(
        value: &dyn Structured,
        types: TypeRule,
        purpose: Purpose,
    ) -> Result<Self, BodyError> {
        let mut writer = Self::with_types(types);
        writer.purpose = purpose;
        writer.object(value)?;
        Ok(writer)
    }

    /// The output of `write`, also for what no request sends.
    pub(crate) fn copy_of(
        write: impl FnOnce(&mut Self) -> Result<(), BodyError>,
    ) -> Result<Self, BodyError> {
        let mut writer = Self::new();
        writer.purpose = Purpose::Copy;
        write(&mut writer)?;
        Ok(writer)
    }

    /// Like [`copy_of`](Self::copy_of), as a JSON tree, to compare or show it.
    pub(crate) fn tree(
        write: impl FnOnce(&mut Self) -> Result<(), BodyError>,
    ) -> Result<Untyped, BodyError> {
        Self::copy_of(write)?.into_value()
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
        let mut properties = ObjectProperties {
            writer: self,
            value,
            start,
            has_type: false,
        };
        value.visit(&mut properties)?;
        if self.is_replaced() {
            self.complete(start, value)?;
        }
        self.check_limits(start, value);
        self.set_replaced(was_replaced);
        self.completion = of_other_type.or(self.completion.take());
        self.out.push(b'}');
        self.leave();
        Ok(())
    }

    /// The type in the `@odata.type` of `value`.
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
        let has_type = !is_collection(value) && !value.info().is_parameters();
        ((differs || is_required || value.info().is_typed()) && has_type)
            .then(|| Cow::Borrowed(value.type_name()))
    }
}

struct ObjectProperties<'w> {
    writer: &'w mut JsonWriter,
    value: &'w dyn Structured,
    start: usize,
    has_type: bool,
}

impl ObjectProperties<'_> {
    /// Writes `@odata.type` once: the type that was read, or the one that the position requires.
    fn write_type(&mut self, undeclared: &[&DynamicProperties]) -> VisitResult {
        if std::mem::replace(&mut self.has_type, true) {
            return Ok(());
        }
        let mut read = undeclared.iter().filter_map(|it| it.odata_type());
        let name = match read.next() {
            Some(name) => Some(Cow::Borrowed(name)),
            None => self.writer.type_of(self.value),
        };
        if let Some(name) = name {
            self.writer.declared_key(self.start, ODATA_TYPE);
            return self.writer.odata_type(&name);
        }
        self.writer.omitted_type |= !is_collection(self.value);
        Ok(())
    }

    fn write_declared(&mut self, fields: &[MarkedField<'_>]) -> VisitResult {
        let purpose = self.writer.purpose;
        for field in fields.iter().filter(|field| is_sent(field, purpose)) {
            let name = field.0;
            self.writer.declared_key(self.start, name);
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

    fn write_undeclared(
        &mut self,
        fields: &[MarkedField<'_>],
        properties: &DynamicProperties,
    ) -> VisitResult {
        for (name, value) in properties.sent() {
            if fields.iter().any(|field| field.0 == name) {
                // The name would be in the object twice.
                let problem = BodyProblem::DuplicateProperty(name.to_owned());
                return Err(BodyError::new(problem));
            }
            self.write_untyped(name, value)?;
        }
        if self.writer.purpose != Purpose::Copy {
            return Ok(());
        }
        for (name, value) in properties.received() {
            let is_set = |field: &MarkedField<'_>| field.0 == name && !field.2.is_absent();
            if name != ODATA_TYPE && !fields.iter().any(is_set) {
                self.write_untyped(name, value)?;
            }
        }
        Ok(())
    }

    fn write_untyped(&mut self, name: &str, value: &Untyped) -> VisitResult {
        self.writer.key(self.start, name)?;
        let written = self.writer.untyped(value);
        written.map_err(|error| error.within(name))
    }
}

impl FieldVisitor for ObjectProperties<'_> {
    fn fields(
        &mut self,
        fields: &[MarkedField<'_>],
        undeclared: &[&DynamicProperties],
    ) -> VisitResult {
        self.write_type(undeclared)?;
        self.write_declared(fields)?;
        for properties in undeclared {
            self.write_undeclared(fields, properties)?;
        }
        Ok(())
    }
}
