//! All permissions that allow an operation.

use msgraph_codegen::ir::Operation;
use msgraph_csdl::facts::{KnownPermissions, PermissionOrigin};
use msgraph_csdl::permissions::{Access, REFERENCE, Requirement, Scheme, conjunction};

use crate::commands::explain::sheet::{Line, Sheet, Span};

/// Writes the permissions for each scheme, and where they are documented.
pub(super) fn write(operation: &Operation, has_permission_data: bool, sheet: &mut Sheet) {
    let Some(known) = &operation.permissions else {
        if has_permission_data && operation.returns().is_some() {
            let unknown = "Permissions: not in Microsoft's permission data; see ";
            let reference = Span::Link(REFERENCE.to_owned());
            sheet.paragraph(Line::default().text(unknown).and(reference));
        }
        return;
    };
    let origin = match &known.origin {
        PermissionOrigin::Map => "Microsoft's permission data",
        // The page of the facts follows.
        PermissionOrigin::Facts { .. } => "the facts",
    };
    sheet.prose(format!("Permissions, from {origin}:"));
    for scheme in Scheme::ALL {
        let name = scheme.label();
        let access = known.permissions.of(scheme);
        let access =
            access.map_or_else(|| "not supported".to_owned(), |access| text(access, known));
        sheet.item(Line::from(Span::Text(format!("{name}: {access}"))));
    }
}

/// `A or B; also sufficient: C, D; for a part of the operation: E (the property x)`.
fn text(access: &Access, known: &KnownPermissions) -> String {
    let higher = names(&access.higher, ", ");
    let mut parts = Vec::new();
    match (access.least.as_slice(), higher) {
        ([], Some(higher)) => {
            parts.push(format!("{higher} (the least privileged is not documented)"))
        }
        ([], None) => {}
        (least, higher) => {
            parts.extend(names(least, conjunction(least)));
            parts.extend(higher.map(|higher| format!("also sufficient: {higher}")));
        }
    }
    let partial = access.partial.iter().map(|requirement| {
        let covers = requirement.names().find_map(|name| known.covered.get(name));
        match covers {
            Some(covers) => format!("{requirement} ({covers})"),
            None => requirement.to_string(),
        }
    });
    let partial: Vec<String> = partial.collect();
    if !partial.is_empty() {
        parts.push(format!(
            "for a part of the operation: {}",
            partial.join(", ")
        ));
    }
    parts.join("; ")
}

fn names(requirements: &[Requirement], separator: &str) -> Option<String> {
    let names: Vec<String> = requirements.iter().map(ToString::to_string).collect();
    (!names.is_empty()).then(|| names.join(separator))
}
