//! Modules: of namespaces, and of URLs.

use std::collections::{BTreeMap, BTreeSet};

use msgraph_csdl::model::Schema;

use super::Lowering;
use super::identifier::{keyword_free, snake};
use crate::ir::Module;

/// The namespace whose types are in the root if the metadata has no container.
const GRAPH_NAMESPACE: &str = "microsoft.graph";

/// The module of each namespace that passes the filter.
pub(crate) fn namespace_modules<'s>(
    schema: &'s Schema<'_>,
    filter: &dyn Fn(&str) -> bool,
) -> BTreeMap<&'s str, Vec<String>> {
    let primary = schema
        .container_name()
        .and_then(|name| name.rsplit_once('.'))
        .map_or(GRAPH_NAMESPACE, |(namespace, _)| namespace);
    let namespaces: BTreeSet<&str> = schema
        .types()
        .map(|(_, declaration)| declaration.namespace.as_ref())
        .filter(|namespace| filter(namespace))
        .collect();
    let mut modules = BTreeMap::new();
    let mut taken: BTreeSet<Vec<String>> = BTreeSet::new();
    for namespace in namespaces {
        let rest = match namespace.strip_prefix(primary) {
            Some("") => "",
            Some(rest) => rest.strip_prefix('.').unwrap_or(namespace),
            None => namespace,
        };
        let segments = rest.split('.').filter(|segment| !segment.is_empty());
        let mut path: Vec<String> = segments
            .map(|segment| keyword_free(snake(segment)))
            .collect();
        // Namespaces that differ in case only.
        let last = path.last().cloned();
        let mut number = 2;
        while !taken.insert(path.clone()) {
            let (Some(slot), Some(last)) = (path.last_mut(), &last) else {
                break;
            };
            *slot = format!("{last}{number}");
            number += 1;
        }
        modules.insert(namespace, path);
    }
    modules
}

impl Lowering<'_, '_> {
    /// The modules of the types.
    pub(super) fn type_modules(&self) -> BTreeMap<Vec<String>, Module> {
        let mut modules: BTreeMap<Vec<String>, Module> = BTreeMap::new();
        let names = self.names.types.iter().chain(&self.names.unions);
        for (id, rust) in names {
            for length in 1..=rust.module.len() {
                let (path, below) = rust.module.split_at(length);
                let module = modules.entry(path.to_owned()).or_default();
                if below.is_empty() {
                    module.namespace = Some(self.input.schema[id.ty].namespace.to_string());
                } else {
                    module.has_namespaces = true;
                }
            }
        }
        modules
    }
}
