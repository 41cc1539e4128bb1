//! Names with their locations (§17).

use std::borrow::Cow;

use roxmltree::{Attribute, Node};

use super::identifier::{
    bad_identifier, is_property_name, is_qualified_name, is_simple_identifier,
};
use super::reader::{Reader, attributes, text};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// `Namespace` has at most 511 characters (OData CSDL XML 4.01 §5.1).
const MAX_NAMESPACE: usize = 511;

/// A string in the document; owned only if it had XML escapes.
pub type Text<'a> = Cow<'a, str>;

/// A string with its location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name<'a> {
    /// The text.
    pub text: Text<'a>,
    /// Its location.
    pub span: Span,
}

impl Reader<'_> {
    pub(super) fn name<'a>(&self, attribute: Attribute<'_, 'a>) -> Name<'a> {
        Name {
            text: text(attribute.value_storage()),
            span: self.span(attribute.range_value()),
        }
    }

    pub(super) fn required<'a>(&mut self, node: Node<'_, 'a>, name: &str) -> Option<Name<'a>> {
        let [attribute] = attributes(node, [name]);
        let attribute = self.present(node, attribute, name)?;
        Some(self.name(attribute))
    }

    /// A `SimpleIdentifier` (§17.2). Nothing else is allowed, because it becomes part of Rust code
    /// and URLs.
    pub(super) fn identifier<'n, 'a>(
        &mut self,
        node: Node<'n, 'a>,
        attribute: Option<Attribute<'n, 'a>>,
    ) -> Option<Name<'a>> {
        let attribute = self.present(node, attribute, "Name")?;
        let name = self.name(attribute);
        if !is_simple_identifier(&name.text) {
            self.bad_identifier(&name);
            return None;
        }
        Some(name)
    }

    /// The name of a structural property.
    pub(super) fn property_name<'n, 'a>(
        &mut self,
        node: Node<'n, 'a>,
        attribute: Option<Attribute<'n, 'a>>,
    ) -> Option<Name<'a>> {
        match attribute.filter(|name| is_property_name(name.value())) {
            Some(name) => Some(self.name(name)),
            None => self.identifier(node, attribute),
        }
    }

    fn bad_identifier(&mut self, name: &Name<'_>) {
        self.diagnostics.push(bad_identifier(name.span, &name.text));
    }

    pub(super) fn namespace<'a>(&mut self, node: Node<'_, 'a>) -> Option<Name<'a>> {
        let name = self.required(node, "Namespace")?;
        if name.text.chars().count() > MAX_NAMESPACE
            || !name.text.split('.').all(is_simple_identifier)
        {
            self.bad_identifier(&name);
            return None;
        }
        if is_reserved(&name.text) {
            self.reserved(&name, "Namespace");
            return None;
        }
        Some(name)
    }

    pub(super) fn alias<'a>(&mut self, attribute: Attribute<'_, 'a>) -> Option<Name<'a>> {
        let name = self.name(attribute);
        if !is_simple_identifier(&name.text) {
            self.bad_identifier(&name);
            return None;
        }
        if is_reserved(&name.text) {
            self.reserved(&name, "Alias");
            return None;
        }
        Some(name)
    }

    fn reserved(&mut self, name: &Name<'_>, attribute: &str) {
        self.diagnostics.push(
            Diagnostic::error(
                name.span,
                format!("{attribute} `{}` is reserved", name.text),
            )
            .help("`Edm`, `odata`, `System` and `Transient` are reserved for OData (§5.1)"),
        );
    }

    pub(super) fn qualified_name<'a>(&mut self, attribute: Attribute<'_, 'a>) -> Option<Name<'a>> {
        let name = self.name(attribute);
        self.check_qualified(&name).then_some(name)
    }

    pub(super) fn check_qualified(&mut self, name: &Name<'_>) -> bool {
        // Fast path: most types are primitive, and `resolve` checks their names.
        if name.text.starts_with("Edm.") {
            return true;
        }
        let ok = is_qualified_name(&name.text);
        if !ok {
            self.diagnostics.push(
                Diagnostic::error(
                    name.span,
                    format!("`{}` is not a qualified name", name.text.escape_debug()),
                )
                .help("write the namespace or its alias, a dot, and the name: `graph.user`"),
            );
        }
        ok
    }
}

/// OData CSDL XML 4.01 §5.1 and §5.2.
fn is_reserved(name: &str) -> bool {
    matches!(name, "Edm" | "odata" | "System" | "Transient")
}
