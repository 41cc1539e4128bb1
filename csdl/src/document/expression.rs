//! Expressions: the values of annotations (§14.3, §14.4).

use std::borrow::Cow;

use roxmltree::Node;

use super::name::Text;
use super::reader::{Reader, children, text};

/// Limits the recursion over expressions. Real annotations need far less.
const MAX_EXPRESSION_DEPTH: usize = 64;

/// The value of an annotation (§14.3 constant, §14.4 dynamic).
#[derive(Clone, Debug, PartialEq)]
pub enum Expression<'a> {
    /// `Bool` (§14.3.2).
    Bool(bool),
    /// `String` (§14.3.11), `Date` (§14.3.3), or the path of an element of the model (§14.4.1): `AnnotationPath`,
    /// `ModelElementPath`, `NavigationPropertyPath`, `PropertyPath`.
    String(Text<'a>),
    /// `EnumMember` (§14.3.7): the members, as written.
    EnumMember(Vec<Text<'a>>),
    /// `Collection` (§14.4.6).
    Collection(Vec<Expression<'a>>),
    /// `Record` (§14.4.12): property name and value.
    Record(Vec<(Text<'a>, Expression<'a>)>),
    /// A constant of a kind that no supported term uses, or `Null` (§14.4.11).
    Other,
    /// Any other dynamic expression (`And` … `Mod` §14.4.2 to §14.4.4, `Apply`, `Cast`, `If`, `IsOf`, `LabeledElement`,
    /// `LabeledElementReference`, `Path`, `UrlRef`). Dynamic expressions are not evaluated.
    Dynamic,
}

impl<'a> Expression<'a> {
    /// The value of a record's property.
    pub fn property(&self, name: &str) -> Option<&Expression<'a>> {
        match self {
            Expression::Record(properties) => properties
                .iter()
                .find(|(property, _)| property == name)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The items of a collection; empty for any other value.
    pub fn items(&self) -> &[Expression<'a>] {
        match self {
            Expression::Collection(items) => items,
            _ => &[],
        }
    }

    /// The value of a Boolean constant.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Expression::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// Whether the value, or a part of it, is dynamic.
    pub fn is_dynamic(&self) -> bool {
        match self {
            Expression::Dynamic => true,
            Expression::Collection(items) => items.iter().any(Expression::is_dynamic),
            Expression::Record(properties) => {
                properties.iter().any(|(_, value)| value.is_dynamic())
            }
            _ => false,
        }
    }

    /// The text of a string, date or path.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Expression::String(text) => Some(text),
            _ => None,
        }
    }

    /// The names of an enumeration value, without the enumeration's name:
    /// `Org.OData.Core.V1.Permission/Read` gives `Read`.
    pub fn members(&self) -> impl Iterator<Item = &str> {
        let members = match self {
            Expression::EnumMember(members) => members.as_slice(),
            _ => &[],
        };
        members
            .iter()
            .map(|member| member.rsplit('/').next().unwrap_or(member))
    }
}

impl<'a> Expression<'a> {
    /// The expression of an annotation or of a record's property: an attribute or a child element
    /// (§14.3).
    pub(super) fn value(reader: &mut Reader<'_>, node: Node<'_, 'a>, depth: usize) -> Option<Self> {
        for attribute in node.attributes() {
            if attribute.namespace().is_none()
                && !matches!(attribute.name(), "Term" | "Qualifier" | "Property" | "Type")
            {
                let range = attribute.range_value();
                let value = text(attribute.value_storage());
                if let Some(expression) = Self::constant(reader, attribute.name(), value, range) {
                    return Some(expression);
                }
            }
        }
        children(node)
            .filter(|(element, _)| *element != "Annotation")
            .find_map(|(_, child)| Self::element(reader, child, depth + 1))
    }

    /// A constant or path, written as an attribute or as an element of the same name.
    fn constant(
        reader: &mut Reader<'_>,
        form: &str,
        value: Text<'a>,
        range: std::ops::Range<usize>,
    ) -> Option<Self> {
        Some(match form {
            "String"
            | "Date"
            | "AnnotationPath"
            | "ModelElementPath"
            | "NavigationPropertyPath"
            | "PropertyPath" => Expression::String(value),
            "Bool" => match value.trim() {
                "true" => Expression::Bool(true),
                "false" => Expression::Bool(false),
                _ => {
                    reader.bad_boolean(&value, range);
                    return None;
                }
            },
            "Int" if value.trim().parse::<i64>().is_err() => {
                reader.bad_integer(&value, range);
                return None;
            }
            "Int" | "Binary" | "DateTimeOffset" | "Decimal" | "Duration" | "Float" | "Guid"
            | "TimeOfDay" => Expression::Other,
            "EnumMember" => Expression::EnumMember(
                value
                    .split_whitespace()
                    .map(|member| Cow::Owned(member.to_owned()))
                    .collect(),
            ),
            // The value at a path is computed; the other paths name an element of the model.
            "Path" => Expression::Dynamic,
            _ => return None,
        })
    }

    fn element(reader: &mut Reader<'_>, node: Node<'_, 'a>, depth: usize) -> Option<Self> {
        if depth > MAX_EXPRESSION_DEPTH {
            let range = reader.tag(node);
            reader.error(
                range,
                format!("an annotation is nested more than {MAX_EXPRESSION_DEPTH} levels deep"),
                "no term needs that; is the file damaged?",
            );
            return None;
        }
        let name = node.tag_name().name();
        Some(match name {
            "Collection" => Expression::Collection(
                children(node)
                    .filter_map(|(_, item)| Self::element(reader, item, depth + 1))
                    .collect(),
            ),
            "Record" => Expression::Record(
                children(node)
                    .filter(|(element, _)| *element == "PropertyValue")
                    .filter_map(|(_, property)| {
                        let name = reader.required(property, "Property")?.text;
                        let value = Self::value(reader, property, depth + 1)?;
                        Some((name, value))
                    })
                    .collect(),
            ),
            "Null" => Expression::Other,
            _ => {
                let value = node.text_storage().map_or(Cow::Borrowed(""), text);
                let range = node.range();
                match Self::constant(reader, name, value, range) {
                    Some(constant) => constant,
                    // Reported by `constant`.
                    None if matches!(name, "Bool" | "Int") => return None,
                    None => Expression::Dynamic,
                }
            }
        })
    }
}
