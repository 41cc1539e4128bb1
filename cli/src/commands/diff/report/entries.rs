//! Groups changes by reason, and joins those that are alike: the members that are added to an enumeration, and
//! operations with the same change of permissions.

use crate::commands::diff::change::{Change, Kind, Subject};

/// Changes with the same verdict and reason.
pub(super) struct Group<'c> {
    pub(super) reason: &'c str,
    pub(super) entries: Vec<Entry<'c>>,
}

/// A change, or several that are alike.
pub(super) struct Entry<'c> {
    pub(super) first: &'c Change,
    more: Vec<&'c Change>,
}

/// Groups the changes in order of their first change.
pub(super) fn grouped(changes: Vec<&Change>) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for change in changes {
        let entry = Entry {
            first: change,
            more: Vec::new(),
        };
        match groups.iter_mut().find(|it| it.reason == change.reason) {
            None => groups.push(Group {
                reason: &change.reason,
                entries: vec![entry],
            }),
            Some(group) => match group.entry_of(change) {
                Some(same) => same.more.push(change),
                None => group.entries.push(entry),
            },
        }
    }
    groups
}

impl<'c> Group<'c> {
    /// The entry that a change is joined to.
    fn entry_of(&mut self, change: &Change) -> Option<&mut Entry<'c>> {
        if change.kind == Kind::Permissions {
            let mut entries = self.entries.iter_mut();
            return entries.find(|entry| has_same_permissions(entry.first, change));
        }
        let last = self.entries.last_mut();
        last.filter(|last| is_same_enumeration(last.first, change))
    }
}

fn is_same_enumeration(first: &Change, change: &Change) -> bool {
    let is_added =
        |change: &Change| change.subject == Subject::Member && change.kind == Kind::Added;
    is_added(first)
        && is_added(change)
        && split(first).0 == split(change).0
        && first.operations == change.operations
}

fn has_same_permissions(first: &Change, change: &Change) -> bool {
    first.kind == change.kind
        && (&first.what, &first.wire, &first.help) == (&change.what, &change.wire, &change.help)
}

impl<'c> Entry<'c> {
    fn all(&self) -> impl Iterator<Item = &'c Change> {
        std::iter::once(self.first).chain(self.more.iter().copied())
    }

    /// The element that has the change, an operation with its method; `None` for several operations.
    pub(super) fn element(&self) -> Option<String> {
        match (self.first.subject, self.more.len()) {
            (Subject::Operation, 0) => Some(request(self.first)),
            (Subject::Operation, _) => None,
            (_, 0) => Some(self.first.element.clone()),
            _ => Some(split(self.first).0.to_owned()),
        }
    }

    /// The affected operations that the element does not name.
    pub(super) fn operations(&self) -> Vec<String> {
        match (self.first.subject, self.more.len()) {
            (Subject::Operation, 0) => Vec::new(),
            (Subject::Operation, _) => self.all().map(request).collect(),
            _ => self.first.operations.clone(),
        }
    }

    pub(super) fn what(&self) -> String {
        if self.more.is_empty() || self.first.subject == Subject::Operation {
            return self.first.what.clone();
        }
        let names: Vec<String> = self
            .all()
            .map(|change| format!("`{}`", split(change).1))
            .collect();
        format!("{} new members: {}", names.len(), names.join(", "))
    }

    pub(super) fn rust(&self) -> Option<String> {
        if self.more.is_empty() || self.first.subject == Subject::Operation {
            self.first.rust.clone()
        } else {
            Some("adds a variant for each".to_owned())
        }
    }
}

/// The method and path of an operation.
fn request(change: &Change) -> String {
    match &change.method {
        Some(method) => format!("{method} {}", change.element),
        None => change.element.clone(),
    }
}

/// The type and the name of a property or member.
fn split(change: &Change) -> (&str, &str) {
    let element = change.element.as_str();
    element.rsplit_once('/').unwrap_or((element, element))
}
