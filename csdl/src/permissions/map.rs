//! The permissions of all operations, in a text that is searched without parsing all of it.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use super::lookup::lookups;
use super::map_line::{self, MapLine};
use super::map_path::map_path;
use super::{Permissions, Scheme};

/// The start of the last line.
const END: &str = "# end: ";

/// The permissions of operations, by method and path.
#[derive(Clone)]
pub struct PermissionMap {
    text: Cow<'static, str>,
}

/// The permissions of one operation in a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapEntry {
    /// The path in the form of the map: see [`map_path`].
    pub path: String,
    /// The HTTP method.
    pub method: String,
    /// The permissions.
    pub permissions: Permissions,
}

/// An error in the text of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MalformedMap {
    /// The line, from 1.
    pub line: usize,
    /// The description of the error.
    pub message: &'static str,
}

impl fmt::Display for MalformedMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for MalformedMap {}

impl PermissionMap {
    /// The map that is part of the crate, from Microsoft's permission data.
    pub fn built_in() -> Self {
        PermissionMap {
            text: include_str!("../../data/permissions.txt").into(),
        }
    }

    /// Parses a map that [`PermissionMap::from_entries`] wrote.
    ///
    /// # Errors
    ///
    /// A line is malformed or out of order, the end is missing or followed by text, or there are no operations.
    pub fn parse(text: String) -> Result<Self, MalformedMap> {
        let mut text = match text.contains('\r') {
            true => text.replace("\r\n", "\n"),
            false => text,
        };
        if !text.ends_with('\n') {
            text.push('\n');
        }
        let mut after_end = text.lines().enumerate();
        if after_end.any(|(_, line)| line.starts_with(END))
            && let Some((nth, _)) = after_end.next()
        {
            return Err(MalformedMap {
                line: nth + 1,
                message: "the map continues after its last line",
            });
        }
        let comments = text.split_inclusive('\n');
        let header: String = comments.take_while(|line| line.starts_with('#')).collect();
        let map = PermissionMap { text: text.into() };
        let written = Self::write(header, map.entries());
        let mut lines = map.text.lines();
        for (nth, expected) in written.text.lines().enumerate() {
            let line = lines.next();
            if line == Some(expected) {
                continue;
            }
            let is_end = line.is_none_or(|line| line.starts_with('#'));
            let message = match expected.starts_with(END) && is_end {
                true => {
                    "the map is incomplete: its last line is missing, or has the wrong number of operations"
                }
                false => "malformed, or out of order",
            };
            return Err(MalformedMap {
                line: nth + 1,
                message,
            });
        }
        Ok(written)
    }

    /// Writes a map. Each line of the header becomes a comment. If an operation has two
    /// entries, the later one applies.
    pub fn from_entries(header: &str, entries: impl IntoIterator<Item = MapEntry>) -> Self {
        Self::write(commented(header), entries)
    }

    fn write(mut text: String, entries: impl IntoIterator<Item = MapEntry>) -> Self {
        let mut operations: BTreeMap<String, BTreeMap<String, Permissions>> = BTreeMap::new();
        for entry in entries {
            let methods = operations.entry(map_path(&entry.path)).or_default();
            methods.insert(entry.method, entry.permissions);
        }
        let count: usize = operations.values().map(BTreeMap::len).sum();
        for (path, methods) in operations {
            text.push_str(&path);
            text.push('\n');
            for (method, permissions) in methods {
                push_lines(&mut text, &method, &permissions);
            }
        }
        // A truncated map lacks this line.
        text.push_str(&format!("{END}{count} operations\n"));
        PermissionMap { text: text.into() }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The permissions of an operation. `None` means that they are not known.
    ///
    /// `path` may be a template or a path with literal keys. `generic` is the same path with a placeholder for every key
    /// and without casts: see [`ResourcePath::generic_template`]. The map has entries for some literal keys and
    /// casts; for others, the generic entry applies.
    ///
    /// [`ResourcePath::generic_template`]: crate::path::ResourcePath::generic_template
    pub fn find(&self, method: &str, path: &str, generic: &str) -> Option<Permissions> {
        lookups(path, generic).into_iter().find_map(|lookup| {
            let mut found = self.find_exact(method, &lookup.path)?;
            if lookup.delegated_only {
                found.application = None;
                // Users need less for their own account than for all.
                for access in found.accesses_mut() {
                    let least = &mut access.least;
                    least.sort_by_key(|it| it.permission.ends_with(".All"));
                }
            }
            (found != Permissions::default()).then_some(found)
        })
    }

    /// Whether the map has an entry for exactly this path.
    pub(crate) fn has(&self, method: &str, path: &str) -> bool {
        self.find_exact(method, &map_path(path)).is_some()
    }

    /// The permissions of a path in the form of the map.
    fn find_exact(&self, method: &str, path: &str) -> Option<Permissions> {
        let mut found = None;
        for line in lines_of_path(self.block(path)?) {
            let line = MapLine::parse(line).ok()?;
            if line.method == method {
                add(found.get_or_insert_default(), &line)?;
            }
        }
        found
    }

    /// All entries, by path and method.
    pub fn entries(&self) -> impl Iterator<Item = MapEntry> + '_ {
        let mut path = "";
        let mut lines = self.text.lines().peekable();
        std::iter::from_fn(move || {
            loop {
                let line = lines.next()?;
                let Some(line) = line.strip_prefix("  ") else {
                    path = line;
                    continue;
                };
                let Ok(line) = MapLine::parse(line) else {
                    continue;
                };
                let mut permissions = Permissions::default();
                add(&mut permissions, &line);
                let next = |next: &&str| {
                    let next = next.strip_prefix("  ").map(MapLine::parse);
                    matches!(next, Some(Ok(next)) if next.method == line.method)
                };
                while let Some(next) = lines.next_if(next) {
                    if let Ok(line) = MapLine::parse(next.trim_start()) {
                        add(&mut permissions, &line);
                    }
                }
                return Some(MapEntry {
                    path: path.to_owned(),
                    method: line.method.to_owned(),
                    permissions,
                });
            }
        })
    }

    /// The text after the line of a path, found by binary search.
    fn block(&self, path: &str) -> Option<&str> {
        let mut rest: &str = &self.text;
        loop {
            let (start, line) = middle_path(rest)?;
            match path.cmp(line) {
                Ordering::Equal => return rest.get(start + line.len() + 1..),
                Ordering::Less => rest = rest.get(..start)?,
                Ordering::Greater => rest = rest.get(start + line.len() + 1..)?,
            }
        }
    }
}

/// Lines as comments at the top of a map.
pub fn commented(lines: &str) -> String {
    let comment = |line: &str| match line {
        "" => "#\n".to_owned(),
        line => format!("# {line}\n"),
    };
    lines.lines().map(comment).collect()
}

/// The map is too long to print.
impl fmt::Debug for PermissionMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_struct("PermissionMap");
        map.field("bytes", &self.text.len()).finish_non_exhaustive()
    }
}

/// A path near the middle of a text, with its offset: the last one that starts in the first half, else the first one.
fn middle_path(text: &str) -> Option<(usize, &str)> {
    // Searches for one character are fast even in a build script, which is not optimized.
    let middle = (text.len() / 2..).find(|at| text.is_char_boundary(*at))?;
    let mut end = middle;
    while let Some(before) = text.get(..end)?.rfind('\n') {
        if let Some(path) = path_at(text, before + 1) {
            return Some((before + 1, path));
        }
        end = before;
    }
    let mut start = 0;
    loop {
        if let Some(path) = path_at(text, start) {
            return Some((start, path));
        }
        start += text.get(start..)?.find('\n')? + 1;
    }
}

/// The line at an offset, if it is a path.
fn path_at(text: &str, offset: usize) -> Option<&str> {
    let line = text.get(offset..)?;
    let line = line.starts_with('/').then_some(line)?;
    line.get(..line.find('\n')?)
}

fn lines_of_path(block: &str) -> impl Iterator<Item = &str> {
    block.lines().map_while(|line| line.strip_prefix("  "))
}

/// Adds a line to the permissions of an operation. `None` if it is malformed.
fn add(permissions: &mut Permissions, line: &MapLine<'_>) -> Option<()> {
    let access = line.access()?;
    for scheme in &line.schemes {
        *permissions.of_mut(*scheme) = Some(access.clone());
    }
    Some(())
}

/// Appends one line for all schemes that have the same permissions.
fn push_lines(text: &mut String, method: &str, permissions: &Permissions) {
    let mut written: Vec<Scheme> = Vec::new();
    for scheme in Scheme::ALL {
        let Some(access) = permissions.of(scheme) else {
            continue;
        };
        if written.contains(&scheme) {
            continue;
        }
        let same = |other: &Scheme| permissions.of(*other) == Some(access);
        let schemes: Vec<Scheme> = Scheme::ALL.into_iter().filter(same).collect();
        map_line::push_line(text, method, &schemes, access);
        written.extend(schemes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permissions::{Access, Requirement};

    const MAP: &str = "\
# From somewhere
/me/photo
  GET D User.Read > User.ReadWrite
  GET A ProfilePhoto.Read.All
  PUT D A.Write+B.Read
/policies/email
  PATCH A Email.Write
/policies/{}
  PATCH DPA > A B
/users/{}/manager
  PUT DA User.ReadWrite.All
# end: 5 operations
";

    fn map() -> PermissionMap {
        PermissionMap::parse(MAP.to_owned()).unwrap()
    }

    fn requirement(permission: &str, also: &[&str]) -> Requirement {
        Requirement {
            permission: permission.to_owned(),
            also: also.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn operations_are_found() {
        let get = map().find("GET", "/me/photo", "/me/photo").unwrap();
        let delegated = get.delegated.unwrap();
        assert_eq!(delegated.least, [requirement("User.Read", &[])]);
        assert_eq!(delegated.higher, [requirement("User.ReadWrite", &[])]);
        assert_eq!(get.personal, None);
        assert!(get.application.is_some());
        let put = map().find("PUT", "/me/Photo/$value", "/me/Photo/$value");
        let put = put.unwrap().delegated.unwrap();
        assert_eq!(put.least, [requirement("A.Write", &["B.Read"])]);
        let manager = map().find("PUT", "/me/manager/$ref", "/me/manager/$ref");
        let manager = manager.unwrap();
        assert!(manager.delegated.is_some() && manager.application.is_none());
        assert_eq!(map().find("DELETE", "/me/photo", "/me/photo"), None);
        assert_eq!(map().find("GET", "/me", "/me"), None);
        assert_eq!(map().find("GET", "/zoo", "/zoo"), None);
    }

    #[test]
    fn a_literal_key_has_its_own_entry_or_that_of_all() {
        let update = |key: &str| {
            let path = format!("/policies/{key}");
            let found = map().find("PATCH", &path, "/policies/{}").unwrap();
            found.application.unwrap()
        };
        assert_eq!(update("Email").least, [requirement("Email.Write", &[])]);
        let other = Access {
            higher: vec![requirement("A", &[]), requirement("B", &[])],
            ..Access::default()
        };
        assert_eq!(update("Sms"), other);
    }

    #[test]
    fn a_map_is_written_as_it_was_parsed() {
        let map = map();
        let entries: Vec<MapEntry> = map.entries().collect();
        let operations: Vec<(&str, &str)> = entries
            .iter()
            .map(|entry| (entry.method.as_str(), entry.path.as_str()))
            .collect();
        assert_eq!(
            operations,
            [
                ("GET", "/me/photo"),
                ("PUT", "/me/photo"),
                ("PATCH", "/policies/email"),
                ("PATCH", "/policies/{}"),
                ("PUT", "/users/{}/manager"),
            ]
        );
        for entry in &entries {
            let found = map.find(&entry.method, &entry.path, &entry.path);
            assert_eq!(found.as_ref(), Some(&entry.permissions), "{entry:?}");
        }
        let again = PermissionMap::from_entries("From somewhere", entries);
        assert_eq!(again.text(), map.text());
    }

    #[test]
    fn every_entry_of_the_built_in_map_is_found() {
        let map = PermissionMap::parse(PermissionMap::built_in().text().to_owned()).unwrap();
        for entry in map.entries().step_by(7) {
            let found = map.find(&entry.method, &entry.path, &entry.path);
            assert_eq!(found.as_ref(), Some(&entry.permissions), "{entry:?}");
        }
    }

    #[test]
    fn malformed_maps_are_rejected_with_the_line() {
        for (text, line) in [
            ("/a\n/A\n  GET D A\n", 2),
            ("/b\n  GET D A\n/a\n  GET D A\n", 1),
            ("  GET D A\n", 1),
            ("/a\n  GET D A\n  PUT\n", 3),
            ("/a\n  GET D A\n  PUT D\n", 3),
            ("/a\n  GET D A\n  PUT X A\n", 3),
            ("/a\n  GET D A\n  TRACE D A\n", 3),
            ("/a\n  GET AD A\n", 1),
            ("/a\n  GET D A\n  GET DA B\n", 2),
            ("/a\n  PUT D A\n  GET D B\n", 2),
            ("/a\n  GET D A\n  PUT D  A\n", 3),
            ("/a\n  GET D A\n  PUT D A+\n", 3),
            ("/a\n  GET D A\n  PUT D A+A\n", 3),
            ("/a\n  GET D A\n  PUT D and\n", 3),
            ("/a\n  GET D A\n  PUT D -\n", 3),
            ("/a\n  GET D A\n# b\n", 3),
            ("/a\n  GET D A\n", 3),
            ("/a\n  GET D A\n# end: 2 operations\n", 3),
            ("", 1),
            ("# end: 0 operations\n", 2),
            ("# empty", 2),
        ] {
            let error = PermissionMap::parse(text.to_owned()).unwrap_err();
            assert_eq!(error.line, line, "{text}: {error}");
        }
    }

    #[test]
    fn text_after_the_end_is_rejected() {
        for after in ["junk", "# end: 5 operations", "\n", MAP] {
            let error = PermissionMap::parse(format!("{MAP}{after}")).unwrap_err();
            assert_eq!(
                error.to_string(),
                "line 13: the map continues after its last line"
            );
        }
    }

    #[test]
    fn a_truncated_map_is_rejected() {
        for (end, _) in MAP.match_indices('\n') {
            let cut = MAP.get(..end).unwrap();
            let parsed = PermissionMap::parse(cut.to_owned());
            assert_eq!(parsed.is_ok(), end + 1 == MAP.len(), "{cut}");
        }
        let windows = MAP.replace('\n', "\r\n");
        assert_eq!(PermissionMap::parse(windows).unwrap().text(), MAP);
    }
}
