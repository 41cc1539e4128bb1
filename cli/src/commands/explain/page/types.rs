//! The part of a page that shows types with their fields, unions and enumerations.

use msgraph_codegen::ir::{Deprecation, Enumeration, Field, Role, Struct};

use super::Page;
use super::sheet::{MAX_SHOWN, Sheet};
use crate::support::text::shortened;

impl Page {
    pub(super) fn write_types(&self, sheet: &mut Sheet) {
        let (full, short): (Vec<&Struct>, Vec<&Struct>) = self
            .types
            .iter()
            .partition(|ty| sheet.all || self.shown.contains(&ty.ty));
        for ty in full {
            self.write_type(sheet, ty);
        }
        if !short.is_empty() {
            sheet.heading("Other types (`--all` shows their fields)");
            sheet.items(&short, |sheet, ty| {
                let rust = sheet.format.prose(&ty.rust);
                sheet.item(format!("{} → {rust}", sheet.strong(&ty.ty)));
                let names: Vec<&str> = ty.fields.iter().map(|field| field.wire.as_str()).collect();
                sheet.prose(
                    2,
                    match names.as_slice() {
                        [] => "no fields".to_owned(),
                        names => shortened(names, MAX_SHOWN),
                    },
                );
                sheet.line(2, sheet.faint(&format!("generated {}", ty.reason)));
            });
        }
        for union in &self.unions {
            sheet.heading(&format!("Any {}", union.ty));
            sheet.prose(0, format!("`{}` is any of these:", union.rust));
            let members = union.members.iter();
            let members = members.map(|member| format!("{} → {}", member.ty, member.rust));
            sheet.items(&members.collect::<Vec<_>>(), |sheet, member| {
                sheet.item(sheet.format.prose(member));
            });
        }
        for ty in &self.enumerations {
            self.write_enumeration(sheet, ty);
        }
    }

    fn write_type(&self, sheet: &mut Sheet, ty: &Struct) {
        let role = match ty.role {
            Role::Patch => ", an update",
            Role::New => ", a new entity",
            Role::Plain if ty.is_entity => ", a value",
            Role::Plain => "",
            Role::Parameters => ", the parameters",
        };
        self.write_heading(sheet, &ty.ty, &format!("Rust: `{}`{role}", ty.rust));
        if let Some(base) = &ty.base {
            sheet.prose(0, format!("Derives from `{base}`"));
        }
        sheet.plain(0, ty.description.as_deref());
        sheet.deprecated(0, announced(&ty.deprecation).as_deref());
        if self.property.is_none() && (self.generated || !self.is_subject(&ty.ty)) {
            sheet.prose(0, format!("Generated {}.", ty.reason));
        }
        if ty.writes_odata_type {
            let written = format!("`\"@odata.type\": \"#{}\"`", ty.ty);
            sheet.prose(0, format!("Writes {written} in every position."));
        }
        if ty.open {
            sheet.prose(0, "Open: accepts dynamic properties.");
        }
        if !ty.fields.is_empty() {
            sheet.prose(
                0,
                match ty.role {
                    Role::Patch => "Fields (absent keeps the value, null clears it):",
                    Role::New | Role::Plain | Role::Parameters => "Fields:",
                },
            );
        }
        for field in &ty.fields {
            write_field(sheet, ty, field);
        }
        if !ty.left_out.is_empty() {
            sheet.prose(0, "Not sent:");
            for it in &ty.left_out {
                let text = format!("{} ({}): {}", it.wire, it.csdl, it.why);
                sheet.item(sheet.format.prose(&text));
            }
        }
    }

    fn write_enumeration(&self, sheet: &mut Sheet, ty: &Enumeration) {
        let kind = if ty.flags { "flags" } else { "enumeration" };
        self.write_heading(sheet, &ty.ty, &format!("Rust: `{}`, {kind}", ty.rust));
        sheet.plain(0, ty.description.as_deref());
        sheet.deprecated(0, announced(&ty.deprecation).as_deref());
        sheet.items(&ty.members, |sheet, member| {
            let evolved = if member.evolved {
                "; the request has `Prefer: include-unknown-enum-members`"
            } else {
                ""
            };
            let rust = sheet.format.prose(&member.rust);
            sheet.item(format!("{} → {rust}{evolved}", sheet.strong(&member.wire)));
            sheet.plain(2, member.description.as_deref());
            sheet.deprecated(2, announced(&member.deprecation).as_deref());
        });
    }

    /// Heads the part about a generated type. The page of a type has the CSDL name as its first heading.
    fn write_heading(&self, sheet: &mut Sheet, ty: &str, rust: &str) {
        if self.is_subject(ty) {
            sheet.heading(rust);
        } else {
            sheet.heading(ty);
            sheet.prose(0, rust);
        }
    }

    fn is_subject(&self, ty: &str) -> bool {
        let subject = self.subject.as_ref();
        subject.is_some_and(|subject| subject.ty == ty)
    }
}

fn write_field(sheet: &mut Sheet, ty: &Struct, field: &Field) {
    let kind = if field.is_reference() {
        "reference to "
    } else if field.delta {
        "changes to items of "
    } else {
        ""
    };
    let csdl = sheet.format.prose(&format!("{kind}{}", field.csdl));
    let hidden = if field.secret {
        ", hidden in debug output"
    } else {
        ""
    };
    let states = match (field.nullable, field.csdl.is_collection) {
        _ if field.read_only => "read-only",
        _ if field.immutable => "set on creation only",
        (true, _) => "absent, null or value",
        (false, true) => "absent or collection",
        (false, false) => "absent or value",
    };
    let (name, states) = (
        sheet.strong(&field.wire),
        sheet.faint(&format!("{states}{hidden}")),
    );
    sheet.item(format!("{name}  {csdl}  {states}"));
    let setter = field.setter.as_ref();
    let setter = setter
        .map(|name| format!(", set by `{name}(…)`{}", effect(field)))
        .unwrap_or_default();
    sheet.prose(
        2,
        format!("`{}: {}`{setter}", field.rust, field.rust_type()),
    );
    if let Some((limits, source)) = field.limits() {
        let (text, source) = (sheet.format.prose(&limits), sheet.format.link(source));
        sheet.line(2, format!("{text} ({source})"));
    }
    sheet.plain(2, field.description.as_deref());
    if field.declared_by != ty.ty {
        sheet.line(
            2,
            sheet.faint(&format!("declared by {}", field.declared_by)),
        );
    }
    sheet.deprecated(2, announced(&field.deprecation).as_deref());
}

/// What a setter does, other than set a value.
fn effect(field: &Field) -> &'static str {
    if field.nullable {
        "; `Null` clears it"
    } else if field.csdl.is_collection && field.is_reference() {
        "; adds to the current ones"
    } else if field.csdl.is_collection && !field.delta {
        "; replaces the whole list"
    } else {
        ""
    }
}

fn announced(deprecation: &Option<Deprecation>) -> Option<String> {
    deprecation.as_ref().map(Deprecation::announced)
}
