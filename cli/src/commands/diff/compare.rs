//! Compares two surveys of one selection.
//!
//! The index has resolved aliases, flattened inheritance and enumerated paths, so every difference in it
//! affects users. A change of an inherited property is one change of the declaring type. Changes with one
//! cause are reported once, at the element that causes them.

mod bodies;
mod causes;
mod declarations;
mod documentation;
mod enumerations;
mod fields;
mod operations;
mod permissions;
mod responses;
mod retyped;
mod sorts;
mod spelling;
mod unions;
mod wording;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use msgraph_codegen::command::Survey;
use msgraph_codegen::command::catalogue::Declaration;
use msgraph_codegen::ir::{AcceptedType, Api, Operation, Struct};
use msgraph_csdl::permissions::Permissions;

use super::change::Change;
use super::consent::{Consent, ConsentChange};
use super::reach::Reach;
use crate::support::index::names_type;
use crate::support::type_name::supertypes;

/// The differences between two surveys.
#[derive(Debug)]
pub struct Differences {
    /// The changes, highest verdict first.
    pub changes: Vec<Change>,
    /// How the smallest sets of permissions change.
    pub consent: Vec<ConsentChange>,
}

/// Compares two surveys.
pub fn compare(old: &Survey, new: &Survey) -> Differences {
    let moved = moved(old, new);
    let mut comparison = Comparison {
        old: Side::new(old),
        new: Side::new(new),
        moved_from: moved.iter().map(|(old, new)| (*new, *old)).collect(),
        moved,
        changed_flags: changed_flags(&old.index, &new.index),
        consent: Consent::new(permissions(&old.index), permissions(&new.index)),
        changes: BTreeMap::new(),
    };
    comparison.operations();
    comparison.types();
    comparison.unions();
    comparison.enumerations();
    let changes = comparison.changes.into_iter();
    let changes = changes.map(|(change, affected)| Change {
        items: affected.items.into_iter().collect(),
        operations: affected.operations.into_iter().collect(),
        ..change
    });
    let mut changes: Vec<Change> = changes.collect();
    changes.sort_by_key(|change| Reverse(change.verdict));
    Differences {
        changes,
        consent: comparison.consent.changes(),
    }
}

/// The permissions of the operations for which they are known.
fn permissions(index: &Api) -> impl Iterator<Item = &Permissions> + Clone {
    let known = index.operations.iter();
    let known = known.filter_map(|operation| operation.permissions.as_ref());
    known.map(|known| &known.permissions)
}

/// One of the two surveys.
struct Side<'s> {
    index: &'s Api,
    /// All declared types by CSDL name.
    types: &'s BTreeMap<String, Declaration>,
    /// The CSDL names of the generated structs, markers and enums.
    items: BTreeSet<&'s str>,
    /// The same by Rust path.
    by_rust: BTreeMap<&'s str, &'s str>,
    reach: Reach<'s>,
}

impl<'s> Side<'s> {
    fn new(survey: &'s Survey) -> Self {
        Side {
            index: &survey.index,
            types: &survey.types,
            items: items(&survey.index).map(|(csdl, _)| csdl).collect(),
            by_rust: items(&survey.index)
                .map(|(csdl, rust)| (rust, csdl))
                .collect(),
            reach: Reach::new(&survey.index),
        }
    }

    fn supertypes(&self, ty: &'s str) -> impl Iterator<Item = &'s str> {
        supertypes(ty, self.types)
    }

    fn is_subtype(&self, ty: &'s str, base: &str) -> bool {
        self.supertypes(ty).skip(1).any(|of| of == base)
    }

    /// Whether some value of a type has `@odata.type`.
    fn writes_type_name(&self, ty: &Struct) -> bool {
        let is_it = |accepted: &AcceptedType| accepted.ty == ty.ty;
        let mut unions = self.index.unions.iter();
        let mut operations = self.index.operations.iter();
        ty.writes_odata_type
            || unions.any(|union| union.ty != ty.ty && union.members.iter().any(is_it))
            || operations.any(|operation| {
                names_type(operation, &ty.ty) && operation.bodies.iter().any(is_it)
            })
    }

    /// The CSDL type of a navigation property, possibly inherited.
    fn navigation(&self, ty: &'s str, property: &str) -> Option<&'s str> {
        self.supertypes(ty)
            .find_map(|ty| self.types.get(ty)?.navigation.get(property))
            .map(String::as_str)
    }
}

/// What a change affects.
#[derive(Default)]
struct Affected {
    items: BTreeSet<String>,
    operations: BTreeSet<String>,
}

/// The CSDL name and Rust path of a type or enumeration on each side that has it.
#[derive(Clone, Copy, Default)]
struct Place<'s> {
    old: Option<(&'s str, &'s str)>,
    new: Option<(&'s str, &'s str)>,
}

struct Comparison<'s> {
    old: Side<'s>,
    new: Side<'s>,
    /// The new names of types that are declared in another namespace or spelled differently.
    moved: BTreeMap<&'s str, &'s str>,
    /// Their old names.
    moved_from: BTreeMap<&'s str, &'s str>,
    /// The enumerations that became flags, or no longer are.
    changed_flags: BTreeSet<&'s str>,
    /// The smallest sets of permissions.
    consent: Consent,
    /// A change of an inherited property is found for each subtype.
    changes: BTreeMap<Change, Affected>,
}

impl<'s> Comparison<'s> {
    /// Adds a change of an operation.
    fn push_at(&mut self, operation: &Operation, mut change: Change) {
        change.method = Some(operation.method.to_string());
        let affected = self.changes.entry(change).or_default();
        affected.operations.insert(operation.path.clone());
    }

    /// Adds a change of a type or enumeration.
    fn push(&mut self, place: Place<'s>, change: Change) {
        let affected = self.changes.entry(change).or_default();
        let rust = place.new.or(place.old).map(|(_, rust)| rust.to_owned());
        affected.items.extend(rust);
        for (side, at) in [(&self.old, place.old), (&self.new, place.new)] {
            let paths = at.map(|(csdl, rust)| side.reach.paths(csdl, rust));
            let paths = paths.into_iter().flatten().map(str::to_owned);
            affected.operations.extend(paths);
        }
    }

    /// The new name of a type.
    fn new_name<'n>(&self, old: &'n str) -> &'n str
    where
        's: 'n,
    {
        self.moved.get(old).copied().unwrap_or(old)
    }

    /// The old name of a type.
    fn old_name(&self, new: &'s str) -> &'s str {
        self.moved_from.get(new).copied().unwrap_or(new)
    }
}

/// An element of both sides, or of one.
enum Paired<'s, T> {
    Both(&'s T, &'s T),
    Removed(&'s T),
    Added(&'s T),
}

/// Pairs elements by name: the old ones in their order, then added ones in order of name.
fn paired<'s, T, N: Ord>(
    old: &'s [T],
    new: &'s [T],
    new_name: impl Fn(&'s T) -> N,
    name: impl Fn(&'s T) -> N,
) -> Vec<Paired<'s, T>> {
    let mut rest: BTreeMap<N, &T> = new.iter().map(|it| (name(it), it)).collect();
    let old = old.iter();
    let old = old.map(|before| match rest.remove(&new_name(before)) {
        Some(after) => Paired::Both(before, after),
        None => Paired::Removed(before),
    });
    let mut pairs: Vec<_> = old.collect();
    pairs.extend(rest.into_values().map(Paired::Added));
    pairs
}

/// The CSDL name and Rust path of each generated item.
fn items(index: &Api) -> impl Iterator<Item = (&str, &str)> {
    let types = index.structs.iter().map(|it| (&it.ty, &it.rust));
    let unions = index.unions.iter().map(|it| (&it.ty, &it.rust));
    let enumerations = index.enumerations.iter().map(|it| (&it.ty, &it.rust));
    let all = types.chain(unions).chain(enumerations);
    all.map(|(csdl, rust)| (csdl.as_str(), rust.as_str()))
}

/// The new names of types that only the old side has: the same name in another namespace, or another
/// spelling.
fn moved<'s>(old: &'s Survey, new: &'s Survey) -> BTreeMap<&'s str, &'s str> {
    let local = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    let names = |survey: &'s Survey| survey.types.keys().map(String::as_str).collect();
    let (mut before, mut after): (BTreeSet<&str>, BTreeSet<&str>) = (names(old), names(new));
    let mut moved = BTreeMap::new();
    let keys: [&dyn Fn(&str) -> String; 2] = [&local, &|name| spelling::fold(&local(name))];
    for key in keys {
        let mut found = spelling::pairs(&before, &after, key);
        found.retain(|before, after| are_alike((old, before), (new, after)));
        before.retain(|name| !found.contains_key(name));
        after.retain(|name| !found.values().any(|found| found == name));
        moved.extend(found);
    }
    moved
}

/// Whether two types may be the same: they have the same kind, and if both are generated, the new one has
/// at least half of the old properties or members.
fn are_alike(old: (&Survey, &str), new: (&Survey, &str)) -> bool {
    let kind = |(survey, name): (&Survey, &str)| Some(survey.types.get(name)?.kind);
    kind(old) == kind(new)
        && match (declares(old), declares(new)) {
            (Some(old), Some(new)) => old.intersection(&new).count() * 2 >= old.len(),
            _ => true,
        }
}

/// The folded names of the members of a generated enumeration, or of the properties that a generated type
/// declares.
fn declares((survey, name): (&Survey, &str)) -> Option<BTreeSet<String>> {
    let Api {
        structs,
        enumerations,
        ..
    } = &survey.index;
    // The index is sorted by name.
    if let Ok(at) = structs.binary_search_by(|ty| ty.ty.as_str().cmp(name)) {
        let ty = structs.get(at)?;
        let fields = ty.fields.iter().map(|it| (&it.declared_by, &it.wire));
        let left_out = ty.left_out.iter().map(|it| (&it.declared_by, &it.wire));
        let own = fields.chain(left_out).filter(|(by, _)| *by == name);
        return Some(own.map(|(_, wire)| spelling::fold(wire)).collect());
    }
    let at = enumerations.binary_search_by(|ty| ty.ty.as_str().cmp(name));
    let members = enumerations.get(at.ok()?)?.members.iter();
    Some(members.map(|it| spelling::fold(&it.wire)).collect())
}

fn changed_flags<'s>(old: &'s Api, new: &'s Api) -> BTreeSet<&'s str> {
    let before = old.enumerations.iter().map(|ty| (&ty.ty, ty.flags));
    let before: BTreeMap<&String, bool> = before.collect();
    let changed = new.enumerations.iter().filter(|ty| {
        let flags = before.get(&ty.ty);
        flags.is_some_and(|flags| *flags != ty.flags)
    });
    changed.map(|ty| ty.ty.as_str()).collect()
}
