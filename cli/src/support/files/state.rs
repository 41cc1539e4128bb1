//! What happens to a file that a command writes.

use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum FileState {
    Added,
    Changed,
    Unchanged,
    /// Generated before, and no longer part of the output.
    Removed,
    /// Written by hand, and therefore not replaced.
    NotGenerated,
}

impl FileState {
    /// The state of a file whose content is replaced.
    pub(crate) fn of(old: Option<&[u8]>, new: &[u8]) -> Self {
        match old {
            None => FileState::Added,
            Some(old) if old == new => FileState::Unchanged,
            Some(_) => FileState::Changed,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            FileState::Added => "added",
            FileState::Changed => "changed",
            FileState::Unchanged => "unchanged",
            FileState::Removed => "removed",
            FileState::NotGenerated => "not generated",
        }
    }
}
