use std::fmt;

use serde_json::{Map, Value as Json};

use crate::body::any_of::{AnyOf, DerivesFrom};
use crate::body::dynamic::DynamicProperties;
use crate::body::odata_type::{ODATA_TYPE, described, is_type, type_name};
use crate::body::unknown_subtype::UnknownSubtype;
use crate::read::finding::ReadFinding;
use crate::read::notes::{PathSegment, ReadNotes};
use crate::read::readable::{ReadValue, Readable};

/// The types of a marker, so that an [`AnyOf`] can be read. Implemented by generated code for modules with `read = true`.
pub trait Union: Sized + 'static {
    /// The types that such a position accepts.
    const TYPES: &'static [UnionMember<Self>];

    /// The declared type of the position, if it is one of [`TYPES`](Self::TYPES): the type of a value without `@odata.type`
    /// (OData JSON 4.01, 4.6.3).
    const DECLARED: Option<&'static str> = None;
}

/// One of the types of a [`Union`].
pub struct UnionMember<B> {
    type_name: &'static str,
    read: fn(&Json, &mut ReadNotes) -> Option<AnyOf<B>>,
}

impl<B: 'static> UnionMember<B> {
    /// The type `T` with its qualified name, that of [`Structured::type_name`](crate::json::Structured::type_name).
    pub const fn of<T: Readable + DerivesFrom<B>>(type_name: &'static str) -> Self {
        Self {
            type_name,
            read: |json, notes| T::read(json, notes).map(AnyOf::new),
        }
    }

    /// The qualified name of the type.
    pub const fn type_name(&self) -> &'static str {
        self.type_name
    }

    pub(crate) fn read(&self, json: &Json, notes: &mut ReadNotes) -> Option<AnyOf<B>> {
        (self.read)(json, notes)
    }
}

impl<B: Union> ReadValue for AnyOf<B> {
    const IS_BODY: bool = true;

    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        let names: Vec<_> = B::TYPES.iter().map(UnionMember::type_name).collect();
        match notes.choose(json, &names, B::DECLARED)? {
            Choice::Known(index) => B::TYPES.get(index)?.read(json, notes),
            Choice::Declared(index, found) => {
                let value = B::TYPES.get(index)?.read(json, notes)?;
                Some(value.with_unknown_type(found))
            }
            Choice::Unknown(properties, found) => {
                let value = Self::of_unknown_type(UnknownSubtype(properties));
                Some(match found {
                    Some(found) => value.with_unknown_type(found),
                    None => value,
                })
            }
        }
    }
}

/// What to read a value as.
enum Choice<'j> {
    /// The type with this index.
    Known(usize),
    /// The declared type, which has this index, because its own type is unknown.
    Declared(usize, &'j str),
    /// The properties of an unknown type, where the declared type is abstract.
    Unknown(DynamicProperties, Option<&'j str>),
}

impl ReadNotes {
    /// What to read `json` as. `names` are the known types.
    fn choose<'j>(
        &mut self,
        json: &'j Json,
        names: &[&'static str],
        declared: Option<&'static str>,
    ) -> Option<Choice<'j>> {
        let Some(object) = json.as_object() else {
            return self.mismatch(json, "an object");
        };
        let index_of = |wanted: &str| names.iter().position(|name| is_type(wanted, name));
        let declared = declared.and_then(index_of);
        let found = match object.get(ODATA_TYPE) {
            None => None,
            Some(Json::String(name)) => Some(type_name(name)),
            Some(found) => {
                return self.within(PathSegment::Declared(ODATA_TYPE), |notes| {
                    notes.mismatch(found, "the name of a type")
                });
            }
        };
        match (found.map_or(declared, index_of), found, declared) {
            (Some(index), _, _) => return Some(Choice::Known(index)),
            // The value of the declared type notes that its type is another one.
            (None, Some(found), Some(declared)) if !self.is_strict() => {
                return Some(Choice::Declared(declared, found));
            }
            _ => {}
        }
        let alternatives = self.alternatives(found.unwrap_or_default(), names);
        self.within(PathSegment::Declared(ODATA_TYPE), |notes| {
            notes.note(match found {
                None => ReadFinding::MissingType(alternatives),
                Some(found) => ReadFinding::UnknownType {
                    found: found.to_owned(),
                    alternatives,
                },
            });
        });
        (!self.is_strict()).then(|| Choice::Unknown(as_read(object), found))
    }
}

/// The properties of an object whose type is unknown.
fn as_read(object: &Map<String, Json>) -> DynamicProperties {
    let mut properties = DynamicProperties::new();
    for (name, value) in object {
        let is_sent = !name.is_empty() && !described(name).unwrap_or(name).contains('@');
        properties.push(name.clone(), value.clone(), is_sent);
    }
    properties
}

impl<B> fmt::Debug for UnionMember<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnionMember").field(&self.type_name).finish()
    }
}
