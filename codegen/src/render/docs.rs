//! Doc comments, as a list of paragraphs for each item.

use std::fmt;

use proc_macro2::TokenStream;
use quote::quote;

use super::markdown::{code, escaped};
use crate::ir::{
    Deprecation, Enumeration, Field, Member, Method, Module, Operation, Reason, Shape, Struct,
    Union,
};

/// A doc comment.
pub(super) fn comment(paragraphs: &[String]) -> TokenStream {
    let lines = paragraphs.iter().enumerate().flat_map(|(nth, paragraph)| {
        let blank = (nth > 0).then(String::new);
        blank.into_iter().chain([format!(" {paragraph}")])
    });
    quote!(#(#[doc = #lines])*)
}

pub(super) fn module(module: Option<&Module>) -> Vec<String> {
    let Some(module) = module else {
        return Vec::new();
    };
    let url = module.url.as_ref();
    let url = url.map(|url| format!("Updates at and below {}.", code(url)));
    let namespace = module.namespace.as_ref();
    let namespace = namespace.map(|namespace| format!("Types of `{namespace}`."));
    let below = module.has_namespaces;
    let below = below.then(|| "Types of nested namespaces.".to_owned());
    url.into_iter().chain(namespace).chain(below).collect()
}

pub(super) fn operation(item: &Operation, api_version: &str) -> Vec<String> {
    let method = item.method;
    let mut docs = vec![code(&format!("{method} /{api_version}{}", item.path))];
    if method == Method::Delete {
        docs.push("Resets the resource to its defaults; it is not deleted.".to_owned());
    }
    let mut list = |label: &str, items: &[String]| {
        let escaped: Vec<String> = items.iter().map(|item| escaped(item)).collect();
        if !items.is_empty() {
            docs.push(format!("{label}: {}", escaped.join(", ")));
        }
    };
    list("Permission", &item.permissions);
    list("Role", &item.roles);
    list("Clouds", &item.clouds);
    docs.extend(item.note.as_deref().map(escaped));
    docs.extend(
        item.source
            .iter()
            .map(|source| format!("See {}", escaped(source))),
    );
    if item.if_match {
        docs.push("Requires `If-Match` with the ETag of the resource.".to_owned());
    }
    // The same announcement may be on a segment and on its type.
    let announcements = item.deprecations.iter().map(deprecation);
    for announcement in announcements {
        if !docs.contains(&announcement) {
            docs.push(announcement);
        }
    }
    docs
}

pub(super) fn structure(item: &Struct) -> Vec<String> {
    let summary = if item.is_entity {
        format!("An update of a `{}`.", item.ty)
    } else {
        format!("A `{}`.", item.ty)
    };
    let mut docs = vec![summary];
    docs.extend(description(item.description.as_ref()));
    docs.extend(item.deprecation.as_ref().map(deprecation));
    if !item.left_out.is_empty() {
        let left_out = item.left_out.iter();
        let left_out: Vec<String> = left_out
            .map(|left_out| format!("`{}` ({})", left_out.wire, left_out.why))
            .collect();
        docs.push(format!("Not sent: {}.", left_out.join(", ")));
    }
    if item.replaces {
        docs.push(REPLACED.to_owned());
    }
    docs.push(format!("Generated {}.", item.reason));
    docs
}

pub(super) fn field(field: &Field) -> Vec<String> {
    let Field { wire, csdl, .. } = field;
    let mut docs = vec![match field.shape {
        Shape::Reference => format!("`{wire}`: reference to `{csdl}`"),
        _ if field.delta => format!("`{wire}`: changes to single items of `{csdl}`"),
        _ => format!("`{wire}`: `{csdl}`"),
    }];
    docs.extend(description(field.description.as_ref()));
    if field.is_key {
        docs.push("The key. An update of this entity alone has its key in the path.".into());
    }
    docs.extend(limits(field));
    if field.replaces {
        docs.push(REPLACED.to_owned());
    }
    docs.extend(field.deprecation.as_ref().map(deprecation));
    docs
}

fn limits(field: &Field) -> Option<String> {
    let mut limits = field.facts.as_ref()?.limits(&escaped)?;
    let first = limits.get(..1)?.to_uppercase();
    limits.replace_range(..1, &first);
    Some(format!("{limits}."))
}

pub(super) fn union(item: &Union) -> Vec<String> {
    vec![format!("Any of the types that derive from `{}`.", item.ty)]
}

pub(super) fn enumeration(item: &Enumeration) -> Vec<String> {
    let one = if item.flags { "flag" } else { "member" };
    let mut docs = vec![format!("A {one} of `{}`.", item.ty)];
    docs.extend(description(item.description.as_ref()));
    docs.extend(item.deprecation.as_ref().map(deprecation));
    docs.push(format!("Generated {}.", item.reason));
    docs
}

pub(super) fn member(member: &Member) -> Vec<String> {
    let mut docs = vec![format!("`{}`", member.wire)];
    docs.extend(description(member.description.as_ref()));
    docs.extend(member.deprecation.as_ref().map(deprecation));
    docs
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Named => f.write_str("because the manifest names it"),
            Reason::Body(path) => write!(f, "as the body of {}", code(path)),
            Reason::Property(property) => write!(f, "for `{property}`"),
            Reason::Derived(base) => write!(f, "because it derives from `{base}`"),
        }
    }
}

/// For a type or property that is marked with `replaces` in the facts or the manifest.
const REPLACED: &str = "Replaced as a whole: an update removes or resets the properties that it omits. \
    `diff` and `send_changes` copy them from the current value.";

fn description(description: Option<&String>) -> Option<String> {
    let description = escaped(description?);
    (!description.is_empty()).then_some(description)
}

fn deprecation(deprecation: &Deprecation) -> String {
    let announcement = &deprecation.announcement;
    let mut text = "Deprecated".to_owned();
    if let Some(date) = &announcement.date {
        text.push_str(&format!(" on {}", escaped(date)));
    }
    if let Some(removal) = &announcement.removal_date {
        text.push_str(&format!(", to be removed on {}", escaped(removal)));
    }
    match &announcement.description {
        Some(description) => text.push_str(&format!(": {}", escaped(description))),
        None => text.push('.'),
    }
    text
}
