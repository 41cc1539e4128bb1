//! Compares the operations and types of several clouds' metadata.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use msgraph_codegen::command::Survey;
use msgraph_codegen::ir::{Operation, OperationKind, Role};
use msgraph_csdl::path::template::literals;
use serde::{Serialize, Serializer};

use super::documents::CloudDocument;
use crate::support::index::{TypesByName, field_text};

/// The metadata of a cloud, and what it has of the selection.
pub(super) struct CloudSide<'s> {
    pub(super) document: &'s CloudDocument,
    survey: &'s Survey,
    types: TypesByName<'s>,
}

/// An operation, and which documents have it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ComparedOperation {
    pub(super) method: String,
    /// With the placeholder names of the first document that has it.
    pub(super) path: String,
    pub(super) present: Vec<String>,
    pub(super) absent: Vec<String>,
    /// The clouds that the reference lists; empty if the facts do not document them.
    pub(super) documented: Vec<String>,
    /// The page of the reference.
    pub(super) source: Option<String>,
    pub(super) disagreements: Vec<Disagreement>,
    /// Clouds that the reference lists, but without a document to compare.
    pub(super) unverified: Vec<String>,
    /// Documents of clouds that the reference does not mention.
    pub(super) undocumented: Vec<String>,
    pub(super) differences: Vec<Difference>,
    /// The types of its bodies and responses, at any depth.
    pub(super) types: Vec<String>,
}

/// The reference lists an operation that the metadata lacks, or the other way round.
#[derive(Debug, Serialize)]
pub(super) struct Disagreement {
    pub(super) document: String,
    pub(super) cloud: &'static str,
    /// Whether the metadata has the operation.
    pub(super) present: bool,
}

/// A type, and which documents have it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ComparedType {
    #[serde(rename = "type")]
    pub(super) ty: String,
    /// Documents in which a body or a response has it.
    pub(super) used_in: Vec<String>,
    /// Documents that declare it, although no body or response has it.
    pub(super) declared: Vec<String>,
    pub(super) absent: Vec<String>,
    pub(super) differences: Vec<Difference>,
    /// What is the same wherever it is used.
    pub(super) alike: Vec<String>,
}

/// A property, member or setting that differs.
#[derive(Debug, Serialize)]
pub(super) struct Difference {
    pub(super) name: String,
    pub(super) values: Vec<DocumentValue>,
}

#[derive(Debug, Serialize)]
pub(super) struct DocumentValue {
    /// Null if it does not exist.
    #[serde(serialize_with = "without_backticks")]
    pub(super) is: Option<String>,
    pub(super) documents: Vec<String>,
}

/// The backticks around names are for people.
fn without_backticks<S: Serializer>(is: &Option<String>, json: S) -> Result<S::Ok, S::Error> {
    let plain = is.as_ref().map(|is| is.replace('`', ""));
    plain.serialize(json)
}

impl<'s> CloudSide<'s> {
    pub(super) fn new(document: &'s CloudDocument, survey: &'s Survey) -> Self {
        CloudSide {
            document,
            survey,
            types: TypesByName::new(&survey.index),
        }
    }

    fn name(&self) -> String {
        self.document.name.clone()
    }

    fn cloud(&self) -> Option<&'static str> {
        self.document.cloud.map(|cloud| cloud.as_str())
    }
}

/// Compares the operations, in order of path.
pub(super) fn operations(sides: &[CloudSide<'_>]) -> Vec<ComparedOperation> {
    // Placeholders are named after entity types, whose names may differ.
    let mut by_path: BTreeMap<_, Vec<(&CloudSide<'_>, &Operation)>> = BTreeMap::new();
    for side in sides {
        for operation in &side.survey.index.operations {
            let kind = match operation.kind {
                // A cloud may update by another method.
                OperationKind::Replace => OperationKind::Update,
                // Its body is a URL, without properties to compare.
                OperationKind::Reference => continue,
                kind => kind,
            };
            let path: Vec<&str> = literals(&operation.path).collect();
            by_path
                .entry((path, kind))
                .or_default()
                .push((side, operation));
        }
    }
    let operations = by_path.into_values();
    operations
        .filter_map(|found| operation(sides, &found))
        .collect()
}

fn operation(
    sides: &[CloudSide<'_>],
    found: &[(&CloudSide<'_>, &Operation)],
) -> Option<ComparedOperation> {
    let (_, first) = found.first()?;
    // A document may have several operations at one path, for several types.
    let mut present: Vec<String> = found.iter().map(|(side, _)| side.name()).collect();
    present.dedup();
    let documented = &first.clouds;
    let mut disagreements = Vec::new();
    let mut undocumented = Vec::new();
    for side in sides.iter().filter(|_| !documented.is_empty()) {
        let Some(cloud) = side.cloud() else {
            undocumented.push(side.name());
            continue;
        };
        let is_present = present.contains(&side.document.name);
        if documented.iter().any(|name| name == cloud) != is_present {
            disagreements.push(Disagreement {
                document: side.name(),
                cloud,
                present: is_present,
            });
        }
    }
    let unverified = documented.iter().filter(|name| {
        let mut clouds = sides.iter().filter_map(CloudSide::cloud);
        !clouds.any(|cloud| cloud == *name)
    });
    let (differences, _) = differences(properties_of_operation(found), &present);
    let types = found.iter().flat_map(|(side, operation)| {
        let sent_and_read = side.types.of_operation(operation);
        side.types.closure(sent_and_read)
    });
    let types: BTreeSet<&str> = types.map(|(name, _)| name).collect();
    let absent = sides.iter().map(CloudSide::name);
    Some(ComparedOperation {
        method: first.method.to_string(),
        path: first.path.clone(),
        absent: absent.filter(|name| !present.contains(name)).collect(),
        present,
        documented: documented.clone(),
        source: first.source.clone().filter(|_| !documented.is_empty()),
        disagreements,
        unverified: unverified.cloned().collect(),
        undocumented,
        differences,
        types: types.into_iter().map(str::to_owned).collect(),
    })
}

fn properties_of_operation(found: &[(&CloudSide<'_>, &Operation)]) -> Properties {
    let mut properties = Properties::new();
    for (side, operation) in found {
        let mut add = |name: &str, value: &str| {
            let values = properties.entry(name.to_owned()).or_default();
            values.insert(side.name(), value.to_owned());
        };
        let headers = match operation.headers().as_slice() {
            [] => "none".to_owned(),
            headers => headers.join(", "),
        };
        add("method", &operation.method.to_string());
        add("declared type", &operation.declared);
        add("headers", &headers);
        for body in &operation.bodies {
            add(&format!("body of {}", body.ty), "accepted");
        }
        for result in &operation.results {
            add(&format!("response of {}", result.ty), "returned");
        }
    }
    properties
}

/// Compares the types, in order of name.
pub(super) fn types(sides: &[CloudSide<'_>]) -> Vec<ComparedType> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for side in sides {
        names.extend(side.types.names());
    }
    let names = names.into_iter();
    names.map(|name| compared_type(sides, name)).collect()
}

fn compared_type<'s>(sides: &[CloudSide<'s>], name: &'s str) -> ComparedType {
    let mut properties = Properties::new();
    let (mut used_in, mut declared, mut absent) = (Vec::new(), Vec::new(), Vec::new());
    let role = shared_role(sides, name);
    for side in sides {
        let found = properties_of_type(side, name, role);
        if !found.is_empty() {
            used_in.push(side.name());
        } else if side.survey.types.contains_key(name) {
            declared.push(side.name());
        } else {
            absent.push(side.name());
        }
        for (property, value) in found {
            let values = properties.entry(property).or_default();
            values.insert(side.name(), value);
        }
    }
    let (differences, alike) = differences(properties, &used_in);
    ComparedType {
        ty: name.to_owned(),
        used_in,
        declared,
        absent,
        differences,
        alike,
    }
}

/// The role of a type in all documents that use it. The role in an update is preferred, because it includes
/// the properties that are not sent and why.
fn shared_role<'s>(sides: &[CloudSide<'s>], name: &'s str) -> Option<Role> {
    let all = [Role::Patch, Role::New, Role::Plain, Role::Parameters];
    all.into_iter().find(|role| {
        let mut sides = sides
            .iter()
            .map(|side| side.types.in_roles(name).peekable());
        sides.all(|mut roles| roles.peek().is_none() || roles.any(|(_, it)| it == *role))
    })
}

/// The properties of a type in one document, as text; empty if no body or response has it. Without a role,
/// any role is used.
fn properties_of_type<'s>(
    side: &CloudSide<'s>,
    name: &'s str,
    role: Option<Role>,
) -> Vec<(String, String)> {
    let mut properties = Vec::new();
    let mut add = |name: &str, value: &str| properties.push((name.to_owned(), value.to_owned()));
    let in_roles = || {
        let roles = side.types.in_roles(name);
        roles.filter(move |(_, it)| role.is_none_or(|role| role == *it))
    };
    if let Some(ty) = in_roles().find_map(|ty| side.types.structure(ty)) {
        add("base type", ty.base.as_deref().unwrap_or("none"));
        let written = if ty.writes_odata_type {
            "written in every position"
        } else {
            "written where the position declares another type"
        };
        add("@odata.type", written);
        let dynamic = if ty.open { "accepted" } else { "not accepted" };
        add("dynamic properties", dynamic);
        for field in &ty.fields {
            add(&field.wire, &field_text(field));
        }
        for left_out in &ty.left_out {
            let value = format!("`{}`, not sent: {}", left_out.csdl, left_out.why);
            add(&left_out.wire, &value);
        }
    }
    if let Some(union) = in_roles().find_map(|ty| side.types.union(ty)) {
        for member in &union.members {
            add(&format!("subtype {}", member.ty), "accepted");
        }
    }
    if let Some(enumeration) = side.types.enumerations.get(name) {
        let kind = if enumeration.flags {
            "flags"
        } else {
            "one member"
        };
        add("values", kind);
        for member in &enumeration.members {
            let value = if member.evolved {
                "a member, with `Prefer: include-unknown-enum-members`"
            } else {
                "a member"
            };
            add(&member.wire, value);
        }
    }
    properties
}

/// The value of each property in each document.
type Properties = BTreeMap<String, BTreeMap<String, String>>;

/// The properties that differ between these documents, and the names of the others.
fn differences(properties: Properties, documents: &[String]) -> (Vec<Difference>, Vec<String>) {
    let mut differences = Vec::new();
    let mut alike = Vec::new();
    for (name, values) in properties {
        let mut by_value: BTreeMap<Option<&String>, Vec<String>> = BTreeMap::new();
        for document in documents {
            let same = by_value.entry(values.get(document)).or_default();
            same.push(document.clone());
        }
        if by_value.len() < 2 {
            alike.push(name);
            continue;
        }
        let by_value = by_value.into_iter();
        let mut values: Vec<DocumentValue> = by_value
            .map(|(is, documents)| DocumentValue {
                is: is.cloned(),
                documents,
            })
            .collect();
        values.sort_by_key(|value| (value.is.is_none(), Reverse(value.documents.len())));
        differences.push(Difference { name, values });
    }
    (differences, alike)
}
