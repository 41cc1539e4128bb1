//! Completes values that the service replaces with their current properties.

use serde_json::Value as Untyped;

use super::JsonWriter;
use crate::body::carried::{Carried, changes_type};
use crate::body::error::BodyError;
use crate::body::odata_type::{ODATA_TYPE, is_type, type_name};
use crate::body::structured::{Structured, own_type};

/// The current value of what is being written.
#[derive(Debug)]
pub(super) struct Completion {
    current: Untyped,
    /// The properties that lead from `current` to the value being written.
    pub(super) path: Vec<&'static str>,
    /// Whether the service replaces the value being written, or one that contains it.
    is_replaced: bool,
}

impl Completion {
    pub(super) fn current(&self) -> Option<&Untyped> {
        let mut path = self.path.iter();
        path.try_fold(&self.current, |json, name| json.get(name))
    }
}

impl JsonWriter {
    /// A writer for a value that is `current` now.
    pub(crate) fn completing(current: &Untyped, is_replaced: bool) -> Self {
        let mut writer = Self::new();
        if current.is_object() {
            writer.completion = Some(Box::new(Completion {
                current: current.clone(),
                path: Vec::new(),
                is_replaced,
            }));
        }
        writer
    }

    pub(super) fn is_replaced(&self) -> bool {
        let completion = self.completion.as_ref();
        completion.is_some_and(|completion| completion.is_replaced)
    }

    /// Sets whether the value being written is replaced, and returns whether it was.
    pub(crate) fn set_replaced(&mut self, is_replaced: bool) -> bool {
        match &mut self.completion {
            Some(completion) => std::mem::replace(&mut completion.is_replaced, is_replaced),
            None => false,
        }
    }

    /// The current type of a replaced value, if it is not the type of `value`.
    pub(super) fn current_type(&self, value: &dyn Structured) -> Option<String> {
        let completion = self.completion.as_ref().filter(|it| it.is_replaced)?;
        let current = completion.current()?.get(ODATA_TYPE)?.as_str()?;
        (!is_type(current, &own_type(value))).then(|| type_name(current).to_owned())
    }

    /// Writes the current properties that `value` does not set.
    #[cold]
    pub(super) fn complete(
        &mut self,
        start: usize,
        value: &dyn Structured,
    ) -> Result<(), BodyError> {
        let current = self.completion.as_ref().and_then(|it| it.current());
        let Some(current) = current.and_then(Untyped::as_object) else {
            return Ok(());
        };
        let carried = Carried::of(value, current);
        // They may contain a member declared after the sentinel; the writer does not know which are enumerations.
        self.contents.evolved_member |= !carried.declared.is_empty();
        for (name, current) in carried.all() {
            self.key(start, name)?;
            self.untyped(current).map_err(|error| error.within(name))?;
        }
        Ok(())
    }

    /// Removes the completion if `value` has another type, because then nothing is copied.
    pub(super) fn take_completion_of_other_type(
        &mut self,
        value: &dyn Structured,
    ) -> Option<Box<Completion>> {
        let current = self.completion.as_ref()?.current()?.as_object()?;
        if changes_type(value, current) {
            self.completion.take()
        } else {
            None
        }
    }
}
