//! Chooses the least privileged permissions of an operation. The rules, and how often each applies, are in
//! `docs/permissions.md`.

use std::cmp::Reverse;
use std::collections::HashMap;

use msgraph_csdl::permissions::{Access, Requirement};

/// A permission that allows an operation for one scheme.
#[derive(Clone, Debug)]
pub(super) struct Granted<'d> {
    pub(super) permission: &'d str,
    /// Whether it is marked as the least privileged.
    pub(super) is_least: bool,
    /// Permissions of which one is also needed.
    pub(super) also: Vec<&'d str>,
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

impl Alternative<'_> {
    fn only_reads(&self) -> bool {
        self.names.iter().all(|name| only_reads(name))
    }

    fn writes_subject_of(&self, other: &Self) -> bool {
        let subjects = |alternative: &Self| alternative.names.first().map(|name| subject(name));
        !self.only_reads() && subjects(self) == subjects(other)
    }
}

/// The alternatives for an operation, the narrowest first.
pub(super) fn access(
    method: &str,
    path: &str,
    mut granted: Vec<Granted<'_>>,
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
fn join(granted: &mut Vec<Granted<'_>>) {
    for (reads, write) in TOGETHER {
        let is_read = |one: &Granted<'_>| reads.contains(&one.permission) && one.also.is_empty();
        let has_write = granted
            .iter()
            .any(|one| one.permission == write && one.also.is_empty());
        if has_write && granted.iter().any(|one| one.is_least && is_read(one)) {
            for one in granted.iter_mut().filter(|one| is_read(one)) {
                one.also.push(write);
            }
            granted.retain(|one| one.permission != write);
        }
    }
}

/// Drops permissions that only read and that other permissions for a write require: alone, they allow no write.
fn drop_companions(granted: &mut Vec<Granted<'_>>) {
    let required: Vec<&str> = granted
        .iter()
        .flat_map(|one| one.also.iter().copied())
        .collect();
    granted.retain(|one| {
        let alone = one.also.is_empty() && only_reads(one.permission);
        !(alone && required.contains(&one.permission))
    });
}

/// One alternative for each permission and each of those that it requires.
fn alternatives<'d>(granted: &[Granted<'d>]) -> Vec<Alternative<'d>> {
    let mut all: Vec<Alternative<'d>> = Vec::new();
    for one in granted {
        let narrow = narrowest(one, granted);
        let also = one.also.iter().copied();
        let pairs = also.map(|also| (vec![one.permission, also], narrow.contains(&also)));
        let single = one.also.is_empty().then(|| (vec![one.permission], true));
        for (mut names, is_narrow) in pairs.chain(single) {
            names.sort_by_key(|name| (only_reads(name), *name));
            let is_least = one.is_least && is_narrow;
            match all.iter_mut().find(|other| other.names == names) {
                Some(same) => same.is_least |= is_least,
                None => all.push(Alternative { names, is_least }),
            }
        }
    }
    let singles: Vec<&str> = all
        .iter()
        .filter_map(|alternative| match alternative.names.as_slice() {
            [name] => Some(*name),
            _ => None,
        })
        .collect();
    // A permission that suffices alone needs no other.
    all.retain(|alternative| {
        let names = &alternative.names;
        names.len() == 1 || !names.iter().any(|name| singles.contains(name))
    });
    all
}

/// The narrowest permissions that another one requires: those that are marked as the least privileged themselves, else
/// those that only read, else all.
fn narrowest<'d>(one: &Granted<'d>, granted: &[Granted<'d>]) -> Vec<&'d str> {
    let is_marked = |also: &&str| {
        let mut marked = granted.iter().filter(|other| other.is_least);
        marked.any(|other| other.permission == *also)
    };
    let reads = |also: &&str| only_reads(also);
    let of = |is: &dyn Fn(&&str) -> bool| -> Vec<&'d str> {
        one.also.iter().copied().filter(|also| is(also)).collect()
    };
    let marked = of(&is_marked);
    if !marked.is_empty() {
        return marked;
    }
    let reads = of(&reads);
    if reads.is_empty() {
        one.also.clone()
    } else {
        reads
    }
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
    let (mut kept, reads): (Vec<_>, Vec<_>) = std::mem::take(alternatives)
        .into_iter()
        .partition(|one| !(one.is_least && one.only_reads()));
    for read in reads {
        let mut least = kept.iter().filter(|one| one.is_least && !one.only_reads());
        let is_surplus = match method {
            "POST" => least.any(|one| one.writes_subject_of(&read)),
            _ => least.next().is_some(),
        };
        if !is_surplus {
            kept.push(read);
        }
    }
    *alternatives = kept;
}

/// Sorts by privilege: marked ones, then those that do not grant full control, then those that allow the fewest
/// operations.
fn sort(alternatives: &mut [Alternative<'_>], path: &str, reach: &Reach<'_>) {
    let least: Vec<String> = alternatives
        .iter()
        .filter(|one| one.is_least)
        .map(|one| one.names.join("+"))
        .collect();
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
        let mixed = subjects.collect::<std::collections::BTreeSet<_>>().len();
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
