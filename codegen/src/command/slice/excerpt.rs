//! Copies the kept elements of the metadata, as written there.

use std::collections::{BTreeMap, BTreeSet};

use msgraph_csdl::model::GRAPH_ENTITY;
use msgraph_csdl::source::{FileId, Span};
use roxmltree::{Document, Node};

use crate::read::Input;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
const EDMX: &str = "http://docs.oasis-open.org/odata/ns/edmx";
const EDM: &str = "http://docs.oasis-open.org/odata/ns/edm";

/// The document with a comment of these lines.
pub(crate) fn commented(lines: &[String], document: &str) -> String {
    let mut text = format!("{DECLARATION}<!--\n");
    for line in lines {
        // Two hyphens would end the comment (XML 1.0 §2.5), and a line break the line.
        let line: String = line.chars().filter(|c| !c.is_control()).collect();
        text.push_str(&format!("  {}\n", line.replace("--", "-%2D")));
    }
    text.push_str("-->\n");
    text.push_str(document.strip_prefix(DECLARATION).unwrap_or(document));
    text
}

/// One document with the kept elements of all documents. `kept` has the names of elements and the terms of annotations.
pub(super) fn of(input: &Input<'_>, kept: &BTreeSet<Span>) -> String {
    let mut namespaces: BTreeMap<String, String> = BTreeMap::new();
    let mut references = BTreeSet::new();
    // By namespace: a start tag, and the children of this schema in all documents.
    let mut schemas: BTreeMap<String, (&str, String)> = BTreeMap::new();
    for file in &input.documents {
        let text = input.sources.get(*file).map_or("", |it| &it.text);
        // Parsing succeeds, because the model was read from the same text.
        let Ok(document) = Document::parse(text) else {
            continue;
        };
        let excerpt = Excerpt {
            file: *file,
            text,
            kept,
        };
        for node in document.root_element().children() {
            if node.has_tag_name((EDMX, "Reference")) {
                references.insert(excerpt.written(node, 1));
            }
            if node.has_tag_name((EDMX, "DataServices")) {
                for namespace in node.namespaces() {
                    let prefix = namespace.name().unwrap_or_default().to_owned();
                    namespaces.insert(prefix, namespace.uri().to_owned());
                }
                for schema in node.children().filter(|schema| excerpt.keeps(*schema)) {
                    let namespace = schema.attribute("Namespace").unwrap_or_default();
                    let (tag, children) = schemas.entry(namespace.to_owned()).or_default();
                    if tag.is_empty() || schema.has_attribute("Alias") {
                        *tag = excerpt.start_tag(schema);
                    }
                    children.push_str(&excerpt.children(schema, 3));
                }
            }
        }
    }
    let schemas: String = schemas
        .into_values()
        .map(|(tag, children)| element(tag, &children, 2))
        .collect();
    let edmx = free_prefix(&namespaces);
    namespaces.insert(edmx.clone(), EDMX.to_owned());
    let namespaces = namespaces.iter().filter(|(prefix, _)| *prefix != "xml");
    let namespaces: String = namespaces
        .map(|(prefix, uri)| {
            let colon = if prefix.is_empty() { "" } else { ":" };
            format!(" xmlns{colon}{prefix}=\"{}\"", escaped(uri))
        })
        .collect();
    let references = String::from_iter(references);
    format!(
        "{DECLARATION}<{edmx}:Edmx Version=\"4.0\"{namespaces}>\n{references}  <{edmx}:DataServices>\n{schemas}  \
         </{edmx}:DataServices>\n</{edmx}:Edmx>\n"
    )
}

/// A prefix that no document binds to another namespace.
fn free_prefix(namespaces: &BTreeMap<String, String>) -> String {
    let mut prefix = "edmx".to_owned();
    while namespaces.get(&prefix).is_some_and(|uri| uri != EDMX) {
        prefix.push('_');
    }
    prefix
}

/// The value of an attribute in double quotes.
fn escaped(value: &str) -> String {
    let mut text = String::new();
    for c in value.chars() {
        match c {
            '&' | '<' | '"' | '\t' | '\n' | '\r' => text.push_str(&format!("&#{};", u32::from(c))),
            c => text.push(c),
        }
    }
    text
}

struct Excerpt<'s> {
    file: FileId,
    text: &'s str,
    kept: &'s BTreeSet<Span>,
}

impl<'s> Excerpt<'s> {
    fn keeps(&self, node: Node<'_, '_>) -> bool {
        if node.tag_name().namespace() != Some(EDM) {
            return false;
        }
        let has_kept_child = || node.children().any(|child| self.keeps(child));
        match node.tag_name().name() {
            "Schema" | "Annotations" => has_kept_child(),
            // Without children, the container only decides which namespace is the root module.
            "EntityContainer" => {
                let schema = node.parent().and_then(|it| it.attribute("Namespace"));
                has_kept_child() || schema != Some(GRAPH_ENTITY.0)
            }
            "Key" | "PropertyRef" | "ReturnType" => true,
            "Annotation" => self.is_kept(node, "Term"),
            _ => self.is_kept(node, "Name"),
        }
    }

    fn is_kept(&self, node: Node<'_, '_>, attribute: &str) -> bool {
        node.attribute_node(attribute).is_some_and(|name| {
            let span = Span::new(self.file, name.range_value());
            self.kept.contains(&span)
        })
    }

    fn written(&self, node: Node<'_, '_>, depth: usize) -> String {
        let text = node.text().unwrap_or_default();
        let is_leaf = node.has_children() && !node.children().any(|it| it.is_element());
        // Elsewhere, text has no meaning.
        if is_whole(node) && (is_leaf || !text.trim().is_empty()) {
            let text = self.text.get(node.range()).unwrap_or_default();
            return format!("{}{text}\n", "  ".repeat(depth));
        }
        element(self.start_tag(node), &self.children(node, depth + 1), depth)
    }

    /// The kept children of an element; all children of an annotation or a reference.
    fn children(&self, node: Node<'_, '_>, depth: usize) -> String {
        let is_whole = is_whole(node);
        let children = node.children().filter(Node::is_element);
        let kept = children.filter(|child| is_whole || self.keeps(*child));
        kept.map(|child| self.written(child, depth)).collect()
    }

    fn start_tag(&self, node: Node<'_, '_>) -> &'s str {
        start_tag(self.text.get(node.range()).unwrap_or_default())
    }
}

/// Whether the node is in an annotation or a reference, which are kept as a whole.
fn is_whole(node: Node<'_, '_>) -> bool {
    node.ancestors().any(|node| {
        node.has_tag_name((EDM, "Annotation")) || node.has_tag_name((EDMX, "Reference"))
    })
}

fn element(start_tag: &str, children: &str, depth: usize) -> String {
    let indent = "  ".repeat(depth);
    if children.is_empty() {
        return format!("{indent}{start_tag} />\n");
    }
    let name = start_tag.split_ascii_whitespace().next();
    let name = name.unwrap_or_default().trim_start_matches('<');
    format!("{indent}{start_tag}>\n{children}{indent}</{name}>\n")
}

/// The start tag of an element without its end: `<Property Name="a"`.
fn start_tag(element: &str) -> &str {
    let mut quote = None;
    let end = element.find(|c| match quote {
        Some(open) => {
            quote = quote.filter(|_| c != open);
            false
        }
        None => {
            quote = matches!(c, '"' | '\'').then_some(c);
            c == '>'
        }
    });
    let tag = end.and_then(|end| element.get(..end)).unwrap_or(element);
    tag.strip_suffix('/').unwrap_or(tag).trim_ascii_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_line_cannot_end_the_comment() {
        let lines = ["a--b.csdl", "-->", "---", "x\n-->"].map(str::to_owned);
        let text = commented(&lines, "<a />");
        Document::parse(&text).expect("XML");
    }

    #[test]
    fn a_start_tag_may_contain_angle_brackets() {
        for (element, tag) in [
            ("<a b='>\"' c=\">'\" />", "<a b='>\"' c=\">'\""),
            ("<a>b</a>", "<a"),
            ("<a/>", "<a"),
        ] {
            assert_eq!(start_tag(element), tag);
        }
    }
}
