use std::fmt;

use crate::read::alternatives::Alternatives;
use crate::text::visible;

/// A mismatch between JSON and its type.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReadNote {
    /// The position as a JSON pointer (RFC 6901), such as `/includeTargets/2/targetType`; empty for the whole.
    pub pointer: String,
    /// The problem.
    pub finding: ReadFinding,
}

/// The kind of mismatch. Only strict reading looks for [`Alternatives`].
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ReadFinding {
    /// The text is not JSON. Strict reading only, like the next five.
    NotJson(String),
    /// The object has this property twice.
    DuplicateProperty,
    /// `unknownFutureValue`, which Graph responds with in place of members that the caller did not ask for, and never
    /// accepts.
    SentinelMember {
        /// The enumeration.
        enumeration: &'static str,
    },
    /// An annotation that OData does not define.
    UnknownAnnotation(Alternatives),
    /// An annotation that affects the request, but has no field in the type.
    UnheldAnnotation,
    /// Objects and arrays nested deeper than 127 levels, or too deep for the stack.
    TooDeep,
    /// A property that the type does not have.
    UnknownProperty(Alternatives),
    /// A property of the type that an update does not send. Strict reading only.
    NotSent {
        /// The reason, for example that the service computes it.
        why: &'static str,
    },
    /// An unknown enumeration member. Tolerant reading keeps its name.
    UnknownMember {
        /// The member.
        name: String,
        /// The enumeration.
        enumeration: &'static str,
        /// The known members.
        alternatives: Alternatives,
    },
    /// Null for a non-nullable property. The field is not set.
    UnexpectedNull {
        /// The expected value.
        expected: &'static str,
    },
    /// A value of the wrong type. The field is not set.
    Unfit {
        /// The expected value.
        expected: &'static str,
        /// The kind of the value, and the value itself unless it may be secret.
        found: String,
    },
    /// An `@odata.type` that is not the expected type. Tolerant reading reads the properties that both have.
    OtherType {
        /// The type found.
        found: String,
        /// The expected type.
        expected: &'static str,
    },
    /// An `@odata.type` that is unknown, or not allowed in this position.
    UnknownType {
        /// The type found.
        found: String,
        /// The allowed types.
        alternatives: Alternatives,
    },
    /// No `@odata.type` in a position that accepts several types.
    MissingType(Alternatives),
}

/// All problems of JSON that is not a valid patch of its type. Displayed with one line for each.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PatchError {
    problems: Vec<ReadNote>,
}

impl PatchError {
    pub(crate) const fn new(problems: Vec<ReadNote>) -> Self {
        Self { problems }
    }

    /// The problems, with their positions.
    pub fn problems(&self) -> &[ReadNote] {
        &self.problems
    }
}

impl fmt::Display for PatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.problems.iter().map(ReadNote::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for PatchError {}

/// Limits the length of a string in a message.
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

/// Whether a derived type exists is not known here: generated code would need a table of names for each position,
/// thousands of lines for the whole API.
const NAME_THE_DERIVED: &str = "to read a derived type, name it in a `[[struct]]` of the manifest";

impl fmt::Display for ReadFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(problem) => write!(f, "invalid JSON: {problem}"),
            Self::DuplicateProperty => f.write_str("duplicate property"),
            Self::SentinelMember { enumeration } => {
                write!(f, "`unknownFutureValue` of {enumeration} cannot be sent")
            }
            Self::UnknownAnnotation(alternatives) => {
                write!(f, "unknown annotation{alternatives}")
            }
            Self::UnheldAnnotation => {
                f.write_str("the type has no field for this annotation, so it would not be sent")
            }
            Self::TooDeep => f.write_str("nested too deep"),
            Self::UnknownProperty(alternatives) => {
                write!(f, "unknown property{alternatives}")?;
                if alternatives.none_is_near() {
                    f.write_str(
                        "; to read a navigation property, name it in `inline` of the manifest",
                    )?;
                }
                Ok(())
            }
            Self::UnknownMember {
                name,
                enumeration,
                alternatives,
            } => {
                let name = shortened(name);
                write!(f, "unknown member {name:?} of {enumeration}{alternatives}")
            }
            Self::NotSent { why } => write!(f, "not sent by this request: {why}"),
            Self::UnexpectedNull { expected } => write!(f, "expected {expected}, found null"),
            Self::Unfit { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::OtherType { found, expected } => {
                let found = shortened(found);
                write!(
                    f,
                    "expected type {expected}, found {found:?}; {NAME_THE_DERIVED}"
                )
            }
            Self::UnknownType {
                found,
                alternatives,
            } => {
                let found = shortened(found);
                write!(f, "unexpected type {found:?}{alternatives}")?;
                if alternatives.none_is_near() {
                    write!(f, "; {NAME_THE_DERIVED}")?;
                }
                Ok(())
            }
            Self::MissingType(alternatives) => write!(
                f,
                "required, because several types are allowed here{alternatives}"
            ),
        }
    }
}
