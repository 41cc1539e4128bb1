mod completion;
mod limits;
mod nested;
mod references;

use serde::Serialize;
use serde_json::Value as Untyped;

use crate::body::error::{BodyError, BodyProblem, MAX_DEPTH};
use crate::body::limit::LimitViolation;
use crate::body::purpose::Purpose;
use crate::body::type_rule::{Required, TypeRule};
use crate::cloud::root::Root;
use completion::Completion;

/// A written value. A JSON tree in its place would lose digits of an `Edm.Decimal`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fragment {
    pub(crate) json: Vec<u8>,
    /// The position of each relative reference: its opening quote.
    references: Vec<usize>,
    contents: Contents,
}

/// What a body contains that affects its request.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Contents {
    evolved_member: bool,
    delta: bool,
    added_references: bool,
}

/// Writes JSON to a buffer.
///
/// Limits the nesting depth, so that a value nested without end is an error and not a stack overflow, and records which
/// headers the body requires.
#[derive(Debug)]
pub struct JsonWriter {
    out: Vec<u8>,
    depth: usize,
    purpose: Purpose,
    types: TypeRule,
    omitted_type: bool,
    contents: Contents,
    /// The position of each relative reference: its opening quote.
    references: Vec<usize>,
    completion: Option<Box<Completion>>,
    /// `None` if limits are not checked.
    violations: Option<Vec<LimitViolation>>,
}

impl Default for JsonWriter {
    fn default() -> Self {
        Self::new()
    }
}

impl JsonWriter {
    /// Maximum nesting depth of objects and arrays: that of `serde_json`'s reader.
    pub const MAX_DEPTH: usize = MAX_DEPTH;

    /// A writer with room for a small body.
    pub fn new() -> Self {
        Self::with_types(TypeRule::default())
    }

    /// A writer that writes `@odata.type` according to `types`.
    pub(crate) fn with_types(types: TypeRule) -> Self {
        Self {
            out: Vec::with_capacity(256),
            depth: 0,
            purpose: Purpose::Update,
            types,
            omitted_type: false,
            contents: Contents::default(),
            references: Vec::new(),
            completion: None,
            violations: None,
        }
    }

    /// Whether an enumeration member was written that is declared after the sentinel `unknownFutureValue` or unknown to
    /// this build: the request then requires `Prefer: include-unknown-enum-members`.
    pub const fn wrote_evolved_member(&self) -> bool {
        self.contents.evolved_member
    }

    /// Whether a nested delta was written: the request then requires `OData-Version: 4.01`.
    pub(crate) const fn wrote_delta(&self) -> bool {
        self.contents.delta
    }

    /// Whether the JSON is a copy of a value, and not sent.
    pub(crate) fn is_copy(&self) -> bool {
        self.purpose == Purpose::Copy
    }

    /// Writes `@odata.type` in every structured value.
    pub(crate) const fn requiring_all_types(mut self) -> Self {
        self.types.required = Required::All;
        self
    }

    pub(crate) fn requires_all_types(&self) -> bool {
        self.types.required == Required::All
    }

    /// Whether a structured value was written without `@odata.type`.
    pub(crate) const fn omitted_type(&self) -> bool {
        self.omitted_type
    }

    /// The JSON.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    pub(crate) fn into_string(self) -> Result<String, BodyError> {
        String::from_utf8(self.out)
            .map_err(|error| BodyError::new(BodyProblem::Json(error.to_string())))
    }

    pub(crate) fn into_value(self) -> Result<Untyped, BodyError> {
        serde_json::from_slice(&self.out).map_err(json_problem)
    }

    /// The JSON, with relative references made absolute below an API version.
    pub(crate) fn into_bytes_below(self, root: &Root, api_version: &str) -> Vec<u8> {
        if self.references.is_empty() {
            return self.out;
        }
        references::absolute(&self.out, &self.references, root, api_version)
    }

    pub(crate) fn into_fragment(self) -> Fragment {
        Fragment {
            json: self.out,
            references: self.references,
            contents: self.contents,
        }
    }

    /// Whether the JSON binds references on a collection. This adds them, so the request is not idempotent.
    pub(crate) const fn adds_references(&self) -> bool {
        self.contents.added_references
    }

    /// Writes `null`.
    #[inline]
    pub fn null(&mut self) {
        self.raw(b"null");
    }

    /// Writes `true` or `false`.
    #[inline]
    pub fn boolean(&mut self, value: bool) {
        self.raw(if value { b"true" } else { b"false" });
    }

    /// Writes a whole number.
    ///
    /// # Errors
    /// If `serde_json` fails. Writing to memory does not.
    #[inline]
    pub fn integer(&mut self, value: i64) -> Result<(), BodyError> {
        self.serialize(&value)
    }

    /// Writes a string, quoted and escaped.
    ///
    /// # Errors
    /// If `serde_json` fails. Writing to memory does not.
    #[inline]
    pub fn string(&mut self, value: &str) -> Result<(), BodyError> {
        if needs_no_escape(value) {
            self.out.reserve(value.len() + 2);
            self.out.push(b'"');
            self.out.extend_from_slice(value.as_bytes());
            self.out.push(b'"');
            return Ok(());
        }
        self.serialize(value)
    }

    /// Writes the value of `@odata.type`.
    fn odata_type(&mut self, name: &str) -> Result<(), BodyError> {
        if needs_no_escape(name) {
            self.raw(b"\"#");
            self.raw(name.as_bytes());
            self.raw(b"\"");
            return Ok(());
        }
        self.string(&["#", name].concat())
    }

    /// Writes a double-precision number; a whole number without a fraction, as people and JavaScript write it. `INF`,
    /// `-INF` and `NaN` are strings (OData JSON 4.01, 7.1).
    ///
    /// # Errors
    /// If `serde_json` fails. Writing to memory does not.
    pub fn double(&mut self, value: f64) -> Result<(), BodyError> {
        self.float(value)
    }

    /// Writes a single-precision number, like [`double`](Self::double), with as few digits as identify it.
    ///
    /// # Errors
    /// If `serde_json` fails. Writing to memory does not.
    pub fn single(&mut self, value: f32) -> Result<(), BodyError> {
        self.float(value)
    }

    fn float<F: Copy + Into<f64> + Serialize>(&mut self, value: F) -> Result<(), BodyError> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let double: f64 = value.into();
        if let Some(name) = name_of_non_finite(double) {
            self.string(name)
        } else if double.fract() == 0.0
            && double.abs() <= EXACT
            && (double != 0.0 || double.is_sign_positive())
        {
            self.integer(double as i64)
        } else {
            self.serialize(&value)
        }
    }

    /// Writes any JSON value.
    ///
    /// # Errors
    /// [`BodyProblem::TooDeep`].
    pub fn untyped(&mut self, value: &Untyped) -> Result<(), BodyError> {
        if nests_deeper_than(value, Self::MAX_DEPTH.saturating_sub(self.depth)) {
            return Err(BodyError::new(BodyProblem::TooDeep));
        }
        self.contents.added_references |= references::are_added(value);
        self.serialize(value)
    }

    /// Writes a relative reference, which [`into_bytes_below`](Self::into_bytes_below) makes absolute.
    pub(crate) fn relative_reference(&mut self, url: &str) -> Result<(), BodyError> {
        self.references.push(self.out.len());
        self.string(url)
    }

    pub(crate) fn fragment(&mut self, fragment: &Fragment) {
        let start = self.out.len();
        let references = fragment.references.iter().map(|at| start + at);
        self.references.extend(references);
        self.contents.evolved_member |= fragment.contents.evolved_member;
        self.contents.delta |= fragment.contents.delta;
        self.contents.added_references |= fragment.contents.added_references;
        self.raw(&fragment.json);
    }

    /// Writes bytes that the caller knows to be valid JSON here.
    #[inline]
    pub(crate) fn raw(&mut self, json: &[u8]) {
        self.out.extend_from_slice(json);
    }

    /// Records that the request requires `Prefer: include-unknown-enum-members`.
    pub(crate) const fn note_evolved_member(&mut self) {
        self.contents.evolved_member = true;
    }

    /// Records that a nested delta was written.
    pub(crate) const fn note_delta(&mut self) {
        self.contents.delta = true;
    }

    #[inline]
    fn serialize<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), BodyError> {
        serde_json::to_writer(&mut self.out, value).map_err(json_problem)
    }

    #[inline]
    fn key(&mut self, object_start: usize, name: &str) -> Result<(), BodyError> {
        if self.out.len() > object_start {
            self.out.push(b',');
        }
        self.string(name)?;
        self.out.push(b':');
        Ok(())
    }

    /// Writes the name of a declared property, which needs no escape because it is a CSDL identifier or an annotation.
    #[inline]
    fn declared_key(&mut self, object_start: usize, name: &'static str) {
        self.out.reserve(name.len() + 4);
        if self.out.len() > object_start {
            self.out.push(b',');
        }
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    const fn enter(&mut self) -> Result<(), BodyError> {
        if self.depth >= Self::MAX_DEPTH {
            return Err(BodyError::new(BodyProblem::TooDeep));
        }
        self.depth += 1;
        Ok(())
    }

    const fn leave(&mut self) {
        self.depth -= 1;
    }
}

/// Whether a JSON string contains this text unchanged (RFC 8259, 7). Names and most values do; testing all bytes without
/// an early exit costs less than half of escaping byte by byte.
#[inline]
fn needs_no_escape(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| {
        plain & (byte >= 0x20) & (byte != b'"') & (byte != b'\\')
    })
}

/// Recurses at most `levels` deep.
fn nests_deeper_than(value: &Untyped, levels: usize) -> bool {
    let Some(below) = levels.checked_sub(1) else {
        return value.is_array() || value.is_object();
    };
    match value {
        Untyped::Array(items) => items.iter().any(|item| nests_deeper_than(item, below)),
        Untyped::Object(properties) => properties
            .values()
            .any(|value| nests_deeper_than(value, below)),
        _ => false,
    }
}

/// The string for a number that JSON cannot represent (OData JSON 4.01, 7.1).
pub(crate) fn name_of_non_finite(number: f64) -> Option<&'static str> {
    if number.is_nan() {
        Some("NaN")
    } else if number.is_infinite() {
        Some(if number > 0.0 { "INF" } else { "-INF" })
    } else {
        None
    }
}

#[cold]
fn json_problem(error: serde_json::Error) -> BodyError {
    BodyError::new(BodyProblem::Json(error.to_string()))
}
