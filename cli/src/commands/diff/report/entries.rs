//! Changes as a reader sees them: by reason, so that each is said once, and the members that an
//! enumeration has now in one entry.

use crate::commands::diff::change::{Change, Kind, Subject};

/// Changes with one verdict for one reason.
pub(super) struct Group<'c> {
    pub(super) reason: &'c str,
    pub(super) entries: Vec<Entry<'c>>,
}

/// A change, or the added members of an enumeration.
pub(super) struct Entry<'c> {
    pub(super) first: &'c Change,
    more: Vec<&'c Change>,
}

/// Groups and entries in the order of their first changes.
pub(super) fn grouped(changes: Vec<&Change>) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for change in changes {
        let known = groups.iter().position(|it| it.reason == change.reason);
        let entry = Entry {
            first: change,
            more: Vec::new(),
        };
        match known.and_then(|at| groups.get_mut(at)) {
            Some(group) => group.push(entry),
            None => groups.push(Group {
                reason: &change.reason,
                entries: vec![entry],
            }),
        }
    }
    groups
}

impl<'c> Group<'c> {
    fn push(&mut self, entry: Entry<'c>) {
        // In order of name, so that those of one enumeration stand together.
        match self.entries.last_mut() {
            Some(last) if last.is_joined_by(entry.first) => last.more.push(entry.first),
            _ => self.entries.push(entry),
        }
    }
}

impl Entry<'_> {
    fn is_joined_by(&self, change: &Change) -> bool {
        let is_added =
            |change: &Change| change.subject == Subject::Member && change.kind == Kind::Added;
        is_added(self.first)
            && is_added(change)
            && enumeration(self.first) == enumeration(change)
            && self.first.updates == change.updates
    }

    fn members(&self) -> impl Iterator<Item = &str> {
        let all = std::iter::once(self.first).chain(self.more.iter().copied());
        all.map(|change| {
            let name = change.element.rsplit_once('/');
            name.map_or(change.element.as_str(), |(_, name)| name)
        })
    }

    pub(super) fn element(&self) -> &str {
        if self.more.is_empty() {
            &self.first.element
        } else {
            enumeration(self.first)
        }
    }

    pub(super) fn what(&self) -> String {
        if self.more.is_empty() {
            return self.first.what.clone();
        }
        let names: Vec<String> = self.members().map(|name| format!("`{name}`")).collect();
        format!("{} members more: {}", names.len(), names.join(", "))
    }

    pub(super) fn rust(&self) -> Option<String> {
        if self.more.is_empty() {
            self.first.rust.clone()
        } else {
            Some("a variant for each comes".to_owned())
        }
    }
}

/// The enumeration of a member.
fn enumeration(change: &Change) -> &str {
    let element = change.element.as_str();
    element.rsplit_once('/').map_or(element, |(ty, _)| ty)
}
