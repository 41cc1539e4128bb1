use serde_json::Value as Json;

use crate::read::finding::ReadNote;
use crate::read::notes::ReadNotes;
use crate::read::readable::{ReadValue, Readable};

/// A resource that was read, and its mismatches.
#[derive(Clone, Debug, PartialEq)]
pub struct Read<P> {
    /// The value. A field is not set if the resource does not have it, or has it with the wrong type.
    pub value: P,
    /// Everything that does not match the type.
    pub notes: Vec<ReadNote>,
}

/// Reads a resource of a response. Never fails, because the service may be newer than the metadata: unknown properties,
/// unknown enumeration members and unexpected nulls are noted. Annotations are ignored.
///
/// ```
/// use msgraph_runtime::json;
/// use msgraph_runtime::request::CollectionBody;
///
/// let resource = serde_json::json!({ "@odata.context": "...", "value": ["a"], "newSinceThen": true });
/// let read = json::read::<CollectionBody<String>>(&resource);
/// assert_eq!(read.value.value, Some(vec!["a".to_owned()]));
/// assert_eq!(read.notes[0].to_string(), "/newSinceThen: unknown property");
/// ```
pub fn read<P: Readable>(resource: &Json) -> Read<P> {
    let mut notes = ReadNotes::default();
    let value = P::read(resource, &mut notes).unwrap_or_default();
    Read {
        value,
        notes: notes.into_notes(),
    }
}
