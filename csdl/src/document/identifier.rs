//! CSDL identifiers.

use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// `SimpleIdentifier` has at most 128 characters (OData CSDL XML 4.01 §17.2).
const MAX_IDENTIFIER: usize = 128;

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether a string is a `SimpleIdentifier` that Rust can also name: the Unicode categories of
/// OData CSDL XML 4.01 §17.2, without the invisible format characters.
pub(crate) fn is_simple_identifier(text: &str) -> bool {
    // Fast path: Graph uses only ASCII, and this runs for every name.
    if text.len() <= MAX_IDENTIFIER
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        // No early exit, so that the compiler vectorizes the loop.
        && text.bytes().fold(true, |all, byte| all & is_name_byte(byte))
    {
        return true;
    }
    let mut chars = text.chars();
    text.chars().count() <= MAX_IDENTIFIER
        && chars
            .next()
            .is_some_and(|c| c == '_' || unicode_ident::is_xid_start(c))
        // Newer Unicode versions include the joiners in `XID_Continue`, but they are invisible.
        && chars.all(|c| unicode_ident::is_xid_continue(c) && !matches!(c, '\u{200c}' | '\u{200d}'))
}

/// Whether a string may be a qualified name: only characters of identifiers, and a dot. The name of
/// a declared type is one, and other names are unknown, so the segments need not be checked.
pub(crate) fn is_qualified_name(text: &str) -> bool {
    text.contains('.')
        && (text
            .bytes()
            .fold(true, |all, byte| all & (is_name_byte(byte) || byte == b'.'))
            || text.split('.').all(is_simple_identifier))
}

/// Whether a string is the name of a structural property. Graph declares `request-id` and `client-request-id`, so a
/// hyphen inside the name is allowed.
pub(crate) fn is_property_name(text: &str) -> bool {
    is_simple_identifier(text) || text.split('-').all(is_simple_identifier)
}

/// Whether a string is the name of an annotation that a body can contain, `@microsoft.graph.conflictBehavior`. Those of
/// OData itself are not sent as values.
pub(crate) fn is_annotation_name(text: &str) -> bool {
    let term = text.strip_prefix('@');
    term.is_some_and(|term| {
        let mut segments = term.split('.');
        segments.next() != Some("odata")
            && segments.next().is_some()
            && term.split('.').all(is_simple_identifier)
    })
}

/// The error for a name that is not an identifier.
pub(crate) fn bad_identifier(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        span,
        format!("`{}` is not a CSDL identifier", text.escape_debug()),
    )
    .help(format!(
        "a name starts with a letter or `_`, contains only letters, digits and `_`, and has at most \
         {MAX_IDENTIFIER} characters (OData CSDL XML 4.01 §17.2)"
    ))
}
