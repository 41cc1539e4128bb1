use std::fmt;
use std::fmt::Debug;
use std::ops::{BitOr, BitOrAssign};

use serde_json::Value as Untyped;

use crate::body::error::{BodyError, BodyProblem};
use crate::body::json_writer::JsonWriter;
use crate::body::value::Value;

/// The sentinel member. Graph responds with the members after it, and accepts them, only with
/// `Prefer: include-unknown-enum-members`.
pub(crate) const SENTINEL: &str = "unknownFutureValue";

/// An enumeration of the metadata, implemented by generated code.
pub trait Enumeration: Copy + PartialEq + Debug + Send + Sync + 'static {
    /// The qualified name, such as `microsoft.graph.authenticationMethodState`.
    const TYPE_NAME: &'static str;

    /// Every member with its wire name, in declaration order, without the sentinel `unknownFutureValue`, which cannot be
    /// sent.
    const MEMBERS: &'static [(&'static str, Self)];

    /// The number of [`MEMBERS`](Self::MEMBERS) before the sentinel. Those after it require
    /// `Prefer: include-unknown-enum-members`.
    const EVOLVED_FROM: usize = Self::MEMBERS.len();

    /// The wire name of this member.
    fn as_str(self) -> &'static str {
        Self::MEMBERS
            .iter()
            .find(|(_, member)| *member == self)
            .map_or("", |(name, _)| *name)
    }
}

/// A member of an enumeration, or the name of a member that this build does not know.
///
/// ```
/// # use msgraph_runtime::{Enumeration, Open};
/// # #[derive(Clone, Copy, Debug, PartialEq)]
/// # enum State { Enabled, Disabled }
/// # impl Enumeration for State {
/// #     const TYPE_NAME: &'static str = "microsoft.graph.state";
/// #     const MEMBERS: &'static [(&'static str, Self)] = &[("enabled", Self::Enabled), ("disabled", Self::Disabled)];
/// # }
/// assert_eq!(Open::<State>::from_wire("enabled"), Open::Known(State::Enabled));
/// assert_eq!(Open::<State>::from_wire("paused").as_str(), "paused");
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Open<E> {
    /// A known member.
    Known(E),
    /// A member that it does not know.
    Unknown(UnknownMember),
}

/// The name of an unknown enumeration member. Only [`Open::from_wire`] creates it, so it is never the name of a known
/// one.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct UnknownMember(Box<str>);

impl UnknownMember {
    /// The wire name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<E: Enumeration> Open<E> {
    /// The member with this wire name. Names are case-sensitive.
    pub fn from_wire(name: &str) -> Self {
        match E::MEMBERS.iter().find(|(known, _)| *known == name) {
            Some((_, member)) => Self::Known(*member),
            None => Self::Unknown(UnknownMember(name.into())),
        }
    }

    /// The wire name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(member) => member.as_str(),
            Self::Unknown(member) => member.as_str(),
        }
    }

    /// The member, if known.
    pub const fn known(&self) -> Option<E> {
        match self {
            Self::Known(member) => Some(*member),
            Self::Unknown(_) => None,
        }
    }

    /// The name to send. Records on `writer` whether the request requires a header for it.
    fn to_sendable(&self, writer: &mut JsonWriter) -> Result<&str, BodyError> {
        let name = self.as_str();
        let position = match self {
            Self::Known(member) => E::MEMBERS.iter().position(|(_, known)| known == member),
            // Graph ignores the case of known members, and its own reference pages change it.
            Self::Unknown(_) => position_ignoring_case::<E>(name),
        };
        if name == SENTINEL {
            return Err(BodyError::new(BodyProblem::SentinelMember));
        }
        if name.is_empty() || name.contains([',', ' ']) {
            return Err(BodyError::new(BodyProblem::UnusableMember(name.to_owned())));
        }
        // An unknown member came from a response, so it is declared after the sentinel.
        if position.is_none_or(|position| position >= E::EVOLVED_FROM) {
            writer.note_evolved_member();
        }
        Ok(name)
    }
}

pub(crate) fn position_ignoring_case<E: Enumeration>(name: &str) -> Option<usize> {
    let mut members = E::MEMBERS.iter();
    members.position(|(known, _)| known.eq_ignore_ascii_case(name))
}

impl<E: Enumeration> From<E> for Open<E> {
    fn from(member: E) -> Self {
        Self::Known(member)
    }
}

impl<E: Enumeration> PartialEq<E> for Open<E> {
    fn eq(&self, other: &E) -> bool {
        matches!(self, Self::Known(member) if member == other)
    }
}

impl<E: Enumeration> fmt::Display for Open<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<E: Enumeration> Value for Open<E> {
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        let name = self.to_sendable(writer)?;
        writer.string(name)
    }
}

/// Members of an enumeration with `IsFlags`, in insertion order and without duplicates.
///
/// They are sent as names separated by commas (OData JSON 4.01, 7.1). An empty set cannot be sent: if a type has such a
/// value, it is a member of its own, usually `none`.
///
/// ```
/// # #[derive(Clone, Copy, Debug, PartialEq)]
/// # enum Ability { Call, Text }
/// # impl msgraph_runtime::Enumeration for Ability {
/// #     const TYPE_NAME: &'static str = "microsoft.graph.ability";
/// #     const MEMBERS: &'static [(&'static str, Self)] = &[("call", Self::Call), ("text", Self::Text)];
/// # }
/// use msgraph_runtime::{CollectionBody, Flags, Structured};
///
/// let both: Flags<Ability> = Flags::from(Ability::Call) | Ability::Text;
/// assert_eq!(CollectionBody::from([both]).to_json()?, r#"{"value":["call,text"]}"#);
/// # Ok::<(), msgraph_runtime::BodyError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Flags<E>(Vec<Open<E>>);

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
            .map(Open::from_wire)
            .collect()
    }

    /// Adds a member, unless the set contains it.
    pub fn insert(&mut self, member: impl Into<Open<E>>) {
        let member = member.into();
        if !self.0.contains(&member) {
            self.0.push(member);
        }
    }

    /// Whether the set contains the member.
    pub fn contains(&self, member: E) -> bool {
        self.0.contains(&Open::Known(member))
    }

    /// Whether the set is empty.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The members in insertion order.
    pub fn iter(&self) -> impl Iterator<Item = &Open<E>> {
        self.0.iter()
    }
}

impl<E: Enumeration> FromIterator<Open<E>> for Flags<E> {
    fn from_iter<I: IntoIterator<Item = Open<E>>>(members: I) -> Self {
        let mut set = Self::default();
        members.into_iter().for_each(|member| set.insert(member));
        set
    }
}

impl<E: Enumeration> FromIterator<E> for Flags<E> {
    fn from_iter<I: IntoIterator<Item = E>>(members: I) -> Self {
        members.into_iter().map(Open::Known).collect()
    }
}

impl<E: Enumeration> From<E> for Flags<E> {
    fn from(member: E) -> Self {
        Self(vec![Open::Known(member)])
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
        more.into()
            .0
            .into_iter()
            .for_each(|member| self.insert(member));
    }
}

impl<E: Enumeration> fmt::Display for Flags<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().map(Open::as_str).collect();
        f.write_str(&names.join(","))
    }
}

impl<E: Enumeration> Value for Flags<E> {
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        if self.0.is_empty() {
            return Err(BodyError::new(BodyProblem::EmptyFlags));
        }
        let names = self.iter().map(|member| member.to_sendable(writer));
        let text = names.collect::<Result<Vec<_>, _>>()?.join(",");
        writer.string(&text)
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
