//! `msgraph explain` and its pages.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

#[allow(dead_code, reason = "each test takes what it needs")]
mod command;

use std::path::{Path, PathBuf};

use command::{assert_page, command, metadata, msgraph, published};
use serde_json::json;

const TAP: &str =
    "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass";

fn library() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages")
}

fn explain(arguments: &[&str]) -> command::Ran {
    let start = ["explain", "--manifest", "library.toml"];
    msgraph(&library(), &[&start[..], arguments].concat())
}

fn page(name: &str, ran: &command::Ran) {
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_page(name, &ran.out);
}

#[test]
fn the_pages_are_as_reviewed() {
    page("tap.txt", &msgraph(&metadata(), &["explain", TAP]));
    page(
        "tap.md",
        &msgraph(
            &metadata(),
            &["explain", TAP, "--all", "--format", "markdown"],
        ),
    );
    page("update.txt", &explain(&["/books/{id}"]));
    page("missing-update.txt", &explain(&["/desks/1/items/2"]));
    page("type.txt", &explain(&["library.item", "--all"]));
    page("complex.txt", &explain(&["place"]));
    page("enumeration.txt", &explain(&["format"]));
    page("property.txt", &explain(&["name"]));
    page(
        "update.html",
        &explain(&["/books/{id}", "--format", "html"]),
    );
}

/// No line is longer than the terminal, except for code and for names that are longer themselves.
#[test]
fn a_page_is_as_wide_as_the_terminal() {
    let narrow = |name: &str, target: &str| {
        let mut command = command(&library(), &["explain", target]);
        command.args(["--manifest", "library.toml"]);
        let ran = command::Ran::from(command.env("COLUMNS", "60").output().expect("it runs"));
        page(name, &ran);
        for line in ran.out.lines().filter(|line| !line.starts_with("    ")) {
            let is_one_word = line.split_whitespace().count() == 1;
            assert!(is_one_word || line.chars().count() <= 60, "{line}");
        }
    };
    narrow("update-60.txt", "/books/{id}");
    narrow("type-60.txt", "library.book");
    narrow("property-60.txt", "name");
}

/// A pipe gets the whole page at once.
#[test]
fn the_pager_is_only_for_terminals() {
    let mut command = command(&library(), &["explain", "/books/{id}"]);
    command.args(["--manifest", "library.toml"]);
    command.env("PAGER", "no-such-pager");
    let ran = command::Ran::from(command.output().expect("it runs"));
    assert_eq!(ran, explain(&["/books/{id}"]));
    assert_eq!(ran, explain(&["/books/{id}", "--no-pager"]));
}

/// The terminal is 24 lines high.
#[test]
#[cfg(target_os = "linux")]
fn a_page_longer_than_the_terminal_is_shown_in_the_pager() {
    let run = |more: &str, target: &str| {
        let program = env!("CARGO_BIN_EXE_msgraph");
        let line = format!(
            "stty rows 24 cols 80; '{program}' explain --manifest library.toml {target} {more}"
        );
        let output = std::process::Command::new("script")
            .args(["--quiet", "--command", &line, "/dev/null"])
            .current_dir(library())
            .env("PAGER", "sed 's/^/paged: /'")
            .stdin(std::process::Stdio::null())
            .output()
            .ok()?;
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (Some(long), Some(short)) = (run("", "/books/{id}"), run("", "place | head -30")) else {
        eprintln!("SKIPPED a_page_longer_than_the_terminal_is_shown_in_the_pager: no `script`");
        return;
    };
    assert!(long.contains("paged: "), "{long}");
    assert!(!short.contains("paged: "), "{short}");
    let without = run("--no-pager", "/books/{id}").expect("it runs again");
    assert!(
        without.contains("BookPatch") && !without.contains("paged: "),
        "{without}"
    );
}

/// The first lines of a page are the name and an example, not URLs.
#[test]
fn the_example_is_first() {
    let page = explain(&["/books/{id}"]).out;
    let example = "PATCH /books/{id}\n\n    let patch = graph::BookPatch::new()\n";
    assert!(page.starts_with(example), "{page}");
    let page = explain(&["/books/{id}", "--format", "json"]).json();
    let example = page["example"].as_str().expect("an example");
    assert!(
        example.contains("graph::books::update(\"book-id\", &patch)"),
        "{example}"
    );
}

/// Actions and functions, and what a collection offers.
#[test]
fn every_operation_is_explained() {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/loans.csdl");
    let document = document.to_str().expect("a path that is text");
    let explain = |target: &str| {
        let ran = msgraph(&library(), &["explain", target, "--metadata", document]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{target}");
        ran.out
    };
    command::assert_page("collection.txt", &explain("/loans"));
    command::assert_page("action.txt", &explain("/loans/1/extend"));
    command::assert_page(
        "function.txt",
        &explain("/loans/1/library.fine(on=2026-01-01)"),
    );
    command::assert_page("links.txt", &explain("/loans/1/readers"));
    assert_eq!(
        explain("/loans/1/readers/$ref"),
        explain("/loans/1/readers")
    );
    command::assert_page("import.txt", &explain("/close"));
}

/// The name of an action or function is enough if it has one path.
#[test]
fn a_call_is_found_by_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let document = std::fs::read_to_string(library().join("loans.csdl")).expect("read");
    let second = "<EntitySet Name=\"loans\" EntityType=\"library.loan\" />\
                  <EntitySet Name=\"returned\" EntityType=\"library.loan\" />";
    let two = document.replace(
        "<EntitySet Name=\"loans\" EntityType=\"library.loan\" />",
        second,
    );
    std::fs::write(folder.path().join("one.csdl"), document).expect("written");
    std::fs::write(folder.path().join("two.csdl"), two).expect("written");
    let explain =
        |target: &str, file| msgraph(folder.path(), &["explain", target, "--metadata", file]);
    for (name, path) in [
        ("extend", "/loans/{loan-id}/extend"),
        ("FINE", "/loans/{loan-id}/fine(on={on})"),
        ("library.fine", "/loans/{loan-id}/fine(on={on})"),
    ] {
        let ran = explain(name, "one.csdl");
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_eq!(ran.out, explain(path, "one.csdl").out);
    }
    let several = explain("extend", "two.csdl");
    assert_eq!((several.code, several.out.as_str()), (2, ""));
    assert_eq!(
        several.err,
        "error: `extend` is called at 2 paths:\n  /loans/{loan-id}/extend\n  \
         /returned/{loan-id}/extend\nhelp: explain one of them\n"
    );
    // The manifest generates one of them.
    let manifest = "api-version = \"v1.0\"\n[metadata]\n\"v1.0\" = \"two.csdl\"\n\
                    [[call]]\npath = \"/returned/{id}/extend\"\n";
    std::fs::write(folder.path().join("graph.toml"), manifest).expect("written");
    let generated = msgraph(folder.path(), &["explain", "extend"]);
    assert!(
        generated.out.starts_with("POST /returned/{id}/extend\n"),
        "{generated:?}"
    );
    // The namespace is optional, in a name and in a path.
    for target in [
        "library.extend",
        "/returned/1/extend",
        "/returned/1/library.extend",
    ] {
        let ran = msgraph(folder.path(), &["explain", target]);
        assert_eq!(ran, generated, "{target}");
    }
    let manifest = manifest.replace("{id}/extend", "{id}/library.extend");
    std::fs::write(folder.path().join("graph.toml"), manifest).expect("written");
    for target in ["/returned/1/extend", "/returned/1/library.extend", "extend"] {
        let ran = msgraph(folder.path(), &["explain", target]);
        assert!(
            ran.out.contains("Generated by `graph.toml`."),
            "{target}: {ran:?}"
        );
    }
    let other = explain("archive.extend", "one.csdl");
    assert_eq!((other.code, other.out.as_str()), (2, ""));
    assert!(
        other.err.contains("unknown type `archive.extend`"),
        "{other:?}"
    );
    for typo in ["extnd", "/loans/1/extnd", "/loans/1/library.extnd"] {
        let ran = explain(typo, "one.csdl");
        assert_eq!(ran.code, 2, "{typo}");
        assert!(
            ran.err.contains("did you mean `extend`?"),
            "{typo}: {}",
            ran.err
        );
    }
}

/// With `read = true`, a page has the type of the response, and the struct of each role.
#[test]
fn what_is_read_is_explained_next_to_what_is_sent() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["library.csdl", "library-facts.toml"] {
        std::fs::copy(library().join(name), folder.path().join(name)).expect("copied");
    }
    let manifest = std::fs::read_to_string(library().join("library.toml")).expect("read");
    let manifest = format!("read = true\n{manifest}");
    std::fs::write(folder.path().join("graph.toml"), manifest).expect("written");
    let explain = |target: &str| {
        let ran = msgraph(folder.path(), &["explain", target]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        ran.out
    };
    for target in ["/books/1", "book"] {
        let page = explain(target);
        for part in [
            "Rust: `BookPatch`, an update; `Book`, a value\n",
            "An absent property keeps its value.",
            "    pages (Edm.Int32, set by `with_pages(…)`)\n",
            "    lentSince (Edm.Date)\n",
            "    lentSince (Edm.Date): computed by the service\n",
        ] {
            assert!(page.contains(part), "no {part} in {page}");
        }
        let row = page.lines().find(|line| line.starts_with("  lentSince "));
        let row: Vec<&str> = row.expect("a row").split_whitespace().collect();
        assert_eq!(row, ["lentSince", "Date", "yes", "read-only"]);
    }
    let update = explain("/books/1");
    assert!(update.contains("  Response: `Option<Book>`\n"), "{update}");
    assert!(!update.contains("\"lentSince\""), "{update}");
    let property = explain("lentSince");
    let part = "Rust: `BookPatch`, an update; `Book`, a value\n";
    assert!(property.contains(part), "{property}");
}

#[test]
fn a_secret_is_marked() {
    let folder = tempfile::tempdir().expect("a folder");
    let document = std::fs::read_to_string(library().join("library.csdl")).expect("read");
    let document = document.replace(
        "Name=\"scale\" Type=\"Edm.Int32\"",
        "Name=\"password\" Type=\"Edm.String\"",
    );
    std::fs::write(folder.path().join("v1.0.csdl"), document).expect("written");
    let ran = msgraph(
        folder.path(),
        &["explain", "map", "--metadata", "v1.0.csdl"],
    );
    let expected = "  password  Secret     yes   secret, hidden in debug output\n";
    assert!(ran.out.contains(expected), "{}", ran.out);
}

#[test]
fn a_path_is_taken_as_the_user_has_it() {
    let expected = explain(&["/books/{id}"]).out;
    for written in [
        "books/{book-id}",
        "/v1.0/books/978-3-16/",
        "https://graph.microsoft.us/v1.0/books/978-3-16?$select=title",
        "PATCH /books/978-3-16",
        "/Books/1",
        "/books/1?x=/y#z",
    ] {
        assert_eq!(explain(&[written]).out, expected, "{written}");
    }
    let people = explain(&["/people('{id}')"]).out;
    assert!(
        people.contains("`update(person_id: &str, patch: &PersonPatch)`"),
        "{people}"
    );
    for written in [
        "/people('ada')",
        "/people('a,b=c/d')",
        "/people('it''s%20(a)')",
    ] {
        assert_eq!(explain(&[written]).out, people, "{written}");
    }
    let ran = explain(&["/beta/books/1"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("no document for `beta`"), "{}", ran.err);
    // Two versions conflict.
    let ran = explain(&["/beta/books/1", "--api-version", "v1.0"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("has the API version `beta`"),
        "{}",
        ran.err
    );
    let ran = explain(&["/v1.0/books/1", "--api-version", "v1.0"]);
    assert_eq!(ran.out, expected);
}

#[test]
fn a_reference_is_set_in_the_update_of_the_entity() {
    let ran = explain(&["/books/{id}/author"]);
    assert!(
        ran.out
            .contains("set `author_bind` in the update of `/books/{id}`"),
        "{ran:?}"
    );
}

#[test]
fn a_type_is_taken_by_any_of_its_names() {
    let expected = explain(&["library.book"]).out;
    for written in ["book", "Book", "LIBRARY.BOOK", "BookPatch"] {
        assert_eq!(explain(&[written]).out, expected, "{written}");
    }
    // No type has this name, so it is a path.
    assert_eq!(explain(&["people"]).out, explain(&["/people"]).out);
}

#[test]
fn what_is_misspelt_is_said_with_the_nearest_names() {
    for (written, help) in [
        ("bok", "did you mean `book` or `books`?"),
        ("library.persn", "did you mean `library.person`?"),
        ("lentSinc", "did you mean `lentSince`?"),
        ("book/lentSinc", "did you mean `lentSince`?"),
        ("library.book/lentSinc", "did you mean `lentSince`?"),
        (
            "library.map/lentSince",
            "`msgraph explain library.map` shows its properties",
        ),
        ("library.bok/lentSince", "did you mean `library.book`?"),
        ("boks", "did you mean `books` or `book`?"),
        ("boks/1", "did you mean `books`?"),
        ("people/1/nam", "did you mean `name`?"),
        ("/boks/1", "did you mean `books`?"),
        ("/books/1/auther", "did you mean `author`?"),
        ("/books/**", "`msgraph list '/books/**'` lists them"),
        ("/", "a path starts with `/`"),
        ("/books/%zz/../x", ""),
        ("", ""),
    ] {
        let ran = explain(&[written]);
        assert_eq!(ran.code, 2, "{written}: {ran:?}");
        assert_eq!(ran.out, "");
        assert!(ran.err.contains(help), "{written}: {}", ran.err);
    }
}

#[test]
fn the_help_names_a_command_that_finds_something() {
    let list = |part: &str| {
        let start = ["list", "--manifest", "library.toml", part];
        msgraph(&library(), &start).code
    };
    assert_eq!(list("ary.per"), 0);
    let ran = explain(&["ary.per"]);
    assert!(ran.err.contains("`msgraph list ary.per`"), "{}", ran.err);
    // No update has this type.
    assert_eq!(list("ary.pl"), 1);
    let ran = explain(&["ary.pl"]);
    assert!(!ran.err.contains("msgraph list"), "{}", ran.err);
    assert!(ran.err.contains("`library.place`"), "{}", ran.err);
}

#[test]
fn every_error_has_a_heading() {
    let ran = explain(&["zzzzzzzz"]);
    assert_eq!(ran.err.matches("error: ").count(), 2, "{}", ran.err);
    let ran = msgraph(&library(), &["diff", "no-old.csdl", "no-new.csdl"]);
    assert_eq!(ran.code, 4);
    assert_eq!(ran.err.matches("error: ").count(), 2, "{}", ran.err);
}

#[test]
fn json_has_what_the_page_has() {
    let page = explain(&["/books/1", "--format", "json"]).json();
    assert_eq!(page["generated"], json!(true));
    let request = &page["requests"][0];
    assert_eq!(request["rust"], json!("books::update"));
    assert_eq!(
        request["urls"][1],
        json!({"cloud": "us-gov-l4", "url": "https://graph.microsoft.us/v1.0/books/{id}", "documented": false})
    );
    assert!(
        request["requestHeaders"]
            .as_array()
            .is_some_and(|headers| headers.iter().any(|header| header["name"] == "If-Match"))
    );
    assert_eq!(
        request["body"][1],
        json!({"wire": "format", "takes": "\"paper\" | \"sound\" | null"})
    );
    let fields = page["types"][0]["fields"].as_array().expect("fields");
    let pages = fields
        .iter()
        .find(|field| field["wire"] == "pages")
        .expect("a field");
    assert_eq!(pages["limits"]["minimum"], json!(1));
    let missing = explain(&["/people/1", "--format", "json"]).json();
    assert_eq!(missing["generated"], json!(false));
    assert_eq!(
        missing["entry"],
        json!(
            "[[resource]]\npath = \"/people/{person-id}\"\noperations = [\"get\", \"update\", \"delete\"]"
        )
    );
}

#[test]
fn the_entry_that_is_shown_is_one_that_generates() {
    for target in ["/people/1", "/desks/1/items/2", "library.lost.book"] {
        let page = explain(&[target, "--format", "json"]).json();
        let entry = page["entry"].as_str().expect("an entry");
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["library.csdl", "library-facts.toml"] {
            std::fs::copy(library().join(name), folder.path().join(name)).expect("copied");
        }
        let manifest = std::fs::read_to_string(library().join("library.toml")).expect("read");
        let manifest = format!("{manifest}\n{entry}\n");
        std::fs::write(folder.path().join("graph.toml"), manifest).expect("written");
        let again = msgraph(folder.path(), &["explain", target, "--format", "json"]).json();
        assert_eq!(again["generated"], json!(true), "{target}");
        assert_eq!(again["entry"], json!(null));
    }
}

#[test]
fn keys_that_the_facts_know_have_their_type() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::copy(
        metadata().join("v1.0.csdl"),
        folder.path().join("v1.0.csdl"),
    )
    .expect("copied");
    let manifest = "api-version = \"v1.0\"\n[metadata]\n\"v1.0\" = \"v1.0.csdl\"\n\
                    [[update]]\npath = \"/policies\"\n";
    std::fs::write(folder.path().join("graph.toml"), manifest).expect("written");
    let page = msgraph(folder.path(), &["explain", TAP, "--format", "json"]).json();
    assert_eq!(page["requests"][0]["path"], json!(TAP));
    let results =
        |page: &serde_json::Value| page["requests"][0]["results"].as_array().map(Vec::len);
    assert_eq!(results(&page), Some(1));
    let parentheses = TAP.replace("/TemporaryAccessPass", "('TemporaryAccessPass')");
    let page = msgraph(
        folder.path(),
        &["explain", &parentheses, "--format", "json"],
    )
    .json();
    assert_eq!(page["requests"][0]["path"], json!(parentheses));
    assert_eq!(results(&page), Some(1));
    let another = TAP.replace("TemporaryAccessPass", "Voice");
    let page = msgraph(folder.path(), &["explain", &another, "--format", "json"]).json();
    let path = page["requests"][0]["path"].as_str().expect("a path");
    assert!(
        path.ends_with("/{authenticationMethodConfiguration-id}"),
        "{path}"
    );
}

#[test]
fn the_whole_metadata_is_explained_too() {
    let Some(document) = published(
        "explain::the_whole_metadata_is_explained_too",
        "v1.0-global.csdl",
    ) else {
        return;
    };
    let document = document.to_str().expect("a path that is text");
    let folder = tempfile::tempdir().expect("a folder");
    let run = |target: &str| {
        msgraph(
            folder.path(),
            &[
                "explain",
                target,
                "--metadata",
                document,
                "--format",
                "json",
            ],
        )
        .json()
    };
    let user = run("user");
    assert_eq!(user["subject"]["type"], json!("microsoft.graph.user"));
    assert_eq!(user["subject"]["depth"], json!(2));
    assert_eq!(run("graph.user")["subject"], user["subject"]);
    let path = run("https://graph.microsoft.com/v1.0/users/87d349ed-44d7-43e1-9a83-5f2406dee5bd");
    assert_eq!(path["requests"][0]["path"], json!("/users/{user-id}"));
    // A closure of hundreds of types is still a short page.
    let text = msgraph(
        folder.path(),
        &["explain", "/users/1", "--metadata", document],
    )
    .out;
    assert!(text.lines().count() < 800, "{}", text.lines().count());
}

#[test]
fn a_property_is_taken_by_any_of_its_names() {
    let expected = explain(&["lentSince"]).out;
    assert!(expected.contains("Not sent by `BookPatch`:"), "{expected}");
    for written in [
        "LENTSINCE",
        "lent_since",
        "library.book/lentSince",
        "library.book/lent_since",
        "LIBRARY.BOOK/lentsince",
        "book/lentSince",
    ] {
        let ran = explain(&[written]);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (0, expected.as_str()),
            "{written}"
        );
    }
    // Declared by the base type, and found by the derived type.
    let id = explain(&["library.map/id"]).out;
    assert!(
        id.starts_with("id\n") && id.contains("  A property of:\n    library.item "),
        "{id}"
    );
    // A navigation property.
    let author = explain(&["author"]).out;
    assert!(author.contains("library.book library.person\n"), "{author}");
    assert!(author.contains("reference to"), "{author}");
    for written in ["library.map/title", "library.bok/title", "lentSinse"] {
        let ran = explain(&[written]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{written}");
    }
}

#[test]
fn a_property_of_many_types_names_them_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let document = std::fs::read_to_string(library().join("library.csdl")).expect("read");
    let types: String = (0..20)
        .map(|nth| {
            format!(
                "<ComplexType Name=\"c{nth:02}\"><Property Name=\"isUsableOnce\" Type=\"Edm.Boolean\"/>\
                 </ComplexType>"
            )
        })
        .collect();
    let document = document.replace("<EnumType", &format!("{types}<EnumType"));
    std::fs::write(folder.path().join("v1.0.csdl"), document).expect("written");
    let run = |more: &[&str]| {
        let start = ["explain", "isUsableOnce", "--metadata", "v1.0.csdl"];
        msgraph(folder.path(), &[&start[..], more].concat())
    };
    let ran = run(&[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(
        ran.out.contains("  A property of 20 types:\n"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("    and 8 more (--all)\n"), "{}", ran.out);
    let is_row = |line: &&str| line.starts_with("  library.c");
    let rows = |page: &str| page.lines().filter(is_row).count();
    assert_eq!(rows(&ran.out), 12, "{}", ran.out);
    let all = run(&["--all"]).out;
    assert_eq!(rows(&all), 20, "{all}");
    let page = run(&["--format", "json"]).json();
    assert_eq!(page["property"]["name"], json!("isUsableOnce"));
    assert_eq!(
        page["property"]["declared"][19],
        json!({"declaredBy": "library.c19", "csdl": "Edm.Boolean"})
    );
    assert_eq!(page["types"][0]["fields"].as_array().map(Vec::len), Some(1));
    let markdown = run(&["--format", "markdown"]).out;
    assert!(markdown.starts_with("## isUsableOnce\n"), "{markdown}");
}
