//! Reads patches from files and tests, where a misspelt name must not pass.

use serde_json::Value as Untyped;

use crate::body::any_of::AnyOf;
use crate::body::structured::Structured;
use crate::read::error::PatchError;
use crate::read::json_text::parse;
use crate::read::notes::{ReadNotes, Strictness};
use crate::read::readable::ReadValue;
use crate::read::union::Union;

/// Reads a patch from JSON text, strictly: for files and tests, where a misspelt name must not pass.
///
/// An `@odata.type` may be absent, except where several types can stand; where it is, it must be the type's, with `#`
/// or without. Other control information is passed over where it only describes what was once read (`@odata.context`,
/// `@odata.etag`, `members@odata.context`), so that an answer can be edited and sent back. What would tell the service
/// something that the value cannot hold (`@odata.id` of a nested object, `@microsoft.graph.conflictBehavior`) is
/// refused; a [`Document`](crate::Document) holds it.
///
/// ```
/// # use msgraph_runtime::{FieldReader, FieldVisitor, Readable, Structured, VisitResult};
/// # #[derive(Debug, Default)] struct TapPatch { is_usable_once: Option<bool> }
/// # impl Structured for TapPatch {
/// #     fn type_name(&self) -> &'static str { "microsoft.graph.tap" }
/// #     fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult { visitor.fields(&[("isUsableOnce", &self.is_usable_once)]) }
/// # }
/// # impl Readable for TapPatch {
/// #     fn visit_mut(&mut self, reader: &mut dyn FieldReader) { reader.fields(&mut [("isUsableOnce", &mut self.is_usable_once)]); }
/// # }
/// let patch: TapPatch = msgraph_runtime::from_json(r#"{"isUsableOnce":true}"#)?;
/// assert_eq!(patch.is_usable_once, Some(true));
///
/// let error = msgraph_runtime::from_json::<TapPatch>(r#"{"isUsableOnec":true}"#).unwrap_err();
/// assert_eq!(error.to_string(), "/isUsableOnec: unknown property; did you mean `isUsableOnce`?");
/// # Ok::<(), msgraph_runtime::PatchError>(())
/// ```
///
/// # Errors
/// Everything that is wrong: text that is not JSON; a property that the type does not have, or has twice (of an open
/// type another name is that of a dynamic property, unless only its letters' case tells it from a declared one); JSON that is
/// no value of a property's type; null where none can stand; an enumeration member that this build does not know, or
/// `unknownFutureValue`; another type; an annotation as above.
pub fn from_json<P: ReadValue + Structured>(text: &str) -> Result<P, PatchError> {
    let mut notes = ReadNotes::new(Strictness::Strict);
    let value = parse(text, &mut notes).and_then(|json| P::read(&json, &mut notes));
    notes.into_result(value)
}

/// Reads a patch from a JSON tree, strictly; see [`from_json`].
///
/// # Errors
/// As [`from_json`]; a tree has no duplicate names.
///
/// ```
/// use msgraph_runtime::{CollectionBody, from_value};
///
/// let body: CollectionBody<String> = from_value(&serde_json::json!({ "value": ["a"] }))?;
/// assert_eq!(body, CollectionBody::from(["a".to_owned()]));
/// # Ok::<(), msgraph_runtime::PatchError>(())
/// ```
pub fn from_value<P: ReadValue + Structured>(json: &Untyped) -> Result<P, PatchError> {
    let mut notes = ReadNotes::new(Strictness::Strict);
    let value = P::read(json, &mut notes);
    notes.into_result(value)
}

/// Reads the patch of any of a union's types, strictly: [`from_json`] with the marker named in place of the type.
///
/// # Errors
/// As [`from_json`].
///
/// ```
/// # use msgraph_runtime::{DerivesFrom, FieldReader, FieldVisitor, Readable, Structured, Union, UnionMember, VisitResult};
/// # #[derive(Debug, Default)] struct IosPatch { name: Option<String> }
/// # impl Structured for IosPatch {
/// #     fn type_name(&self) -> &'static str { "microsoft.graph.iosConfiguration" }
/// #     fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult { visitor.fields(&[("name", &self.name)]) }
/// # }
/// # impl Readable for IosPatch {
/// #     fn visit_mut(&mut self, reader: &mut dyn FieldReader) { reader.fields(&mut [("name", &mut self.name)]); }
/// # }
/// # enum AnyConfiguration {}
/// # impl DerivesFrom<AnyConfiguration> for IosPatch {}
/// # impl Union for AnyConfiguration {
/// #     const TYPES: &'static [UnionMember<Self>] = &[UnionMember::of::<IosPatch>("microsoft.graph.iosConfiguration")];
/// # }
/// use msgraph_runtime::any_from_json;
///
/// let text = r##"{"@odata.type":"#microsoft.graph.iosConfiguration","name":"a"}"##;
/// assert_eq!(any_from_json::<AnyConfiguration>(text)?.type_name(), "microsoft.graph.iosConfiguration");
/// # Ok::<(), msgraph_runtime::PatchError>(())
/// ```
pub fn any_from_json<B: Union>(text: &str) -> Result<AnyOf<B>, PatchError> {
    from_json(text)
}
