//! The tables of properties, and what is documented about each property.

use msgraph_codegen::ir::{Deprecation, Field, Role, Struct};

use super::Page;
use crate::commands::explain::sheet::{Line, Sheet, Span};

/// The structs of one CSDL type, that of a request first.
pub(super) type InRoles<'p> = Vec<&'p Struct>;

/// A field, and the struct that has it.
type Row<'p> = (&'p Field, &'p Struct);

impl Page {
    pub(super) fn is_shown(&self, ty: &Struct) -> bool {
        self.shown.contains(&ty.ty)
    }

    /// The types whose fields are shown first, or the other ones. Those that a request sends are first.
    pub(super) fn types_in_roles(&self, shown: bool) -> Vec<InRoles<'_>> {
        let types = self.types.iter().filter(|ty| self.is_shown(ty) == shown);
        let mut sorted: Vec<&Struct> = types.collect();
        sorted.sort_by_key(|ty| ty.role == Role::Plain && ty.is_entity);
        let mut types: Vec<InRoles<'_>> = Vec::new();
        for ty in sorted {
            match types
                .iter_mut()
                .find(|it| it.iter().any(|it| it.ty == ty.ty))
            {
                Some(in_roles) => in_roles.push(ty),
                None => types.push(vec![ty]),
            }
        }
        types
    }

    /// Writes the table of the properties of a type.
    pub(super) fn write_properties(&self, sheet: &mut Sheet, in_roles: &InRoles<'_>) {
        let Some(first) = in_roles.first() else {
            return;
        };
        sheet.heading(&format!("Properties of `{}`", first.rust));
        if in_roles.iter().any(|ty| ty.role == Role::Patch) {
            sheet.prose("An absent property keeps its value. `Null` clears it where the column Null has `yes`.");
        }
        let is_several = in_roles.len() > 1;
        let rows = rows(in_roles).into_iter();
        let rows = rows.map(|row| cells(&row.0.wire, row, is_several));
        sheet.table(
            &["Property", "Rust type", "Null", "Range and notes"],
            rows.collect(),
        );
    }

    /// Writes the table of one property in each type.
    pub(super) fn write_property_by_type(&self, sheet: &mut Sheet) {
        let mut cells_by_type = Vec::new();
        for in_roles in self.types_in_roles(true) {
            let is_several = in_roles.len() > 1;
            for row in rows(&in_roles) {
                let name = match row.0.wire.split_once('@') {
                    Some((_, suffix)) => format!("{}@{suffix}", row.1.ty),
                    None => row.1.ty.clone(),
                };
                cells_by_type.push(cells(&name, row, is_several));
            }
        }
        sheet.table(
            &["Type", "Rust type", "Null", "Range and notes"],
            cells_by_type,
        );
    }
}

/// The fields of all structs of a type, each once.
fn rows<'p>(in_roles: &InRoles<'p>) -> Vec<Row<'p>> {
    let mut rows: Vec<Row<'p>> = Vec::new();
    for ty in in_roles {
        for field in &ty.fields {
            if rows.iter().all(|(it, _)| it.wire != field.wire) {
                rows.push((field, ty));
            }
        }
    }
    rows
}

fn cells(name: &str, (field, ty): Row<'_>, is_several: bool) -> Vec<Line> {
    let rust = field.rust_type();
    let mut rust = rust.as_str();
    for start in ["Option<", "Nullable<"] {
        let inner = rust.strip_prefix(start).and_then(|it| it.strip_suffix('>'));
        rust = inner.unwrap_or(rust);
    }
    let null = if field.nullable { "yes" } else { "no" };
    vec![
        Line::from(Span::Code(name.to_owned())),
        Line::from(Span::Code(rust.to_owned())),
        Line::from(Span::Text(null.to_owned())),
        notes(field, ty, is_several),
    ]
}

/// The limits, and what a request may do with the property.
fn notes(field: &Field, ty: &Struct, is_several: bool) -> Line {
    let only_read = is_several && ty.role == Role::Plain && !field.read_only;
    let is_list = field.csdl.is_collection && field.setter.is_some();
    let has = [
        (field.read_only, "read-only"),
        (field.immutable, "set on creation only"),
        (only_read, "only in responses"),
        (field.secret, "secret, hidden in debug output"),
        (field.delta, "changes single items"),
        (is_list && field.is_reference(), "adds to the current ones"),
        (
            is_list && !field.is_reference() && !field.delta,
            "replaces the whole list",
        ),
        (field.deprecation.is_some(), "deprecated"),
    ];
    let limits = field.limits().map(|(limits, _)| limits);
    let has = has.into_iter().filter(|(has, _)| *has);
    let notes = limits
        .into_iter()
        .chain(has.map(|(_, note)| note.to_owned()));
    let notes: Vec<String> = notes.collect();
    if notes.is_empty() {
        return Line::default();
    }
    Line::prose(&notes.join("; "))
}

/// Writes what is documented about each property, and the method that sets it.
pub(super) fn write_details(sheet: &mut Sheet, in_roles: &InRoles<'_>) {
    for (field, ty) in rows(in_roles) {
        let kind = if field.is_reference() {
            "reference to "
        } else {
            ""
        };
        let name = Line::from(Span::Strong(field.wire.clone()));
        let mut line = name.text(format!(" ({kind}{}", field.csdl));
        if let Some(setter) = &field.setter {
            line = line.text(", set by ").code(format!("{setter}(…)"));
        }
        if field.declared_by != ty.ty {
            line = line.text(format!(", declared by {}", field.declared_by));
        }
        line = line.text(")");
        sheet.item(described(
            line,
            field.description.as_deref(),
            &field.deprecation,
        ));
    }
}

/// Adds what the metadata documents about an element.
pub(super) fn described(
    mut line: Line,
    description: Option<&str>,
    deprecation: &Option<Deprecation>,
) -> Line {
    if let Some(description) = description {
        line = line.text(format!(": {description}"));
    }
    if let Some(note) = announced(deprecation) {
        let heading = Span::Warning("deprecated".to_owned());
        line = line.text("; ").and(heading).text(format!(": {note}"));
    }
    line
}

pub(super) fn announced(deprecation: &Option<Deprecation>) -> Option<String> {
    deprecation.as_ref().map(Deprecation::announced)
}
