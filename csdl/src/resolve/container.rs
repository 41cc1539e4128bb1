//! The entity container and its children.

use std::collections::HashSet;

use super::resolver::Resolver;
use super::scope::Scope;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::document::{self, ContainerChildKind, Text};
use crate::model::{ContainerChild, OperationImport, Schema};

impl<'a> Resolver<'a, '_> {
    /// The name of the entity container; checks `Extends`.
    pub(super) fn containers(
        &mut self,
        containers: &[(&Scope<'a>, Text<'a>, document::EntityContainer<'a>)],
    ) -> Option<String> {
        let qualified =
            |(_, namespace, container): &(_, Text<'a>, document::EntityContainer<'a>)| {
                format!("{namespace}.{}", container.name.text)
            };
        let names: Vec<String> = containers.iter().map(qualified).collect();
        let mut extended = HashSet::new();
        for (scope, _, container) in containers {
            let Some(extends) = &container.extends else {
                continue;
            };
            let target = scope.canonical(&extends.text);
            if !names.iter().any(|name| *name == target) {
                let help = did_you_mean(&target, names.iter().map(String::as_str))
                    .unwrap_or_else(|| "add the file that declares it".to_owned());
                self.error(
                    extends.span,
                    format!("unknown entity container `{}`", extends.text),
                    help,
                );
            }
            extended.insert(target.into_owned());
        }
        // A service has one container (OData CSDL XML 4.01 §13), which may extend others.
        let mut roots = containers
            .iter()
            .zip(&names)
            .filter(|(_, name)| !extended.contains(*name));
        let Some((_, first)) = roots.next() else {
            if let Some(extends) = containers.iter().find_map(|(.., it)| it.extends.as_ref()) {
                self.error(
                    extends.span,
                    format!("entity container `{}` extends itself", extends.text),
                    "remove `Extends` from one of the containers",
                );
            }
            return None;
        };
        if let Some(((_, _, second), _)) = roots.next() {
            self.error(
                second.name.span,
                format!("second entity container; the first is `{first}`"),
                "a service has one container: let one extend the other, or remove one",
            );
        }
        Some(first.clone())
    }

    pub(super) fn container_children(
        &mut self,
        containers: Vec<(&Scope<'a>, Text<'a>, document::EntityContainer<'a>)>,
        schema: &Schema<'a>,
    ) -> (Vec<ContainerChild<'a>>, Vec<OperationImport<'a>>) {
        let mut children: Vec<ContainerChild<'a>> = Vec::new();
        let mut imports = Vec::new();
        for (scope, _, container) in containers {
            for mut child in container.children {
                if child.kind == ContainerChildKind::OperationImport {
                    imports.push(OperationImport {
                        operation: scope.canonical(&child.ty.text).into_owned(),
                        name: child.name,
                    });
                    continue;
                }
                let Some(ty) = self.type_id(scope, &child.ty) else {
                    continue;
                };
                if !schema.is_entity(ty) {
                    self.error(
                        child.ty.span,
                        format!("`{}` is not an entity type", child.ty.text),
                        "entity sets and singletons have entity types",
                    );
                    continue;
                }
                self.canonical_terms(scope, &mut child.annotations);
                children.push(ContainerChild {
                    declared: child,
                    ty,
                });
            }
        }
        children.sort_by(|a, b| a.name.text.cmp(&b.name.text));
        imports.sort_by(|a: &OperationImport<'_>, b| a.name.text.cmp(&b.name.text));
        for pair in children.windows(2) {
            if let [first, second] = pair
                && first.name.text == second.name.text
            {
                self.diagnostics.push(
                    Diagnostic::error(
                        second.name.span,
                        format!("`{}` is declared twice in the container", second.name.text),
                    )
                    .help("remove one of them")
                    .related(first.name.span, "first declared here"),
                );
            }
        }
        (children, imports)
    }
}

#[cfg(test)]
mod tests {
    use crate::read::read_schema;
    use crate::source::Sources;

    #[test]
    fn containers_that_extend_each_other_are_an_error() {
        const SERVICE: &str = r#"<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
            <Schema Namespace="lib" xmlns="http://docs.oasis-open.org/odata/ns/edm">
              <EntityContainer Name="One" Extends="lib.Two" />
              <EntityContainer Name="Two" Extends="lib.One" />
            </Schema></edmx:DataServices></edmx:Edmx>"#;
        let mut sources = Sources::new();
        let id = sources.add("service.csdl", SERVICE);
        let found = read_schema(&sources, &[id]).err();
        let message = found.map(|error| error.to_string()).unwrap_or_default();
        assert!(
            message.contains("entity container `lib.Two` extends itself"),
            "{message}"
        );
    }
}
