//! Checks a page as a validator would.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use roxmltree::{Document, Node, ParsingOptions};

use crate::command::msgraph;

const VOID: [&str; 2] = ["meta", "wbr"];

/// Elements that the page may have: none of them loads or runs anything.
const ALLOWED: [&str; 34] = [
    "a", "article", "body", "code", "dd", "div", "dl", "dt", "em", "footer", "h1", "h2", "h3",
    "head", "header", "html", "li", "main", "meta", "p", "section", "span", "strong", "style",
    "table", "tbody", "td", "th", "thead", "title", "tr", "ul", "wbr", "small",
];

const ATTRIBUTES: [&str; 12] = [
    "aria-labelledby",
    "charset",
    "class",
    "content",
    "data-label",
    "href",
    "http-equiv",
    "id",
    "lang",
    "name",
    "rel",
    "scope",
];

/// The page of a manifest whose strings look like markup.
pub(crate) fn hostile() -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/library.csdl");
    let markup = "</p><script>alert(1)</script><img src=x onerror='alert(1)'> \\\" & &amp; \\u202e\\u001b[31m";
    let long = "W".repeat(300);
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("written");
    };
    write(
        "facts.toml",
        &format!(
            "[operation.\"/books/{{id}}\"]\nnote = \"{markup}\"\nroles = [\"{markup}\", \"{long}\"]\n\
             clouds = [\"global\"]\npermissions = [\"Books.{long}\"]\nsource = \"javascript:alert(1)\"\n\
             [operation.\"GET /books/{{id}}\"]\npermissions = [\"Books.Read\"]\n\
             source = \"https://example.com/{long}?a=1&b='\\\"\"\n"
        ),
    );
    write("Cargo.toml", &format!("[package]\nname = \"{markup}\"\n"));
    write(
        "graph.toml",
        &format!(
            "api-version = \"v1.0\"\nfacts = \"facts.toml\"\nbuilt-in-facts = false\npermissions = false\n\
             [metadata]\n\"v1.0\" = {pages:?}\n[[update]]\npath = \"/books/{{id}}\"\n\
             [[resource]]\npath = \"/books/{{id}}\"\noperations = [\"get\"]\n"
        ),
    );
    let ran = msgraph(folder.path(), &["permissions", "--format", "html"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out
}

pub(crate) fn assert_valid(html: &str) {
    let xml = as_xml(html);
    let options = ParsingOptions {
        allow_dtd: true,
        nodes_limit: u32::MAX,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(&xml, options).expect("the page is well-formed");
    let elements = || document.descendants().filter(Node::is_element);
    let mut ids = BTreeSet::new();
    for element in elements() {
        let name = element.tag_name().name();
        assert!(ALLOWED.contains(&name), "<{name}>");
        for attribute in element.attributes() {
            assert!(
                ATTRIBUTES.contains(&attribute.name()),
                "{}",
                attribute.name()
            );
            if attribute.name() == "id" {
                assert!(
                    ids.insert(attribute.value()),
                    "{} is used twice",
                    attribute.value()
                );
            }
        }
    }
    for element in elements() {
        if let Some(target) = element.attribute("href") {
            let is_inside = target.strip_prefix('#').is_some_and(|id| ids.contains(id));
            assert!(is_inside || target.starts_with("https://"), "{target}");
            assert!(
                !text(element).trim().is_empty(),
                "a link without text to {target}"
            );
        }
        if let Some(labels) = element.attribute("aria-labelledby") {
            assert!(ids.contains(labels), "{labels}");
        }
        if element.has_tag_name("th") {
            assert!(element.has_attribute("scope"), "{}", text(element));
        }
        if element.has_tag_name("table") {
            assert!(element.descendants().any(|it| it.has_tag_name("th")));
        }
    }
    assert_headings(&document);
    let style = elements().find(|it| it.has_tag_name("style"));
    let style = style.map(text).unwrap_or_default();
    for remote in ["url(", "@import", "http"] {
        assert!(!style.contains(remote), "{remote}");
    }
    for one in ["h1", "main", "title", "header", "footer"] {
        assert_eq!(
            elements().filter(|it| it.has_tag_name(one)).count(),
            1,
            "{one}"
        );
    }
}

/// One `h1` first, and no level is left out.
fn assert_headings(document: &Document<'_>) {
    let names = document
        .descendants()
        .map(|it| it.tag_name().name().to_owned());
    let levels: Vec<usize> = names
        .filter_map(|name| match name.as_str() {
            "h1" => Some(1),
            "h2" => Some(2),
            "h3" => Some(3),
            _ => None,
        })
        .collect();
    assert_eq!(levels.first(), Some(&1));
    for pair in levels.windows(2) {
        assert!(pair[1] > 1 && pair[1] <= pair[0] + 1, "{levels:?}");
    }
}

fn text(element: Node<'_, '_>) -> String {
    let nodes = element.descendants().filter(Node::is_text);
    nodes.filter_map(|node| node.text()).collect()
}

/// Closes the elements that HTML does not close.
fn as_xml(html: &str) -> String {
    let mut xml = String::with_capacity(html.len());
    let mut parts = html.split('<');
    xml.push_str(parts.next().unwrap_or_default());
    for part in parts {
        xml.push('<');
        let is_void = VOID.iter().any(|name| {
            let rest = part.strip_prefix(name);
            rest.is_some_and(|rest| rest.starts_with([' ', '>']))
        });
        match part.split_once('>') {
            Some((tag, rest)) if is_void => xml.push_str(&format!("{tag}/>{rest}")),
            _ => xml.push_str(part),
        }
    }
    xml
}
