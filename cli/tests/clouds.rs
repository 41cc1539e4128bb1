//! `msgraph clouds`.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test reports failures by panicking"
)]

#[allow(dead_code, reason = "each test takes what it needs")]
mod command;

use std::fs;
use std::path::Path;

use command::{assert_page, metadata, msgraph, published};
use serde_json::{Value, json};
use tempfile::TempDir;

const TAP: &str =
    "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass";

/// The library in three clouds: in China, `sound` and the desks are missing, `pages` has another type, and `shelf` is not
/// nullable; the national cloud has no books.
fn folder() -> TempDir {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let document = fs::read_to_string(pages.join("library.csdl")).expect("read");
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("written");
    };
    write("v1.0.csdl", &document);
    let replaced = [
        ("<Member Name=\"sound\" Value=\"2\" />", ""),
        (
            "Name=\"pages\" Type=\"Edm.Int32\"",
            "Name=\"pages\" Type=\"Edm.Int64\"",
        ),
        (
            "Name=\"shelf\" Type=\"l.place\"",
            "Name=\"shelf\" Type=\"l.place\" Nullable=\"false\"",
        ),
        ("<EntitySet Name=\"desks\" EntityType=\"l.desk\" />", ""),
    ];
    let mut china = document.clone();
    for (from, to) in replaced {
        assert!(china.contains(from), "{from}");
        china = china.replace(from, to);
    }
    write("v1.0-china.csdl", &china);
    let books = "<EntitySet Name=\"books\" EntityType=\"l.book\" />";
    assert!(document.contains(books));
    write("v1.0-usnat.xml", &document.replace(books, ""));
    write("beta-china.csdl", "not read");
    write("notes.txt", "not read");
    let facts = fs::read_to_string(pages.join("library-facts.toml")).expect("read");
    let clouds = "clouds = [\"global\"]";
    assert!(facts.contains(clouds));
    write(
        "facts.toml",
        &facts.replace(clouds, "clouds = [\"global\", \"us-gov-l5\"]"),
    );
    write(
        "graph.toml",
        "api-version = \"v1.0\"\nfacts = \"facts.toml\"\n[metadata]\n\"v1.0\" = \"v1.0.csdl\"\n\
         [[update]]\npath = \"/books/{id}\"\n[[update]]\npath = \"/desks/**\"\n",
    );
    folder
}

fn clouds(folder: &TempDir, arguments: &[&str]) -> command::Ran {
    msgraph(folder.path(), &[&["clouds"], arguments].concat())
}

#[test]
fn the_reports_are_as_reviewed() {
    let folder = folder();
    for (name, arguments) in [
        ("clouds.txt", &["."] as &[&str]),
        ("clouds-all.txt", &[".", "--all"]),
        ("clouds.md", &[".", "--format", "markdown"]),
    ] {
        let ran = clouds(&folder, arguments);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert_page(name, &ran.out);
    }
}

#[test]
fn json_has_each_member_in_each_cloud() {
    let folder = folder();
    let report = clouds(&folder, &[".", "--format", "json"]).json();
    let names: Vec<&Value> = report["documents"]
        .as_array()
        .expect("documents")
        .iter()
        .map(|document| &document["name"])
        .collect();
    assert_eq!(names, [&json!("china"), &json!("global"), &json!("usnat")]);
    let update = &report["operations"][0];
    assert_eq!(update["path"], json!("/books/{id}"));
    assert_eq!(update["present"], json!(["china", "global"]));
    assert_eq!(update["absent"], json!(["usnat"]));
    assert_eq!(
        update["disagreements"],
        json!([{"document": "china", "cloud": "china", "present": true}])
    );
    assert_eq!(update["unverified"], json!(["us-gov-l5"]));
    assert_eq!(update["undocumented"], json!(["usnat"]));
    let types = report["types"].as_array().expect("types");
    let ty = |name: &str| {
        let mut types = types.iter();
        types.find(|ty| ty["type"] == name).expect("a type")
    };
    assert_eq!(
        ty("library.format")["differences"],
        json!([{"name": "sound", "values": [
            {"is": "a member, with Prefer: include-unknown-enum-members", "documents": ["global", "usnat"]},
            {"is": null, "documents": ["china"]},
        ]}])
    );
    let book = ty("library.book")["differences"]
        .as_array()
        .expect("differences");
    let of = |name: &str| {
        book.iter()
            .find(|one| one["name"] == name)
            .expect("a member")
    };
    assert_eq!(
        of("pages")["values"][1],
        json!({"is": "Edm.Int64, nullable", "documents": ["china"]})
    );
    assert_eq!(
        of("shelf")["values"][1],
        json!({"is": "library.place, not nullable", "documents": ["china"]})
    );
    assert!(
        ty("library.place")["differences"]
            .as_array()
            .is_some_and(Vec::is_empty)
    );
}

#[test]
fn a_check_fails_where_metadata_and_reference_disagree() {
    let folder = folder();
    assert_eq!(clouds(&folder, &[".", "--check"]).code, 1);
    assert_eq!(
        clouds(&folder, &[".", "--check", "--only", "global"]).code,
        0
    );
    assert_eq!(
        clouds(
            &folder,
            &[".", "--check", "--only", "usnat", "--only", "global"]
        )
        .code,
        0
    );
    // The same file, named like a cloud that the reference lists, lacks the update.
    let named = ["--check", "--document", "us-gov-l5=v1.0-usnat.xml"];
    let ran = clouds(&folder, &named);
    assert_eq!(
        ran.code, 0,
        "no document has it: there is nothing to hold against the facts"
    );
    let ran = clouds(
        &folder,
        &[&named[..], &["--document", "global=v1.0.csdl"]].concat(),
    );
    assert_eq!(ran.code, 1);
    assert!(
        ran.out
            .contains("us-gov-l5: listed in the reference, but not in the metadata")
    );
}

/// A key is named after its entity type, but a path is the same if the type has another name.
#[test]
fn an_entity_type_with_another_name_is_no_other_update() {
    let folder = folder();
    let china = folder.path().join("v1.0-china.csdl");
    let document = fs::read_to_string(folder.path().join("v1.0.csdl")).expect("read");
    let renamed = document
        .replace("Name=\"desk\"", "Name=\"table\"")
        .replace("l.desk\"", "l.table\"");
    fs::write(&china, renamed).expect("written");
    let report = clouds(
        &folder,
        &[
            ".", "--only", "china", "--only", "global", "--format", "json",
        ],
    )
    .json();
    let updates = report["operations"].as_array().expect("operations");
    let paths: Vec<&Value> = updates.iter().map(|update| &update["path"]).collect();
    assert_eq!(
        paths,
        [
            "/books/{id}",
            "/desks/{table-id}",
            "/desks/{table-id}/items/{item-id}"
        ]
    );
    for update in updates {
        assert_eq!(update["present"], json!(["china", "global"]), "{update}");
    }
    assert_eq!(
        updates[1]["differences"][0],
        json!({"name": "body of library.desk", "values": [
            {"is": "accepted", "documents": ["global"]}, {"is": null, "documents": ["china"]},
        ]})
    );
}

/// An entity that one cloud only sends as a value is compared with its value in the others, not with its update.
#[test]
fn a_type_is_compared_in_one_role() {
    let folder = folder();
    let people = "<EntitySet Name=\"people\" EntityType=\"l.person\" />";
    let document = fs::read_to_string(folder.path().join("v1.0.csdl")).expect("read");
    assert!(document.contains(people));
    let china = folder.path().join("v1.0-china.csdl");
    fs::write(&china, document.replace(people, "")).expect("written");
    let manifest = folder.path().join("graph.toml");
    let text = fs::read_to_string(&manifest).expect("read");
    let more =
        "[[update]]\npath = \"/people/{id}\"\n[type.\"library.book\"]\ninline = [\"author\"]\n";
    fs::write(&manifest, text + more).expect("written");
    let report = clouds(
        &folder,
        &[
            ".", "--only", "china", "--only", "global", "--format", "json",
        ],
    )
    .json();
    let types = report["types"].as_array().expect("types");
    let person = types
        .iter()
        .find(|ty| ty["type"] == "library.person")
        .expect("a person");
    assert_eq!(person["usedIn"], json!(["china", "global"]));
    assert_eq!(person["differences"], json!([]), "{person}");
}

/// PATCH in one cloud and PUT in another is still one update.
#[test]
fn another_method_is_a_difference_of_one_update() {
    let folder = folder();
    let document = fs::read_to_string(folder.path().join("v1.0.csdl")).expect("read");
    let set = "<EntitySet Name=\"books\" EntityType=\"l.book\" />";
    let put = "<EntitySet Name=\"books\" EntityType=\"l.book\">\
               <Annotation Term=\"Org.OData.Capabilities.V1.UpdateRestrictions\"><Record>\
               <PropertyValue Property=\"UpdateMethod\" EnumMember=\"Org.OData.Capabilities.V1.HttpMethod/PUT\" />\
               </Record></Annotation></EntitySet>";
    assert!(document.contains(set));
    fs::write(
        folder.path().join("v1.0-china.csdl"),
        document.replace(set, put),
    )
    .expect("written");
    let ran = clouds(&folder, &[".", "--only", "china", "--only", "global"]);
    assert!(
        ran.out.contains("method: PUT in china; PATCH in global")
            || ran.out.contains("method: PATCH in global; PUT in china"),
        "{}",
        ran.out
    );
    assert_eq!(ran.out.matches(" /books/{id}\n").count(), 1, "{}", ran.out);
}

#[test]
fn the_manifest_may_name_the_documents() {
    let folder = folder();
    let manifest = folder.path().join("graph.toml");
    let text = fs::read_to_string(&manifest).expect("read");
    fs::write(
        &manifest,
        text + "[other-clouds]\nchina = \"v1.0-china.csdl\"\nusnat = [\"v1.0-usnat.xml\"]\n",
    )
    .expect("written");
    assert_eq!(clouds(&folder, &[]).out, clouds(&folder, &["."]).out);
    let named = clouds(&folder, &["--document", "china=v1.0-china.csdl"]);
    assert!(named.out.starts_with("v1.0: china\n"), "{}", named.out);
    let text = fs::read_to_string(&manifest).expect("read");
    let with_beta = text.replace("[metadata]\n", "[metadata]\nbeta = \"beta-china.csdl\"\n");
    fs::write(&manifest, with_beta).expect("written");
    let ran = clouds(&folder, &["--api-version", "beta"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("is for v1.0"), "{}", ran.err);
    fs::write(&manifest, text.replace("china = ", "global = ")).expect("written");
    let ran = clouds(&folder, &[]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.err.contains("have the same name `global`"),
        "{}",
        ran.err
    );
}

#[test]
fn what_cannot_be_compared_is_said() {
    let folder = folder();
    for (arguments, code, help) in [
        (&[] as &[&str], 2, "with `--document CLOUD=FILE`"),
        (&["absent"], 4, "cannot read `absent`"),
        (
            &[".", "--only", "mars"],
            2,
            "there is `china`, `global`, `usnat`",
        ),
        (&[".", "--document", "china"], 2, "write a name and a file"),
        (
            &[".", "--document", "china=other.csdl"],
            2,
            "have the same name `china`",
        ),
        (
            &["--document", "china=other.csdl"],
            4,
            "cannot read `other.csdl`",
        ),
        (&[".", "--manifest", "absent.toml"], 2, "absent.toml"),
        (&[".", "--api-version", "beta"], 3, "no document for `beta`"),
    ] {
        let ran = clouds(&folder, arguments);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (code, ""),
            "{arguments:?}: {}",
            ran.err
        );
        assert!(ran.err.contains(help), "{arguments:?}: {}", ran.err);
    }
    fs::create_dir(folder.path().join("empty")).expect("a folder");
    let ran = clouds(&folder, &["empty"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("name the files `v1.0-CLOUD.csdl`"),
        "{}",
        ran.err
    );
}

#[test]
fn the_temporary_access_pass_is_in_all_clouds_but_china_and_the_reference_says_otherwise() {
    const NAME: &str = "clouds::the_temporary_access_pass_is_in_all_clouds_but_china_and_the_reference_says_otherwise";
    let Some(document) = published(NAME, "v1.0-global.csdl") else {
        return;
    };
    let folder = document
        .parent()
        .and_then(Path::to_str)
        .expect("a path that is text");
    let ran = msgraph(&metadata(), &["clouds", folder]);
    assert_eq!(ran.code, 0);
    for line in [
        "not in china",
        "reference: global, us-gov-l4, us-gov-l5, china",
        "disagreement: china: listed in the reference, but not in the metadata",
        "us-gov-l5: listed in the reference; there is no metadata to compare",
        "usnat: in the metadata; the reference does not mention this cloud",
    ] {
        assert!(ran.out.contains(line), "{line}\n{}", ran.out);
    }
    let report = msgraph(&metadata(), &["clouds", folder, "--format", "json"]).json();
    let operations = report["operations"].as_array().expect("operations");
    let update = operations.iter().find(|it| it["method"] == "PATCH");
    let update = update.expect("the update");
    assert_eq!(update["path"], json!(TAP));
    assert_eq!(update["absent"], json!(["china"]));
    for name in ["global", "us-gov", "usnat"] {
        assert!(
            update["present"]
                .as_array()
                .is_some_and(|all| all.contains(&json!(name)))
        );
    }
    assert_eq!(
        update["disagreements"],
        json!([{"document": "china", "cloud": "china", "present": false}])
    );
    assert_eq!(msgraph(&metadata(), &["clouds", folder, "--check"]).code, 1);
}
