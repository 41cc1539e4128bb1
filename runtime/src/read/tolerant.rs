//! Reads resources of responses: never fails, since a service may be newer than the metadata.

use serde_json::Value as Json;

use crate::read::finding::ReadNote;
use crate::read::notes::ReadNotes;
use crate::read::readable::{ReadValue, Readable};

/// What was read, and what was in it that the type does not know.
///
/// ```
/// use msgraph_runtime::{CollectionBody, read};
///
/// let answer = serde_json::json!({ "value": ["a"], "newSinceThen": true });
/// let read = read::<CollectionBody<String>>(&answer);
/// assert_eq!(read.value.value, Some(vec!["a".to_owned()]));
/// assert_eq!(read.notes[0].to_string(), "/newSinceThen: unknown property");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Read<P> {
    /// The value; a field is unset where the answer does not have it, or does not have it in a form that fits.
    pub value: P,
    /// What did not fit, and what is unknown. Reading never fails for it: a service may be newer than the metadata.
    pub notes: Vec<ReadNote>,
}

/// Reads a resource, and never fails for what is in it: unknown properties, unknown enumeration members, nulls where
/// none are promised and annotations are left aside, and noted (annotations are not).
///
/// ```
/// use msgraph_runtime::{CollectionBody, read};
///
/// let resource = serde_json::json!({ "@odata.context": "...", "value": ["a", "b"] });
/// assert!(read::<CollectionBody<String>>(&resource).notes.is_empty());
/// ```
pub fn read<P: Readable>(resource: &Json) -> Read<P> {
    let mut notes = ReadNotes::default();
    let value = P::read(resource, &mut notes).unwrap_or_default();
    Read {
        value,
        notes: notes.into_notes(),
    }
}
