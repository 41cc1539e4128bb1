//! Errors and warnings with their locations.

mod suggestion;

use std::collections::BTreeMap;
use std::fmt;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

pub use suggestion::{did_you_mean, nearest, nearest_or};

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
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = Group::with_title(level.primary_title(visible(&self.message)));
        if let Some(span) = self.span {
            group = group.elements(excerpt(sources, span, AnnotationKind::Primary, None));
        }
        if let Some((span, label)) = &self.related {
            group = group.elements(excerpt(
                sources,
                *span,
                AnnotationKind::Context,
                Some(label),
            ));
        }
        let has_excerpt = self.span.is_some() || self.related.is_some();
        let help = self.help.as_deref().map(visible);
        match help {
            // The renderer would draw the margin of an excerpt.
            Some(help) if !has_excerpt => {
                format!("{}\nhelp: {help}", Renderer::plain().render(&[group]))
            }
            help => {
                group = group.elements(help.map(|help| Level::HELP.message(help)));
                Renderer::plain().render(&[group])
            }
        }
    }
}

/// Maximum length of a displayed line, in bytes. A whole file may be a single line.
const MAX_LINE: usize = 4096;

/// The lines of a location, with the location marked. The renderer gets only these lines, because
/// it would scan the whole file for each error.
fn excerpt<'s>(
    sources: &'s Sources,
    span: Span,
    kind: AnnotationKind,
    label: Option<&'s str>,
) -> Option<Element<'s>> {
    let source = sources.get(span.file)?;
    let text = source.text.as_str();
    let boundary = |offset: u32| {
        let offset = (offset as usize).min(text.len());
        (0..=offset).rev().find(|at| text.is_char_boundary(*at))
    };
    let start = boundary(span.start)?;
    let end = boundary(span.end)?.max(start);
    let (before, rest) = text.split_at_checked(start)?;
    let first = before.rfind('\n').map_or(0, |newline| newline + 1);
    // A span of several lines (a whole element) is displayed as its first line.
    let last = start + rest.find('\n').unwrap_or(rest.len());
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    if last - first > MAX_LINE {
        let column = text.get(first..start)?.chars().count() + 1;
        let place = Origin::path(&source.name).line(line).char_column(column);
        return Some(place.into());
    }
    let snippet = Snippet::source(text.get(first..last)?)
        .line_start(line)
        .path(&source.name)
        .annotation(kind.span(start - first..end.min(last) - first).label(label));
    Some(snippet.into())
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
