//! The changes that `msgraph init` makes, file by file.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde::Serialize;

use crate::support::text::Format;
use crate::support::unified_diff::unified;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InitStep {
    pub(super) path: PathBuf,
    #[serde(flatten)]
    pub(super) action: Action,
}

#[derive(Debug, Serialize)]
#[serde(tag = "action", rename_all = "camelCase")]
pub(super) enum Action {
    Create {
        text: String,
    },
    Edit {
        old: String,
        text: String,
    },
    /// The file is already as it should be.
    Keep,
    /// The user has to add this to the file.
    ByHand {
        add: String,
    },
}

impl InitStep {
    pub(super) fn new(path: PathBuf, action: Action) -> Self {
        InitStep { path, action }
    }

    pub(super) fn changes(&self) -> bool {
        matches!(self.action, Action::Create { .. } | Action::Edit { .. })
    }

    pub(super) fn is_by_hand(&self) -> bool {
        matches!(self.action, Action::ByHand { .. })
    }

    fn render(&self, format: Format) -> String {
        let path = &self.path;
        let (what, lines) = match &self.action {
            Action::Create { text } => (
                "create".to_owned(),
                Some(format.diff(&unified(path, "", text))),
            ),
            Action::Edit { old, text } => (
                "change".to_owned(),
                Some(format.diff(&unified(path, old, text))),
            ),
            Action::Keep => ("keep".to_owned(), None),
            Action::ByHand { add } => (
                "exists and is not changed; add by hand".to_owned(),
                Some(format.block("text", 0, add)),
            ),
        };
        let mut out = format!("{}{}: {what}\n", format.bullet(), format.path(path));
        if let Some(lines) = lines {
            let gap = if format.is_markdown() { "\n" } else { "" };
            let _ = writeln!(out, "{gap}{lines}");
        }
        out
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InitReport {
    pub(super) steps: Vec<InitStep>,
    /// Whether the files were written.
    pub(super) written: bool,
    /// The Rust paths of the generated functions.
    pub(super) functions: Vec<String>,
    /// The Rust paths of the generated structs.
    pub(super) structs: Vec<String>,
}

impl InitReport {
    pub(super) fn render(&self, format: Format) -> String {
        let steps = self.steps.iter();
        steps.map(|step| step.render(format)).collect()
    }

    pub(super) fn by_hand(&self) -> usize {
        self.steps.iter().filter(|step| step.is_by_hand()).count()
    }
}
