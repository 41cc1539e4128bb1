use std::fmt;
use std::ops::{BitOr, BitOrAssign};

use serde_json::Value as Untyped;

use crate::body::error::{BodyError, BodyProblem};
use crate::body::json_writer::JsonWriter;
use crate::body::value::Value;
use crate::edm::enumeration::{Enumeration, from_wire, note_unknown, write_members};
use crate::read::notes::ReadNotes;
use crate::read::readable::ReadValue;

/// Members of an enumeration with `IsFlags`, in insertion order and without duplicates.
///
/// They are sent as names separated by commas (OData JSON 4.01, 7.1). An empty set cannot be sent: if a type has such a
/// value, it is a member of its own, usually `none`.
///
/// ```
/// # use msgraph_runtime::__private as __rt;
/// # #[derive(Clone)]
/// # enum Ability { Call, Text, UnknownValue(__rt::UnknownMember) }
/// # __rt::enumeration! { Ability: "microsoft.graph.ability"; "call" Call; "text" Text; }
/// use msgraph_runtime::edm::Flags;
/// use msgraph_runtime::json::Structured;
/// use msgraph_runtime::request::CollectionBody;
///
/// let both = Flags::from(Ability::Call) | Ability::Text;
/// assert_eq!(CollectionBody::from([both]).to_json()?, r#"{"value":["call,text"]}"#);
/// # Ok::<(), msgraph_runtime::error::BodyError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Flags<E>(Vec<E>);

impl<E> Default for Flags<E> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<E: Enumeration> Flags<E> {
    /// Parses the wire format, `a,b`. Spaces around names are ignored.
    pub fn from_wire(text: &str) -> Self {
        text.split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(from_wire)
            .collect()
    }

    /// Adds a member, unless the set contains it.
    pub fn insert(&mut self, member: E) {
        if !self.contains(&member) {
            self.0.push(member);
        }
    }

    /// Whether the set contains the member.
    pub fn contains(&self, member: &E) -> bool {
        self.0.contains(member)
    }

    /// Whether the set is empty.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The members in insertion order.
    pub fn iter(&self) -> impl Iterator<Item = &E> {
        self.0.iter()
    }
}

impl<E: Enumeration> FromIterator<E> for Flags<E> {
    fn from_iter<I: IntoIterator<Item = E>>(members: I) -> Self {
        let mut set = Self::default();
        members.into_iter().for_each(|member| set.insert(member));
        set
    }
}

impl<E: Enumeration> From<E> for Flags<E> {
    fn from(member: E) -> Self {
        Self(vec![member])
    }
}

impl<E: Enumeration, const N: usize> From<[E; N]> for Flags<E> {
    fn from(members: [E; N]) -> Self {
        members.into_iter().collect()
    }
}

impl<E: Enumeration, M: Into<Self>> BitOr<M> for Flags<E> {
    type Output = Self;

    fn bitor(mut self, more: M) -> Self {
        self |= more;
        self
    }
}

impl<E: Enumeration, M: Into<Self>> BitOrAssign<M> for Flags<E> {
    fn bitor_assign(&mut self, more: M) {
        let more = more.into().0;
        more.into_iter().for_each(|member| self.insert(member));
    }
}

impl<E: Enumeration> fmt::Display for Flags<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().map(E::wire_name).collect();
        f.write_str(&names.join(","))
    }
}

impl<E: Enumeration> Value for Flags<E> {
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        if self.0.is_empty() && !writer.is_copy() {
            return Err(BodyError::new(BodyProblem::EmptyFlags));
        }
        write_members(&self.0, writer)
    }

    fn is_same(&self, current: &Untyped) -> bool {
        current
            .as_str()
            .map(Self::from_wire)
            .is_some_and(|current| {
                self.0.len() == current.0.len() && self.iter().all(|it| current.0.contains(it))
            })
    }
}

impl<E: Enumeration> ReadValue for Flags<E> {
    fn read(json: &Untyped, notes: &mut ReadNotes) -> Option<Self> {
        let Some(text) = json.as_str() else {
            return notes.mismatch(json, E::TYPE_NAME);
        };
        let flags = Self::from_wire(text);
        if flags.is_empty() && notes.is_strict() {
            // It could not be sent.
            return notes.mismatched_string(json, E::TYPE_NAME);
        }
        note_unknown(&flags.0, notes);
        Some(flags)
    }
}
