use std::fmt;

use crate::text::visible;

/// How deep objects and arrays may nest: what `serde_json` reads back.
pub(crate) const MAX_DEPTH: usize = 127;

/// A patch that cannot be written as JSON that Graph accepts.
///
/// Displayed with the place in the body: ``state: `unknownFutureValue` cannot be sent``.
///
/// ```
/// use msgraph_runtime::{CollectionBody, Structured};
///
/// let body = CollectionBody::from([1.5, f64::NAN]);
/// assert_eq!(body.to_json()?, r#"{"value":[1.5,"NaN"]}"#);
///
/// let nested = (0..200).fold(serde_json::json!(1), |inner, _| serde_json::json!([inner]));
/// let error = CollectionBody::from([nested]).to_json().unwrap_err();
/// assert_eq!(error.path(), "value[0]");
/// # Ok::<(), msgraph_runtime::BodyError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BodyError {
    problem: BodyProblem,
    path: String,
}

/// What is wrong with the body.
///
/// ```
/// use msgraph_runtime::{BodyError, BodyProblem};
///
/// let error = BodyError::new(BodyProblem::TooDeep).at_index(2).within("targets");
/// assert_eq!(error.problem(), &BodyProblem::TooDeep);
/// assert!(error.to_string().starts_with("targets[2]: nested deeper"), "{error}");
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BodyProblem {
    /// The sentinel member of an evolvable enumeration. Graph gives it out in place of members that the caller did
    /// not ask for, and takes it from nobody.
    SentinelMember,
    /// An enumeration member whose name is empty, or holds a comma or a space.
    UnusableMember(String),
    /// A set of flags without a member. OData writes flags as member names, so the empty set has no text; types that
    /// have such a value name it (usually `none`).
    EmptyFlags,
    /// Objects and arrays nested deeper than [`JsonWriter::MAX_DEPTH`](crate::JsonWriter::MAX_DEPTH).
    TooDeep,
    /// A dynamic property with the name of a declared one: the body would hold the name twice.
    DuplicateProperty(String),
    /// The JSON writer refused the value.
    Json(String),
}

impl BodyError {
    /// An error at the place being written; the callers add the way to it.
    pub const fn new(problem: BodyProblem) -> Self {
        Self {
            problem,
            path: String::new(),
        }
    }

    /// What is wrong.
    pub const fn problem(&self) -> &BodyProblem {
        &self.problem
    }

    /// Where in the body, as `includeTargets[2].targetType`; empty for the body itself.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The same error, seen from the object that holds the property `name`.
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

    /// The same error, seen from the array that holds the item `index`, counted from 0.
    #[must_use]
    pub fn at_index(self, index: usize) -> Self {
        self.within(&format!("[{index}]"))
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            // Names of free properties are the caller's, or the tenant's.
            write!(f, "{}: ", visible(&self.path))?;
        }
        match &self.problem {
            BodyProblem::SentinelMember => {
                write!(
                    f,
                    "`unknownFutureValue` stands for members the caller did not ask for and cannot be sent"
                )
            }
            BodyProblem::UnusableMember(name) => {
                write!(f, "{name:?} is not the name of an enumeration member")
            }
            BodyProblem::EmptyFlags => {
                write!(
                    f,
                    "an empty set of flags has no text; send the member that means nothing (usually `none`) or null"
                )
            }
            BodyProblem::TooDeep => write!(f, "nested deeper than {} levels", MAX_DEPTH),
            BodyProblem::DuplicateProperty(name) => {
                write!(
                    f,
                    "dynamic property {name:?} is declared by the type; set the declared one"
                )
            }
            BodyProblem::Json(problem) => f.write_str(problem),
        }
    }
}

impl std::error::Error for BodyError {}
