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
use msgraph_csdl::path::{ResourcePath, WrongSegment, walk, walk_call};
use msgraph_csdl::permissions::{Access, PermissionMap, Scheme};
use msgraph_csdl::read::{read_file, read_schema};
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
fn with_metadata<T>(check: impl FnOnce(&Schema<'_>) -> T) -> Option<T> {
    let mut sources = Sources::new();
    let file = read_file(&mut sources, shared(METADATA)).ok()?;
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
    if let Some(resource) = respelt(resource, |path| walk(schema, path)) {
        return resource.generic_template() + suffix;
    }
    match respelt(resource, |path| walk_call(schema, path)) {
        Some(call) => {
            let binding = call.binding.as_ref();
            let binding = binding.map(ResourcePath::generic_template);
            format!("{}/{}", binding.unwrap_or_default(), call.segment.text)
        }
        None => path.to_owned(),
    }
}

/// Resolves a path. Names that differ from the metadata only in case are replaced by the suggestion of the error.
fn respelt<T>(path: &str, resolve: impl Fn(&str) -> Result<T, WrongSegment>) -> Option<T> {
    let mut path = path.to_owned();
    loop {
        let wrong = match resolve(&path) {
            Ok(resolved) => return Some(resolved),
            Err(wrong) => wrong,
        };
        let written = &path[wrong.start..wrong.end];
        let suggested = wrong.help.split('`').nth(1).unwrap_or_default();
        if written == suggested || !written.eq_ignore_ascii_case(suggested) {
            return None;
        }
        path.replace_range(wrong.start..wrong.end, suggested);
    }
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
    let checked = with_metadata(|schema| {
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

/// Pages whose least permission is not the one of the map, with the reasons.
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
    /// The least permission of the page suffices, but is not the least of the map.
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
    let checked = with_metadata(|schema| {
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
