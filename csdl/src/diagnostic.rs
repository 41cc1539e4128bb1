//! Errors and warnings with their locations.

mod excerpt;
mod suggestion;

use std::collections::BTreeMap;
use std::fmt;

pub use suggestion::{did_you_mean, nearest, nearest_or};

use self::excerpt::Excerpt;
use crate::source::{Sources, Span, Unreadable};
use crate::text::visible;

/// The severity of a diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Prevents generation.
    Error,
    /// Something was ignored or looks wrong, but generation continues.
    Warning,
}

/// A problem in an input, and how to fix it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// The location; `None` for a whole file.
    pub span: Option<Span>,
    /// One-line message naming the offending item. Control characters are escaped.
    pub message: String,
    /// How to fix it.
    pub help: Option<String>,
    /// A related location, with its label.
    pub related: Option<(Span, String)>,
}

impl Diagnostic {
    /// Creates an error at a location, or for a whole file.
    pub fn error(span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Error,
            span: span.into(),
            message: shown(&message.into()),
            help: None,
            related: None,
        }
    }

    /// Creates a warning at a location, or for a whole file.
    pub fn warning(span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Warning,
            ..Self::error(span, message)
        }
    }

    /// Adds a help message.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(shown(&help.into()));
        self
    }

    /// Adds a related location with a label.
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related = Some((span, shown(&label.into())));
        self
    }

    /// Renders the diagnostic: `file:line:column`, the source line with the location marked, and
    /// the help.
    pub fn render(&self, sources: &Sources) -> String {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let span = self.span.and_then(|span| Excerpt::of(sources, span));
        let related = self.related.as_ref();
        let related = related.and_then(|(span, label)| Some((Excerpt::of(sources, *span)?, label)));
        let (first, second) = (span.as_ref(), related.as_ref().map(|(excerpt, _)| excerpt));
        let width = first.into_iter().chain(second).map(Excerpt::width).max();
        let margin = " ".repeat(width.unwrap_or(0));
        let mut lines = vec![format!("{severity}: {}", visible(&self.message))];
        if let Some(excerpt) = &span {
            lines.push(excerpt.render(margin.len(), "-->", "^", ""));
        }
        if let Some((excerpt, label)) = &related {
            lines.push(format!("{margin} |"));
            lines.push(excerpt.render(margin.len(), ":::", "-", label));
        }
        if let Some(help) = self.help.as_deref().map(visible) {
            lines.push(match width {
                Some(_) => format!("{margin} |\n{margin} = help: {help}"),
                None => format!("help: {help}"),
            });
        }
        lines.join("\n")
    }
}

/// Maximum length of a displayed name, in characters. Longer than any name in use.
const MAX_NAME: usize = 300;
/// Maximum length of a message, help or label, in characters.
const MAX_TEXT: usize = 8_000;

/// Shortens long names in a message, and escapes invisible characters.
fn shown(text: &str) -> String {
    if text.len() <= MAX_NAME {
        return visible(text);
    }
    let parts: Vec<String> = text
        .split('`')
        .enumerate()
        // Every second part is a name, in backticks.
        .map(|(nth, part)| shortened(part, if nth % 2 == 1 { MAX_NAME } else { MAX_TEXT }))
        .collect();
    visible(&shortened(&parts.join("`"), MAX_TEXT))
}

/// Shortens a string of more than `most` characters to its beginning and end.
fn shortened(text: &str, most: usize) -> String {
    if text.len() <= most || text.chars().nth(most).is_none() {
        return text.to_owned();
    }
    let start = text.chars().take(80);
    let end: Vec<char> = text.chars().rev().take(40).collect();
    let omission = format!("… ({} bytes) …", text.len());
    start
        .chain(omission.chars())
        .chain(end.into_iter().rev())
        .collect()
}

/// Maximum number of displayed diagnostics.
const MAX_SHOWN: usize = 100;

/// All diagnostics of a run, ordered by location.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// The manifest entries that diagnostics belong to, by location.
    entries: BTreeMap<Span, String>,
}

impl Diagnostics {
    /// Adds a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Whether there are more diagnostics than are displayed.
    pub fn is_flooded(&self) -> bool {
        self.list.len() > MAX_SHOWN
    }

    /// The number of diagnostics, including duplicates.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Assigns all diagnostics after the first `before` to a manifest entry.
    pub fn attribute(&mut self, before: usize, entry: &str) {
        let spans = self.list.iter().skip(before).filter_map(|it| it.span);
        self.entries
            .extend(spans.map(|span| (span, visible(entry))));
    }

    /// The path or type of the manifest entry that is not generated because of a diagnostic.
    pub fn entry(&self, diagnostic: &Diagnostic) -> Option<&str> {
        self.entries.get(&diagnostic.span?).map(String::as_str)
    }

    /// Adds the diagnostics of another stage.
    pub fn append(&mut self, other: Diagnostics) {
        self.list.extend(other.list);
        self.entries.extend(other.entries);
    }

    /// Whether there is at least one error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// Whether there are no diagnostics.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Ends the run if a stage reported errors.
    pub fn bail_if_errors(&self) -> Result<(), Aborted> {
        if self.has_errors() {
            Err(Aborted)
        } else {
            Ok(())
        }
    }

    /// The diagnostics: errors first, each group ordered by source, then by location.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        let mut sorted: Vec<_> = self.list.iter().collect();
        sorted.sort_by(|a, b| {
            (a.severity, a.span, &a.message).cmp(&(b.severity, b.span, &b.message))
        });
        sorted.dedup();
        sorted.into_iter()
    }

    /// Renders all diagnostics. If there are errors, warnings are omitted, because they would look
    /// like the cause.
    pub fn render(&self, sources: &Sources) -> String {
        let errors_only = self.has_errors();
        let relevant: Vec<&Diagnostic> = self
            .iter()
            .filter(|d| !errors_only || d.severity == Severity::Error)
            .collect();
        let mut shown: Vec<String> = relevant
            .iter()
            .take(MAX_SHOWN)
            .map(|d| d.render(sources))
            .collect();
        if let Some(more) = relevant
            .len()
            .checked_sub(MAX_SHOWN)
            .filter(|more| *more > 0)
        {
            shown.push(format!("error: and {more} more of them"));
        }
        shown.join("\n\n")
    }
}

/// A stage reported errors, which are in the [`Diagnostics`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aborted;

/// Why nothing was generated: the rendered errors of the failed stage. `Debug` is as readable as `Display`, since Rust
/// prints it if `main` returns an error.
pub struct Error {
    rendered: String,
}

impl Error {
    /// Creates an error with this message.
    pub fn new(rendered: String) -> Self {
        Error { rendered }
    }
}

impl From<Unreadable> for Error {
    fn from(unreadable: Unreadable) -> Self {
        Error::new(format!("{}\nhelp: {}", unreadable.message, unreadable.help))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rendered)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::is_invisible;

    #[test]
    fn a_diagnostic_shows_place_line_and_help() {
        let mut sources = Sources::new();
        let file = sources.add("graph.toml", "a = 1\npath = \"/polices\"\n");
        let shown = Diagnostic::error(Span::new(file, 13..23), "no segment `polices`")
            .help("did you mean `policies`?")
            .render(&sources);
        assert!(shown.contains("graph.toml:2:8"), "{shown}");
        assert!(shown.contains("path = \"/polices\""), "{shown}");
        assert!(shown.contains("^^^^"), "{shown}");
        assert!(shown.contains("help: did you mean `policies`?"), "{shown}");
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides_of_the_mark() {
        let mut sources = Sources::new();
        let line = format!("{}\tüx\u{202e}{}", "a".repeat(500), "b".repeat(500));
        let file = sources.add("one-line.csdl", format!("{line}\r\n"));
        let start = u32::try_from(line.find('ü').unwrap()).unwrap();
        // The second offset is within the `ü`.
        for start in [start, start + 1] {
            let span = Span {
                file,
                start,
                end: start + 3,
            };
            let shown = Diagnostic::error(span, "a").render(&sources);
            let lines: Vec<&str> = shown.lines().collect();
            assert_eq!(lines[1], " --> one-line.csdl:1:502");
            let (before, after) = lines[3].split_once("    üx").unwrap();
            assert!(
                before.starts_with("1 | …aaa") && before.len() < 100,
                "{before}"
            );
            assert!(
                after.starts_with("\\u{202e}bbb") && after.ends_with("bbb…"),
                "{after}"
            );
            assert!(after.len() < 100, "{after}");
            let marks = lines[4].trim_end_matches('^').chars().count();
            assert_eq!(marks, before.chars().count() + 4);
        }
    }

    #[test]
    fn what_nobody_sees_is_shown_by_its_escape() {
        let shown = Diagnostic::error(None, "unknown type `a\u{1b}[2J\u{202e}b\u{200b}c\u{feff}`")
            .help("did you mean `a\u{2066}b`?\nerror: no")
            .render(&Sources::new());
        for escape in [
            "\\u{1b}",
            "\\u{202e}",
            "\\u{200b}",
            "\\u{feff}",
            "\\u{2066}",
            "\\nerror: no",
        ] {
            assert!(shown.contains(escape), "{escape} in {shown}");
        }
        assert!(
            !shown.chars().any(|c| c != '\n' && is_invisible(c)),
            "{shown:?}"
        );
    }
}
