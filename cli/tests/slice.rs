//! A slice generates the same output as the whole metadata, and every property and operation in it is needed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reports failures by panicking"
)]

#[path = "../../codegen/tests/published/mod.rs"]
mod published;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use fastrand::Rng;
use msgraph_codegen::ir::{Api, Operation};
use msgraph_codegen::{Config, Error};

const CLEAN: &str = "metadata/v1.0-global-clean.csdl";

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// The output for a manifest: the index, with a single file, a tree, or both.
fn output(
    manifest: &str,
    document: &Path,
    shapes: &[bool],
) -> Result<BTreeMap<String, String>, Error> {
    let mut files = BTreeMap::new();
    for &tree in shapes {
        let config = config(manifest, document).tree(tree).index(true);
        let generated = config.generate()?;
        for (path, text) in config.files(&generated) {
            let path = path.to_str().unwrap();
            files.insert(format!("{tree} {path}"), text.to_owned());
        }
    }
    Ok(files)
}

fn config(manifest: &str, document: &Path) -> Config {
    Config::new(project("metadata/graph.toml"))
        .manifest_text(manifest)
        .metadata([document])
}

fn sliced(manifest: &str, document: &Path) -> Result<String, Error> {
    let slice = config(manifest, document).slice()?;
    Ok(slice.csdl)
}

const SINGLE: &[bool] = &[false];
const BOTH: &[bool] = &[false, true];

/// Compares a slice with the whole metadata, and returns it.
fn hold(manifest: &str, document: &Path, shapes: &[bool], directory: &Path) -> String {
    let slice = sliced(manifest, document).unwrap_or_else(|error| panic!("{manifest}\n{error}"));
    let path = directory.join("slice.csdl");
    fs::write(&path, &slice).unwrap();
    let whole = output(manifest, document, shapes).unwrap();
    assert!(whole.len() >= 2 * shapes.len(), "{manifest}");
    assert!(
        output(manifest, &path, shapes).unwrap() == whole,
        "{manifest}"
    );
    assert!(
        sliced(manifest, &path).unwrap() == slice,
        "sliced again:\n{manifest}"
    );
    slice
}

/// The manifest of the Temporary Access Pass, optionally with another selection.
fn manifest(selection: &str) -> String {
    format!(
        "api-version = \"v1.0\"\nmetadata = {{ \"v1.0\" = \"v1.0.csdl\" }}\n\
         {selection}"
    )
}

fn tap() -> String {
    fs::read_to_string(project("metadata/graph.toml")).unwrap()
}

#[test]
fn tap_and_the_policies() {
    let test = "slice::tap_and_the_policies";
    let Some(whole) = published::shared(test, CLEAN) else {
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let slice = hold(&tap(), &whole, BOTH, directory.path());
    assert!(slice.len() < 30_000, "{}", slice.len());
    for read in [false, true] {
        let policies = format!("read = {read}\n[[update]]\npath = \"/policies/**\"\n");
        let slice = hold(&manifest(&policies), &whole, BOTH, directory.path());
        assert!(slice.len() < 200_000, "{}", slice.len());
    }
    let excluding = "[[update]]\npath = \"/policies/**\"\nexclude = [\n\
                     \"/policies/authenticationMethodsPolicy/**\",\n\
                     \"/policies/adminConsentRequestPolicy\",\n]\n";
    hold(&manifest(excluding), &whole, SINGLE, directory.path());
}

#[test]
fn resources_and_calls() {
    let test = "slice::resources_and_calls";
    let Some(whole) = published::shared(test, CLEAN) else {
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    for (selection, bytes) in [
        (
            "[[resource]]\npath = \"/users/{id}/authentication/temporaryAccessPassMethods\"\n\
             [[resource]]\npath = \"/groups/{id}/members\"\n\
             [[call]]\npath = \"/users/{id}/revokeSignInSessions\"\n\
             [[call]]\npath = \"/users/delta\"\n",
            200_000,
        ),
        (
            "[[resource]]\npath = \"/users/{id}/photo\"\noperations = [\"get\", \"get-content\", \"put-content\"]\n\
             [[call]]\npath = \"/users/{id}/checkMemberGroups\"\n\
             [[call]]\npath = \"/users/{id}/reminderView(StartDateTime='{start}',EndDateTime='{end}')\"\n",
            20_000,
        ),
        (
            "[[resource]]\npath = \"/users/{id}/authentication/**\"\n\
             [[call]]\npath = \"/users/{id}/authentication/**\"\n",
            200_000,
        ),
        (
            "[[resource]]\npath = \"/drives/{id}/items/{id}/**\"\ndepth = 4\n\
             operations = [\"list\", \"get-content\", \"delete\"]\n\
             [[call]]\npath = \"/users/{id}/calendar/**\"\ndepth = 3\n\
             exclude = [\"/users/{id}/calendar/getSchedule\"]\n",
            1_000_000,
        ),
    ] {
        let slice = hold(&manifest(selection), &whole, SINGLE, directory.path());
        assert!(slice.len() < bytes, "{}: {selection}", slice.len());
    }
}

/// Our own cases: name collisions, unions, restrictions, and remote dependencies.
#[test]
fn the_cases_of_the_generator() {
    let cases = fs::read_dir(project("codegen/tests/cases")).unwrap();
    let mut held = 0;
    for case in cases {
        let case = case.unwrap().path();
        let name = case.file_name().unwrap().to_str().unwrap();
        if name.starts_with("error_") {
            continue;
        }
        let config = Config::new(case.join("graph.toml"));
        let slice = config.slice();
        let slice = slice.unwrap_or_else(|error| panic!("{name}: {error}")).csdl;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("slice.csdl");
        fs::write(&path, &slice).unwrap();
        let of_slice = config.clone().metadata([&path]);
        let code_and_index = |config: &Config| {
            let generated = config.generate().ok()?;
            Some((generated.code, generated.index))
        };
        let whole = code_and_index(&config).unwrap();
        assert!(code_and_index(&of_slice).as_ref() == Some(&whole), "{name}");
        let again = of_slice.slice().unwrap();
        assert_eq!(again.csdl, slice, "{name}");
        each_element_is_needed(name, &slice, |less| {
            fs::write(&path, less).unwrap();
            code_and_index(&of_slice).as_ref() == Some(&whole)
        });
        held += 1;
    }
    assert!(held > 10, "{held}");
}

/// A document with these elements in `microsoft.graph`.
fn document(elements: &str) -> String {
    format!(
        "<edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\"><edmx:DataServices>\
         <Schema Namespace=\"microsoft.graph\" Alias=\"graph\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\
         <EntityType Name=\"entity\" Abstract=\"true\"><Key><PropertyRef Name=\"id\" /></Key>\
         <Property Name=\"id\" Type=\"Edm.String\" Nullable=\"false\" /></EntityType>{elements}\
         </Schema></edmx:DataServices></edmx:Edmx>"
    )
}

/// Slices documents of a test with `facts`, and compares the output.
fn hold_own(selection: &str, documents: &[&str], facts: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let names = (0..documents.len()).map(|nth| directory.path().join(format!("{nth}.csdl")));
    let names: Vec<PathBuf> = names.collect();
    for (name, text) in names.iter().zip(documents) {
        fs::write(name, text).unwrap();
    }
    fs::write(directory.path().join("facts.toml"), facts).unwrap();
    let manifest = manifest(&format!(
        "permissions = false\nfacts = \"facts.toml\"\n{selection}"
    ));
    let config = Config::new(directory.path().join("graph.toml")).manifest_text(manifest);
    let whole = config.clone().metadata(&names);
    let slice = whole
        .slice()
        .unwrap_or_else(|error| panic!("{selection}\n{error}"))
        .csdl;
    let path = directory.path().join("slice.csdl");
    fs::write(&path, &slice).unwrap();
    let of_slice = config.metadata([&path]);
    let code = |config: &Config| config.generate().unwrap().code;
    assert!(code(&of_slice) == code(&whole), "{slice}");
    assert_eq!(of_slice.slice().unwrap().csdl, slice);
    slice
}

#[test]
fn a_slice_keeps_what_is_set_on_creation_only() {
    let document = document(
        "<EntityType Name=\"folder\" BaseType=\"graph.entity\" OpenType=\"true\">\
         <Property Name=\"title\" Type=\"Edm.String\" />\
         <NavigationProperty Name=\"children\" Type=\"Collection(graph.folder)\" ContainsTarget=\"true\" />\
         <NavigationProperty Name=\"owner\" Type=\"graph.folder\" />\
         <NavigationProperty Name=\"other\" Type=\"graph.folder\" /></EntityType>\
         <EntityContainer Name=\"C\"><EntitySet Name=\"folders\" EntityType=\"graph.folder\" /></EntityContainer>",
    );
    let facts = "[type.\"microsoft.graph.folder\"]\ncreate-only = [\"children\", \"owner\"]\n\
                 inline = [\"children\"]\nsource = \"https://example.com/\"\n";
    for selection in [
        "[[update]]\npath = \"/folders/{id}\"\n",
        "[[struct]]\ntype = \"microsoft.graph.folder\"\n",
        "[[resource]]\npath = \"/folders/{id}\"\noperations = [\"get\"]\n",
    ] {
        hold_own(selection, &[&document], facts);
    }
}

#[test]
fn a_slice_keeps_the_operation_of_items_that_decides_a_name() {
    let operation = |ty: &str, body: &str| {
        format!(
            "<Action Name=\"validate\" IsBound=\"true\"><Parameter Name=\"bindingParameter\" Type=\"{ty}\" />\
             {body}</Action>"
        )
    };
    let parameter = "<Parameter Name=\"name\" Type=\"Edm.String\" />";
    let document = document(&format!(
        "<EntityType Name=\"group\" BaseType=\"graph.entity\" />{}{}\
         <EntityContainer Name=\"C\"><EntitySet Name=\"groups\" EntityType=\"graph.group\" /></EntityContainer>",
        operation("Collection(graph.entity)", parameter),
        operation("graph.group", ""),
    ));
    let slice = hold_own("[[call]]\npath = \"/groups/validate\"\n", &[&document], "");
    assert_eq!(slice.matches("<Action").count(), 2, "{slice}");
}

#[test]
fn a_slice_keeps_the_types_of_a_nested_delta_that_is_only_read() {
    let document = document(
        "<EntityType Name=\"unit\" BaseType=\"graph.entity\" />\
         <EntityType Name=\"policy\" BaseType=\"graph.entity\">\
         <NavigationProperty Name=\"units\" Type=\"Collection(graph.unit)\" ContainsTarget=\"true\" /></EntityType>\
         <EntityContainer Name=\"C\"><EntitySet Name=\"policies\" EntityType=\"graph.policy\" /></EntityContainer>",
    );
    let facts = "[property.\"microsoft.graph.policy/units\"]\ndelta = true\nsource = \"https://example.com/\"\n";
    let get = "[[resource]]\npath = \"/policies/{id}\"\noperations = [\"get\"]\n";
    hold_own(get, &[&document], facts);
}

#[test]
fn unusual_xml_is_sliced() {
    let thing = |description: &str| {
        document(&format!(
            "<EntityType Name=\"thing\" BaseType=\"graph.entity\"><Property Name=\"color\" Type=\"Edm.String\">\
             <Annotation Term=\"Org.OData.Core.V1.Description\">{description}</Annotation></Property></EntityType>\
             <EntityContainer Name=\"C\"><EntitySet Name=\"things\" EntityType=\"graph.thing\" /></EntityContainer>"
        ))
    };
    let update = "[[update]]\npath = \"/things/{id}\"\n";
    for text in [
        "a &amp; b",
        "  <!-- c --> Hello",
        "   ",
        "He<!-- c -->llo",
        "",
    ] {
        hold_own(update, &[&thing(&format!("<String>{text}</String>"))], "");
    }
    let plain = thing("<String>Hello</String>");
    let other_prefix = plain.replace("edmx:", "e:");
    let other_prefix = other_prefix.replace("xmlns:edmx=", "xmlns:edmx=\"urn:x\" xmlns:e=");
    hold_own(update, &[&other_prefix], "");
    for uri in ["'urn:a\"b'", "\"urn:a&amp;b&quot;&lt;c&#10;\""] {
        let uri = format!("Version=\"4.0\" xmlns:y={uri}");
        hold_own(update, &[&plain.replace("Version=\"4.0\"", &uri)], "");
    }
}

#[test]
fn documents_with_different_aliases_for_a_namespace_are_reported() {
    let first = document(
        "<EntityContainer Name=\"C\"><EntitySet Name=\"things\" EntityType=\"graph.thing\" /></EntityContainer>",
    );
    let second = "<edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\"><edmx:DataServices>\
         <Schema Namespace=\"microsoft.graph\" Alias=\"self\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\
         <EntityType Name=\"thing\" BaseType=\"self.entity\"><Property Name=\"x\" Type=\"Edm.String\" /></EntityType>\
         </Schema></edmx:DataServices></edmx:Edmx>";
    let directory = tempfile::tempdir().unwrap();
    let names = ["a.csdl", "b.csdl"].map(|name| directory.path().join(name));
    fs::write(&names[0], first).unwrap();
    fs::write(&names[1], second).unwrap();
    let manifest = manifest("[[update]]\npath = \"/things/{id}\"\n");
    let config = Config::new(directory.path().join("graph.toml")).manifest_text(manifest);
    let error = config.metadata(names).slice().unwrap_err().to_string();
    assert!(error.contains("the alias of a namespace"), "{error}");
}

#[test]
fn the_documented_updates_one_by_one() {
    let test = "slice::the_documented_updates_one_by_one";
    let Some(examples) = published::shared(test, "examples/v1.0-updates.jsonl") else {
        return;
    };
    let Some(whole) = published::shared(test, CLEAN) else {
        return;
    };
    let mut failures = Vec::new();
    let examples = fs::read_to_string(examples).unwrap();
    let examples = examples.lines().filter(|line| !line.trim().is_empty());
    let examples: Vec<serde_json::Value> = examples
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(examples.len() >= 48, "{}", examples.len());
    let paths = examples.iter().map(|it| it["path"].as_str().unwrap());
    let often = ["/me/messages/{id}", "/me/events/{id}", "/drives/{id}/root"];
    let paths: BTreeSet<&str> = paths.chain(often).collect();
    for path in paths {
        let update = format!("[[update]]\npath = \"{path}\"\n");
        // This compares the output of the slice with that of the whole.
        if let Err(error) = sliced(&manifest(&update), &whole) {
            failures.push(format!("{path}: {error}"));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

/// No element can be removed without changing the code, or failing, except for what is kept with an element: its
/// annotations, the supertypes of a type, and the parts of a key, an alternate key or an operation.
fn each_element_is_needed(name: &str, slice: &str, mut is_as_good: impl FnMut(&str) -> bool) {
    let xml = roxmltree::Document::parse(slice).unwrap();
    let elements = xml.descendants().filter(|node| node.is_element());
    let mut tried = 0;
    for element in elements.skip(1) {
        let tag = element.tag_name().name();
        let mut around = element.ancestors();
        let is_annotation = around.any(|node| {
            let tag = node.tag_name().name();
            tag == "Annotation" || tag == "Annotations"
        });
        let parts = [
            "Schema",
            "Key",
            "PropertyRef",
            "Parameter",
            "Reference",
            "Include",
        ];
        let of_element = element.attribute("Name").unwrap_or_default();
        let is_part = parts.contains(&tag)
            // A sentinel has an effect only on the members after it.
            || of_element == "unknownFutureValue"
            || slice.contains(&format!("PropertyPath=\"{of_element}\""));
        if is_annotation || is_part || tag.ends_with("Type") {
            continue;
        }
        let range = element.range();
        let less = format!("{}{}", &slice[..range.start], &slice[range.end..]);
        assert!(!is_as_good(&less), "{name}: not needed: {}", &slice[range]);
        tried += 1;
    }
    assert!(tried > 5, "{name}: {tried}");
}

#[test]
fn selections_drawn_at_random() {
    let test = "slice::selections_drawn_at_random";
    let Some(whole) = published::shared(test, CLEAN) else {
        return;
    };
    let all = config(&tap(), &whole).whole(None).survey().unwrap().index;
    let directory = tempfile::tempdir().unwrap();
    let mut rng = Rng::with_seed(20_260_324);
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..20 {
        let selection = draw(&all, &mut rng);
        hold(&manifest(&selection), &whole, SINGLE, directory.path());
        for (kind, mark) in [
            ("key", "{"),
            ("literal key", "/abc\""),
            ("alternate key", "='{"),
            ("cast", "/microsoft.graph."),
            ("function", ")/"),
            ("complex property", "# complex"),
            ("subtree", "/**\""),
            ("struct", "[[struct]]"),
            ("type", "\ntype ="),
            ("inline", "inline-all"),
        ] {
            *kinds.entry(kind).or_default() += usize::from(selection.contains(mark));
        }
    }
    assert_eq!(kinds.len(), 10);
    assert!(kinds.values().all(|drawn| *drawn > 0), "{kinds:?}");
}

/// A few updates, types and subtrees.
fn draw(all: &Api, rng: &mut Rng) -> String {
    let kind = |operation: &Operation, mark: &str| match mark {
        "complex" => operation.bodies.iter().all(|body| {
            let mut types = all.structs.iter();
            let ty = types.find(|ty| ty.ty == body.ty).unwrap();
            !ty.is_entity
        }),
        mark => operation.path.contains(mark),
    };
    let mut text = String::new();
    for switch in ["read", "send-read-only"] {
        text.push_str(&format!("{switch} = {}\n", rng.bool()));
    }
    for _ in 0..rng.usize(1..4) {
        // Most paths have the same kind, so choose the kind first.
        let mark = ["", "", "='{", "/microsoft.graph.", ")/", "complex"][rng.usize(0..6)];
        let of_kind: Vec<&Operation> = all
            .operations
            .iter()
            .filter(|operation| operation.body.is_some() && kind(operation, mark))
            .collect();
        let operation = of_kind[rng.usize(0..of_kind.len())];
        let mut path = operation.path.clone();
        let mut ty = None;
        match rng.u8(0..4) {
            0 if path.ends_with("-id}") => {
                path = format!("{}/abc", path.rsplit_once('/').unwrap().0);
            }
            1 if operation.bodies.len() > 1 => {
                ty = Some(&operation.bodies[rng.usize(0..operation.bodies.len())].ty);
            }
            2 if operation.bodies.len() > 1 && !path.ends_with(')') => {
                let body = &operation.bodies[rng.usize(0..operation.bodies.len())];
                if body.ty != operation.declared {
                    path = format!("{path}/{}", body.ty);
                }
            }
            _ => {}
        }
        text.push_str(&format!("[[update]]\npath = \"{path}\"\n"));
        if let Some(ty) = ty {
            text.push_str(&format!("type = \"{ty}\"\n"));
        }
        if mark == "complex" {
            text.push_str("# complex\n");
        }
    }
    for _ in 0..rng.usize(0..3) {
        let ty = &all.structs[rng.usize(0..all.structs.len())].ty;
        text.push_str(&format!("[[struct]]\ntype = \"{ty}\"\n"));
    }
    if rng.u8(0..3) == 0 {
        let from = &all.operations[rng.usize(0..all.operations.len())].path;
        let below: Vec<&str> = all
            .operations
            .iter()
            .map(|operation| operation.path.as_str())
            .filter(|path| path.starts_with(&format!("{from}/")) && path.matches('/').count() < 9)
            .collect();
        text.push_str(&format!("[[update]]\npath = \"{from}/**\"\n"));
        if let Some(excluded) = rng.choice(&below) {
            text.push_str(&format!("exclude = \"{excluded}\"\n"));
        }
    } else if rng.u8(0..6) == 0 {
        text.insert_str(0, "inline-all = true\n");
    }
    text
}

#[test]
fn nothing_in_the_slice_of_tap_is_useless() {
    let test = "slice::nothing_in_the_slice_of_tap_is_useless";
    let documents = [
        Some(project("metadata/v1.0.csdl")),
        published::shared(test, CLEAN),
        published::shared(test, "metadata/v1.0-usnat.csdl"),
    ];
    for document in documents.into_iter().flatten() {
        let slice = sliced(&tap(), &document).unwrap();
        let whole = output(&tap(), &document, SINGLE).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("less.csdl");
        each_element_is_needed(&document.to_string_lossy(), &slice, |less| {
            fs::write(&path, less).unwrap();
            output(&tap(), &path, SINGLE).is_ok_and(|less| less == whole)
        });
    }
}

fn msgraph(arguments: &[&str], directory: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_msgraph"))
        .arg("slice")
        .args(arguments)
        .current_dir(directory)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A crate with the project's own manifest and metadata.
fn crate_() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for file in ["graph.toml", "v1.0.csdl", "beta.csdl"] {
        fs::copy(project("metadata").join(file), directory.path().join(file)).unwrap();
    }
    directory
}

#[test]
fn the_command_writes_once_and_says_where_it_is_from() {
    let crate_ = crate_();
    let at = crate_.path();
    let first = msgraph(&["--out", "slices/slice.csdl"], at);
    assert!(first.status.success(), "{}", text(&first.stderr));
    assert!(text(&first.stdout).starts_with("wrote slices/slice.csdl: "));
    let slice = fs::read_to_string(at.join("slices/slice.csdl")).unwrap();
    let source = slice
        .lines()
        .find_map(|line| line.trim().strip_prefix("source: v1.0.csdl, sha256 "))
        .unwrap();
    assert_eq!(source.len(), 64);
    let second = msgraph(&["--out", "slices/slice.csdl"], at);
    assert!(text(&second.stdout).starts_with("unchanged"));

    // A slice of a slice records the original source.
    let again = msgraph(&["slices/slice.csdl", "-o", "again.csdl"], at);
    assert!(again.status.success(), "{}", text(&again.stderr));
    assert_eq!(fs::read_to_string(at.join("again.csdl")).unwrap(), slice);

    let beta = msgraph(
        &[
            "--api-version",
            "beta",
            "-o",
            "beta-slice.csdl",
            "--format",
            "json",
        ],
        at,
    );
    let report: serde_json::Value = serde_json::from_slice(&beta.stdout).unwrap();
    assert_eq!(report["changed"], true);
    let written = fs::read(at.join("beta-slice.csdl")).unwrap();
    assert_eq!(report["bytes"], written.len());
    assert!(text(&written).contains("source: beta.csdl, sha256 "));
}

#[test]
fn what_the_slice_is_made_from_is_not_overwritten() {
    let crate_ = crate_();
    let at = crate_.path();
    #[cfg(unix)]
    std::os::unix::fs::symlink("v1.0.csdl", at.join("link.csdl")).unwrap();
    #[cfg(not(unix))]
    fs::copy(at.join("v1.0.csdl"), at.join("link.csdl")).unwrap();
    let before = fs::read(at.join("v1.0.csdl")).unwrap();
    let manifest = fs::read_to_string(at.join("graph.toml")).unwrap();
    fs::write(
        at.join("graph.toml"),
        format!("facts = \"facts.toml\"\n{manifest}"),
    )
    .unwrap();
    fs::write(at.join("facts.toml"), "").unwrap();
    let mut files = vec!["v1.0.csdl", "graph.toml", "facts.toml", "./v1.0.csdl"];
    files.extend(cfg!(unix).then_some("link.csdl"));
    for file in files {
        let bytes = fs::read(at.join(file)).unwrap();
        let refused = msgraph(&["--out", file], at);
        assert_eq!(refused.status.code(), Some(2), "{file}");
        assert!(
            text(&refused.stderr).contains("is an input of the slice"),
            "{file}"
        );
        assert_eq!(fs::read(at.join(file)).unwrap(), bytes, "{file}");
    }
    assert_eq!(fs::read(at.join("v1.0.csdl")).unwrap(), before);
}

#[test]
fn a_slice_leaves_out_what_the_manifest_and_the_facts_add() {
    let config = Config::new(project("codegen/tests/cases/added_properties/graph.toml"));
    let slice = config.slice().unwrap_or_else(|error| panic!("{error:?}"));
    assert!(slice.csdl.contains("\"target\""), "{}", slice.csdl);
    assert!(!slice.csdl.contains("includeTargets"), "{}", slice.csdl);
}

/// If a slice replaces the fetched metadata, its entry in the lock file is removed.
#[test]
fn a_slice_in_the_place_of_the_whole_is_locked_no_more() {
    let crate_ = crate_();
    let at = crate_.path();
    let whole = fs::read(at.join("v1.0.csdl")).unwrap();
    let entry = |name: &str| {
        format!(
            "[file.\"{name}\"]\nsource = \"https://graph.microsoft.com/v1.0/$metadata\"\n\
             fetched = 2026-03-24T06:00:00Z\nsha256 = \"00\"\nsize = 1\n"
        )
    };
    let other = format!("version = 1\n\n# Ours.\n{}", entry("beta.csdl"));
    fs::write(
        at.join("lock.toml"),
        format!("{other}\n{}", entry("v1.0.csdl")),
    )
    .unwrap();
    let refused = msgraph(&["-o", "v1.0.csdl"], at);
    assert_eq!(refused.status.code(), Some(2));
    let message = text(&refused.stderr);
    assert!(
        message.contains("`msgraph slice target/v1.0.csdl --out v1.0.csdl`"),
        "{message}"
    );

    fs::create_dir(at.join("target")).unwrap();
    fs::write(at.join("target/v1.0.csdl"), whole).unwrap();
    let sliced = ["target/v1.0.csdl", "-o", "v1.0.csdl"];
    let done = msgraph(&sliced, at);
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(
        text(&done.stderr).contains("the entry of `v1.0.csdl` was removed from `lock.toml`"),
        "{}",
        text(&done.stderr)
    );
    assert_eq!(fs::read_to_string(at.join("lock.toml")).unwrap(), other);
    let again = msgraph(&sliced, at);
    assert_eq!(text(&again.stderr), "");

    // An invalid lock file is reported before anything is written.
    fs::write(at.join("lock.toml"), "what\n").unwrap();
    fs::write(at.join("v1.0.csdl"), "").unwrap();
    let failed = msgraph(&sliced, at);
    assert_eq!(failed.status.code(), Some(3));
    assert_eq!(fs::read(at.join("v1.0.csdl")).unwrap(), b"");
}

#[test]
fn what_is_wrong_is_said_and_nothing_is_written() {
    let crate_ = crate_();
    let at = crate_.path();
    let manifest = fs::read_to_string(at.join("graph.toml")).unwrap();
    fs::write(
        at.join("wrong.toml"),
        manifest.replace("/policies/", "/polices/"),
    )
    .unwrap();
    for (arguments, code, says) in [
        (["--manifest", "wrong.toml"], 3, "did you mean `policies`"),
        (["--manifest", "absent.toml"], 2, "absent.toml"),
        (["--api-version", "v9"], 3, "has no document for `v9`"),
    ] {
        let failed = msgraph(&[&arguments[..], &["-o", "slice.csdl"]].concat(), at);
        assert_eq!(failed.status.code(), Some(code), "{arguments:?}");
        let shown = text(&failed.stderr);
        assert!(shown.contains(says), "{shown}");
        assert!(!at.join("slice.csdl").exists());
    }
    fs::write(at.join("protected.csdl"), "mine").unwrap();
    let mut permissions = fs::metadata(at.join("protected.csdl"))
        .unwrap()
        .permissions();
    permissions.set_readonly(true);
    fs::set_permissions(at.join("protected.csdl"), permissions).unwrap();
    for (out, says) in [
        ("protected.csdl", "write-protected"),
        (".", "is not a file"),
    ] {
        let refused = msgraph(&["-o", out], at);
        assert_eq!(refused.status.code(), Some(4), "{out}");
        assert!(text(&refused.stderr).contains(says), "{out}");
    }
    assert_eq!(fs::read(at.join("protected.csdl")).unwrap(), b"mine");
    fs::create_dir(at.join("src")).unwrap();
    fs::write(at.join("src/lib.rs"), "// By hand.\n").unwrap();
    let refused = msgraph(&["-o", "src/lib.rs"], at);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        text(&refused.stderr).contains("`src/lib.rs` is not a CSDL file"),
        "{}",
        text(&refused.stderr)
    );
    assert_eq!(fs::read(at.join("src/lib.rs")).unwrap(), b"// By hand.\n");
    fs::remove_dir_all(at.join("src")).unwrap();
    let manifest = fs::read(at.join("graph.toml")).unwrap();
    let refused = msgraph(&["-o", "graph.toml"], at);
    assert_eq!(
        text(&refused.stderr),
        "error: `graph.toml` is an input of the slice\nhelp: name another file with `--out`\n"
    );
    assert_eq!(fs::read(at.join("graph.toml")).unwrap(), manifest);
    let into_file = msgraph(&["-o", "graph.toml/slice.csdl"], at);
    assert_eq!(into_file.status.code(), Some(4));
    assert!(text(&into_file.stderr).contains("`graph.toml/slice.csdl`"));
    let names = fs::read_dir(at).unwrap().count();
    assert_eq!(names, 5, "no temporary file is left");
}
