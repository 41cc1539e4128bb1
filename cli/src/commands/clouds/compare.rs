//! The updates and types of several documents, held beside each other.

use std::collections::{BTreeMap, BTreeSet};

use msgraph_codegen::command::Survey;
use msgraph_codegen::index::{Field, Operation};
use msgraph_csdl::path::template::literals;
use serde::Serialize;

use super::documents::Document;
use crate::support::closure::Parts;

/// A document and what it has of the selection.
pub(super) struct Side<'s> {
    pub(super) document: &'s Document,
    survey: &'s Survey,
    parts: Parts<'s>,
}

/// An update, and where it exists.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Update {
    pub(super) method: String,
    /// With its placeholders as the first document that has it calls them.
    pub(super) path: String,
    /// The documents that have it.
    pub(super) present: Vec<String>,
    /// The documents that have it not.
    pub(super) absent: Vec<String>,
    /// The clouds that the reference lists; empty where the facts say nothing.
    pub(super) documented: Vec<String>,
    /// The page of the reference.
    pub(super) source: Option<String>,
    pub(super) disagreements: Vec<Disagreement>,
    /// Clouds that the reference lists and there is no document of.
    pub(super) unverified: Vec<String>,
    /// Documents of clouds that the reference does not speak of.
    pub(super) undocumented: Vec<String>,
    /// What of the update itself is not the same everywhere it exists.
    pub(super) differences: Vec<Element>,
    /// The types of its bodies, at any depth.
    pub(super) types: Vec<String>,
}

/// The metadata and the reference say different things.
#[derive(Debug, Serialize)]
pub(super) struct Disagreement {
    pub(super) document: String,
    pub(super) cloud: &'static str,
    /// Whether the metadata has the update; the reference says the opposite.
    pub(super) present: bool,
}

/// A type of a body, and where it exists.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Type {
    #[serde(rename = "type")]
    pub(super) ty: String,
    /// The documents in which a body has it.
    pub(super) in_bodies: Vec<String>,
    /// The documents that declare it, though no body there has it.
    pub(super) declared: Vec<String>,
    /// The documents that do not have it.
    pub(super) absent: Vec<String>,
    /// What of it is not the same wherever a body has it.
    pub(super) differences: Vec<Element>,
    /// What is.
    pub(super) alike: Vec<String>,
}

/// A member, and what it is in which documents.
#[derive(Debug, Serialize)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) values: Vec<Value>,
}

/// What a member is in some documents.
#[derive(Debug, Serialize)]
pub(super) struct Value {
    /// Null where it does not exist.
    pub(super) is: Option<String>,
    pub(super) documents: Vec<String>,
}

impl<'s> Side<'s> {
    pub(super) fn new(document: &'s Document, survey: &'s Survey) -> Self {
        Side {
            document,
            survey,
            parts: Parts::of(&survey.index),
        }
    }

    fn name(&self) -> String {
        self.document.name.clone()
    }
}

/// The updates of all documents, by path.
pub(super) fn updates(sides: &[Side<'_>]) -> Vec<Update> {
    // A key is called after its entity type, which may have another name elsewhere.
    let mut all: BTreeMap<Vec<&str>, Vec<(&Side<'_>, &Operation)>> = BTreeMap::new();
    for side in sides {
        let operations = side.survey.index.operations.iter();
        for operation in operations.filter(|operation| operation.takes.is_some()) {
            let key = literals(&operation.path).collect();
            all.entry(key).or_default().push((side, operation));
        }
    }
    all.into_values()
        .filter_map(|found| update(sides, &found))
        .collect()
}

fn update(sides: &[Side<'_>], found: &[(&Side<'_>, &Operation)]) -> Option<Update> {
    let (_, first) = found.first()?;
    let has = |side: &Side<'_>| {
        let mut found = found.iter();
        found.any(|(other, _)| other.document.name == side.document.name)
    };
    let documented = &first.clouds;
    let mut disagreements = Vec::new();
    let mut undocumented = Vec::new();
    for side in sides.iter().filter(|_| !documented.is_empty()) {
        let Some(cloud) = side.document.cloud.map(|cloud| cloud.as_str()) else {
            undocumented.push(side.name());
            continue;
        };
        if documented.iter().any(|name| name == cloud) != has(side) {
            disagreements.push(Disagreement {
                document: side.name(),
                cloud,
                present: has(side),
            });
        }
    }
    let unverified = documented.iter().filter(|name| {
        let clouds = sides.iter().filter_map(|side| side.document.cloud);
        !clouds
            .map(|cloud| cloud.as_str())
            .any(|cloud| cloud == *name)
    });
    // A document may have several at one path, for several types.
    let mut present: Vec<String> = found.iter().map(|(side, _)| side.name()).collect();
    present.dedup();
    let (differences, _) = differences(members_of_update(found), &present);
    Some(Update {
        method: first.method.clone(),
        path: first.path.clone(),
        absent: sides
            .iter()
            .filter(|side| !has(side))
            .map(Side::name)
            .collect(),
        present,
        documented: documented.clone(),
        source: first.source.clone().filter(|_| !documented.is_empty()),
        disagreements,
        unverified: unverified.cloned().collect(),
        undocumented,
        differences,
        types: body_types(found),
    })
}

/// What an update itself is in each document.
fn members_of_update(found: &[(&Side<'_>, &Operation)]) -> Members {
    let mut members: Members = BTreeMap::new();
    for (side, operation) in found {
        let mut add = |name: &str, value: String| {
            let values = members.entry(name.to_owned()).or_default();
            values.insert(side.name(), value);
        };
        add("method", operation.method.clone());
        add("declared type", operation.declared.clone());
        add("headers", none_or(&operation.headers));
        for body in &operation.bodies {
            add(&format!("body of {}", body.ty), "accepted".to_owned());
        }
    }
    members
}

/// The types of the bodies of an update, at any depth.
fn body_types(found: &[(&Side<'_>, &Operation)]) -> Vec<String> {
    let mut types = BTreeSet::new();
    for (side, operation) in found {
        let roots: Vec<&str> = operation
            .bodies
            .iter()
            .map(|body| body.ty.as_str())
            .collect();
        types.extend(side.parts.closure(&roots).into_iter().map(str::to_owned));
    }
    types.into_iter().collect()
}

/// The types of all documents, by name.
pub(super) fn types(sides: &[Side<'_>]) -> Vec<Type> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for side in sides {
        names.extend(side.parts.types.keys());
        names.extend(side.parts.unions.keys());
        names.extend(side.parts.enumerations.keys());
    }
    names
        .into_iter()
        .map(|name| one_type(sides, name))
        .collect()
}

fn one_type(sides: &[Side<'_>], name: &str) -> Type {
    let mut members: Members = BTreeMap::new();
    let (mut in_bodies, mut declared, mut absent) = (Vec::new(), Vec::new(), Vec::new());
    for side in sides {
        let found = members_of(side, name);
        if found.is_empty() {
            let is_declared = side.survey.types.contains_key(name);
            let place = if is_declared {
                &mut declared
            } else {
                &mut absent
            };
            place.push(side.name());
            continue;
        }
        in_bodies.push(side.name());
        for (member, value) in found {
            members
                .entry(member)
                .or_default()
                .insert(side.name(), value);
        }
    }
    let (differences, alike) = differences(members, &in_bodies);
    Type {
        ty: name.to_owned(),
        in_bodies,
        declared,
        absent,
        differences,
        alike,
    }
}

/// What a document says of a type: each member, and what it is.
fn members_of(side: &Side<'_>, name: &str) -> Vec<(String, String)> {
    let mut members = Vec::new();
    let mut add = |name: &str, value: String| members.push((name.to_owned(), value));
    if let Some(ty) = side.parts.types.get(name) {
        add(
            "base type",
            ty.base.clone().unwrap_or_else(|| "none".to_owned()),
        );
        let written = if ty.writes_odata_type {
            "written in every position"
        } else {
            "written where the position declares another type"
        };
        add("@odata.type", written.to_owned());
        let dynamic = if ty.open { "accepted" } else { "not accepted" };
        add("dynamic properties", dynamic.to_owned());
        for field in &ty.fields {
            add(&field.wire, sent(field));
        }
        for left_out in &ty.left_out {
            let value = format!("{}, not sent: {}", left_out.csdl, left_out.why);
            add(&left_out.wire, value);
        }
    }
    if let Some(union) = side.parts.unions.get(name) {
        for member in &union.members {
            add(&format!("any of it: {}", member.ty), "accepted".to_owned());
        }
    }
    if let Some(enumeration) = side.parts.enumerations.get(name) {
        let kind = if enumeration.flags {
            "flags"
        } else {
            "one member"
        };
        add("values", kind.to_owned());
        for member in &enumeration.members {
            let value = if member.evolved {
                "a member, with `Prefer: include-unknown-enum-members`"
            } else {
                "a member"
            };
            add(&member.wire, value.to_owned());
        }
    }
    members
}

fn sent(field: &Field) -> String {
    let reference = if field.is_reference() {
        "reference to "
    } else {
        ""
    };
    let null = match (field.nullable, field.is_collection()) {
        (true, _) => ", or null",
        (false, true) => "",
        (false, false) => ", never null",
    };
    format!("{reference}{}{null}", field.csdl)
}

fn none_or(list: &[String]) -> String {
    if list.is_empty() {
        "none".to_owned()
    } else {
        list.join(", ")
    }
}

/// Of each member, what it is in each document.
type Members = BTreeMap<String, BTreeMap<String, String>>;

/// The members that are not the same in all of these documents, and the names of those that are.
fn differences(members: Members, documents: &[String]) -> (Vec<Element>, Vec<String>) {
    let mut differences = Vec::new();
    let mut alike = Vec::new();
    for (name, values) in members {
        let mut by_value: BTreeMap<Option<&String>, Vec<String>> = BTreeMap::new();
        for document in documents {
            let value = values.get(document);
            by_value.entry(value).or_default().push(document.clone());
        }
        if by_value.len() < 2 {
            alike.push(name);
            continue;
        }
        // What most have comes first, and what has it not last.
        let mut values: Vec<Value> = by_value
            .into_iter()
            .map(|(is, documents)| Value {
                is: is.cloned(),
                documents,
            })
            .collect();
        values.sort_by_key(|value| (value.is.is_none(), std::cmp::Reverse(value.documents.len())));
        differences.push(Element { name, values });
    }
    (differences, alike)
}
