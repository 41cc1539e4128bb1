use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::body::error::MAX_DEPTH;
use crate::body::purpose::Purpose;
use crate::read::alternatives::Alternatives;
use crate::read::finding::{PatchError, ReadFinding, ReadNote, shortened};

/// Collects mismatches between JSON and its type during reading.
#[derive(Debug, Default)]
pub struct ReadNotes {
    is_strict: bool,
    /// What the value is read for, if it is to be sent.
    pub(super) purpose: Purpose,
    pub(super) path: Vec<PathSegment>,
    notes: Vec<ReadNote>,
    exact_numbers: BTreeMap<String, String>,
    stack_used: usize,
    /// Whether the value that was read last is untyped, or a collection of untyped values.
    pub(super) read_untyped: bool,
}

/// One segment of the path to the value being read.
#[derive(Debug)]
pub(crate) enum PathSegment {
    Declared(&'static str),
    Name(String),
    Index(usize),
}

impl ReadNotes {
    /// Notes for something that is to be sent: everything that the value cannot represent is a problem.
    pub(crate) fn strict() -> Self {
        Self {
            is_strict: true,
            ..Self::default()
        }
    }

    /// Adds a note about the value being read.
    pub fn note(&mut self, finding: ReadFinding) {
        let pointer = self.pointer();
        self.notes.push(ReadNote { pointer, finding });
    }

    /// The value, if reading it adds no notes.
    pub(crate) fn if_it_fits<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let before = self.notes.len();
        let value = read(self).filter(|_| self.notes.len() == before);
        self.notes.truncate(before);
        value
    }

    pub(crate) const fn is_strict(&self) -> bool {
        self.is_strict
    }

    /// The alternatives to an unknown name. Tolerant reading does not report them.
    pub(crate) fn alternatives(&self, name: &str, known: &[&'static str]) -> Alternatives {
        if self.is_strict() {
            Alternatives::to(name, known)
        } else {
            Alternatives::default()
        }
    }

    pub(crate) fn into_notes(self) -> Vec<ReadNote> {
        self.notes
    }

    /// The value, if there are no notes.
    pub(crate) fn into_result<P>(self, value: Option<P>) -> Result<P, PatchError> {
        match value {
            Some(value) if self.notes.is_empty() => Ok(value),
            _ => Err(PatchError::new(self.notes)),
        }
    }

    /// Notes a value of the wrong type, without a string's text, which may be a password.
    pub(crate) fn mismatch<T>(&mut self, json: &Json, expected: &'static str) -> Option<T> {
        let found = match json {
            Json::Null => "null".to_owned(),
            Json::Bool(value) => value.to_string(),
            Json::Number(number) => match self.exact_number() {
                Some(digits) => format!("the number {}", shortened(digits)),
                None => format!("the number {number}"),
            },
            Json::String(_) => "a string".to_owned(),
            Json::Array(_) => "an array".to_owned(),
            Json::Object(_) => "an object".to_owned(),
        };
        self.note(if json.is_null() {
            ReadFinding::UnexpectedNull { expected }
        } else {
            ReadFinding::Unfit { expected, found }
        });
        None
    }

    /// Notes a value of the wrong type, without the value.
    pub(crate) fn secret_mismatch<T>(&mut self, json: &Json, expected: &'static str) -> Option<T> {
        if json.is_null() {
            return self.mismatch(json, expected);
        }
        let found = "another value".to_owned();
        self.note(ReadFinding::Unfit { expected, found });
        None
    }

    /// Notes a value of the wrong type, with a string's text.
    pub(crate) fn mismatched_string<T>(
        &mut self,
        json: &Json,
        expected: &'static str,
    ) -> Option<T> {
        let Some(text) = json.as_str() else {
            return self.mismatch(json, expected);
        };
        let found = format!("{:?}", shortened(text));
        self.note(ReadFinding::Unfit { expected, found });
        None
    }

    pub(crate) fn within<T>(
        &mut self,
        segment: PathSegment,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.enter(segment);
        let value = read(self);
        self.leave();
        value
    }

    pub(crate) fn enter(&mut self, segment: PathSegment) {
        self.path.push(segment);
    }

    pub(crate) fn leave(&mut self) {
        self.path.pop();
    }

    /// The digits of the number being read, if double precision would lose some.
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
        for segment in &self.path {
            pointer.push('/');
            match segment {
                PathSegment::Declared(name) => push_token(&mut pointer, name),
                PathSegment::Name(name) => push_token(&mut pointer, name),
                PathSegment::Index(index) => pointer.push_str(&index.to_string()),
            }
        }
        pointer
    }

    /// Reads a nested value of `size` bytes, unless it is too deep for the stack.
    pub(super) fn nested<T>(
        &mut self,
        size: usize,
        read: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        // The stack frames for a value take at most four times its size and two kilobytes, measured without optimization.
        let frames = size.saturating_mul(4).saturating_add(2048);
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

/// Half of the stack that Rust gives a thread.
const STACK: usize = 1 << 20;

/// RFC 6901, 3.
fn push_token(pointer: &mut String, name: &str) {
    pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
}
