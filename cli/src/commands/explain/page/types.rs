//! The part of a page about types: why they are generated, their other properties, unions and enumerations.

use msgraph_codegen::ir::{Enumeration, Role, Struct};

use super::Page;
use super::properties::{InRoles, announced, described, write_details};
use crate::commands::explain::sheet::{Line, MAX_SHOWN, Sheet, Span};
use crate::support::text::shortened;

impl Page {
    pub(super) fn write_types(&self, sheet: &mut Sheet) {
        for in_roles in self.types_in_roles(true) {
            self.write_type(sheet, &in_roles);
        }
        let others = self.types_in_roles(false);
        if sheet.all {
            for in_roles in &others {
                self.write_properties(sheet, in_roles);
                self.write_type(sheet, in_roles);
            }
        } else if !others.is_empty() {
            write_short(sheet, &others);
        }
        for union in &self.unions {
            sheet.heading(&format!("Any {}", union.ty));
            sheet.prose(format!("`{}` is any of these:", union.rust));
            let members = union.members.iter();
            let members = members.map(|member| format!("{} → {}", member.ty, member.rust));
            sheet.items(&members.collect::<Vec<_>>(), |sheet, member| {
                sheet.item(Line::prose(member));
            });
        }
        for ty in &self.enumerations {
            self.write_enumeration(sheet, ty);
        }
    }

    fn write_type(&self, sheet: &mut Sheet, in_roles: &InRoles<'_>) {
        let Some(first) = in_roles.first() else {
            return;
        };
        sheet.heading(&first.ty);
        let rust = in_roles.iter();
        let rust = rust.map(|ty| format!("`{}`{}", ty.rust, role(ty)));
        sheet.prose(format!("Rust: {}", rust.collect::<Vec<_>>().join("; ")));
        if let Some(base) = &first.base {
            sheet.prose(format!("Derives from `{base}`"));
        }
        sheet.plain(first.description.as_deref());
        sheet.deprecated(announced(&first.deprecation).as_deref());
        if self.property.is_none() && (self.generated || !self.is_subject(&first.ty)) {
            for ty in in_roles {
                sheet.prose(format!("`{}` is generated {}.", ty.rust, ty.reason));
            }
        }
        if in_roles.iter().any(|ty| ty.writes_odata_type) {
            let written = format!("`\"@odata.type\": \"#{}\"`", first.ty);
            sheet.prose(format!("Writes {written} in every position."));
        }
        if in_roles.iter().any(|ty| ty.open) {
            sheet.prose("Open: accepts dynamic properties.");
        }
        write_details(sheet, in_roles);
        for ty in in_roles.iter().filter(|ty| !ty.left_out.is_empty()) {
            sheet.prose(format!("Not sent by `{}`:", ty.rust));
            for it in &ty.left_out {
                let text = format!("{} ({}): {}", it.wire, it.csdl, it.why);
                sheet.item(Line::prose(&text));
            }
        }
    }

    fn write_enumeration(&self, sheet: &mut Sheet, ty: &Enumeration) {
        let kind = if ty.flags { "flags" } else { "enumeration" };
        sheet.heading(&ty.ty);
        sheet.prose(format!("Rust: `{}`, {kind}", ty.rust));
        sheet.plain(ty.description.as_deref());
        sheet.deprecated(announced(&ty.deprecation).as_deref());
        sheet.items(&ty.members, |sheet, member| {
            let name = Line::from(Span::Strong(member.wire.clone()));
            let mut line = name.text(" → ").sentence(&member.rust);
            if member.evolved {
                line = line.sentence("; the request has `Prefer: include-unknown-enum-members`");
            }
            sheet.item(described(
                line,
                member.description.as_deref(),
                &member.deprecation,
            ));
        });
    }

    fn is_subject(&self, ty: &str) -> bool {
        let subject = self.subject.as_ref();
        subject.is_some_and(|subject| subject.ty == ty)
    }
}

fn role(ty: &Struct) -> &'static str {
    match ty.role {
        Role::Patch => ", an update",
        Role::New => ", a new entity",
        Role::Plain if ty.is_entity => ", a value",
        Role::Plain => "",
        Role::Parameters => ", the parameters",
    }
}

/// Lists types with the names of their properties.
fn write_short(sheet: &mut Sheet, types: &[InRoles<'_>]) {
    sheet.heading("Other types (`--all` shows their properties)");
    let structs: Vec<&Struct> = types.iter().flatten().copied().collect();
    sheet.items(&structs, |sheet, ty| {
        let names: Vec<&str> = ty.fields.iter().map(|field| field.wire.as_str()).collect();
        let names = match names.as_slice() {
            [] => "no properties".to_owned(),
            names => shortened(names, MAX_SHOWN),
        };
        let name = Line::from(Span::Strong(ty.ty.clone()));
        let line = name.text(" → ").sentence(&ty.rust);
        let line = line.text(format!(": {names}"));
        sheet.item(line.and(Span::Faint(format!(
            " (generated {})",
            ty.reason.to_string().replace('`', "")
        ))));
    });
}
