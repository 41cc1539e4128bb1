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
        let whole = reader.name(attribute);
        let inner = whole
            .text
            .strip_prefix("Collection(")
            .and_then(|rest| rest.strip_suffix(')'));
        let ty = match inner {
            None => TypeExpression {
                is_collection: false,
                name: whole,
            },
            Some(_) => TypeExpression {
                is_collection: true,
                name: Name {
                    text: match &whole.text {
                        Cow::Borrowed(text) => {
                            Cow::Borrowed(text.get("Collection(".len()..text.len() - 1)?)
                        }
                        Cow::Owned(_) => Cow::Owned(inner?.to_owned()),
                    },
                    span: whole.span,
                },
            },
        };
        reader.check_qualified(&ty.name).then_some(ty)
    }
}
