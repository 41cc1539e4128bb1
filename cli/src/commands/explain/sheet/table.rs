//! Renders a table for a terminal.

use textwrap::core::display_width;
use textwrap::{Options, WordSplitter};

use super::Line;
use super::style::styled;
use crate::support::text::{FAINT, STRONG};

const INDENT: usize = 2;
const GAP: usize = 2;
/// No column is narrower, whatever the width.
const MIN_COLUMN: usize = 6;

/// Writes a table. Cells are wrapped where the table is too wide.
pub(super) fn write(out: &mut String, header: &[&str], rows: &[Vec<Line>], width: usize) {
    let header: Vec<String> = header.iter().map(|&name| name.to_owned()).collect();
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(Line::string).collect())
        .collect();
    let all: Vec<&Vec<String>> = std::iter::once(&header).chain(&rows).collect();
    let gaps = INDENT + GAP * header.len().saturating_sub(1);
    let widths = widths(&all, width.saturating_sub(gaps));
    for (nth, row) in all.into_iter().enumerate() {
        write_row(out, row, &widths, nth == 0);
    }
}

fn widths(rows: &[&Vec<String>], available: usize) -> Vec<usize> {
    let columns = rows.first().map_or(0, |row| row.len());
    let of = |measure: fn(&str) -> usize| -> Vec<usize> {
        let column = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| measure(cell)).max().unwrap_or(0)
        };
        (0..columns).map(column).collect()
    };
    let mut widths = of(display_width);
    let words = of(|cell| cell.split(' ').map(display_width).max().unwrap_or(0));
    while widths.iter().sum::<usize>() > available {
        // Cells are wrapped between words before words are broken.
        let spare = |(nth, width): &(usize, &mut usize)| {
            let word = words.get(*nth).copied().unwrap_or(0);
            (width.saturating_sub(word), **width)
        };
        match widths.iter_mut().enumerate().max_by_key(spare) {
            Some((_, width)) if *width > MIN_COLUMN => *width -= 1,
            _ => break,
        }
    }
    widths
}

fn write_row(out: &mut String, row: &[String], widths: &[usize], is_header: bool) {
    let cells: Vec<Vec<String>> = row
        .iter()
        .zip(widths)
        .map(|(cell, width)| {
            let options = Options::new(*width).word_splitter(WordSplitter::NoHyphenation);
            let lines = textwrap::wrap(cell, options);
            lines.into_iter().map(|line| line.into_owned()).collect()
        })
        .collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    for nth in 0..height {
        let mut line = " ".repeat(INDENT);
        let mut pending = 0;
        for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
            let text = cell.get(nth).map_or("", String::as_str);
            if !text.is_empty() {
                line.push_str(&" ".repeat(pending));
                pending = 0;
                line.push_str(&match (is_header, column) {
                    (true, _) => styled(FAINT, text),
                    (false, 0) => styled(STRONG, text),
                    (false, _) => text.to_owned(),
                });
            }
            pending += width.saturating_sub(display_width(text)) + GAP;
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}
