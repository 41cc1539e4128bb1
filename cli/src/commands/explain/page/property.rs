//! The part of a page that is about a property.

use msgraph_codegen::command::catalogue::DeclaredProperty;
use msgraph_codegen::index::{Index, Type};
use serde::{Serialize, Serializer};

use super::Page;
use super::sheet::Sheet;
use crate::support::arguments::Asked;
use crate::support::text::{STRONG, own, said, styled};

/// A property that is asked for.
#[derive(Debug, Serialize)]
pub(crate) struct Property {
    pub(crate) name: String,
    /// The types that declare it.
    #[serde(serialize_with = "declarations")]
    pub(crate) declared: Vec<DeclaredProperty>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Declaration<'d> {
    declared_by: &'d str,
    csdl: &'d str,
}

fn declarations<S: Serializer>(
    declared: &[DeclaredProperty],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(declared.iter().map(|it| Declaration {
        declared_by: &it.declared_by,
        csdl: &it.ty,
    }))
}

impl Page {
    /// The page of a property, with the part of so many types that is about it. The first index that
    /// has a type counts.
    pub(crate) fn of_property(
        asked: &Asked,
        indexes: [&Index; 2],
        property: Property,
        most: usize,
    ) -> Self {
        let [generated, _] = indexes;
        let mut page = Page::new(asked, generated, &[], false);
        for declared in property.declared.iter().take(most) {
            let mut found = indexes.iter().flat_map(|index| &index.types);
            if let Some(ty) = found.find(|ty| ty.ty == declared.declared_by) {
                page.shown.insert(ty.ty.clone());
                page.types.push(only(ty, &property.name));
            }
        }
        page.property = Some(property);
        page
    }
}

/// A type with this property alone.
fn only(ty: &Type, property: &str) -> Type {
    let mut ty = ty.clone();
    // A reference is written as `name@odata.bind`, changes to items as `name@delta`.
    let is_of = |wire: &str| wire.split('@').next() == Some(property);
    ty.fields.retain(|field| is_of(&field.wire));
    ty.left_out.retain(|left_out| left_out.wire == property);
    ty
}

impl Property {
    pub(super) fn write(&self, sheet: &mut Sheet) {
        sheet.heading(&self.name);
        match self.declared.len() {
            1 => sheet.line(0, "A property of:"),
            many => sheet.line(0, format!("A property of {many} types:")),
        }
        for declared in self.declared.iter().take(sheet.most()) {
            let ty = styled(STRONG, said(&declared.declared_by));
            sheet.item(ty.then(own("  ")).then(said(&declared.ty)));
        }
        sheet.rest(self.declared.len());
        sheet.line(0, "`msgraph explain TYPE` has all of a type.");
    }
}
