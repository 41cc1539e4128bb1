//! What becomes of one file.

use std::path::PathBuf;

use serde::Serialize;

/// What becomes of a file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Step {
    pub(super) path: PathBuf,
    #[serde(flatten)]
    pub(super) action: Action,
}

#[derive(Debug, Serialize)]
#[serde(tag = "action", rename_all = "camelCase")]
pub(super) enum Action {
    /// There is none.
    Create { text: String },
    /// Lines are added.
    Edit { old: String, text: String },
    /// It is as it should be.
    Keep,
    /// It is there, and the user has to add this to it.
    ByHand { add: String },
}

impl Step {
    pub(super) fn changes(&self) -> bool {
        matches!(self.action, Action::Create { .. } | Action::Edit { .. })
    }
}
