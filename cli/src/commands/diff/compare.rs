//! Two surveys of one selection, and the changes between them.
//!
//! An index is what is left when aliases are resolved, inheritance is flattened and paths are
//! walked: what differs here differs for the user of the code, and what does not was moved about. A
//! change of a property that many types inherit is one change, of the type that declares it. So is
//! what follows from one cause: the change of the element that it starts at names it.

mod bodies;
mod causes;
mod declarations;
mod documentation;
mod enumerations;
mod fields;
mod operations;
mod retyped;
mod spelling;
mod turned;
mod unions;
mod wording;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use msgraph_codegen::command::Survey;
use msgraph_codegen::command::catalogue::Declaration;
use msgraph_codegen::index::{Accepted, Index, Operation, Type};

use super::change::Change;
use super::reach::Reach;

/// The changes from one survey to another, the gravest first.
pub fn compare(old: &Survey, new: &Survey) -> Vec<Change> {
    let moved = moved(old, new);
    let mut comparison = Comparison {
        old: Side::of(old),
        new: Side::of(new),
        moved_from: moved.iter().map(|(old, new)| (*new, *old)).collect(),
        moved,
        turned_flags: turned_flags(&old.index, &new.index),
        changes: BTreeMap::new(),
    };
    comparison.operations();
    comparison.types();
    comparison.unions();
    comparison.enumerations();
    let changes = comparison.changes.into_iter();
    let mut changes: Vec<Change> = changes
        .map(|(change, touched)| Change {
            items: touched.items.into_iter().collect(),
            updates: touched.updates.into_iter().collect(),
            ..change
        })
        .collect();
    changes.sort_by_key(|change| Reverse(change.verdict));
    changes
}

/// One of the two surveys.
struct Side<'s> {
    index: &'s Index,
    /// All types in the metadata, by CSDL name.
    types: &'s BTreeMap<String, Declaration>,
    /// The CSDL names of what has an item in the output.
    items: BTreeSet<&'s str>,
    /// The CSDL name of each struct, marker and enum of the output, by its Rust path.
    by_rust: BTreeMap<&'s str, &'s str>,
    reach: Reach<'s>,
}

impl<'s> Side<'s> {
    fn of(survey: &'s Survey) -> Self {
        Side {
            index: &survey.index,
            types: &survey.types,
            items: items(&survey.index).map(|(csdl, _)| csdl).collect(),
            by_rust: items(&survey.index)
                .map(|(csdl, rust)| (rust, csdl))
                .collect(),
            reach: Reach::of(&survey.index),
        }
    }

    /// A type and its base types, nearest first.
    fn lineage(&self, ty: &'s str) -> impl Iterator<Item = &'s str> {
        std::iter::successors(Some(ty), |ty| self.types.get(*ty)?.base.as_deref())
    }

    fn derives(&self, ty: &'s str, base: &str) -> bool {
        self.lineage(ty).skip(1).any(|of| of == base)
    }

    /// Whether a value of a type names it in `@odata.type` anywhere: always, or where another type is
    /// declared.
    fn names_type(&self, ty: &Type) -> bool {
        let is_it = |accepted: &Accepted| accepted.ty == ty.ty;
        let mut unions = self.index.unions.iter();
        let mut operations = self.index.operations.iter();
        ty.writes_odata_type
            || unions.any(|union| union.ty != ty.ty && union.members.iter().any(is_it))
            || operations.any(|operation| {
                let differs = operation.declared != ty.ty || operation.odata_type != "differing";
                differs && operation.bodies.iter().any(is_it)
            })
    }

    /// The type of a navigation property of a type, as CSDL writes it; inherited ones included.
    fn navigation(&self, ty: &'s str, property: &str) -> Option<&'s str> {
        self.lineage(ty)
            .find_map(|ty| self.types.get(ty)?.navigation.get(property))
            .map(String::as_str)
    }
}

/// What a change touches.
#[derive(Default)]
struct Touched {
    items: BTreeSet<String>,
    updates: BTreeSet<String>,
}

/// Where a change is: CSDL name and Rust path of a type or enumeration, on the side that has it.
#[derive(Clone, Copy, Default)]
struct Place<'s> {
    old: Option<(&'s str, &'s str)>,
    new: Option<(&'s str, &'s str)>,
}

struct Comparison<'s> {
    old: Side<'s>,
    new: Side<'s>,
    /// The types that another namespace declares now: CSDL names before and after.
    moved: BTreeMap<&'s str, &'s str>,
    /// The same, the other way round.
    moved_from: BTreeMap<&'s str, &'s str>,
    /// The enumerations whose values became sets of members, or the other way round.
    turned_flags: BTreeSet<&'s str>,
    /// A change of an inherited property is found once for each type, and is one change.
    changes: BTreeMap<Change, Touched>,
}

impl<'s> Comparison<'s> {
    /// A change of an operation, by what it is on the side that has it, or on the old one.
    fn push_at(&mut self, operation: &Operation, change: Change) {
        let change = change.method(&operation.method);
        let touched = self.changes.entry(change).or_default();
        touched.updates.insert(operation.path.clone());
    }

    /// A change in a type or enumeration.
    fn push(&mut self, place: Place<'s>, change: Change) {
        let touched = self.changes.entry(change).or_default();
        let rust = place.new.or(place.old).map(|(_, rust)| rust.to_owned());
        touched.items.extend(rust);
        for (side, at) in [(&self.old, place.old), (&self.new, place.new)] {
            if let Some((csdl, _)) = at {
                let updates = side.reach.updates(csdl);
                touched
                    .updates
                    .extend(updates.into_iter().map(str::to_owned));
            }
        }
    }

    /// The name that a type of the old side has on the new side.
    fn name_since<'n>(&self, old: &'n str) -> &'n str
    where
        's: 'n,
    {
        self.moved.get(old).copied().unwrap_or(old)
    }

    /// The name that a type of the new side has on the old side.
    fn name_before(&self, new: &'s str) -> &'s str {
        self.moved_from.get(new).copied().unwrap_or(new)
    }
}

/// What both sides have of something, each of the old beside that of the new with its name, then what
/// only the new has, in order of name.
fn beside<'s, T>(
    old: &'s [T],
    new: &'s [T],
    name_since: impl Fn(&'s T) -> &'s str,
    name: impl Fn(&'s T) -> &'s str,
) -> Vec<(Option<&'s T>, Option<&'s T>)> {
    let mut rest: BTreeMap<&str, &T> = new.iter().map(|it| (name(it), it)).collect();
    let old = old.iter();
    let mut pairs: Vec<_> = old
        .map(|it| (Some(it), rest.remove(name_since(it))))
        .collect();
    pairs.extend(rest.into_values().map(|it| (None, Some(it))));
    pairs
}

/// CSDL name and Rust path of what has an item in the output.
fn items(index: &Index) -> impl Iterator<Item = (&str, &str)> {
    let types = index.types.iter().map(|it| (&it.ty, &it.rust));
    let unions = index.unions.iter().map(|it| (&it.ty, &it.rust));
    let enumerations = index.enumerations.iter().map(|it| (&it.ty, &it.rust));
    let all = types.chain(unions).chain(enumerations);
    all.map(|(csdl, rust)| (csdl.as_str(), rust.as_str()))
}

/// The declared types that only the old side has, each with the one that it is on the new side: of
/// that name in another namespace, or of another spelling.
fn moved<'s>(old: &'s Survey, new: &'s Survey) -> BTreeMap<&'s str, &'s str> {
    let local = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    let names = |survey: &'s Survey| survey.types.keys().map(String::as_str).collect();
    let (mut before, mut since): (BTreeSet<&str>, BTreeSet<&str>) = (names(old), names(new));
    let mut moved = BTreeMap::new();
    let keys: [&dyn Fn(&str) -> String; 2] = [&local, &|name| spelling::fold(&local(name))];
    for key in keys {
        let mut found = spelling::pairs(&before, &since, key);
        found.retain(|before, now| are_alike((old, before), (new, now)));
        before.retain(|name| !found.contains_key(name));
        since.retain(|name| !found.values().any(|found| found == name));
        moved.extend(found);
    }
    moved
}

/// Whether two types of one name may be one: they are of one kind, and where both are generated, the
/// one that was has half of what it declared or more.
fn are_alike(old: (&Survey, &str), new: (&Survey, &str)) -> bool {
    let kind = |(survey, name): (&Survey, &str)| Some(survey.types.get(name)?.kind);
    kind(old) == kind(new)
        && match (declares(old), declares(new)) {
            (Some(old), Some(new)) => old.intersection(&new).count() * 2 >= old.len(),
            _ => true,
        }
}

/// The members of a generated enumeration, or the properties that a generated type declares, whatever
/// their spelling.
fn declares((survey, name): (&Survey, &str)) -> Option<BTreeSet<String>> {
    let index = &survey.index;
    // The index is in order of the names.
    let structure = index.types.binary_search_by(|ty| ty.ty.as_str().cmp(name));
    if let Some(ty) = structure.ok().and_then(|at| index.types.get(at)) {
        let fields = ty.fields.iter().map(|it| (&it.declared_by, &it.wire));
        let left_out = ty.left_out.iter().map(|it| (&it.declared_by, &it.wire));
        let own = fields.chain(left_out).filter(|(by, _)| *by == name);
        return Some(own.map(|(_, wire)| spelling::fold(wire)).collect());
    }
    let enumerations = &index.enumerations;
    let at = enumerations.binary_search_by(|ty| ty.ty.as_str().cmp(name));
    let members = enumerations.get(at.ok()?)?.members.iter();
    Some(members.map(|it| spelling::fold(&it.wire)).collect())
}

fn turned_flags<'s>(old: &'s Index, new: &'s Index) -> BTreeSet<&'s str> {
    let before: BTreeMap<&str, bool> = old
        .enumerations
        .iter()
        .map(|ty| (ty.ty.as_str(), ty.flags))
        .collect();
    let turned = new.enumerations.iter().filter(|ty| {
        let flags = before.get(ty.ty.as_str());
        flags.is_some_and(|flags| *flags != ty.flags)
    });
    turned.map(|ty| ty.ty.as_str()).collect()
}
