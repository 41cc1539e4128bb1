//! Text of a foreign hand in every report: it steers no terminal, and is no Markdown.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what is wrong by panicking"
)]

#[allow(dead_code, reason = "each test takes what it needs")]
mod command;

use std::fs;
use std::path::Path;

use command::msgraph;
use pulldown_cmark::{Event, Options, Parser, Tag};
use tempfile::TempDir;

/// All of it at once; XML itself takes no escape character.
const HOSTILE: &str = "<b>bold</b> **strong** [text](https://evil.example) ![i](https://evil.example) \
    `a` ``b`` ` | cell &amp;copy; ~~gone~~ @everyone #1 https://evil.example www.evil.example \
    # heading\n\n# heading\n- item\n```\nfence \u{202e}turned\u{200b}\u{9b}2Jhidden";

/// What TOML takes and XML does not: our own styles, and the bell.
const STEERING: &str = " \\u001b[31mred\\u001b[0m\\u001b]0;title\\u0007";

fn xml(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('\n', "&#10;")
}

/// The library with a hostile hand in what may be written freely: descriptions, deprecations, facts.
fn folder() -> TempDir {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let document = fs::read_to_string(pages.join("library.csdl")).expect("read");
    let hostile = xml(HOSTILE);
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
    let annotated = format!(
        "{}><Annotation Term=\"Org.OData.Core.V1.Description\" String=\"{hostile}\"/>\
         <Annotation Term=\"Org.OData.Core.V1.Revisions\"><Collection><Record>\
         <PropertyValue Property=\"Date\" String=\"{hostile}\"/>\
         <PropertyValue Property=\"Kind\" EnumMember=\"Org.OData.Core.V1.RevisionKind/Deprecated\"/>\
         <PropertyValue Property=\"Description\" String=\"{hostile}\"/>\
         </Record></Collection></Annotation></Property>{}",
        before.expect("the beginning"),
        after.expect("the rest"),
    );
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("written");
    };
    write("v1.0.csdl", &annotated);
    write("v1.0-china.csdl", &document);
    let words = serde_json::Value::from(HOSTILE).to_string();
    let words = words.trim_matches('"').to_owned() + STEERING;
    let facts = format!(
        "[operation.\"/books/{{id}}\"]\nsource = \"https://example.org/{words}\"\n\
         permissions = [\"{words}\"]\nroles = [\"{words}\"]\nnote = \"{words}\"\n\
         [property.\"library.book/pages\"]\nsource = \"{words}\"\nminimum = 1\n"
    );
    write("facts.toml", &facts);
    write(
        "graph.toml",
        "api-version = \"v1.0\"\nfacts = \"facts.toml\"\n[metadata]\n\"v1.0\" = \"v1.0.csdl\"\n\
         [[update]]\npath = \"/books/{id}\"\n",
    );
    folder
}

/// The reports, each as its command gives it.
const REPORTS: [&[&str]; 4] = [
    &["explain", "/books/{id}", "--all"],
    &["explain", "library.book", "--all"],
    &["diff", "v1.0-china.csdl", "v1.0.csdl", "--descriptions"],
    &["clouds", ".", "--all"],
];

#[test]
fn no_report_hands_on_what_steers_a_terminal() {
    let folder = folder();
    for report in REPORTS {
        for format in ["text", "markdown", "json"] {
            let ran = msgraph(folder.path(), &[report, &["--format", format]].concat());
            assert_eq!(ran.code, 0, "{report:?}: {}", ran.err);
            for c in ran.out.chars().chain(ran.err.chars()) {
                // JSON escapes control characters, and a program reads the rest as it is.
                let is_kept = c == '\n' || (format == "json" && !c.is_ascii_control());
                assert!(
                    is_kept || !msgraph_codegen::is_invisible(c),
                    "{report:?} {format}: {}",
                    c.escape_unicode()
                );
            }
        }
        // Where colours are wanted the styles are ours alone: no red in a page.
        let ran = msgraph(folder.path(), &[&["--color", "always"], report].concat());
        assert!(
            !ran.out.contains("\u{1b}[31mred"),
            "{report:?}: {}",
            ran.out.escape_debug()
        );
    }
}

#[test]
fn no_markdown_report_has_markup_of_a_foreign_hand() {
    let folder = folder();
    for report in REPORTS {
        let ran = msgraph(folder.path(), &[report, &["--format", "markdown"]].concat());
        assert_eq!(ran.code, 0, "{report:?}: {}", ran.err);
        for event in Parser::new_ext(&ran.out, Options::all()) {
            let foreign = match &event {
                Event::Html(_) | Event::InlineHtml(_) => true,
                Event::Start(Tag::Link { dest_url, .. }) => dest_url.contains("evil"),
                Event::Start(Tag::Image { .. } | Tag::Emphasis | Tag::Strikethrough) => true,
                // Ours is a verdict.
                Event::Start(Tag::Strong) => report.first() == Some(&"explain"),
                Event::Code(code) => code.as_ref() == "a" || code.as_ref() == "b",
                _ => false,
            };
            assert!(!foreign, "{report:?}: {event:?}\n{}", ran.out);
        }
        let is_shown = ran.out.contains("\\*\\*strong\\*\\*");
        assert!(is_shown || report.first() == Some(&"clouds"), "{}", ran.out);
        assert!(!ran.out.contains("\n# heading"), "{report:?}: {}", ran.out);
    }
}
