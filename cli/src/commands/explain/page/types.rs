//! The part of a page that shows types with their fields, unions and enumerations.

use msgraph_codegen::index::{Enumeration, Field, Type};

use super::Page;
use super::sheet::{MOST, Sheet};
use crate::support::text::{FAINT, STRONG, link, own, said, styled};

impl Page {
    pub(super) fn write_types(&self, sheet: &mut Sheet) {
        let (full, short): (Vec<&Type>, Vec<&Type>) = self
            .types
            .iter()
            .partition(|ty| sheet.all || self.shown.contains(&ty.ty));
        for ty in full {
            self.write_type(sheet, ty);
        }
        if !short.is_empty() {
            sheet.heading("The other types (`--all` shows them whole)");
            for ty in short.iter().take(sheet.most()) {
                let name = styled(STRONG, said(&ty.ty)).then(own(" → "));
                sheet.item(name.then(said(&ty.rust)));
                let names: Vec<&str> = ty.fields.iter().map(|field| field.wire.as_str()).collect();
                sheet.line(2, listed(&names, MOST));
                sheet.line(2, styled(FAINT, said(format!("generated {}", ty.reason))));
            }
            sheet.rest(short.len());
        }
        for union in &self.unions {
            sheet.heading(&format!("Any {}", union.ty));
            sheet.line(0, format!("`{}` stands for any of these:", union.rust));
            for member in union.members.iter().take(sheet.most()) {
                sheet.item(format!("{} → {}", member.ty, member.rust));
            }
            sheet.rest(union.members.len());
        }
        for ty in &self.enumerations {
            write_enumeration(sheet, ty);
        }
    }

    fn write_type(&self, sheet: &mut Sheet, ty: &Type) {
        sheet.heading(&ty.ty);
        sheet.line(0, format!("Rust: `{}`", ty.rust));
        if let Some(base) = &ty.base {
            sheet.line(0, format!("Derives from `{base}`"));
        }
        sheet.words(0, ty.description.as_deref());
        sheet.deprecated(0, ty.announced.as_deref());
        let is_asked = self.subject.as_ref().is_some_and(|asked| asked.ty == ty.ty);
        if self.property.is_none() && (self.generated || !is_asked) {
            sheet.line(0, format!("Generated {}.", ty.reason));
        }
        if ty.writes_odata_type {
            sheet.line(
                0,
                format!(
                    "Writes `\"@odata.type\": \"#{}\"` in every position.",
                    ty.ty
                ),
            );
        }
        if ty.open {
            sheet.line(0, "Open: takes dynamic properties.");
        }
        if !ty.fields.is_empty() {
            sheet.line(
                0,
                "Fields; absent leaves a property as it is, null clears it:",
            );
        }
        for field in &ty.fields {
            self.write_field(sheet, ty, field);
        }
        if !ty.left_out.is_empty() {
            sheet.line(0, "Not sent:");
            for left_out in &ty.left_out {
                sheet.item(format!(
                    "{} ({}): {}",
                    left_out.wire, left_out.csdl, left_out.why
                ));
            }
        }
    }

    fn write_field(&self, sheet: &mut Sheet, ty: &Type, field: &Field) {
        let reference = if field.is_reference() {
            "reference to "
        } else if field.is_delta() {
            "changes to items of "
        } else {
            ""
        };
        sheet.item(
            styled(STRONG, said(&field.wire))
                .then(own("  "))
                .then(said(format!("{reference}{}", field.csdl)))
                .then(own("  "))
                .then(styled(FAINT, own(states(field)))),
        );
        let setter = field
            .setter
            .as_ref()
            .map(|name| format!(", set by `{name}(…)`"));
        let setter = setter.unwrap_or_default();
        sheet.line(2, format!("`{}: {}`{setter}", field.rust, field.ty));
        if let Some(limits) = &field.limits {
            let limits = said(&limits.text)
                .then(own(" ("))
                .then(link(&limits.source))
                .then(own(")"));
            sheet.line(2, limits);
        }
        sheet.words(2, field.description.as_deref());
        if field.declared_by != ty.ty {
            sheet.line(
                2,
                styled(FAINT, said(format!("declared by {}", field.declared_by))),
            );
        }
        sheet.deprecated(2, field.announced.as_deref());
    }
}

/// The states that a field has in an update.
fn states(field: &Field) -> &'static str {
    match (field.nullable, field.is_collection()) {
        (true, _) => "absent, null or value",
        (false, true) => "absent or collection",
        (false, false) => "absent or value",
    }
}

fn write_enumeration(sheet: &mut Sheet, ty: &Enumeration) {
    sheet.heading(&ty.ty);
    let kind = if ty.flags { "flags" } else { "enumeration" };
    sheet.line(0, format!("Rust: `{}`, {kind}", ty.rust));
    sheet.words(0, ty.description.as_deref());
    sheet.deprecated(0, ty.announced.as_deref());
    for member in ty.members.iter().take(sheet.most()) {
        let evolved = own(if member.evolved {
            "; the request carries `Prefer: include-unknown-enum-members`"
        } else {
            ""
        });
        let name = styled(STRONG, said(&member.wire)).then(own(" → "));
        sheet.item(name.then(said(&member.rust)).then(evolved));
        sheet.words(2, member.description.as_deref());
        sheet.deprecated(2, member.announced.as_deref());
    }
    sheet.rest(ty.members.len());
}

/// `a, b, c and 3 more`.
fn listed(names: &[&str], most: usize) -> String {
    let shown: Vec<&str> = names.iter().copied().take(most).collect();
    match names.len().saturating_sub(most) {
        0 if shown.is_empty() => "no fields".to_owned(),
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
