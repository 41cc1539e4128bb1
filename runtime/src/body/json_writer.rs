mod completing;
mod following;
mod nested;
mod numbers;
mod position;
mod references;

use serde_json::Value as Untyped;

use crate::body::error::{BodyError, BodyProblem, MAX_DEPTH};
use crate::body::type_rule::{Required, TypeRule};
use crate::cloud::root::Root;
use position::{Completion, Following};

/// A value as the bytes that go over the wire: a detour over a JSON tree would cost an `Edm.Decimal` its digits.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fragment {
    pub(crate) json: Vec<u8>,
    /// Where the relative references stand, each at its opening quote.
    references: Vec<usize>,
}

/// Appends JSON to a buffer.
///
/// Knows the two things that a body needs beyond JSON: whether an enumeration member was written that Graph takes only
/// with `Prefer: include-unknown-enum-members`, and how deep the writing stands, so that a value nested without end is
/// an error and not a stack overflow.
///
/// ```
/// use msgraph_runtime::JsonWriter;
///
/// let mut writer = JsonWriter::new();
/// writer.array(&["a".to_owned(), "\"".to_owned()])?;
/// assert_eq!(writer.into_bytes(), br#"["a","\""]"#);
/// # Ok::<(), msgraph_runtime::BodyError>(())
/// ```
#[derive(Debug)]
pub struct JsonWriter {
    out: Vec<u8>,
    depth: usize,
    types: TypeRule,
    left_type_out: bool,
    evolved_member: bool,
    delta: bool,
    /// Where the relative references stand, each at its opening quote.
    references: Vec<usize>,
    following: Option<Box<Following>>,
    completion: Option<Box<Completion>>,
}

impl Default for JsonWriter {
    fn default() -> Self {
        Self::new()
    }
}

impl JsonWriter {
    /// How deep objects and arrays may nest: what `serde_json` reads back.
    pub const MAX_DEPTH: usize = MAX_DEPTH;

    /// A writer with room for a small body.
    pub fn new() -> Self {
        Self {
            out: Vec::with_capacity(256),
            depth: 0,
            types: TypeRule::default(),
            left_type_out: false,
            evolved_member: false,
            delta: false,
            references: Vec::new(),
            following: None,
            completion: None,
        }
    }

    /// The same, with `@odata.type` by this rule.
    pub(crate) const fn naming(mut self, types: TypeRule) -> Self {
        self.types = types;
        self
    }

    /// Whether an enumeration member was written that stands after the sentinel `unknownFutureValue`, or that this
    /// build does not know: the request then needs `Prefer: include-unknown-enum-members`.
    pub const fn wrote_evolved_member(&self) -> bool {
        self.evolved_member
    }

    /// Whether a nested delta was written: the request then needs `OData-Version: 4.01`.
    pub(crate) const fn wrote_delta(&self) -> bool {
        self.delta
    }

    /// Whether every structured value is to write `@odata.type`.
    pub(crate) fn names_all_types(&self) -> bool {
        self.types.required == Required::All
    }

    /// Whether a structured value was written without its type.
    pub(crate) const fn left_type_out(&self) -> bool {
        self.left_type_out
    }

    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// What was written, as text.
    pub(crate) fn into_string(self) -> Result<String, BodyError> {
        String::from_utf8(self.out)
            .map_err(|error| BodyError::new(BodyProblem::Json(error.to_string())))
    }

    /// What was written, as a JSON tree.
    pub(crate) fn into_value(self) -> Result<Untyped, BodyError> {
        serde_json::from_slice(&self.out).map_err(json_problem)
    }

    /// `null`
    #[inline]
    pub fn null(&mut self) {
        self.out.extend_from_slice(b"null");
    }

    /// `true` or `false`
    #[inline]
    pub fn boolean(&mut self, value: bool) {
        self.out
            .extend_from_slice(if value { b"true" } else { b"false" });
    }

    /// A whole number.
    ///
    /// # Errors
    /// When the JSON writer fails, which on a buffer in memory it does not.
    #[inline]
    pub fn integer(&mut self, value: i64) -> Result<(), BodyError> {
        serde_json::to_writer(&mut self.out, &value).map_err(json_problem)
    }

    /// A string, quoted and escaped.
    ///
    /// # Errors
    /// When the JSON writer fails, which on a buffer in memory it does not.
    #[inline]
    pub fn string(&mut self, value: &str) -> Result<(), BodyError> {
        if needs_no_escape(value) {
            self.quote(value);
            return Ok(());
        }
        serde_json::to_writer(&mut self.out, value).map_err(json_problem)
    }

    /// A relative reference, which becomes absolute in [`into_bytes_below`](Self::into_bytes_below).
    pub(crate) fn relative_reference(&mut self, url: &str) -> Result<(), BodyError> {
        self.references.push(self.out.len());
        self.string(url)
    }

    /// What was written, relative references made absolute below an API version.
    pub(crate) fn into_bytes_below(self, root: &Root, api_version: &str) -> Vec<u8> {
        if self.references.is_empty() {
            return self.out;
        }
        references::absolute(&self.out, &self.references, root, api_version)
    }

    /// Whether references are bound on a collection, which adds them: sending it twice is not the same as once.
    pub(crate) fn adds_references(&self) -> bool {
        references::are_added(&self.out)
    }

    /// What was written, and where relative references stand in it.
    pub(crate) fn into_fragment(self) -> Fragment {
        Fragment {
            json: self.out,
            references: self.references,
        }
    }

    /// What another writer wrote.
    pub(crate) fn fragment(&mut self, fragment: &Fragment) {
        let start = self.out.len();
        let references = fragment.references.iter().map(|at| start + at);
        self.references.extend(references);
        self.raw(&fragment.json);
    }

    /// Text that the caller knows to be JSON, or the part of it that belongs here.
    pub(crate) fn raw(&mut self, json: &[u8]) {
        self.out.extend_from_slice(json);
    }

    /// A JSON value as it is.
    ///
    /// # Errors
    /// [`BodyProblem::TooDeep`].
    pub fn untyped(&mut self, value: &Untyped) -> Result<(), BodyError> {
        if nests_deeper_than(value, Self::MAX_DEPTH.saturating_sub(self.depth)) {
            return Err(BodyError::new(BodyProblem::TooDeep));
        }
        serde_json::to_writer(&mut self.out, value).map_err(json_problem)
    }

    /// Notes that a member was written that needs `Prefer: include-unknown-enum-members`.
    pub(crate) const fn note_evolved_member(&mut self) {
        self.evolved_member = true;
    }

    /// Notes that a nested delta was written.
    pub(crate) const fn note_delta(&mut self) {
        self.delta = true;
    }

    #[inline]
    fn quote(&mut self, value: &str) {
        self.out.reserve(value.len() + 2);
        self.out.push(b'"');
        self.out.extend_from_slice(value.as_bytes());
        self.out.push(b'"');
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

/// Whether a JSON string holds this text as it is (RFC 8259, 7). Names and most values do, and looking at all bytes
/// without a way out costs less than half of what escaping byte by byte does.
#[inline]
fn needs_no_escape(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| {
        plain & (byte >= 0x20) & (byte != b'"') & (byte != b'\\')
    })
}

/// Recurses no deeper than `levels`.
fn nests_deeper_than(value: &Untyped, levels: usize) -> bool {
    let Some(below) = levels.checked_sub(1) else {
        return value.is_array() || value.is_object();
    };
    match value {
        Untyped::Array(items) => items.iter().any(|item| nests_deeper_than(item, below)),
        Untyped::Object(members) => members
            .values()
            .any(|member| nests_deeper_than(member, below)),
        _ => false,
    }
}

#[cold]
fn json_problem(error: serde_json::Error) -> BodyError {
    BodyError::new(BodyProblem::Json(error.to_string()))
}
