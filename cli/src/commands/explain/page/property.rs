//! The part of a page about the requested property.

use msgraph_codegen::command::catalogue::DeclaredProperty;
use msgraph_codegen::ir::{Api, Struct};
use serde::{Serialize, Serializer};

use super::Page;
use crate::commands::explain::sheet::{Line, Sheet, Span};
use crate::support::arguments::Inputs;

#[derive(Debug, Serialize)]
pub(crate) struct PropertySubject {
    pub(crate) name: String,
    /// Its declaration in each type.
    #[serde(serialize_with = "declarations")]
    pub(crate) declared: Vec<DeclaredProperty>,
}

fn declarations<S: Serializer>(
    declared: &[DeclaredProperty],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(
        declared
            .iter()
            .map(|it| serde_json::json!({ "declaredBy": it.declared_by, "csdl": it.ty })),
    )
}

impl Page {
    /// Creates the page of a property, with its field in at most so many types. A type in the first index
    /// takes precedence over the same type in the second.
    pub(crate) fn of_property(
        inputs: &Inputs,
        indexes: [&Api; 2],
        property: PropertySubject,
        max_types: usize,
    ) -> Self {
        let [generated, _] = indexes;
        let mut page = Page::new(inputs, generated, false);
        for declared in property.declared.iter().take(max_types) {
            let [first, second] = indexes.map(|index| {
                let structs = index.structs.iter();
                let in_roles = structs.filter(|ty| ty.ty == declared.declared_by);
                let in_roles = in_roles.map(|ty| only(ty, &property.name));
                in_roles.collect::<Vec<_>>()
            });
            page.shown.insert(declared.declared_by.clone());
            page.types
                .extend(if first.is_empty() { second } else { first });
        }
        page.property = Some(property);
        page
    }
}

/// The type with this property only.
fn only(ty: &Struct, property: &str) -> Struct {
    let mut ty = ty.clone();
    // `name@odata.bind` and `name@delta` belong to the property.
    ty.fields
        .retain(|field| field.wire.split('@').next() == Some(property));
    ty.left_out.retain(|left_out| left_out.wire == property);
    ty
}

impl PropertySubject {
    pub(super) fn write(&self, sheet: &mut Sheet) {
        match self.declared.len() {
            1 => sheet.prose("A property of:"),
            many => sheet.prose(format!("A property of {many} types:")),
        }
        sheet.items(&self.declared, |sheet, declared| {
            let name = Line::from(Span::Strong(declared.declared_by.clone()));
            sheet.item(name.text("  ").sentence(&declared.ty));
        });
        sheet.prose("`msgraph explain TYPE` shows all properties of a type.");
    }
}
