//! What happened to the declaration of a type, from which changes elsewhere follow: it is told with the
//! type, once.

use msgraph_codegen::command::catalogue::Kind as Declared;

use super::Comparison;
use super::wording::arrow;
use crate::commands::diff::change::Kind;

/// A type that is declared to be something else.
pub(super) struct Cause {
    pub(super) kind: Kind,
    pub(super) what: String,
    pub(super) wire: Option<&'static str>,
}

impl Comparison<'_> {
    /// What a type, by its names on both sides, is declared to be now and was not.
    pub(super) fn cause(&self, old: &str, new: &str) -> Option<Cause> {
        let (old, new) = (self.old.types.get(old)?, self.new.types.get(new)?);
        if old.kind != new.kind {
            let wire = match (old.kind, new.kind) {
                (Declared::Complex, Declared::Entity) => {
                    Some("a value of it has a key and a URL of its own")
                }
                (Declared::Entity, Declared::Complex) => {
                    Some("a value of it has no key and no URL, and travels in the body around it")
                }
                (_, Declared::Enumeration) => Some("a value of it is the name of a member"),
                (_, Declared::Complex | Declared::Entity) => Some("a value of it is an object"),
                (_, Declared::Definition) => Some("a value of it is a primitive one"),
            };
            return Some(Cause {
                kind: Kind::Retyped,
                what: arrow(&old.kind.to_string(), &new.kind.to_string()),
                wire,
            });
        }
        let (what, wire) = match (old.is_abstract, new.is_abstract) {
            (false, true) => (
                "is abstract now",
                "a value must be of a type that derives from it, and name that type in `@odata.type`",
            ),
            (true, false) => (
                "is no longer abstract",
                "a value may be of the type itself, and needs no `@odata.type` then",
            ),
            _ => return None,
        };
        Some(Cause {
            kind: Kind::Restricted,
            what: what.to_owned(),
            wire: Some(wire),
        })
    }
}
