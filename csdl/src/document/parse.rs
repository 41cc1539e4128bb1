//! Parses XML into a [`Document`]. Each element is read by its file in [`document`](crate::document).
//!
//! Elements and attributes that are not CSDL, or in another XML namespace, are ignored. Malformed
//! CSDL is an error with its location. Document type definitions are rejected, so no entity is
//! expanded and nothing is fetched.

use roxmltree::ParsingOptions;

use super::edmx::Document;
use super::other_format;
use super::reader::Reader;
use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Source};

/// No CSDL element has more than a dozen attributes, but a description may contain as many `=`.
const MAX_ATTRIBUTES: usize = 2_000;
/// Graph's largest file has about half a million nodes.
const MAX_NODES: u32 = 8_000_000;

/// Parses a file. Returns `None` if it cannot be parsed; the reasons are in `diagnostics`.
pub fn parse<'a>(
    file: FileId,
    source: &'a Source,
    diagnostics: &mut Diagnostics,
) -> Option<Document<'a>> {
    let text = source.text.as_str();
    let mut reader = Reader { file, diagnostics };
    if let Some(other) = other_format::other_format(file, source) {
        reader.diagnostics.push(other);
        return None;
    }
    check_encoding(&mut reader, text);
    if !attributes_are_few(&mut reader, text) {
        return None;
    }
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    match roxmltree::Document::parse_with_options(text, options) {
        Ok(xml) => Document::read(&mut reader, xml.root_element()),
        Err(error) => {
            reader
                .diagnostics
                .push(other_format::not_xml(file, text, &error));
            None
        }
    }
}

/// The string is UTF-8 by now, even if the XML declaration says `utf-16`, as .NET's `ToString()`
/// does. Any other name means that the bytes were decoded wrongly.
fn check_encoding(reader: &mut Reader<'_>, text: &str) {
    let Some(declaration) = text
        .starts_with("<?xml")
        .then(|| text.split_once("?>"))
        .flatten()
        .map(|(declaration, _)| declaration)
    else {
        return;
    };
    let Some(at) = declaration.find("encoding") else {
        return;
    };
    let value: String = declaration
        .chars()
        .skip(
            declaration
                .get(..at)
                .map_or(0, |before| before.chars().count())
                + 8,
        )
        .skip_while(|c| c.is_whitespace() || *c == '=')
        .skip(1)
        .take_while(|c| !matches!(c, '"' | '\''))
        .collect();
    let known = ["utf-8", "utf8", "us-ascii", "ascii", "utf-16"];
    if !known.iter().any(|name| value.eq_ignore_ascii_case(name)) {
        reader.error(
            at..declaration.len(),
            format!("the encoding `{value}` is not supported"),
            "save the document as UTF-8",
        );
    }
}

/// The XML parser compares each attribute of an element with all earlier ones, which takes hours
/// for a hundred thousand. Between two `<` is at most one start tag and its text.
fn attributes_are_few(reader: &mut Reader<'_>, text: &str) -> bool {
    // A tag with so many attributes fills at least one chunk without a `<`.
    let mut chunks = text.as_bytes().chunks(MAX_ATTRIBUTES);
    if chunks.all(|chunk| chunk.contains(&b'<')) {
        return true;
    }
    let mut at = 0;
    for part in text.split('<') {
        if part.len() > MAX_ATTRIBUTES {
            let tag = part.split_once('>').map_or(part, |(tag, _)| tag);
            if tag.bytes().filter(|byte| *byte == b'=').count() > MAX_ATTRIBUTES {
                reader.error(
                    at..at,
                    format!("an element has more than {MAX_ATTRIBUTES} attributes"),
                    "CSDL has no element with more than a dozen; is the document damaged?",
                );
                return false;
            }
        }
        at += part.len() + 1;
    }
    true
}
