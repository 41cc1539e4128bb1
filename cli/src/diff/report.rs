//! The report of a comparison: as text, as Markdown for a pull request, as JSON.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde::Serialize;

use super::change::{Change, Kind, Verdict};
use super::documents::{Pair, Pairs};
use crate::console::{
    ADDED, FAINT, REMOVED, STRONG, WARNING, code, escaped, folded, sentence, styled,
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
    pub(super) fn text(&self, descriptions: bool) -> String {
        let mut text = String::new();
        for section in &self.sections {
            let verdict = styled(colour(section.verdict), section.verdict);
            let name = styled(STRONG, folded(&section.document));
            if section.changes.is_empty() {
                line(
                    &mut text,
                    0,
                    &format!("{name}: {verdict}, no change in what is selected"),
                );
            } else {
                line(
                    &mut text,
                    0,
                    &format!("{name}: {verdict} ({})", section.counts()),
                );
            }
            for (side, missing) in [("old", &section.missing.old), ("new", &section.missing.new)] {
                for message in missing {
                    line(
                        &mut text,
                        1,
                        &format!("the {side} metadata: {}", folded(message)),
                    );
                }
            }
            for verdict in GRAVEST_FIRST {
                let (shown, hidden) = section.shown(verdict, descriptions);
                for change in shown {
                    change_text(&mut text, change);
                }
                if hidden > 0 {
                    line(&mut text, 0, "");
                    line(
                        &mut text,
                        0,
                        &styled(
                            FAINT,
                            format!(
                                "{hidden} described in other words (--descriptions names them)"
                            ),
                        ),
                    );
                }
            }
            line(&mut text, 0, "");
        }
        for (side, names) in self.one_sided() {
            line(
                &mut text,
                0,
                &folded(&format!("only in the {side} folder: {}", names.join(", "))),
            );
        }
        line(
            &mut text,
            0,
            &format!("verdict: {}", styled(colour(self.verdict), self.verdict)),
        );
        text
    }

    /// The report for a pull request.
    pub(super) fn markdown(&self, descriptions: bool) -> String {
        let mut text = format!("## Microsoft Graph metadata: {}\n\n", self.verdict);
        for section in &self.sections {
            line(
                &mut text,
                0,
                &format!("### {}: {}\n", code(&section.document), section.verdict),
            );
            if section.changes.is_empty() {
                line(&mut text, 0, "No change in what is selected.\n");
            }
            for (side, missing) in [("old", &section.missing.old), ("new", &section.missing.new)] {
                for message in missing {
                    line(
                        &mut text,
                        0,
                        &format!("- The {side} metadata: {}", sentence(message)),
                    );
                }
                if !missing.is_empty() {
                    line(&mut text, 0, "");
                }
            }
            for verdict in GRAVEST_FIRST {
                let (shown, hidden) = section.shown(verdict, descriptions);
                if shown.is_empty() && hidden == 0 {
                    continue;
                }
                line(&mut text, 0, &format!("**{verdict}**\n"));
                for change in shown {
                    change_markdown(&mut text, change);
                }
                if hidden > 0 {
                    line(
                        &mut text,
                        0,
                        &format!("- {hidden} described in other words"),
                    );
                }
                line(&mut text, 0, "");
            }
        }
        for (side, names) in self.one_sided() {
            line(
                &mut text,
                0,
                &format!(
                    "Only in the {side} folder: {}\n",
                    names
                        .iter()
                        .map(|name| code(name))
                        .collect::<Vec<_>>()
                        .join(", ")
                ),
            );
        }
        text
    }

    fn one_sided(&self) -> impl Iterator<Item = (&'static str, &Vec<String>)> {
        [("old", &self.only_old), ("new", &self.only_new)]
            .into_iter()
            .filter(|(_, names)| !names.is_empty())
    }
}

fn change_text(text: &mut String, change: &Change) {
    line(text, 0, "");
    let verdict = styled(colour(change.verdict), change.verdict);
    let element = styled(STRONG, folded(&change.element));
    line(
        text,
        0,
        &format!("{verdict} {} {element}", kind(change.kind)),
    );
    line(text, 1, &folded(&change.what));
    if let Some(rust) = &change.rust {
        line(
            text,
            1,
            &folded(&format!("Rust: {rust}{}", in_items(change))),
        );
    }
    if let Some(wire) = &change.wire {
        line(text, 1, &folded(&format!("wire: {wire}")));
    }
    line(text, 1, &format!("{}: {}", change.verdict, change.reason));
    let (named, more) = updates(change);
    for path in named {
        line(text, 1, &styled(FAINT, folded(&format!("in {path}"))));
    }
    if more > 0 {
        line(
            text,
            1,
            &styled(FAINT, format!("and in {more} more updates")),
        );
    }
}

fn change_markdown(text: &mut String, change: &Change) {
    // A deprecation is told in the words of the metadata, in which no code is ours.
    let what = match change.kind {
        Kind::Deprecated => escaped(&change.what),
        _ => sentence(&change.what),
    };
    line(
        text,
        0,
        &format!(
            "- {} {}: {}",
            kind(change.kind),
            code(&change.element),
            what
        ),
    );
    if let Some(rust) = &change.rust {
        line(
            text,
            1,
            &format!(
                "- Rust: {}",
                sentence(&format!("{rust}{}", in_items(change)))
            ),
        );
    }
    if let Some(wire) = &change.wire {
        line(text, 1, &format!("- wire: {}", sentence(wire)));
    }
    line(
        text,
        1,
        &format!("- {}: {}", change.verdict, sentence(&change.reason)),
    );
    let (named, more) = updates(change);
    if !named.is_empty() {
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        let named: Vec<String> = named.iter().map(|path| code(path)).collect();
        line(text, 1, &format!("- in {}{more}", named.join(", ")));
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

fn colour(verdict: Verdict) -> anstyle::Style {
    match verdict {
        Verdict::Major => REMOVED.bold(),
        Verdict::Minor => WARNING,
        Verdict::Patch => ADDED,
    }
}

fn line(text: &mut String, indent: usize, content: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "{:1$}{content}", "", indent * 2);
}
