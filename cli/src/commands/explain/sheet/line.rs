//! A line of a page: text with names, emphasis and links.

use crate::support::text::one_line;

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Span {
    Text(String),
    Code(String),
    Strong(String),
    Faint(String),
    Warning(String),
    Link(String),
}

impl Span {
    /// The string on one line, without styles. A space at either end is kept.
    pub(super) fn string(&self) -> String {
        let (Span::Text(text)
        | Span::Code(text)
        | Span::Strong(text)
        | Span::Faint(text)
        | Span::Warning(text)
        | Span::Link(text)) = self;
        let line = one_line(text);
        let start = if text.starts_with(' ') { " " } else { "" };
        let end = if line.is_empty() || !text.ends_with(' ') {
            ""
        } else {
            " "
        };
        format!("{start}{line}{end}")
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line {
    pub(super) spans: Vec<Span>,
}

impl From<Span> for Line {
    fn from(span: Span) -> Self {
        Line { spans: vec![span] }
    }
}

impl Line {
    /// A sentence with names in backticks. If the backticks do not match, it has no names.
    pub(crate) fn prose(text: &str) -> Self {
        let parts: Vec<&str> = text.split('`').collect();
        let mut names = parts.iter().skip(1).step_by(2);
        if parts.len().is_multiple_of(2) || names.any(|name| name.trim().is_empty()) {
            return Line::from(Span::Text(text.to_owned()));
        }
        let parts = parts.into_iter().enumerate();
        let spans = parts.map(|(nth, part)| match nth % 2 {
            0 => Span::Text(part.to_owned()),
            _ => Span::Code(part.to_owned()),
        });
        Line {
            spans: spans
                .filter(|span| *span != Span::Text(String::new()))
                .collect(),
        }
    }

    pub(crate) fn and(mut self, span: Span) -> Self {
        self.spans.push(span);
        self
    }

    pub(crate) fn text(self, text: impl Into<String>) -> Self {
        self.and(Span::Text(text.into()))
    }

    pub(crate) fn code(self, name: impl Into<String>) -> Self {
        self.and(Span::Code(name.into()))
    }

    /// Adds a sentence with names in backticks.
    pub(crate) fn sentence(mut self, text: &str) -> Self {
        self.spans.extend(Line::prose(text).spans);
        self
    }

    /// The line without styles and backticks.
    pub(super) fn string(&self) -> String {
        self.spans.iter().map(Span::string).collect()
    }
}
