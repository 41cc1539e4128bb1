//! The tree of modules.

use std::collections::BTreeMap;

use crate::ir::{Api, Enumeration, Module, Operation, RustPath, Struct, Union};

/// The items of a module, and its inner modules.
#[derive(Default)]
pub(crate) struct Items<'r> {
    pub(super) module: Option<&'r Module>,
    pub(super) operations: Vec<&'r Operation>,
    pub(super) structs: Vec<&'r Struct>,
    pub(super) unions: Vec<&'r Union>,
    pub(super) enumerations: Vec<&'r Enumeration>,
    pub(crate) modules: BTreeMap<&'r str, Items<'r>>,
}

impl<'r> Items<'r> {
    /// The root.
    pub(crate) fn of(api: &'r Api) -> Self {
        let mut root = Items::default();
        for (path, module) in &api.modules {
            root.at(path).module = Some(module);
        }
        let module = |rust: &'r RustPath| &rust.module;
        for item in &api.operations {
            root.at(module(&item.rust)).operations.push(item);
        }
        for item in &api.structs {
            root.at(module(&item.rust)).structs.push(item);
        }
        for item in &api.unions {
            root.at(module(&item.rust)).unions.push(item);
        }
        for item in &api.enumerations {
            root.at(module(&item.rust)).enumerations.push(item);
        }
        root
    }

    fn at(&mut self, path: &'r [String]) -> &mut Self {
        let mut at = self;
        for name in path {
            at = at.modules.entry(name).or_default();
        }
        at
    }
}
