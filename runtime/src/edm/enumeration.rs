//! Enumerations: how generated ones are read, written and parsed.

use std::fmt;
use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::mem::discriminant;

use serde_json::Value as Json;

use crate::body::error::{BodyError, BodyProblem};
use crate::body::json_writer::JsonWriter;
use crate::read::alternatives::Alternatives;
use crate::read::finding::{ReadFinding, shortened};
use crate::read::notes::ReadNotes;

/// The sentinel member. Graph responds with the members after it, and accepts them, only with
/// `Prefer: include-unknown-enum-members`.
pub(crate) const SENTINEL: &str = "unknownFutureValue";

/// An enumeration of the metadata, implemented by generated code.
pub trait Enumeration: Clone + PartialEq + Debug + Send + Sync + 'static {
    /// The qualified name, such as `microsoft.graph.authenticationMethodState`.
    const TYPE_NAME: &'static str;

    /// Every member with its wire name, in declaration order, without the sentinel `unknownFutureValue`, which cannot be
    /// sent.
    const MEMBERS: &'static [(&'static str, Self)];

    /// The number of [`MEMBERS`](Self::MEMBERS) after the sentinel, at the end of the list. They require
    /// `Prefer: include-unknown-enum-members`.
    const EVOLVED: usize = 0;

    /// An unknown member.
    fn unknown(member: UnknownMember) -> Self;

    /// The wire name of this member, if it is an unknown one.
    fn unknown_name(&self) -> Option<&str>;

    /// The wire name of this member.
    fn wire_name(&self) -> &str {
        let known = Self::MEMBERS.iter().find(|(_, member)| member == self);
        known.map_or_else(|| self.unknown_name().unwrap_or_default(), |(name, _)| name)
    }
}

/// The name of an unknown enumeration member. Only `from_wire` of an enumeration creates it, so it is never the name of a
/// known one.
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct UnknownMember(Box<str>);

impl UnknownMember {
    /// The wire name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Debug for UnknownMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A string that is not the name of a member that can be sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MemberError {
    name: String,
    enumeration: &'static str,
    alternatives: Alternatives,
}

impl fmt::Display for MemberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (enumeration, alternatives) = (self.enumeration, &self.alternatives);
        if self.name == SENTINEL {
            return write!(
                f,
                "`{SENTINEL}` of {enumeration} cannot be sent{alternatives}"
            );
        }
        let name = shortened(&self.name);
        write!(f, "{name:?} is not a member of {enumeration}{alternatives}")
    }
}

impl std::error::Error for MemberError {}

/// The member with this wire name. Names are case-sensitive.
pub fn from_wire<E: Enumeration>(name: &str) -> E {
    known(name).unwrap_or_else(|| E::unknown(UnknownMember(name.into())))
}

/// The known member with this wire name.
///
/// # Errors
/// If there is none.
pub fn parse_member<E: Enumeration>(name: &str) -> Result<E, MemberError> {
    known(name).ok_or_else(|| MemberError {
        name: name.to_owned(),
        enumeration: E::TYPE_NAME,
        alternatives: Alternatives::to(name, &Members::of::<E>().names().collect::<Vec<_>>()),
    })
}

fn known<E: Enumeration>(name: &str) -> Option<E> {
    let mut members = E::MEMBERS.iter();
    members.find_map(|(known, member)| (*known == name).then(|| member.clone()))
}

/// Implements `PartialEq` for a generated enumeration.
pub fn is_same_member<E: Enumeration>(one: &E, other: &E) -> bool {
    discriminant(one) == discriminant(other) && one.unknown_name() == other.unknown_name()
}

/// Implements `Hash` for a generated enumeration.
pub fn hash_member<E: Enumeration, H: Hasher>(member: &E, state: &mut H) {
    discriminant(member).hash(state);
    member.unknown_name().hash(state);
}

// The functions below are not generic over the enumeration, so that a crate with hundreds of them compiles these once.

/// The members of an enumeration, without their values.
struct Members {
    /// The name of the member at a position.
    name_at: fn(usize) -> Option<&'static str>,
    evolved_from: usize,
    enumeration: &'static str,
}

impl Members {
    fn of<E: Enumeration>() -> Self {
        Self {
            name_at: |position| E::MEMBERS.get(position).map(|(name, _)| *name),
            evolved_from: E::MEMBERS.len().saturating_sub(E::EVOLVED),
            enumeration: E::TYPE_NAME,
        }
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        (0..).map_while(self.name_at)
    }

    fn note_unknown(&self, name: &str, notes: &mut ReadNotes) {
        if self.names().any(|known| known.eq_ignore_ascii_case(name)) {
            return;
        }
        let enumeration = self.enumeration;
        notes.note(if notes.is_strict() && name == SENTINEL {
            ReadFinding::SentinelMember { enumeration }
        } else {
            ReadFinding::UnknownMember {
                name: name.to_owned(),
                enumeration,
                alternatives: notes.alternatives(name, &self.names().collect::<Vec<_>>()),
            }
        });
    }

    /// Records on `writer` whether the request requires a header for the member.
    fn check_sendable(&self, name: &str, writer: &mut JsonWriter) -> Result<(), BodyError> {
        if writer.is_copy() {
            return Ok(());
        }
        if name == SENTINEL {
            return Err(BodyError::new(BodyProblem::SentinelMember));
        }
        if name.is_empty() || name.contains([',', ' ']) {
            return Err(BodyError::new(BodyProblem::UnusableMember(name.to_owned())));
        }
        // Graph ignores the case of known members, and its own reference pages change it.
        let exact = self.names().position(|known| known == name);
        let position = exact.or_else(|| {
            let mut names = self.names();
            names.position(|known| known.eq_ignore_ascii_case(name))
        });
        // An unknown member came from a response, so it is declared after the sentinel.
        if position.is_none_or(|position| position >= self.evolved_from) {
            writer.note_evolved_member();
        }
        Ok(())
    }
}

/// Implements `Debug` for a generated enumeration: the wire name.
///
/// # Errors
/// Those of the formatter.
pub fn fmt_member<E: Enumeration>(member: &E, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match member.unknown_name() {
        Some(name) => f.debug_tuple("UnknownValue").field(&name).finish(),
        None => f.write_str(member.wire_name()),
    }
}

/// Writes a member.
///
/// # Errors
/// If it cannot be sent.
pub fn write_member<E: Enumeration>(member: &E, writer: &mut JsonWriter) -> Result<(), BodyError> {
    let name = member.wire_name();
    Members::of::<E>().check_sendable(name, writer)?;
    writer.string(name)
}

/// Writes the names of members, separated by commas.
pub(crate) fn write_members<E: Enumeration>(
    members: &[E],
    writer: &mut JsonWriter,
) -> Result<(), BodyError> {
    let names: Vec<&str> = members.iter().map(E::wire_name).collect();
    let known = Members::of::<E>();
    for name in &names {
        known.check_sendable(name, writer)?;
    }
    writer.string(&names.join(","))
}

/// Reads a member. An unknown one is noted and kept.
pub fn read_member<E: Enumeration>(json: &Json, notes: &mut ReadNotes) -> Option<E> {
    let Some(name) = json.as_str() else {
        return notes.mismatch(json, E::TYPE_NAME);
    };
    let member = known(name);
    if member.is_none() {
        Members::of::<E>().note_unknown(name, notes);
    }
    Some(member.unwrap_or_else(|| from_wire(name)))
}

/// Notes the unknown ones of some members.
pub(crate) fn note_unknown<E: Enumeration>(members: &[E], notes: &mut ReadNotes) {
    let known = Members::of::<E>();
    for member in members {
        known.note_unknown(member.wire_name(), notes);
    }
}
