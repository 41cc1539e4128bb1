//! Doc comments, as a list of paragraphs for each item.

use std::fmt;

use proc_macro2::TokenStream;
use quote::quote;

use super::markdown::{code, escaped};
use super::permissions;
use crate::ir::{
    Api, Deprecation, Enumeration, Field, Member, Module, OmittedProperty, Operation,
    OperationKind, Reason, Response, Role, Shape, Struct, Union,
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
    let url = url.map(|url| format!("Operations at and below {}.", code(url)));
    let namespace = module.namespace.as_ref();
    let namespace = namespace.map(|namespace| format!("Types of `{namespace}`."));
    let below = module.has_namespaces;
    let below = below.then(|| "Types of nested namespaces.".to_owned());
    url.into_iter().chain(namespace).chain(below).collect()
}

pub(super) fn operation(item: &Operation, api: &Api) -> Vec<String> {
    let path = format!("/{}{}", api.api_version, item.path);
    let summary = match item.kind {
        OperationKind::Reference => format!("A reference to {}.", code(&path)),
        _ => code(&format!("{} {path}", item.method)),
    };
    let mut docs = vec![summary];
    docs.extend(effect(item));
    docs.extend(permissions::paragraph(item, api.has_permission_data));
    let mut list = |label: &str, items: &[String], separator: &str| {
        let escaped: Vec<String> = items.iter().map(|item| escaped(item)).collect();
        if !items.is_empty() {
            docs.push(format!("{label}: {}", escaped.join(separator)));
        }
    };
    list("Role", &item.roles, " or ");
    list("Clouds", &item.clouds, ", ");
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
    let announcements = item.deprecations.iter().filter_map(deprecation);
    for announcement in announcements {
        if !docs.contains(&announcement) {
            docs.push(announcement);
        }
    }
    docs
}

pub(super) fn structure(item: &Struct) -> Vec<String> {
    let ty = &item.ty;
    let summary = match item.role {
        Role::Patch => format!("An update of a `{ty}`."),
        Role::New => format!("A new `{ty}`."),
        Role::Plain => format!("A `{ty}`."),
        Role::Parameters => format!("The parameters of `{ty}`."),
    };
    let mut docs = vec![summary];
    docs.extend(description(item.description.as_ref()));
    docs.extend(item.deprecation.as_ref().and_then(deprecation));
    if !item.left_out.is_empty() {
        docs.push(format!("Not sent: {}.", left_out(&item.left_out)));
    }
    if item.replaces {
        docs.push(REPLACED.to_owned());
    }
    docs.push(format!("Generated {}.", item.reason));
    docs
}

/// What an operation does, unless the method makes it clear.
fn effect(item: &Operation) -> Option<String> {
    let ty = &item.subject;
    Some(match item.kind {
        OperationKind::List => format!("Lists `{ty}` items, page by page."),
        OperationKind::Get => format!("Reads a `{ty}`."),
        // A complex value exists only in its collection.
        OperationKind::Create if item.response == Response::UNTYPED => format!("Adds a `{ty}`."),
        OperationKind::Create => format!("Creates a `{ty}`."),
        OperationKind::Update | OperationKind::Replace => return None,
        OperationKind::Reset => {
            "Resets the resource to its defaults; it is not deleted.".to_owned()
        }
        OperationKind::Delete => format!("Deletes a `{ty}`."),
        OperationKind::AddRef => format!("Adds a reference to a `{ty}`."),
        OperationKind::RemoveRef => {
            format!("Removes the reference to a `{ty}`, which is not deleted.")
        }
        OperationKind::SetRef => format!("Sets the reference to a `{ty}`."),
        OperationKind::GetContent => "Reads the content.".to_owned(),
        OperationKind::PutContent => "Replaces the content.".to_owned(),
        OperationKind::Reference => {
            format!("Names a `{ty}` in the body of a request; nothing is sent.")
        }
        OperationKind::Action | OperationKind::Function => {
            let description = description(item.description.as_ref());
            description.unwrap_or_else(|| format!("Calls `{ty}`."))
        }
    })
}

/// The properties without a field, by reason.
fn left_out(properties: &[OmittedProperty]) -> String {
    let mut reasons: Vec<(&str, Vec<String>)> = Vec::new();
    for property in properties {
        let name = format!("`{}`", property.wire);
        match reasons.iter_mut().find(|(why, _)| *why == property.why) {
            Some((_, names)) => names.push(name),
            None => reasons.push((property.why, vec![name])),
        }
    }
    let reasons = reasons.iter();
    let reasons: Vec<String> = reasons
        .map(|(why, names)| format!("{} ({why})", names.join(", ")))
        .collect();
    reasons.join("; ")
}

pub(super) fn field(field: &Field, role: Role) -> Vec<String> {
    let key = field.is_key.then(|| match role {
        Role::Patch => "The key. Leave it unset if the path has it.".to_owned(),
        Role::New => "The key. Leave it unset if the service chooses it.".to_owned(),
        Role::Plain | Role::Parameters => "The key.".to_owned(),
    });
    let limits = limits(field).map(|limits| format!("{}.", capitalized(limits)));
    let mut description = description(field.description.as_ref());
    if let Some(text) = &mut description
        && limits.is_some()
        && !text.ends_with(['.', '!', '?', ':'])
    {
        text.push('.');
    }
    let sentences: Vec<String> = key.into_iter().chain(description).chain(limits).collect();
    let mut docs = Vec::new();
    if !sentences.is_empty() {
        docs.push(sentences.join(" "));
    }
    docs.push(type_line(field));
    if field.replaces {
        docs.push(REPLACED.to_owned());
    }
    docs.extend(field.deprecation.as_ref().and_then(deprecation));
    docs
}

/// The name in JSON, and what the metadata says about the value.
fn type_line(field: &Field) -> String {
    let Field { wire, csdl, .. } = field;
    let mut line = match field.shape {
        Shape::Reference if csdl.is_collection => {
            format!("`{wire}`: references to `{}`", csdl.item)
        }
        Shape::Reference => format!("`{wire}`: reference to `{csdl}`"),
        _ if field.delta => format!("`{wire}`: changes to items of `{csdl}`"),
        _ => format!("`{wire}`: `{csdl}`"),
    };
    if field.nullable {
        line.push_str(", nullable");
    }
    if field.read_only {
        line.push_str(", read-only");
    }
    if field.immutable {
        line.push_str(", set on creation only");
    }
    line
}

pub(super) fn setter(field: &Field, role: Role) -> String {
    let mut line = format!("Sets `{}`", field.wire);
    if let Some(limits) = limits(field) {
        line.push_str(&format!(": {limits}"));
    }
    line.push('.');
    // A new value has nothing to clear, replace or add to.
    if matches!(role, Role::New | Role::Parameters) {
        return line;
    }
    if field.nullable {
        line.push_str(" `Null` clears it.");
    } else if field.csdl.is_collection && field.is_reference() {
        line.push_str(" The references are added to the current ones.");
    } else if field.csdl.is_collection && !field.delta {
        line.push_str(" Replaces the whole list.");
    }
    line
}

fn limits(field: &Field) -> Option<String> {
    field.facts.as_ref()?.limits(&escaped)
}

/// Limits start with an ASCII letter or a digit.
fn capitalized(mut limits: String) -> String {
    if let Some(first) = limits.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    limits
}

pub(super) fn union(item: &Union) -> Vec<String> {
    let ty = &item.ty;
    let has_own = item.members.iter().any(|member| member.ty == *ty);
    vec![match (item.role, has_own) {
        (Role::Patch, true) => format!("An update of `{ty}` or any type derived from it."),
        (Role::Patch, false) => format!("An update of any type derived from `{ty}`."),
        (Role::New, true) => format!("A new `{ty}` or any type derived from it."),
        (Role::New, false) => format!("A new value of any type derived from `{ty}`."),
        (Role::Plain | Role::Parameters, true) => format!("`{ty}` or any type derived from it."),
        (Role::Plain | Role::Parameters, false) => format!("Any type derived from `{ty}`."),
    }]
}

pub(super) fn enumeration(item: &Enumeration) -> Vec<String> {
    let one = if item.flags { "flag" } else { "member" };
    let mut docs = vec![format!("A {one} of `{}`.", item.ty)];
    docs.extend(description(item.description.as_ref()));
    docs.extend(item.deprecation.as_ref().and_then(deprecation));
    docs.push(format!("Generated {}.", item.reason));
    docs
}

pub(super) fn member(member: &Member) -> Vec<String> {
    let mut docs = vec![format!("`{}`", member.wire)];
    docs.extend(description(member.description.as_ref()));
    docs.extend(member.deprecation.as_ref().and_then(deprecation));
    docs
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Named => f.write_str("because the manifest names it"),
            Reason::Body(path) => write!(f, "as the body of {}", code(path)),
            Reason::Create(path) => write!(f, "as the body of {}", code(&format!("POST {path}"))),
            Reason::Response(path) => write!(f, "for the response of {}", code(path)),
            Reason::Property(property) => write!(f, "as the type of `{property}`"),
            Reason::Parameter(parameter) => write!(f, "as the type of the parameter `{parameter}`"),
            Reason::Action(path) => write!(f, "for the action {}", code(path)),
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

/// The announcement, unless it is in the `#[deprecated]` attribute.
fn deprecation(deprecation: &Deprecation) -> Option<String> {
    if deprecation.is_removal() {
        return None;
    }
    let announcement = &deprecation.announcement;
    let mut text = "Deprecated".to_owned();
    if let Some(date) = &announcement.date {
        text.push_str(&format!(" on {}", escaped(date)));
    }
    match &announcement.description {
        Some(description) => text.push_str(&format!(": {}", escaped(description))),
        None => text.push('.'),
    }
    Some(text)
}
