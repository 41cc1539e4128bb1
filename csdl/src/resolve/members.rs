//! Checks for duplicate declarations and for unknown properties in keys.

use super::resolver::Resolver;
use super::rules;
use crate::annotations::alternate_keys;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::document::{ContainerChildKind, Name};
use crate::model::{ItemType, Schema, TypeDeclaration, TypeId, TypeKind};

impl<'a> Resolver<'a, '_> {
    /// Properties that are duplicated in a type, or redeclared in a subtype.
    pub(super) fn members(&mut self, schema: &Schema<'a>) {
        let mut names: Vec<&Name<'a>> = Vec::new();
        for (id, declaration) in schema.types() {
            names.clear();
            match &declaration.kind {
                TypeKind::Structured(_) => names.extend(declared_names(schema, id)),
                TypeKind::Enumeration(ty) => {
                    names.extend(ty.members.iter().map(|member| &member.name));
                }
                TypeKind::Definition(_) => {}
            }
            if names.is_empty() {
                continue;
            }
            names.sort_unstable_by(|a, b| (&a.text, a.span).cmp(&(&b.text, b.span)));
            for pair in names.windows(2) {
                if let [first, second] = pair
                    && first.text == second.text
                {
                    self.diagnostics.push(
                        Diagnostic::error(
                            second.span,
                            format!("`{}` is declared twice in `{declaration}`", second.text),
                        )
                        .help("remove one of them")
                        .related(first.span, "first declared here"),
                    );
                }
            }
            for base in schema.supertypes(id).skip(1) {
                for inherited in declared_names(schema, base) {
                    let again = names.binary_search_by(|name| name.text.cmp(&inherited.text));
                    if let Some(again) = again.ok().and_then(|at| names.get(at)) {
                        self.diagnostics
                            .push(rules::redeclared(schema, id, base, again));
                    }
                }
            }
        }
    }

    pub(super) fn keys(&mut self, schema: &Schema<'a>) {
        for (id, declaration) in schema.types() {
            let Some(ty) = schema.structured(id) else {
                continue;
            };
            for path in ty.key.iter().flatten() {
                if !is_property_path(schema, id, &path.text) {
                    let names: Vec<&str> = schema
                        .properties(id)
                        .into_iter()
                        .map(|(_, property)| property.name.text.as_ref())
                        .collect();
                    let help = did_you_mean(&path.text, names)
                        .unwrap_or_else(|| "declare the property".to_owned());
                    self.error(
                        path.span,
                        format!(
                            "the key of `{declaration}` has unknown property `{}`",
                            path.text
                        ),
                        help,
                    );
                }
            }
            self.alternate_keys(schema, id, declaration);
        }
        for child in &schema.container {
            let declaration = &schema[child.ty];
            let concrete = schema
                .structured(child.ty)
                .is_some_and(|ty| !ty.is_abstract);
            if child.kind == ContainerChildKind::EntitySet
                && concrete
                && schema.key(child.ty).is_empty()
            {
                self.diagnostics.push(
                    Diagnostic::error(
                        child.name.span,
                        format!(
                            "entity set `{}` has type `{declaration}`, which has no key",
                            child.name.text
                        ),
                    )
                    .help("entities in a set need a key (OData CSDL XML 4.01 §6.5)")
                    .related(declaration.name.span, "declared here without a key"),
                );
            }
        }
    }

    fn alternate_keys(
        &mut self,
        schema: &Schema<'a>,
        id: TypeId,
        declaration: &TypeDeclaration<'a>,
    ) {
        let Some((annotation, value)) = declaration
            .annotations
            .iter()
            .find(|annotation| annotation.term.text == alternate_keys::TERM)
            .and_then(|annotation| Some((annotation, annotation.value.as_ref()?)))
        else {
            return;
        };
        for path in alternate_keys::paths(value) {
            if !is_property_path(schema, id, path) {
                self.diagnostics.push(
                    Diagnostic::warning(
                        annotation.term.span,
                        format!(
                            "an alternate key of `{declaration}` has unknown property `{path}`"
                        ),
                    )
                    .help("the alternate key is ignored"),
                );
            }
        }
    }
}

/// The properties that a type declares, by name.
pub(super) fn declared_names<'s, 'a>(
    schema: &'s Schema<'a>,
    id: TypeId,
) -> impl Iterator<Item = &'s Name<'a>> {
    schema.structured(id).into_iter().flat_map(|ty| {
        let own = ty.properties.iter().map(|property| &property.name);
        own.chain(
            ty.navigation_properties
                .iter()
                .map(|property| &property.name),
        )
    })
}

/// Whether each segment of a path (`address/street`) is a property of the type before it.
fn is_property_path(schema: &Schema<'_>, id: TypeId, path: &str) -> bool {
    let mut at = Some(id);
    path.split('/').all(|segment| {
        let Some(property) = at.and_then(|id| schema.property(id, segment)) else {
            return false;
        };
        at = match property.ty.item {
            ItemType::Declared(id) => Some(id),
            ItemType::Primitive(_) => None,
        };
        true
    })
}
