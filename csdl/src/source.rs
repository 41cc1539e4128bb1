//! The files that a run reads, and locations in them.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;

use crate::text::visible;

/// Identifies a file in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A range of bytes in one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The source.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// The first byte after the range.
    pub end: u32,
}

impl Span {
    /// Creates a span for a byte range in a source.
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        // A source has at most `MAX_BYTES` bytes, so neither end is truncated.
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span {
            file,
            start: clamp(range.start),
            end: clamp(range.end),
        }
    }
}

/// A line in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location<'s> {
    /// The name of the file in diagnostics.
    pub name: &'s str,
    /// The line, from 1.
    pub line: usize,
}

/// A file or string, with its name in diagnostics.
#[derive(Debug)]
pub struct Source {
    /// The path as the user wrote it, for diagnostics.
    pub name: String,
    /// The text, without a byte order mark.
    pub text: String,
}

/// The files and strings that a run reads. Diagnostics refer to them.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

/// Maximum file size in bytes: eight times Graph's largest file so far.
pub const MAX_BYTES: u64 = 32 << 20;

/// Why a file cannot be read.
#[derive(Debug)]
pub struct Unreadable {
    /// What is wrong.
    pub message: String,
    /// How to fix it.
    pub help: &'static str,
}

impl Unreadable {
    fn new(message: impl fmt::Display, help: &'static str) -> Self {
        Unreadable {
            message: message.to_string(),
            help,
        }
    }
}

impl Sources {
    /// Creates an empty set of sources.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a string under the name that diagnostics show.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(Source {
            name: visible(&name.into()),
            text: text.into(),
        });
        id
    }

    /// Reads a file. Diagnostics use `name`.
    pub fn read(&mut self, name: &str, path: &Path) -> Result<FileId, Unreadable> {
        let name = &visible(name);
        let found = |e: std::io::Error| {
            let help = match e.kind() {
                ErrorKind::NotFound => "check the path",
                ErrorKind::PermissionDenied => "check the file's permissions",
                _ => "check whether another program can read it",
            };
            Unreadable::new(format_args!("cannot read `{name}`: {e}"), help)
        };
        let metadata = fs::metadata(path).map_err(found)?;
        if !metadata.is_file() {
            // A device or a pipe may be endless.
            return Err(Unreadable::new(
                format_args!("`{name}` is not a file"),
                "name a file",
            ));
        }
        let length = metadata.len();
        if length > MAX_BYTES {
            return Err(Unreadable::new(
                format_args!("`{name}` has {length} bytes; the limit is {MAX_BYTES}"),
                "Graph's whole metadata has about 4 MB; is this the right file?",
            ));
        }
        self.read_bytes(name, fs::read(path).map_err(found)?)
    }

    /// Adds the bytes of a file. Diagnostics use `name`.
    pub fn read_bytes(&mut self, name: &str, bytes: Vec<u8>) -> Result<FileId, Unreadable> {
        let name = &visible(name);
        let text = decode(bytes).map_err(|(reason, help)| {
            Unreadable::new(format_args!("cannot read `{name}`: {reason}"), help)
        })?;
        Ok(self.add(name, text))
    }

    /// The source with this id.
    pub fn get(&self, id: FileId) -> Option<&Source> {
        self.files.get(id.0 as usize)
    }

    /// The name of a source in diagnostics.
    pub fn name(&self, id: FileId) -> &str {
        self.get(id).map_or("", |source| &source.name)
    }

    /// The file and line of a span.
    pub fn location(&self, span: Span) -> Location<'_> {
        let source = self.get(span.file);
        let before = source.and_then(|source| source.text.get(..span.start as usize));
        Location {
            name: self.name(span.file),
            line: 1 + before.unwrap_or_default().matches('\n').count(),
        }
    }

    /// The location of a part of the quoted string at `span`, or the whole string if the source has
    /// escapes, which shift its parts.
    pub fn quoted(&self, span: Span, text: &str, part: Range<usize>) -> Span {
        let (start, end) = (span.start as usize, span.end as usize);
        let raw = self
            .get(span.file)
            .and_then(|source| source.text.get(start..end))
            .unwrap_or_default();
        let inner = raw.trim_matches(['"', '\'']);
        if inner != text {
            return span;
        }
        let quotes = raw.find(inner).unwrap_or_default();
        let at = |place: usize| (start + quotes + place).min(end);
        Span::new(span.file, at(part.start)..at(part.end))
    }

    /// All sources, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0u32..).map(FileId).zip(&self.files)
    }
}

/// Decodes the bytes of a file: UTF-8 with or without a byte order mark, or UTF-16 with one (XML
/// 1.0 §4.3.3 requires both of every parser).
fn decode(bytes: Vec<u8>) -> Result<String, (String, &'static str)> {
    const SAVE_AS_UTF8: &str = "save the document as UTF-8";
    match bytes.as_slice() {
        [0x1f, 0x8b, ..] => {
            return Err((
                "it is compressed with gzip".into(),
                "unpack it first (`gunzip`)",
            ));
        }
        [b'P', b'K', 3, 4, ..] => {
            return Err(("it is a zip archive".into(), "unpack it first (`unzip`)"));
        }
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => {
            return Err(("it is UTF-32".into(), SAVE_AS_UTF8));
        }
        [0xff, 0xfe, rest @ ..] => return decode_utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => return decode_utf16(rest, u16::from_be_bytes),
        [b'<', 0, ..] | [0, b'<', ..] => {
            return Err((
                "it looks like UTF-16 or UTF-32 without a byte order mark".into(),
                SAVE_AS_UTF8,
            ));
        }
        _ => {}
    }
    let mut text = String::from_utf8(bytes).map_err(|e| {
        let valid = e.as_bytes().get(..e.utf8_error().valid_up_to());
        let line = 1 + valid.map_or(0, |valid| valid.iter().filter(|b| **b == b'\n').count());
        (
            format!(
                "it is not UTF-8 (first wrong byte at offset {}, line {line})",
                e.utf8_error().valid_up_to()
            ),
            SAVE_AS_UTF8,
        )
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, (String, &'static str)> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let text: Result<String, _> =
        char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(text),
        _ => Err((
            "its byte order mark says UTF-16, but it is not".into(),
            "save the document as UTF-8",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_are_taken_off_and_utf16_is_decoded() {
        let utf16 = |mark: [u8; 2], unit: fn(u16) -> [u8; 2]| {
            let mut bytes = mark.to_vec();
            bytes.extend("<é/>".encode_utf16().flat_map(unit));
            bytes
        };
        assert_eq!(decode("\u{feff}<é/>".into()).unwrap(), "<é/>");
        assert_eq!(
            decode(utf16([0xff, 0xfe], u16::to_le_bytes)).unwrap(),
            "<é/>"
        );
        assert_eq!(
            decode(utf16([0xfe, 0xff], u16::to_be_bytes)).unwrap(),
            "<é/>"
        );
        assert!(decode(vec![0xff, 0xfe, b'<']).is_err());
        assert!(
            decode(vec![b'a', b'\n', 0x80])
                .unwrap_err()
                .0
                .contains("line 2")
        );
    }
}
