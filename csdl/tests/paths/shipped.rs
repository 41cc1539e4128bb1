//! The types, properties, operations and keys in the built-in facts exist in the published metadata.

use msgraph_csdl::facts::{CapabilityFacts, Facts, PropertyFacts, added_property};
use msgraph_csdl::model::{Schema, TypeId};
use msgraph_csdl::path::{ResourceOperation, corrected, walk, walk_call};
use msgraph_csdl::read::{read_file, read_schema};
use msgraph_csdl::source::Sources;

use super::{built_in_facts, shared};

#[test]
fn facts_refer_to_existing_elements() {
    let test = "shipped::facts_refer_to_existing_elements";
    for file in ["v1.0-global-clean.csdl", "v1.0-global.csdl"] {
        let Some(metadata) = shared(test, &format!("metadata/{file}")) else {
            return;
        };
        let mut sources = Sources::new();
        let metadata = read_file(&mut sources, metadata).unwrap();
        let facts = built_in_facts(&mut sources);
        let mut schema = read_schema(&sources, &[metadata]).unwrap();
        let redundant = redundant_properties(&schema, &facts);
        assert!(redundant.is_empty(), "{file}: {redundant:#?}");
        facts.add_properties(&mut schema);
        let wrong = wrong_facts(&schema, &facts);
        assert!(wrong.is_empty(), "{file}: {wrong:#?}");
    }
}

/// The properties that the facts add although the metadata has them.
fn redundant_properties(schema: &Schema<'_>, facts: &Facts) -> Vec<String> {
    let has_it = |path: &str| {
        added_property::owner(schema, path)
            .is_some_and(|(ty, name)| added_property::declared(schema, ty, name).is_some())
    };
    facts
        .properties
        .iter()
        .filter(|(path, known)| known.ty.is_some() && has_it(path))
        .map(|(path, _)| path.clone())
        .collect()
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
        for key in &keys.values {
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
