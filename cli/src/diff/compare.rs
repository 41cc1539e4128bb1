//! Two surveys of one selection, and the changes between them.
//!
//! An index is what is left when aliases are resolved, inheritance is flattened and paths are
//! walked: what differs here differs for the user of the code, and what does not was moved about. A
//! change of a property that many types inherit is one change, of the type that declares it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use msgraph_codegen::index::{Enumeration, Field, Index, Member, Operation, Type};
use msgraph_codegen::{Survey, literals};

use super::change::{Change, Kind, Subject, Verdict};
use super::reach::Reach;
use Verdict::{Major, Minor, Patch};

const GOES: &str = "code that names it compiles no more";
const OTHER_TYPE: &str = "code that gives it a value of the type it had compiles no more";
const OTHER_NAME: &str = "code that uses the name it had compiles no more";
const MORE: &str = "whatever compiled goes on to compile";
const FIELD_MORE: &str =
    "struct literals end in `..Default::default()`, so that a field more breaks none";
const MEMBER_MORE: &str = "the enum is `non_exhaustive`, so that every `match` has a `_`";
const WARNING_MORE: &str = "a warning more, which breaks none that does not deny warnings";
const SAME_RUST: &str = "the Rust is the same";
const DOCS: &str = "only documentation differs";

/// The changes from one survey to another, the gravest first.
pub fn compare(old: &Survey, new: &Survey) -> Vec<Change> {
    let mut comparison = Comparison {
        old: Side::of(old),
        new: Side::of(new),
        moved: moved(&old.declared, &new.declared),
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
    declared: &'s BTreeSet<String>,
    /// The CSDL names of what has an item in the output.
    items: BTreeSet<&'s str>,
    reach: Reach<'s>,
}

impl<'s> Side<'s> {
    fn of(survey: &'s Survey) -> Self {
        Side {
            index: &survey.index,
            declared: &survey.declared,
            items: items(&survey.index),
            reach: Reach::of(&survey.index),
        }
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
    /// The enumerations whose values became sets of members, or the other way round.
    turned_flags: BTreeSet<&'s str>,
    /// A change of an inherited property is found once for each type, and is one change.
    changes: BTreeMap<Change, Touched>,
}

impl<'s> Comparison<'s> {
    /// A change at a path.
    fn push_at(&mut self, path: &str, change: Change) {
        let touched = self.changes.entry(change).or_default();
        touched.updates.insert(path.to_owned());
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

    fn operations(&mut self) {
        // There may be several at one path, for several types. They are told apart by what they
        // take, then by their names.
        let mut at_path: BTreeMap<(Vec<&str>, bool), [Vec<&'s Operation>; 2]> = BTreeMap::new();
        for (nth, index) in [self.old.index, self.new.index].into_iter().enumerate() {
            for operation in &index.operations {
                let key = (
                    literals(&operation.path).collect(),
                    operation.takes.is_none(),
                );
                if let Some(list) = at_path.entry(key).or_default().get_mut(nth) {
                    list.push(operation);
                }
            }
        }
        for [mut old, mut new] in at_path.into_values() {
            let same: [fn(&Operation, &Operation) -> bool; 3] = [
                |a, b| a.bodies == b.bodies && a.rust == b.rust,
                |a, b| a.rust == b.rust,
                |_, _| true,
            ];
            for is_same in same {
                old.retain(|before| {
                    let found = new.iter().position(|after| is_same(before, after));
                    let Some(found) = found else { return true };
                    let after = new.remove(found);
                    self.operation(before, after);
                    false
                });
            }
            for operation in old {
                self.push_at(
                    &operation.path,
                    Change::new(
                        Major,
                        Subject::Update,
                        &operation.path,
                        Kind::Removed,
                        format!("there is no {} at this path", operation.method),
                    )
                    .rust(format!("function `{}` goes", operation.rust))
                    .wire("the request is not on offer")
                    .because(GOES),
                );
            }
            for operation in new {
                self.push_at(
                    &operation.path,
                    Change::new(
                        Minor,
                        Subject::Update,
                        &operation.path,
                        Kind::Added,
                        format!("{} of a `{}`", operation.method, operation.declared),
                    )
                    .rust(format!("function `{}` comes", operation.rust))
                    .because(MORE),
                );
            }
        }
    }

    fn operation(&mut self, old: &'s Operation, new: &'s Operation) {
        if old == new {
            return;
        }
        // As the element is called: a placeholder may have another name since.
        let path = old.path.as_str();
        let change = |verdict, kind, what: String| {
            Change::new(verdict, Subject::Update, &old.path, kind, what)
        };
        if old.method != new.method {
            self.push_at(
                path,
                change(Major, Kind::Restricted, arrow(&old.method, &new.method))
                    .rust(format!("function {}", arrow_code(&old.rust, &new.rust)))
                    .wire(format!("the method is {}", new.method))
                    .because(OTHER_NAME),
            );
        } else if old.rust != new.rust {
            self.push_at(
                path,
                change(
                    Major,
                    Kind::Renamed,
                    "the function has another name".to_owned(),
                )
                .rust(format!("function {}", arrow_code(&old.rust, &new.rust)))
                .because(OTHER_NAME),
            );
        }
        let types = |operation: &Operation| {
            let types: Vec<&str> = operation.parameters.iter().map(|p| p.ty.as_str()).collect();
            types.join(", ")
        };
        if types(old) != types(new) {
            self.push_at(
                path,
                change(
                    Major,
                    Kind::Retyped,
                    format!("keys {}", arrow_code(&types(old), &types(new))),
                )
                .rust(format!(
                    "the arguments of `{}` are of other types",
                    new.rust
                ))
                .because(OTHER_TYPE),
            );
        }
        for change in said(Subject::Update, &old.path, old.into(), new.into()) {
            self.push_at(path, change);
        }
        self.body(old, new);
        for (before, after, kind) in [
            (&old.headers, &new.headers, "headers that the service wants"),
            (&old.permissions, &new.permissions, "permissions"),
            (&old.roles, &new.roles, "roles"),
            (&old.clouds, &new.clouds, "clouds"),
        ] {
            if before != after {
                let what = format!("{kind}: {}", arrow(&list(before), &list(after)));
                let mut found = change(Patch, Kind::Restricted, what).because(SAME_RUST);
                if kind.starts_with("headers") {
                    found = found.wire("a request without them is refused");
                }
                self.push_at(path, found);
            }
        }
    }

    /// What an update takes.
    fn body(&mut self, old: &'s Operation, new: &'s Operation) {
        let bodies = |operation: &'s Operation| -> BTreeSet<&'s str> {
            operation
                .bodies
                .iter()
                .map(|body| body.ty.as_str())
                .collect()
        };
        let before: BTreeSet<&str> = bodies(old)
            .into_iter()
            .map(|ty| self.name_since(ty))
            .collect();
        let after = bodies(new);
        let form = |operation: &Operation| {
            let takes = operation.takes.as_deref().unwrap_or_default();
            takes.split(['<', ' ']).next().unwrap_or_default() == "&CollectionBody"
        };
        let as_collection = (form(old), form(new));
        let lost: Vec<&str> = before.difference(&after).copied().collect();
        let more: Vec<&str> = after.difference(&before).copied().collect();
        let rust = || {
            let takes = |operation: &Operation| operation.takes.clone().unwrap_or_default();
            if takes(old) == takes(new) {
                format!("`{}` takes fewer types", new.rust)
            } else {
                format!(
                    "`{}` takes {}",
                    new.rust,
                    arrow_code(&takes(old), &takes(new))
                )
            }
        };
        let change = |verdict, what: String| {
            Change::new(verdict, Subject::Update, &old.path, Kind::Retyped, what)
        };
        let found = if as_collection.0 != as_collection.1 {
            let what = if as_collection.1 {
                "one value → a collection"
            } else {
                "a collection → one value"
            };
            change(Major, what.to_owned())
                .rust(rust())
                .because(OTHER_TYPE)
        } else if !lost.is_empty() {
            let mut what = format!("takes no more: {}", codes(&lost));
            if !more.is_empty() {
                what.push_str(&format!("; takes instead: {}", codes(&more)));
            }
            change(Major, what)
                .rust(rust())
                .wire("a body of such a type is not what the path is declared to have")
                .because(OTHER_TYPE)
        } else if !more.is_empty() {
            change(Minor, format!("takes besides: {}", codes(&more)))
                .rust(format!("`{}` takes more types", new.rust))
                .because("a function that takes more types takes those it took")
        } else {
            return;
        };
        self.push_at(&old.path, found);
    }

    fn types(&mut self) {
        let (old, new) = (&self.old.index.types, &self.new.index.types);
        let pairs = beside(old, new, |ty| self.name_since(&ty.ty), |ty| &ty.ty);
        for pair in pairs {
            match pair {
                (Some(before), Some(after)) => self.structure(before, after),
                (Some(gone), None) => self.gone(Subject::Type, "struct", &gone.ty, &gone.rust),
                (None, Some(come)) => self.come(Subject::Type, "struct", &come.ty, &come.rust),
                (None, None) => {}
            }
        }
    }

    /// A type or enumeration that is generated no more.
    fn gone(&mut self, subject: Subject, item: &str, csdl: &'s str, rust: &'s str) {
        let what = if self.new.declared.contains(self.name_since(csdl)) {
            "nothing that is selected has it any more"
        } else {
            "the metadata has it no more"
        };
        let place = Place {
            old: Some((csdl, rust)),
            new: None,
        };
        self.push(
            place,
            Change::new(Major, subject, csdl, Kind::Removed, what)
                .rust(format!("{item} `{rust}` goes"))
                .because(GOES),
        );
    }

    /// A type or enumeration that is generated now.
    fn come(&mut self, subject: Subject, item: &str, csdl: &'s str, rust: &'s str) {
        let what = if self.old.declared.contains(csdl) {
            "something that is selected has it now"
        } else {
            "the metadata has it now"
        };
        let place = Place {
            old: None,
            new: Some((csdl, rust)),
        };
        self.push(
            place,
            Change::new(Minor, subject, csdl, Kind::Added, what)
                .rust(format!("{item} `{rust}` comes"))
                .because(MORE),
        );
    }

    /// What types and enumerations have in common.
    fn declaration(&mut self, subject: Subject, place: Place<'s>, words: (Words<'_>, Words<'_>)) {
        let (Some((old, old_rust)), Some((new, new_rust))) = (place.old, place.new) else {
            return;
        };
        let renamed = old_rust != new_rust;
        let rust = || arrow_code(old_rust, new_rust);
        let verdict = if renamed { Major } else { Patch };
        let reason = if renamed { OTHER_NAME } else { SAME_RUST };
        if old != new {
            let mut change = Change::new(verdict, subject, old, Kind::Moved, arrow_code(old, new))
                .wire("it goes by the other name in `@odata.type`, where it is written")
                .because(reason);
            if renamed {
                change = change.rust(rust());
            }
            self.push(place, change);
        } else if renamed {
            let what = "another type takes the name, or left it";
            self.push(
                place,
                Change::new(verdict, subject, old, Kind::Renamed, what)
                    .rust(rust())
                    .because(reason),
            );
        }
        for change in said(subject, old, words.0, words.1) {
            self.push(place, change);
        }
    }

    fn structure(&mut self, old: &'s Type, new: &'s Type) {
        if old == new {
            return;
        }
        let place = Place {
            old: Some((&old.ty, &old.rust)),
            new: Some((&new.ty, &new.rust)),
        };
        self.declaration(Subject::Type, place, (old.into(), new.into()));
        let change =
            |verdict, kind, what: String| Change::new(verdict, Subject::Type, &old.ty, kind, what);
        let base = |ty: &Type| ty.base.clone().unwrap_or_else(|| "none".to_owned());
        if old.base.as_deref().map(|base| self.name_since(base)) != new.base.as_deref() {
            let what = format!("base type {}", arrow_code(&base(old), &base(new)));
            self.push(place, change(Patch, Kind::Moved, what).because(SAME_RUST));
        }
        if old.writes_odata_type != new.writes_odata_type {
            let (what, wire) = if new.writes_odata_type {
                ("`@odata.type` is written", "a value says its type")
            } else {
                (
                    "`@odata.type` is written no more",
                    "a value does not say its type",
                )
            };
            let found = change(Patch, Kind::Restricted, what.to_owned())
                .wire(wire)
                .because(SAME_RUST);
            self.push(place, found);
        }
        if old.open != new.open {
            let (verdict, what, reason) = if new.open {
                (Minor, "takes dynamic properties", FIELD_MORE)
            } else {
                (Major, "takes no dynamic properties any more", GOES)
            };
            let found = change(verdict, Kind::Restricted, what.to_owned())
                .rust("the field of dynamic properties")
                .because(reason);
            self.push(place, found);
        }
        self.fields(place, old, new);
    }

    fn fields(&mut self, place: Place<'s>, old: &'s Type, new: &'s Type) {
        let why = |ty: &'s Type, wire: &str| {
            let mut left_out = ty.left_out.iter();
            let found = left_out.find(|left_out| left_out.wire == wire)?;
            Some(found.why.as_str())
        };
        let mut rest: BTreeMap<&str, &Field> = new
            .fields
            .iter()
            .map(|field| (field.wire.as_str(), field))
            .collect();
        for before in &old.fields {
            if let Some(after) = rest.remove(before.wire.as_str()) {
                self.field(place, before, after);
                continue;
            }
            let (kind, what, wire) = match why(new, &before.wire) {
                Some(why) => (
                    Kind::Restricted,
                    format!("is not sent any more: {why}"),
                    "it is not sent",
                ),
                None => (
                    Kind::Removed,
                    format!("was {}", written(before)),
                    "the service does not know it",
                ),
            };
            self.push(
                place,
                Change::new(Major, Subject::Property, before.element(), kind, what)
                    .rust(format!("field `{}` goes", before.rust))
                    .wire(wire)
                    .because(GOES),
            );
        }
        for after in rest.into_values() {
            let (kind, what) = match why(old, &after.wire) {
                Some(why) => (Kind::Restricted, format!("may be sent, and was not: {why}")),
                None => (Kind::Added, written(after)),
            };
            self.push(
                place,
                Change::new(Minor, Subject::Property, after.element(), kind, what)
                    .rust(format!("field `{}: {}` comes", after.rust, after.ty))
                    .because(FIELD_MORE),
            );
        }
        let is_field = |ty: &Type, wire: &str| ty.fields.iter().any(|field| field.wire == wire);
        for left_out in &old.left_out {
            let wire = left_out.wire.as_str();
            let (kind, what) = match why(new, wire) {
                Some(why) if why == left_out.why => continue,
                Some(why) => (
                    Kind::Restricted,
                    format!("not sent: {}", arrow(&left_out.why, why)),
                ),
                None if is_field(new, wire) => continue,
                None => (Kind::Removed, format!("was not sent: {}", left_out.why)),
            };
            let element = left_out.element();
            let change = Change::new(Patch, Subject::Property, element, kind, what);
            self.push(place, change.because(DOCS));
        }
        for left_out in &new.left_out {
            let wire = left_out.wire.as_str();
            if why(old, wire).is_none() && !is_field(old, wire) {
                let what = format!("is new, and not sent: {}", left_out.why);
                let element = left_out.element();
                let change = Change::new(Patch, Subject::Property, element, Kind::Added, what);
                self.push(place, change.because(DOCS));
            }
        }
    }

    fn field(&mut self, place: Place<'s>, old: &'s Field, new: &'s Field) {
        let element = old.element();
        let change = |verdict, kind, what: String| {
            Change::new(verdict, Subject::Property, element.clone(), kind, what)
        };
        if self.name_since(&old.declared_by) != new.declared_by {
            let what = format!(
                "declared by {}",
                arrow_code(&old.declared_by, &new.declared_by)
            );
            self.push(place, change(Patch, Kind::Moved, what).because(SAME_RUST));
        }
        if (&old.rust, &old.setter) != (&new.rust, &new.setter) {
            let found = change(
                Major,
                Kind::Renamed,
                "another property takes the name, or left it".to_owned(),
            )
            .rust(format!("field {}", arrow_code(&old.rust, &new.rust)))
            .because(OTHER_NAME);
            self.push(place, found);
        }
        let retyped = self.name_since(old.item_type()) != new.item_type()
            || old.is_collection() != new.is_collection();
        // That one member became a set of them, or the other way round, is a change of the
        // enumeration.
        let is_held_otherwise =
            wrapper(&old.ty) != wrapper(&new.ty) && !self.turned_flags.contains(new.item_type());
        // Under the same CSDL name: the generated item that it names goes by another path now, which
        // is a change of that item; or it is a type definition, of which there is no item.
        let is_item =
            self.old.items.contains(old.item_type()) && self.new.items.contains(new.item_type());
        let is_other_primitive = innermost(&old.ty) != innermost(&new.ty) && !is_item;
        let other_rust = retyped && old.ty != new.ty || is_held_otherwise || is_other_primitive;
        if retyped || old.nullable != new.nullable || other_rust {
            let kind = if retyped || old.nullable == new.nullable {
                Kind::Retyped
            } else {
                Kind::Nullability
            };
            let takes_any = |field: &Field| wrapper(&field.ty).ends_with("AnyOf");
            let what = if written(old) == written(new) {
                match (takes_any(old), takes_any(new)) {
                    (false, true) => format!("takes types that derive from `{}`", new.csdl),
                    (true, false) => format!("takes `{}` alone", new.csdl),
                    _ => "the type of that name is another".to_owned(),
                }
            } else {
                arrow(&written(old), &written(new))
            };
            let mut found = if other_rust {
                change(Major, kind, what)
                    .rust(format!(
                        "field `{}`: {}",
                        new.rust,
                        arrow_code(&old.ty, &new.ty)
                    ))
                    .because(OTHER_TYPE)
            } else {
                change(Patch, kind, what).because(SAME_RUST)
            };
            if old.nullable != new.nullable {
                found = found.wire(if new.nullable {
                    "null may be sent, and clears it"
                } else {
                    "null is not sent any more"
                });
            } else if retyped {
                found = found.wire("the value is of the other type");
            }
            self.push(place, found);
        }
        for change in said(Subject::Property, &element, old.into(), new.into()) {
            self.push(place, change);
        }
    }

    fn unions(&mut self) {
        let (old, new) = (self.old.index, self.new.index);
        for before in &old.unions {
            let name = self.name_since(&before.ty);
            let after = new.unions.iter().find(|union| union.ty == name);
            let place = Place {
                old: Some((&before.ty, &before.rust)),
                new: after.map(|union| (union.ty.as_str(), union.rust.as_str())),
            };
            let Some(after) = after else {
                let what = "no position takes several types that derive from it any more";
                let change = Change::new(Major, Subject::Type, &before.ty, Kind::Removed, what)
                    .rust(format!("marker `{}` goes", before.rust));
                self.push(place, change.because(GOES));
                continue;
            };
            if before.rust != after.rust && before.ty == after.ty {
                let what = "another type takes the name of the marker, or left it";
                let change = Change::new(Major, Subject::Type, &before.ty, Kind::Renamed, what)
                    .rust(arrow_code(&before.rust, &after.rust));
                self.push(place, change.because(OTHER_NAME));
            }
            let members: BTreeSet<&str> = after
                .members
                .iter()
                .map(|member| member.ty.as_str())
                .collect();
            for member in &before.members {
                let name = self.name_since(&member.ty);
                // A type that is generated no more is a change of its own.
                let is_there = new.types.iter().any(|ty| ty.ty == name);
                if is_there && !members.contains(name) {
                    let what = format!("derives from `{}` no more", before.ty);
                    let change =
                        Change::new(Major, Subject::Type, &member.ty, Kind::Restricted, what)
                            .rust(format!(
                                "`{}` is refused where `{}` is taken",
                                member.rust, after.rust
                            ))
                            .wire("it does not stand where that type is declared");
                    self.push(place, change.because(OTHER_TYPE));
                }
            }
        }
    }

    fn enumerations(&mut self) {
        const SUBJECT: Subject = Subject::Enumeration;
        let (old, new) = (&self.old.index.enumerations, &self.new.index.enumerations);
        let pairs = beside(old, new, |ty| self.name_since(&ty.ty), |ty| &ty.ty);
        for pair in pairs {
            match pair {
                (Some(before), Some(after)) => self.enumeration(before, after),
                (Some(gone), None) => self.gone(SUBJECT, "enum", &gone.ty, &gone.rust),
                (None, Some(come)) => self.come(SUBJECT, "enum", &come.ty, &come.rust),
                (None, None) => {}
            }
        }
    }

    fn enumeration(&mut self, old: &'s Enumeration, new: &'s Enumeration) {
        let place = Place {
            old: Some((&old.ty, &old.rust)),
            new: Some((&new.ty, &new.rust)),
        };
        self.declaration(Subject::Enumeration, place, (old.into(), new.into()));
        if old.flags != new.flags {
            let what = if new.flags {
                "one member → a set of members"
            } else {
                "a set of members → one member"
            };
            let change = Change::new(Major, Subject::Enumeration, &old.ty, Kind::Retyped, what)
                .rust("fields of it hold `Flags` where they held `Open`, or the other way round");
            self.push(place, change.because(OTHER_TYPE));
        }
        let element = |member: &Member| format!("{}/{}", old.ty, member.wire);
        let mut rest: BTreeMap<&str, &Member> = new
            .members
            .iter()
            .map(|member| (member.wire.as_str(), member))
            .collect();
        for before in &old.members {
            let Some(after) = rest.remove(before.wire.as_str()) else {
                let what = "the enumeration has it no more";
                let change =
                    Change::new(Major, Subject::Member, element(before), Kind::Removed, what)
                        .rust(format!("variant `{}` goes", before.rust))
                        .wire("the service does not know it");
                self.push(place, change.because(GOES));
                continue;
            };
            let change = |verdict, kind, what: &str| {
                Change::new(verdict, Subject::Member, element(before), kind, what)
            };
            if before.rust != after.rust {
                let found = change(
                    Major,
                    Kind::Renamed,
                    "another member takes the name, or left it",
                )
                .rust(format!("variant {}", arrow_code(&before.rust, &after.rust)))
                .because(OTHER_NAME);
                self.push(place, found);
            }
            if before.evolved != after.evolved {
                let wire = if after.evolved {
                    "a request with it carries `Prefer: include-unknown-enum-members`"
                } else {
                    "a request with it needs no `Prefer` any more"
                };
                let what = "it stands on the other side of `unknownFutureValue`";
                let found = change(Patch, Kind::Restricted, what)
                    .wire(wire)
                    .because(SAME_RUST);
                self.push(place, found);
            }
            for change in said(
                Subject::Member,
                &element(before),
                before.into(),
                after.into(),
            ) {
                self.push(place, change);
            }
        }
        for after in rest.into_values() {
            let change = Change::new(
                Minor,
                Subject::Member,
                element(after),
                Kind::Added,
                "a member more",
            )
            .rust(format!("variant `{}` comes", after.rust));
            self.push(place, change.because(MEMBER_MORE));
        }
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

/// What CSDL says of an element in words.
#[derive(Clone, Copy)]
struct Words<'w> {
    description: Option<&'w str>,
    /// What its `#[deprecated]` says.
    deprecated: Option<&'w str>,
    /// What is announced, with a date of removal or without.
    announced: Option<&'w str>,
}

macro_rules! words_of {
    ($($thing:ty),*) => {$(
        impl<'w> From<&'w $thing> for Words<'w> {
            fn from(thing: &'w $thing) -> Self {
                Words {
                    description: thing.description.as_deref(),
                    deprecated: thing.deprecated.as_deref(),
                    announced: thing.announced.as_deref(),
                }
            }
        }
    )*};
}

words_of!(Type, Field, Enumeration, Member);

impl<'w> From<&'w Operation> for Words<'w> {
    fn from(operation: &'w Operation) -> Self {
        Words {
            description: None,
            deprecated: operation.deprecated.as_deref(),
            announced: operation.announced.as_deref(),
        }
    }
}

/// What is said otherwise.
fn said(subject: Subject, element: &str, old: Words<'_>, new: Words<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    if old.description != new.description {
        let what = "is described in other words";
        let change = Change::new(Patch, subject, element, Kind::Described, what);
        changes.push(change.because(DOCS));
    }
    if (old.deprecated, old.announced) != (new.deprecated, new.announced) {
        let change =
            |verdict, what: String| Change::new(verdict, subject, element, Kind::Deprecated, what);
        let what = match (old.announced, new.announced) {
            (None, Some(after)) => after.to_owned(),
            (Some(before), Some(after)) => arrow(before, after),
            (_, None) => "is deprecated no more".to_owned(),
        };
        changes.push(match (old.deprecated, new.deprecated) {
            (None, Some(_)) => change(Minor, what)
                .rust("`#[deprecated]` is on it")
                .because(WARNING_MORE),
            (Some(_), None) => change(Patch, what)
                .rust("`#[deprecated]` is not on it any more")
                .because(MORE),
            _ => change(Patch, what).because(DOCS),
        });
    }
    changes
}

/// The CSDL names of what has an item in the output.
fn items(index: &Index) -> BTreeSet<&str> {
    let types = index.types.iter().map(|ty| ty.ty.as_str());
    let unions = index.unions.iter().map(|ty| ty.ty.as_str());
    let enumerations = index.enumerations.iter().map(|ty| ty.ty.as_str());
    types.chain(unions).chain(enumerations).collect()
}

/// The declared types of one name that one namespace has no more and another has now. Where several
/// could be meant, none is.
fn moved<'s>(old: &'s BTreeSet<String>, new: &'s BTreeSet<String>) -> BTreeMap<&'s str, &'s str> {
    let by_local = |names: &mut dyn Iterator<Item = &'s String>| {
        let mut by_local: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for name in names {
            let local = name.rsplit('.').next().unwrap_or(name);
            by_local.entry(local).or_default().push(name);
        }
        by_local
    };
    let come = by_local(&mut new.difference(old));
    by_local(&mut old.difference(new))
        .into_iter()
        .filter_map(
            |(local, gone)| match (gone.as_slice(), come.get(local)?.as_slice()) {
                ([old], [new]) => Some((*old, *new)),
                _ => None,
            },
        )
        .collect()
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

/// What is around the innermost type: `Option<Vec<Open<` of `Option<Vec<Open<State>>>`.
fn wrapper(ty: &str) -> &str {
    ty.rfind('<')
        .and_then(|at| ty.get(..at))
        .unwrap_or_default()
}

/// The innermost type: `State` of `Option<Vec<Open<State>>>`.
fn innermost(ty: &str) -> &str {
    let inner = ty.rsplit('<').next().unwrap_or(ty);
    inner.trim_end_matches('>')
}

/// The type of a field as CSDL has it.
fn written(field: &Field) -> String {
    let kind = if field.is_reference() {
        "reference to "
    } else {
        ""
    };
    let null = match (field.is_collection(), field.nullable) {
        (true, _) => "",
        (false, true) => ", nullable",
        (false, false) => ", not nullable",
    };
    format!("{kind}`{}`{null}", field.csdl)
}

fn arrow(old: &str, new: &str) -> String {
    format!("{old} → {new}")
}

fn arrow_code(old: &str, new: &str) -> String {
    format!("`{old}` → `{new}`")
}

fn list(items: &[String]) -> String {
    if items.is_empty() {
        "none".to_owned()
    } else {
        items.join(", ")
    }
}

fn codes(items: &[&str]) -> String {
    let items: Vec<String> = items.iter().map(|item| format!("`{item}`")).collect();
    items.join(", ")
}
