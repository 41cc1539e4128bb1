//! Groups changes by reason, and joins the members that are added to an enumeration.

use crate::commands::diff::change::{Change, Kind, Subject};

/// Changes with the same verdict and reason.
pub(super) struct Group<'c> {
    pub(super) reason: &'c str,
    pub(super) entries: Vec<Entry<'c>>,
}

/// A change, or the members that are added to an enumeration.
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
            Some(group) => match group.entries.last_mut() {
                Some(last) if last.is_joined_by(change) => last.more.push(change),
                _ => group.entries.push(entry),
            },
        }
    }
    groups
}

impl Entry<'_> {
    fn is_joined_by(&self, change: &Change) -> bool {
        let is_added =
            |change: &Change| change.subject == Subject::Member && change.kind == Kind::Added;
        is_added(self.first)
            && is_added(change)
            && split(self.first).0 == split(change).0
            && self.first.operations == change.operations
    }

    pub(super) fn element(&self) -> &str {
        if self.more.is_empty() {
            &self.first.element
        } else {
            split(self.first).0
        }
    }

    pub(super) fn what(&self) -> String {
        if self.more.is_empty() {
            return self.first.what.clone();
        }
        let all = std::iter::once(&self.first).chain(&self.more);
        let names: Vec<String> = all.map(|change| format!("`{}`", split(change).1)).collect();
        format!("{} new members: {}", names.len(), names.join(", "))
    }

    pub(super) fn rust(&self) -> Option<String> {
        if self.more.is_empty() {
            self.first.rust.clone()
        } else {
            Some("adds a variant for each".to_owned())
        }
    }
}

/// The type and the name of a property or member.
fn split(change: &Change) -> (&str, &str) {
    let element = change.element.as_str();
    element.rsplit_once('/').unwrap_or((element, element))
}
