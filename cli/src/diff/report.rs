//! The report of a comparison: as text, as Markdown for a pull request, as JSON.

use std::path::PathBuf;

use serde::Serialize;

use super::change::{Change, Kind, Subject, Verdict};
use super::documents::{Pair, Pairs};
use crate::text::{
    ADDED, FAINT, REMOVED, STRONG, Text, WARNING, code, joined, own, plain, said, styled,
};

/// How many updates are named with a change; of the rest, the number.
const MOST_UPDATES: usize = 3;

/// All that a comparison found.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    /// The gravest of all sections.
    pub(super) verdict: Verdict,
    /// A section for each document.
    pub(super) sections: Vec<Section>,
    /// Documents of the old folder that the new one has not.
    only_old: Vec<String>,
    /// Documents of the new folder that the old one has not.
    only_new: Vec<String>,
}

/// What was found in one document.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Section {
    document: String,
    old: PathBuf,
    new: PathBuf,
    verdict: Verdict,
    /// The gravest first.
    pub(super) changes: Vec<Change>,
    missing: Missing,
}

/// What the manifest asks for and the metadata does not have, a message each.
#[derive(Debug, Serialize)]
pub(super) struct Missing {
    pub(super) old: Vec<String>,
    pub(super) new: Vec<String>,
}

impl Section {
    pub(super) fn new(pair: Pair, changes: Vec<Change>, missing: Missing) -> Self {
        let verdicts = changes.iter().map(|change| change.verdict);
        Section {
            document: pair.name,
            old: pair.old,
            new: pair.new,
            verdict: verdicts.max().unwrap_or_default(),
            changes,
            missing,
        }
    }

    /// The changes of a verdict that are shown one by one, and how many descriptions are not.
    fn shown(&self, verdict: Verdict, descriptions: bool) -> (Vec<&Change>, usize) {
        let (hidden, shown): (Vec<&Change>, Vec<&Change>) = self
            .changes
            .iter()
            .filter(|change| change.verdict == verdict)
            .partition(|change| change.kind == Kind::Described && !descriptions);
        (shown, hidden.len())
    }

    fn missing(&self) -> [(&'static str, &Vec<String>); 2] {
        [("old", &self.missing.old), ("new", &self.missing.new)]
    }

    /// `2 major, 1 minor`.
    fn counts(&self) -> String {
        let counts: Vec<String> = GRAVEST_FIRST
            .into_iter()
            .filter_map(|verdict| {
                let of_it = |change: &&Change| change.verdict == verdict;
                let count = self.changes.iter().filter(of_it).count();
                (count > 0).then(|| format!("{count} {verdict}"))
            })
            .collect();
        counts.join(", ")
    }
}

const GRAVEST_FIRST: [Verdict; 3] = [Verdict::Major, Verdict::Minor, Verdict::Patch];

impl Report {
    pub(super) fn new(pairs: &Pairs) -> Self {
        Report {
            verdict: Verdict::default(),
            sections: Vec::new(),
            only_old: pairs.only_old.clone(),
            only_new: pairs.only_new.clone(),
        }
    }

    pub(super) fn push(&mut self, section: Section) {
        self.verdict = self.verdict.max(section.verdict);
        self.sections.push(section);
    }

    /// The report for a person at a terminal.
    pub(super) fn text(&self, descriptions: bool) -> Text {
        let mut text = Text::default();
        for section in &self.sections {
            let name = styled(STRONG, plain(&section.document));
            let head = name.then(own(": ")).then(coloured(section.verdict));
            let rest = if section.changes.is_empty() {
                own(", no change in what is selected")
            } else {
                own(" (").then(plain(section.counts())).then(own(")"))
            };
            text.line(0, head.then(rest));
            for (side, missing) in section.missing() {
                for message in missing {
                    let head = own("the ").then(own(side)).then(own(" metadata: "));
                    text.line(2, head.then(plain(message)));
                }
            }
            for verdict in GRAVEST_FIRST {
                let (shown, hidden) = section.shown(verdict, descriptions);
                for change in shown {
                    change_text(&mut text, change);
                }
                if hidden > 0 {
                    let hidden = plain(format!(
                        "{hidden} described in other words (--descriptions names them)"
                    ));
                    text.push(own("\n"));
                    text.line(0, styled(FAINT, hidden));
                }
            }
            text.push(own("\n"));
        }
        for (side, names) in self.one_sided() {
            let head = own("only in the ").then(own(side)).then(own(" folder: "));
            text.line(0, head.then(joined(names.iter().map(plain), ", ")));
        }
        text.line(0, own("verdict: ").then(coloured(self.verdict)));
        text
    }

    /// The report for a pull request.
    pub(super) fn markdown(&self, descriptions: bool) -> Text {
        let head = own("## Microsoft Graph metadata: ").then(plain(self.verdict));
        let mut text = head.then(own("\n\n"));
        for section in &self.sections {
            let name = own("### ").then(code(&section.document)).then(own(": "));
            text.line(0, name.then(plain(section.verdict)).then(own("\n")));
            if section.changes.is_empty() {
                text.push(own("No change in what is selected.\n\n"));
            }
            for (side, missing) in section.missing() {
                for message in missing {
                    let head = own("- The ").then(own(side)).then(own(" metadata: "));
                    text.line(0, head.then(plain(message)));
                }
                if !missing.is_empty() {
                    text.push(own("\n"));
                }
            }
            for verdict in GRAVEST_FIRST {
                let (shown, hidden) = section.shown(verdict, descriptions);
                if shown.is_empty() && hidden == 0 {
                    continue;
                }
                text.line(0, own("**").then(plain(verdict)).then(own("**\n")));
                for change in shown {
                    change_markdown(&mut text, change);
                }
                if hidden > 0 {
                    let hidden = plain(format!("{hidden} described in other words"));
                    text.line(0, own("- ").then(hidden));
                }
                text.push(own("\n"));
            }
        }
        for (side, names) in self.one_sided() {
            let head = own("Only in the ").then(own(side)).then(own(" folder: "));
            let names = joined(names.iter().map(code), ", ");
            text.line(0, head.then(names).then(own("\n")));
        }
        text
    }

    fn one_sided(&self) -> impl Iterator<Item = (&'static str, &Vec<String>)> {
        [("old", &self.only_old), ("new", &self.only_new)]
            .into_iter()
            .filter(|(_, names)| !names.is_empty())
    }
}

fn change_text(text: &mut Text, change: &Change) {
    text.push(own("\n"));
    let element = styled(STRONG, plain(&change.element));
    let head = coloured(change.verdict).then(own(" "));
    text.line(
        0,
        head.then(own(kind(change.kind)))
            .then(own(" "))
            .then(element),
    );
    text.line(2, what(change));
    if let Some(rust) = &change.rust {
        let rust = said(format!("{rust}{}", in_items(change)));
        text.line(2, own("Rust: ").then(rust));
    }
    if let Some(wire) = &change.wire {
        text.line(2, own("wire: ").then(said(wire)));
    }
    text.line(2, reason(change));
    let (named, more) = updates(change);
    for path in named {
        text.line(2, styled(FAINT, own("in ").then(plain(path))));
    }
    if more > 0 {
        let more = plain(format!("and in {more} more updates"));
        text.line(2, styled(FAINT, more));
    }
}

fn change_markdown(text: &mut Text, change: &Change) {
    let head = own("- ").then(own(kind(change.kind))).then(own(" "));
    let head = head.then(code(&change.element)).then(own(": "));
    text.line(0, head.then(what(change)));
    if let Some(rust) = &change.rust {
        let rust = said(format!("{rust}{}", in_items(change)));
        text.line(2, own("- Rust: ").then(rust));
    }
    if let Some(wire) = &change.wire {
        text.line(2, own("- wire: ").then(said(wire)));
    }
    text.line(2, own("- ").then(reason(change)));
    let (named, more) = updates(change);
    if !named.is_empty() {
        let named = joined(named.iter().map(code), ", ");
        let more = match more {
            0 => own(""),
            more => own(" and ").then(plain(more)).then(own(" more")),
        };
        text.line(2, own("- in ").then(named).then(more));
    }
}

fn reason(change: &Change) -> Text {
    plain(change.verdict)
        .then(own(": "))
        .then(said(&change.reason))
}

/// What it was and what it is. A deprecation is told in the words of the metadata, what an update
/// needs in those of the facts, and why it is gone with its path as it was written: in none of these
/// is what stands in backticks ours.
fn what(change: &Change) -> Text {
    match (change.subject, change.kind) {
        (_, Kind::Deprecated) | (Subject::Update, Kind::Restricted | Kind::Removed) => {
            plain(&change.what)
        }
        _ => said(&change.what),
    }
}

/// The updates that are named, and how many are not. A change of an update names it already.
fn updates(change: &Change) -> (&[String], usize) {
    if change.updates.contains(&change.element) {
        return (&[], 0);
    }
    let named = change
        .updates
        .get(..MOST_UPDATES)
        .unwrap_or(&change.updates);
    (named, change.updates.len() - named.len())
}

fn in_items(change: &Change) -> String {
    match change.items.as_slice() {
        [] => String::new(),
        // A change of an item itself names it.
        [one]
            if change
                .rust
                .as_deref()
                .is_some_and(|rust| rust.contains(one.as_str())) =>
        {
            String::new()
        }
        [one] => format!(", in `{one}`"),
        [one, rest @ ..] => format!(", in `{one}` and {} more", rest.len()),
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Added => "added",
        Kind::Removed => "removed",
        Kind::Retyped => "retyped",
        Kind::Nullability => "nullability of",
        Kind::Moved => "moved",
        Kind::Renamed => "renamed",
        Kind::Restricted => "restrictions of",
        Kind::Deprecated => "deprecation of",
        Kind::Described => "description of",
    }
}

fn coloured(verdict: Verdict) -> Text {
    let colour = match verdict {
        Verdict::Major => REMOVED.bold(),
        Verdict::Minor => WARNING,
        Verdict::Patch => ADDED,
    };
    styled(colour, plain(verdict))
}
