//! Renders a page for a terminal.

use textwrap::{Options, WordSplitter};

use super::style::styled;
use super::{Block, Line, Sheet, Span, table};
use crate::support::text::{FAINT, Format, STRONG, WARNING};

impl Sheet {
    /// The page in lines of at most this width, except for code and long names.
    pub(crate) fn to_text(&self, width: usize) -> String {
        let mut out = String::new();
        let mut ends_with_gap = true;
        for block in &self.blocks {
            let is_code = matches!(block, Block::Code { .. });
            if (is_code || matches!(block, Block::Heading(_))) && !ends_with_gap {
                out.push('\n');
            }
            match block {
                Block::Heading(line) => {
                    let text = styled(STRONG, &line.string());
                    wrap(&mut out, &text, width, "", "  ");
                }
                Block::Paragraph(line) => wrap(&mut out, &words(line), width, "  ", "  "),
                Block::Item(line) => wrap(&mut out, &words(line), width, "    ", "      "),
                Block::Code { language, lines } => {
                    out.push_str(&Format::Text.block(language, 4, lines));
                    out.push('\n');
                }
                Block::Table { header, rows } => table::write(&mut out, header, rows, width),
            }
            ends_with_gap = is_code;
        }
        out.truncate(out.trim_end().len());
        out + "\n"
    }
}

fn wrap(out: &mut String, text: &str, width: usize, first: &str, others: &str) {
    let options = Options::new(width)
        .initial_indent(first)
        .subsequent_indent(others)
        .break_words(false)
        .word_splitter(WordSplitter::NoHyphenation);
    for line in textwrap::wrap(text, options) {
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

/// A line whose words have their styles, so that it can be wrapped anywhere.
fn words(line: &Line) -> String {
    let spans = line.spans.iter().map(|span| {
        let text = span.string();
        match span {
            Span::Code(_) => format!("`{text}`"),
            Span::Strong(_) => styled(STRONG, &text),
            Span::Faint(_) => styled(FAINT, &text),
            Span::Warning(_) => styled(WARNING, &text),
            Span::Text(_) | Span::Link(_) => text,
        }
    });
    spans.collect()
}
