//! Finds the operations that send or read a type.

use std::collections::{BTreeSet, HashMap, HashSet};

use msgraph_codegen::ir::{Api, Role};

use crate::support::index::{NameInRole, TypesByName};

pub(super) struct Reach<'i> {
    /// The roles of structs and unions, by Rust path.
    roles: HashMap<&'i str, Role>,
    /// The types with a field of each type.
    owners: HashMap<NameInRole<'i>, Vec<NameInRole<'i>>>,
    /// The paths whose body or response may have each type.
    paths: HashMap<NameInRole<'i>, Vec<&'i str>>,
}

impl<'i> Reach<'i> {
    pub(super) fn new(index: &'i Api) -> Self {
        let by_name = TypesByName::new(index);
        let structs = index.structs.iter().map(|ty| (ty.rust.as_str(), ty.role));
        let unions = index.unions.iter().map(|ty| (ty.rust.as_str(), ty.role));
        let mut owners: HashMap<NameInRole, Vec<NameInRole>> = HashMap::new();
        for ty in &index.structs {
            let values = ty.fields.iter().filter(|field| !field.is_reference());
            for field in values.filter(|field| !field.csdl.item.starts_with("Edm.")) {
                let target = (field.csdl.item.as_str(), Role::Plain);
                let union = by_name.union(target);
                let members = union.into_iter().flat_map(|union| &union.members);
                let members = members.map(|member| (member.ty.as_str(), Role::Plain));
                for target in members.chain([target]) {
                    owners.entry(target).or_default().push((&ty.ty, ty.role));
                }
            }
        }
        let mut paths: HashMap<NameInRole, Vec<&str>> = HashMap::new();
        for operation in &index.operations {
            for ty in by_name.of_operation(operation) {
                paths.entry(ty).or_default().push(&operation.path);
            }
        }
        Reach {
            roles: structs.chain(unions).collect(),
            owners,
            paths,
        }
    }

    /// The paths of the operations whose bodies or responses contain a type at any depth, given its CSDL
    /// name and its Rust path.
    pub(super) fn paths(&self, ty: &'i str, rust: &str) -> BTreeSet<&'i str> {
        let role = self.roles.get(rust).copied().unwrap_or(Role::Plain);
        let mut found = BTreeSet::new();
        let mut seen = HashSet::from([(ty, role)]);
        let mut open = vec![(ty, role)];
        while let Some(ty) = open.pop() {
            found.extend(self.paths.get(&ty).into_iter().flatten());
            for owner in self.owners.get(&ty).into_iter().flatten() {
                if seen.insert(*owner) {
                    open.push(*owner);
                }
            }
        }
        found
    }
}
