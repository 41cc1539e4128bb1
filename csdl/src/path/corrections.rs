//! Compares the served metadata with our facts to the metadata that Microsoft corrects for its own code generators: the
//! same updates, methods and headers, except for those listed here with a reason. `docs/paths.md` has the same lists.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::{Bounds, ResourcePath, Step, corrected, enumerate, steps, walk, walk_call};
use crate::facts::Facts;
use crate::model::Schema;
use crate::read::{add_built_in_facts, read_facts, read_file, read_schema};
use crate::source::{FileId, Sources};

/// The reference documents only PUT, but the corrected metadata has PATCH.
const PUT: &[&str] = &[
    "accessPackageCatalog/customWorkflowExtensions",
    "accessReviewScheduleDefinition/instances",
    "policyRoot/adminConsentRequestPolicy",
    "schedule/dayNotes",
    "schedule/openShifts",
    "schedule/schedulingGroups",
    "schedule/shifts",
    "schedule/timeCards",
    "schedule/timeOffReasons",
    "schedule/timesOff",
    "synchronizationJob/schema",
    "synchronizationTemplate/schema",
    "user/activities",
    "userActivity/historyItems",
];

/// The corrected metadata has PUT, which creates the resource. The reference updates it by PATCH.
const PATCH: &[&str] = &[
    "crossTenantAccessPolicyConfigurationPartner/identitySynchronization",
    "externalConnectors.externalConnection/items",
    "tenantRelationship/multiTenantOrganization",
];

/// Planner requires the ETag on every path, but the corrected metadata only on one path of each resource.
const IF_MATCH: &[&str] = &[
    "planner/plans",
    "plannerBucket/tasks",
    "plannerGroup/plans",
    "plannerPlan/buckets",
    "plannerPlan/tasks",
    "plannerUser/plans",
    "plannerUser/tasks",
];

/// Contained in the served metadata, but linked in the corrected metadata, so that paths end. The resource is updated
/// at its own path.
const LINKED: &[&str] = &[
    "accessPackageCatalog/accessPackages",
    "channel/filesFolder",
    "directory/deletedItems",
    "drive/bundles",
    "drive/following",
    "drive/root",
    "drive/special",
    "driveItem/children",
    "driveItem/listItem",
    "fileStorageContainer/drive",
    "group/drive",
    "group/drives",
    "itemActivity/driveItem",
    "list/drive",
    "listItem/driveItem",
    "onenotePage/parentNotebook",
    "onenotePage/parentSection",
    "onenoteSection/parentNotebook",
    "onenoteSection/parentSectionGroup",
    "sectionGroup/parentNotebook",
    "sectionGroup/parentSectionGroup",
    "sectionGroup/sectionGroups",
    "sharedDriveItem/driveItem",
    "sharedDriveItem/items",
    "sharedDriveItem/listItem",
    "sharedDriveItem/root",
    "sharedDriveItem/site",
    "site/drive",
    "site/drives",
    "site/items",
    "site/sites",
    "user/drive",
    "user/drives",
    "workbookChart/worksheet",
    "workbookNamedItem/worksheet",
    "workbookPivotTable/worksheet",
    "workbookRange/worksheet",
    "workbookTable/worksheet",
];

/// Linked in the served metadata, but contained in the corrected metadata. A subtree omits such an update; an entry
/// with its path generates it.
const CONTAINED: &[&str] = &[
    "accessPackageAssignmentPolicy/customExtensionStageSettings",
    "driveItem/analytics",
    "itemActivityStat/activities",
    "plannerBucket/tasks",
    "plannerGroup/plans",
    "plannerPlan/buckets",
    "plannerPlan/tasks",
    "plannerUser/plans",
    "plannerUser/tasks",
    "printJob/tasks",
    "site/analytics",
    "windowsUniversalAppX/committedContainedApps",
];

#[test]
fn facts_make_the_served_metadata_the_corrected_one() {
    let test = "path::corrections::facts_make_the_served_metadata_the_corrected_one";
    let mut sources = Sources::new();
    let (Some(served), Some(corrected_by_microsoft)) = (
        shared(test, &mut sources, "metadata/v1.0-global.csdl"),
        shared(test, &mut sources, "metadata/v1.0-global-clean.csdl"),
    ) else {
        return;
    };
    let facts = add_built_in_facts(&mut sources);
    let facts = read_facts(&sources, &[facts]).unwrap();
    let served = read_schema(&sources, &[served]).unwrap();
    let theirs = read_schema(&sources, &[corrected_by_microsoft]).unwrap();

    let mut found = BTreeSet::new();
    for path in enumerate(&theirs, &Facts::default(), None, bounds(None)).unwrap() {
        if let Ok(own) = walk(&served, &path.template()) {
            differences(&theirs, &corrected(&served, &facts, own), &path, &mut found);
        }
    }
    // Containment is cyclic in the served metadata; a depth of three includes one path of each
    // kind.
    for own in enumerate(&served, &facts, None, bounds(Some(3))).unwrap() {
        if let Ok(path) = walk(&theirs, &own.template()) {
            differences(&theirs, &own, &path, &mut found);
        }
    }

    let listed = [
        ("put", PUT),
        ("patch", PATCH),
        ("if-match", IF_MATCH),
        ("linked", LINKED),
        ("contained", CONTAINED),
    ];
    let listed = listed.into_iter().flat_map(|(kind, positions)| {
        let positions = positions.iter();
        positions.map(move |position| (format!("microsoft.graph.{position}"), kind))
    });
    let listed: BTreeSet<(String, &str)> = listed.collect();
    let unlisted: Vec<_> = found.difference(&listed).collect();
    assert!(unlisted.is_empty(), "not listed: {unlisted:#?}");
    let outdated: Vec<_> = listed.difference(&found).collect();
    assert!(outdated.is_empty(), "no difference: {outdated:#?}");
}

/// Differences of our update of a path from theirs.
fn differences(
    schema: &Schema<'_>,
    own: &ResourcePath,
    theirs: &ResourcePath,
    found: &mut BTreeSet<(String, &'static str)>,
) {
    let position = position(schema, theirs);
    let (own, theirs) = (&own.target, &theirs.target);
    let mut note = |kind| found.insert((position.clone(), kind));
    match (own.offers_update(), theirs.offers_update()) {
        (true, false) if theirs.is_linked_item() => _ = note("linked"),
        (true, false) if own.contained && !theirs.contained => _ = note("linked"),
        (false, true) if theirs.contained && !own.contained => _ = note("contained"),
        (true, false) => _ = note("offered"),
        (false, true) => _ = note("not offered"),
        (false, false) => return,
        (true, true) => {}
    }
    match (own.restrictions.put, theirs.restrictions.put) {
        (true, false) => _ = note("put"),
        (false, true) => _ = note("patch"),
        _ => {}
    }
    match (own.restrictions.if_match, theirs.restrictions.if_match) {
        (true, false) => _ = note("if-match"),
        (false, true) => _ = note("no if-match"),
        _ => {}
    }
}

/// The last property of a path, with its declaring type.
fn position(schema: &Schema<'_>, path: &ResourcePath) -> String {
    let mut steps = steps(schema, path).into_iter().rev();
    let position = steps.find_map(|step| match step {
        Step::Navigation(_, declaring, property) => Some((declaring, &property.name)),
        Step::Complex(ty, property) => Some((ty, &property.name)),
        _ => None,
    });
    match position {
        Some((ty, name)) => format!("{}/{}", schema[ty], name.text),
        None => path.template(),
    }
}

/// A misspelt name in the facts would silently have no effect.
#[test]
fn the_facts_are_about_what_there_is() {
    let test = "path::corrections::the_facts_are_about_what_there_is";
    let mut sources = Sources::new();
    let Some(served) = shared(test, &mut sources, "metadata/v1.0-global.csdl") else {
        return;
    };
    let facts = add_built_in_facts(&mut sources);
    let facts = read_facts(&sources, &[facts]).unwrap();
    let mut schema = read_schema(&sources, &[served]).unwrap();
    facts.add_properties(&mut schema);
    let mut absent = Vec::new();
    for (name, facts) in &facts.types {
        let Some(ty) = schema.find(name) else {
            absent.push(name.clone());
            continue;
        };
        let inline = facts.inline.iter().map(|name| name.text.as_ref());
        for property in inline.filter(|name| schema.navigation_property(ty, name).is_none()) {
            absent.push(format!("{name}/{property}"));
        }
        let of_creation = facts.read_only.iter().chain(&facts.create_only);
        for property in of_creation.filter(|name| schema.declared_property(ty, name).is_none()) {
            absent.push(format!("{name}/{property}"));
        }
    }
    for path in facts.properties.keys() {
        let (ty, name) = path.rsplit_once('/').unwrap();
        let is_there = schema.find(ty).is_some_and(|ty| {
            schema.property(ty, name).is_some() || schema.navigation_property(ty, name).is_some()
        });
        absent.extend((!is_there).then(|| path.clone()));
    }
    let paths = facts.operations.keys().chain(facts.keys.keys());
    absent.extend(paths.filter(|path| !is_path(&schema, path)).cloned());
    assert!(absent.is_empty(), "{absent:#?}");
}

/// Whether a key of the facts names a resource, a reference or a call.
fn is_path(schema: &Schema<'_>, key: &str) -> bool {
    let (_, path) = key.split_once(' ').unwrap_or(("", key));
    let resource = path.strip_suffix("/$ref").unwrap_or(path);
    walk(schema, resource).is_ok() || walk_call(schema, path).is_ok()
}

/// Updates documented as PUT are generated with PUT.
#[test]
fn documented_replacements_are_by_put() {
    let test = "path::corrections::documented_replacements_are_by_put";
    let mut sources = Sources::new();
    let Some(served) = shared(test, &mut sources, "metadata/v1.0-global.csdl") else {
        return;
    };
    let examples = project("../shared/examples/operations/put.jsonl");
    let examples = std::fs::read_to_string(examples).unwrap();
    let facts = add_built_in_facts(&mut sources);
    let facts = read_facts(&sources, &[facts]).unwrap();
    let schema = read_schema(&sources, &[served]).unwrap();
    for line in examples.lines() {
        let example: serde_json::Value = serde_json::from_str(line).unwrap();
        let path = example.get("path").and_then(|path| path.as_str()).unwrap();
        let walked = walk(&schema, path).unwrap();
        let target = corrected(&schema, &facts, walked).target;
        assert!(target.restrictions.put, "{path}");
    }
}

fn bounds(navigations: Option<usize>) -> Bounds {
    Bounds {
        navigations,
        paths: 100_000,
    }
}

fn project(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)
}

/// A published file, if present.
fn shared(test: &str, sources: &mut Sources, file: &str) -> Option<FileId> {
    let file = project("../shared").join(file);
    let read = read_file(sources, &file).ok();
    if read.is_none() {
        // The test harness hides the output of `eprintln!` if the test passes.
        let file = file.display();
        let _ = writeln!(std::io::stderr(), "SKIPPED {test}: `{file}` is absent");
    }
    read
}
