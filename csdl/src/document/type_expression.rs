//! The attribute `Type` (§7.2).

use std::borrow::Cow;

use roxmltree::{Attribute, Node};

use super::name::Name;
use super::reader::Reader;

/// The value of a `Type` attribute: a qualified name, or `Collection(…)` of one.
#[derive(Clone, Debug)]
pub struct TypeExpression<'a> {
    /// Whether it is a `Collection(…)`.
    pub is_collection: bool,
    /// The qualified name, as written.
    pub name: Name<'a>,
}

impl<'a> TypeExpression<'a> {
    /// The attribute `Type` (§7.2): a qualified name or `Collection(…)` of one.
    pub(super) fn read<'n>(
        reader: &mut Reader<'_>,
        node: Node<'n, 'a>,
        attribute: Option<Attribute<'n, 'a>>,
    ) -> Option<Self> {
        let attribute = reader.present(node, attribute, "Type")?;
        let mut name = reader.name(attribute);
        let (_, is_collection) = split_collection(&name.text);
        if is_collection {
            name.text = match name.text {
                Cow::Borrowed(written) => Cow::Borrowed(split_collection(written).0),
                Cow::Owned(written) => Cow::Owned(split_collection(&written).0.to_owned()),
            };
        }
        reader.check_qualified(&name).then_some(TypeExpression {
            is_collection,
            name,
        })
    }
}

/// The type without `Collection(…)`, and whether it is a collection.
pub(crate) fn split_collection(written: &str) -> (&str, bool) {
    let inner = written
        .strip_prefix("Collection(")
        .and_then(|inner| inner.strip_suffix(')'));
    (inner.unwrap_or(written), inner.is_some())
}
