//! The report of `msgraph diff`.

mod entries;

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::Serialize;

use super::change::{Change, Kind, Subject, Verdict};
use super::compare::Differences;
use super::consent::ConsentChange;
use super::documents::{Pair, Pairs};
use super::missing::{Missing, MissingEntry};
use super::schemes::prose;
use crate::support::text::{ADDED, FAINT, Format, REMOVED, STRONG, WARNING, line, shortened};
use entries::{Entry, Group};

/// How many operations are named with a change.
const MAX_OPERATIONS: usize = 3;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DiffReport {
    /// The highest of all sections.
    pub(super) verdict: Verdict,
    pub(super) sections: Vec<Section>,
    only_old: Vec<String>,
    only_new: Vec<String>,
    old_permissions: Option<PathBuf>,
    new_permissions: Option<PathBuf>,
}

/// The changes in one CSDL file, or, without one, in the metadata of the manifest.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Section {
    document: String,
    old: Option<PathBuf>,
    new: Option<PathBuf>,
    verdict: Verdict,
    /// Highest verdict first.
    pub(super) changes: Vec<Change>,
    /// How the smallest set of permissions changes.
    consent: Vec<ConsentChange>,
    pub(super) missing: Missing,
}

const VERDICTS: [Verdict; 3] = [Verdict::Major, Verdict::Minor, Verdict::Patch];

impl Section {
    pub(super) fn new(pair: Pair, differences: Differences, missing: Missing) -> Self {
        let Differences { changes, consent } = differences;
        let verdicts = changes.iter().map(|change| change.verdict);
        Section {
            document: pair.name,
            old: pair.old,
            new: pair.new,
            verdict: verdicts.max().unwrap_or_default(),
            changes,
            consent,
            missing,
        }
    }

    /// The changes with a verdict, and how many changed descriptions are hidden.
    fn shown(&self, verdict: Verdict, descriptions: bool) -> (Vec<Group<'_>>, usize) {
        let (hidden, shown): (Vec<&Change>, Vec<&Change>) = self
            .changes
            .iter()
            .filter(|change| change.verdict == verdict)
            .partition(|change| change.kind == Kind::Described && !descriptions);
        (entries::grouped(shown), hidden.len())
    }

    /// The missing entries, each path once: several entries may select it.
    fn missing(&self) -> Vec<String> {
        let lines = |entries: &[MissingEntry]| -> Vec<String> {
            let mut seen = BTreeSet::new();
            let entries = entries.iter();
            let first = entries.filter(|it| it.entry().is_none_or(|entry| seen.insert(entry)));
            first.map(MissingEntry::line).collect()
        };
        let (old, new) = (lines(&self.missing.old), lines(&self.missing.new));
        let only_new = new.iter().filter(|line| !old.contains(line));
        let only_new = only_new.map(|line| format!("the new metadata lacks {line}"));
        let of_old = old.iter().map(|line| {
            if new.contains(line) {
                format!("neither side has {line}")
            } else {
                format!("the old metadata lacks {line}")
            }
        });
        of_old.chain(only_new).collect()
    }

    /// `2 major, 1 minor`.
    fn counts(&self) -> String {
        let counts = VERDICTS.into_iter().filter_map(|verdict| {
            let (groups, _) = self.shown(verdict, true);
            let count: usize = groups.iter().map(|group| group.entries.len()).sum();
            (count > 0).then(|| format!("{count} {verdict}"))
        });
        counts.collect::<Vec<_>>().join(", ")
    }

    /// The document, the verdict and the number of changes.
    fn heading(&self, out: &mut String, format: Format) {
        let verdict = coloured(format, self.verdict);
        if format.is_markdown() {
            let name = format.code(&self.document);
            line(out, 0, format!("### {name}: {verdict}\n"));
            if self.changes.is_empty() {
                line(out, 0, "No change in the selection.\n");
            }
        } else {
            let subject = if self.new.is_none() {
                "permissions of "
            } else {
                ""
            };
            let name = format.styled(STRONG, format.plain(&self.document));
            let result = if self.changes.is_empty() {
                "no change in the selection".to_owned()
            } else {
                format!("{verdict} ({})", self.counts())
            };
            line(out, 0, format!("{subject}{name}: {result}"));
        }
    }

    fn render(&self, out: &mut String, format: Format, descriptions: bool) {
        let (bullet, indent) = (format.bullet(), if format.is_markdown() { 0 } else { 2 });
        self.heading(out, format);
        let missing = self.missing().into_iter();
        let missing = missing.map(|text| format.plain(text));
        let consent = self.consent.iter().map(|it| consent_line(it, format));
        let lines: Vec<String> = missing.chain(consent).collect();
        for text in &lines {
            line(out, indent, format!("{bullet}{text}"));
        }
        if format.is_markdown() && !lines.is_empty() {
            out.push('\n');
        }
        for verdict in VERDICTS {
            let (groups, hidden) = self.shown(verdict, descriptions);
            let heading = match format {
                Format::Markdown => format!("**{verdict}**"),
                _ => coloured(format, verdict),
            };
            for group in groups {
                let reason = format.prose(group.reason);
                paragraph(out, format, &format!("{heading}: {reason}"));
                for entry in &group.entries {
                    entry_lines(out, format, entry);
                }
                if format.is_markdown() {
                    out.push('\n');
                }
            }
            if hidden > 0 {
                let text = format!("descriptions changed: {hidden}");
                paragraph(
                    out,
                    format,
                    &match format {
                        Format::Markdown => format!("{heading}: {text}"),
                        _ => format.styled(FAINT, format!("{text} (--descriptions names them)")),
                    },
                );
            }
        }
        if !format.is_markdown() {
            out.push('\n');
        }
    }
}

/// `consent (delegated): − A, + B`.
fn consent_line(change: &ConsentChange, format: Format) -> String {
    let signed = |sign: &'static str, names: &[String]| -> Vec<String> {
        let names = names.iter();
        names
            .map(|name| format!("{sign} {}", format.code_in_markdown(name)))
            .collect()
    };
    let changes = [signed("−", &change.removed), signed("+", &change.added)].concat();
    format!(
        "consent ({}): {}",
        prose(&change.schemes),
        changes.join(", ")
    )
}

/// A line with a blank line before it, or in Markdown after it.
fn paragraph(out: &mut String, format: Format, text: &str) {
    if format.is_markdown() {
        line(out, 0, format!("{text}\n"));
    } else {
        line(out, 0, format!("\n{text}"));
    }
}

impl DiffReport {
    pub(super) fn new(pairs: &Pairs, permissions: [&Option<PathBuf>; 2]) -> Self {
        let [old_permissions, new_permissions] = permissions.map(Clone::clone);
        DiffReport {
            old_permissions,
            new_permissions,
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

    /// Renders the report. `descriptions`: with each element whose description changed.
    pub(super) fn render(&self, format: Format, descriptions: bool) -> String {
        let mut out = String::new();
        if format.is_markdown() {
            let has_metadata = self.sections.iter().any(|it| it.new.is_some());
            let compared = if has_metadata {
                "metadata"
            } else {
                "permissions"
            };
            let title = format!("## Microsoft Graph {compared}: {}\n", self.verdict);
            line(&mut out, 0, title);
        }
        for section in &self.sections {
            section.render(&mut out, format, descriptions);
        }
        for (side, names) in [("old", &self.only_old), ("new", &self.only_new)] {
            if names.is_empty() {
                continue;
            }
            if format.is_markdown() {
                let names: Vec<String> = names.iter().map(|it| format.code(it)).collect();
                line(
                    &mut out,
                    0,
                    format!("Only in the {side} folder: {}\n", names.join(", ")),
                );
            } else {
                let names = format.plain(names.join(", "));
                line(&mut out, 0, format!("only in the {side} folder: {names}"));
            }
        }
        if !format.is_markdown() {
            line(
                &mut out,
                0,
                format!("verdict: {}", coloured(format, self.verdict)),
            );
        }
        out
    }
}

fn entry_lines(out: &mut String, format: Format, entry: &Entry<'_>) {
    let change = entry.first;
    let (bullet, kind, what) = (format.bullet(), kind(change.kind), what(format, entry));
    let operations = entry.operations();
    let element = match entry.element() {
        Some(element) if format.is_markdown() => format.code(element),
        Some(element) => format.styled(STRONG, format.plain(element)),
        None => format!("{} operations", operations.len()),
    };
    if format.is_markdown() {
        line(out, 0, format!("- {kind} {element}: {what}"));
    } else {
        let verdict = coloured(format, change.verdict);
        line(out, 0, format!("\n{verdict} {kind} {element}"));
        line(out, 2, what);
    }
    for (label, text) in effects(entry) {
        line(out, 2, format!("{bullet}{label}: {}", format.prose(&text)));
    }
    operation_lines(out, format, &operations);
}

/// The affected operations.
fn operation_lines(out: &mut String, format: Format, operations: &[String]) {
    if operations.is_empty() {
        return;
    }
    if format.is_markdown() {
        let paths: Vec<String> = operations.iter().map(|path| format.code(path)).collect();
        let paths = shortened(&paths, MAX_OPERATIONS);
        line(out, 2, format!("- in {paths}"));
        return;
    }
    for path in operations.iter().take(MAX_OPERATIONS) {
        let path = format!("in {}", format.plain(path));
        line(out, 2, format.styled(FAINT, path));
    }
    if operations.len() > MAX_OPERATIONS {
        let more = operations.len() - MAX_OPERATIONS;
        let more = format!("and in {more} more");
        line(out, 2, format.styled(FAINT, more));
    }
}

/// The effects on Rust and on requests, and the help.
fn effects(entry: &Entry<'_>) -> impl Iterator<Item = (&'static str, String)> {
    let change = entry.first;
    let rust = entry.rust();
    let rust = rust.map(|rust| format!("{rust}{}", in_items(change)));
    [
        ("Rust", rust),
        ("wire", change.wire.clone()),
        ("help", change.help.clone()),
    ]
    .into_iter()
    .filter_map(|(label, text)| Some((label, text?)))
}

/// The old and the new state. Backticks in deprecations, facts and written paths are not ours.
fn what(format: Format, entry: &Entry<'_>) -> String {
    let change = entry.first;
    match (change.subject, change.kind) {
        (_, Kind::Deprecated) | (Subject::Operation, Kind::Restricted | Kind::Removed) => {
            format.plain(&change.what)
        }
        _ => format.prose(&entry.what()),
    }
}

/// The affected structs and enums, unless `rust` names the only one.
fn in_items(change: &Change) -> String {
    let rust = change.rust.as_deref().unwrap_or_default();
    match change.items.as_slice() {
        [] => String::new(),
        [one] if rust.contains(one.as_str()) => String::new(),
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
        Kind::Permissions => "permissions of",
        Kind::Deprecated => "deprecation of",
        Kind::Described => "description of",
    }
}

fn coloured(format: Format, verdict: Verdict) -> String {
    let colour = match verdict {
        Verdict::Major => REMOVED.bold(),
        Verdict::Minor => WARNING,
        Verdict::Patch => ADDED,
    };
    format.styled(colour, verdict)
}
