//! Reads XML elements and attributes with their locations, and reports errors common to all
//! elements.

use std::borrow::Cow;

use roxmltree::{Attribute, Node, StringStorage};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, Span};

/// OData CSDL XML 4.01 §2.2.
pub(super) const EDMX: &str = "http://docs.oasis-open.org/odata/ns/edmx";
/// OData CSDL XML 4.01 §2.3.
pub(super) const EDM: &str = "http://docs.oasis-open.org/odata/ns/edm";

/// Reads the elements of one file.
pub(crate) struct Reader<'d> {
    pub(crate) file: FileId,
    pub(crate) diagnostics: &'d mut Diagnostics,
}

/// The attributes with these names, in one pass over the element. Attributes in other XML
/// namespaces are not CSDL.
pub(super) fn attributes<'n, 'a, const N: usize>(
    node: Node<'n, 'a>,
    names: [&str; N],
) -> [Option<Attribute<'n, 'a>>; N] {
    let mut found = [None; N];
    for attribute in node.attributes() {
        if attribute.namespace().is_none() {
            for (name, slot) in names.iter().zip(&mut found) {
                if attribute.name() == *name {
                    *slot = Some(attribute);
                    break;
                }
            }
        }
    }
    found
}

/// The child elements in the CSDL namespace.
pub(super) fn children<'n, 'a>(
    node: Node<'n, 'a>,
) -> impl Iterator<Item = (&'n str, Node<'n, 'a>)> {
    node.children().filter_map(|child| {
        let name = child.tag_name();
        (child.is_element() && name.namespace() == Some(EDM)).then(|| (name.name(), child))
    })
}

/// A string; owned only if it had XML escapes.
pub(super) fn text<'a>(storage: &StringStorage<'a>) -> Cow<'a, str> {
    match storage {
        StringStorage::Borrowed(text) => Cow::Borrowed(text),
        StringStorage::Owned(text) => Cow::Owned(text.to_string()),
    }
}

impl Reader<'_> {
    pub(super) fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.file, range)
    }

    pub(crate) fn error(
        &mut self,
        range: std::ops::Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let span = self.span(range);
        self.diagnostics
            .push(Diagnostic::error(span, message).help(help));
    }

    /// The start tag of an element, for errors about the whole element.
    pub(super) fn tag(&self, node: Node<'_, '_>) -> std::ops::Range<usize> {
        let start = node.range().start;
        let last = node.attributes().next_back().map(|last| last.range().end);
        let name_end = start + 1 + node.tag_name().name().len();
        start..last.unwrap_or(name_end).min(node.range().end)
    }

    pub(super) fn present<'n, 'a>(
        &mut self,
        node: Node<'n, 'a>,
        attribute: Option<Attribute<'n, 'a>>,
        name: &str,
    ) -> Option<Attribute<'n, 'a>> {
        if attribute.is_none() {
            let range = self.tag(node);
            self.error(
                range,
                format!("`{}` has no `{name}`", node.tag_name().name()),
                format!("add the attribute `{name}`"),
            );
        }
        attribute
    }

    /// XML Schema has more notations of Booleans, but OData only `true` and `false` (§4.4).
    pub(super) fn boolean(&mut self, attribute: Option<Attribute<'_, '_>>) -> Option<bool> {
        let attribute = attribute?;
        match attribute.value().trim() {
            "true" => Some(true),
            "false" => Some(false),
            other => {
                self.bad_boolean(other, attribute.range_value());
                None
            }
        }
    }

    pub(super) fn bad_boolean(&mut self, value: &str, range: std::ops::Range<usize>) {
        self.error(
            range,
            format!("`{}` is not a Boolean", value.escape_debug()),
            "write `true` or `false`",
        );
    }

    pub(super) fn integer(&mut self, attribute: Attribute<'_, '_>) -> Option<i64> {
        let value = attribute.value().trim().parse().ok();
        if value.is_none() {
            self.bad_integer(attribute.value(), attribute.range_value());
        }
        value
    }

    pub(super) fn bad_integer(&mut self, value: &str, range: std::ops::Range<usize>) {
        self.error(
            range,
            format!("`{}` is not a 64-bit integer", value.escape_debug()),
            "write it in decimal digits, between -9223372036854775808 and 9223372036854775807",
        );
    }
}
