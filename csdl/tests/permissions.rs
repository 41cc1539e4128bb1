//! The built-in map against Microsoft's reference pages. Skipped if those are missing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use msgraph_csdl::model::Schema;
use msgraph_csdl::path::{
    Bounds, ResourceOperation, ResourcePath, enumerate, in_any_case, walk, walk_call,
};
use msgraph_csdl::permissions::{Access, PermissionMap, Scheme};
use msgraph_csdl::read::{add_built_in_facts, read_facts, read_file, read_schema};
use msgraph_csdl::source::Sources;
use serde_json::Value;

const METADATA: &str = "metadata/v1.0-global.csdl";

fn shared(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared")
        .join(file)
}

/// The rows of a file with one JSON object per line. `None` if it is missing.
fn rows(file: &str) -> Option<Vec<Value>> {
    let text = fs::read_to_string(shared(file)).ok()?;
    let lines = text.lines();
    Some(
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}

fn skipped(test: &str, file: &str) {
    // The test harness hides the output of `eprintln!` if the test passes.
    let _ = writeln!(
        std::io::stderr(),
        "SKIPPED {test}: `{}` is missing",
        shared(file).display()
    );
}

/// Runs a check with the published metadata. `None` if that is missing.
fn with_metadata<T>(name: &str, check: impl FnOnce(&Schema<'_>) -> T) -> Option<T> {
    let mut sources = Sources::new();
    let file = read_file(&mut sources, shared(name)).ok()?;
    let schema = read_schema(&sources, &[file]).unwrap();
    Some(check(&schema))
}

fn text<'r>(row: &'r Value, key: &str) -> &'r str {
    row[key].as_str().unwrap_or_default()
}

/// The generic form of a path, which may differ from the metadata in case. A path that the metadata lacks is returned
/// unchanged.
fn generic(schema: &Schema<'_>, path: &str) -> String {
    let suffixes = ["/$ref", "/$value", ""];
    let suffix = suffixes.into_iter().find(|it| path.ends_with(it)).unwrap();
    let resource = path.strip_suffix(suffix).unwrap();
    if let Ok(resource) = in_any_case(resource, |path| walk(schema, path)) {
        return resource.generic_template() + suffix;
    }
    match in_any_case(resource, |path| walk_call(schema, path)) {
        Ok(call) => {
            let binding = call.binding.as_ref();
            let binding = binding.map(ResourcePath::generic_template);
            format!("{}/{}", binding.unwrap_or_default(), call.segment.text)
        }
        Err(_) => path.to_owned(),
    }
}

/// References of a collection or resource that can also be created or deleted by a request without `/$ref`. The pages
/// document only the requests for references, so the entries without `/$ref` are about those.
const CONTAINED_REFERENCES: &[&str] = &[
    "DELETE /education/classes/{educationClass-id}/assignments/{educationAssignment-id}/rubric",
    "POST /education/classes/{educationClass-id}/assignments/{educationAssignment-id}/categories",
    "POST /policies/featureRolloutPolicies/{featureRolloutPolicy-id}/appliesTo",
];

/// The data lists most requests for references without `/$ref`. An entry that may be about another request needs a fact.
#[test]
fn references_have_the_permissions_of_the_path_without_ref() {
    let map = PermissionMap::built_in();
    let mut sources = Sources::new();
    let facts = add_built_in_facts(&mut sources);
    let facts = read_facts(&sources, &[facts]).unwrap();
    let (mut counts, mut ambiguous) = (BTreeMap::new(), BTreeSet::new());
    let metadata = "metadata/v1.0-global-clean.csdl";
    let checked = with_metadata(metadata, |schema| {
        let all = Bounds {
            navigations: None,
            paths: 100_000,
        };
        for path in enumerate(schema, &facts, None, all).unwrap() {
            let (template, generic) = (path.template(), path.generic_template());
            for (operation, other) in [
                (ResourceOperation::AddRef, ResourceOperation::Create),
                (ResourceOperation::RemoveRef, ResourceOperation::Delete),
                (ResourceOperation::SetRef, ResourceOperation::Replace),
            ] {
                if !path.target.offers(operation) {
                    continue;
                }
                let method = operation.method();
                let reference = format!("{template}/$ref");
                let fact = facts.operation_of(method, &reference);
                let with_ref = || map.find(method, &reference, &format!("{generic}/$ref"));
                let origin = match map.find(method, &template, &generic) {
                    _ if fact.is_some_and(|fact| fact.permissions.is_some()) => "a fact",
                    Some(without) if with_ref().as_ref() == Some(&without) => {
                        if path.target.offers(other) {
                            ambiguous.insert(format!("{method} {template}"));
                        }
                        "an entry without `/$ref`"
                    }
                    _ if with_ref().is_some() => "an entry with `/$ref`",
                    _ => "unknown",
                };
                *counts.entry(origin).or_default() += 1;
            }
        }
    });
    if checked.is_none() {
        return skipped(
            "references_have_the_permissions_of_the_path_without_ref",
            metadata,
        );
    }
    let expected = [
        ("a fact", 2),
        ("an entry with `/$ref`", 8),
        ("an entry without `/$ref`", 101),
        ("unknown", 49),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
    let listed: Vec<&str> = ambiguous.iter().map(String::as_str).collect();
    assert_eq!(listed, CONTAINED_REFERENCES);
}

/// Documented updates that the map has for one kind of caller only, because the service does not support the other.
const ONE_KIND: &[(&str, &str)] = &[
    // Workbooks have no application permissions.
    ("chartlineformat-update.md", "delegated"),
    ("chartseries-update.md", "delegated"),
    ("charttitle-update.md", "delegated"),
    ("rangeborder-update.md", "delegated"),
    // The path is `/me`, for which an application has no user.
    ("driveitem-move.md", "delegated"),
    ("onlinemeeting-update.md", "delegated"),
    // The page lists no permissions for the other kind.
    ("educationassignmentdefaults-update.md", "delegated"),
    ("educationschool-update.md", "application"),
    ("print-update-taskdefinition.md", "application"),
    ("printershare-update.md", "delegated"),
];

#[test]
fn documented_updates_have_permissions() {
    let test = "documented_updates_have_permissions";
    let file = "examples/v1.0-updates.jsonl";
    let Some(updates) = rows(file) else {
        return skipped(test, file);
    };
    let map = PermissionMap::built_in();
    let one_kind = BTreeSet::from_iter(ONE_KIND.iter().copied());
    let checked = with_metadata(METADATA, |schema| {
        let mut unknown = Vec::new();
        for row in &updates {
            let page = text(row, "page");
            let path = text(row, "path").split('?').next().unwrap();
            let found = map.find("PATCH", path, &generic(schema, path));
            let found = found.unwrap_or_default();
            let is_known = match (found.delegated.is_some(), found.application.is_some()) {
                (true, true) => true,
                (true, false) => one_kind.contains(&(page, "delegated")),
                (false, true) => one_kind.contains(&(page, "application")),
                (false, false) => false,
            };
            if !is_known {
                unknown.push(page);
            }
        }
        // The data has no updates of calendars.
        assert_eq!(unknown, ["calendar-update.md"]);
        assert!(unknown.len() * 20 < updates.len());
    });
    if checked.is_none() {
        skipped(test, METADATA);
    }
}

/// Pages whose least privileged permission differs from that of the map, with the reasons.
const DIFFERENT: &[(&str, &[&str])] = &[
    (
        "the data has a narrower permission, which is newer than the page",
        &[
            "authentication-list-temporaryaccesspassmethods.md",
            "authentication-post-temporaryaccesspassmethods.md",
            "calendargroup-get.md",
            "conversation-post-threads.md",
            "conversationthread-update.md",
            "featurerolloutpolicies-list.md",
            "group-getmembergroups.md",
            "groupsetting-list.md",
            "identitysecuritydefaultsenforcementpolicy-update.md",
            "organizationalbrandinglocalization-update.md",
            "organizationalbrandingproperties-create.md",
            "subscribedsku-get.md",
            "subscribedsku-list.md",
            "temporaryaccesspassauthenticationmethod-delete.md",
            "temporaryaccesspassauthenticationmethod-get.md",
            "temporaryaccesspassauthenticationmethodconfiguration-get.md",
            "todotask-delta.md",
            "user-revokesigninsessions.md",
        ],
    ),
    (
        "several pages document different properties of one path",
        &[
            "intune-androidforwork-devicemanagement-get.md",
            "intune-companyterms-devicemanagement-update.md",
            "intune-gpanalyticsservice-devicemanagement-update.md",
            "intune-onboarding-devicecategory-update.md",
            "intune-onboarding-devicemanagement-update.md",
            "intune-onboarding-user-delete.md",
            "intune-policyset-devicemanagement-update.md",
            "intune-troubleshooting-reportroot-update.md",
            "intune-troubleshooting-user-update.md",
            "organization-update.md",
        ],
    ),
    (
        "the page has one table for several resources, such as chats and channels",
        &[
            "chatmessage-list-hostedcontents.md",
            "chatmessage-update.md",
            "profilephoto-update.md",
        ],
    ),
    (
        "the page does not begin with the least privileged permission",
        &[
            "chat-list-tabs.md",
            "organizationalbrandingpropertieslocalization-get.md",
        ],
    ),
    (
        "one table for `/me` and other paths; for an application, the data has a part of it at `/me`",
        &[
            "driveitem-get-content.md",
            "driveitem-list-thumbnails.md",
            "driveitem-list-versions.md",
            "driveitem-move.md",
            "onlinemeeting-update.md",
            "permission-delete.md",
            "permission-update.md",
        ],
    ),
    (
        "the path is not one of the metadata: `{property name}`",
        &["organizationalbrandingproperties-update.md"],
    ),
];

const SCHEMES: [(Scheme, &str); 3] = [
    (Scheme::DelegatedWork, "delegated_work"),
    (Scheme::DelegatedPersonal, "delegated_personal"),
    (Scheme::Application, "application"),
];

/// What the map and a page say about an operation and a scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Agree,
    /// The page has no permission: the scheme is supported since.
    Newer,
    /// Neither has a permission.
    Unsupported,
    /// The least privileged permission of the page suffices, but is not the least privileged one of the map.
    Suffices,
    Different,
}

fn verdict(access: Option<&Access>, page: &[&str]) -> Verdict {
    let (access, first) = match (access, page.first()) {
        (Some(access), Some(first)) => (access, *first),
        (Some(_), None) => return Verdict::Newer,
        (None, None) => return Verdict::Unsupported,
        (None, Some(_)) => return Verdict::Different,
    };
    // A page lists permissions that are needed together as if each was sufficient.
    let least = access.least.first();
    if least.is_some_and(|least| least.names().all(|name| page.contains(&name)))
        && least.is_some_and(|least| least.names().any(|name| name == first))
    {
        return Verdict::Agree;
    }
    match access.is_allowed(|name| page.iter().take(1).any(|page| *page == name)) {
        true => Verdict::Suffices,
        false => Verdict::Different,
    }
}

#[test]
fn pages_agree_with_the_map() {
    let test = "pages_agree_with_the_map";
    let file = "permissions/pages.jsonl";
    let Some(pages) = rows(file) else {
        return skipped(test, file);
    };
    let map = PermissionMap::built_in();
    let mut counts: BTreeMap<Verdict, usize> = BTreeMap::new();
    let mut different = BTreeSet::new();
    let checked = with_metadata(METADATA, |schema| {
        for row in &pages {
            for template in row["templates"].as_array().unwrap() {
                let template = template.as_str().unwrap().split('?').next().unwrap();
                let template = template.trim_start_matches("https://graph.microsoft.com/v1.0");
                let template = format!("/{}", template.trim_start_matches('/'));
                let generic = generic(schema, &template);
                let found = map.find(text(row, "method"), &template, &generic);
                for (scheme, key) in SCHEMES {
                    // Null means that the page has several tables.
                    let Some(listed) = row[key].as_array() else {
                        continue;
                    };
                    let listed: Vec<&str> = listed.iter().filter_map(Value::as_str).collect();
                    let access = found.as_ref().and_then(|found| found.of(scheme));
                    let verdict = verdict(access, &listed);
                    *counts.entry(verdict).or_default() += 1;
                    if verdict >= Verdict::Suffices {
                        different.insert(text(row, "page"));
                    }
                }
            }
        }
    });
    if checked.is_none() {
        return skipped(test, METADATA);
    }
    let reasoned = DIFFERENT
        .iter()
        .flat_map(|(_, pages)| pages.iter().copied());
    let reasoned: BTreeSet<&str> = reasoned.collect();
    assert_eq!(different, reasoned);
    let expected = [
        (Verdict::Agree, 611),
        (Verdict::Newer, 89),
        (Verdict::Unsupported, 318),
        (Verdict::Suffices, 62),
        (Verdict::Different, 33),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
}
