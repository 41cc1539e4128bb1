//! Finds the updates whose bodies contain a type.

use std::collections::{BTreeSet, HashMap, HashSet};

use msgraph_codegen::ir::Api;

pub(super) struct Reach<'i> {
    /// The types with a field of each type.
    owners: HashMap<&'i str, Vec<&'i str>>,
    /// The paths whose body may have each type.
    paths: HashMap<&'i str, Vec<&'i str>>,
}

impl<'i> Reach<'i> {
    pub(super) fn new(index: &'i Api) -> Self {
        let mut unions: HashMap<&str, Vec<&str>> = HashMap::new();
        for union in &index.unions {
            let members = union.members.iter().map(|member| member.ty.as_str());
            unions.insert(&union.ty, members.collect());
        }
        let mut owners: HashMap<&str, Vec<&str>> = HashMap::new();
        for ty in &index.structs {
            let values = ty.fields.iter().filter(|field| !field.is_reference());
            for field in values.filter(|field| !field.csdl.item.starts_with("Edm.")) {
                let target = field.csdl.item.as_str();
                let members = unions.get(target).map(Vec::as_slice).unwrap_or_default();
                for target in members.iter().copied().chain([target]) {
                    owners.entry(target).or_default().push(&ty.ty);
                }
            }
        }
        let mut paths: HashMap<&str, Vec<&str>> = HashMap::new();
        for operation in &index.operations {
            for body in &operation.bodies {
                paths.entry(&body.ty).or_default().push(&operation.path);
            }
        }
        Reach { owners, paths }
    }

    /// The paths of the updates whose bodies contain a type at any depth.
    pub(super) fn updates(&self, ty: &str) -> BTreeSet<&'i str> {
        let mut found = BTreeSet::new();
        let mut seen = HashSet::from([ty]);
        let mut open = vec![ty];
        while let Some(ty) = open.pop() {
            found.extend(self.paths.get(ty).into_iter().flatten());
            for owner in self.owners.get(ty).into_iter().flatten() {
                if seen.insert(owner) {
                    open.push(owner);
                }
            }
        }
        found
    }
}
