use std::fmt;

use crate::read::finding::ReadNote;

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
