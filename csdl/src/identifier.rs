//! Identifiers of CSDL.

use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// `SimpleIdentifier` has at most 128 characters (OData CSDL XML 4.01 §17.2).
const MAX_IDENTIFIER: usize = 128;

/// Whether a text is a `SimpleIdentifier`, as far as Rust can name it too: the Unicode categories
/// of OData CSDL XML 4.01 §17.2 less the format characters, which no reader could see.
pub(crate) fn is_simple_identifier(text: &str) -> bool {
    // ASCII first: it is all that Graph uses, and this runs for every name of the document.
    let mut bytes = text.bytes();
    let Some(first) = bytes.next() else {
        return false;
    };
    if text.len() <= MAX_IDENTIFIER
        && (first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    {
        return true;
    }
    let mut chars = text.chars();
    text.chars().count() <= MAX_IDENTIFIER
        && chars
            .next()
            .is_some_and(|c| c == '_' || unicode_ident::is_xid_start(c))
        // The joiners are `XID_Continue` by now, and as invisible as ever.
        && chars.all(|c| unicode_ident::is_xid_continue(c) && !matches!(c, '\u{200c}' | '\u{200d}'))
}

/// Whether a text is the name of a structural property. Graph declares properties `request-id` and
/// `client-request-id`, so a hyphen inside the name passes; it goes into a JSON string and, changed, into
/// a field's name.
pub(crate) fn is_property_name(text: &str) -> bool {
    is_simple_identifier(text) || text.split('-').all(is_simple_identifier)
}

/// The error of a name that is no identifier.
pub(crate) fn bad_identifier(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        span,
        format!("`{}` is not a CSDL identifier", text.escape_debug()),
    )
    .help(format!(
        "a name starts with a letter or `_`, goes on with letters, digits and `_`, and has at most \
         {MAX_IDENTIFIER} characters (OData CSDL XML 4.01 §17.2)"
    ))
}
