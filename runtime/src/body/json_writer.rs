use std::borrow::Cow;
use std::sync::Arc;

use crate::body::dynamic::DynamicProperties;
use crate::body::error::{BodyError, BodyProblem};
use crate::body::structured::{FieldVisitor, Structured, VisitResult};
use crate::body::type_rule::{Required, TypeRule, is_collection, may_differ};
use crate::body::value::{Field, Value};
use crate::cloud::root::Root;
use crate::edm::reference::Reference;
use crate::read::object::Step;
use serde_json::Value as Untyped;

mod completing;
mod references;

use completing::Completion;

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
    /// Where the relative references stand, each at its opening quote.
    references: Vec<usize>,
    following: Option<Box<Following>>,
    completion: Option<Box<Completion>>,
}

/// The JSON that what is being written was read from, and the place in it.
#[derive(Debug)]
struct Following {
    source: Arc<Untyped>,
    path: Vec<Step>,
}

impl Following {
    fn place(&self) -> Option<&Untyped> {
        self.path
            .iter()
            .try_fold(&*self.source, |json, step| match step {
                Step::Declared(name) => json.get(name),
                Step::Name(name) => json.get(name),
                Step::Index(index) => json.get(index),
            })
    }

    /// A value at this place that is neither an object nor an array.
    fn leaf(&self) -> Option<&Untyped> {
        self.place()
            .filter(|json| !json.is_object() && !json.is_array())
    }
}

impl Default for JsonWriter {
    fn default() -> Self {
        Self::new()
    }
}

impl JsonWriter {
    /// How deep objects and arrays may nest: what `serde_json` reads back.
    pub const MAX_DEPTH: usize = 127;

    /// A writer with room for a small body.
    pub fn new() -> Self {
        Self {
            out: Vec::with_capacity(256),
            depth: 0,
            types: TypeRule::default(),
            left_type_out: false,
            evolved_member: false,
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

    /// A binary floating-point number; a whole one without a fraction, as people and JavaScript write it. `INF`, `-INF`
    /// and `NaN` are strings (OData JSON 4.01, 7.1).
    ///
    /// # Errors
    /// When the JSON writer fails, which on a buffer in memory it does not.
    pub fn double(&mut self, value: f64) -> Result<(), BodyError> {
        match (non_finite(value), whole(value)) {
            (Some(text), _) => self.string(text),
            (None, Some(whole)) => self.integer(whole),
            (None, None) => serde_json::to_writer(&mut self.out, &value).map_err(json_problem),
        }
    }

    /// The same for single precision: as few digits as tell it from its neighbours.
    ///
    /// # Errors
    /// When the JSON writer fails, which on a buffer in memory it does not.
    pub fn single(&mut self, value: f32) -> Result<(), BodyError> {
        match (non_finite(f64::from(value)), whole(f64::from(value))) {
            (Some(text), _) => self.string(text),
            (None, Some(whole)) => self.integer(whole),
            (None, None) => serde_json::to_writer(&mut self.out, &value).map_err(json_problem),
        }
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

    /// A reference, relative where it was given so: it becomes absolute in [`into_bytes_below`](Self::into_bytes_below).
    pub(crate) fn reference(&mut self, reference: &Reference) -> Result<(), BodyError> {
        if !reference.is_absolute() {
            self.references.push(self.out.len());
        }
        self.string(reference.as_str())
    }

    /// What was written, relative references made absolute below an API version.
    pub(crate) fn into_bytes_below(self, root: &Root, api_version: &str) -> Vec<u8> {
        if self.references.is_empty() {
            return self.out;
        }
        references::absolute(&self.out, &self.references, root, api_version)
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

    /// An array of values.
    ///
    /// # Errors
    /// Those of the items, with the item's index; [`BodyProblem::TooDeep`].
    pub fn array<T: Value>(&mut self, items: &[T]) -> Result<(), BodyError> {
        self.enter()?;
        // A collection is replaced as it is, so its items are completed by nothing.
        let completion = self.completion.take();
        self.out.push(b'[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            let written = if self.following.is_none() {
                item.write(self)
            } else {
                self.step(Step::Index(index), &|writer| item.write(writer), &|leaf| {
                    item.is_same_item(leaf)
                })
            };
            written.map_err(|error| error.at_index(index))?;
        }
        self.out.push(b']');
        self.completion = completion;
        self.leave();
        Ok(())
    }

    /// An object: `@odata.type` first where the value writes it, then each field that is set, in its order.
    ///
    /// # Errors
    /// Those of the fields, with the field's name; [`BodyProblem::TooDeep`], [`BodyProblem::DuplicateProperty`].
    pub fn object(&mut self, value: &dyn Structured) -> Result<(), BodyError> {
        self.enter()?;
        self.out.push(b'{');
        let start = self.out.len();
        let of_other_type = self.completion_of_other_type(value);
        let was_replaced = self.is_replaced();
        self.set_replaced(was_replaced || value.replaces());
        if self.following.is_some() {
            self.annotations(start, value)?;
        } else if let Some(name) = self.type_of(value) {
            self.key(start, "@odata.type")?;
            self.string(&name)?;
        } else {
            self.left_type_out |= !is_collection(value);
        }
        let mut writing = ObjectFields {
            writer: self,
            start,
            has_dynamic: false,
        };
        value.visit(&mut writing)?;
        if writing.has_dynamic {
            // A name in both places would stand twice in the object, and which one wins is the reader's choice.
            value.visit(&mut CollidingNames::default())?;
        }
        if self.is_replaced() {
            self.complete(start, value)?;
        }
        self.set_replaced(was_replaced);
        self.completion = of_other_type.or(self.completion.take());
        self.out.push(b'}');
        self.leave();
        Ok(())
    }

    /// What `value` writes as `@odata.type`. One that cannot be of another type leaves what was read as it is.
    fn type_of(&self, value: &dyn Structured) -> Option<Cow<'static, str>> {
        let read = || self.read_type(value).map(Cow::Owned);
        let kept = if may_differ(value) { None } else { read() };
        kept.or_else(|| self.types.written(value, self.depth == 1))
    }

    /// What is written next was read from `source`, and is to be written as that was.
    pub(crate) fn follow(&mut self, source: &Arc<Untyped>) {
        self.following = Some(Box::new(Following {
            source: Arc::clone(source),
            path: Vec::new(),
        }));
    }

    #[cold]
    fn annotations(&mut self, start: usize, value: &dyn Structured) -> Result<(), BodyError> {
        let place = self.following.as_ref().and_then(|it| it.place());
        for (name, annotation) in annotations(place, value) {
            self.key(start, &name)?;
            self.untyped(&annotation)?;
        }
        Ok(())
    }

    /// Writes what stands at `step` of the place being written; spelled as it was read, where it `is_same`.
    #[cold]
    fn step(
        &mut self,
        step: Step,
        write: &dyn Fn(&mut Self) -> Result<(), BodyError>,
        is_same: &dyn Fn(&Untyped) -> bool,
    ) -> Result<(), BodyError> {
        if let Some(following) = &mut self.following {
            following.path.push(step);
        }
        let start = self.out.len();
        let written = write(self);
        if let Some(following) = &mut self.following {
            if let Some(leaf) = following.leaf().filter(|leaf| is_same(leaf)) {
                self.out.truncate(start);
                serde_json::to_writer(&mut self.out, leaf).map_err(json_problem)?;
            }
            following.path.pop();
        }
        written
    }

    /// Notes that a member was written that needs `Prefer: include-unknown-enum-members`.
    pub(crate) const fn note_evolved_member(&mut self) {
        self.evolved_member = true;
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

struct ObjectFields<'w> {
    writer: &'w mut JsonWriter,
    start: usize,
    has_dynamic: bool,
}

impl FieldVisitor for ObjectFields<'_> {
    fn fields(&mut self, fields: &[(&'static str, &dyn Field)]) -> VisitResult {
        for (name, field) in fields {
            if !field.is_absent() {
                self.writer.key(self.start, name)?;
                let written = if self.writer.completion.is_some() {
                    self.writer
                        .complete_field(name, &|writer| field.write(writer))
                } else if self.writer.following.is_none() {
                    field.write(self.writer)
                } else {
                    self.writer.step(
                        Step::Declared(name),
                        &|writer| field.write(writer),
                        &|leaf| field.is_same(leaf),
                    )
                };
                written.map_err(|error| error.within(name))?;
            }
        }
        Ok(())
    }

    fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult {
        for (name, value) in properties {
            self.has_dynamic = true;
            self.writer.key(self.start, name)?;
            self.writer
                .untyped(value)
                .map_err(|error| error.within(name))?;
        }
        Ok(())
    }
}

/// The annotations of the object that `value` was read from, without those that the value writes itself.
fn annotations(source: Option<&Untyped>, value: &dyn Structured) -> Vec<(String, Untyped)> {
    let mut written = WrittenNames::default();
    // A visit fails only where its visitor does, and this one does not.
    let _ = value.visit(&mut written);
    let members = source.and_then(Untyped::as_object);
    let annotations = members.into_iter().flatten().filter(|(name, _)| {
        name.contains('@') && !written.0.iter().any(|written| written == *name)
    });
    annotations
        .map(|(name, annotation)| (name.clone(), annotation.clone()))
        .collect()
}

#[derive(Default)]
struct WrittenNames(Vec<String>);

impl FieldVisitor for WrittenNames {
    fn fields(&mut self, fields: &[(&'static str, &dyn Field)]) -> VisitResult {
        let set = fields.iter().filter(|(_, field)| !field.is_absent());
        self.0.extend(set.map(|(name, _)| (*name).to_owned()));
        Ok(())
    }

    fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult {
        let names = properties.iter().map(|(name, _)| name.to_owned());
        self.0.extend(names);
        Ok(())
    }
}

/// Second pass over an object with dynamic properties; emitted types list their declared fields first.
#[derive(Default)]
struct CollidingNames {
    declared: Vec<&'static str>,
}

impl FieldVisitor for CollidingNames {
    fn fields(&mut self, fields: &[(&'static str, &dyn Field)]) -> VisitResult {
        self.declared.extend(fields.iter().map(|(name, _)| *name));
        Ok(())
    }

    fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult {
        match properties
            .iter()
            .find(|(name, _)| self.declared.contains(name))
        {
            Some((name, _)) => Err(BodyError::new(BodyProblem::DuplicateProperty(
                name.to_owned(),
            ))),
            None => Ok(()),
        }
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

/// A number without a fraction, as far as a double holds every integer. Not the negative zero, whose sign it would lose.
fn whole(value: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let is_whole = value.fract() == 0.0 && value.abs() <= EXACT;
    // In range by the line before, so nothing is cut off.
    (is_whole && !(value == 0.0 && value.is_sign_negative())).then_some(value as i64)
}

fn non_finite(value: f64) -> Option<&'static str> {
    if value.is_finite() {
        None
    } else if value.is_nan() {
        Some("NaN")
    } else if value > 0.0 {
        Some("INF")
    } else {
        Some("-INF")
    }
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
