//! Untrusted strings in all output: they contain no terminal control sequences, and no Markdown.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

#[allow(dead_code, reason = "each test takes what it needs")]
mod command;

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;

use command::{Ran, msgraph};
use pulldown_cmark::{Event, Options, Parser, Tag};
use tempfile::TempDir;

/// Everything except the escape character, which XML forbids.
const HOSTILE: &str = "<b>bold</b> **strong** [text](https://evil.example) ![i](https://evil.example) \
    `a` ``b`` ` | cell &amp;copy; ~~gone~~ @everyone #1 https://evil.example www.evil.example $m$ \
    # heading\n\n# heading\n- item\n```\nfence \u{202e}turned\u{200b}\u{9b}2Jhidden";

/// Characters allowed in TOML but not in XML: terminal styles and the bell.
const STEERING: &str = " \\u001b[31mred\\u001b[0m\\u001b]0;title\\u0007";

/// A string that is valid as a file name on Linux, and as an argument.
const NAME: &str = "a\nerror: b \u{1b}[31mred\u{1b}[0m\u{7} \u{202e}\u{200b}`a` | ``b`` <i> *d*";

/// Markdown at the start of a paragraph.
const STARTS: [&str; 6] = ["=====", "- item", "+ item", "1. item", "# heading", ":-:"];

fn xml(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('\n', "&#10;")
}

/// The library with these descriptions and deprecations of a property of a book.
fn document(descriptions: &str) -> String {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let document = fs::read_to_string(pages.join("library.csdl")).expect("read");
    let hostile = xml(descriptions);
    let property = "Name=\"pages\" Type=\"Edm.Int32\"";
    let at = document.find(property).expect("the property");
    let end = document
        .get(at..)
        .and_then(|rest| rest.find('>'))
        .map(|end| at + end)
        .expect("its end");
    let is_empty = document.get(..end).is_some_and(|text| text.ends_with('/'));
    assert!(is_empty, "an element without content");
    let (before, after) = (document.get(..end - 1), document.get(end + 1..));
    format!(
        "{}><Annotation Term=\"Org.OData.Core.V1.Description\" String=\"{hostile}\"/>\
         <Annotation Term=\"Org.OData.Core.V1.Revisions\"><Collection><Record>\
         <PropertyValue Property=\"Date\" String=\"{hostile}\"/>\
         <PropertyValue Property=\"Kind\" EnumMember=\"Org.OData.Core.V1.RevisionKind/Deprecated\"/>\
         <PropertyValue Property=\"Description\" String=\"{hostile}\"/>\
         </Record></Collection></Annotation></Property>{}",
        before.expect("the beginning"),
        after.expect("the rest"),
    )
}

/// The library with hostile strings in descriptions, deprecations, facts, and file names, if the file system allows
/// them.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    };
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let plain = fs::read_to_string(pages.join("library.csdl")).expect("read");
    let hostile = document(HOSTILE);
    write("v1.0.csdl", &hostile);
    write("v1.0-china.csdl", &plain);
    let words = serde_json::Value::from(HOSTILE).to_string();
    let words = words.trim_matches('"').to_owned() + STEERING;
    let facts = format!(
        "[operation.\"/books/{{id}}\"]\nsource = \"https://example.org/{words}\"\n\
         permissions = [\"Book.ReadWrite\", \"Book.Title\"]\nroles = [\"{words}\"]\nnote = \"{words}\"\n\
         clouds = [\"china\"]\n\
         [permission.\"Book.Title\"]\nsource = \"{words}\"\npartial = \"{words}\"\n\
         [property.\"library.book/pages\"]\nsource = \"{words}\"\nminimum = 1\n"
    );
    write("facts.toml", &facts);
    let manifest = |metadata: &str, path: &str| {
        format!(
            "api-version = \"v1.0\"\nfacts = \"facts.toml\"\n[metadata]\n\"v1.0\" = {}\n\
             [[update]]\npath = \"/books/{{id}}\"\n[[update]]\npath = \"/desks/{{id}}\"\n{path}",
            serde_json::Value::from(metadata)
        )
    };
    write("graph.toml", &manifest("v1.0.csdl", ""));
    let vain = format!("[[update]]\npath = \"/bokes{words}\"\n");
    let vain = vain.replace(STEERING, "").replace("https://evil", "evil");
    write("vain.toml", &manifest("v1.0.csdl", &vain));
    if cfg!(target_os = "linux") {
        write(
            &format!("{NAME}.toml"),
            &manifest(&format!("{NAME}.csdl"), ""),
        );
        write(&format!("{NAME}.csdl"), &hostile);
        write(&format!("clouds/v1.0-{NAME}.csdl"), &plain);
        write("clouds/v1.0.csdl", &hostile);
        let other = hostile.replace("Name=\"scale\"", "Name=\"scales\"");
        for (side, text) in [("old", &plain), ("new", &other)] {
            write(&format!("{side}/{NAME}.csdl"), text);
            write(&format!("{side}/{side}{NAME}.csdl"), text);
        }
        write(
            &format!("{NAME}/Cargo.toml"),
            "[package]\nname = \"a\"\nedition = \"2024\"\n",
        );
        write(&format!("{NAME}/src/lib.rs"), "");
        write(&format!("{NAME}/build.rs"), "fn main() {}");
        write(&format!("{NAME}/metadata/{NAME}.csdl"), &hostile);
        let name = serde_json::Value::from(NAME);
        write(
            "locked/lock.toml",
            &format!(
                "version = 1\n[file.{name}]\nsource = {name}\nfetched = 2026-01-01T00:00:00Z\n\
                 sha256 = \"00\"\nsize = 1\n"
            ),
        );
        write(
            "wrong/lock.toml",
            &format!("version = 1\n[file]\n{name} = {{ size = {name} }}\n"),
        );
        write(&format!("{NAME}.rs/graph.rs"), "// mine");
    }
    folder
}

/// The reports of all commands.
const REPORTS: [&[&str]; 6] = [
    &["explain", "/books/{id}", "--all"],
    &["explain", "library.book", "--all"],
    &["diff", "v1.0-china.csdl", "v1.0.csdl", "--descriptions"],
    &["clouds", ".", "--all"],
    &["list", "--depth", "2"],
    &["permissions"],
];

/// All other messages about elements with hostile names.
fn others() -> Vec<Vec<String>> {
    let manifest = format!("{NAME}.toml");
    let document = format!("{NAME}.csdl");
    let inside = format!("{NAME}/metadata/{NAME}.csdl");
    let only_old = format!("old/old{NAME}.csdl");
    let runs: Vec<Vec<&str>> = vec![
        vec!["explain", "/books/{id}", "--manifest", &manifest],
        vec!["explain", "/desks/{id}", "--manifest", &manifest],
        vec!["explain", "library.book", "--manifest", &manifest],
        vec![
            "explain",
            "library.book",
            "--metadata",
            &document,
            "--manifest",
            &manifest,
        ],
        vec!["explain", NAME],
        vec!["explain", "/books/*\n\u{1b}[31m"],
        vec!["explain", "library.book", "--manifest", NAME],
        vec!["explain", "library.book", "--metadata", NAME],
        vec!["list", "--manifest", &manifest],
        vec!["list", "--manifest", "vain.toml"],
        vec!["list", NAME],
        vec!["list", "/\n\u{1b}[31m/x"],
        vec!["list", "--missing", "b\u{1b}[31m\nerror: b"],
        vec!["diff", "old", "new", "--all", "--depth", "2"],
        vec!["diff", &only_old, "v1.0.csdl", "--manifest", "vain.toml"],
        vec!["diff", "v1.0.csdl", "v1.0.csdl", "--manifest", NAME],
        vec!["diff", NAME, "v1.0.csdl"],
        vec!["diff", "none", NAME],
        vec!["clouds", "clouds", "--all", "--manifest", "vain.toml"],
        vec!["clouds", "clouds", "--only", NAME],
        vec!["clouds", NAME],
        vec!["clouds", "--document", "\u{1b}[31m\n=v1.0.csdl"],
        vec!["clouds", "clouds", "--document", "global=v1.0.csdl"],
        vec!["permissions", "--manifest", &manifest],
        vec!["permissions", "--manifest", "vain.toml"],
        vec!["permissions", "--manifest", NAME],
        vec!["permissions", "--manifest", &manifest, "--ids", NAME],
        vec!["permissions", "--manifest", &manifest, "--ids", &document],
        vec!["permissions", "--granted", "\u{1b}[31m`x`|``y``<i>*d*"],
        vec!["permissions", "import", NAME, "--out", "map.txt"],
        vec!["permissions", "import", &document, "--out", NAME],
        vec!["generate", "--check", "--out", NAME],
        vec![
            "generate",
            "--check",
            "--manifest",
            &manifest,
            "--out",
            NAME,
        ],
        vec![
            "generate",
            "--manifest",
            &manifest,
            "--out",
            "out\u{1b}[31m\n",
        ],
        vec!["generate", "--manifest", "vain.toml"],
        vec!["generate", "--manifest", NAME],
        vec!["generate", "--index", "--file-name", "a\n\u{1b}[31m.json"],
        vec![
            "slice",
            "--manifest",
            &manifest,
            "--out",
            "sliced\n\u{1b}[31m.csdl",
        ],
        vec!["slice", "--manifest", &manifest, "--out", &manifest],
        vec!["slice", "--manifest", &manifest, "--out", &document],
        vec![
            "init",
            "--crate-dir",
            NAME,
            "--path",
            "/books/{id}",
            "--metadata",
            &inside,
        ],
        vec!["init", "--crate-dir", NAME, "--path", "/books/{id}"],
        vec![
            "init",
            "--crate-dir",
            NAME,
            "--path",
            "/books/{id}",
            "--metadata",
            &document,
        ],
        vec![
            "init",
            "--crate-dir",
            NAME,
            "--type",
            NAME,
            "--metadata",
            &inside,
        ],
        vec![
            "init",
            "--crate-dir",
            NAME,
            "--path",
            NAME,
            "--metadata",
            &inside,
        ],
        vec![
            "init",
            "--crate-dir",
            NAME,
            "--path",
            "/books/{id}",
            "--name",
            NAME,
            "--metadata",
            &inside,
        ],
        vec![
            "init",
            "--crate-dir",
            NAME,
            "--path",
            "/books/{id}",
            "--metadata",
            &inside,
            "--source",
            "path=\n\u{1b}[31m",
        ],
        vec![
            "init",
            "--crate-dir",
            "none\n\u{1b}[31m",
            "--path",
            "/books/{id}",
        ],
        vec!["fetch", "--check", "--out", "locked/x.csdl"],
        vec!["fetch", "--check", "--out", "wrong/x.csdl"],
        vec!["fetch", "--check", "--out", "none\n\u{1b}[31m/x.csdl"],
    ];
    let owned = |run: Vec<&str>| run.into_iter().map(str::to_owned).collect();
    runs.into_iter().map(owned).collect()
}

/// Responds to one request.
fn answer(head: &str, body: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
    let root = format!("http://{}", listener.local_addr().expect("an address"));
    let answer = format!(
        "HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut lines = BufReader::new(&stream).lines();
            while lines
                .next()
                .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
            {}
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    root
}

/// Checks that the output contains no control sequences, except our own styles if requested.
fn assert_harmless(run: &[&str], ran: &Ran, has_styles: bool) {
    for text in [&ran.out, &ran.err] {
        assert!(!text.contains("\u{1b}[31mred"), "{run:?}: {text:?}");
        let mut bare = text.clone();
        for style in ["0m", "1m", "2m", "31m", "32m", "33m"] {
            if has_styles {
                bare = bare.replace(&format!("\u{1b}[{style}"), "");
            }
        }
        for c in bare.chars() {
            assert!(
                c == '\n' || !msgraph_csdl::text::is_invisible(c),
                "{run:?}: {} in {text:?}",
                c.escape_unicode()
            );
        }
        assert!(
            !bare.lines().any(|line| line.starts_with("error: b")),
            "{run:?}: {text}"
        );
    }
}

fn assert_all_harmless(folder: &Path, run: &[&str]) {
    // The exit code shows whether it was reached.
    for format in ["text", "markdown", "json"] {
        let ran = msgraph(
            folder,
            &[run, &["--format", format, "--color", "never"]].concat(),
        );
        assert_harmless(run, &ran, false);
        if format == "markdown" {
            assert_no_markup(run, &ran);
        }
    }
    let ran = msgraph(folder, &[&["--color", "always"], run].concat());
    assert_harmless(run, &ran, true);
}

/// Checks that a Markdown report contains only intended elements.
fn assert_no_markup(run: &[&str], ran: &Ran) {
    for event in Parser::new_ext(&ran.out, Options::all()) {
        let foreign = match &event {
            Event::Html(_) | Event::InlineHtml(_) | Event::InlineMath(_) | Event::Rule => true,
            Event::Start(Tag::Link { dest_url, .. }) => dest_url.contains("evil"),
            Event::Start(
                Tag::Image { .. }
                | Tag::Emphasis
                | Tag::Strikethrough
                | Tag::BlockQuote(_)
                | Tag::FootnoteDefinition(_)
                | Tag::DefinitionList
                | Tag::HtmlBlock,
            ) => true,
            Event::Start(Tag::List(Some(_))) => true,
            // A verdict is ours.
            Event::Start(Tag::Strong) => run.first() == Some(&"explain"),
            Event::Code(code) => code.as_ref() == "a" || code.as_ref() == "b",
            _ => false,
        };
        assert!(!foreign, "{run:?}: {event:?}\n{}", ran.out);
    }
    assert!(!ran.out.contains("\n# heading"), "{run:?}: {}", ran.out);
}

#[test]
fn no_report_hands_on_what_steers_a_terminal_or_is_markup() {
    let folder = folder();
    for report in REPORTS {
        assert_all_harmless(folder.path(), report);
        let ran = msgraph(folder.path(), &[report, &["--format", "markdown"]].concat());
        assert_eq!(ran.code, 0, "{report:?}: {}", ran.err);
        let is_shown = ran.out.contains("\\*\\*strong\\*\\*");
        let has_words = matches!(report.first(), Some(&"explain" | &"diff"));
        assert!(is_shown || !has_words, "{}", ran.out);
        let escaped = "@&#8203;everyone \\#&#8203;1 https\\://evil.example www&#46;evil.example";
        assert!(ran.out.contains(escaped) || !is_shown, "{}", ran.out);
    }
}

#[test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "its file system takes no such names"
)]
fn no_command_hands_on_a_name_or_an_argument_as_it_is() {
    let folder = folder();
    for run in others() {
        let run: Vec<&str> = run.iter().map(String::as_str).collect();
        assert_all_harmless(folder.path(), &run);
    }
}

#[test]
fn no_answer_of_a_server_is_handed_on_as_it_is() {
    let folder = folder();
    let error = format!(
        "{{\"error\":{{\"code\":{0},\"message\":{0}}}}}",
        serde_json::Value::from(NAME)
    );
    let document = document(HOSTILE);
    let broken = document.replace(
        "Type=\"Edm.Int32\"",
        "Type=\"\u{202e}\u{200b}\u{9b}2J`a`&#10;error: b\"",
    );
    let answers = [
        (
            "403 Forbidden\r\ncontent-type: application/json",
            error.as_str(),
        ),
        (
            "302 Found\r\nlocation: https://evil.example/\u{9b}2J\u{202e}`a`",
            "",
        ),
        ("200 OK\r\ncontent-type: text/\u{9b}2J\u{202e}", "x"),
        (
            "200 OK\r\ncontent-type: application/xml\r\ncontent-encoding: \u{9b}2J\u{202e}",
            "x",
        ),
        (
            "200 OK\r\ncontent-type: application/xml",
            "<a>\u{9b}2J\u{202e}</b\u{202e}>",
        ),
        ("200 OK\r\ncontent-type: application/xml", &broken),
        ("200 OK\r\ncontent-type: application/xml", &document),
    ];
    for (head, body) in answers {
        let root = answer(head, body);
        let mut run = vec!["fetch", "--root", &root, "--tries", "1"];
        if cfg!(target_os = "linux") {
            run.extend(["--out", "fetched\n\u{1b}[31mred/a\n`b`.csdl"]);
        }
        assert_all_harmless(folder.path(), &run);
    }
}

#[test]
fn no_description_starts_something_else_than_a_paragraph() {
    for start in STARTS {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("v1.0.csdl");
        fs::write(path, document(start)).expect("written");
        let run = [
            "explain",
            "library.book",
            "--metadata",
            "v1.0.csdl",
            "--all",
        ];
        let ran = msgraph(
            folder.path(),
            &[&run as &[&str], &["--format", "markdown"]].concat(),
        );
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_no_markup(&run, &ran);
        let text: Vec<Event<'_>> = Parser::new_ext(&ran.out, Options::all()).collect();
        let ours = ran.out.matches("\n## ").count() + 1;
        let headings = text.iter();
        let headings = headings.filter(|event| matches!(event, Event::Start(Tag::Heading { .. })));
        assert_eq!(headings.count(), ours, "{start}: {}", ran.out);
        let is_said = |event: &Event<'_>| matches!(event, Event::Text(text) if text.contains(start.trim_matches(['-', '+', '#', ' '])));
        assert!(text.iter().any(is_said), "{start}: {text:?}");
    }
}

#[test]
fn the_source_of_a_fact_is_a_link_only_where_it_is_an_address() {
    let table = [
        ("https://example.org/a_(b)?c=\\\"d\\\"&e=*f*#g", true),
        ("https://example.org/a b", false),
        ("https://example.org/a\\nb", false),
        ("https://example.org/>[x](https://evil.example)", false),
        ("http://example.org/", false),
        ("javascript:alert(1)", false),
    ];
    for (source, is_link) in table {
        let folder = folder();
        let facts = format!(
            "[operation.\"/books/{{id}}\"]\nsource = \"{source}\"\nnote = \"n\"\npermissions = [\"Book.ReadWrite\"]\n"
        );
        fs::write(folder.path().join("facts.toml"), facts).expect("written");
        let ran = msgraph(
            folder.path(),
            &["explain", "/books/{id}", "--format", "markdown"],
        );
        assert_eq!(ran.code, 0, "{}", ran.err);
        let links = Parser::new_ext(&ran.out, Options::all()).filter_map(|event| match event {
            Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.to_string()),
            _ => None,
        });
        let mut links: Vec<String> = links
            .filter(|url| !url.contains("/v1.0/") && !url.ends_with("/permissions-reference"))
            .collect();
        // It belongs to the request and to the facts.
        links.dedup();
        let expected: Vec<String> = is_link
            .then(|| source.replace('\\', ""))
            .into_iter()
            .collect();
        assert_eq!(links, expected, "{}", ran.out);
    }
}
