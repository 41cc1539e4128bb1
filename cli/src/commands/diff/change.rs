//! A change in terms of the API, with its effects on Rust code, on requests, and on the version of a crate.

use std::fmt;

use clap::ValueEnum;
use serde::Serialize;

/// Which version number to bump if the generated code is a crate's public API. `docs/versioning.md` has
/// the rules.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Existing code compiles and means the same.
    #[value(help = "Any change")]
    #[default]
    Patch,
    /// There are additions or announcements, or some permissions no longer suffice. Existing code compiles.
    Minor,
    /// Some existing code no longer compiles, sends something else, or is rejected without another permission.
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
    /// It is new.
    Added,
    /// It no longer exists.
    Removed,
    /// It has another type, or accepts other types.
    Retyped,
    /// It became nullable, or is no longer nullable.
    Nullability,
    /// It is declared in another namespace or on another type.
    Moved,
    /// It has another name in Rust, or another spelling in the API.
    Renamed,
    /// Other restrictions apply to what may be sent, or how.
    Restricted,
    /// The permissions that allow the operation changed.
    Permissions,
    /// Its deprecation was announced, changed or withdrawn.
    Deprecated,
    /// It has another description.
    Described,
}

/// What kind of element changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// An operation, named by its path.
    Operation,
    /// An entity or complex type.
    Type,
    /// A structural or navigation property, written as `declaring type/name`.
    Property,
    /// An enumeration type.
    Enumeration,
    /// A member of an enumeration type, written as `type/name`.
    Member,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Which version number to bump.
    pub verdict: Verdict,
    /// What kind of element changed.
    pub subject: Subject,
    /// The old name of the element in the API.
    pub element: String,
    /// The old HTTP method of an operation.
    pub method: Option<String>,
    /// What happened to it.
    pub kind: Kind,
    /// The old and the new state.
    pub what: String,
    /// The effect on the generated Rust.
    pub rust: Option<String>,
    /// The effect on requests.
    pub wire: Option<String>,
    /// The reason for the verdict.
    pub reason: String,
    /// The change to the manifest that keeps the code unchanged, or the consent that the app needs.
    pub help: Option<String>,
    /// The names of the schemes whose permissions changed.
    pub schemes: Vec<&'static str>,
    /// What the new smallest set of permissions adds for the operation: `A`, or `A and B`. If the set does not allow the
    /// operation, its alternatives.
    pub consent: Vec<String>,
    /// The Rust paths of the affected structs and enums.
    pub items: Vec<String>,
    /// The paths of the operations whose bodies or responses are affected.
    pub operations: Vec<String>,
}

impl Change {
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
            schemes: Vec::new(),
            consent: Vec::new(),
            items: Vec::new(),
            operations: Vec::new(),
        }
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

    /// Makes it a major change.
    pub(super) fn breaking(mut self, rust: impl Into<String>, reason: &str) -> Self {
        self.verdict = Verdict::Major;
        self.rust(rust).because(reason)
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
