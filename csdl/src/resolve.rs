//! Resolves [`Document`]s into a [`Schema`]: resolves names, checks inheritance and keys, and moves
//! annotations to their targets.
//!
//! Aliases, base types and annotation targets may be used before they are declared. So the first
//! pass collects names, and the second resolves them.

mod annotate;
mod container;
mod declarations;
mod inheritance;
mod members;
mod parts;
mod resolver;
mod rules;
mod scope;

use std::collections::{BTreeMap, HashMap};

use crate::diagnostic::Diagnostics;
use crate::document::Document;
use crate::model::{ItemType, Operation, Schema, TypeId, TypeIndex};
use parts::Parts;
use resolver::Resolver;
use scope::Scope;

/// Resolves documents that form one model.
pub fn resolve<'a>(documents: Vec<Document<'a>>, diagnostics: &mut Diagnostics) -> Schema<'a> {
    let scopes: Vec<Scope<'a>> = documents
        .iter()
        .map(|document| Scope::of(document, diagnostics))
        .collect();
    let mut sorted = Parts::default();
    for (scope, document) in scopes.iter().zip(documents) {
        sorted.take(document, scope);
    }
    sorted.sort();
    let mut resolver = Resolver {
        index: TypeIndex::new(),
        diagnostics,
    };
    resolver.index_types(&sorted.types);
    let mut schema = Schema {
        types: sorted
            .types
            .into_iter()
            .map(|declared| resolver.declaration(declared))
            .collect(),
        operations: sorted
            .operations
            .into_iter()
            .filter_map(|operation| resolver.operation(operation))
            .collect(),
        bound: HashMap::new(),
        container_name: resolver.containers(&sorted.containers),
        container: Vec::new(),
        imports: Vec::new(),
        index: TypeIndex::new(),
        aliases: BTreeMap::new(),
    };
    for scope in &scopes {
        for (alias, namespace) in &scope.aliases {
            let known = schema.aliases.entry(alias.clone());
            known.or_insert_with(|| namespace.clone());
        }
    }
    (schema.container, schema.imports) = resolver.container_children(sorted.containers, &schema);
    schema.bound = bound_operations(&schema.operations);
    schema.index = std::mem::take(&mut resolver.index);
    if resolver.inheritance(&mut schema) {
        resolver.annotate(&mut schema, sorted.annotations);
        resolver.members(&schema);
        resolver.keys(&schema);
        rules::check(&schema, resolver.diagnostics);
    }
    schema
}

/// The indices of operations by the type of the binding parameter.
fn bound_operations(operations: &[Operation<'_>]) -> HashMap<(TypeId, bool), Vec<usize>> {
    let mut bound: HashMap<(TypeId, bool), Vec<usize>> = HashMap::new();
    for (nth, operation) in operations.iter().enumerate() {
        if let Some(binding) = operation.binding()
            && let ItemType::Declared(ty) = binding.ty.item
        {
            let key = (ty, binding.ty.is_collection);
            bound.entry(key).or_default().push(nth);
        }
    }
    bound
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

    use std::fmt::Write as _;

    use super::*;
    use crate::document::parse;
    use crate::source::Sources;

    /// Of two annotations with the same term and qualifier, the first is used.
    #[test]
    fn what_stands_twice_on_a_target_is_warned_of() {
        for many in [1, 100] {
            let mut annotations = String::new();
            for nth in 0..many {
                let _ = write!(
                    annotations,
                    "<Annotation Term=\"n.a{nth}\" String=\"later\"/>"
                );
            }
            let document = format!(
                "<edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\">\
                 <edmx:DataServices><Schema Namespace=\"n\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\
                 <ComplexType Name=\"t\"><Property Name=\"p\" Type=\"Edm.String\"/>\
                 <Annotation Term=\"n.a0\" String=\"first\"/></ComplexType>\
                 <Annotations Target=\"n.t\">{annotations}<Annotation Term=\"n.a0\" Qualifier=\"q\"/>\
                 </Annotations><Annotations Target=\"n.t\"><Annotation Term=\"n.a0\" Qualifier=\"q\"/>\
                 </Annotations></Schema></edmx:DataServices></edmx:Edmx>"
            );
            let mut sources = Sources::new();
            let file = sources.add("m.csdl", document);
            let mut diagnostics = Diagnostics::default();
            let document = parse(file, sources.get(file).unwrap(), &mut diagnostics).unwrap();
            resolve(vec![document], &mut diagnostics);
            let warnings: Vec<&str> = diagnostics
                .iter()
                .map(|it| it.message.as_str())
                .filter(|message| message.contains("duplicate"))
                .collect();
            assert_eq!(warnings, ["`n.t` has duplicate annotation `n.a0`"; 2]);
        }
    }
}
