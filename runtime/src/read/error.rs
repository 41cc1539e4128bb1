use std::fmt;

use crate::read::finding::ReadNote;

/// JSON that is not a patch of its type: everything that is wrong with it.
///
/// Displayed with one line for each problem.
///
/// ```
/// use msgraph_runtime::{CollectionBody, from_json};
///
/// let error = from_json::<CollectionBody<String>>(r#"{"value":[1,"a",null]}"#).unwrap_err();
/// let places: Vec<&str> = error.problems().iter().map(|problem| problem.pointer.as_str()).collect();
/// assert_eq!(places, ["/value/0", "/value/2"]);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PatchError {
    problems: Vec<ReadNote>,
}

impl PatchError {
    pub(crate) const fn new(problems: Vec<ReadNote>) -> Self {
        Self { problems }
    }

    /// The problems, each with its place.
    pub fn problems(&self) -> &[ReadNote] {
        &self.problems
    }
}

impl fmt::Display for PatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for PatchError {}
