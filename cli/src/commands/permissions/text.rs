//! The report as text and as Markdown.

use msgraph_csdl::permissions::Scheme;

use super::operation::{ReportedOperation, SchemeAccess};
use super::report::{NamedOperation, NeededPermission, PermissionReport, SchemeReport};
use crate::support::text::{FAINT, Format, STRONG, WARNING, line};
use msgraph_csdl::permissions::REFERENCE;

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
    let (subject, count) = (report.subject(), report.operations.len());
    let noun = if count == 1 {
        "operation"
    } else {
        "operations"
    };
    let version = &report.api_version;
    format!("{subject}: permissions for {count} {noun} of Microsoft Graph {version}")
}

pub(super) fn heading(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::DelegatedWork => "Delegated: a user is signed in",
        Scheme::DelegatedPersonal => "Personal accounts",
        Scheme::Application => "Application: no user is signed in",
    }
}

/// Who can consent to a permission.
pub(super) fn consent(permission: &NeededPermission) -> &'static str {
    match permission.admin_consent {
        Some(true) => "an administrator must consent",
        Some(false) => "a user can consent",
        None => "not in the list of permissions",
    }
}

/// The permissions, each with its operations.
fn text_set(out: &mut String, scheme: &SchemeReport, format: Format) {
    if scheme.permissions.is_empty() {
        line(out, 2, "no permission");
    }
    for permission in &scheme.permissions {
        let name = format.styled(STRONG, format.plain(&permission.name));
        let consent = format.styled(FAINT, consent(permission));
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
    let mut least = operation.least.iter();
    let is_least = least.any(|it| it.split(" and ").any(|it| it == permission.name));
    let first = operation.least.first().filter(|_| !is_least)?;
    Some(format!("({first} would suffice)"))
}

fn markdown_set(out: &mut String, scheme: &SchemeReport) {
    let format = Format::Markdown;
    if scheme.permissions.is_empty() {
        line(out, 0, "No permission.");
        return;
    }
    line(out, 0, "| permission | consent | operations |");
    line(out, 0, "|---|---|---|");
    for permission in &scheme.permissions {
        let name = format.code_cell(&permission.name);
        let (consent, count) = (consent(permission), permission.operations.len());
        line(out, 0, format!("| {name} | {consent} | {count} |"));
    }
}

/// The operations that the set does not allow, and the comparison with the granted permissions.
fn remarks(out: &mut String, scheme: &SchemeReport, format: Format) {
    let kind = scheme.scheme.name();
    let name = |operation: &NamedOperation| format.code_in_markdown(operation.name());
    let with_alternatives = |operation: &NamedOperation| {
        let alternatives = operation.alternatives();
        let shown: Vec<String> = alternatives
            .iter()
            .take(MAX_SHOWN)
            .map(|it| {
                let names = it.split(" and ").map(|name| format.code_in_markdown(name));
                names.collect::<Vec<_>>().join(" and ")
            })
            .collect();
        let more = match alternatives.len().saturating_sub(MAX_SHOWN) {
            0 => String::new(),
            more => format!(" or {more} more"),
        };
        format!("{}: {}{more}", name(operation), shown.join(" or "))
    };
    if let Some(granted) = &scheme.granted {
        let items: Vec<String> = granted.missing.iter().map(with_alternatives).collect();
        // Without data, an operation may need more.
        let (of_known, known) = match scheme.unknown.is_empty() {
            true => ("", ""),
            false => (
                " for the operations with permission data",
                " with permission data",
            ),
        };
        if items.is_empty() {
            let title = format!("The granted permissions are sufficient{of_known}");
            section(out, format, &title, &[]);
        } else {
            let title = format.styled(WARNING, "Not allowed by the granted permissions");
            section(out, format, &title, &items);
        }
        let unneeded = granted.unneeded.iter();
        let unneeded: Vec<String> = unneeded.map(|it| format.code_in_markdown(it)).collect();
        if !unneeded.is_empty() {
            let title = format!("Granted, but sufficient for no operation{known}");
            section(out, format, &title, &unneeded);
        }
    }
    let undecided: Vec<String> = scheme.undecided.iter().map(with_alternatives).collect();
    let title = "Least permission not known; choose one of the alternatives";
    non_empty(out, format, title, &undecided);
    let unsupported: Vec<String> = scheme.unsupported.iter().map(name).collect();
    let title = format!("Not available with {kind} permissions");
    non_empty(out, format, &title, &unsupported);
    let unknown: Vec<String> = scheme.unknown.iter().map(name).collect();
    let title = format!("No permission data; see {}", format.link(REFERENCE));
    non_empty(out, format, &title, &unknown);
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
            let least = least.map(|it| {
                let names = it.names().map(|name| Format::Markdown.code_cell(name));
                names.collect::<Vec<_>>().join(" and ")
            });
            least.collect::<Vec<_>>().join(" or ")
        }
    }
}
