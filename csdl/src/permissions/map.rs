//! The permissions of all operations, in a text that is searched without parsing all of it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use super::map_line::{self, MapLine};
use super::map_path::map_path;
use super::{Permissions, Scheme};

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

/// Why a text is not a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MalformedMap {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
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

    /// Parses a map.
    ///
    /// # Errors
    ///
    /// A line is malformed, or the paths are not sorted.
    pub fn parse(text: String) -> Result<Self, MalformedMap> {
        let text = match text.contains('\r') {
            true => text.replace("\r\n", "\n"),
            false => text,
        };
        check(&text)?;
        Ok(PermissionMap { text: text.into() })
    }

    /// Writes a map. Each line of the header becomes a comment. Of two entries for one operation,
    /// the later one counts.
    pub fn from_entries(header: &str, entries: impl IntoIterator<Item = MapEntry>) -> Self {
        let mut operations: BTreeMap<String, BTreeMap<String, Permissions>> = BTreeMap::new();
        for entry in entries {
            let methods = operations.entry(map_path(&entry.path)).or_default();
            methods.insert(entry.method, entry.permissions);
        }
        let mut text = String::new();
        for line in header.lines() {
            text.push_str(if line.is_empty() { "#" } else { "# " });
            text.push_str(line);
            text.push('\n');
        }
        for (path, methods) in operations {
            text.push_str(&path);
            text.push('\n');
            for (method, permissions) in methods {
                push_lines(&mut text, &method, &permissions);
            }
        }
        PermissionMap { text: text.into() }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The permissions of an operation. `None` means that they are not known.
    ///
    /// `generic` is the same path with a placeholder for every key: a map has entries for some
    /// literal keys, and else for all.
    pub fn find(&self, method: &str, path: &str, generic: &str) -> Option<Permissions> {
        let path = map_path(path);
        self.find_exact(method, &path).or_else(|| {
            let generic = map_path(generic);
            let differs = generic != path;
            differs.then(|| self.find_exact(method, &generic)).flatten()
        })
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
            let bytes = rest.as_bytes();
            // The last line of a path in the first half; without one, the first in the second half.
            let middle = bytes.len() / 2;
            let start = last_path(bytes.get(..=middle)?)
                .or_else(|| Some(middle + next_path(bytes.get(middle..)?)?));
            let start = start.or_else(|| bytes.starts_with(b"/").then_some(0))?;
            let (before, from) = rest.split_at_checked(start)?;
            let (found, after) = from.split_once('\n')?;
            match path.cmp(found) {
                std::cmp::Ordering::Equal => return Some(after),
                std::cmp::Ordering::Less => rest = before,
                std::cmp::Ordering::Greater => rest = after,
            }
        }
    }
}

/// The map is too long to print.
impl fmt::Debug for PermissionMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_struct("PermissionMap");
        map.field("bytes", &self.text.len()).finish_non_exhaustive()
    }
}

/// The offset of the last line that starts with a slash and is not the first line.
fn last_path(bytes: &[u8]) -> Option<usize> {
    let mut lines = bytes.windows(2);
    Some(lines.rposition(|pair| pair == b"\n/")? + 1)
}

/// The offset of the first line that starts with a slash and is not the first line.
fn next_path(bytes: &[u8]) -> Option<usize> {
    let mut lines = bytes.windows(2);
    Some(lines.position(|pair| pair == b"\n/")? + 1)
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

fn check(text: &str) -> Result<(), MalformedMap> {
    let mut path: Option<&str> = None;
    let mut before: Option<MapLine<'_>> = None;
    for (nth, line) in text.lines().enumerate() {
        let malformed = |message| MalformedMap {
            line: nth + 1,
            message,
        };
        if line.starts_with('#') && path.is_none() {
            continue;
        }
        let Some(line) = line.strip_prefix("  ") else {
            if map_path(line) != line || line.is_empty() {
                return Err(malformed("not a path, a method or a comment at the top"));
            }
            if path.is_some_and(|path| path >= line) {
                return Err(malformed("the paths are not sorted"));
            }
            path = Some(line);
            before = None;
            continue;
        };
        if path.is_none() {
            return Err(malformed("no path precedes it"));
        }
        let line = MapLine::parse(line).map_err(malformed)?;
        line.access()
            .ok_or_else(|| malformed("no permissions, or a malformed name"))?;
        if before.is_some_and(|before| before.method > line.method) {
            return Err(malformed("the methods are not sorted"));
        }
        before = Some(line);
    }
    Ok(())
}
