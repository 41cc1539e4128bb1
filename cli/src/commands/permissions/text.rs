//! The report as text and as Markdown.

use msgraph_csdl::permissions::{REFERENCE, Requirement, Scheme, conjunction};

use super::operation::{ReportedOperation, SchemeAccess};
use super::report::{
    GrantedReport, NamedOperation, NeededPermission, PartialPermission, PermissionReport,
    SchemeReport,
};
use super::words::counted;
use crate::support::text::{FAINT, Format, STRONG, WARNING, line};

/// Maximum number of alternatives to show for an operation.
const MAX_SHOWN: usize = 4;

pub(super) fn render(report: &PermissionReport, format: Format) -> String {
    let mut out = String::new();
    let title = title(report);
    if format.is_markdown() {
        line(&mut out, 0, format!("## {}", format.plain(&title)));
    } else {
        line(&mut out, 0, format.plain(&title));
    }
    for scheme in report.schemes() {
        let heading = heading(scheme.scheme);
        if format.is_markdown() {
            line(&mut out, 0, format!("\n### {heading}\n"));
            markdown_set(&mut out, scheme);
        } else {
            line(&mut out, 0, format!("\n{}", format.styled(STRONG, heading)));
            text_set(&mut out, scheme, format);
        }
        remarks(&mut out, scheme, format);
    }
    if format.is_markdown() {
        markdown_operations(&mut out, report);
    }
    out
}

fn title(report: &PermissionReport) -> String {
    let (subject, version) = (report.subject(), &report.api_version);
    let operations = counted(report.operations.len(), "operation", "operations");
    format!("{subject}: permissions for {operations} of Microsoft Graph {version}")
}

fn heading(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::DelegatedWork => "Delegated: a user is signed in",
        Scheme::DelegatedPersonal => "Personal accounts",
        Scheme::Application => "Application: no user is signed in",
    }
}

/// Who can consent to a permission, or that it is granted.
fn consent(scheme: &SchemeReport, permission: &NeededPermission) -> &'static str {
    let granted = scheme.granted.as_ref();
    let is_granted = granted.is_some_and(|it| it.permissions.contains(&permission.name));
    match permission.admin_consent {
        _ if is_granted => "granted",
        Some(true) => "an administrator must consent",
        Some(false) => "a user can consent",
        None => "not in the list of permissions",
    }
}

/// What to print instead of an empty set.
fn no_permission(scheme: &SchemeReport) -> &'static str {
    match scheme.undecided.is_empty() && scheme.unknown.is_empty() {
        true => "No permission.",
        false => "No known permission.",
    }
}

/// The permissions, each with its operations.
fn text_set(out: &mut String, scheme: &SchemeReport, format: Format) {
    if scheme.permissions.is_empty() {
        line(out, 2, no_permission(scheme));
    }
    for permission in &scheme.permissions {
        let name = format.styled(STRONG, format.plain(&permission.name));
        let consent = format.styled(FAINT, consent(scheme, permission));
        line(out, 2, format!("{name}  {consent}"));
        for operation in &permission.operations {
            let narrower = match narrower(operation, permission) {
                Some(least) => format!("  {}", format.styled(FAINT, format.plain(least))),
                None => String::new(),
            };
            let name = format.plain(operation.name());
            line(out, 4, format!("{name}{narrower}"));
        }
    }
}

/// A less privileged permission that would suffice for an operation alone.
fn narrower(operation: &NamedOperation, permission: &NeededPermission) -> Option<String> {
    let mut least = operation.least.iter().flat_map(Requirement::names);
    let is_least = least.any(|name| name == permission.name);
    let first = operation.least.first().filter(|_| !is_least)?;
    Some(format!("({first} would suffice)"))
}

fn markdown_set(out: &mut String, scheme: &SchemeReport) {
    let format = Format::Markdown;
    if scheme.permissions.is_empty() {
        line(out, 0, no_permission(scheme));
        return;
    }
    line(out, 0, "| permission | consent | operations |");
    line(out, 0, "|---|---|---|");
    for permission in &scheme.permissions {
        let name = format.code_cell(&permission.name);
        let (consent, count) = (consent(scheme, permission), permission.operations.len());
        line(out, 0, format!("| {name} | {consent} | {count} |"));
    }
}

/// The operations that the set does not allow, and the comparison with the granted permissions.
fn remarks(out: &mut String, scheme: &SchemeReport, format: Format) {
    let kind = scheme.scheme.name();
    let names = |operations: &[NamedOperation]| -> Vec<String> {
        let operations = operations.iter();
        operations
            .map(|operation| format.code_in_markdown(operation.name()))
            .collect()
    };
    if let Some(report) = &scheme.granted {
        granted(out, report, scheme.unknown.len(), format);
    }
    let title = "Least privileged permission not known; choose one of the alternatives";
    non_empty(
        out,
        format,
        title,
        &with_alternatives(&scheme.undecided, format),
    );
    let title = format!("Not available with {kind} permissions");
    non_empty(out, format, &title, &names(&scheme.unsupported));
    let title = format!("No permission data; see {}", format.link(REFERENCE));
    non_empty(out, format, &title, &names(&scheme.unknown));
}

/// The comparison with the granted permissions. `unknown` operations have no data, so they may need more.
fn granted(out: &mut String, report: &GrantedReport, unknown: usize, format: Format) {
    let codes = |names: &[String]| -> Vec<String> {
        let names = names.iter();
        names.map(|it| format.code_in_markdown(it)).collect()
    };
    if let Some(verdict) = verdict(report, unknown) {
        section(out, format, &verdict, &[]);
    }
    let title = format.styled(WARNING, "Not allowed by the granted permissions");
    let missing = with_alternatives(&report.missing, format);
    non_empty(out, format, &title, &missing);
    let title = "In addition to the granted permissions, consent to";
    non_empty(out, format, title, &codes(&report.additional));
    let partial = report.partial.iter();
    let partial: Vec<String> = partial.map(|it| part(it, format)).collect();
    let title = "Granted, but sufficient only for a part of an operation";
    non_empty(out, format, title, &partial);
    let known = match unknown {
        0 => "",
        _ => " with permission data",
    };
    let title = format!("Granted, but sufficient for no operation{known}");
    non_empty(out, format, &title, &codes(&report.unneeded));
}

/// Whether the granted permissions are sufficient, unless the report lists what they do not allow.
fn verdict(report: &GrantedReport, unknown: usize) -> Option<String> {
    let sufficient = "The granted permissions are sufficient";
    match (report.missing.len(), report.allowed, unknown) {
        (0, 1.., 0) => Some(sufficient.to_owned()),
        (0, known @ 1.., _) => {
            let known = counted(known, "operation", "operations");
            Some(format!("{sufficient} for the {known} with permission data"))
        }
        (0, 0, 1..) => Some(
            "No operation has permission data, so it is unknown whether the granted permissions are sufficient"
                .to_owned(),
        ),
        _ => None,
    }
}

/// Each operation with its alternatives.
fn with_alternatives(operations: &[NamedOperation], format: Format) -> Vec<String> {
    let operations = operations.iter().map(|operation| {
        let all: Vec<Requirement> = operation.alternatives().cloned().collect();
        let shown = all.get(..MAX_SHOWN).unwrap_or(&all);
        let or = conjunction(shown);
        let more = match all.len() - shown.len() {
            0 => String::new(),
            more => format!("{or}{more} more"),
        };
        let shown = shown.iter();
        let shown = shown.map(|it| requirement(it, |name| format.code_in_markdown(name)));
        let shown = shown.collect::<Vec<_>>().join(or);
        let name = format.code_in_markdown(operation.name());
        format!("{name}: {shown}{more}")
    });
    operations.collect()
}

/// `A for PATCH /books/{id}: the property `title``.
fn part(partial: &PartialPermission, format: Format) -> String {
    let permission = requirement(&partial.permission, |name| format.code_in_markdown(name));
    let operation = format.code_in_markdown(format!("{} {}", partial.method, partial.path));
    match &partial.covers {
        Some(covers) => format!("{permission} for {operation}: {}", format.plain(covers)),
        None => format!("{permission} for {operation}"),
    }
}

/// `A and B`.
fn requirement(requirement: &Requirement, code: impl Fn(&str) -> String) -> String {
    let names: Vec<String> = requirement.names().map(code).collect();
    names.join(" and ")
}

fn non_empty(out: &mut String, format: Format, title: &str, items: &[String]) {
    if !items.is_empty() {
        section(out, format, title, items);
    }
}

/// A title and a list, both rendered.
fn section(out: &mut String, format: Format, title: &str, items: &[String]) {
    let (end, gap) = if items.is_empty() {
        (".", "")
    } else {
        (":", "\n")
    };
    if format.is_markdown() {
        line(out, 0, format!("\n{title}{end}{gap}"));
    } else {
        line(out, 2, format!("{title}{end}"));
    }
    let indent = if format.is_markdown() { 0 } else { 4 };
    for item in items {
        line(out, indent, format!("{}{item}", format.bullet()));
    }
}

/// Each operation with its least privileged permissions.
fn markdown_operations(out: &mut String, report: &PermissionReport) {
    let format = Format::Markdown;
    line(out, 0, "\n### Operations\n");
    let schemes: Vec<Scheme> = report.schemes().map(|it| it.scheme).collect();
    let names: Vec<&str> = schemes.iter().map(|scheme| scheme.name()).collect();
    line(out, 0, format!("| operation | {} |", names.join(" | ")));
    line(out, 0, format!("|---|{}", "---|".repeat(names.len())));
    for operation in &report.operations {
        let cells = schemes.iter().map(|scheme| cell(operation, *scheme));
        let cells: Vec<String> = cells.collect();
        let (method, path) = (operation.operation.method, &operation.operation.path);
        let path = format.code_cell(path);
        let cells = cells.join(" | ");
        line(out, 0, format!("| {method} {path} | {cells} |"));
    }
}

/// The least privileged permissions of an operation.
fn cell(operation: &ReportedOperation, scheme: Scheme) -> String {
    match operation.access(scheme) {
        SchemeAccess::Unknown => "no data".to_owned(),
        SchemeAccess::Unsupported => "not available".to_owned(),
        SchemeAccess::Known(access) if access.least.is_empty() => "least not known".to_owned(),
        SchemeAccess::Known(access) => {
            let least = access.least.iter();
            let least = least.map(|it| requirement(it, |name| Format::Markdown.code_cell(name)));
            least.collect::<Vec<_>>().join(conjunction(&access.least))
        }
    }
}
