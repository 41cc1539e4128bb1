//! Writes the lines of a page.

use std::fmt::Display;

use crate::support::text::{self, FAINT, Format, STRONG, WARNING};

/// How many entries of a long list are shown without `--all`.
pub(crate) const MAX_SHOWN: usize = 12;

pub(super) struct Sheet {
    pub(super) out: String,
    pub(super) format: Format,
    pub(super) all: bool,
    ends_with_gap: bool,
}

impl Sheet {
    pub(super) fn new(format: Format, all: bool) -> Self {
        Sheet {
            out: String::new(),
            format,
            all,
            ends_with_gap: true,
        }
    }

    pub(super) fn max_shown(&self) -> usize {
        if self.all { usize::MAX } else { MAX_SHOWN }
    }

    pub(super) fn strong(&self, text: &str) -> String {
        self.format.styled(STRONG, self.format.prose(text))
    }

    pub(super) fn faint(&self, text: &str) -> String {
        self.format.styled(FAINT, self.format.prose(text))
    }

    pub(super) fn heading(&mut self, text: &str) {
        if !self.ends_with_gap {
            self.out.push('\n');
        }
        let heading = self.strong(text);
        if self.format.is_markdown() {
            self.out.push_str(&format!("## {heading}\n\n"));
        } else {
            text::line(&mut self.out, 0, heading);
        }
        self.ends_with_gap = self.format.is_markdown();
    }

    /// A line of rendered text, indented by so many half steps.
    pub(super) fn line(&mut self, indent: usize, rendered: impl Display) {
        if self.format.is_markdown() {
            // Two spaces are a line break.
            text::line(&mut self.out, indent, format!("{rendered}  "));
        } else {
            text::line(&mut self.out, 2 + 2 * indent, rendered);
        }
        self.ends_with_gap = false;
    }

    pub(super) fn prose(&mut self, indent: usize, text: impl AsRef<str>) {
        self.line(indent, self.format.prose(text.as_ref()));
    }

    pub(super) fn plain(&mut self, indent: usize, text: Option<&str>) {
        if let Some(text) = text {
            self.line(indent, self.format.plain(text));
        }
    }

    /// A list entry of rendered text.
    pub(super) fn item(&mut self, rendered: impl Display) {
        if self.format.is_markdown() {
            text::line(&mut self.out, 0, format!("- {rendered}  "));
        } else {
            text::line(&mut self.out, 4, rendered);
        }
        self.ends_with_gap = false;
    }

    pub(super) fn deprecated(&mut self, indent: usize, note: Option<&str>) {
        if let Some(note) = note {
            let heading = self.format.styled(WARNING, "deprecated");
            self.line(indent, format!("{heading}: {}", self.format.plain(note)));
        }
    }

    pub(super) fn named(&mut self, name: &str, values: &[String]) {
        if !values.is_empty() {
            let values: Vec<String> = values.iter().map(|it| self.format.plain(it)).collect();
            self.line(0, format!("{name}: {}", values.join(", ")));
        }
    }

    pub(super) fn list(&mut self, title: &str, items: &[String]) {
        if !items.is_empty() {
            self.prose(0, format!("{title}:"));
            self.items(items, |sheet, item| sheet.item(sheet.format.prose(item)));
        }
    }

    /// Writes the entries that are shown, and how many are not.
    pub(super) fn items<T>(&mut self, items: &[T], write: impl Fn(&mut Sheet, &T)) {
        for item in items.iter().take(self.max_shown()) {
            write(self, item);
        }
        let hidden = items.len().saturating_sub(self.max_shown());
        if hidden > 0 {
            self.item(self.faint(&format!("and {hidden} more (--all)")));
        }
    }

    pub(super) fn block(&mut self, language: &str, lines: &str) {
        let block = self.format.block(language, 4, lines);
        self.out.push_str(&format!("\n{block}\n"));
        self.ends_with_gap = true;
    }
}
