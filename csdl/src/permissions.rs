//! Which permissions allow an operation (Microsoft Graph permissions reference).

mod lookup;
mod map;
mod map_line;
mod map_path;

use std::fmt;

pub(crate) use lookup::with_placeholder_keys;
pub use map::{MalformedMap, MapEntry, PermissionMap, commented};
pub use map_line::is_permission_name;
pub use map_path::map_path;

/// Microsoft's list of all permissions.
pub const REFERENCE: &str = "https://learn.microsoft.com/graph/permissions-reference";

/// How the caller of an operation signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// A user with a work or school account.
    DelegatedWork,
    /// A user with a personal Microsoft account.
    DelegatedPersonal,
    /// An application without a user.
    Application,
}

impl Scheme {
    /// All schemes.
    pub const ALL: [Self; 3] = [
        Scheme::DelegatedWork,
        Scheme::DelegatedPersonal,
        Scheme::Application,
    ];

    /// The name in facts and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Scheme::DelegatedWork => "delegated",
            Scheme::DelegatedPersonal => "personal",
            Scheme::Application => "application",
        }
    }

    /// The name in prose.
    pub fn label(self) -> &'static str {
        match self {
            Scheme::DelegatedPersonal => "personal accounts",
            Scheme::DelegatedWork | Scheme::Application => self.name(),
        }
    }
}

/// The permissions that allow an operation, by scheme. `None` means that the scheme is not supported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    /// For users with a work or school account.
    pub delegated: Option<Access>,
    /// For users with a personal Microsoft account.
    pub personal: Option<Access>,
    /// For applications without a user.
    pub application: Option<Access>,
}

impl Permissions {
    /// The permissions for one scheme.
    pub fn of(&self, scheme: Scheme) -> Option<&Access> {
        match scheme {
            Scheme::DelegatedWork => self.delegated.as_ref(),
            Scheme::DelegatedPersonal => self.personal.as_ref(),
            Scheme::Application => self.application.as_ref(),
        }
    }

    /// The permissions for one scheme, to change them.
    pub fn of_mut(&mut self, scheme: Scheme) -> &mut Option<Access> {
        match scheme {
            Scheme::DelegatedWork => &mut self.delegated,
            Scheme::DelegatedPersonal => &mut self.personal,
            Scheme::Application => &mut self.application,
        }
    }

    /// The permissions for all schemes that are supported, to change them.
    pub(crate) fn accesses_mut(&mut self) -> impl Iterator<Item = &mut Access> {
        let Permissions {
            delegated,
            personal,
            application,
        } = self;
        [delegated, personal, application].into_iter().flatten()
    }
}

/// Alternatives, each of which allows an operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// The least privileged, the narrowest first. Empty if no permission is marked as the least.
    pub least: Vec<Requirement>,
    /// Those that are sufficient, but not marked as the least privileged. Most allow more than is needed.
    pub higher: Vec<Requirement>,
    /// Those that allow the operation for some properties or resources only.
    pub partial: Vec<Requirement>,
}

impl Access {
    /// All alternatives that allow the whole operation, the least privileged first.
    pub fn all(&self) -> impl Iterator<Item = &Requirement> {
        self.least.iter().chain(&self.higher)
    }

    /// Adds a requirement to the least privileged, unless it is one of them.
    pub(crate) fn push_least(&mut self, requirement: Requirement) {
        if !self.least.contains(&requirement) {
            self.least.push(requirement);
        }
    }

    /// The first alternative that the granted permissions meet.
    pub fn met_by(&self, is_granted: impl Fn(&str) -> bool) -> Option<&Requirement> {
        let mut all = self.all();
        all.find(|requirement| requirement.is_granted(&is_granted))
    }

    /// Whether permissions that were granted allow the whole operation.
    pub fn is_allowed(&self, is_granted: impl Fn(&str) -> bool) -> bool {
        self.met_by(is_granted).is_some()
    }
}

/// A permission, and those that are needed together with it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Requirement {
    /// The permission.
    pub permission: String,
    /// The others.
    pub also: Vec<String>,
}

impl Requirement {
    /// The names of all permissions that are needed.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let also = self.also.iter();
        std::iter::once(self.permission.as_str()).chain(also.map(String::as_str))
    }

    /// Whether all permissions that are needed were granted.
    pub fn is_granted(&self, is_granted: impl Fn(&str) -> bool) -> bool {
        self.names().all(is_granted)
    }
}

/// The conjunction between alternatives. If one of them needs several permissions, it has a comma.
pub fn conjunction(alternatives: &[Requirement]) -> &'static str {
    match alternatives.iter().all(|one| one.also.is_empty()) {
        true => " or ",
        false => ", or ",
    }
}

/// `A and B`.
impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.permission)?;
        self.also
            .iter()
            .try_for_each(|name| write!(f, " and {name}"))
    }
}
