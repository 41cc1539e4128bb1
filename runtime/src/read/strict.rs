use serde_json::Value as Untyped;

use crate::body::any_of::AnyOf;
use crate::body::structured::Structured;
use crate::read::finding::PatchError;
use crate::read::notes::ReadNotes;
use crate::read::parse::parse;
use crate::read::readable::ReadValue;
use crate::read::union::Union;

/// Parses a patch strictly: for files and tests, where a misspelt name must not be ignored.
///
/// `@odata.type` is optional, except in positions that accept several types, and must match the type; the `#` is
/// optional. Other control information that only describes a response (`@odata.context`, `@odata.etag`,
/// `members@odata.context`) is ignored, so a response can be edited and sent back. Annotations that would affect the
/// request, but that the value cannot represent (`@odata.id` of a nested object, `@microsoft.graph.conflictBehavior`), are
/// errors.
///
/// ```
/// # use msgraph_runtime::__private as __rt;
/// # struct TapPatch { is_usable_once: Option<bool> }
/// # __rt::model! { TapPatch: "microsoft.graph.tap"; "isUsableOnce" is_usable_once; }
/// use msgraph_runtime::json;
///
/// let patch: TapPatch = json::from_json(r#"{"isUsableOnce":true}"#)?;
/// assert_eq!(patch.is_usable_once, Some(true));
///
/// let error = json::from_json::<TapPatch>(r#"{"isUsableOnec":true}"#).unwrap_err();
/// assert_eq!(error.to_string(), "/isUsableOnec: unknown property; did you mean `isUsableOnce`?");
/// # Ok::<(), json::PatchError>(())
/// ```
///
/// # Errors
/// All problems at once: invalid JSON; a property that is unknown or duplicate (on an open type, an unknown property is
/// a dynamic one, unless it differs from a declared one only in case); a value of the wrong type; null for a
/// non-nullable property; an unknown enumeration member, or `unknownFutureValue`; another `@odata.type`; an annotation
/// as above.
pub fn from_json<P: ReadValue + Structured>(text: &str) -> Result<P, PatchError> {
    let mut notes = ReadNotes::strict();
    let value = parse(text, &mut notes).and_then(|json| P::read(&json, &mut notes));
    notes.into_result(value)
}

/// Like [`from_json`], for a JSON tree.
///
/// # Errors
/// Those of [`from_json`]. A tree has no duplicate names.
pub fn from_value<P: ReadValue + Structured>(json: &Untyped) -> Result<P, PatchError> {
    let mut notes = ReadNotes::strict();
    let value = P::read(json, &mut notes);
    notes.into_result(value)
}

/// Like [`from_json`], for a value of any of the types of a marker: `any_from_json::<AnyTarget>(text)`.
///
/// # Errors
/// Those of [`from_json`].
pub fn any_from_json<B: Union>(text: &str) -> Result<AnyOf<B>, PatchError> {
    from_json(text)
}
