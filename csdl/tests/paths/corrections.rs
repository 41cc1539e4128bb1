//! Compares the served metadata with our facts to the metadata that Microsoft corrects for its own code generators: the
//! same updates, methods and headers, except for those listed here with a reason. `docs/paths.md` has the same lists.

use std::collections::BTreeSet;

use msgraph_csdl::facts::Facts;
use msgraph_csdl::model::Schema;
use msgraph_csdl::path::{Bounds, ResourcePath, Step, corrected, enumerate, steps, walk};
use msgraph_csdl::read::{read_file, read_schema};
use msgraph_csdl::source::Sources;

use super::{built_in_facts, shared};

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
fn facts_correct_the_served_metadata() {
    let test = "corrections::facts_correct_the_served_metadata";
    let (Some(served), Some(corrected_by_microsoft)) = (
        shared(test, "metadata/v1.0-global.csdl"),
        shared(test, "metadata/v1.0-global-clean.csdl"),
    ) else {
        return;
    };
    let mut sources = Sources::new();
    let served = read_file(&mut sources, served).unwrap();
    let corrected_by_microsoft = read_file(&mut sources, corrected_by_microsoft).unwrap();
    let facts = built_in_facts(&mut sources);
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

/// How our update of a path differs from Microsoft's.
fn differences(
    schema: &Schema<'_>,
    own: &ResourcePath,
    theirs: &ResourcePath,
    found: &mut BTreeSet<(String, &'static str)>,
) {
    let position = position(schema, theirs);
    let (own, theirs) = (&own.target, &theirs.target);
    let is_linked = theirs.is_item && theirs.restrictions.referenceable == Some(true);
    let mut note = |kind| found.insert((position.clone(), kind));
    match (own.offers_update(), theirs.offers_update()) {
        (true, false) if is_linked => _ = note("linked"),
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

/// Updates documented as PUT are generated with PUT.
#[test]
fn documented_replacements_use_put() {
    let test = "corrections::documented_replacements_use_put";
    let (Some(served), Some(examples)) = (
        shared(test, "metadata/v1.0-global.csdl"),
        shared(test, "examples/operations/put.jsonl"),
    ) else {
        return;
    };
    let mut sources = Sources::new();
    let served = read_file(&mut sources, served).unwrap();
    let examples = std::fs::read_to_string(examples).unwrap();
    let facts = built_in_facts(&mut sources);
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
