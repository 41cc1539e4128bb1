use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value as Json};

use crate::body::dynamic::DynamicProperties;
use crate::body::json_writer::JsonWriter;
use crate::body::structured::Structured;
use crate::read::alternatives::Alternatives;
use crate::read::strict::PatchError;
use crate::response::outcome::Outcome;
use crate::text::visible;

/// A structured type that can be read: implemented by generated code, one line a field.
///
/// The patch type is the read type: a field that the JSON does not have stays unset.
///
/// ```
/// # use msgraph_runtime::{FieldVisitor, Structured, VisitResult};
/// # #[derive(Debug, Default)] struct TapPatch { is_usable_once: Option<bool> }
/// # impl Structured for TapPatch {
/// #     fn type_name(&self) -> &'static str { "microsoft.graph.tap" }
/// #     fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult { visitor.fields(&[("isUsableOnce", &self.is_usable_once)]) }
/// # }
/// use msgraph_runtime::{FieldReader, Readable, from_json};
///
/// // As it is generated.
/// impl Readable for TapPatch {
///     fn visit_mut(&mut self, reader: &mut dyn FieldReader) {
///         reader.fields(&mut [("isUsableOnce", &mut self.is_usable_once)]);
///     }
/// }
/// assert_eq!(from_json::<TapPatch>(r#"{"isUsableOnce":true}"#)?.is_usable_once, Some(true));
/// # Ok::<(), msgraph_runtime::PatchError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from JSON",
    note = "generated types can where the manifest says `read = true`"
)]
pub trait Readable: Structured + Default {
    /// Shows every field to `reader`, to be set.
    fn visit_mut(&mut self, reader: &mut dyn FieldReader);
}

/// Something that sets the fields of a [`Readable`] value.
///
/// ```
/// use msgraph_runtime::{CollectionBody, DynamicProperties, FieldReader, ReadField, Readable};
///
/// /// Lists the fields of a type.
/// struct Names(Vec<&'static str>);
///
/// impl FieldReader for Names {
///     fn left_out(&mut self, _: &'static [(&'static str, &'static str)]) {}
///     fn fields(&mut self, fields: &mut [(&'static str, &mut dyn ReadField)]) {
///         self.0.extend(fields.iter().map(|(name, _)| *name));
///     }
///     fn dynamic(&mut self, _: &mut DynamicProperties) {}
/// }
///
/// let mut names = Names(Vec::new());
/// CollectionBody::<String>::default().visit_mut(&mut names);
/// assert_eq!(names.0, ["value"]);
/// ```
pub trait FieldReader {
    /// The properties of the type that a patch of it does not hold, with the reason: `("id", "the key, which stands in
    /// the path")`. Comes first; absent where there are none.
    fn left_out(&mut self, properties: &'static [(&'static str, &'static str)]);

    /// The declared fields with their wire names.
    fn fields(&mut self, fields: &mut [(&'static str, &mut dyn ReadField)]);

    /// The dynamic properties of an open type. Comes after the declared fields.
    fn dynamic(&mut self, properties: &mut DynamicProperties);
}

/// A field that can be set from JSON.
///
/// ```
/// use msgraph_runtime::{ReadField, ReadNotes};
///
/// let mut length: Option<i32> = None;
/// length.read(&serde_json::json!(8), &mut ReadNotes::default());
/// assert_eq!(length, Some(8));
/// ```
pub trait ReadField {
    /// Sets the field; where the JSON does not fit, leaves it unset and notes why.
    fn read(&mut self, json: &Json, notes: &mut ReadNotes);
}

/// A value that can be read from JSON.
///
/// ```
/// use msgraph_runtime::{ReadNotes, ReadValue};
///
/// let mut notes = ReadNotes::default();
/// assert_eq!(i32::read(&serde_json::json!(8), &mut notes), Some(8));
/// assert_eq!(i32::read(&serde_json::json!("eight"), &mut notes), None);
/// ```
pub trait ReadValue: Sized {
    /// The value, or `None` and a note where the JSON does not fit.
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self>;
}

/// What was read, and what was in it that the type does not know.
///
/// ```
/// use msgraph_runtime::{CollectionBody, read};
///
/// let answer = serde_json::json!({ "value": ["a"], "newSinceThen": true });
/// let read = read::<CollectionBody<String>>(&answer);
/// assert_eq!(read.value.value, Some(vec!["a".to_owned()]));
/// assert_eq!(read.notes[0].to_string(), "/newSinceThen: unknown property");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Read<P> {
    /// The value; a field is unset where the answer does not have it, or does not have it in a form that fits.
    pub value: P,
    /// What did not fit, and what is unknown. Reading never fails for it: a service may be newer than the metadata.
    pub notes: Vec<ReadNote>,
}

/// Something in JSON that its type has no place for.
///
/// ```
/// use msgraph_runtime::{CollectionBody, ReadFinding, read};
///
/// let read = read::<CollectionBody<String>>(&serde_json::json!({ "value": null }));
/// assert_eq!(read.notes[0].pointer, "/value");
/// assert!(matches!(read.notes[0].finding, ReadFinding::UnexpectedNull { .. }));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReadNote {
    /// Where, as a JSON pointer (RFC 6901): `/includeTargets/2/targetType`; empty for the whole.
    pub pointer: String,
    /// What.
    pub finding: ReadFinding,
}

/// What is odd about a place in JSON.
///
/// Alternatives are looked for in strict reading only; else there are none.
///
/// ```
/// use msgraph_runtime::{CollectionBody, ReadFinding, from_json};
///
/// let error = from_json::<CollectionBody<String>>(r#"{"value":[],"value":["a"]}"#).unwrap_err();
/// assert_eq!(error.problems()[0].finding, ReadFinding::DuplicateProperty);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ReadFinding {
    /// The text is not JSON. Found in strict reading only, as are the next five.
    NotJson(String),
    /// The object has this property twice, and which one counts would be the reader's choice.
    DuplicateProperty,
    /// `unknownFutureValue`, which Graph gives out in place of members that the caller did not ask for, and takes from
    /// nobody.
    SentinelMember {
        /// The enumeration.
        enumeration: &'static str,
    },
    /// An annotation that OData does not define.
    UnknownAnnotation(Alternatives),
    /// An annotation that would tell the service something, and that a value of the type cannot hold.
    UnheldAnnotation,
    /// Objects and arrays nested deeper than [`JsonWriter::MAX_DEPTH`], or so deep that large types would not fit the
    /// stack.
    TooDeep,
    /// A property that the type does not have.
    UnknownProperty(Alternatives),
    /// A property that the type has and an update does not send. Found in strict reading only.
    NotSent {
        /// Why: computed by the service, for one.
        why: &'static str,
    },
    /// An enumeration member that this build does not know; in an answer it was read, its text kept.
    UnknownMember {
        /// The member.
        name: String,
        /// The enumeration.
        enumeration: &'static str,
        /// What there is.
        alternatives: Alternatives,
    },
    /// Null, where the metadata promises a value; left unset.
    UnexpectedNull {
        /// What was to be read.
        expected: &'static str,
    },
    /// JSON that is no value of the type; left unset.
    Unfit {
        /// What was to be read.
        expected: &'static str,
        /// What was there: its kind, and its text where that is no secret by nature.
        found: String,
    },
    /// Another type by its `@odata.type` than the one that was to be read; in an answer, what it shares with that one
    /// was read.
    OtherType {
        /// What was there.
        found: String,
        /// What was to be read.
        expected: &'static str,
    },
    /// A type by its `@odata.type` that is none of those that can stand here, or that this build does not know.
    UnknownType {
        /// What was there.
        found: String,
        /// What there is.
        alternatives: Alternatives,
    },
    /// No `@odata.type`, where values of several types can stand.
    MissingType(Alternatives),
}

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
    strictness: Strictness,
    path: Vec<Step>,
    notes: Vec<ReadNote>,
    exact_numbers: BTreeMap<String, String>,
    stack_used: usize,
    /// Whether the value just read is, or is a collection of, values without a type of their own.
    read_untyped: bool,
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

#[derive(Debug)]
pub(crate) enum Step {
    Declared(&'static str),
    Name(String),
    Index(usize),
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

    pub(crate) fn within<T>(&mut self, step: Step, read: impl FnOnce(&mut Self) -> T) -> T {
        self.enter(step);
        let value = read(self);
        self.leave();
        value
    }

    pub(crate) fn enter(&mut self, step: Step) {
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
                Step::Declared(name) => push_token(&mut pointer, name),
                Step::Name(name) => push_token(&mut pointer, name),
                Step::Index(index) => pointer.push_str(&index.to_string()),
            }
        }
        pointer
    }

    /// Reads what is nested here, unless it stands so deep that the stack might not hold it: with `held` bytes on the
    /// stack until that is done.
    fn nested<T>(&mut self, held: usize, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        // A value that is being read stands in the frames of its reader and of those that pass it on: at most four times
        // its size and two kilobytes, measured without optimization.
        let frames = held.saturating_mul(4).saturating_add(2048);
        self.stack_used = self.stack_used.saturating_add(frames);
        let read = if self.stack_used > STACK || self.path.len() >= JsonWriter::MAX_DEPTH {
            self.note(ReadFinding::TooDeep);
            None
        } else {
            Some(read(self))
        };
        self.stack_used = self.stack_used.saturating_sub(frames);
        read
    }

    /// Reads an object's fields by `visit`, which is shown a reader for them; whether it is an object. The value takes
    /// `size` bytes.
    pub(crate) fn object(
        &mut self,
        json: &Json,
        (type_name, size): (&'static str, usize),
        visit: &mut dyn FnMut(&mut dyn FieldReader),
    ) -> bool {
        let Some(object) = json.as_object() else {
            return self.unfit::<()>(json, "an object").is_some();
        };
        self.nested(size, |notes| notes.members(object, type_name, visit))
            .is_some()
    }

    fn members(
        &mut self,
        object: &Map<String, Json>,
        type_name: &'static str,
        visit: &mut dyn FnMut(&mut dyn FieldReader),
    ) {
        if let Some(found) = object.get(ODATA_TYPE) {
            self.within(Step::Declared(ODATA_TYPE), |notes| {
                notes.check_type(found, type_name);
            });
        }
        let mut reader = ObjectReader {
            object,
            notes: self,
            declared: Declared::default(),
        };
        visit(&mut reader);
        let declared = reader.declared;
        for (name, value) in object {
            if name != ODATA_TYPE && !declared.has(name) {
                self.within(Step::Name(name.clone()), |notes| {
                    notes.check_undeclared(name, value, &declared);
                });
            }
        }
        self.read_untyped = false;
    }

    /// Reads an array's items by `read`, which says whether an item could be read; whether all could.
    pub(crate) fn items(
        &mut self,
        json: &Json,
        read: &mut dyn FnMut(&Json, &mut Self) -> bool,
    ) -> bool {
        let Some(items) = json.as_array() else {
            return self.unfit::<()>(json, "an array").is_some();
        };
        let complete = self.nested(0, |notes| {
            let mut complete = true;
            for (index, item) in items.iter().enumerate() {
                complete &= notes.within(Step::Index(index), |notes| read(item, notes));
            }
            complete
        });
        complete == Some(true)
    }

    fn check_type(&mut self, found: &Json, expected: &'static str) {
        match found.as_str() {
            Some(name) if is_type(name, expected) => {}
            Some(name) => self.note(ReadFinding::OtherType {
                found: type_name(name).to_owned(),
                expected,
            }),
            None if self.is_strict() => {
                self.unfit::<()>(found, "the name of a type");
            }
            None => {}
        }
    }

    /// Notes what is wrong with a property or annotation that is not among the declared ones.
    fn check_undeclared(&mut self, name: &str, json: &Json, declared: &Declared) {
        let Some((property, term)) = name.split_once('@') else {
            if let Some(why) = declared.why_left_out(name) {
                if self.is_strict() {
                    self.note(ReadFinding::NotSent { why });
                }
            } else if !declared.open
                || name.is_empty()
                || (self.is_strict() && declared.is_near(name))
            {
                let alternatives = self.alternatives(name, &declared.names);
                self.note(ReadFinding::UnknownProperty(alternatives));
            }
            return;
        };
        if !self.is_strict() {
            return;
        }
        if !property.is_empty() && !declared.open && !declared.has_annotated(property) {
            let alternatives = self.alternatives(name, &declared.names);
            self.note(ReadFinding::UnknownProperty(alternatives));
            return;
        }
        let held = match term {
            // Of a property whose type is known it says nothing new, and of a dynamic one it is among the dynamic ones.
            "odata.type" if json.is_string() => !declared.untyped.contains(&property),
            "odata.type" => {
                self.unfit::<()>(json, "the name of a type");
                return;
            }
            // At the root it says where the resource was read; below, which one to link.
            "odata.id" if property.is_empty() => self.path.len() == 1,
            "odata.bind" | "odata.id" => false,
            term if DESCRIBING.contains(&term) => return,
            // Terms that are not OData's own have a namespace.
            term if term.starts_with("odata.") || !term.contains('.') || term.contains('@') => {
                let alternatives = if property.is_empty() {
                    self.alternatives(name, OBJECT_ANNOTATIONS)
                } else {
                    self.alternatives(term, PROPERTY_ANNOTATIONS)
                };
                self.note(ReadFinding::UnknownAnnotation(alternatives));
                return;
            }
            _ => false,
        };
        let keeps = self.strictness == Strictness::KeepingAnnotations && term != "odata.bind";
        if !held && !keeps {
            self.note(ReadFinding::UnheldAnnotation);
        }
    }
}

pub(crate) const ODATA_TYPE: &str = "@odata.type";

/// How much of the stack nested reading may take: half of what Rust gives a thread.
const STACK: usize = 1 << 20;

/// Control information that describes what was read (OData JSON 4.01, 4.6; in 4.0, which Graph speaks, with the prefix).
/// In a request it changes nothing, so what was read can be sent back.
const DESCRIBING: [&str; 15] = [
    "odata.associationLink",
    "odata.context",
    "odata.count",
    "odata.deltaLink",
    "odata.editLink",
    "odata.etag",
    "odata.mediaContentType",
    "odata.mediaEditLink",
    "odata.mediaEtag",
    "odata.mediaReadLink",
    "odata.metadataEtag",
    "odata.navigationLink",
    "odata.nextLink",
    "odata.readLink",
    "odata.totalCount",
];

/// What is suggested for a misspelt annotation of an object.
const OBJECT_ANNOTATIONS: &[&str] = &[
    ODATA_TYPE,
    "@odata.context",
    "@odata.editLink",
    "@odata.etag",
    "@odata.id",
    "@odata.readLink",
];

/// The same, of a property.
const PROPERTY_ANNOTATIONS: &[&str] = &[
    "odata.bind",
    "odata.context",
    "odata.count",
    "odata.navigationLink",
    "odata.nextLink",
    "odata.type",
];

/// The name in the text of an `@odata.type`: absolute or abbreviated, only what is after the last `#` counts.
pub(crate) fn type_name(text: &str) -> &str {
    text.rsplit('#').next().unwrap_or(text)
}

/// Whether the text of an `@odata.type` names this type, in full or by the alias of Graph's namespace.
pub(crate) fn is_type(text: &str, name: &str) -> bool {
    let text = type_name(text);
    let below_alias = text.strip_prefix("graph.");
    text == name
        || below_alias.is_some_and(|below| name.strip_prefix("microsoft.graph.") == Some(below))
        // The items tell their types themselves.
        || (name.starts_with("Collection(") && text.starts_with("Collection("))
}

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

/// The text, cut where it is too long for a message.
pub(crate) fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned() + "…",
        None => text.to_owned(),
    }
}

/// Reads a resource, and never fails for what is in it: unknown properties, unknown enumeration members, nulls where
/// none are promised and annotations are left aside, and noted (annotations are not).
///
/// ```
/// use msgraph_runtime::{CollectionBody, read};
///
/// let resource = serde_json::json!({ "@odata.context": "...", "value": ["a", "b"] });
/// assert!(read::<CollectionBody<String>>(&resource).notes.is_empty());
/// ```
pub fn read<P: Readable>(resource: &Json) -> Read<P> {
    let mut notes = ReadNotes::default();
    let value = P::read(resource, &mut notes).unwrap_or_default();
    Read {
        value,
        notes: notes.notes,
    }
}

impl Outcome {
    /// The resource that Graph sent back, read; `None` where it sent none.
    pub fn read<P: Readable>(&self) -> Option<Read<P>> {
        self.resource().map(read)
    }
}

struct ObjectReader<'j, 'n> {
    object: &'j Map<String, Json>,
    notes: &'n mut ReadNotes,
    declared: Declared,
}

/// What a type has, as its fields were shown.
#[derive(Default)]
struct Declared {
    names: Vec<&'static str>,
    left_out: &'static [(&'static str, &'static str)],
    /// Those of them that were there, with a value that has no type of its own.
    untyped: Vec<&'static str>,
    open: bool,
}

impl Declared {
    fn has(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    /// Whether the type has it, and be it that an update does not send it.
    fn knows(&self, name: &str) -> bool {
        self.has(name) || self.why_left_out(name).is_some()
    }

    fn why_left_out(&self, name: &str) -> Option<&'static str> {
        let mut left_out = self.left_out.iter();
        left_out.find_map(|(property, why)| (*property == name).then_some(*why))
    }

    /// Whether a name that is none of the declared ones cannot be meant as that of a dynamic property:
    /// it differs in the case of its letters only, or leads to what is sent as a reference.
    fn is_near(&self, name: &str) -> bool {
        let mut names = self.names.iter();
        names.any(|declared| {
            declared.eq_ignore_ascii_case(name) || declared.split('@').next() == Some(name)
        })
    }

    /// `manager` can be annotated too where only `manager@odata.bind` is a field, and so can what was left out.
    fn has_annotated(&self, property: &str) -> bool {
        let mut names = self.names.iter();
        names.any(|name| name.split('@').next() == Some(property))
            || self.why_left_out(property).is_some()
    }
}

impl FieldReader for ObjectReader<'_, '_> {
    fn left_out(&mut self, properties: &'static [(&'static str, &'static str)]) {
        self.declared.left_out = properties;
    }

    fn fields(&mut self, fields: &mut [(&'static str, &mut dyn ReadField)]) {
        for (name, field) in fields {
            self.declared.names.push(name);
            if let Some(json) = self.object.get(*name) {
                self.notes
                    .within(Step::Declared(name), |notes| field.read(json, notes));
                if std::mem::take(&mut self.notes.read_untyped) {
                    self.declared.untyped.push(name);
                }
            }
        }
    }

    fn dynamic(&mut self, properties: &mut DynamicProperties) {
        self.declared.open = true;
        let declared = &self.declared;
        let is_dynamic = |name: &str| match name.split_once('@') {
            None => !name.is_empty() && !declared.knows(name),
            Some((property, "odata.type")) => !property.is_empty() && !declared.knows(property),
            Some(_) => false,
        };
        let dynamic = self.object.iter().filter(|(name, _)| is_dynamic(name));
        *properties = DynamicProperties::from_valid(
            dynamic
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        );
    }
}

impl<T: Readable> ReadValue for T {
    #[inline]
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        let mut value = T::default();
        let type_name = value.type_name();
        notes
            .object(json, (type_name, size_of::<T>()), &mut |reader| {
                value.visit_mut(reader)
            })
            .then_some(value)
    }
}

impl<T: Readable> Readable for Box<T> {
    #[inline]
    fn visit_mut(&mut self, reader: &mut dyn FieldReader) {
        T::visit_mut(self, reader);
    }
}

impl fmt::Display for ReadNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.pointer.is_empty() {
            write!(f, "{}: ", visible(&self.pointer))?;
        }
        self.finding.fmt(f)
    }
}

/// What to do about a derived type that was not generated. Said here of every type, rather than in the generated code
/// of those that could stand in a place: that would be a table of names for each position, thousands of lines for the
/// whole API.
const NAME_THE_DERIVED: &str = "a type that derives from what is declared is read where the manifest names it in a `[[struct]]`";

impl fmt::Display for ReadFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(problem) => write!(f, "not JSON: {problem}"),
            Self::DuplicateProperty => f.write_str("the property stands twice in its object"),
            Self::SentinelMember { enumeration } => write!(
                f,
                "`unknownFutureValue` of {enumeration} stands for members that were not asked for, and cannot be sent"
            ),
            Self::UnknownAnnotation(alternatives) => {
                write!(f, "unknown annotation{alternatives}")
            }
            Self::UnheldAnnotation => f.write_str(
                "the annotation would tell the service something that the type has no field for",
            ),
            Self::TooDeep => f.write_str("nested too deep to be read"),
            Self::UnknownProperty(alternatives) => {
                write!(f, "unknown property{alternatives}")?;
                // Not a slip, so perhaps one that the type was generated without.
                if alternatives.none_is_near() {
                    f.write_str(
                        "; a navigation property is read where the manifest names it in `inline`",
                    )?;
                }
                Ok(())
            }
            Self::UnknownMember {
                name,
                enumeration,
                alternatives,
            } => write!(
                f,
                "unknown member {:?} of {enumeration}{alternatives}",
                shortened(name)
            ),
            Self::NotSent { why } => write!(f, "an update does not send it: {why}"),
            Self::UnexpectedNull { expected } => {
                write!(f, "null, where only {expected} can stand")
            }
            Self::Unfit { expected, found } => write!(f, "{found}, where {expected} is expected"),
            Self::OtherType { found, expected } => write!(
                f,
                "the type {:?}, where {expected} is expected; {NAME_THE_DERIVED}",
                shortened(found)
            ),
            Self::UnknownType {
                found,
                alternatives,
            } => {
                let found = shortened(found);
                write!(f, "the type {found:?} cannot stand here{alternatives}")?;
                if alternatives.none_is_near() {
                    write!(f, "; {NAME_THE_DERIVED}")?;
                }
                Ok(())
            }
            Self::MissingType(alternatives) => write!(
                f,
                "required here, to tell which type the value has{alternatives}"
            ),
        }
    }
}
