//! Annotations: replaces aliases in terms, and moves annotations with an external target.

use std::borrow::Cow;
use std::collections::HashMap;

use super::members::declared_names;
use super::resolver::Resolver;
use super::scope::Scope;
use crate::annotations::TERMS;
use crate::diagnostic::Diagnostic;
use crate::document::{self, Annotation, Expression, split_collection};
use crate::model::{Operation, Schema, TypeId, TypeKind, written_type};

impl<'a> Resolver<'a, '_> {
    /// The annotations with aliases in terms replaced. A dynamic value is ignored.
    pub(super) fn canonical_terms(
        &mut self,
        scope: &Scope<'a>,
        annotations: &mut Vec<Annotation<'a>>,
    ) {
        // Most elements have none.
        if annotations.is_empty() {
            return;
        }
        if !scope.aliases.is_empty() {
            for annotation in annotations.iter_mut() {
                if !annotation.term.text.starts_with("Org.OData.") {
                    annotation.term.text = scope.canonical(&annotation.term.text);
                }
            }
        }
        annotations.retain(|annotation| {
            let value = annotation.value.as_ref();
            let is_ignored = value.is_some_and(Expression::is_dynamic)
                && TERMS.contains(&annotation.term.text.as_ref());
            if is_ignored {
                let term = &annotation.term;
                self.diagnostics.push(
                    Diagnostic::warning(
                        term.span,
                        format!("`{}` does not have a constant value", term.text),
                    )
                    .help(
                        "the annotation is ignored; write a constant (OData CSDL XML 4.01 §14.3)",
                    ),
                );
            }
            !is_ignored
        });
    }

    /// Moves annotations with an external target to it.
    pub(super) fn annotate(
        &mut self,
        schema: &mut Schema<'a>,
        targeted: Vec<(&Scope<'a>, document::TargetedAnnotations<'a>)>,
    ) {
        for (scope, targeted) in targeted {
            let mut annotations = targeted.annotations;
            self.canonical_terms(scope, &mut annotations);
            let written = targeted.target.text.as_ref();
            let (head, path) = match written.split_once('/') {
                Some((head, path)) => (head, Some(path)),
                None => (written, None),
            };
            let (qualified, overload) = match head.split_once('(') {
                Some((name, parameters)) => (name, Some(parameters)),
                None => (head, None),
            };
            let (namespace, name) = qualified.rsplit_once('.').unwrap_or(("", qualified));
            let named = (scope.namespace(namespace), name);
            let known = if let (Some(id), None) = (schema.find_in(named.0, named.1), overload) {
                self.annotate_type(schema, id, written, path, annotations)
            } else if schema.container_name().and_then(|it| it.rsplit_once('.')) == Some(named) {
                self.annotate_container(schema, written, path, annotations)
            } else {
                annotate_operation(schema, scope, named, overload, path, &annotations)
            };
            if !known {
                self.diagnostics.push(
                    Diagnostic::warning(
                        targeted.target.span,
                        format!("annotations target `{written}`, which is not declared"),
                    )
                    .help("they are ignored"),
                );
            }
        }
    }

    fn annotate_type(
        &mut self,
        schema: &mut Schema<'a>,
        id: TypeId,
        target: &str,
        path: Option<&str>,
        annotations: Vec<Annotation<'a>>,
    ) -> bool {
        let Some(declaration) = schema.types.get_mut(id.0 as usize) else {
            return false;
        };
        let Some(name) = path else {
            self.merge(target, &mut declaration.annotations, annotations);
            return true;
        };
        match &mut declaration.kind {
            TypeKind::Structured(ty) => {
                let properties = ty.properties.iter_mut().map(|it| &mut it.declared);
                let own = properties.map(|it| (&it.name, &mut it.annotations));
                let properties = ty.navigation_properties.iter_mut();
                let properties = properties.map(|it| &mut it.declared);
                let navigation = properties.map(|it| (&it.name, &mut it.annotations));
                if let Some((_, list)) = own.chain(navigation).find(|(own, _)| own.text == name) {
                    self.merge(target, list, annotations);
                    return true;
                }
                let declares = |ty| declared_names(schema, ty).any(|own| own.text == name);
                let is_inherited = schema.supertypes(id).skip(1).any(declares);
                if is_inherited && let Some(TypeKind::Structured(ty)) = schema.kind_mut(id) {
                    ty.inherited_annotations
                        .push((Cow::Owned(name.to_owned()), annotations));
                }
                is_inherited
            }
            TypeKind::Enumeration(ty) => {
                match ty
                    .members
                    .iter_mut()
                    .find(|member| member.name.text == name)
                {
                    Some(member) => {
                        self.merge(target, &mut member.annotations, annotations);
                        true
                    }
                    None => false,
                }
            }
            TypeKind::Definition(_) => false,
        }
    }

    fn annotate_container(
        &mut self,
        schema: &mut Schema<'a>,
        target: &str,
        path: Option<&str>,
        annotations: Vec<Annotation<'a>>,
    ) -> bool {
        let Some(name) = path else {
            // Annotations of the container are not used.
            return true;
        };
        let child = schema
            .container
            .iter_mut()
            .find(|child| child.name.text == name);
        match child {
            Some(child) => {
                self.merge(target, &mut child.declared.annotations, annotations);
                true
            }
            None => false,
        }
    }

    /// Adds targeted annotations to inline ones. A term may occur once per qualifier (OData CSDL
    /// XML 4.01 §14.2.1), but Graph's metadata has duplicates.
    fn merge(&mut self, target: &str, list: &mut Vec<Annotation<'a>>, added: Vec<Annotation<'a>>) {
        let inline = list.len();
        match list.is_empty() {
            true => *list = added,
            false => list.extend(added),
        }
        if list.len() < 2 {
            return;
        }
        let mut first = HashMap::new();
        let mut checked = 0;
        list.retain(|annotation| {
            checked += 1;
            let Annotation {
                term, qualifier, ..
            } = annotation;
            let span = *first
                .entry((term.text.clone(), qualifier.clone()))
                .or_insert(term.span);
            let is_duplicate = span != term.span && checked > inline;
            if is_duplicate {
                let message = format!("`{target}` has duplicate annotation `{}`", term.text);
                self.diagnostics.push(
                    Diagnostic::warning(term.span, message)
                        .help("the first one is used")
                        .related(span, "the first one"),
                );
            }
            !is_duplicate
        });
    }
}

/// Annotations of an operation: of one overload, or of all if none is named. Those of its
/// parameters and result are ignored.
fn annotate_operation<'a>(
    schema: &mut Schema<'a>,
    scope: &Scope<'a>,
    named: (&str, &str),
    overload: Option<&str>,
    path: Option<&str>,
    annotations: &[Annotation<'a>],
) -> bool {
    let key = |operation: &Operation<'a>| {
        let declared = (operation.namespace.as_ref(), operation.name.text.as_ref());
        declared.cmp(&named)
    };
    let first = schema.operations.partition_point(|it| key(it).is_lt());
    let wanted: Option<Vec<String>> = overload.map(|parameters| {
        let parameters = parameters.strip_suffix(')').unwrap_or(parameters);
        let parameters = parameters.split(',').map(str::trim);
        parameters
            .filter(|parameter| !parameter.is_empty())
            .map(|parameter| {
                let (name, is_collection) = split_collection(parameter);
                let name = scope.canonical(&Cow::Borrowed(name));
                match is_collection {
                    true => format!("Collection({name})"),
                    false => name.into_owned(),
                }
            })
            .collect()
    });
    let mut found = false;
    let mut operations = std::mem::take(&mut schema.operations);
    let overloads = operations.iter_mut().skip(first);
    for operation in overloads.take_while(|it| key(it).is_eq()) {
        let is_wanted = wanted.as_ref().is_none_or(|wanted| {
            let types = operation.parameters.iter().map(|it| it.ty);
            types
                .map(|ty| written_type(schema, ty))
                .eq(wanted.iter().cloned())
        });
        if path.is_some() {
            found = true;
        } else if is_wanted {
            operation
                .declared
                .annotations
                .extend_from_slice(annotations);
            found = true;
        }
    }
    schema.operations = operations;
    found
}
