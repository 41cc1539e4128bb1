//! `msgraph permissions`.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

#[path = "permissions/browser.rs"]
mod browser;
#[allow(dead_code, reason = "each test takes what it needs")]
mod command;
#[path = "permissions/page.rs"]
mod page;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use command::{Ran, metadata, msgraph, published};
use serde_json::{Value, json};
use tempfile::TempDir;

const POLICY: &str = "Policy.ReadWrite.AuthenticationMethod";

/// The library, whose permissions are invented.
fn library() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/permissions")
}

fn permissions(arguments: &[&str]) -> Ran {
    let all = [&["permissions", "--ids", "ids.txt"], arguments].concat();
    msgraph(&library(), &all)
}

fn expected_files() -> BTreeSet<String> {
    let pattern = library().join("expected/*");
    let files = glob::glob(pattern.to_str().expect("a path that is text")).expect("a pattern");
    let names = files.map(|file| {
        let file = file.expect("a readable folder");
        file.file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned()
    });
    names.collect()
}

#[test]
fn the_reports_are_as_reviewed() {
    let reports: [(&str, &[&str], i32); 6] = [
        ("report.txt", &[], 0),
        ("report.md", &["--format", "markdown"], 0),
        ("page.html", &["--format", "html"], 0),
        (
            "application.html",
            &["--format", "html", "--scheme", "application"],
            0,
        ),
        (
            "granted.txt",
            &[
                "--scheme",
                "delegated",
                "--granted",
                "Books.ReadWrite,Desks.Read,Desks.Write",
            ],
            1,
        ),
        (
            "granted.md",
            &[
                "--scheme",
                "delegated",
                "--granted",
                "Books.Read",
                "--format",
                "markdown",
            ],
            1,
        ),
    ];
    let names = reports.iter().map(|(name, _, _)| (*name).to_owned());
    for (name, arguments, code) in reports {
        let ran = permissions(arguments);
        assert_eq!(ran.code, code, "{}", ran.err);
        let version = format!("msgraph {}", env!("CARGO_PKG_VERSION"));
        let text = ran.out.replace(&version, "msgraph VERSION");
        let text = text.replace(
            &format!("</code> {}", env!("CARGO_PKG_VERSION")),
            "</code> VERSION",
        );
        command::assert_page(&format!("../permissions/expected/{name}"), &text);
    }
    assert_eq!(names.collect::<BTreeSet<_>>(), expected_files());
}

fn names(scheme: &Value) -> Vec<&str> {
    let permissions = scheme["permissions"].as_array().expect("permissions");
    let names = permissions.iter().map(|it| it["name"].as_str());
    names.map(|name| name.expect("a name")).collect()
}

#[test]
fn json_has_the_set_and_each_operation() {
    let report = permissions(&["--format", "json"]).json();
    assert_eq!(report["crate"], "msgraph-cli");
    assert_eq!(
        names(&report["delegated"]),
        [
            "Books.Delete",
            "Books.ReadWrite",
            "Desks.Read",
            "Shelves.ReadWrite"
        ]
    );
    assert_eq!(names(&report["application"]), ["Books.ReadWrite.All"]);
    let write = &report["delegated"]["permissions"][1];
    assert_eq!(write["id"], "00000000-0000-0000-0000-000000000006");
    assert_eq!(write["adminConsent"], false);
    let list = &write["operations"][1];
    assert_eq!(list["path"], "/books");
    assert_eq!(list["least"], json!(["Books.ReadBasic"]));
    assert_eq!(report["application"]["unsupported"][0]["method"], "DELETE");
    assert_eq!(report["application"]["unknown"][1]["path"], "/people");
    assert_eq!(
        report["delegated"]["undecided"][0]["path"],
        "/books/{id}/author"
    );
    assert_eq!(report["delegated"]["granted"], Value::Null);
    let operations = report["operations"].as_array().expect("operations");
    let update = operations.iter().find(|it| it["kind"] == "update");
    let update = update.expect("the update");
    assert_eq!(update["title"], "Update one book");
    assert_eq!(update["permissions"]["personal"], Value::Null);
    assert_eq!(
        update["permissions"]["application"]["partial"],
        json!([{"permission": "Books.ReadWrite.Covers", "covers": "the property `shelfMark`"}])
    );
    let sent = update["sends"][0]["properties"]
        .as_array()
        .expect("properties");
    let sent: Vec<&Value> = sent.iter().map(|it| &it["name"]).collect();
    // `lentSince` is computed, and `id` is a key.
    assert!(
        !sent.contains(&&json!("lentSince")) && !sent.contains(&&json!("id")),
        "{sent:?}"
    );
    assert!(
        operations.iter().all(|it| it["kind"] != "reference"),
        "it sends nothing"
    );
    let one = permissions(&["--format", "json", "--scheme", "application"]).json();
    assert_eq!(one["delegated"], Value::Null);
    assert_eq!(one["application"], report["application"]);
}

#[test]
fn the_exit_code_shows_whether_a_permission_is_missing() {
    let all = "Books.ReadWrite,Desks.Read,Books.Delete,Shelves.ReadWrite,People.Read";
    for (arguments, code) in [
        (&["--scheme", "delegated", "--granted", all] as &[&str], 0),
        (&["--granted", all], 1),
        (&["--granted", &format!("{all},Books.ReadWrite.All")], 0),
        // As in a token, and as a URL.
        (
            &[
                "--scheme",
                "application",
                "--granted",
                "People.Read https://graph.microsoft.com/books.readwrite.all",
            ],
            0,
        ),
        (
            &[
                "--scheme",
                "delegated",
                "--granted",
                "Books.ReadWrite",
                "--granted",
                "Desks.Read",
            ],
            1,
        ),
        // A permission for a part of an operation does not allow it.
        (
            &[
                "--scheme",
                "application",
                "--granted",
                "Books.Read.All,Books.ReadWrite.Covers,People.Read",
            ],
            1,
        ),
        (&["--scheme", "application", "--granted", ""], 1),
        (&["--scheme", "personal"], 2),
        (&["--ids", "graph.toml"], 2),
        (&["--manifest", "none.toml"], 2),
        (&["--manifest", "facts.toml"], 3),
    ] {
        let ran = permissions(arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.err);
    }
    let ran = permissions(&["--granted", "Books.Raed"]);
    assert!(
        ran.err.contains("unknown permission `Books.Raed`"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains("did you mean `Books.Read`?"),
        "{}",
        ran.err
    );
    let ran = msgraph(&library(), &["permissions", "--ids", "graph.toml"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("`graph.toml`: line 1: "), "{}", ran.err);
    assert_eq!(
        msgraph(&library(), &["permissions", "--ids", "none"]).code,
        4
    );
    let large = tempfile::NamedTempFile::new().expect("a file");
    large.as_file().set_len(1 << 26).expect("a sparse file");
    let path = large.path().to_str().expect("a path that is text");
    let ran = msgraph(&library(), &["permissions", "--ids", path]);
    assert_eq!(ran.code, 4);
    assert!(
        ran.err.contains("has more than 33554432 bytes"),
        "{}",
        ran.err
    );
}

/// Only URLs of Graph name a permission of Graph.
#[test]
fn permissions_of_another_api_are_not_those_of_graph() {
    let ran = |granted: &str| permissions(&["--scheme", "delegated", "--granted", granted]);
    let names = [
        "Books.Delete",
        "Books.ReadWrite",
        "Desks.Read",
        "Shelves.ReadWrite",
        "People.Read",
    ];
    let with = |root: &str| names.map(|name| format!("{root}{name}")).join(",");
    assert_eq!(ran(&with("https://graph.microsoft.com/")).code, 0);
    assert_eq!(ran(&with("HTTPS://Graph.Microsoft.com/")).code, 0);
    let other = ran(&with("api://library/"));
    assert_eq!(other.code, 1);
    assert!(other.err.contains("unknown permission"), "{}", other.err);
}

#[test]
fn facts_without_an_effect_are_a_warning() {
    let folder = tempfile::tempdir().expect("a folder");
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/library.csdl");
    let manifest = format!(
        "api-version = \"v1.0\"\nbuilt-in-facts = false\nfacts = \"facts.toml\"\n[metadata]\n\"v1.0\" = {pages:?}\n\
         [[update]]\npath = \"/books/{{id}}\"\n"
    );
    fs::write(folder.path().join("graph.toml"), manifest).expect("written");
    let facts = r#"
[operation."GET /bookz/{id}"]
note = "A typo."
source = "https://example.com"
[permission."Books.Write"]
properties = ["title", "titel"]
paths = ["/bokks/{id}"]
source = "https://example.com"
[property."library.book/added"]
type = "library.bok"
source = "https://example.com"
"#;
    fs::write(folder.path().join("facts.toml"), facts).expect("written");
    for subcommand in ["permissions", "generate"] {
        let ran = msgraph(folder.path(), &[subcommand]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        for (warning, line) in [
            ("the metadata has no `/bookz/{id}`", 2),
            ("the metadata has no `/bokks/{id}`", 7),
            ("no type of the metadata has the property `titel`", 5),
            ("the metadata has no type `library.bok`", 10),
        ] {
            assert!(ran.err.contains(warning), "{subcommand}: {}", ran.err);
            let location = format!("facts.toml:{line}:");
            assert!(ran.err.contains(&location), "{location} {}", ran.err);
        }
    }
}

#[test]
fn what_was_granted_is_only_compared_in_a_report() {
    for format in ["html", "app-manifest"] {
        let ran = permissions(&["--granted", "Books.Raed", "--format", format]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{format}");
        let error = "error: `--granted` is only for the formats `text`, `markdown` and `json`\n";
        assert!(ran.err.starts_with(error), "{}", ran.err);
    }
}

/// A permission for a part is neither sufficient nor useless.
#[test]
fn what_was_granted_is_compared_with_each_operation() {
    let report = |granted: &str| {
        let arguments = [
            "--scheme",
            "application",
            "--format",
            "json",
            "--granted",
            granted,
        ];
        let report: Value = serde_json::from_str(&permissions(&arguments).out).expect("JSON");
        report["application"]["granted"].clone()
    };
    let granted = report("Books.Read.All,Books.ReadWrite.Covers,Desks.Write");
    assert_eq!(granted["additional"], json!(["Books.ReadWrite.All"]));
    assert_eq!(
        granted["partial"],
        json!([{
            "permission": "Books.ReadWrite.Covers",
            "method": "PATCH",
            "path": "/books/{id}",
            "covers": "the property `shelfMark`",
        }])
    );
    assert_eq!(granted["unneeded"], json!(["Desks.Write"]));
    let granted = report("Books.ReadWrite.All,People.Read");
    assert_eq!(granted["missing"], json!([]));
    assert_eq!(granted["additional"], json!([]));
}

/// Without data, nothing is called sufficient.
#[test]
fn an_operation_without_data_is_not_called_allowed() {
    let folder = tap("[[resource]]\npath = \"/users\"\noperations = [\"list\"]\n");
    let path = folder.path().join("graph.toml");
    let manifest = fs::read_to_string(&path).expect("written");
    fs::write(&path, format!("permissions = false\n{manifest}")).expect("written");
    let ran = msgraph(
        folder.path(),
        &["permissions", "--granted", "User.Read.All"],
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    for title in ["The granted permissions", "sufficient for no operation"] {
        assert!(!ran.out.contains(title), "{}", ran.out);
    }
    let line = "No operation has permission data, so it is unknown whether the granted permissions are sufficient.";
    assert!(ran.out.contains(line), "{}", ran.out);
}

#[test]
fn an_app_manifest_has_the_ids_of_the_set() {
    let ran = permissions(&["--format", "app-manifest", "--scheme", "application"]);
    assert_eq!(
        ran.json(),
        json!({"requiredResourceAccess": [{
            "resourceAppId": "00000003-0000-0000-c000-000000000000",
            "resourceAccess": [{"id": "00000000-0000-0000-0000-000000000007", "type": "Role"}],
        }]})
    );
    // JSON has no comments.
    let note = "note: 00000000-0000-0000-0000-000000000007 is Books.ReadWrite.All (application)\n";
    assert_eq!(ran.err, note);
    let ran = permissions(&["--format", "app-manifest", "--scheme", "delegated"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    assert!(
        ran.err.contains("`Shelves.ReadWrite` (delegated)"),
        "{}",
        ran.err
    );
    let ran = permissions(&["--format", "app-manifest"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("needs `--scheme`"), "{}", ran.err);
}

/// Other subcommands have no such formats, and do not offer them.
#[test]
fn other_subcommands_reject_the_formats() {
    for (format, subcommands) in [
        ("html", "`msgraph explain` and `msgraph permissions`"),
        ("app-manifest", "`msgraph permissions`"),
    ] {
        for arguments in [
            &["list", "--format", format] as &[&str],
            &["--format", format, "clouds", "."],
            &[
                "permissions",
                "import",
                "none.json",
                "--out",
                "none.txt",
                "--format",
                format,
            ],
        ] {
            let ran = msgraph(&library(), arguments);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
            let error = format!("`--format {format}` is only for {subcommands}\n");
            assert!(ran.err.contains(&error), "{arguments:?}: {}", ran.err);
        }
        assert!(
            !msgraph(&library(), &["list", "--help"])
                .out
                .contains(format)
        );
        assert!(
            msgraph(&library(), &["permissions", "--help"])
                .out
                .contains(format)
        );
        let before = msgraph(
            &library(),
            &["--format", "json", "permissions", "--ids", "ids.txt"],
        );
        assert_eq!(before.json(), permissions(&["--format", "json"]).json());
    }
    let completions = msgraph(&library(), &["completions", "bash"]).out;
    assert!(completions.contains("text markdown json app-manifest html"));
    assert!(completions.contains("\"text markdown json\""));
}

/// A manifest next to our own metadata.
fn tap(entries: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let document = metadata().join("v1.0.csdl");
    let text = format!(
        "api-version = \"v1.0\"\n[metadata]\n\"v1.0\" = {:?}\n{entries}",
        document.to_str().expect("a path that is text")
    );
    fs::write(folder.path().join("graph.toml"), text).expect("written");
    folder
}

const UPDATE: &str = "[[update]]\npath = \"/policies/authenticationMethodsPolicy/\
    authenticationMethodConfigurations/TemporaryAccessPass\"\n";

#[test]
fn the_update_of_the_pass_policy_needs_exactly_one_permission() {
    let folder = tap(UPDATE);
    let report = msgraph(folder.path(), &["permissions", "--format", "json"]).json();
    for scheme in ["delegated", "application"] {
        assert_eq!(names(&report[scheme]), [POLICY]);
        assert_eq!(report[scheme]["permissions"][0]["adminConsent"], true);
        for rest in ["undecided", "unsupported", "unknown"] {
            assert_eq!(report[scheme][rest], json!([]), "{scheme} {rest}");
        }
        let update = &report["operations"][0]["permissions"];
        assert_eq!(update[scheme]["least"], json!([POLICY]));
    }
    assert_eq!(
        report["operations"][0]["permissions"]["personal"],
        Value::Null
    );
    assert_eq!(report["crate"], Value::Null);
    for (scheme, access) in [
        (
            "delegated",
            json!({"id": "7e823077-d88e-468f-a337-e18f1f0e6c7c", "type": "Scope"}),
        ),
        (
            "application",
            json!({"id": "29c18626-4985-4dcd-85c0-193eef327366", "type": "Role"}),
        ),
    ] {
        let arguments = [
            "permissions",
            "--format",
            "app-manifest",
            "--scheme",
            scheme,
        ];
        let manifest = msgraph(folder.path(), &arguments).json();
        assert_eq!(
            manifest["requiredResourceAccess"][0]["resourceAccess"],
            json!([access])
        );
    }
    let granted = |names| msgraph(folder.path(), &["permissions", "--granted", names]).code;
    assert_eq!(granted(POLICY), 0);
    assert_eq!(granted("Policy.Read.All"), 1);
}

#[test]
fn an_entry_that_the_metadata_lacks_is_an_error() {
    let folder = tap("[[update]]\npath = \"/nothing\"\n");
    let ran = msgraph(folder.path(), &["permissions"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    assert!(ran.err.contains("graph.toml:5"), "{}", ran.err);
}

/// The alternatives of an operation: names that are needed together.
fn alternatives(operation: &Value, scheme: &str) -> Vec<BTreeSet<String>> {
    let access = &operation["permissions"][scheme];
    let all = ["least", "higher"]
        .iter()
        .flat_map(|it| access[*it].as_array());
    let texts = all.flatten().filter_map(Value::as_str);
    texts
        .map(|text| text.split(" and ").map(str::to_owned).collect())
        .collect()
}

/// Over all operations of the published metadata.
#[test]
fn the_set_for_the_whole_api_allows_everything_and_nothing_can_be_removed() {
    const NAME: &str =
        "permissions::the_set_for_the_whole_api_allows_everything_and_nothing_can_be_removed";
    let Some(document) = published(NAME, "v1.0-global-clean.csdl") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!(
        "api-version = \"v1.0\"\n[metadata]\n\"v1.0\" = {:?}\n[[update]]\npath = \"/**\"\n\
         [[resource]]\npath = \"/users/**\"\n",
        document.to_str().expect("a path that is text")
    );
    fs::write(folder.path().join("graph.toml"), text).expect("written");
    let report = msgraph(folder.path(), &["permissions", "--format", "json"]).json();
    let operations = report["operations"].as_array().expect("operations");
    for scheme in ["delegated", "application"] {
        let set: BTreeSet<String> = names(&report[scheme])
            .into_iter()
            .map(str::to_owned)
            .collect();
        let mut only: BTreeMap<&str, usize> = set.iter().map(|it| (it.as_str(), 0)).collect();
        let mut decided = 0;
        for operation in operations {
            let least = operation["permissions"][scheme]["least"].as_array();
            if least.is_none_or(Vec::is_empty) {
                continue;
            }
            decided += 1;
            let all = alternatives(operation, scheme);
            let allowed: Vec<_> = all.iter().filter(|it| it.is_subset(&set)).collect();
            assert!(!allowed.is_empty(), "{scheme}: {operation}");
            for name in &set {
                if allowed.iter().all(|it| it.contains(name)) {
                    *only.entry(name).or_default() += 1;
                }
            }
        }
        assert!(decided > 500, "{scheme}: {decided}");
        let unneeded: Vec<_> = only.iter().filter(|(_, count)| **count == 0).collect();
        assert!(unneeded.is_empty(), "{scheme}: {unneeded:?}");
    }
    let html = msgraph(folder.path(), &["permissions", "--format", "html"]);
    assert_eq!(html.code, 0);
    page::assert_valid(&html.out);
}

#[test]
fn import_writes_a_map_that_a_manifest_can_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("written");
    };
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("read");
    write(
        "permissions.json",
        r#"{"permissions": {"Books.Write": {
            "schemes": {"DelegatedWork": {"requiresAdminConsent": true}},
            "pathSets": [{"schemeKeys": ["DelegatedWork"], "methods": ["PATCH"],
                "paths": {"/books/{id}": "least=DelegatedWork"}}]
        }}}"#,
    );
    write(
        "provisioning.json",
        r#"{"permissionDeployments": {"Books.Write": [{"scheme": "DelegatedWork", "id": "00000000-0000-0000-0000-000000000012"}]}}"#,
    );
    let import = |arguments: &[&str]| {
        let start = ["permissions", "import", "permissions.json", "--out"];
        msgraph(folder.path(), &[&start, arguments].concat())
    };
    let both = [
        "map.txt",
        "--provisioning",
        "provisioning.json",
        "--ids",
        "ids.txt",
    ];
    let ran = import(&both);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.starts_with("wrote map.txt: "), "{}", ran.out);
    let map = read("map.txt");
    assert!(map.contains("# source: permissions.json, sha256 "), "{map}");
    assert!(
        map.ends_with("\n/books/{}\n  PATCH D Books.Write\n# end: 1 operations\n"),
        "{map}"
    );
    let line = "\nBooks.Write delegated 00000000-0000-0000-0000-000000000012 admin\n";
    assert!(read("ids.txt").ends_with(line));
    assert!(import(&both).out.starts_with("unchanged map.txt: "));

    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/library.csdl");
    write(
        "graph.toml",
        &format!(
            "api-version = \"v1.0\"\nbuilt-in-facts = false\npermissions = \"map.txt\"\n[metadata]\n\
             \"v1.0\" = {pages:?}\n[[update]]\npath = \"/books/{{id}}\"\n"
        ),
    );
    let used = [
        "permissions",
        "--ids",
        "ids.txt",
        "--scheme",
        "delegated",
        "--format",
        "app-manifest",
    ];
    let manifest = msgraph(folder.path(), &used).json();
    assert_eq!(
        manifest["requiredResourceAccess"][0]["resourceAccess"],
        json!([{"id": "00000000-0000-0000-0000-000000000012", "type": "Scope"}])
    );

    // Neither an input nor any other file is replaced.
    for name in ["permissions.json", "graph.toml"] {
        let before = read(name);
        let ran = import(&[name]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{name}");
        assert_eq!(read(name), before);
    }
    for (text, error) in [
        ("{\"permissions\":\n [1]}", "line 2 column "),
        ("{", "line 1 column "),
        ("", "line 1 column 0"),
        ("\u{1b}[31m", "line 1 column 1"),
        ("{\"permissions\": {\"A B\": {}}}", "line 1 column "),
    ] {
        write("permissions.json", text);
        let ran = import(&["new.txt"]);
        assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{text}: {}", ran.err);
        assert!(
            ran.err.contains("`permissions.json`: "),
            "{text}: {}",
            ran.err
        );
        assert!(ran.err.contains(error), "{text}: {}", ran.err);
        assert!(!folder.path().join("new.txt").exists());
    }
    assert_eq!(import(&["x.txt", "--ids", "y.txt"]).code, 2);
    let same = [
        "x.txt",
        "--provisioning",
        "provisioning.json",
        "--ids",
        "./x.txt",
    ];
    let ran = import(&same);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("name the same file"), "{}", ran.err);
    assert!(!folder.path().join("x.txt").exists());
    let absent = ["permissions", "import", "none.json", "--out", "x.txt"];
    assert_eq!(msgraph(folder.path(), &absent).code, 4);
}

/// Strings of the facts, the paths and the permissions that look like markup.
#[test]
fn foreign_text_is_not_markup_in_the_page() {
    let html = page::hostile();
    page::assert_valid(&html);
    let lower = html.to_lowercase();
    for markup in [
        "<script",
        "<img",
        "onerror=\"",
        "href=\"javascript",
        "\u{202e}",
        "\u{1b}",
    ] {
        assert!(!lower.contains(markup), "{markup}");
    }
    assert!(html.contains("&lt;script&gt;"));
    assert!(html.contains("javascript:alert(1)"), "it is shown as text");
}

#[test]
fn the_page_is_valid() {
    for arguments in [
        &["--format", "html"] as &[&str],
        &["--format", "html", "--scheme", "delegated"],
        &["--format", "html", "--scheme", "application"],
    ] {
        page::assert_valid(&permissions(arguments).out);
    }
}

#[test]
fn a_page_for_applications_has_no_roles_of_users() {
    let role = "Librarian, Director";
    for (scheme, is_shown) in [("delegated", true), ("application", false)] {
        let page = permissions(&["--format", "html", "--scheme", scheme]).out;
        assert_eq!(page.contains(role), is_shown, "{scheme}");
    }
}

#[test]
fn a_browser_shows_the_page_well() {
    const NAME: &str = "permissions::a_browser_shows_the_page_well";
    let Some(browser) = browser::Browser::find(NAME) else {
        return;
    };
    let page = permissions(&["--format", "html"]).out;
    for html in [page, page::hostile()] {
        let faults = browser.faults(&html);
        assert!(faults.is_empty(), "{faults:#?}");
        assert!(browser.print(&html).starts_with(b"%PDF"));
    }
    // The measurement finds faults.
    let bad = "<p style='width: 2000px; font-size: 8px; color: #777; background: #888'>Bad</p>";
    let faults = browser.faults(bad).join("\n");
    for fault in [
        "320 pixels, light: the page is 2008 pixels wide",
        "1280 pixels, dark: wrong colours",
        "8px: Bad",
        "contrast 1.26: Bad",
        "hardly any text",
    ] {
        assert!(faults.contains(fault), "{fault}: {faults}");
    }
}
