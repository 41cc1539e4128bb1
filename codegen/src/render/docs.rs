//! Doc comments: what each item is in terms of the API, and what the metadata and the facts say of it.
//!
//! What stands in metadata is foreign text: nothing in it may run as a doctest, act as HTML or
//! Markdown, or end a comment.

use msgraph_csdl::annotations::description;
use msgraph_csdl::annotations::revisions::{self, Deprecation};
use msgraph_csdl::document::{Annotation, StructuredKind};
use msgraph_csdl::facts::Facts;
use msgraph_csdl::model::{Member, Schema, TypeId, TypeKind, written_type};
use msgraph_csdl::path::ResourcePath;
use msgraph_csdl::text::is_invisible;

use crate::deprecation;
use crate::select::{Content, Reason, SelectedField, SelectedType};

/// Writes doc comments; each is a list of paragraphs.
pub(crate) struct Docs<'s, 'a> {
    pub(crate) schema: &'s Schema<'a>,
    pub(crate) facts: &'s Facts,
    pub(crate) api_version: &'s str,
    /// Whether there are any: an index is made without.
    pub(crate) wanted: bool,
}

impl Docs<'_, '_> {
    pub(crate) fn of_function(
        &self,
        path: &ResourcePath,
        template: &str,
        deprecations: &[Deprecation],
    ) -> Vec<String> {
        if !self.wanted {
            return Vec::new();
        }
        let method = if path.target.restrictions.put {
            "PUT"
        } else {
            "PATCH"
        };
        let mut docs = vec![code(&format!("{method} /{}{template}", self.api_version))];
        docs.extend(self.of_operation(path, template, deprecations));
        docs
    }

    pub(crate) fn of_reset(
        &self,
        path: &ResourcePath,
        template: &str,
        deprecations: &[Deprecation],
    ) -> Vec<String> {
        if !self.wanted {
            return Vec::new();
        }
        let mut docs = vec![
            code(&format!("DELETE /{}{template}", self.api_version)),
            "Restores the defaults; the resource itself stays.".to_owned(),
        ];
        docs.extend(self.of_operation(path, template, deprecations));
        docs
    }

    /// What the facts and the metadata say of a path, whatever is done to what stands there.
    fn of_operation(
        &self,
        path: &ResourcePath,
        template: &str,
        deprecations: &[Deprecation],
    ) -> Vec<String> {
        let mut docs = Vec::new();
        let list = |items: &[String]| {
            let items: Vec<String> = items.iter().map(|item| foreign(item)).collect();
            items.join(", ")
        };
        let facts = self.facts.operation(template);
        if let Some(facts) = facts {
            if !facts.permissions.is_empty() {
                docs.push(format!("Permission: {}", list(&facts.permissions)));
            }
            if !facts.roles.is_empty() {
                docs.push(format!("Role: {}", list(&facts.roles)));
            }
            if !facts.clouds.is_empty() {
                docs.push(format!("Clouds: {}", list(&facts.clouds)));
            }
            docs.extend(facts.note.as_deref().map(foreign));
            docs.push(format!("See {}", foreign(&facts.source)));
        }
        if path.target.restrictions.if_match {
            docs.push("The service wants `If-Match` with the ETag of the resource.".to_owned());
        }
        docs.extend(deprecations.iter().map(deprecation_docs));
        docs
    }

    pub(crate) fn of_type(&self, id: TypeId, selected: &SelectedType) -> Vec<String> {
        if !self.wanted {
            return Vec::new();
        }
        let schema = self.schema;
        let declaration = &schema[id];
        let mut docs = vec![match &declaration.kind {
            TypeKind::Structured(ty) if ty.kind == StructuredKind::Entity => {
                format!("An update of a `{declaration}`.")
            }
            TypeKind::Enumeration(ty) if ty.is_flags => format!("A flag of `{declaration}`."),
            TypeKind::Enumeration(_) => format!("A member of `{declaration}`."),
            _ => format!("A `{declaration}`."),
        }];
        docs.extend(description(&declaration.annotations));
        docs.extend(
            deprecation::of_type(schema, id)
                .as_ref()
                .map(deprecation_docs),
        );
        if !selected.omitted.is_empty() {
            let left_out: Vec<String> = selected
                .omitted
                .iter()
                .map(|left_out| format!("`{}` ({})", left_out.property, left_out.reason.text()))
                .collect();
            docs.push(format!("Not sent: {}.", left_out.join(", ")));
        }
        if selected.replaces {
            docs.push(REPLACED.to_owned());
        }
        docs.push(format!("Generated {}.", self.reason(&selected.reason)));
        docs
    }

    /// Why a type is generated.
    pub(crate) fn reason(&self, reason: &Reason) -> String {
        let schema = self.schema;
        match reason {
            Reason::Named => "because the manifest names it".to_owned(),
            Reason::Body(template) => format!("as the body of {}", code(template)),
            Reason::Property(owner, property) => format!("for `{}/{property}`", schema[*owner]),
            Reason::Derived(base) => format!("because it derives from `{}`", schema[*base]),
        }
    }

    pub(crate) fn of_field(&self, id: TypeId, field: &SelectedField) -> Vec<String> {
        if !self.wanted {
            return Vec::new();
        }
        let schema = self.schema;
        let name = field.property.as_str();
        let Some(declared) = schema.declared_property(id, name) else {
            return Vec::new();
        };
        let ty = written_type(schema, declared.ty);
        let mut docs = vec![match field.content {
            Content::Reference(_) => format!("`{name}@odata.bind`: reference to `{ty}`"),
            Content::Delta(_) => format!("`{name}@delta`: changes to single items of `{ty}`"),
            _ => format!("`{name}`: `{ty}`"),
        }];
        let annotations = declared.annotations;
        docs.extend(description(annotations));
        if field.is_key {
            docs.push(
                "The key. In an update of its own the entity's key stands in the path.".into(),
            );
        }
        docs.extend(self.limits(id, name));
        if field.replaces {
            docs.push(REPLACED.to_owned());
        }
        docs.extend(
            deprecation::of_property(schema, id, name)
                .as_ref()
                .map(deprecation_docs),
        );
        docs
    }

    pub(crate) fn of_member(&self, member: &Member<'_>) -> Vec<String> {
        if !self.wanted {
            return Vec::new();
        }
        let mut docs = vec![format!("`{}`", member.name.text)];
        docs.extend(description(&member.annotations));
        let deprecation = revisions::deprecation(&member.annotations);
        docs.extend(deprecation.as_ref().map(deprecation_docs));
        docs
    }

    /// The range and the default that the facts know of a property.
    fn limits(&self, id: TypeId, name: &str) -> Option<String> {
        let facts = self.facts.property(self.schema, id, name)?;
        let mut text = facts.limits(&foreign)?;
        let first = text.get(..1)?.to_uppercase();
        text.replace_range(..1, &first);
        Some(format!("{text}."))
    }
}

/// Of a type or property that the facts or the manifest mark with `replaces`.
const REPLACED: &str = "Replaced as a whole: an update removes or resets what it leaves out. \
    `diff` and `send_changes` carry over what was read.";

fn description(annotations: &[Annotation<'_>]) -> Option<String> {
    description::description(annotations)
        .map(foreign)
        .filter(|text| !text.is_empty())
}

fn deprecation_docs(deprecation: &Deprecation) -> String {
    let mut text = "Deprecated".to_owned();
    if let Some(date) = &deprecation.date {
        text.push_str(&format!(" on {}", foreign(date)));
    }
    if let Some(removal) = &deprecation.removal_date {
        text.push_str(&format!(", to be removed on {}", foreign(removal)));
    }
    match &deprecation.description {
        Some(description) => text.push_str(&format!(": {}", foreign(description))),
        None => text.push('.'),
    }
    text
}

/// A path in code style, or escaped where it would end that itself.
pub(crate) fn code(text: &str) -> String {
    if text.chars().any(|c| c == '`' || is_invisible(c)) {
        foreign(text)
    } else {
        format!("`{text}`")
    }
}

/// A description as one harmless paragraph.
fn foreign(text: &str) -> String {
    let mut paragraph = String::with_capacity(text.len());
    // White space is folded, so that no line of its own can start a code block or a heading.
    for word in text.split_whitespace() {
        if !paragraph.is_empty() {
            paragraph.push(' ');
        }
        push_word(&mut paragraph, word);
    }
    paragraph
}

fn push_word(paragraph: &mut String, word: &str) {
    // rustdoc wants a bare URL in angle brackets, wherever in a word it starts.
    let mut rest = word;
    while let Some((before, url, behind)) = split_url(rest) {
        push_escaped(paragraph, before);
        paragraph.push('<');
        paragraph.push_str(url);
        paragraph.push('>');
        rest = behind;
    }
    push_escaped(paragraph, rest);
}

/// What stands before the first URL of a word, the URL, and what stands behind it.
fn split_url(word: &str) -> Option<(&str, &str, &str)> {
    let starts = word.match_indices("http").map(|(start, _)| start);
    starts.filter_map(|start| url_at(word, start)).next()
}

fn url_at(word: &str, start: usize) -> Option<(&str, &str, &str)> {
    let (before, rest) = word.split_at_checked(start)?;
    if !rest.starts_with("https://") && !rest.starts_with("http://") {
        return None;
    }
    let is_url = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'*+,;=%".contains(c);
    let end = rest.find(|c| !is_url(c)).unwrap_or(rest.len());
    let url = rest
        .get(..end)?
        .trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']);
    // A scheme alone is no URL, and rustdoc knows that too.
    let has_host = url
        .split_once("://")
        .is_some_and(|(_, host)| !host.is_empty());
    has_host.then(|| (before, url, rest.get(url.len()..).unwrap_or_default()))
}

fn push_escaped(paragraph: &mut String, text: &str) {
    for c in text.chars() {
        if is_invisible(c) {
            continue;
        }
        // Every ASCII punctuation mark may be escaped (CommonMark §2.4). Only those that mean
        // something are, so that the source stays readable.
        if matches!(
            c,
            '\\' | '`'
                | '*'
                | '_'
                | '['
                | ']'
                | '<'
                | '>'
                | '#'
                | '|'
                | '~'
                | '&'
                | '!'
                | '+'
                | '='
        ) || (c == '-' && paragraph.is_empty())
        {
            paragraph.push('\\');
        }
        paragraph.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_folded_and_escaped() {
        let table = [
            ("plain text.", "plain text."),
            (
                "```\nstd::process::exit(1);\n```",
                "\\`\\`\\` std::process::exit(1); \\`\\`\\`",
            ),
            ("x\n\n    code();", "x code();"),
            (
                "<script>alert(1)</script>",
                "\\<script\\>alert(1)\\</script\\>",
            ),
            ("see https://x.y/z?a=b.", "see <https://x.y/z?a=b>."),
            (
                "\"https://x.y\" (http://z)",
                "\"<https://x.y>\" (<http://z>)",
            ),
            ("[a](https://x.y?z=b).", "\\[a\\](<https://x.y?z=b>)."),
            ("https://", "https://"),
            ("https://é,https://a.b/c", "https://é,<https://a.b/c>"),
            ("app locker\u{200b}.", "app locker."),
            ("a \u{202e}b\u{202c} c", "a b c"),
            ("[link](javascript:x)", "\\[link\\](javascript:x)"),
            ("- item", "\\- item"),
            ("ends in \\", "ends in \\\\"),
            ("1 * 2_3", "1 \\* 2\\_3"),
        ];
        for (text, expected) in table {
            assert_eq!(foreign(text), expected);
        }
    }
}
