//! The permissions that an app needs consent to: the smallest set for the operations of each side.

use std::collections::{BTreeMap, BTreeSet};

use msgraph_csdl::permissions::{Access, Permissions, Requirement, Scheme};
use serde::{Serialize, Serializer};

use super::schemes::{in_common, names};
use crate::support::smallest_set::smallest_set;

/// The smallest sets of both sides.
#[derive(Debug)]
pub(super) struct Consent {
    old: BTreeMap<Scheme, BTreeSet<String>>,
    new: BTreeMap<Scheme, BTreeSet<String>>,
}

/// How the smallest set changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConsentChange {
    /// The schemes with this change, by name.
    #[serde(serialize_with = "as_names")]
    pub schemes: Vec<Scheme>,
    /// The permissions that are no longer needed.
    pub removed: Vec<String>,
    /// The permissions that apps need consent to.
    pub added: Vec<String>,
}

fn as_names<S: Serializer>(schemes: &[Scheme], serializer: S) -> Result<S::Ok, S::Error> {
    names(schemes).serialize(serializer)
}

impl Consent {
    pub(super) fn new<'p>(
        old: impl Iterator<Item = &'p Permissions> + Clone,
        new: impl Iterator<Item = &'p Permissions> + Clone,
    ) -> Self {
        Consent {
            old: smallest_sets(old),
            new: smallest_sets(new),
        }
    }

    /// The changes, without schemes whose set is the same.
    pub(super) fn changes(&self) -> Vec<ConsentChange> {
        let none = BTreeSet::new();
        let groups = in_common(|scheme| {
            let old = self.old.get(&scheme).unwrap_or(&none);
            let new = self.new.get(&scheme).unwrap_or(&none);
            let [removed, added] = [old - new, new - old].map(Vec::from_iter);
            (removed, added)
        });
        let changes = groups.into_iter();
        let changes = changes.map(|(schemes, (removed, added))| ConsentChange {
            schemes,
            removed,
            added,
        });
        changes
            .filter(|it| !it.removed.is_empty() || !it.added.is_empty())
            .collect()
    }

    /// Whether an app with consent to the old set could perform an operation, and no longer can.
    pub(super) fn is_rejected(&self, scheme: Scheme, old: &Access, new: &Access) -> bool {
        let is_granted = |name: &str| contains(&self.old, scheme, name);
        old.is_allowed(is_granted) && !new.is_allowed(is_granted)
    }

    /// The permissions of the new set that allow an operation, without those of the old set: `A`, or `A and B`. If the
    /// new set does not allow the operation, all alternatives.
    pub(super) fn additions(&self, scheme: Scheme, access: &Access) -> Vec<String> {
        let Some(requirement) = access.met_by(|name| contains(&self.new, scheme, name)) else {
            return access.all().map(Requirement::to_string).collect();
        };
        let names = requirement.names();
        let added: Vec<&str> = names
            .filter(|name| !contains(&self.old, scheme, name))
            .collect();
        let text = (!added.is_empty()).then(|| added.join(" and "));
        text.into_iter().collect()
    }
}

fn contains(sets: &BTreeMap<Scheme, BTreeSet<String>>, scheme: Scheme, name: &str) -> bool {
    sets.get(&scheme).is_some_and(|set| set.contains(name))
}

fn smallest_sets<'p>(
    operations: impl Iterator<Item = &'p Permissions> + Clone,
) -> BTreeMap<Scheme, BTreeSet<String>> {
    let sets = Scheme::ALL.into_iter().map(|scheme| {
        let accesses: Vec<&Access> = operations.clone().filter_map(|it| it.of(scheme)).collect();
        let set = smallest_set(&accesses, &BTreeSet::new());
        (scheme, set.into_iter().map(str::to_owned).collect())
    });
    sets.collect()
}
