use std::fmt;
use std::sync::Arc;

use crate::body::any_of::AnyOf;
use crate::body::structured::{FieldVisitor, Structured, VisitResult};
use crate::read::json_text::parse;
use crate::read::object::Strictness;
use crate::read::object::{ReadNote, ReadNotes, ReadValue};
use crate::read::union::Union;
use serde_json::Value as Untyped;

/// JSON that is not a patch of its type: everything that is wrong with it.
///
/// Displayed with one line for each problem.
///
/// ```
/// use msgraph_runtime::{CollectionBody, from_json};
///
/// let error = from_json::<CollectionBody<String>>(r#"{"value":[1,"a",null]}"#).unwrap_err();
/// let places: Vec<&str> = error.problems().iter().map(|problem| problem.pointer.as_str()).collect();
/// assert_eq!(places, ["/value/0", "/value/2"]);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PatchError {
    problems: Vec<ReadNote>,
}

impl PatchError {
    pub(crate) const fn new(problems: Vec<ReadNote>) -> Self {
        Self { problems }
    }

    /// The problems, each with its place.
    pub fn problems(&self) -> &[ReadNote] {
        &self.problems
    }
}

impl fmt::Display for PatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for PatchError {}

/// Reads a patch from JSON text, strictly: for files and tests, where a misspelt name must not pass.
///
/// An `@odata.type` may be absent, except where several types can stand; where it is, it must be the type's, with `#`
/// or without. Other control information is passed over where it only describes what was once read (`@odata.context`,
/// `@odata.etag`, `members@odata.context`), so that an answer can be edited and sent back. What would tell the service
/// something that the value cannot hold (`@odata.id` of a nested object, `@microsoft.graph.conflictBehavior`) is
/// refused; a [`Document`] holds it.
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

/// A patch together with the JSON it was read from: written again it is the JSON that was read.
///
/// A patch alone writes `@odata.type` where its position asks for it, and numbers, GUIDs or base64 in one spelling. A document
/// writes `@odata.type` exactly where it was, and as it was, keeps every other annotation, and spells a value as it was
/// spelled. What a value is comes from the patch all the same.
///
/// ```
/// # use msgraph_runtime::{Document, FieldReader, FieldVisitor, Readable, Structured, VisitResult};
/// # #[derive(Debug, Default)] struct Settings { threshold: Option<f64> }
/// # impl Structured for Settings {
/// #     fn type_name(&self) -> &'static str { "microsoft.graph.settings" }
/// #     fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult { visitor.fields(&[("threshold", &self.threshold)]) }
/// # }
/// # impl Readable for Settings {
/// #     fn visit_mut(&mut self, reader: &mut dyn FieldReader) { reader.fields(&mut [("threshold", &mut self.threshold)]); }
/// # }
/// let text = r#"{"@odata.type":"microsoft.graph.settings","threshold":4}"#;
/// let document = Document::<Settings>::from_json(text)?;
/// assert_eq!(document.to_json()?, text);
/// assert_eq!(document.value().to_json()?, r#"{"threshold":4}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Sent by `update(document.value())` it goes as the patch does; with
/// [`with_body(&document)`](crate::Request::with_body) after that, as the document. It is the whole of a body, and no
/// field's value.
#[derive(Clone, Debug, PartialEq)]
pub struct Document<P> {
    value: P,
    source: Arc<Untyped>,
}

impl<P: ReadValue + Structured> Document<P> {
    /// Reads a patch from JSON text, as strictly as [`from_json`], but keeps annotations.
    ///
    /// # Errors
    /// As [`from_json`].
    pub fn from_json(text: &str) -> Result<Self, PatchError> {
        let mut notes = ReadNotes::new(Strictness::KeepingAnnotations);
        match parse(text, &mut notes) {
            Some(source) => Self::read(source, notes),
            None => notes.into_result(None),
        }
    }

    /// Reads a patch from a JSON tree.
    ///
    /// # Errors
    /// As [`from_json`].
    pub fn from_value(source: Untyped) -> Result<Self, PatchError> {
        Self::read(source, ReadNotes::new(Strictness::KeepingAnnotations))
    }

    fn read(source: Untyped, mut notes: ReadNotes) -> Result<Self, PatchError> {
        let value = P::read(&source, &mut notes);
        Ok(Self {
            value: notes.into_result(value)?,
            source: Arc::new(source),
        })
    }
}

impl<P> Document<P> {
    /// The patch.
    pub const fn value(&self) -> &P {
        &self.value
    }

    /// The patch itself.
    pub fn into_value(self) -> P {
        self.value
    }
}

impl<P: Structured> Structured for Document<P> {
    fn type_name(&self) -> &'static str {
        self.value.type_name()
    }

    fn odata_type(&self) -> Option<&'static str> {
        self.value.odata_type()
    }

    fn replaces(&self) -> bool {
        self.value.replaces()
    }

    fn not_sent(&self) -> &'static [&'static str] {
        self.value.not_sent()
    }

    fn is_declared_type(&self) -> Option<bool> {
        self.value.is_declared_type()
    }

    fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
        self.value.visit(visitor)
    }

    fn document_source(&self) -> Option<&Arc<Untyped>> {
        Some(&self.source)
    }
}
