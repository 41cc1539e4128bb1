//! What a comparison finds: changes in terms of the API, each with what it does to the emitted Rust
//! and to requests, and to the version of a crate that holds the code.

use std::fmt;

use serde::Serialize;

/// What a change means for the version of a crate whose public interface the code is; see
/// `docs/versioning.md` for the rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Whatever compiled goes on to compile and means the same.
    #[default]
    Patch,
    /// There is more than before; whatever compiled goes on to compile.
    Minor,
    /// Something that compiled no longer compiles, or sends something else.
    Major,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::Patch => "patch",
            Verdict::Minor => "minor",
            Verdict::Major => "major",
        })
    }
}

/// What happened to an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// It was not there before.
    Added,
    /// It is there no more.
    Removed,
    /// It is of another type, or takes and holds others.
    Retyped,
    /// Null may be sent where it might not, or the other way round.
    Nullability,
    /// Its declaration stands elsewhere: in another namespace, on a base type.
    Moved,
    /// It has another name: in Rust, where another element took the name or left it, or in the API,
    /// where the spelling alone changed.
    Renamed,
    /// What may be sent, or how, is restricted otherwise.
    Restricted,
    /// Its deprecation was announced, changed or taken back.
    Deprecated,
    /// What CSDL says of it in words.
    Described,
}

/// What a change speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// An update, by its path.
    Update,
    /// An entity or complex type.
    Type,
    /// A structural or navigation property: the declaring type, a slash, the name.
    Property,
    /// An enumeration type.
    Enumeration,
    /// A member of an enumeration type: the type, a slash, the name.
    Member,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// What it means for the version.
    pub verdict: Verdict,
    /// What it speaks of.
    pub subject: Subject,
    /// The element, by its name in the API: before the change, where it has another since.
    pub element: String,
    /// Of an update, what tells it from another at its path: `PATCH`, `PUT` or `DELETE`, before the
    /// change where it has another since.
    pub method: Option<String>,
    /// What happened to it.
    pub kind: Kind,
    /// What it was and what it is.
    pub what: String,
    /// What it does to the emitted Rust; nothing where it does nothing.
    pub rust: Option<String>,
    /// What it does to requests; nothing where it does nothing.
    pub wire: Option<String>,
    /// Why the verdict.
    pub reason: String,
    /// What keeps the code as it is, where something in the manifest does.
    pub help: Option<String>,
    /// The structs and enums of the emitted Rust that it touches, by path.
    pub items: Vec<String>,
    /// The updates whose bodies it touches, by path; none where it is not in a body.
    pub updates: Vec<String>,
}

impl Change {
    /// A change that touches neither Rust nor requests, until the rest is said.
    pub(super) fn new(
        verdict: Verdict,
        subject: Subject,
        element: impl Into<String>,
        kind: Kind,
        what: impl Into<String>,
    ) -> Self {
        Change {
            verdict,
            subject,
            element: element.into(),
            method: None,
            kind,
            what: what.into(),
            rust: None,
            wire: None,
            reason: String::new(),
            help: None,
            items: Vec::new(),
            updates: Vec::new(),
        }
    }

    pub(super) fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    pub(super) fn rust(mut self, rust: impl Into<String>) -> Self {
        self.rust = Some(rust.into());
        self
    }

    pub(super) fn wire(mut self, wire: impl Into<String>) -> Self {
        self.wire = Some(wire.into());
        self
    }

    pub(super) fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
