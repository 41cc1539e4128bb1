use std::fmt;

use crate::text::visible;

/// Maximum nesting depth of objects and arrays: that of `serde_json`'s reader.
pub(crate) const MAX_DEPTH: usize = 127;

/// A body that cannot be sent.
///
/// Displayed with the path in the body: ``state: `unknownFutureValue` cannot be sent``.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BodyError {
    problem: BodyProblem,
    path: String,
}

/// Why a body is invalid.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BodyProblem {
    /// The sentinel member of an evolvable enumeration. Graph responds with it in place of members that the caller did
    /// not ask for, and never accepts it.
    SentinelMember,
    /// An enumeration member whose name is empty, or contains a comma or a space.
    UnusableMember(String),
    /// A set of flags without a member, which OData cannot represent. If a type has such a value, it is a member of its
    /// own (usually `none`).
    EmptyFlags,
    /// Objects and arrays nested deeper than 127 levels, the limit of `serde_json`'s reader.
    TooDeep,
    /// A dynamic property with the name of a declared one: the body would contain the name twice.
    DuplicateProperty(String),
    /// A reference whose path has an invalid key or template, and what is wrong with it.
    InvalidReference(String),
    /// `serde_json` failed.
    Json(String),
}

impl BodyError {
    /// An error of the value being written. The callers add the path to it.
    pub const fn new(problem: BodyProblem) -> Self {
        Self {
            problem,
            path: String::new(),
        }
    }

    /// The kind of error.
    pub const fn problem(&self) -> &BodyProblem {
        &self.problem
    }

    /// The path in the body, such as `includeTargets[2].targetType`; empty for the body itself.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Prepends a property to the path.
    #[must_use]
    pub fn within(mut self, name: &str) -> Self {
        let separator = if self.path.is_empty() || self.path.starts_with('[') {
            ""
        } else {
            "."
        };
        self.path = format!("{name}{separator}{}", self.path);
        self
    }

    /// Prepends an item of an array to the path.
    #[must_use]
    pub fn at_index(self, index: usize) -> Self {
        self.within(&format!("[{index}]"))
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            // The names of dynamic properties may be foreign.
            write!(f, "{}: ", visible(&self.path))?;
        }
        match &self.problem {
            BodyProblem::SentinelMember => f.write_str("`unknownFutureValue` cannot be sent"),
            BodyProblem::UnusableMember(name) => {
                write!(f, "{name:?} is not a valid name of an enumeration member")
            }
            BodyProblem::EmptyFlags => f.write_str(
                "the set of flags is empty; send null, or the member for an empty set (usually `none`)",
            ),
            BodyProblem::TooDeep => write!(f, "nested deeper than {MAX_DEPTH} levels"),
            BodyProblem::DuplicateProperty(name) => write!(
                f,
                "dynamic property {name:?} is also a declared one; set the declared one"
            ),
            BodyProblem::InvalidReference(problem) => write!(f, "invalid reference: {problem}"),
            BodyProblem::Json(problem) => f.write_str(problem),
        }
    }
}

impl std::error::Error for BodyError {}
