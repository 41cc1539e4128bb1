//! A page as blocks, which are rendered for a terminal, as Markdown or as HTML.

mod html;
mod line;
mod markdown;
mod style;
mod table;
mod terminal;

pub(super) use line::{Line, Span};

/// How many entries of a long list are shown without `--all`.
pub(crate) const MAX_SHOWN: usize = 12;

#[derive(Debug)]
enum Block {
    Heading(Line),
    Paragraph(Line),
    Item(Line),
    Code {
        language: &'static str,
        lines: String,
    },
    Table {
        header: Vec<&'static str>,
        rows: Vec<Vec<Line>>,
    },
}

/// A page that is being written.
#[derive(Debug)]
pub(super) struct Sheet {
    blocks: Vec<Block>,
    /// Whether lists are shown in full.
    pub(super) all: bool,
}

impl Sheet {
    pub(super) fn new(all: bool) -> Self {
        Sheet {
            blocks: Vec::new(),
            all,
        }
    }

    fn max_shown(&self) -> usize {
        if self.all { usize::MAX } else { MAX_SHOWN }
    }

    pub(super) fn heading(&mut self, text: &str) {
        self.blocks.push(Block::Heading(Line::prose(text)));
    }

    pub(super) fn paragraph(&mut self, line: Line) {
        self.blocks.push(Block::Paragraph(line));
    }

    /// A sentence with names in backticks.
    pub(super) fn prose(&mut self, text: impl AsRef<str>) {
        self.paragraph(Line::prose(text.as_ref()));
    }

    /// A string that may contain other backticks.
    pub(super) fn plain(&mut self, text: Option<&str>) {
        if let Some(text) = text {
            self.paragraph(Line::from(Span::Text(text.to_owned())));
        }
    }

    pub(super) fn item(&mut self, line: Line) {
        self.blocks.push(Block::Item(line));
    }

    pub(super) fn deprecated(&mut self, note: Option<&str>) {
        if let Some(note) = note {
            let heading = Line::from(Span::Warning("deprecated".to_owned()));
            self.paragraph(heading.text(format!(": {note}")));
        }
    }

    pub(super) fn named(&mut self, name: &str, values: &[String]) {
        if !values.is_empty() {
            self.plain(Some(&format!("{name}: {}", values.join(", "))));
        }
    }

    pub(super) fn list(&mut self, title: &str, items: &[String]) {
        if !items.is_empty() {
            self.prose(format!("{title}:"));
            self.items(items, |sheet, item| sheet.item(Line::prose(item)));
        }
    }

    /// Writes the entries that are shown, and how many are not.
    pub(super) fn items<T>(&mut self, items: &[T], write: impl Fn(&mut Sheet, &T)) {
        for item in items.iter().take(self.max_shown()) {
            write(self, item);
        }
        let hidden = items.len().saturating_sub(self.max_shown());
        if hidden > 0 {
            let more = format!("and {hidden} more (--all)");
            self.item(Line::from(Span::Faint(more)));
        }
    }

    pub(super) fn code(&mut self, language: &'static str, lines: &str) {
        self.blocks.push(Block::Code {
            language,
            lines: lines.to_owned(),
        });
    }

    pub(super) fn table(&mut self, header: &[&'static str], rows: Vec<Vec<Line>>) {
        if !rows.is_empty() {
            let header = header.to_vec();
            self.blocks.push(Block::Table { header, rows });
        }
    }
}
