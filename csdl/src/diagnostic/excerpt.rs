//! The source line of a diagnostic, displayed as rustc does.

use crate::source::{Sources, Span};
use crate::text::visible;

/// Maximum length of the displayed parts of a line, in characters. A whole file may be a single line.
const MAX_PART: usize = 80;

/// The first line of a location.
pub(super) struct Excerpt<'s> {
    file: &'s str,
    line: usize,
    column: usize,
    before: String,
    marked: String,
    after: String,
}

impl<'s> Excerpt<'s> {
    pub(super) fn of(sources: &'s Sources, span: Span) -> Option<Self> {
        let source = sources.get(span.file)?;
        let text = source.text.as_str();
        let (before, rest) = split(text, span.start as usize)?;
        let rest = rest.lines().next().unwrap_or_default();
        let (marked, after) = split(rest, (span.end as usize).saturating_sub(before.len()))?;
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let before = before.get(line_start..)?;
        let column = before.chars().count() + 1;
        let hidden = column.saturating_sub(MAX_PART + 1);
        let dots = if hidden > 0 { "…" } else { "" };
        let before: String = before.chars().skip(hidden).collect();
        Some(Excerpt {
            file: &source.name,
            line,
            column,
            before: format!("{dots}{}", displayed(&before)),
            marked: beginning(marked),
            after: beginning(after),
        })
    }

    /// The number of digits of the line number.
    pub(super) fn width(&self) -> usize {
        self.line.to_string().len()
    }

    /// The location, the line, and the mark below it.
    pub(super) fn render(&self, width: usize, arrow: &str, mark: &str, label: &str) -> String {
        let Excerpt {
            file,
            line,
            column,
            before,
            marked,
            after,
        } = self;
        let indent = " ".repeat(before.chars().count());
        let marks = mark.repeat(marked.chars().count().max(1));
        let text = format!("{line:>width$} | {before}{marked}{after}");
        let marks = format!("{:width$} | {indent}{marks} {label}", "");
        format!(
            "{:width$}{arrow} {file}:{line}:{column}\n{:width$} |\n{}\n{}",
            "",
            "",
            text.trim_end(),
            marks.trim_end()
        )
    }
}

/// Splits a string in front of the character at an offset.
fn split(text: &str, offset: usize) -> Option<(&str, &str)> {
    let mut offsets = (0..=offset.min(text.len())).rev();
    offsets.find_map(|offset| text.split_at_checked(offset))
}

fn beginning(text: &str) -> String {
    let mut shown: String = text.chars().take(MAX_PART).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    displayed(&shown)
}

fn displayed(text: &str) -> String {
    visible(&text.replace('\t', "    "))
}
