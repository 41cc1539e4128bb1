use std::fmt;
use std::fmt::Debug;
use std::ops::{BitOr, BitOrAssign};

use serde_json::Value as Untyped;

use crate::body::error::{BodyError, BodyProblem};
use crate::body::json_writer::JsonWriter;
use crate::body::value::Value;

/// The sentinel member that ends the members every caller gets; those after it come and go only with
/// `Prefer: include-unknown-enum-members`.
pub(crate) const SENTINEL: &str = "unknownFutureValue";

/// An enumeration of the metadata: implemented by generated code.
///
/// ```
/// # #[derive(Clone, Copy, Debug, PartialEq)]
/// # enum Ability { Call, Text }
/// use msgraph_runtime::Enumeration;
///
/// // As it is generated.
/// impl Enumeration for Ability {
///     const TYPE_NAME: &'static str = "microsoft.graph.ability";
///     const MEMBERS: &'static [(&'static str, Self)] = &[("call", Self::Call), ("text", Self::Text)];
/// }
/// assert_eq!(Ability::Text.as_str(), "text");
/// ```
pub trait Enumeration: Copy + PartialEq + Debug + Send + Sync + 'static {
    /// The qualified name, `microsoft.graph.authenticationMethodState`.
    const TYPE_NAME: &'static str;

    /// Every member with its wire name, in the order of the metadata; the sentinel `unknownFutureValue` is not among
    /// them, since nobody may send it.
    const MEMBERS: &'static [(&'static str, Self)];

    /// How many of [`MEMBERS`](Self::MEMBERS) stand before the sentinel. Those after it need
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

/// A member of an enumeration that may grow: one this build does not know keeps its text.
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
    /// A member that this build knows.
    Known(E),
    /// A member that it does not.
    Unknown(UnknownMember),
}

/// The name of an enumeration member that this build does not know. Made by [`Open::from_wire`] only, so that it never
/// names a known one.
///
/// ```
/// # #[derive(Clone, Copy, Debug, PartialEq)]
/// # enum Ability { Call, Text }
/// # impl msgraph_runtime::Enumeration for Ability {
/// #     const TYPE_NAME: &'static str = "microsoft.graph.ability";
/// #     const MEMBERS: &'static [(&'static str, Self)] = &[("call", Self::Call), ("text", Self::Text)];
/// # }
/// use msgraph_runtime::Open;
///
/// let Open::Unknown(member) = Open::<Ability>::from_wire("fly") else { panic!("not known") };
/// assert_eq!(member.as_str(), "fly");
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct UnknownMember(Box<str>);

impl UnknownMember {
    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<E: Enumeration> Open<E> {
    /// The member with this wire name. Names are compared exactly: OData is case-sensitive.
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

    /// The member, where this build knows it.
    pub const fn known(&self) -> Option<E> {
        match self {
            Self::Known(member) => Some(*member),
            Self::Unknown(_) => None,
        }
    }

    /// The name as it may be sent; notes on `writer` what the request must ask for.
    fn to_sendable(&self, writer: &mut JsonWriter) -> Result<&str, BodyError> {
        match self {
            Self::Known(member) => {
                let Some(position) = E::MEMBERS.iter().position(|(_, known)| known == member)
                else {
                    return Err(BodyError::new(BodyProblem::UnusableMember(format!(
                        "{member:?}"
                    ))));
                };
                if position >= E::EVOLVED_FROM {
                    writer.note_evolved_member();
                }
                Ok(E::MEMBERS.get(position).map_or("", |(name, _)| *name))
            }
            Self::Unknown(UnknownMember(name)) if **name == *SENTINEL => {
                Err(BodyError::new(BodyProblem::SentinelMember))
            }
            Self::Unknown(UnknownMember(name)) if name.is_empty() || name.contains([',', ' ']) => {
                Err(BodyError::new(BodyProblem::UnusableMember(
                    name.to_string(),
                )))
            }
            // Graph takes a known member in any case of its letters, and its own pages write some so.
            Self::Unknown(UnknownMember(name)) if position_in_any_case::<E>(name).is_some() => {
                if position_in_any_case::<E>(name) >= Some(E::EVOLVED_FROM) {
                    writer.note_evolved_member();
                }
                Ok(name)
            }
            Self::Unknown(UnknownMember(name)) => {
                // It came from the service, which gives such members only to those who ask, and takes them likewise.
                writer.note_evolved_member();
                Ok(name)
            }
        }
    }
}

/// Which member a name is that differs in the case of its letters only.
pub(crate) fn position_in_any_case<E: Enumeration>(name: &str) -> Option<usize> {
    let mut members = E::MEMBERS.iter();
    members.position(|(known, _)| known.eq_ignore_ascii_case(name))
}

impl<E: Enumeration> From<E> for Open<E> {
    #[inline]
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

/// Several members of an enumeration with `IsFlags`, in the order given, none twice.
///
/// On the wire the member names, comma separated (OData JSON 4.01, 7.1). The empty set has no such text, so writing it
/// is an error: a type for which "nothing" is a value names it, usually `none`.
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
    /// The set that this wire text names: `a,b`. White space around a name is left out.
    pub fn from_wire(text: &str) -> Self {
        text.split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(Open::from_wire)
            .collect()
    }

    /// Adds a member, unless it is there already.
    pub fn insert(&mut self, member: impl Into<Open<E>>) {
        let member = member.into();
        if !self.0.contains(&member) {
            self.0.push(member);
        }
    }

    /// Whether the member is in the set.
    pub fn contains(&self, member: E) -> bool {
        self.0.contains(&Open::Known(member))
    }

    /// Whether the set is empty.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The members in their order.
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
        for (index, member) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            f.write_str(member.as_str())?;
        }
        Ok(())
    }
}

impl<E: Enumeration> Value for Flags<E> {
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        if self.0.is_empty() {
            return Err(BodyError::new(BodyProblem::EmptyFlags));
        }
        let mut text = String::new();
        for member in &self.0 {
            if !text.is_empty() {
                text.push(',');
            }
            text.push_str(member.to_sendable(writer)?);
        }
        writer.string(&text)
    }

    fn is_same(&self, current: &Untyped) -> bool {
        let Some(text) = current.as_str() else {
            return false;
        };
        let there = Self::from_wire(text);
        self.0.len() == there.0.len() && self.0.iter().all(|member| there.0.contains(member))
    }
}
