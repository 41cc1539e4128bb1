//! Renders a page as Markdown.

use super::{Block, Line, Sheet, Span};
use crate::support::text::Format;

impl Sheet {
    pub(crate) fn to_markdown(&self) -> String {
        let mut out = String::new();
        let mut was_item = false;
        for block in &self.blocks {
            let is_item = matches!(block, Block::Item(_));
            let is_next_item = is_item && was_item;
            if !out.is_empty() && !is_next_item {
                out.push('\n');
            }
            was_item = is_item;
            match block {
                Block::Heading(it) => out.push_str(&format!("## {}\n", line(it, false))),
                Block::Paragraph(it) => out.push_str(&format!("{}\n", line(it, false))),
                Block::Item(it) => out.push_str(&format!("- {}\n", line(it, false))),
                Block::Code { language, lines } => {
                    out.push_str(&Format::Markdown.block(language, 0, lines));
                }
                Block::Table { header, rows } => {
                    let header: Vec<String> = header.iter().map(|&it| it.to_owned()).collect();
                    row(&mut out, &header);
                    row(&mut out, &vec!["---".to_owned(); header.len()]);
                    for cells in rows {
                        let cells: Vec<String> = cells.iter().map(|it| line(it, true)).collect();
                        row(&mut out, &cells);
                    }
                }
            }
        }
        out
    }
}

fn row(out: &mut String, cells: &[String]) {
    out.push_str(&format!("| {} |\n", cells.join(" | ")));
}

fn line(line: &Line, is_cell: bool) -> String {
    let format = Format::Markdown;
    let spans = line.spans.iter().map(|span| {
        let text = span.string();
        let rendered = match span {
            Span::Code(_) if is_cell => format.code_cell(&text),
            Span::Code(_) => format.code(&text),
            Span::Link(_) => format.link(&text),
            Span::Text(_) | Span::Strong(_) | Span::Faint(_) | Span::Warning(_) => {
                format.plain(&text)
            }
        };
        // Rendering trims it.
        let start = if text.starts_with(' ') { " " } else { "" };
        let end = if text.len() > 1 && text.ends_with(' ') {
            " "
        } else {
            ""
        };
        format!("{start}{rendered}{end}")
    });
    spans.collect::<String>().trim().to_owned()
}
