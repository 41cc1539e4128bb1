//! The report of a comparison: as text, as Markdown for a pull request, as JSON.

mod entries;

use std::path::PathBuf;

use serde::Serialize;

use super::change::{Change, Kind, Subject, Verdict};
use super::documents::{Pair, Pairs};
use super::missing::Lines;
use crate::support::text::{
    ADDED, FAINT, REMOVED, STRONG, Text, WARNING, code, joined, own, plain, said, styled,
};
use entries::{Entry, Group};

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
    missing: Lines,
}

impl Section {
    pub(super) fn new(pair: Pair, changes: Vec<Change>, missing: Lines) -> Self {
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

    /// The changes of a verdict that are shown, and how many descriptions are not.
    fn shown(&self, verdict: Verdict, descriptions: bool) -> (Vec<Group<'_>>, usize) {
        let (hidden, shown): (Vec<&Change>, Vec<&Change>) = self
            .changes
            .iter()
            .filter(|change| change.verdict == verdict)
            .partition(|change| change.kind == Kind::Described && !descriptions);
        (entries::grouped(shown), hidden.len())
    }

    /// What the manifest asks for and is not there, each once: which side does not have it, and the
    /// line that says so.
    fn missing(&self) -> Vec<(&'static str, &str)> {
        let Lines { old, new } = &self.missing;
        let of_old = old.iter().map(|line| {
            let side = if new.contains(line) {
                "neither side has "
            } else {
                "the old metadata lacks "
            };
            (side, line.as_str())
        });
        let of_new = new.iter().filter(|line| !old.contains(line));
        of_old
            .chain(of_new.map(|line| ("the new metadata lacks ", line.as_str())))
            .collect()
    }

    /// `2 major, 1 minor`.
    fn counts(&self) -> String {
        let counts: Vec<String> = GRAVEST_FIRST
            .into_iter()
            .filter_map(|verdict| {
                let (groups, _) = self.shown(verdict, true);
                let count: usize = groups.iter().map(|group| group.entries.len()).sum();
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
            for (side, line) in section.missing() {
                text.line(2, own(side).then(plain(line)));
            }
            for verdict in GRAVEST_FIRST {
                let (groups, hidden) = section.shown(verdict, descriptions);
                for group in groups {
                    text.push(own("\n"));
                    let head = coloured(verdict).then(own(": "));
                    text.line(0, head.then(said(group.reason)));
                    for entry in &group.entries {
                        entry_text(&mut text, entry);
                    }
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
            let missing = section.missing();
            for (side, line) in &missing {
                text.line(0, own("- ").then(own(side)).then(plain(line)));
            }
            if !missing.is_empty() {
                text.push(own("\n"));
            }
            for verdict in GRAVEST_FIRST {
                let (groups, hidden) = section.shown(verdict, descriptions);
                for group in groups {
                    let head = own("**").then(plain(verdict)).then(own("**: "));
                    text.line(0, head.then(said(group.reason)).then(own("\n")));
                    for entry in &group.entries {
                        entry_markdown(&mut text, entry);
                    }
                    text.push(own("\n"));
                }
                if hidden > 0 {
                    let head = own("**").then(plain(verdict)).then(own("**: "));
                    let hidden = plain(format!("{hidden} described in other words"));
                    text.line(0, head.then(hidden).then(own("\n")));
                }
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

fn entry_text(text: &mut Text, entry: &Entry<'_>) {
    let change = entry.first;
    text.push(own("\n"));
    let head = coloured(change.verdict).then(own(" "));
    let head = head.then(own(kind(change.kind))).then(own(" "));
    text.line(0, head.then(styled(STRONG, plain(entry.element()))));
    text.line(2, what(entry));
    for (label, line) in effects(entry) {
        text.line(2, own(label).then(said(line)));
    }
    let (named, more) = updates(change);
    for path in named {
        text.line(2, styled(FAINT, own("in ").then(plain(path))));
    }
    if more > 0 {
        let more = plain(format!("and in {more} more updates"));
        text.line(2, styled(FAINT, more));
    }
}

fn entry_markdown(text: &mut Text, entry: &Entry<'_>) {
    let change = entry.first;
    let head = own("- ").then(own(kind(change.kind))).then(own(" "));
    let head = head.then(code(entry.element())).then(own(": "));
    text.line(0, head.then(what(entry)));
    for (label, line) in effects(entry) {
        text.line(2, own("- ").then(own(label)).then(said(line)));
    }
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

/// What it does to Rust and to requests, and what keeps the code as it is.
fn effects(entry: &Entry<'_>) -> impl Iterator<Item = (&'static str, String)> {
    let change = entry.first;
    let rust = entry.rust();
    let rust = rust.map(|rust| format!("{rust}{}", in_items(change)));
    [
        ("Rust: ", rust),
        ("wire: ", change.wire.clone()),
        ("help: ", change.help.clone()),
    ]
    .into_iter()
    .filter_map(|(label, line)| Some((label, line?)))
}

/// What it was and what it is. A deprecation is told in the words of the metadata, what an update
/// needs in those of the facts, and why it is gone with its path as it was written: in none of these
/// is what stands in backticks ours.
fn what(entry: &Entry<'_>) -> Text {
    let change = entry.first;
    match (change.subject, change.kind) {
        (_, Kind::Deprecated) | (Subject::Update, Kind::Restricted | Kind::Removed) => {
            plain(&change.what)
        }
        _ => said(entry.what()),
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
