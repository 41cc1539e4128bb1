//! Takes notes of what does not fit, while something is read.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::body::error::MAX_DEPTH;
use crate::body::json_path::PathSegment;
use crate::read::alternatives::Alternatives;
use crate::read::error::PatchError;
use crate::read::finding::{ReadFinding, ReadNote, shortened};

/// Takes notes while something is read.
///
/// ```
/// use msgraph_runtime::{ReadFinding, ReadNotes, ReadValue};
/// use serde_json::Value;
///
/// /// A whole number of minutes.
/// struct Minutes(u32);
///
/// impl ReadValue for Minutes {
///     fn read(json: &Value, notes: &mut ReadNotes) -> Option<Self> {
///         let minutes = json.as_u64().and_then(|minutes| u32::try_from(minutes).ok());
///         if minutes.is_none() {
///             notes.note(ReadFinding::Unfit { expected: "minutes", found: json.to_string() });
///         }
///         minutes.map(Self)
///     }
/// }
/// assert_eq!(Minutes::read(&60.into(), &mut ReadNotes::default()).map(|minutes| minutes.0), Some(60));
/// ```
#[derive(Debug, Default)]
pub struct ReadNotes {
    pub(super) strictness: Strictness,
    pub(super) path: Vec<PathSegment>,
    notes: Vec<ReadNote>,
    exact_numbers: BTreeMap<String, String>,
    stack_used: usize,
    /// Whether the value just read is, or is a collection of, values without a type of their own.
    pub(super) read_untyped: bool,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Strictness {
    /// An answer: a service may be newer than the metadata.
    #[default]
    Tolerant,
    /// Something to be sent: whatever the value cannot hold is noted.
    Strict,
    /// The same, but annotations are kept beside the value.
    KeepingAnnotations,
}

impl ReadNotes {
    pub(crate) fn new(strictness: Strictness) -> Self {
        Self {
            strictness,
            ..Self::default()
        }
    }

    /// Notes something about the place being read.
    pub fn note(&mut self, finding: ReadFinding) {
        let pointer = self.pointer();
        self.notes.push(ReadNote { pointer, finding });
    }

    pub(crate) fn is_strict(&self) -> bool {
        self.strictness != Strictness::Tolerant
    }

    /// Notes that the value just read has no type of its own.
    pub(crate) const fn note_untyped(&mut self) {
        self.read_untyped = true;
    }

    /// What there is in place of an unknown name; nothing where nobody will be told.
    pub(crate) fn alternatives(&self, name: &str, known: &[&'static str]) -> Alternatives {
        if self.is_strict() {
            Alternatives::to(name, known)
        } else {
            Alternatives::default()
        }
    }

    /// What was noted.
    pub(super) fn into_notes(self) -> Vec<ReadNote> {
        self.notes
    }

    /// The value, unless something was noted.
    pub(crate) fn into_result<P>(self, value: Option<P>) -> Result<P, PatchError> {
        match value {
            Some(value) if self.notes.is_empty() => Ok(value),
            _ => Err(PatchError::new(self.notes)),
        }
    }

    /// Notes JSON that does not fit, without its text.
    pub(crate) fn unfit<T>(&mut self, json: &Json, expected: &'static str) -> Option<T> {
        self.unfit_as(json, expected, kind(json))
    }

    /// Notes JSON that does not fit, with its text.
    pub(crate) fn unfit_text<T>(&mut self, json: &Json, expected: &'static str) -> Option<T> {
        let found = match json {
            Json::String(text) => format!("{:?}", shortened(text)),
            other => kind(other),
        };
        self.unfit_as(json, expected, found)
    }

    fn unfit_as<T>(&mut self, json: &Json, expected: &'static str, found: String) -> Option<T> {
        self.note(if json.is_null() {
            ReadFinding::UnexpectedNull { expected }
        } else {
            ReadFinding::Unfit { expected, found }
        });
        None
    }

    pub(crate) fn within<T>(&mut self, step: PathSegment, read: impl FnOnce(&mut Self) -> T) -> T {
        self.enter(step);
        let value = read(self);
        self.leave();
        value
    }

    pub(crate) fn enter(&mut self, step: PathSegment) {
        self.path.push(step);
    }

    pub(crate) fn leave(&mut self) {
        self.path.pop();
    }

    /// Every digit of the number being read, where a binary number would not hold them.
    #[cfg(feature = "decimal")]
    pub(crate) fn exact_number(&self) -> Option<&str> {
        if self.exact_numbers.is_empty() {
            return None;
        }
        self.exact_numbers.get(&self.pointer()).map(String::as_str)
    }

    pub(crate) fn keep_exact_number(&mut self, digits: &str) {
        self.exact_numbers.insert(self.pointer(), digits.to_owned());
    }

    fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in &self.path {
            pointer.push('/');
            match step {
                PathSegment::Declared(name) => push_token(&mut pointer, name),
                PathSegment::Name(name) => push_token(&mut pointer, name),
                PathSegment::Index(index) => pointer.push_str(&index.to_string()),
            }
        }
        pointer
    }

    /// Reads what is nested here, unless it stands so deep that the stack might not hold it: with `held` bytes on the
    /// stack until that is done.
    pub(super) fn nested<T>(
        &mut self,
        held: usize,
        read: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        // A value that is being read stands in the frames of its reader and of those that pass it on: at most four times
        // its size and two kilobytes, measured without optimization.
        let frames = held.saturating_mul(4).saturating_add(2048);
        self.stack_used = self.stack_used.saturating_add(frames);
        let read = if self.stack_used > STACK || self.path.len() >= MAX_DEPTH {
            self.note(ReadFinding::TooDeep);
            None
        } else {
            Some(read(self))
        };
        self.stack_used = self.stack_used.saturating_sub(frames);
        read
    }
}

/// How much of the stack nested reading may take: half of what Rust gives a thread.
const STACK: usize = 1 << 20;

/// RFC 6901, 3.
fn push_token(pointer: &mut String, name: &str) {
    for character in name.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// What stands there, without the text of a string, which may be a password.
fn kind(json: &Json) -> String {
    match json {
        Json::Null => "null".to_owned(),
        Json::Bool(value) => value.to_string(),
        Json::Number(number) => format!("the number {number}"),
        Json::String(_) => "a string".to_owned(),
        Json::Array(_) => "an array".to_owned(),
        Json::Object(_) => "an object".to_owned(),
    }
}
