//! Chooses the least privileged permissions of an operation.

use std::cmp::Reverse;
use std::collections::HashMap;

use msgraph_csdl::permissions::{Access, Requirement};

/// A permission that allows an operation for one scheme.
#[derive(Clone, Debug)]
pub(super) struct Granted<'d> {
    pub(super) permission: &'d str,
    pub(super) is_least: bool,
    pub(super) also: Vec<&'d str>,
}

/// How many operations each permission allows.
pub(super) type Reach<'d> = HashMap<&'d str, usize>;

/// The alternatives for an operation, the narrowest first.
pub(super) fn access(method: &str, mut granted: Vec<Granted<'_>>, reach: &Reach<'_>) -> Access {
    let width = |name: &str| reach.get(name).copied().unwrap_or_default();
    granted.sort_by_key(|one| (Reverse(one.is_least), width(one.permission), one.permission));
    let reads = granted
        .iter()
        .any(|one| one.is_least && only_reads(one.permission));
    let mut access = Access::default();
    for one in granted {
        let exceeds = method == "GET" && reads && !only_reads(one.permission);
        let list = match one.is_least && !exceeds {
            true => &mut access.least,
            false => &mut access.higher,
        };
        list.push(Requirement {
            permission: one.permission.to_owned(),
            also: one.also.into_iter().map(str::to_owned).collect(),
        });
    }
    access
}

/// Whether a permission allows reading only.
fn only_reads(permission: &str) -> bool {
    let mut parts = permission.split('.').skip(1);
    parts.any(|part| part.starts_with("Read") && !part.starts_with("ReadWrite"))
}
