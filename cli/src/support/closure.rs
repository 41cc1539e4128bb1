//! The types of an index by name, and the types that a body needs.

use std::collections::{HashMap, HashSet, VecDeque};

use msgraph_codegen::index::{Enumeration, Field, Index, Type, Union};

pub(crate) struct TypesByName<'i> {
    pub(crate) types: HashMap<&'i str, &'i Type>,
    pub(crate) unions: HashMap<&'i str, &'i Union>,
    pub(crate) enumerations: HashMap<&'i str, &'i Enumeration>,
}

impl<'i> TypesByName<'i> {
    pub(crate) fn new(index: &'i Index) -> Self {
        let types = index.types.iter().map(|ty| (ty.ty.as_str(), ty));
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
                let values = values.map(Field::item_type);
                open.extend(values.filter(|name| !name.starts_with("Edm.")));
            }
        }
        found
    }
}
