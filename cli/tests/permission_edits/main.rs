//! `diff` finds exactly the random edits of permission data that affect an app, and nothing else.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reports failures by panicking"
)]

mod document;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use document::{Document, Target};
use msgraph_cli::diff::change::Verdict::{Major, Minor, Patch};
use msgraph_cli::diff::change::{Kind, Verdict};
use msgraph_cli::diff::compare;
use msgraph_cli::support::permission_document::PermissionDocument;
use msgraph_cli::support::smallest_set::smallest_set;
use msgraph_codegen::Config;
use msgraph_codegen::command::Survey;
use msgraph_csdl::permissions::{Access, Permissions, Scheme};

/// The method, path, scheme and verdict of a change.
type Found = (String, String, &'static str, Verdict);

/// The smallest sets, by the name of the scheme.
type Sets = BTreeMap<&'static str, BTreeSet<String>>;

/// xorshift64, so that a seed names a case.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

/// A selected operation.
struct Operation {
    method: String,
    path: String,
    permissions: Option<Permissions>,
}

fn operations(survey: &Survey) -> Vec<Operation> {
    let operations = survey.index.operations.iter();
    let operations = operations.filter(|operation| has_own_entry(&operation.path));
    let found = operations.map(|operation| Operation {
        method: operation.method.to_string(),
        path: operation.path.clone(),
        permissions: operation
            .permissions
            .as_ref()
            .map(|known| known.permissions.clone()),
    });
    found.collect()
}

/// The smallest set for each scheme.
fn smallest_sets(survey: &Survey) -> Sets {
    let sets = Scheme::ALL.into_iter().map(|scheme| {
        let known = survey.index.operations.iter();
        let known = known.filter_map(|operation| operation.permissions.as_ref());
        let accesses: Vec<&Access> = known.filter_map(|it| it.permissions.of(scheme)).collect();
        let set = smallest_set(&accesses, &BTreeSet::new());
        (scheme.name(), set.into_iter().map(str::to_owned).collect())
    });
    sets.collect()
}

/// Whether only the entry of the path applies to it: see `docs/permissions.md`.
fn has_own_entry(path: &str) -> bool {
    let shared = ["(", ".", "$", "/calendar", "/drive", "/managedDevices"];
    !shared.iter().any(|part| path.contains(part))
}

fn document_name(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::DelegatedWork => "DelegatedWork",
        Scheme::DelegatedPersonal => "DelegatedPersonal",
        Scheme::Application => "Application",
    }
}

/// What a permission must allow.
fn right(method: &str) -> &'static str {
    if method == "GET" { "Read" } else { "ReadWrite" }
}

/// Makes an edit of the permissions for one scheme, if the operation allows it, and returns what `diff` must find.
fn edit(
    document: &mut Document,
    operation: &Operation,
    scheme: Scheme,
    (random, serial): (&mut Random, usize),
    granted: &Sets,
) -> Option<Vec<Found>> {
    let (method, path) = (operation.method.as_str(), operation.path.as_str());
    let target = |scheme| Target {
        method,
        path,
        scheme: document_name(scheme),
    };
    let found = |scheme: Scheme, verdict| {
        let (method, path) = (operation.method.clone(), operation.path.clone());
        (method, path, scheme.name(), verdict)
    };
    let name = format!("Edit{serial}.{}.All", right(method));
    let one = |verdict| Some(vec![found(scheme, verdict)]);
    let Some(permissions) = &operation.permissions else {
        document.grant(&name, target(scheme), true);
        return one(Patch);
    };
    let supported = Scheme::ALL.into_iter();
    let supported: Vec<Scheme> = supported
        .filter(|it| permissions.of(*it).is_some())
        .collect();
    let Some(access) = permissions.of(scheme) else {
        document.grant(&name, target(scheme), true);
        return one(Minor);
    };
    // The only permission is the least privileged, whether it is marked or not.
    let has_several = access.all().nth(1).is_some();
    match random.below(8) {
        // Another permission only.
        0 => {
            document.revoke(None, target(scheme));
            document.grant(&name, target(scheme), true);
            one(Major)
        }
        // A narrower one.
        1 => {
            document.unmark(target(scheme));
            document.grant(&name, target(scheme), true);
            one(Patch)
        }
        // The scheme is no longer supported.
        2 if supported.len() > 1 => {
            document.revoke(None, target(scheme));
            one(Major)
        }
        // The operation is no longer in the data.
        3 => {
            for scheme in supported.iter().copied() {
                document.revoke(None, target(scheme));
            }
            let lost = supported.iter().map(|scheme| found(*scheme, Minor));
            Some(lost.collect())
        }
        // A wider one no longer suffices.
        4 if !access.least.is_empty() => {
            let mut higher = access.higher.iter().filter(|it| it.also.is_empty());
            let lost = higher.next()?;
            document.revoke(Some(&lost.permission), target(scheme));
            let mut rest = access.clone();
            rest.higher.retain(|it| it != lost);
            // An app with the old smallest set may have no other permission for the operation.
            let is_granted = |name: &str| granted[scheme.name()].contains(name);
            let is_rejected = access.is_allowed(is_granted) && !rest.is_allowed(is_granted);
            one(if is_rejected { Major } else { Minor })
        }
        // No app is affected.
        5 if has_several => {
            document.grant(&name, target(scheme), false);
            Some(Vec::new())
        }
        6 => {
            document.respell(target(scheme));
            Some(Vec::new())
        }
        // None is marked.
        7 if has_several && !access.least.is_empty() => {
            document.unmark(target(scheme));
            one(Patch)
        }
        _ => None,
    }
}

/// The changes that `diff` finds. Checks the smallest sets.
fn found(old: &Survey, new: &Survey, granted: &Sets) -> BTreeSet<Found> {
    let differences = compare(old, new);
    let needed = smallest_sets(new);
    let mut changed = granted.clone();
    for change in differences.consent {
        for scheme in change.schemes {
            let set = changed.get_mut(scheme.name()).unwrap();
            assert!(change.removed.iter().all(|name| set.remove(name)));
            assert!(change.added.iter().all(|name| set.insert(name.clone())));
        }
    }
    assert_eq!(changed, needed);
    let changes = differences.changes.into_iter();
    changes
        .filter(|change| has_own_entry(&change.element))
        .flat_map(|change| {
            assert_eq!(change.kind, Kind::Permissions, "{change:#?}");
            let schemes = change.schemes.into_iter();
            let (method, path) = (change.method.unwrap(), change.element);
            // A single alternative to consent to is in the new smallest set, and not in the old one.
            if let [only] = change.consent.as_slice() {
                let names = || only.split(" and ");
                for scheme in schemes.clone() {
                    let is_new = names().all(|it| needed[scheme].contains(it));
                    let is_old = names().any(|it| granted[scheme].contains(it));
                    let is_undecided = names().all(|it| !needed[scheme].contains(it));
                    assert!(is_undecided || is_new && !is_old, "{only}");
                }
            }
            let found = schemes.map(move |scheme| {
                let (method, path) = (method.clone(), path.clone());
                (method, path, scheme, change.verdict)
            });
            found.collect::<Vec<_>>()
        })
        .collect()
}

/// Edits the permissions of some of the selected operations, and compares. Returns the number of changes.
fn check(config: &Config, document: &Document, seed: u64, edits: usize) -> usize {
    let survey = |document: &Document| {
        let map = PermissionDocument::parse(&document.text())
            .unwrap()
            .map("")
            .unwrap();
        let survey = config.clone().permissions(map).survey();
        survey.unwrap_or_else(|error| panic!("{error}"))
    };
    let old = survey(document);
    let operations = operations(&old);
    let granted = smallest_sets(&old);
    let mut random = Random::new(seed);
    let mut edited = document.clone();
    let mut touched = BTreeSet::new();
    let mut expected = BTreeSet::new();
    for serial in 0..edits {
        let operation = &operations[random.below(operations.len())];
        let scheme = Scheme::ALL[random.below(3)];
        if touched.insert((&operation.method, &operation.path)) {
            let changes = edit(
                &mut edited,
                operation,
                scheme,
                (&mut random, serial),
                &granted,
            );
            expected.extend(changes.into_iter().flatten());
        }
    }
    let found = found(&old, &survey(&edited), &granted);
    let unexpected: Vec<_> = found.difference(&expected).collect();
    let missing: Vec<_> = expected.difference(&found).collect();
    assert!(
        unexpected.is_empty() && missing.is_empty(),
        "seed {seed}: unexpected {unexpected:#?}, missing {missing:#?}"
    );
    found.len()
}

const MANIFEST: &str =
    "api-version = \"v1.0\"\nbuilt-in-facts = false\n[metadata]\n\"v1.0\" = []\n";

const OPERATIONS: &str = "operations = [\"list\", \"get\", \"create\", \"update\", \"delete\"]\n";

/// A service with sets of things.
fn model() -> String {
    let mut sets = String::new();
    for nth in 0..6 {
        write!(
            sets,
            "<EntitySet Name=\"things{nth}\" EntityType=\"shop.thing\"/>"
        )
        .unwrap();
    }
    format!(
        "<edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\"><edmx:DataServices>\
         <Schema Namespace=\"shop\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\
         <EntityType Name=\"thing\"><Key><PropertyRef Name=\"id\"/></Key>\
         <Property Name=\"id\" Type=\"Edm.String\" Nullable=\"false\"/><Property Name=\"name\" Type=\"Edm.String\"/>\
         </EntityType><EntityContainer Name=\"all\">{sets}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>"
    )
}

/// Random permissions for most operations.
fn any_document(operations: &[Operation], random: &mut Random) -> Document {
    let mut document = Document::empty();
    for operation in operations {
        for scheme in Scheme::ALL {
            let target = Target {
                method: &operation.method,
                path: &operation.path,
                scheme: document_name(scheme),
            };
            let right = right(target.method);
            let mut names: Vec<String> = (0..5).map(|nth| format!("P{nth}.{right}.All")).collect();
            for nth in 0..random.below(4) {
                let name = names.remove(random.below(names.len()));
                document.grant(&name, target, nth == 0 || random.below(4) == 0);
            }
        }
    }
    document
}

#[test]
fn edits_of_a_small_document_are_found_and_nothing_else() {
    let path = Path::new("model.csdl");
    let entry = format!("[[resource]]\npath = \"/**\"\n{OPERATIONS}");
    let config = Config::new("graph.toml")
        .manifest_text(format!("{MANIFEST}{entry}"))
        .text(path, model())
        .metadata([path]);
    let operations = operations(&config.survey().unwrap_or_else(|error| panic!("{error}")));
    assert_eq!(operations.len(), 30);
    let cases = 0..96;
    let changes: usize = cases
        .map(|seed| {
            let document = any_document(&operations, &mut Random::new(seed + 1000));
            check(&config, &document, seed, 12)
        })
        .sum();
    assert!(changes > 400, "{changes}");
}

#[test]
fn edits_of_the_published_document_are_found_and_nothing_else() {
    let test = "edits_of_the_published_document_are_found_and_nothing_else";
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let document = fs::read_to_string(shared.join("permissions/permissions.json"));
    let metadata = shared.join("metadata/v1.0-global-clean.csdl");
    let (Ok(document), true) = (document, metadata.exists()) else {
        eprintln!("SKIPPED {test}: the published documents are absent");
        return;
    };
    let entries = [
        "users",
        "groups",
        "applications",
        "sites",
        "policies",
        "identityGovernance",
    ]
    .map(|first| format!("[[resource]]\npath = \"/{first}/**\"\ndepth = 1\n{OPERATIONS}"));
    let config = Config::new("graph.toml")
        .manifest_text(format!("{MANIFEST}{}", entries.concat()))
        .metadata([metadata]);
    let document = Document::parse(&document);
    let changes = (0..4)
        .map(|seed| check(&config, &document, seed, 150))
        .sum::<usize>();
    assert!(changes > 100, "{changes}");
}
