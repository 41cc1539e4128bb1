//! The second part of the page: each operation in detail.

use std::collections::BTreeMap;

use msgraph_codegen::ir::{Operation, OperationKind};
use msgraph_csdl::facts::PermissionOrigin;
use msgraph_csdl::permissions::{Access, REFERENCE, Requirement, Scheme, conjunction};
use msgraph_runtime::Cloud;

use super::codes;
use super::summary::{anchor, heading, least, request};
use crate::commands::permissions::operation::{
    ReportedOperation, SchemeAccess, SentProperty, SentType,
};
use crate::commands::permissions::report::{PermissionReport, SchemeReport};
use crate::support::html::Html;
use crate::support::type_name::local;

pub(super) fn write(html: &mut Html, report: &PermissionReport) {
    if report.operations.is_empty() {
        return;
    }
    html.element("section", &[("aria-labelledby", "details")], |html| {
        html.leaf("h2", &[("id", "details")], "Each operation");
        for operation in &report.operations {
            let id = anchor(operation.number);
            html.element("article", &[("id", &id)], |html| {
                article(html, report, operation);
            });
        }
    });
}

fn article(html: &mut Html, report: &PermissionReport, operation: &ReportedOperation) {
    html.leaf("h3", &[], &operation.title);
    html.element("p", &[("class", "line")], |html| request(html, operation));
    let location = operation.location.join(" › ");
    html.leaf("p", &[("class", "location")], location);
    if let Some(description) = &operation.operation.description {
        html.leaf("p", &[], description);
    }
    html.element("table", &[("class", "facts")], |html| {
        html.element("tbody", &[], |html| {
            for scheme in report.schemes() {
                permission(html, scheme, operation);
            }
            if report.delegated.is_some() {
                personal(html, operation);
            }
            for scheme in report.schemes() {
                also_sufficient(html, report, scheme, operation);
            }
            partly_sufficient(html, report, operation);
            facts(html, report, operation);
        });
    });
    if let Some(note) = &operation.operation.note {
        html.element("p", &[("class", "note")], |html| {
            html.leaf("strong", &[], "Note").text(" ").text(note);
        });
    }
}

fn fact(html: &mut Html, name: &str, content: impl FnOnce(&mut Html)) {
    html.element("tr", &[], |html| {
        html.leaf("th", &[("scope", "row")], name);
        html.element("td", &[], content);
    });
}

fn permission(html: &mut Html, scheme: &SchemeReport, operation: &ReportedOperation) {
    let (title, _) = heading(scheme.scheme);
    fact(html, title, |html| match operation.access(scheme.scheme) {
        SchemeAccess::Unknown => {
            html.text("not in the permission data; see ")
                .link(REFERENCE);
        }
        SchemeAccess::Unsupported | SchemeAccess::Known(_) => {
            least(html, scheme, operation, usize::MAX);
        }
    });
}

/// The page that documents the permissions, if it is not the one of the operation.
fn origin(html: &mut Html, operation: &Operation) {
    let known = operation.permissions.as_ref();
    let Some(PermissionOrigin::Facts { source, .. }) = known.map(|known| &known.origin) else {
        return;
    };
    if operation.source.as_ref() != Some(source) {
        fact(html, "Source of the permission", |html| {
            html.link(source);
        });
    }
}

fn personal(html: &mut Html, operation: &ReportedOperation) {
    match operation.access(Scheme::DelegatedPersonal) {
        SchemeAccess::Unknown => {}
        SchemeAccess::Unsupported => fact(html, "With a personal account", |html| {
            html.leaf("span", &[("class", "none")], "not available");
        }),
        SchemeAccess::Known(access) => fact(html, "With a personal account", |html| {
            let alternatives = least_or_all(access);
            codes(html, alternatives, conjunction(alternatives));
        }),
    }
}

fn least_or_all(access: &Access) -> &[Requirement] {
    if access.least.is_empty() {
        &access.higher
    } else {
        &access.least
    }
}

fn also_sufficient(
    html: &mut Html,
    report: &PermissionReport,
    scheme: &SchemeReport,
    operation: &ReportedOperation,
) {
    let SchemeAccess::Known(access) = operation.access(scheme.scheme) else {
        return;
    };
    if access.higher.is_empty() {
        return;
    }
    // The same list for both kinds is shown once.
    let of = |scheme| operation.access(scheme);
    let is_same =
        report.schemes().count() > 1 && of(Scheme::DelegatedWork) == of(Scheme::Application);
    let name = match scheme.scheme {
        Scheme::Application if is_same => return,
        _ if is_same || report.schemes().count() == 1 => "Would also suffice",
        Scheme::Application => "Would also suffice without a user",
        Scheme::DelegatedWork | Scheme::DelegatedPersonal => "Would also suffice with a user",
    };
    fact(html, name, |html| {
        html.element("span", &[("class", "minor")], |html| {
            codes(html, &access.higher, ", ");
        });
    });
}

/// Permissions that allow only a part of an operation, by the part.
fn partly_sufficient(html: &mut Html, report: &PermissionReport, operation: &ReportedOperation) {
    let mut by_part: BTreeMap<Option<&str>, Vec<Requirement>> = BTreeMap::new();
    for scheme in report.schemes() {
        let SchemeAccess::Known(access) = operation.access(scheme.scheme) else {
            continue;
        };
        for permission in &access.partial {
            let same = by_part.entry(operation.covers(permission)).or_default();
            if !same.contains(permission) {
                same.push(permission.clone());
            }
        }
    }
    if by_part.is_empty() {
        return;
    }
    fact(html, "Suffices for a part", |html| {
        html.element("ul", &[("class", "parts minor")], |html| {
            for (part, permissions) in by_part {
                html.element("li", &[], |html| {
                    codes(html, &permissions, ", ");
                    if let Some(part) = part {
                        html.text(": ").text(part.replace('`', ""));
                    }
                });
            }
        });
    });
}

fn facts(html: &mut Html, report: &PermissionReport, reported: &ReportedOperation) {
    let operation = &reported.operation;
    for sent in &reported.sends {
        let several = reported.sends.len() > 1;
        fact(html, sends(operation.kind), |html| {
            properties(html, sent, several);
        });
    }
    if report.delegated.is_some() && !operation.roles.is_empty() {
        fact(html, "Role of the user, one of", |html| {
            html.text(operation.roles.join(", "));
        });
    }
    if !operation.clouds.is_empty() {
        fact(html, "Clouds", |html| {
            let clouds: Vec<&str> = operation.clouds.iter().map(|name| cloud(name)).collect();
            html.text(clouds.join(", "));
        });
    }
    if let Some(source) = &operation.source {
        fact(html, "Reference", |html| {
            html.link(source);
        });
    }
    origin(html, operation);
    fact(html, "In the code", |html| {
        html.element("span", &[("class", "minor")], |html| {
            html.code(&operation.rust);
        });
    });
}

/// What an operation does with the properties of its body.
fn sends(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Create => "Sets",
        kind if kind.is_update() => "May change",
        _ => "Sends",
    }
}

fn properties(html: &mut Html, sent: &SentType, is_named: bool) {
    if is_named {
        html.leaf("em", &[], local(&sent.ty)).text(": ");
    }
    html.element("span", &[("class", "properties")], |html| {
        if sent.properties.is_empty() {
            html.text("no properties");
        }
        for (nth, property) in sent.properties.iter().enumerate() {
            if nth > 0 {
                html.text(", ");
            }
            write_property(html, property);
        }
        if sent.open {
            html.text(", and properties that the metadata does not declare");
        }
    });
}

fn write_property(html: &mut Html, property: &SentProperty) {
    match property.name.strip_suffix("@odata.bind") {
        Some(name) => {
            html.code(name);
            html.leaf("span", &[("class", "minor")], " (a reference)");
        }
        None => {
            html.code(&property.name);
        }
    }
    if property.secret {
        html.text(" ")
            .leaf("span", &[("class", "pill secret")], "secret");
    }
    if !property.properties.is_empty() {
        let nested = property.properties.join(", ");
        html.leaf("span", &[("class", "minor")], format!(" ({nested})"));
    }
    if let Some(limits) = &property.limits {
        let limits = limits.replace('`', "");
        html.leaf("span", &[("class", "minor")], format!(" ({limits})"));
    }
}

/// The name of a cloud as Microsoft writes it.
fn cloud(name: &str) -> &str {
    let mut all = Cloud::ALL.into_iter();
    match all.find(|cloud| cloud.as_str() == name) {
        Some(Cloud::Global) => "Global",
        Some(Cloud::UsGovL4) => "US Government L4",
        Some(Cloud::UsGovL5) => "US Government L5 (DoD)",
        Some(Cloud::China) => "China (21Vianet)",
        _ => name,
    }
}
