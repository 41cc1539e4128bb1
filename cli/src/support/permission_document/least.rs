//! Chooses the least privileged permissions of an operation. The rules, and how often each applies, are in
//! `docs/permissions.md`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use msgraph_csdl::permissions::{Access, Requirement};

/// The permissions that allow an operation for one scheme, by name.
pub(super) type Granted<'d> = BTreeMap<&'d str, Grant<'d>>;

/// How a permission allows an operation.
#[derive(Debug, Default)]
pub(super) struct Grant<'d> {
    /// Whether it is marked as the least privileged.
    pub(super) is_least: bool,
    /// Permissions of which one is also needed.
    pub(super) also: BTreeSet<&'d str>,
}

/// How many operations each permission allows.
pub(super) type Reach<'d> = HashMap<&'d str, usize>;

/// Permissions that only read, and the permission to write without which they allow no write. The data marks those that
/// read as the least privileged and lists the one that writes as an alternative. The pages require both.
const TOGETHER: [(&[&str], &str); 2] = [
    // https://learn.microsoft.com/graph/api/conditionalaccesspolicy-update
    (
        &["Policy.Read.All", "Application.Read.All"],
        "Policy.ReadWrite.ConditionalAccess",
    ),
    // https://learn.microsoft.com/graph/api/appmanagementpolicy-post-appliesto
    (
        &["Application.Read.All"],
        "Policy.ReadWrite.ApplicationConfiguration",
    ),
];

/// Permissions that are needed together.
struct Alternative<'d> {
    /// Permissions that allow writing are first.
    names: Vec<&'d str>,
    is_least: bool,
}

impl<'d> Alternative<'d> {
    fn only_reads(&self) -> bool {
        self.names.iter().all(|name| only_reads(name))
    }

    fn subject(&self) -> Option<&'d str> {
        self.names.first().map(|name| subject(name))
    }
}

/// The alternatives for an operation, the narrowest first.
pub(super) fn access(
    method: &str,
    path: &str,
    mut granted: Granted<'_>,
    reach: &Reach<'_>,
) -> Access {
    if method != "GET" {
        join(&mut granted);
        drop_companions(&mut granted);
    }
    let mut alternatives = alternatives(&granted);
    match method {
        "GET" => prefer_reads(&mut alternatives),
        _ => drop_reads(method, &mut alternatives),
    }
    // Nothing is narrower than the only permission, even if it is not marked.
    if let [only] = alternatives.as_mut_slice() {
        only.is_least = true;
    }
    sort(&mut alternatives, path, reach);
    let mut access = Access::default();
    for alternative in alternatives {
        let list = match alternative.is_least {
            true => &mut access.least,
            false => &mut access.higher,
        };
        let mut names = alternative.names.into_iter().map(str::to_owned);
        if let Some(permission) = names.next() {
            list.push(Requirement {
                permission,
                also: names.collect(),
            });
        }
    }
    access
}

/// Makes a write require both permissions of [`TOGETHER`].
fn join(granted: &mut Granted<'_>) {
    for (reads, write) in TOGETHER {
        let is_alone = |name: &&str| granted.get(*name).is_some_and(|one| one.also.is_empty());
        let reads: Vec<&str> = reads.iter().copied().filter(is_alone).collect();
        let mut marked = reads.iter().filter_map(|name| granted.get(name));
        if is_alone(&write) && marked.any(|one| one.is_least) {
            for name in reads {
                granted.entry(name).or_default().also.insert(write);
            }
            granted.remove(write);
        }
    }
}

/// Drops permissions that only read and that other permissions for a write require: alone, they allow no write.
fn drop_companions(granted: &mut Granted<'_>) {
    let required = granted.values().flat_map(|one| one.also.iter().copied());
    let required: BTreeSet<&str> = required.collect();
    granted.retain(|name, one| {
        let alone = one.also.is_empty() && only_reads(name);
        !(alone && required.contains(name))
    });
}

/// One alternative for each permission and each of those that it requires.
fn alternatives<'d>(granted: &Granted<'d>) -> Vec<Alternative<'d>> {
    let mut all: BTreeMap<Vec<&'d str>, bool> = BTreeMap::new();
    for (name, one) in granted {
        let narrow = narrowest(one, granted);
        let also = one.also.iter().copied();
        let pairs = also.map(|also| (vec![*name, also], narrow.contains(also)));
        let single = one.also.is_empty().then(|| (vec![*name], true));
        for (mut names, is_narrow) in pairs.chain(single) {
            names.sort_by_key(|name| (only_reads(name), *name));
            *all.entry(names).or_default() |= one.is_least && is_narrow;
        }
    }
    // A permission that suffices alone needs no other.
    let singles = all.keys().filter(|names| names.len() == 1);
    let singles: BTreeSet<&str> = singles.flatten().copied().collect();
    all.into_iter()
        .filter(|(names, _)| names.len() == 1 || !names.iter().any(|name| singles.contains(name)))
        .map(|(names, is_least)| Alternative { names, is_least })
        .collect()
}

/// The narrowest permissions that another one requires: those that are marked as the least privileged themselves, else
/// those that only read, else all.
fn narrowest<'d>(one: &Grant<'d>, granted: &Granted<'d>) -> BTreeSet<&'d str> {
    let is_marked = |also: &str| granted.get(also).is_some_and(|other| other.is_least);
    let of = |is: &dyn Fn(&str) -> bool| -> BTreeSet<&'d str> {
        one.also.iter().copied().filter(|also| is(also)).collect()
    };
    let narrower = [of(&is_marked), of(&only_reads)];
    let mut narrower = narrower.into_iter().filter(|names| !names.is_empty());
    narrower.next().unwrap_or_else(|| one.also.clone())
}

/// If several are marked for a GET, makes only those that only read the least privileged.
fn prefer_reads(alternatives: &mut [Alternative<'_>]) {
    let reads = |one: &Alternative<'_>| one.is_least && one.only_reads();
    if alternatives.iter().any(reads) {
        for one in alternatives {
            one.is_least &= one.only_reads();
        }
    }
}

/// Drops permissions that only read and are marked for a write next to one that writes. A POST may read, so for it, only
/// those of the same subject are dropped.
fn drop_reads(method: &str, alternatives: &mut Vec<Alternative<'_>>) {
    let least = alternatives
        .iter()
        .filter(|one| one.is_least && !one.only_reads());
    let written: BTreeSet<&str> = least.filter_map(Alternative::subject).collect();
    alternatives.retain(|one| {
        let is_surplus = match method {
            "POST" => one
                .subject()
                .is_some_and(|subject| written.contains(subject)),
            _ => !written.is_empty(),
        };
        !(one.is_least && one.only_reads() && is_surplus)
    });
}

/// Sorts by privilege: marked ones, then those that do not grant full control, then those that allow the fewest
/// operations.
fn sort(alternatives: &mut [Alternative<'_>], path: &str, reach: &Reach<'_>) {
    let least = alternatives.iter().filter(|one| one.is_least);
    let least: BTreeSet<String> = least.map(|one| one.names.join("+")).collect();
    alternatives.sort_by_cached_key(|one| {
        let names: Vec<String> = one.names.iter().map(|name| (*name).to_owned()).collect();
        let reach = names
            .iter()
            .map(|name| reach.get(name.as_str()).copied().unwrap_or_default());
        // `X` allows the signed-in user's own resources only, `X.All` those of all users.
        let own = one.is_least
            && path.starts_with("/users/{}")
            && least.contains(&format!("{}.All", names.join("+")));
        let subjects = names.iter().map(|name| subject(name).to_owned());
        let mixed = subjects.collect::<BTreeSet<_>>().len();
        let controls = names.iter().any(|name| name.contains(".FullControl"));
        (
            Reverse(one.is_least),
            own,
            mixed,
            controls,
            reach.sum::<usize>(),
            names,
        )
    });
}

/// The part before the first dot: `Policy`.
fn subject(permission: &str) -> &str {
    permission.split('.').next().unwrap_or(permission)
}

/// Whether a permission allows reading only.
fn only_reads(permission: &str) -> bool {
    let mut parts = permission.split('.').skip(1);
    parts.any(|part| part.starts_with("Read") && !part.starts_with("ReadWrite"))
}
