//! What is found in JSON that a type has no place for.

use std::fmt;

use crate::read::alternatives::Alternatives;
use crate::text::visible;

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
    /// Objects and arrays nested deeper than [`JsonWriter::MAX_DEPTH`](crate::JsonWriter::MAX_DEPTH), or so deep that large types would not fit the
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

/// The text, cut where it is too long for a message.
pub(crate) fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned() + "…",
        None => text.to_owned(),
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
            Self::UnknownProperty(alternatives) => write_unknown_property(f, alternatives),
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

fn write_unknown_property(f: &mut fmt::Formatter<'_>, alternatives: &Alternatives) -> fmt::Result {
    write!(f, "unknown property{alternatives}")?;
    // No likely typo, so perhaps one that the type was generated without.
    if alternatives.none_is_near() {
        f.write_str("; a navigation property is read where the manifest names it in `inline`")?;
    }
    Ok(())
}
