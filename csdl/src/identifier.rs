//! Identifiers of CSDL.

/// `SimpleIdentifier` has at most 128 characters (OData CSDL XML 4.01 §17.2).
pub(crate) const MAX_IDENTIFIER: usize = 128;

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
