//! Renders a page as HTML.

use super::{Block, Line, Sheet, Span};
use crate::support::html::Html;

const STYLE: &str = include_str!("style.css");

impl Sheet {
    /// A document that loads nothing and runs nothing.
    pub(crate) fn to_html(&self, title: &str, eyebrow: &str) -> String {
        Html::page(title, STYLE, |html| {
            html.leaf("p", &[("class", "eyebrow")], eyebrow);
            let mut blocks = self.blocks.as_slice();
            let mut heading = "h1";
            while let Some((block, rest)) = blocks.split_first() {
                let items = blocks.iter().take_while(|it| matches!(it, Block::Item(_)));
                let (items, others) = blocks.split_at_checked(items.count()).unwrap_or_default();
                blocks = if items.is_empty() { rest } else { others };
                match block {
                    Block::Item(_) => {
                        html.element("ul", &[], |html| {
                            for item in items {
                                write_block(html, item, heading);
                            }
                        });
                    }
                    block => write_block(html, block, heading),
                }
                if matches!(block, Block::Heading(_)) {
                    heading = "h2";
                }
            }
        })
    }
}

fn write_block(html: &mut Html, block: &Block, heading: &'static str) {
    match block {
        Block::Heading(line) => {
            html.element(heading, &[], |html| write_line(html, line));
        }
        Block::Paragraph(line) => {
            html.element("p", &[], |html| write_line(html, line));
        }
        Block::Item(line) => {
            html.element("li", &[], |html| write_line(html, line));
        }
        Block::Code { lines, .. } => {
            html.pre(lines);
        }
        Block::Table { header, rows } => write_table(html, header, rows),
    }
}

fn write_table(html: &mut Html, header: &[&'static str], rows: &[Vec<Line>]) {
    html.element("div", &[("class", "wide")], |html| {
        html.element("table", &[], |html| {
            html.element("thead", &[], |html| {
                html.element("tr", &[], |html| {
                    for name in header {
                        html.leaf("th", &[("scope", "col")], name);
                    }
                });
            });
            html.element("tbody", &[], |html| {
                for row in rows {
                    html.element("tr", &[], |html| {
                        for (nth, cell) in row.iter().enumerate() {
                            let (name, scope) = match nth {
                                0 => ("th", &[("scope", "row")] as &[_]),
                                _ => ("td", &[] as &[_]),
                            };
                            html.element(name, scope, |html| write_line(html, cell));
                        }
                    });
                }
            });
        });
    });
}

fn write_line(html: &mut Html, line: &Line) {
    for span in &line.spans {
        let text = span.string();
        match span {
            Span::Text(_) => html.text(text),
            Span::Code(_) => html.code(&text),
            Span::Strong(_) => html.leaf("strong", &[], text),
            Span::Faint(_) => html.leaf("span", &[("class", "minor")], text),
            Span::Warning(_) => html.leaf("span", &[("class", "pill admin")], text),
            Span::Link(_) => html.link(&text),
        };
    }
}
