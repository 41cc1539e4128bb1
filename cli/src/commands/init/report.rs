//! What `msgraph init` does to each file, and what it says about it.

use std::fmt::Write as _;

use msgraph_codegen::index::{Index, Operation};
use serde::Serialize;

use super::entry::Entry;
use super::plan::FACTS;
use super::step::{Action, Step};
use crate::support::console::{Console, Format};
use crate::support::failure::Failure;
use crate::support::text::{STRONG, block, code, diff, own, plain, styled};
use crate::support::unified_diff::unified;

/// The result as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    pub(super) steps: Vec<Step>,
    /// Whether the steps were done.
    pub(super) written: bool,
    /// The paths of the generated functions.
    pub(super) functions: Vec<String>,
    /// The paths of the generated structs.
    pub(super) structs: Vec<String>,
}

impl Report {
    /// What will be done, file by file.
    pub(super) fn show(&self, console: &mut Console) -> Result<(), Failure> {
        let markdown = console.format() == Format::Markdown;
        for step in &self.steps {
            let (what, lines) = match &step.action {
                Action::Create { text } if text == FACTS => {
                    let lines = FACTS.lines().count();
                    let what = format!(
                        "create, with {lines} lines of what this project knows of the service"
                    );
                    (plain(what), None)
                }
                Action::Create { text } => (own("create"), Some(unified(&step.path, "", text))),
                Action::Edit { old, text } => (own("change"), Some(unified(&step.path, old, text))),
                Action::Keep => (own("keep"), None),
                Action::ByHand { add } => (
                    own("it is not overwritten; please add by hand"),
                    Some(add.clone()),
                ),
            };
            let path = step.path.to_string_lossy();
            let path = if markdown {
                own("- ").then(code(path))
            } else {
                styled(STRONG, plain(path))
            };
            console.print(&path.then(own(": ")).then(what).then(own("\n")))?;
            if let Some(lines) = lines {
                let lines = match &step.action {
                    Action::ByHand { .. } => block("text", 0, lines),
                    _ => diff(lines),
                };
                let before = own(if markdown { "\n" } else { "" });
                console.print(&before.then(lines).then(own("\n")))?;
            }
        }
        Ok(())
    }

    /// How many files the user has to change.
    pub(super) fn by_hand(&self) -> usize {
        let steps = self.steps.iter();
        steps
            .filter(|step| matches!(step.action, Action::ByHand { .. }))
            .count()
    }

    /// What the user can do next.
    pub(super) fn outlook(&self, generates: &str) -> String {
        let mut text = "written".to_owned();
        let by_hand = self.by_hand();
        if by_hand > 0 {
            let _ = write!(text, "; {by_hand} more by hand, as shown");
        }
        let then = if by_hand > 0 { "then " } else { "" };
        let _ = write!(text, "; {then}`cargo build` generates {generates}");
        text
    }
}

/// The first function with the struct that it takes, and how many functions there are besides; where
/// a type alone was asked for, its struct.
pub(super) fn generates(index: &Index, asked: &Entry) -> String {
    let rust = |ty: &str| {
        let mut types = index.types.iter();
        types.find(|it| it.ty == ty).map(|it| it.rust.as_str())
    };
    let mut updates = index.operations.iter();
    let first = updates.find(|it| it.method != "DELETE" && asked.path.is_some());
    let Some(first) = first else {
        let named = asked.ty.as_deref().and_then(rust);
        return format!("`graph::{}`", named.unwrap_or_default());
    };
    let mut text = format!("`graph::{}`", first.rust);
    match first.bodies.as_slice() {
        [only] => {
            if let Some(body) = rust(&only.ty) {
                let _ = write!(text, ", which takes a `graph::{body}`");
            }
        }
        several => {
            let _ = write!(text, ", which takes any of {} structs", several.len());
            if let Some(body) = several.first().and_then(|body| rust(&body.ty)) {
                let _ = write!(text, ", as `graph::{body}`");
            }
        }
    }
    match index.operations.len() - 1 {
        0 => {}
        1 => text.push_str("; and another function"),
        more => {
            let _ = write!(text, "; and {more} more functions");
        }
    }
    text
}

/// The updates, and behind them the resets.
pub(super) fn functions(operations: Vec<Operation>) -> Vec<String> {
    let (resets, updates): (Vec<_>, Vec<_>) = operations
        .into_iter()
        .partition(|operation| operation.method == "DELETE");
    updates
        .into_iter()
        .chain(resets)
        .map(|it| it.rust)
        .collect()
}
