//! Questions about the index of what is generated.

use std::collections::{HashMap, HashSet, VecDeque};

use msgraph_codegen::ir::{Api, Enumeration, Field, Operation, Struct, Union};

/// Whether a body of a type has `@odata.type`, because of its position.
pub(crate) fn names_type(operation: &Operation, ty: &str) -> bool {
    !operation.odata_type.is_differing() || operation.declared != ty
}

/// Whether the body is a collection in `value`.
pub(crate) fn takes_collection(operation: &Operation) -> bool {
    let body = operation.body.as_ref();
    body.is_some_and(|body| body.is_collection)
}

/// The CSDL type of a field and whether it is nullable, with backticks.
pub(crate) fn field_text(field: &Field) -> String {
    let kind = if field.is_reference() {
        "reference to "
    } else {
        ""
    };
    let null = match (field.csdl.is_collection, field.nullable) {
        (true, _) => "",
        (false, true) => ", nullable",
        (false, false) => ", not nullable",
    };
    format!("{kind}`{}`{null}", field.csdl)
}

pub(crate) struct TypesByName<'i> {
    pub(crate) types: HashMap<&'i str, &'i Struct>,
    pub(crate) unions: HashMap<&'i str, &'i Union>,
    pub(crate) enumerations: HashMap<&'i str, &'i Enumeration>,
}

impl<'i> TypesByName<'i> {
    pub(crate) fn new(index: &'i Api) -> Self {
        let types = index.structs.iter().map(|ty| (ty.ty.as_str(), ty));
        let unions = index.unions.iter().map(|ty| (ty.ty.as_str(), ty));
        let enumerations = index.enumerations.iter().map(|ty| (ty.ty.as_str(), ty));
        TypesByName {
            types: types.collect(),
            unions: unions.collect(),
            enumerations: enumerations.collect(),
        }
    }

    /// These types and all types that their fields need, breadth first. A type and a union may have the
    /// same name.
    pub(crate) fn closure(&self, roots: &[&'i str]) -> Vec<&'i str> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        let mut open: VecDeque<&str> = roots.iter().copied().collect();
        while let Some(name) = open.pop_front() {
            if !seen.insert(name) {
                continue;
            }
            found.push(name);
            if let Some(union) = self.unions.get(name) {
                open.extend(union.members.iter().map(|member| member.ty.as_str()));
            }
            if let Some(ty) = self.types.get(name) {
                let values = ty.fields.iter().filter(|field| !field.is_reference());
                let values = values.map(|field| field.csdl.item.as_str());
                open.extend(values.filter(|name| !name.starts_with("Edm.")));
            }
        }
        found
    }
}
