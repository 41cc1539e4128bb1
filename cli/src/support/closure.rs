//! The types of an index that a body needs.

use std::collections::{HashMap, HashSet, VecDeque};

use msgraph_codegen::index::{Enumeration, Field, Index, Type, Union};

/// The types of an index by name.
pub(crate) struct Parts<'i> {
    pub(crate) types: HashMap<&'i str, &'i Type>,
    pub(crate) unions: HashMap<&'i str, &'i Union>,
    pub(crate) enumerations: HashMap<&'i str, &'i Enumeration>,
}

impl<'i> Parts<'i> {
    pub(crate) fn of(index: &'i Index) -> Self {
        let types = index.types.iter().map(|ty| (ty.ty.as_str(), ty));
        let unions = index.unions.iter().map(|ty| (ty.ty.as_str(), ty));
        let enumerations = index.enumerations.iter().map(|ty| (ty.ty.as_str(), ty));
        Parts {
            types: types.collect(),
            unions: unions.collect(),
            enumerations: enumerations.collect(),
        }
    }

    /// The names of these types and of all that their fields need, as they are met. A name may be
    /// that of a type, of a union, or of both.
    pub(crate) fn closure(&self, roots: &[&'i str]) -> Vec<&'i str> {
        let mut met = Vec::new();
        let mut seen = HashSet::new();
        let mut open: VecDeque<&str> = roots.iter().copied().collect();
        while let Some(name) = open.pop_front() {
            if !seen.insert(name) {
                continue;
            }
            met.push(name);
            if let Some(union) = self.unions.get(name) {
                open.extend(union.members.iter().map(|member| member.ty.as_str()));
            }
            if let Some(ty) = self.types.get(name) {
                let values = ty.fields.iter().filter(|field| !field.is_reference());
                let values = values.map(Field::item_type);
                open.extend(values.filter(|name| !name.starts_with("Edm.")));
            }
        }
        met
    }
}
