//! Structured values as values of a body.

use serde_json::Value as Untyped;

use crate::body::carried::{changes_type, with_nulls_of};
use crate::body::diff::has_all;
use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::structured::{Names, Structured};
use crate::body::value::Value;

impl<T: Structured> Value for T {
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        writer.object(self)
    }

    fn is_same(&self, current: &Untyped) -> bool {
        is_same(self, current)
    }

    fn is_same_item(&self, current: &Untyped) -> bool {
        is_same_item(self, current)
    }
}

fn is_same(value: &dyn Structured, current: &Untyped) -> bool {
    if value.replaces() {
        return JsonWriter::tree(|writer| writer.object(value))
            .is_ok_and(|desired| is_same_part(value, &with_nulls_of(&desired, current.clone())));
    }
    is_same_part(value, current)
}

/// Whether `current` has the type of `value` and every field that `value` sets.
fn is_same_part(value: &dyn Structured, current: &Untyped) -> bool {
    current
        .as_object()
        .is_some_and(|current| !changes_type(value, current) && has_all(current, value))
}

/// Also requires that the properties that `value` does not set, and could send, are null or missing.
fn is_same_item(value: &dyn Structured, current: &Untyped) -> bool {
    let names = Names::of(value);
    let is_set = |name: &str| names.sets(name) || names.sets(&[name, "@odata.bind"].concat());
    let not_sent = value.info().not_sent;
    let is_received = |name: &str| names.received.iter().any(|received| received == name);
    let is_never_sent = |name: &str| {
        names.never_sent.contains(&name) || not_sent.contains(&name) || is_received(name)
    };
    let mut properties = current.as_object().into_iter().flatten();
    is_same_part(value, current)
        && properties.all(|(name, current)| {
            current.is_null() || name.contains('@') || is_set(name) || is_never_sent(name)
        })
}
