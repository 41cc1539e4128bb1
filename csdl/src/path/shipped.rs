//! The shipped facts name what exists: types, properties, operations and keys of the published metadata, and permissions
//! of Microsoft's permission data.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::{ResourceOperation, corrected, walk, walk_call};
use crate::facts::{CapabilityFacts, Facts, PropertyFacts};
use crate::model::{Schema, TypeId};
use crate::read::{add_built_in_facts, read_facts, read_file, read_schema};
use crate::source::Sources;

/// A file of `../shared`. If it is absent, prints that the test was skipped.
fn shared(test: &str, file: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let path = path.join(file);
    if path.exists() {
        return Some(path);
    }
    // The test harness hides the output of `eprintln!` if the test passes.
    let absent = path.display();
    let _ = writeln!(
        std::io::stderr(),
        "SKIPPED path::shipped::{test}: `{absent}` is absent"
    );
    None
}

#[test]
fn facts_name_what_the_metadata_has() {
    let test = "facts_name_what_the_metadata_has";
    for file in ["v1.0-global-clean.csdl", "v1.0-global.csdl"] {
        let Some(metadata) = shared(test, &format!("metadata/{file}")) else {
            return;
        };
        let mut sources = Sources::new();
        let metadata = read_file(&mut sources, metadata).unwrap();
        let facts = add_built_in_facts(&mut sources);
        let facts = read_facts(&sources, &[facts]).unwrap();
        let schema = read_schema(&sources, &[metadata]).unwrap();
        let wrong = wrong_facts(&schema, &facts);
        assert!(wrong.is_empty(), "{file}: {wrong:#?}");
    }
}

fn wrong_facts(schema: &Schema<'_>, facts: &Facts) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, known) in &facts.types {
        let Some(ty) = schema.find(name) else {
            wrong.push(format!("no type {name}"));
            continue;
        };
        let inline = known.inline.iter().map(|setting| setting.text.as_ref());
        let navigation = inline.filter(|name| schema.navigation_property(ty, name).is_none());
        wrong
            .extend(navigation.map(|property| format!("no navigation property {name}/{property}")));
        let listed = known.read_only.iter().chain(&known.create_only);
        let missing = listed.filter(|property| !has_property(schema, ty, property));
        wrong.extend(missing.map(|property| format!("no property {name}/{property}")));
    }
    for (name, known) in &facts.properties {
        wrong
            .extend(wrong_property(schema, name, known).map(|problem| format!("{problem} {name}")));
    }
    for key in facts.operations.keys().chain(facts.subtrees.keys()) {
        wrong
            .extend(wrong_operation(schema, facts, key).map(|problem| format!("{key}: {problem}")));
    }
    for (set, keys) in &facts.keys {
        for key in keys {
            let item = walk(schema, &format!("{set}/{}", key.value));
            let declared = item.map(|item| item.target.ty);
            let ty = schema.find(&key.ty);
            let fits = |ty| declared.is_ok_and(|declared| schema.is_subtype_of(ty, declared));
            if !ty.is_some_and(fits) {
                wrong.push(format!("no key {set}/{} of {}", key.value, key.ty));
            }
        }
    }
    wrong
}

fn has_property(schema: &Schema<'_>, ty: TypeId, name: &str) -> bool {
    schema.property(ty, name).is_some() || schema.navigation_property(ty, name).is_some()
}

fn wrong_property(schema: &Schema<'_>, name: &str, facts: &PropertyFacts) -> Option<&'static str> {
    let (owner, property) = name.split_once('/')?;
    let Some(ty) = schema.find(owner) else {
        let mut actions = schema.operations().iter();
        let has_parameter = actions.any(|action| {
            let mut parameters = action.parameters.iter();
            action.qualified_name() == owner && parameters.any(|it| it.name.text == property)
        });
        return (!has_parameter).then_some("no type or action");
    };
    let leads = facts.capabilities != CapabilityFacts::default() || facts.delta.is_some();
    let navigation = schema.navigation_property(ty, property).is_some();
    // The settings of a mailbox are a complex value with an update of its own.
    let may_lead = navigation || facts.capabilities.referenceable.is_none();
    let bounds = facts.between.iter().flat_map(|(low, high)| [low, high]);
    match () {
        () if !has_property(schema, ty, property) => Some("no property"),
        () if leads && !may_lead => Some("no navigation property"),
        () if bounds.into_iter().any(|it| !has_property(schema, ty, it)) => Some("no bound of"),
        () => None,
    }
}

/// Whether the path resolves, and the metadata with the facts offers the method there.
fn wrong_operation(schema: &Schema<'_>, facts: &Facts, key: &str) -> Option<String> {
    let (method, path) = key.split_once(' ').unwrap_or(("PATCH", key));
    if let Some(root) = path.strip_suffix("/**") {
        return walk(schema, root).err().map(|wrong| wrong.message);
    }
    let reference = path.strip_suffix("/$ref");
    let resource = match walk(schema, reference.unwrap_or(path)) {
        Ok(resource) => corrected(schema, facts, resource),
        Err(wrong) => {
            return match walk_call(schema, path) {
                Ok(call) if call.method() == method => None,
                Ok(_) => Some(format!("not called by {method}")),
                Err(_) => Some(wrong.message),
            };
        }
    };
    let operations: &[ResourceOperation] = match (method, reference) {
        ("GET", None) => &[ResourceOperation::List, ResourceOperation::Get],
        ("POST", None) => &[ResourceOperation::Create],
        ("DELETE", None) => &[ResourceOperation::Delete],
        ("POST", Some(_)) => &[ResourceOperation::AddRef],
        ("DELETE", Some(_)) => &[ResourceOperation::RemoveRef],
        ("PUT", Some(_)) => &[ResourceOperation::SetRef],
        // The fact may be that there is no update.
        _ => &[],
    };
    let mut offered = operations.iter();
    let offers = offered.any(|operation| resource.target.offers(*operation));
    (!operations.is_empty() && !offers).then(|| "not offered".to_owned())
}

/// The first permission is one that the data marks as the least privileged, for delegated and for application access,
/// and the others allow the request, too.
#[test]
fn permissions_are_those_of_the_data() {
    let test = "permissions_are_those_of_the_data";
    let Some(data) = shared(test, "permissions/permissions.json") else {
        return;
    };
    let mut sources = Sources::new();
    let facts = add_built_in_facts(&mut sources);
    let facts = read_facts(&sources, &[facts]).unwrap();
    let data: serde_json::Value = serde_json::from_slice(&std::fs::read(data).unwrap()).unwrap();
    let data = allowed(&data);
    let mut wrong = Vec::new();
    for (key, facts) in &facts.operations {
        let (method, path) = key.split_once(' ').unwrap_or(("PATCH", key));
        let path = normalized(path);
        for scheme in ["DelegatedWork", "Application"] {
            let at = (method.to_owned(), path.clone(), scheme);
            for (nth, permission) in facts.permissions.iter().enumerate() {
                let known = data
                    .get(&at)
                    .and_then(|allowed| allowed.get(permission.as_str()));
                if known.is_none_or(|is_least| nth == 0 && !is_least) {
                    wrong.push(format!("{key}: {permission} ({scheme})"));
                }
            }
        }
    }
    let exceptions = [
        // The data lacks the request. Its page documents the permissions.
        ("POST /groups/{group-id}/members/$ref: ", ""),
        // `UserAuthMethod-TAP.Read` is the least privileged, but covers the passes of the signed-in user only.
        ("GET ", "UserAuthMethod-TAP.Read.All (DelegatedWork)"),
    ];
    wrong.retain(|wrong| {
        let is = |(start, end): &(&str, &str)| wrong.starts_with(start) && wrong.ends_with(end);
        !exceptions.iter().any(is)
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

type Allowed<'d> = BTreeMap<(String, String, &'d str), BTreeMap<&'d str, bool>>;

/// By method, path and scheme, the permissions, and whether each is marked as the least privileged.
fn allowed(data: &serde_json::Value) -> Allowed<'_> {
    let mut allowed = Allowed::new();
    let texts = |list: &serde_json::Value| -> Vec<String> {
        let list = list.as_array().into_iter().flatten();
        list.filter_map(|text| Some(text.as_str()?.to_owned()))
            .collect()
    };
    for (name, permission) in data["permissions"].as_object().unwrap() {
        for set in permission["pathSets"].as_array().unwrap() {
            for (path, marks) in set["paths"].as_object().unwrap() {
                let marks = marks.as_str().unwrap_or_default().split(';');
                let least = marks.filter_map(|mark| mark.strip_prefix("least="));
                let least: BTreeSet<&str> = least.flat_map(|list| list.split(',')).collect();
                for method in texts(&set["methods"]) {
                    for scheme in set["schemeKeys"].as_array().unwrap() {
                        let scheme = scheme.as_str().unwrap();
                        let at = (method.clone(), normalized(path), scheme);
                        let known = allowed.entry(at).or_default();
                        *known.entry(name.as_str()).or_default() |= least.contains(scheme);
                    }
                }
            }
        }
    }
    allowed
}

/// The path in lower case, with `{id}` for every placeholder and without `/$ref`, as in the permission data.
fn normalized(path: &str) -> String {
    let path = path.strip_suffix("/$ref").unwrap_or(path).to_lowercase();
    let segments = path.split('/').map(|segment| match segment.as_bytes() {
        [b'{', .., b'}'] => "{id}",
        _ => segment.strip_suffix("()").unwrap_or(segment),
    });
    segments.collect::<Vec<_>>().join("/")
}
