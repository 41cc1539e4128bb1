//! Changes of a type's declaration that cause changes elsewhere, and are reported once, with the type.

use msgraph_codegen::command::catalogue::Kind as Declared;

use super::Comparison;
use super::wording::arrow;
use crate::commands::diff::change::Kind;

pub(super) struct Cause {
    pub(super) kind: Kind,
    pub(super) what: String,
    pub(super) wire: &'static str,
}

impl Comparison<'_> {
    /// How the declaration of a type changed.
    pub(super) fn cause(&self, old: &str, new: &str) -> Option<Cause> {
        let (old, new) = (self.old.types.get(old)?, self.new.types.get(new)?);
        if old.kind != new.kind {
            return Some(Cause {
                kind: Kind::Retyped,
                what: arrow(&old.kind.to_string(), &new.kind.to_string()),
                wire: match (old.kind, new.kind) {
                    (Declared::Complex, Declared::Entity) => "a value has its own key and URL",
                    (Declared::Entity, Declared::Complex) => {
                        "a value has no key or URL, and is sent inside another body"
                    }
                    (_, Declared::Enumeration) => "a value is the name of a member",
                    (_, Declared::Complex | Declared::Entity) => "a value is an object",
                    (_, Declared::Definition) => "a value is primitive",
                },
            });
        }
        let (what, wire) = match (old.is_abstract, new.is_abstract) {
            (false, true) => (
                "is now abstract",
                "a value must have a subtype, and name it in `@odata.type`",
            ),
            (true, false) => (
                "is no longer abstract",
                "a value may have this type, and then needs no `@odata.type`",
            ),
            _ => return None,
        };
        Some(Cause {
            kind: Kind::Restricted,
            what: what.to_owned(),
            wire,
        })
    }
}
