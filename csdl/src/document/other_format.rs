//! Recognises files that are not CSDL, or are truncated.

use roxmltree::Error;

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Source, Span};

/// Recognises another format by its beginning.
pub(super) fn other_format(file: FileId, source: &Source) -> Option<Diagnostic> {
    let Source { name, text } = source;
    let start = text.trim_start();
    let (message, help) = if start.is_empty() {
        (
            format!("`{name}` is empty"),
            "it must contain CSDL (an `edmx:Edmx` element)",
        )
    } else if start.starts_with(['{', '[']) {
        let is_csdl = ["\"$Version\"", "\"$EntityContainer\"", "\"$Kind\""]
            .iter()
            .any(|member| start.contains(member));
        match is_csdl {
            true => (
                format!("`{name}` is CSDL JSON"),
                "the generator reads CSDL XML; request `$metadata` with `Accept: application/xml`",
            ),
            false => (
                format!("`{name}` is JSON, not CSDL XML"),
                "is this an error response? Request `$metadata` with `Accept: application/xml`",
            ),
        }
    } else if is_html(start) {
        (
            format!("`{name}` is an HTML page"),
            "is this an error or sign-in page? Fetch the metadata again",
        )
    } else {
        return None;
    };
    let at = text.len() - start.len();
    Some(Diagnostic::error(Span::new(file, at..at), message).help(help))
}

/// Whether the root element or document type is HTML, after comments and declarations.
fn is_html(text: &str) -> bool {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let skipped = if rest.starts_with("<!--") {
            rest.split_once("-->")
        } else if rest.starts_with("<?") {
            rest.split_once("?>")
        } else {
            break;
        };
        match skipped {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    ["<!doctype html", "<html"].iter().any(|start| {
        let head = rest.get(..start.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(start))
    })
}

/// Reports why a string is not XML.
pub(super) fn not_xml(file: FileId, text: &str, error: &Error) -> Diagnostic {
    let end = text.trim_end().len();
    if is_cut(text, error) {
        return Diagnostic::error(Span::new(file, end..end), "the file is incomplete")
            .help("is it truncated? Fetch it again");
    }
    let at = match error {
        Error::DtdDetected => text.find("<!DOCTYPE").unwrap_or(0),
        _ => offset(text, error.pos()),
    };
    let help = match error {
        Error::DtdDetected => "CSDL has no document type definition; remove the DOCTYPE",
        _ => "the document must be well-formed XML 1.0",
    };
    Diagnostic::error(Span::new(file, at..at), format!("not XML: {error}")).help(help)
}

/// Whether a file is truncated: it ends within a tag, a comment or an element.
fn is_cut(text: &str, error: &Error) -> bool {
    let (_, last) = text.rsplit_once('<').unwrap_or_default();
    let in_comment = text
        .rfind("<!--")
        .is_some_and(|at| text.get(at..).is_some_and(|rest| !rest.contains("-->")));
    let in_data = text
        .rfind("<![CDATA[")
        .is_some_and(|at| text.get(at..).is_some_and(|rest| !rest.contains("]]>")));
    let in_tag = text.contains('<') && !last.contains('>');
    let in_reference = last
        .rsplit_once('&')
        .is_some_and(|(_, reference)| !reference.contains(';'));
    let is_at_end = match error {
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream => true,
        Error::DtdDetected | Error::NodesLimitReached | Error::NoRootNode => false,
        // An error before the last tag is reported at its location.
        _ => {
            let start = text.len() - last.len();
            let is_open = in_comment || in_data || in_tag || in_reference;
            is_open && offset(text, error.pos()) + 1 >= start
        }
    };
    is_at_end || ((in_comment || in_data) && matches!(error, Error::InvalidComment(_)))
}

/// The byte offset of a row and column (in characters, from 1).
fn offset(text: &str, position: roxmltree::TextPos) -> usize {
    let row = usize::try_from(position.row).unwrap_or(1).saturating_sub(1);
    let column = usize::try_from(position.col).unwrap_or(1).saturating_sub(1);
    let line_start = match row.checked_sub(1) {
        None => 0,
        Some(nth) => text
            .match_indices('\n')
            .nth(nth)
            .map_or(text.len(), |(newline, _)| newline + 1),
    };
    let line = text.get(line_start..).unwrap_or_default();
    line_start
        + line
            .char_indices()
            .nth(column)
            .map_or(line.len(), |(index, _)| index)
}
