//! Completes values that the service replaces with what was read.

use std::sync::Arc;

use serde_json::Value as Untyped;

use super::JsonWriter;
use super::position::Completion;
use crate::body::carried::{Carried, changes_type};
use crate::body::error::BodyError;
use crate::body::odata_type::{ODATA_TYPE, is_type};
use crate::body::structured::Structured;

impl JsonWriter {
    /// A writer for a value that was read as `current`; `is_replaced` where it stands in one that the service replaces.
    pub(crate) fn completing(current: &Untyped, is_replaced: bool) -> Self {
        let mut writer = Self::new();
        if current.is_object() {
            writer.completion = Some(Box::new(Completion {
                current: Arc::new(current.clone()),
                path: Vec::new(),
                is_replaced,
            }));
        }
        writer
    }

    /// Writes a value that the service replaces.
    pub(crate) fn replaced(
        &mut self,
        write: &dyn Fn(&mut Self) -> Result<(), BodyError>,
    ) -> Result<(), BodyError> {
        let before = self.set_replaced(true);
        write(self)?;
        self.set_replaced(before);
        Ok(())
    }

    /// Also replaces from here on, where `replaces`; whether it did before.
    pub(super) fn set_replaced(&mut self, replaced: bool) -> bool {
        match &mut self.completion {
            Some(completion) => std::mem::replace(&mut completion.is_replaced, replaced),
            None => false,
        }
    }

    pub(super) fn is_replaced(&self) -> bool {
        let completion = self.completion.as_ref();
        completion.is_some_and(|completion| completion.is_replaced)
    }

    /// Writes the value of the property `name` of the value that is being written.
    #[cold]
    pub(super) fn complete_field(
        &mut self,
        name: &'static str,
        write: &dyn Fn(&mut Self) -> Result<(), BodyError>,
    ) -> Result<(), BodyError> {
        if let Some(completion) = &mut self.completion {
            completion.path.push(name);
        }
        write(self)?;
        if let Some(completion) = &mut self.completion {
            completion.path.pop();
        }
        Ok(())
    }

    /// The type that was read, where `value` does not know it and leaves it as it is.
    #[cold]
    pub(super) fn read_type(&self, value: &dyn Structured) -> Option<String> {
        let completion = self.completion.as_ref().filter(|it| it.is_replaced)?;
        let there = completion.place()?.get(ODATA_TYPE)?.as_str()?;
        (!is_type(there, value.type_name())).then(|| there.to_owned())
    }

    /// Writes what was read and `value` does not set.
    #[cold]
    pub(super) fn complete(
        &mut self,
        start: usize,
        value: &dyn Structured,
    ) -> Result<(), BodyError> {
        let place = self.completion.as_ref().and_then(|it| it.place());
        let Some(current) = place.and_then(Untyped::as_object) else {
            return Ok(());
        };
        let Carried { declared, others } = Carried::of(value, current);
        // A member that stands after the sentinel may be among them; which of them are enumerations is not known here.
        self.evolved_member |= !declared.is_empty();
        let declared = declared
            .into_iter()
            .map(|(name, read)| (name.to_owned(), read));
        for (name, read) in declared.chain(others) {
            self.key(start, &name)?;
            self.untyped(&read).map_err(|error| error.within(&name))?;
        }
        Ok(())
    }

    /// Takes out the completion where `value` takes the place of one of another type, of which nothing is carried over.
    pub(super) fn completion_of_other_type(
        &mut self,
        value: &dyn Structured,
    ) -> Option<Box<Completion>> {
        let place = self.completion.as_ref()?.place();
        let current = place.and_then(Untyped::as_object)?;
        changes_type(value, current)
            .then(|| self.completion.take())
            .flatten()
    }
}
