//! `EnumType` (§10).

use std::ops::RangeInclusive;

use roxmltree::{Attribute, Node};

use super::annotation::Annotation;
use super::name::Name;
use super::reader::{Reader, attributes, children};

/// The values of an enumeration without an underlying type.
const INT32: RangeInclusive<i64> = i32::MIN as i64..=i32::MAX as i64;

/// `EnumType` (§10).
#[derive(Debug)]
pub struct EnumType<'a> {
    /// `Name`.
    pub name: Name<'a>,
    /// `IsFlags`.
    pub is_flags: bool,
    /// `Member`, in document order.
    pub members: Vec<Member<'a>>,
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

/// `Member` (§10.3) of an enumeration.
#[derive(Debug)]
pub struct Member<'a> {
    /// `Name`.
    pub name: Name<'a>,
    /// `Value`; numbered from 0 if no member has one.
    pub value: i64,
    /// Annotations inside the element.
    pub annotations: Vec<Annotation<'a>>,
}

impl<'a> EnumType<'a> {
    pub(super) fn read(reader: &mut Reader<'_>, node: Node<'_, 'a>) -> Option<Self> {
        let [name, is_flags, underlying] = attributes(node, ["Name", "IsFlags", "UnderlyingType"]);
        let range = underlying.map_or(Some(INT32), |ty| integer_range(reader, ty));
        let mut ty = EnumType {
            name: reader.identifier(node, name)?,
            is_flags: reader.boolean(is_flags).unwrap_or(false),
            members: Vec::new(),
            annotations: Vec::new(),
        };
        let mut with_value = 0;
        for (element, child) in children(node) {
            match element {
                "Member" => {
                    let [name, value] = attributes(child, ["Name", "Value"]);
                    let Some(name) = reader.identifier(child, name) else {
                        continue;
                    };
                    let counted = i64::try_from(ty.members.len()).unwrap_or(i64::MAX);
                    with_value += usize::from(value.is_some());
                    let value = match value {
                        None => counted,
                        Some(value) => {
                            Member::value(reader, value, range.as_ref()).unwrap_or(counted)
                        }
                    };
                    ty.members.push(Member {
                        name,
                        value,
                        annotations: Annotation::all(reader, child),
                    });
                }
                "Annotation" => ty.annotations.extend(Annotation::read(reader, child)),
                _ => {}
            }
        }
        if with_value != 0 && with_value != ty.members.len() {
            let range = reader.tag(node);
            reader.error(
                range,
                format!(
                    "some members of `{}` have a `Value`, but others do not",
                    ty.name.text
                ),
                "give every member a value, or none (OData CSDL XML 4.01 §10.3)",
            );
        }
        Some(ty)
    }
}

impl<'a> Member<'a> {
    /// The value of a member, which must be in the range of the underlying type (§10.3).
    fn value(
        reader: &mut Reader<'_>,
        attribute: Attribute<'_, '_>,
        range: Option<&RangeInclusive<i64>>,
    ) -> Option<i64> {
        let value = reader.integer(attribute)?;
        if let Some(range) = range.filter(|range| !range.contains(&value)) {
            reader.error(
                attribute.range_value(),
                format!("`{value}` is out of range for the enumeration"),
                format!(
                    "its underlying type has the range {} to {}; `UnderlyingType` sets another \
                     (OData CSDL XML 4.01 §10.1)",
                    range.start(),
                    range.end()
                ),
            );
        }
        Some(value)
    }
}

/// The values of the underlying type of an enumeration (§10.1).
fn integer_range(reader: &mut Reader<'_>, ty: Attribute<'_, '_>) -> Option<RangeInclusive<i64>> {
    Some(match ty.value() {
        "Edm.Byte" => 0..=u8::MAX.into(),
        "Edm.SByte" => i8::MIN.into()..=i8::MAX.into(),
        "Edm.Int16" => i16::MIN.into()..=i16::MAX.into(),
        "Edm.Int32" => INT32,
        "Edm.Int64" => i64::MIN..=i64::MAX,
        other => {
            reader.error(
                ty.range_value(),
                format!(
                    "`{}` cannot be the underlying type of an enumeration",
                    other.escape_debug()
                ),
                "use `Edm.Byte`, `Edm.SByte`, `Edm.Int16`, `Edm.Int32` or `Edm.Int64` \
                 (OData CSDL XML 4.01 §10.1)",
            );
            return None;
        }
    })
}
