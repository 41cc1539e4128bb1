//! A patch together with the JSON it was read from.

use std::sync::Arc;

use serde_json::Value as Untyped;

use crate::body::structured::{FieldVisitor, Structured, VisitResult};
use crate::read::error::PatchError;
use crate::read::json_text::parse;
use crate::read::notes::{ReadNotes, Strictness};
use crate::read::readable::ReadValue;

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
    /// Reads a patch from JSON text, as strictly as [`from_json`](crate::from_json()), but keeps annotations.
    ///
    /// # Errors
    /// As [`from_json`](crate::from_json()).
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
    /// As [`from_json`](crate::from_json()).
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
