//! A line of the map: `GET DA User.Read.All A+B > Directory.Read.All`.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{Access, Requirement, Scheme};

/// The methods that the map may name.
pub(super) const METHODS: [&str; 5] = ["DELETE", "GET", "PATCH", "POST", "PUT"];

/// The permissions for one method and some schemes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct MapLine<'t> {
    pub(super) method: &'t str,
    pub(super) schemes: Vec<Scheme>,
    permissions: &'t str,
}

/// What is wrong with a line.
pub(super) type Malformed = &'static str;

impl<'t> MapLine<'t> {
    /// Parses the method and the schemes. The permissions are parsed on demand.
    pub(super) fn parse(line: &'t str) -> Result<Self, Malformed> {
        let (method, rest) = line.split_once(' ').ok_or("no schemes")?;
        let (schemes, permissions) = rest.split_once(' ').ok_or("no permissions")?;
        if !METHODS.contains(&method) {
            return Err("unknown method");
        }
        let schemes: Option<Vec<Scheme>> = schemes.chars().map(of_letter).collect();
        let schemes = schemes.ok_or("unknown scheme")?;
        match schemes.is_sorted_by(|one, other| one < other) && !schemes.is_empty() {
            true => Ok(MapLine {
                method,
                schemes,
                permissions,
            }),
            false => Err("the schemes are not in the order `D`, `P`, `A`"),
        }
    }

    /// The permissions; `None` if they are malformed.
    pub(super) fn access(&self) -> Option<Access> {
        let (least, higher) = match self.permissions.strip_prefix("> ") {
            Some(higher) => ("", higher),
            None => match self.permissions.split_once(" > ") {
                Some((least, higher)) => (least, higher),
                None => (self.permissions, ""),
            },
        };
        let access = Access {
            least: requirements(least)?,
            higher: requirements(higher)?,
            ..Access::default()
        };
        let is_empty = access.least.is_empty() && access.higher.is_empty();
        (!is_empty).then_some(access)
    }
}

/// Appends a line.
pub(super) fn push_line(text: &mut String, method: &str, schemes: &[Scheme], access: &Access) {
    let schemes: String = schemes.iter().map(|scheme| letter(*scheme)).collect();
    // Writing to a string never fails.
    let _ = write!(text, "  {method} {schemes}");
    for requirement in &access.least {
        push_requirement(text, requirement);
    }
    if !access.higher.is_empty() {
        text.push_str(" >");
    }
    for requirement in &access.higher {
        push_requirement(text, requirement);
    }
    text.push('\n');
}

fn push_requirement(text: &mut String, requirement: &Requirement) {
    for (nth, name) in requirement.names().enumerate() {
        text.push(if nth == 0 { ' ' } else { '+' });
        text.push_str(name);
    }
}

fn requirements(text: &str) -> Option<Vec<Requirement>> {
    let words = text.split(' ').filter(|_| !text.is_empty());
    words.map(requirement).collect()
}

/// `A+B`. `None` if a name is malformed or duplicated.
fn requirement(text: &str) -> Option<Requirement> {
    let mut names = text.split('+');
    let permission = names.next().filter(|name| is_permission_name(name))?;
    let mut seen = BTreeSet::new();
    let also = names.map(|name| {
        let is_new = is_permission_name(name) && name != permission && seen.insert(name);
        is_new.then(|| name.to_owned())
    });
    Some(Requirement {
        also: also.collect::<Option<_>>()?,
        permission: permission.to_owned(),
    })
}

/// Whether a string can be the name of a permission. `and` joins names in messages and facts.
pub fn is_permission_name(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    text != "and" && text.chars().all(is_part) && text.contains(|c: char| c.is_ascii_alphabetic())
}

fn letter(scheme: Scheme) -> char {
    match scheme {
        Scheme::DelegatedWork => 'D',
        Scheme::DelegatedPersonal => 'P',
        Scheme::Application => 'A',
    }
}

fn of_letter(written: char) -> Option<Scheme> {
    let mut schemes = Scheme::ALL.into_iter();
    schemes.find(|scheme| letter(*scheme) == written)
}
