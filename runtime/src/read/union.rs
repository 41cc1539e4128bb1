use std::fmt;

use serde_json::Value as Json;

use crate::body::any_of::{AnyOf, DerivesFrom};
use crate::body::odata_type::{ODATA_TYPE, is_type, type_name};
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
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        let names: Vec<_> = B::TYPES.iter().map(UnionMember::type_name).collect();
        let index = notes.choose(json, &names, B::DECLARED)?;
        B::TYPES.get(index)?.read(json, notes)
    }
}

impl ReadNotes {
    /// The index of the type of `json` in `names`.
    fn choose(
        &mut self,
        json: &Json,
        names: &[&'static str],
        declared: Option<&'static str>,
    ) -> Option<usize> {
        let Some(object) = json.as_object() else {
            return self.mismatch(json, "an object");
        };
        let index_of = |wanted: &str| names.iter().position(|name| is_type(wanted, name));
        let found = object.get(ODATA_TYPE);
        if let (None, Some(index)) = (found, declared.and_then(index_of)) {
            return Some(index);
        }
        self.within(PathSegment::Declared(ODATA_TYPE), |notes| {
            let Some(found) = found else {
                let alternatives = notes.alternatives("", names);
                notes.note(ReadFinding::MissingType(alternatives));
                return None;
            };
            let Some(name) = found.as_str() else {
                return notes.mismatch(found, "the name of a type");
            };
            let index = index_of(name);
            if index.is_none() {
                let name = type_name(name);
                let alternatives = notes.alternatives(name, names);
                notes.note(ReadFinding::UnknownType {
                    found: name.to_owned(),
                    alternatives,
                });
            }
            index
        })
    }
}

impl<B> fmt::Debug for UnionMember<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnionMember").field(&self.type_name).finish()
    }
}
