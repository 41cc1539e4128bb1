//! A page as it is being written.

use crate::support::text::{FAINT, STRONG, Text, WARNING, block, joined, own, plain, said, styled};

/// How many of a long list are shown without `--all`.
pub(crate) const MOST: usize = 12;

/// A page as it is being written.
pub(super) struct Sheet {
    pub(super) text: Text,
    pub(super) is_markdown: bool,
    pub(super) all: bool,
    /// Whether the last line is an empty one.
    ends_apart: bool,
}

impl Sheet {
    pub(super) fn new(is_markdown: bool, all: bool) -> Self {
        Sheet {
            text: Text::default(),
            is_markdown,
            all,
            ends_apart: false,
        }
    }

    pub(super) fn most(&self) -> usize {
        if self.all { usize::MAX } else { MOST }
    }

    pub(super) fn heading(&mut self, text: &str) {
        if !self.text.is_empty() && !self.ends_apart {
            self.text.push(own("\n"));
        }
        let text = styled(STRONG, said(text));
        if self.is_markdown {
            self.text.push(own("## ").then(text).then(own("\n\n")));
        } else {
            self.text.line(0, text);
        }
        self.ends_apart = self.is_markdown;
    }

    /// A line, indented by so many half steps.
    pub(super) fn line(&mut self, indent: usize, text: impl Into<Text>) {
        let text = text.into();
        if self.is_markdown {
            // Lines that belong together stay apart.
            self.text.line(indent, text.then(own("  ")));
        } else {
            self.text.line(2 + 2 * indent, text);
        }
        self.ends_apart = false;
    }

    pub(super) fn item(&mut self, text: impl Into<Text>) {
        let text = text.into();
        if self.is_markdown {
            self.text.line(0, own("- ").then(text).then(own("  ")));
        } else {
            self.text.line(4, text);
        }
        self.ends_apart = false;
    }

    /// Text of a foreign hand: on one line, and no Markdown.
    pub(super) fn words(&mut self, indent: usize, text: Option<&str>) {
        if let Some(text) = text {
            self.line(indent, plain(text));
        }
    }

    pub(super) fn deprecated(&mut self, indent: usize, note: Option<&str>) {
        if let Some(note) = note {
            let head = styled(WARNING, own("deprecated")).then(own(": "));
            self.line(indent, head.then(plain(note)));
        }
    }

    pub(super) fn named(&mut self, name: &'static str, values: &[String]) {
        if !values.is_empty() {
            let values = joined(values.iter().map(plain), ", ");
            self.line(0, own(name).then(own(": ")).then(values));
        }
    }

    pub(super) fn list(&mut self, title: &str, items: &[String]) {
        if items.is_empty() {
            return;
        }
        self.line(0, format!("{title}:"));
        for item in items.iter().take(self.most()) {
            self.item(item.as_str());
        }
        self.rest(items.len());
    }

    /// How many of a list are not shown.
    pub(super) fn rest(&mut self, all: usize) {
        let rest = all.saturating_sub(self.most());
        if rest > 0 {
            self.item(styled(FAINT, plain(format!("and {rest} more (--all)"))));
        }
    }

    pub(super) fn block(&mut self, language: &'static str, text: &str) {
        self.text
            .push(own("\n").then(block(language, 4, text)).then(own("\n")));
        self.ends_apart = true;
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        said(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        said(text)
    }
}
