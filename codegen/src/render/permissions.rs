//! The permissions of an operation: a paragraph of its doc comment, and calls on its request.

use msgraph_csdl::facts::KnownPermissions;
use msgraph_csdl::permissions::{Access, Permissions, REFERENCE, Requirement, conjunction};
use proc_macro2::TokenStream;
use quote::quote;

use super::markdown::{code, escaped};
use crate::ir::{Operation, OperationKind};

/// Maximum number of alternatives in a list. The index has all of them.
const MAX_SHOWN: usize = 3;

/// States which permissions the operation needs, or that they are not known.
pub(super) fn paragraph(item: &Operation, has_permission_data: bool) -> Option<String> {
    let Some(known) = &item.permissions else {
        let is_request = item.kind != OperationKind::Reference;
        return (is_request && has_permission_data).then(|| unknown(item.source.is_some()));
    };
    let permissions = &known.permissions;
    let mut text = format!("Permission: {}.", least(permissions));
    if accesses(permissions).any(|access| access.least.is_empty()) {
        text.push_str(" The least privileged is not documented.");
    }
    if let Some(higher) = higher(permissions) {
        text.push_str(&format!(" Also sufficient: {higher}."));
    }
    if let Some(partial) = partial(known) {
        text.push_str(&format!(" For a part of the operation: {partial}."));
    }
    Some(text)
}

/// `has_source` is whether a reference page follows.
fn unknown(has_source: bool) -> String {
    let see = match has_source {
        true => String::new(),
        false => format!("; see <{REFERENCE}>"),
    };
    format!("Permission: not in Microsoft's permission data{see}.")
}

/// `X`, delegated and application; not for personal accounts.
fn least(permissions: &Permissions) -> String {
    let of = |access: &Option<Access>| access.as_ref().map(of_access);
    let delegated = of(&permissions.delegated);
    let application = of(&permissions.application);
    let personal = of(&permissions.personal);
    let main = match (&delegated, &application, &personal) {
        (Some(delegated), Some(application), _) if delegated == application => {
            format!("{delegated}, delegated and application")
        }
        (Some(delegated), Some(application), _) => {
            format!("{delegated} (delegated), {application} (application)")
        }
        (Some(delegated), None, _) => format!("{delegated}, delegated"),
        (None, Some(application), None) => return format!("{application}, application only"),
        (None, Some(application), Some(_)) => format!("{application}, application"),
        (None, None, Some(personal)) => return format!("{personal}, for personal accounts only"),
        (None, None, None) => return "no kind of caller is supported".to_owned(),
    };
    let personal = match personal {
        None if application.is_none() => "not for applications or personal accounts".to_owned(),
        None => "not for personal accounts".to_owned(),
        also if also == delegated => "also for personal accounts".to_owned(),
        Some(personal) => format!("{personal} for personal accounts"),
    };
    format!("{main}; {personal}")
}

/// The least privileged alternatives. If none is marked, all are possible.
fn of_access(access: &Access) -> String {
    match access.least.as_slice() {
        [] => any_of(&access.higher, conjunction(&access.higher)),
        least => any_of(least, conjunction(least)),
    }
}

/// More privileged alternatives for work and school accounts and applications.
fn higher(permissions: &Permissions) -> Option<String> {
    let higher = |access: &Option<Access>| {
        let access = access.as_ref().filter(|access| !access.least.is_empty())?;
        (!access.higher.is_empty()).then(|| any_of(&access.higher, ", "))
    };
    match (
        higher(&permissions.delegated),
        higher(&permissions.application),
    ) {
        (Some(delegated), Some(application)) if delegated == application => Some(delegated),
        (Some(delegated), Some(application)) => Some(format!(
            "{delegated} (delegated); {application} (application)"
        )),
        (Some(delegated), None) if permissions.application.is_some() => {
            Some(format!("{delegated} (delegated)"))
        }
        (None, Some(application)) if permissions.delegated.is_some() => {
            Some(format!("{application} (application)"))
        }
        (one, other) => one.or(other),
    }
}

/// Permissions that cover only a part of the operation, with what they cover.
fn partial(known: &KnownPermissions) -> Option<String> {
    let item = |(name, covers): (&String, &String)| format!("{} ({})", code(name), escaped(covers));
    let shown: Vec<String> = known.covered.iter().take(MAX_SHOWN).map(item).collect();
    (!shown.is_empty()).then(|| with_rest(shown.join(", "), known.covered.len()))
}

fn accesses(permissions: &Permissions) -> impl Iterator<Item = &Access> {
    let delegated = permissions.delegated.iter();
    delegated.chain(&permissions.application)
}

/// The first alternatives, and the number of further ones.
fn any_of(requirements: &[Requirement], separator: &str) -> String {
    let one = |requirement: &Requirement| {
        let names: Vec<String> = requirement.names().map(code).collect();
        names.join(" and ")
    };
    let shown: Vec<String> = requirements.iter().take(MAX_SHOWN).map(one).collect();
    with_rest(shown.join(separator), requirements.len())
}

fn with_rest(mut shown: String, count: usize) -> String {
    if let Some(rest @ 1..) = count.checked_sub(MAX_SHOWN) {
        shown.push_str(&format!(" and {rest} more"));
    }
    shown
}

/// The calls on the request, with the least privileged permissions.
pub(super) fn settings(known: Option<&KnownPermissions>) -> TokenStream {
    let Some(KnownPermissions { permissions, .. }) = known else {
        return TokenStream::new();
    };
    let least = |access: &Option<Access>| -> Vec<String> {
        let least = access.iter().flat_map(|access| &access.least);
        least.map(ToString::to_string).collect()
    };
    let delegated = least(&permissions.delegated);
    let application = least(&permissions.application);
    if delegated == application {
        let both = (!delegated.is_empty()).then(|| quote!(.permissions(&[#(#delegated),*])));
        return quote!(#both);
    }
    let delegated =
        (!delegated.is_empty()).then(|| quote!(.delegated_permissions(&[#(#delegated),*])));
    let application =
        (!application.is_empty()).then(|| quote!(.application_permissions(&[#(#application),*])));
    quote!(#delegated #application)
}
